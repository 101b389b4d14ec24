"""Each kind of loss is reported: the checks are asked about an end that somebody has tampered with."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from storage.photos import Prepared, prepare
from tests.chaos.checks import Loss, said_twice
from tests.chaos.checks import losses as found
from tests.chaos.faults import KINDS, kinds, schedule
from tests.chaos.ledger import Filled, Ledger, Vain
from tests.chaos.log_lines import about
from tests.chaos.outcome import Came, Entry, Heard, Outcome, Verdict
from tests.storage.pictures import saved, scene

CHAT, NUMBER = 7, "L-2569-000001"
PHOTOS = [saved(scene(n, 640, 480)) for n in (1, 2)]
NAMES = [hashlib.sha256(one).hexdigest() for one in PHOTOS]


@pytest.fixture
def ledger() -> Ledger:
    sent = Filled(CHAT, "landmark", "name", {"name": "วัด 1", "description": "ก\nข"}, list(NAMES), NUMBER)
    draft = Filled(CHAT, "news", "title", {"title": "ข่าว 2"})
    photos = dict(zip(NAMES, PHOTOS, strict=True))
    return Ledger([sent, draft], photos, 9, poisonous=["☠ 7"])


@pytest.fixture
def outcome() -> Outcome:
    answers: dict[str, Any] = {
        "name": "วัด 1",
        "description": "ก\nข",
        "photos": [{"photo": one} for one in NAMES],
    }
    return Outcome(
        entries=[Entry(NUMBER, CHAT, "landmark", answers)],
        drafts={(CHAT, "news"): {"title": "ข่าว 2"}},
        verdicts=[Verdict(NUMBER, CHAT, "approved")],
        heard=[Heard(CHAT, f"✅ {NUMBER} ผ่านการตรวจแล้ว\nวัด 1", 100.0)],
        handled=frozenset({1, 2}),
        dead={3: {"message": {"text": "☠ 7"}}},
        updates={
            1: Came("message", CHAT, "วัด 1"),
            2: Came("callback_query", CHAT),
            3: Came("message", CHAT, "☠ 7"),
        },
        waiting=0,
        errors=["3: RuntimeError: a bug"],
        photos={name: made(data) for name, data in zip(NAMES, PHOTOS, strict=True)},
    )


def losses(ledger: Ledger, outcome: Outcome) -> list[str]:
    return [one.words for one in found(ledger, outcome)]


def made(data: bytes) -> tuple[bytes, bytes, bytes]:
    prepared = prepare(data)
    assert isinstance(prepared, Prepared)
    return prepared.web, prepared.info, prepared.thumbnail


def entry(outcome: Outcome, **changed: Any) -> Outcome:
    [one] = outcome.entries
    return replace(outcome, entries=[replace(one, answers={**one.answers, **changed})])


def test_where_all_is_well_nothing_is_reported(ledger: Ledger, outcome: Outcome) -> None:
    assert losses(ledger, outcome) == []
    assert said_twice(outcome, [], []) == []


def test_an_answer_that_is_gone_changed_doubled_or_out_of_order(ledger: Ledger, outcome: Outcome) -> None:
    for description in (None, "ก", "ข\nก", "ก\nก\nข"):
        [loss] = losses(ledger, entry(outcome, description=description))
        assert loss.startswith(f"{NUMBER}: description is")
    assert losses(ledger, entry(outcome, address="of somebody else")) == [
        f"{NUMBER}: address is 'of somebody else' and not None"
    ]


def test_an_album_that_lacks_doubles_or_swaps_a_photo(ledger: Ledger, outcome: Outcome) -> None:
    first, second = ({"photo": one} for one in NAMES)
    for photos in ([first], [second, first], [first, second, second], []):
        [loss] = losses(ledger, entry(outcome, photos=photos))
        assert "the photos are" in loss


def test_an_entry_that_is_missing_doubled_or_anothers(ledger: Ledger, outcome: Outcome) -> None:
    [one] = outcome.entries
    assert losses(ledger, replace(outcome, entries=[], verdicts=[])) == [f"{NUMBER} of {CHAT} is not there"]
    assert f"{NUMBER} exists 2 times" in losses(ledger, replace(outcome, entries=[one, one]))
    again = replace(one, number="L-2569-000002")
    assert "nobody has sent L-2569-000002" in losses(ledger, replace(outcome, entries=[one, again]))
    assert losses(ledger, replace(outcome, entries=[replace(one, chat=8)])) == [
        f"{NUMBER} is with 8 as landmark"
    ]


def test_a_draft_that_is_gone_or_lacks_an_answer(ledger: Ledger, outcome: Outcome) -> None:
    assert len(losses(ledger, replace(outcome, drafts={}))) == 1
    assert len(losses(ledger, replace(outcome, drafts={(CHAT, "news"): {}}))) == 1


def test_a_byte_of_a_photo_that_changed_and_a_photo_that_is_gone(ledger: Ledger, outcome: Outcome) -> None:
    web, info, thumbnail = made(PHOTOS[0])
    changed = replace(outcome, photos={**outcome.photos, NAMES[0]: (web[:-1] + b"\0", info, thumbnail)})
    assert losses(ledger, changed) == [f"photo {NAMES[0][:8]} is not what was sent"]
    gone = replace(outcome, photos={**outcome.photos, NAMES[0]: None})
    assert losses(ledger, gone) == [f"photo {NAMES[0][:8]} is not wholly kept"]


def test_an_update_that_was_acknowledged_and_never_handled(ledger: Ledger, outcome: Outcome) -> None:
    lost = replace(outcome, updates={**outcome.updates, 4: Came("message")})
    assert losses(ledger, lost) == ["update 4 (message) was neither handled nor set aside"]
    pressed = replace(outcome, updates={**outcome.updates, 4: Came("callback_query")})
    assert losses(ledger, pressed) == []  # Telegram has forgotten it, as it does
    assert losses(ledger, replace(outcome, waiting=1)) == ["1 updates were never confirmed"]


def test_a_poisonous_message_that_was_not_set_aside(ledger: Ledger, outcome: Outcome) -> None:
    assert "'☠ 7' is not among the dead letters once" in losses(
        ledger, replace(outcome, dead={}, handled=frozenset({1, 2, 3}))
    )


def test_a_verdict_that_did_not_arrive_and_one_that_arrived_twice(ledger: Ledger, outcome: Outcome) -> None:
    assert losses(ledger, replace(outcome, heard=[])) == [
        f"the verdict approved on {NUMBER} did not reach {CHAT}"
    ]
    [said] = outcome.heard
    twice = replace(outcome, heard=[said, replace(said, at=130.0)])
    for kills, lost_answers, excused in (
        ([], [], False), ([104.0], [], True), ([90.0, 125.0], [], False), ([], [97.0], True), ([], [104.0], False),
    ):  # fmt: skip
        assert [one.excused for one in said_twice(twice, kills, lost_answers)] == [excused]


def test_an_officer_who_waited_in_vain_is_a_loss(ledger: Ledger, outcome: Outcome) -> None:
    ledger.unanswered.append(Vain(CHAT, "สมศรี: waited"))
    assert losses(ledger, outcome) == ["never answered: สมศรี: waited"]


def test_a_loss_names_the_updates_that_it_may_be_seen_from(ledger: Ledger, outcome: Outcome) -> None:
    assert found(ledger, entry(outcome, name="วัด 2")) == [
        Loss(f"{NUMBER}: name is 'วัด 2' and not 'วัด 1'", (1,))
    ]
    ledger.unanswered.append(Vain(CHAT, "สมศรี: waited"))
    assert [one.updates for one in found(ledger, outcome)] == [(1, 2, 3)]


def test_the_lines_about_an_update_are_found_in_the_logs_of_all_processes(tmp_path: Path) -> None:
    first, second = tmp_path / "log0", tmp_path / "log1"
    first.write_text('{"at": "2", "update": 7}\nTraceback\n{"at": "4", "update": 8}\n')
    second.write_text('{"at": "1", "updates": [6, 7]}\n[7]\n{"at": "3", "update": 7}\n')
    assert [line[:10] for line in about([first, second], (7,))] == ["process 1:", "process 0:", "process 1:"]
    assert about([first, second], ()) == []


def test_the_same_seed_plans_the_same_faults_and_a_kill_is_the_first() -> None:
    assert schedule(5, 60) == schedule(5, 60) != schedule(6, 60)
    assert schedule(5, 12)[0].kind == "kill"
    assert {one.kind for one in schedule(6, 120)} == set(KINDS)


def test_only_what_can_be_done_is_planned_and_what_is_left_out_is_named() -> None:
    assert kinds("postgresql", "webhook").keys() == KINDS.keys()
    assert KINDS.keys() - kinds("sqlite", "polling").keys() == {"database paused", "delivered badly"}
    assert "disk full" not in kinds("postgresql", "webhook", ("disk full",))
