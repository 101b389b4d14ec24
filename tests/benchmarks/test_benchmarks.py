"""That the benchmarks can be run: the stand-in for Telegram, one short round of ours, the table, and the README's marks."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import date, timedelta

import pytest

from tests.benchmarks import table
from tests.benchmarks.__main__ import found
from tests.benchmarks.contest import Bot, Run, _kept_in_sqlite, _ours, _sqlite, play
from tests.benchmarks.environment import ROOT
from tests.benchmarks.peers.ours import SCRIPT
from tests.benchmarks.row import Row, measured, percentile
from tests.benchmarks.stub import Outcome, Plan
from tests.benchmarks.throughput import complaint

OURS = Bot("ours, SQLite", SCRIPT, _ours(_sqlite), _kept_in_sqlite)
ON = date(2026, 11, 27)


async def test_a_round_of_ours_answers_everybody_and_keeps_every_answer() -> None:
    done = await asyncio.to_thread(play, OURS, Plan(OURS.script, chats=5, seconds=2.0, warm=0.5))
    assert complaint(done) == ""
    assert done.outcome.updates > 10
    assert done.outcome.forms >= 1
    assert len(done.outcome.latencies) >= 10
    assert done.memory > 10


def test_an_answer_that_is_lost_or_not_kept_is_complained_about() -> None:
    well = Run(Outcome(given=9, answered=9, forms=1), 1.0, 50.0, 1.0, (9, 1))
    assert complaint(well) == ""
    assert complaint(dataclasses.replace(well, kept=(8, 1))) == "(8, 1) kept of (9, 1)"
    assert complaint(dataclasses.replace(well, outcome=Outcome(given=9, lost=2))) == "2 never answered"


def test_the_table_shows_medians_ranges_and_aims() -> None:
    rows = [
        measured("throughput", "ours", [3.0, 1.0, 2.0], "updates/s"),
        Row("throughput", "ours / theirs", 1.5, "×", 1.4, 1.6, "at least 2 ×", False),
    ]
    written = table.written(rows, ON)
    assert "| ours | 2.00 updates/s | 1.00–3.00 |  |  |" in written
    assert "| ours / theirs | 1.50 × | 1.40–1.60 | at least 2 × | **no** |" in written
    assert "2026-11-27" in written
    assert '"what": "ours"' in table.as_json(rows, ON)


def test_what_is_measured_again_takes_the_place_of_its_own_rows_only() -> None:
    told = table.as_json([measured("photos", "ours", [1], "ms"), measured("lists", "queue", [2], "ms")], ON)
    assert [row.what for row in table.others(told, ["photos"], ON)] == ["queue"]


def test_what_stays_from_another_day_says_so() -> None:
    told = table.as_json([measured("photos", "ours", [1], "ms"), measured("lists", "queue", [2], "ms")], ON)
    later = ON + timedelta(days=1)
    [kept] = table.others(told, ["photos"], later)
    written = table.written([kept, measured("photos", "ours", [3], "ms")], later)
    assert f"**Lists** (measured on {ON.isoformat()}: {table.machine()})" in written
    assert "**Photos**\n" in written
    [again] = table.others(table.as_json([kept], later), [], later)
    assert again == kept


def test_a_long_group_is_folded_below_what_it_misses() -> None:
    rows = [
        measured("lists", f"list {n}", [n], "ms", "under 50 ms", n != 7) for n in range(table.MOST_OPEN + 1)
    ]
    told, folded = table.written(rows, ON).split("<details>")
    assert "**Lists**: 40 of 41 aims reached; missed:" in told
    assert "list 7" in told
    assert "list 8" not in told
    assert "list 8" in folded


def test_the_readme_has_the_place_for_the_table() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    once = table.into(readme, "A")
    assert table.into(once, "B") == table.into(readme, "B")
    with pytest.raises(ValueError, match="no marks"):
        table.into("nothing", "A")


def test_every_group_of_the_benchmarks_is_found() -> None:
    assert set(found()) == {"throughput", "latency", "photos", "footprint", "lists", "reminders"}


def test_a_percentile_is_a_value_that_was_seen() -> None:
    assert [percentile([1, 2, 3, 4], share) for share in (0.25, 0.5, 0.99)] == [1, 2, 4]
    assert percentile([], 0.5) == float("inf")
