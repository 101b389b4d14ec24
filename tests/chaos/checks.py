"""Whether everything that was sent is where it belongs, exactly once and in order; each loss in a sentence."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from storage.photos import Prepared, prepare
from tests.chaos.ledger import Filled, Ledger
from tests.chaos.outcome import VERDICTS, Answers, Heard, Outcome

NOTING = 15.0  # seconds after a notice was said in which a kill may find it not noted yet: the database may be away
MOST_UPDATES = 8  # that are named beside a loss
ORDERED = 5.0  # seconds before it in which the answer to it may have been ordered to be lost


@dataclass(frozen=True, slots=True)
class Twice:
    """A notice that was said more than once, and what excuses it."""

    number: str
    at: float
    excused: bool


@dataclass(frozen=True, slots=True)
class Loss:
    """What is not as it must be, and the updates that it may be seen from: the service's log lines have their ids."""

    words: str
    updates: tuple[int, ...] = ()

    def __str__(self) -> str:
        return self.words


def losses(ledger: Ledger, outcome: Outcome) -> list[Loss]:
    """Nothing, if all is well."""
    return [
        *(Loss(f"never answered: {one.words}", _last(outcome, one.chat)) for one in ledger.unanswered),
        *_updates(outcome),
        *_entries(ledger, outcome),
        *_drafts(ledger, outcome),
        *_photos(ledger, outcome),
        *_poison(ledger, outcome),
        *_notices(outcome),
    ]


def _updates(outcome: Outcome) -> Iterator[Loss]:
    """Telegram keeps a press for minutes only; all else must have been handled, or set aside with its reason."""
    if outcome.waiting:
        yield Loss(f"{outcome.waiting} updates were never confirmed")
    for number, one in outcome.updates.items():
        if number not in outcome.handled and number not in outcome.dead and one.kind != "callback_query":
            yield Loss(f"update {number} ({one.kind}) was neither handled nor set aside", (number,))


def _last(outcome: Outcome, chat: int, among: Container[str] | None = None) -> tuple[int, ...]:
    """The last updates from a chat; where they can be told, those with the words that are missed."""
    its = [number for number, one in outcome.updates.items() if one.chat == chat]
    found = [number for number in its if among is not None and outcome.updates[number].words in among]
    return tuple((found or its)[-MOST_UPDATES:])


def _entries(ledger: Ledger, outcome: Outcome) -> Iterator[Loss]:
    sent = {one.number: one for one in ledger.forms if one.number}
    for number, times in Counter(one.number for one in outcome.entries).items():
        if number not in sent:
            yield Loss(f"nobody has sent {number}")
        if times > 1:
            yield Loss(f"{number} exists {times} times")
    names = Counter((one.chat, _name(sent, one.number, one.answers)) for one in outcome.entries)
    for (chat, name), times in names.items():
        if times > 1:
            yield Loss(f"{name!r} of {chat} was entered {times} times", _last(outcome, chat))
    found = {one.number: one for one in outcome.entries}
    for number, filled in sent.items():
        if number not in found:
            yield Loss(f"{number} of {filled.officer} is not there", _last(outcome, filled.officer))
            continue
        entry = found[number]
        if (entry.chat, entry.form) != (filled.officer, filled.form):
            yield Loss(f"{number} is with {entry.chat} as {entry.form}", _last(outcome, filled.officer))
        yield from _differences(number, filled, entry.answers, outcome)


def _name(sent: Mapping[str, Filled], number: str, answers: Answers) -> str:
    filled = sent.get(number)
    return str(answers.get(filled.name_key)) if filled else number


def _differences(what: str, filled: Filled, answers: Answers, outcome: Outcome) -> Iterator[Loss]:
    for key in sorted((filled.answers.keys() | answers.keys()) - {"photos"}):
        stored = _sent(answers.get(key))
        if stored != filled.answers.get(key):
            wanted = filled.answers.get(key)
            seen = _last(outcome, filled.officer, str(wanted).split("\n"))
            yield Loss(f"{what}: {key} is {stored!r} and not {wanted!r}", seen)
    photos = [one.get("photo") for one in answers.get("photos") or ()]
    if photos != filled.photos:
        words = f"{what}: the photos are {_short(photos)} and not {_short(filled.photos)}"
        yield Loss(words, _last(outcome, filled.officer, ("",)))


def _sent(stored: object) -> object:
    """How far a place is from the office was not sent: it is told by the service."""
    return {k: v for k, v in stored.items() if k != "office_km"} if isinstance(stored, dict) else stored


def _short(photos: Sequence[object]) -> list[str]:
    return [str(one)[:8] for one in photos]


def _drafts(ledger: Ledger, outcome: Outcome) -> Iterator[Loss]:
    left = [one for one in ledger.forms if not one.number]
    for filled in left:
        answers = outcome.drafts.get((filled.officer, filled.form))
        if answers is None:
            lost = f"the draft {filled.name!r} of {filled.officer} is not there"
            yield Loss(lost, _last(outcome, filled.officer))
        else:
            what = f"the draft {filled.name!r} of {filled.officer}"
            yield from _differences(what, filled, answers, outcome)


def _photos(ledger: Ledger, outcome: Outcome) -> Iterator[Loss]:
    for photo, data in ledger.photos.items():
        kept = outcome.photos.get(photo)
        if kept is None:
            yield Loss(f"photo {photo[:8]} is not wholly kept")
            continue
        made = prepare(data)
        if not isinstance(made, Prepared) or kept != (made.web, made.info, made.thumbnail):
            yield Loss(f"photo {photo[:8]} is not what was sent")


def _poison(ledger: Ledger, outcome: Outcome) -> Iterator[Loss]:
    dead = [json.dumps(raw, ensure_ascii=False) for raw in outcome.dead.values()]
    for words in ledger.poisonous:
        if sum(words in one for one in dead) != 1:
            yield Loss(f"{words!r} is not among the dead letters once")
    if len(dead) != len(ledger.poisonous):
        counted = f"there are {len(dead)} dead letters, {len(ledger.poisonous)} were sent"
        yield Loss(counted, tuple(outcome.dead))


def _notices(outcome: Outcome) -> Iterator[Loss]:
    for (number, chat, what), times in Counter(
        (one.number, one.chat, one.what) for one in outcome.verdicts
    ).items():
        if len(_said(outcome.heard, number, chat, what)) < times:
            yield Loss(f"the verdict {what} on {number} did not reach {chat}", _last(outcome, chat))


def said_twice(outcome: Outcome, kills: Sequence[float], lost_answers: Sequence[float]) -> list[Twice]:
    """Notices said more often than there were verdicts.

    Excused where a kill fell between saying and noting, or where Telegram's answer to the saying was lost.
    """
    twice = []
    for (number, chat, what), times in Counter(
        (one.number, one.chat, one.what) for one in outcome.verdicts
    ).items():
        said = _said(outcome.heard, number, chat, what)
        for before, again in zip(said, said[times:], strict=False):
            # Telegram tells whole seconds.
            killed = any(before.at - 1 <= moment <= before.at + NOTING for moment in kills)
            lost = any(before.at - ORDERED <= moment <= before.at + 1 for moment in lost_answers)
            twice.append(Twice(number, again.at, killed or lost))
    return twice


def _said(heard: Sequence[Heard], number: str, chat: int, what: str) -> list[Heard]:
    head = f"{number} {'ผู้ตรวจ' if what == 'changes_requested' else ''}{VERDICTS[what]}"
    return [one for one in heard if one.chat == chat and head in one.text]
