"""A dead letter run again: taken where it still fits, and where the officer has gone on since, nothing is overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot import conversation
from bot.chat_service import Arrived, Command, FileSent, Reachability
from bot.conversation import Answer, current, handle
from bot.desk import Desk, Focus
from flows import CATALOGUE
from flows.core import engine
from flows.core.chat import (
    Edit,
    Json,
    Out,
    Pressed,
    RefusedPhoto,
    Said,
    SentContact,
    SentOther,
    SentPhoto,
    SentPlace,
)
from flows.core.dates import shown_at
from flows.core.photos import Photos
from flows.core.questions import told
from flows.core.text import Facts, T
from storage import conversations, dead_letters, outbox
from storage.conversations import Chat, Draft
from storage.db import Tx
from storage.dead_letters import DeadLetter
from storage.officers import officer_in

ANSWERS = (Said, SentPhoto, RefusedPhoto, SentPlace, SentContact, SentOther)
UNSAID = timedelta(minutes=1)  # after which the outbox says where things stand, if the reply was not said
MOST_WORDS = 80  # letters of a message that are said back


def place_of(tx: Tx, chat_id: int, update_id: int, now: datetime) -> dict[str, Json] | None:
    """What a message in this chat is an answer to; None in a chat that nobody knows."""
    chat = conversations.chat_of(tx, chat_id)
    return _place(_looked_at(tx, chat, now, update_id)) if chat else None


def _looked_at(tx: Tx, chat: Chat, now: datetime, update_id: int) -> Desk:
    officer, focus = officer_in(tx, chat.id), Focus.from_json(chat.focus)
    return Desk(tx, chat, officer, focus, now, reading=True, update_id=update_id)


def _place(desk: Desk) -> dict[str, Json]:
    draft = desk.open_draft()
    place: dict[str, Json] = {
        "officer": desk.officer.id if desk.officer else 0,
        "invitation": desk.focus.invitation,
        "finding": desk.focus.finding,
        "draft": draft.id if draft else 0,
    }
    if draft is not None:
        place["question"] = desk.question_overtaken(draft) or draft.conversation.at
        place["serial"] = draft.conversation.serial
    return place


def handle_again(tx: Tx, batch: Sequence[Arrived], now: datetime, bot_name: str) -> Answer:
    """One update, in one transaction with the end of its dead letter: so it is done exactly once.

    An answer is taken as one where its question still stands, or was left without an answer. Anything else is taken
    only where nothing has happened in the chat since. Otherwise the officer hears what came late, and that nothing
    was changed.
    """
    [arrived] = batch
    seen = dead_letters.seen_at(tx, arrived.chat_id)
    chat = conversations.lock_chat(tx, arrived.chat_id, arrived.language, now)
    if seen is not None:  # only now nobody else changes it
        seen = dead_letters.seen_at(tx, arrived.chat_id)
    letter = dead_letters.take(tx, arrived.update_id)
    if letter is None:
        return Answer((), chat.language)
    outbox.put(tx, key_of(arrived), chat.id, "resume", {}, now, due_at=now + UNSAID)
    desk = _looked_at(tx, chat, now, arrived.update_id)
    if letter.saved:
        return Answer(current(desk) if desk.officer else (), chat.language)
    untouched = seen is None or seen <= letter.at
    if _fits(desk, letter, arrived, untouched):
        answer = handle(tx, batch, now, bot_name)
        return (
            replace(answer, out=(told(TAKEN, _facts(letter, arrived)), *answer.out)) if answer.out else answer
        )
    conversations.note_handled(tx, arrived.update_id, chat.id, now)
    if desk.officer is None or not arrived.private or isinstance(arrived.what, Reachability):
        return Answer((), chat.language)
    desk.reading, desk.bot_name = False, bot_name
    out = _came_late(desk, letter, arrived)
    conversations.save_focus(desk.tx, chat.id, desk.focus.to_json(), now)
    out = (*desk.said_first, *out)
    return Answer(engine.together((engine.Turn(engine.NOWHERE, out),)), desk.language)


def key_of(arrived: Arrived) -> str:
    """Of the notice that says where things stand where the reply to it is lost."""
    return f"again:{arrived.update_id}"


def _fits(desk: Desk, letter: DeadLetter, arrived: Arrived, untouched: bool) -> bool:
    """Whether it is taken as if it had arrived just now."""
    if letter.place is None or not _is_answer(arrived):
        return untouched
    now, draft = _place(desk), desk.open_draft()
    if now == letter.place:
        return draft is None or draft.conversation.at == letter.place["question"]
    question = _question(letter, draft)
    if draft is None or not question or draft.conversation.at != question:
        return False
    return question not in draft.conversation.answers and draft.conversation.pending is None


def _is_answer(arrived: Arrived) -> bool:
    return isinstance(arrived.what, ANSWERS) and not getattr(arrived.what, "edited", False)


def _question(letter: DeadLetter, draft: Draft | None) -> str:
    """The question of the open draft that it was sent to, "" where it was sent to none of it."""
    if draft is None or letter.place is None or letter.place.get("draft") != draft.id:
        return ""
    return str(letter.place.get("question", ""))


def _came_late(desk: Desk, letter: DeadLetter, arrived: Arrived) -> tuple[Out, ...]:
    draft, what, facts = desk.open_draft(), arrived.what, _facts(letter, arrived)
    question = _question(letter, draft)
    if draft is not None and isinstance(what, ANSWERS) and _is_answer(arrived) and _is_open(draft, question):
        out = conversation.late(desk, draft, what, question)
        return (told(TAKEN, facts), *out)
    return (told(TOO_LATE, facts), *current(desk))


def _is_open(draft: Draft, question: str) -> bool:
    """Whether an answer to this question adds to what there is, and takes nothing away."""
    field, c = CATALOGUE[draft.form].by_key.get(question), draft.conversation
    if field is None:
        return False
    return isinstance(field, Photos) or (question not in c.answers and question not in c.partials)


def _facts(letter: DeadLetter, arrived: Arrived) -> Facts:
    at = T(shown_at(letter.at, "th"), shown_at(letter.at, "en"))
    return {"at": at, "what": _what(arrived)}


def _what(arrived: Arrived) -> str | T:
    match arrived.what:
        case Said(text=text) | Edit(text=text):
            return f"«{text[:MOST_WORDS]}…»" if len(text) > MOST_WORDS else f"«{text}»"
        case Command(name=name):
            return f"/{name}"
        case Pressed():
            return A_BUTTON
        case SentPhoto() | RefusedPhoto() | FileSent():
            return A_PHOTO
        case SentPlace():
            return A_PLACE
        case _:
            return A_MESSAGE


TAKEN = T(
    "รับ {what} ที่ส่งมาแล้วระบบขัดข้องเมื่อ {at} ได้แล้วตอนนี้",
    "{what}, which could not be taken on {at}, has been taken now",
)
TOO_LATE = T(
    "{what} ที่ส่งมาแล้วระบบขัดข้องเมื่อ {at} เพิ่งอ่านได้ตอนนี้ แต่ท่านทำต่อไปแล้ว จึงไม่ได้เปลี่ยนอะไร ถ้ายังต้องการใช้ ส่งใหม่หรือแก้ข้อนั้นได้",
    "{what}, which could not be taken on {at}, could only be read now. You have gone on since, so nothing was changed; if it still matters, send it again or change that answer",
)
A_BUTTON = T("ปุ่มที่กด", "The button that you pressed")
A_PHOTO = T("รูป", "The photo")
A_PLACE = T("ตำแหน่ง", "The place")
A_MESSAGE = T("ข้อความ", "The message")
