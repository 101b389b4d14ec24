"""An album that comes photo by photo, perhaps to several processes, is acknowledged once, when no more of it comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot import screens
from bot.chat_service import Arrived, FileSent
from bot.conversation import Answer, handle
from bot.desk import Desk, Focus
from flows import CATALOGUE
from flows.core import questions as ask
from flows.core.chat import Json, Line, Out, RefusedPhoto, Reply, SentPhoto
from flows.core.conversation import Conversation
from flows.core.corrections import photos_in
from flows.core.flow import Flow
from flows.core.photos import REMARKS, Photos, kept_of, remarks
from flows.core.text import Fact, T
from storage import conversations, outbox
from storage.conversations import Draft
from storage.db import Tx
from storage.officers import officer_in
from storage.outbox import Waiting

PAUSE = timedelta(seconds=0.8)  # after its last photo
FETCHING = timedelta(seconds=10)  # for the next photo to be fetched, so that it is in the same word
# Made anew when it is said: numbers and counts of the photos may be others by then.
_MADE_ANEW = (*ask.SAID_ONCE, *REMARKS, ask.ASK)


def group_of(arrived: Arrived) -> str:
    """The album that it is a photo of, "" for anything else."""
    what = arrived.what
    if not isinstance(what, FileSent | SentPhoto | RefusedPhoto) or what.edited:
        return ""
    return what.group[:60]


def hold(tx: Tx, arrived: Arrived, now: datetime) -> None:
    """Another photo of it is being fetched: its acknowledgement waits."""
    outbox.hold(tx, _key(arrived), now + FETCHING)


def handle_posted(tx: Tx, batch: Sequence[Arrived], now: datetime, bot_name: str) -> Answer:
    """A photo of an album on its own; what is to be said to it goes to the outbox in the same transaction."""
    [arrived] = batch
    known = bool(conversations.already_handled(tx, [arrived.update_id]))
    answer = handle(tx, batch, now, bot_name)
    return replace(answer, out=_at_once(tx, arrived, known, answer.out, now))


def _key(arrived: Arrived) -> str:
    return f"album:{arrived.chat_id}:{group_of(arrived)}"


def _at_once(tx: Tx, arrived: Arrived, known: bool, out: tuple[Out, ...], now: datetime) -> tuple[Out, ...]:
    """What is said at once: where no photos are asked for, the answer to the album's first one, and no other."""
    before = outbox.gathering(tx, _key(arrived))
    answered = before.payload.get("answered") if before else None
    if known and before:
        outbox.release(tx, _key(arrived), now + PAUSE)
        return out if answered == arrived.update_id else ()
    later = [one for one in out if isinstance(one, Reply) and one.slot.startswith(("album:", "late:"))]
    if later:
        earlier = before.payload if before and before.open and answered is None else {}
        payload = _gathered(tx, arrived, later, earlier)
        outbox.gather(tx, _key(arrived), arrived.chat_id, "album", payload, now, now + PAUSE)
        return tuple(one for one in out if one not in later)
    if answered is not None:
        return ()
    if before is None and out:
        outbox.note_said(tx, _key(arrived), arrived.chat_id, "album", {"answered": arrived.update_id}, now)
    return out


def _gathered(
    tx: Tx, arrived: Arrived, replies: Sequence[Reply], earlier: Mapping[str, Json]
) -> dict[str, Json]:
    """What has to be kept for saying it later: where the album was sent to, and what was wrong with its photos."""
    chat = conversations.chat_of(tx, arrived.chat_id)
    focus = Focus.from_json(chat.focus) if chat else Focus()
    draft = conversations.draft_of(tx, focus.draft)
    at = draft.conversation.at if draft and any(one.slot.startswith("album:") for one in replies) else ""
    said = earlier.get("lines")
    lines: list[Json] = list(said) if isinstance(said, Sequence) and not isinstance(said, str) else []
    new = [_stored(line) for one in replies for line in one.lines if line.say not in _MADE_ANEW]
    return {
        "group": group_of(arrived), "draft": focus.draft, "at": at or str(earlier.get("at", "")),
        "lines": [*lines, *(one for one in new if one not in lines)],
    }  # fmt: skip


# --- said later


def said(tx: Tx, message: Waiting, now: datetime) -> Answer | None:
    """The one word for the album, by what is true now; None when there is nothing to say any more."""
    chat, officer = conversations.chat_of(tx, message.chat_id), officer_in(tx, message.chat_id)
    if chat is None or officer is None:
        return None
    desk = Desk(tx, chat, officer, Focus.from_json(chat.focus), now, reading=True)
    number = int(str(message.payload.get("draft", 0)))
    draft = conversations.draft_of(tx, number)
    if desk.focus.draft == number:
        draft = desk.open_draft()
    lines = _lines(message.payload.get("lines"))
    if draft is None or draft.officer_id != officer.id:
        return Answer((Reply(lines),), chat.language) if lines else None
    out = _standing(draft, message.payload, lines, open_=desk.focus.draft == number)
    return Answer(out, chat.language) if out else None


def _standing(
    draft: Draft, payload: Mapping[str, Json], lines: tuple[Line, ...], *, open_: bool
) -> tuple[Out, ...]:
    flow, c, group = CATALOGUE[draft.form], draft.conversation, str(payload.get("group", ""))
    field = _field_with(flow, c, group)
    if field is not None:
        kept = kept_of(photos_in(c, field))
        mine = [n for n, one in enumerate(kept, 1) if one.group[:60] == group]
        lines = (*lines, *(line for n in mine for line in remarks(kept[:n], kept[n - 1])))
    if open_ and c.at and c.at == payload.get("at") and c.pending is None:
        collects = isinstance(flow.by_key[c.at], Photos) and bool(kept_of(c.partial))
        out = ask.collected(flow, c, lines, group) if collects else ask.again(flow, c, lines, group)
        return screens.bound(draft, out)
    if field is not None:
        return (ask.late_photo(field, photos_in(c, field), lines, group),)
    return (Reply(lines),) if lines else ()


def _field_with(flow: Flow, c: Conversation, group: str) -> Photos | None:
    """The question that has photos of this album."""
    return next(
        (
            field
            for field in flow.fields
            if isinstance(field, Photos)
            and any(one.group[:60] == group for one in kept_of(photos_in(c, field)))
        ),
        None,
    )


# --- sentences, kept


def _stored(line: Line) -> Json:
    facts: dict[str, Json] = {
        name: {"th": fact.th, "en": fact.en} if isinstance(fact, T) else fact
        for name, fact in line.facts.items()
    }
    return {"th": line.say.th, "en": line.say.en, "facts": facts}


def _lines(stored: Json) -> tuple[Line, ...]:
    if not isinstance(stored, Sequence) or isinstance(stored, str):
        return ()
    return tuple(_line(one) for one in stored if isinstance(one, Mapping))


def _line(stored: Mapping[str, Json]) -> Line:
    facts = stored.get("facts")
    read = {name: _fact(one) for name, one in facts.items()} if isinstance(facts, Mapping) else {}
    return Line(_sentence(stored), read)


def _fact(stored: Json) -> Fact:
    if isinstance(stored, Mapping):
        return _sentence(stored)
    return stored if isinstance(stored, str | int | float) else ""


def _sentence(stored: Mapping[str, Json]) -> T:
    return T(str(stored["th"]), str(stored["en"]))
