"""Lists and progress with 7,849 LAOs: 1,000,000 entries against 10,000, on SQLite and on PostgreSQL.

Both sizes are asked in turns, through Store.read, so that a busy moment of the machine falls on both. Below NOISE,
where opening a transaction is most of it, a ratio says nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from flows.core.campaign import Campaign
from flows.core.roles import EVERYWHERE, Reach
from storage import campaigns, lao_list, outbox, review_queue, submissions
from storage.db import Store, Tx
from storage.review_queue import Filters, Place
from tests import postgres
from tests.benchmarks import big_country as country
from tests.benchmarks.row import Row

MOST_MS: Final = 50.0
MOST_TIMES: Final = 1.5
NOISE: Final = 2.0  # milliseconds
PROVINCE, DISTRICT = country.place_of(4_000)
CODE: Final = country.code_of(4_001)
Work = Callable[[Tx], object]


def works(campaign: Campaign) -> Mapping[str, Work]:
    """Everything that is asked, by what it is called in the table."""
    queue = review_queue.queue
    deep = Place(country.NOW - timedelta(days=20), 0)
    waiting_deep = Place(country.NOW - timedelta(days=1), 0)
    of_province, of_district = Reach((PROVINCE,)), Reach((), ((PROVINCE, DISTRICT),))

    def search(words: str, **more: Any) -> Work:
        return lambda tx: queue(tx, Filters(words=words, **{"status": None, **more}))

    return {
        "queue: first page": lambda tx: queue(tx, Filters()),
        "queue: a page far down": lambda tx: queue(tx, Filters(), waiting_deep),
        "queue: of one province": lambda tx: queue(tx, Filters(province=PROVINCE)),
        "queue: reach of one district": lambda tx: queue(tx, Filters(), reach=of_district),
        "all entries: first page": lambda tx: queue(tx, Filters(status=None)),
        "all entries: a page far down": lambda tx: queue(tx, Filters(status=None), deep),
        "all entries: of one province, far down": lambda tx: queue(
            tx, Filters(status=None, province=PROVINCE), deep
        ),
        "approved: of a province that joined lately": lambda tx: queue(
            tx, Filters(status="approved", province=country.LATE_PROVINCE)
        ),
        "approved: hidden ones": lambda tx: queue(tx, Filters(status="approved", shown=False)),
        "approved: a rare category": lambda tx: queue(
            tx, Filters(status="approved", form="landmark", category=country.RARE_CATEGORY)
        ),
        "options of the filters": lambda tx: review_queue.options(tx, Filters(province=PROVINCE)),
        "options within one province": lambda tx: review_queue.options(tx, Filters(), of_province),
        "neighbours of an entry": lambda tx: review_queue.neighbours(tx, Filters(status=None), deep),
        "next that waits": lambda tx: review_queue.next_waiting(tx, Filters(), waiting_deep),
        "search: a word in most titles": search(country.IN_MOST),
        "search: the same, waiting only": search(country.IN_MOST, status="pending"),
        "search: a word in 2 % of titles": search(country.IN_SOME),
        "search: a rare word": search(country.IN_FEW),
        "search: a rare word, waiting only": search(country.IN_FEW, status="pending"),
        "search: a word of lately only": search(country.IN_NEWEST),
        "search: two words": search(f"{country.IN_SOME} เครื่องปั้นดินเผา"),
        "search: two words in one province": search(f"{country.IN_SOME} จักสาน", province=PROVINCE),
        "search: a word that is nowhere": search("จระเข้"),
        "search: a short word": search("ลำ"),
        "search: a short word that is nowhere": search("ฟฬ"),
        "search: an entry's number": search("N-2560-000777"),
        "progress: sums of the country": lambda tx: campaigns.sums(tx, campaign, EVERYWHERE, "province"),
        "progress: sums of one province": lambda tx: campaigns.sums(
            tx, campaign, EVERYWHERE, "district", PROVINCE
        ),
        "progress: days of the country": lambda tx: campaigns.days(tx, campaign, EVERYWHERE),
        "progress: days of one district": lambda tx: campaigns.days(tx, campaign, of_district),
        "progress: LAOs of one district": lambda tx: campaigns.standings(
            tx, campaign, EVERYWHERE, PROVINCE, DISTRICT
        ),
        "LAOs: first page": lambda tx: lao_list.lao_page(tx, lao_list.LaoFilters(), EVERYWHERE),
        "LAOs: of one province": lambda tx: lao_list.lao_page(tx, lao_list.LaoFilters(), of_province),
        "an officer's own list": lambda tx: submissions.entries_of(
            tx, CODE, submissions.Filter(), 0, country.NOW
        ),
        "reminders: what one LAO owes": lambda tx: campaigns.owing(tx, campaign, [CODE]),
        "outbox: next due": outbox.next_due,
    }


def run(quick: bool) -> list[Row]:
    """Two rows for each: the 95th percentile at the larger size, and the larger against the smaller."""
    sizes, rounds = ((1_000, 20_000), 20) if quick else ((10_000, 1_000_000), 200)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="thongthin-lists-") as folder:
        files = [f"sqlite:///{Path(folder) / str(size)}.sqlite3" for size in sizes]
        rows += _on("SQLite", files, sizes, rounds)
    programs = postgres.programs()
    if programs is None:
        print("PostgreSQL is not installed: its lists are not measured", file=sys.stderr)
        return rows
    with postgres.server(programs) as server:
        rows += _on("PostgreSQL", [server.setting(server.make()) for _ in sizes], sizes, rounds)
    return rows


def _on(database: str, settings: list[str], sizes: tuple[int, int], rounds: int) -> list[Row]:
    rows: list[Row] = []
    for setting, size in zip(settings, sizes, strict=True):
        began = time.perf_counter()
        country.build(setting, size)
        print(f"{database}: {size:,} entries loaded in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        slices = _counted(setting)
        if size == sizes[-1]:
            rows.append(_slice_row(database, size, slices))
        country.settle(setting)
        print(f"{database}: the campaign is counted, {time.perf_counter() - began:.0f} s", file=sys.stderr)
    return rows + asyncio.run(_asked(database, settings, sizes, rounds))


def _counted(setting: str) -> list[float]:
    """Counts the campaign slice by slice; milliseconds that each held the writer."""
    took: list[float] = []
    with _opened(setting) as store:
        for number in store.read_now(campaigns.counting):
            more = True
            while more:
                began = time.perf_counter()
                more = store.run_now(campaigns.fill_further, number)
                took.append((time.perf_counter() - began) * 1000)
    return took


def _slice_row(database: str, size: int, took: list[float]) -> Row:
    what = f"{database}, {size:,}: a slice of starting a campaign ({len(took)} slices), 95th percentile"
    worst = _percentile(took, 95)
    return Row("lists", what, worst, "ms", min(took), max(took), "under 500 ms", worst < 500)


async def _asked(database: str, settings: list[str], sizes: tuple[int, int], rounds: int) -> list[Row]:
    took: dict[tuple[str, int], list[float]] = {}
    with contextlib.ExitStack() as opened:
        stores = [opened.enter_context(_opened(setting)) for setting in settings]
        asked = [
            (size, store, works(store.read_now(_campaign))) for size, store in zip(sizes, stores, strict=True)
        ]
        for _ in range(rounds):
            for name in asked[0][2]:
                for size, store, each in asked:
                    began = time.perf_counter()
                    await store.read(each[name])
                    took.setdefault((name, size), []).append((time.perf_counter() - began) * 1000)
    names = list(asked[0][2])
    return [
        row
        for name in names
        for row in _rows(database, name, sizes, took[name, sizes[0]], took[name, sizes[1]])
    ]


def _campaign(tx: Tx) -> Campaign:
    [one] = campaigns.campaigns(tx, ("running",))
    return one


def _rows(
    database: str, name: str, sizes: tuple[int, int], small: list[float], large: list[float]
) -> Iterator[Row]:
    worst = _percentile(large, 95)
    at = f"{database}, {sizes[1]:,}: {name}"
    yield Row(
        "lists",
        f"{at}, 95th percentile",
        worst,
        "ms",
        min(large),
        max(large),
        f"under {MOST_MS:.0f} ms",
        worst < MOST_MS,
    )
    before = _percentile(small, 95)
    times = worst / before
    aim = f"at most {MOST_TIMES} ×, where it takes over {NOISE:.0f} ms"
    yield Row(
        "lists",
        f"{at}, 95th percentile / {before:.1f} ms at {sizes[0]:,}",
        times,
        "×",
        times,
        times,
        aim,
        times <= MOST_TIMES or worst < NOISE,
    )


def _percentile(took: list[float], percent: int) -> float:
    return sorted(took)[min(len(took) - 1, len(took) * percent // 100)]


@contextlib.contextmanager
def _opened(setting: str) -> Iterator[Store]:
    store = Store(setting)
    try:
        yield store
    finally:
        store.close()


def main() -> None:
    for row in run("--quick" in sys.argv):
        mark = "✓" if row.reached else "✗"
        print(f"{mark} {row.value:9.2f} {row.unit:3} [{row.low:.1f}–{row.high:.1f}]  {row.what}  ({row.aim})")


if __name__ == "__main__":
    main()
