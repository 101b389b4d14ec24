"""The one use case: what arrived in a chat, in one transaction, and what is said to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot import coordinators, entries, screens
from bot.chat_service import Arrived, Command, FileSent, Reachability
from bot.desk import Desk, Focus, number_of, opened
from bot.texts import (
    COULD_NOT_SAVE,
    EDIT_TOO_LATE,
    LOOK_AT_NEWEST,
    NOTHING_OPEN,
    OVERTAKEN,
    SEND_MINE,
    SENT,
    SENT_AGAIN,
    TO_NEW_ENTRY,
    TOO_LATE_TO_RESTORE,
)  # fmt: skip
from flows import CATALOGUE
from flows.core import engine
from flows.core.chat import Button, Edit, Inbound, Line, Out, Pressed, Reply, Said, SentOther, Toast
from flows.core.questions import EXPIRED, told
from flows.core.text import Language
from storage import conversations, dead_letters, in_hand, outbox, submissions
from storage.conversations import Draft
from storage.db import Tx
from storage.group_commit import Asked, Grouped
from storage.in_hand import Incoming, InHand
from storage.lao import around
from storage.officers import officer_in
from storage.submissions import Entry


@dataclass(frozen=True, slots=True)
class Answer:
    out: tuple[Out, ...]
    language: Language


@dataclass(frozen=True, slots=True)
class Came:
    """Updates of one chat that belong together."""

    batch: Sequence[Arrived]
    now: datetime
    bot_name: str

    @property
    def chat_id(self) -> int:
        return self.batch[0].chat_id


def handle(tx: Tx, batch: Sequence[Arrived], now: datetime, bot_name: str) -> Answer:
    """Takes updates of one chat that belong together, and returns what to say once this is committed.

    Updates that have been handled before change nothing: their answer may have been lost, so the place where
    the officer is, is said again.
    """
    return handle_one(tx, Came(batch, now, bot_name))


def handle_one(tx: Tx, came: Came) -> Answer:
    hands = in_hand.take(tx, [_incoming(came)], opened)
    answer = _answered(tx, came, hands[0])
    in_hand.put_back(tx, hands)
    return answer


def handle_several(tx: Tx, asked: Sequence[Asked[Came]]) -> list[Answer]:
    """The same for several chats, in one transaction: on PostgreSQL the statements are what takes the time.

    Entries are sent last, those of one form together: what they lock, others wait for until the commit.
    """
    hands = in_hand.take(tx, [_incoming(one.what) for one in asked], opened)
    answers: dict[int, Answer] = {}
    for n in sorted(range(len(hands)), key=lambda n: _may_send(hands[n])):
        in_hand.read_again(tx, hands[n], opened)
        answers[n] = asked[n].within.run(_answered, tx, asked[n].what, hands[n])
    in_hand.put_back(tx, hands)
    return [answers[n] for n in range(len(hands))]


def _may_send(hand: InHand) -> str:
    """The form of a draft that has only to be sent, else ""."""
    return hand.draft.form if hand.draft and not hand.draft.conversation.at else ""


HANDLE: Final = Grouped(handle_one, handle_several, lambda came: came.chat_id)


def _incoming(came: Came) -> Incoming:
    return Incoming(came.chat_id, came.batch[0].language, [one.update_id for one in came.batch], came.now)


def _answered(tx: Tx, came: Came, hand: InHand) -> Answer:
    first, chat, now = came.batch[0], hand.chat, came.now
    fresh = [one for one in came.batch if one.update_id in hand.new]
    if chat.unreachable_at is not None and any(one.what != Reachability(False) for one in fresh):
        conversations.set_reachable(tx, chat.id, True, now)  # whoever writes can be reached again
        outbox.revive(tx, chat.id, now)
    if not first.private:
        return Answer(screens.in_group(tx, chat, fresh, came.bot_name, now), chat.language)
    desk = Desk(tx, chat, hand.officer, Focus.from_json(chat.focus), now, came.bot_name, read=hand.draft)
    if fresh:
        if desk.focus.sent:
            desk.focus = replace(desk.focus, sent=0)
        out = _each_once(one for arrived in fresh for one in _one(desk, arrived))
    else:
        out = (*_not_saved(desk, came.batch), *_again(desk, first))
    out = (*desk.said_first, *out)
    hand.focus, hand.answered = desk.focus.to_json(), desk.unsaved
    return Answer(engine.together((engine.Turn(engine.NOWHERE, out),)), desk.language)


def where_it_stands(tx: Tx, chat_id: int, now: datetime) -> Answer | None:
    """The question or menu that an officer is on, said again; None for a chat that is no officer's."""
    chat, officer = conversations.chat_of(tx, chat_id), officer_in(tx, chat_id)
    if chat is None or officer is None:
        return None
    desk = Desk(tx, chat, officer, Focus.from_json(chat.focus), now, reading=True)
    stands = current(desk)
    return Answer((*desk.said_first, *stands), chat.language)


def wants_files(tx: Tx, chat_id: int) -> bool:
    """Whether a photo from this chat can be an answer, so that it is worth fetching."""
    chat = conversations.chat_of(tx, chat_id)
    return bool(chat and Focus.from_json(chat.focus).draft and officer_in(tx, chat_id))


def _each_once(said: Iterable[Out]) -> tuple[Out, ...]:
    """An album where no photos are asked for is ten messages, and one answer."""
    kept: list[Out] = []
    for one in said:
        if one not in kept:
            kept.append(one)
    return tuple(kept)


def _not_saved(desk: Desk, batch: Sequence[Arrived]) -> tuple[Out, ...]:
    """Of what was set aside the officer may not have heard: the process that did it may have died before it said so."""
    letters = (dead_letters.letter_of(desk.tx, one.update_id) for one in batch)
    return (told(COULD_NOT_SAVE),) if any(one and not one.saved for one in letters) else ()


def _again(desk: Desk, arrived: Arrived) -> tuple[Out, ...]:
    if isinstance(arrived.what, Reachability) or (desk.officer is None and not desk.focus.invitation):
        return ()
    return current(desk)


def current(desk: Desk) -> tuple[Out, ...]:
    """What stands in this chat: the open form's question, or the menu."""
    if desk.officer is None:
        return screens.invitation_again(desk)
    draft = desk.open_draft()
    if draft:
        return screens.standing(draft)
    entry = submissions.entry_of(desk.tx, desk.focus.sent) if desk.focus.sent else None
    return (_sent(desk, entry),) if entry else screens.menu(desk)


def _one(desk: Desk, arrived: Arrived) -> tuple[Out, ...]:
    what, desk.update_id = arrived.what, arrived.update_id
    if isinstance(what, Reachability):
        conversations.set_reachable(desk.tx, desk.chat.id, what.reachable, desk.now)
        return ()
    if isinstance(what, FileSent):
        if what.edited:
            return ()  # its words were changed perhaps; there is no form that it could answer
        what = SentOther("other", what.ref)
    if desk.notes_second_tap(what):
        return ()
    if desk.officer is None:
        return screens.outsider(desk, what, arrived.name)
    match what:
        case Pressed():
            return _pressed(desk, what, arrived)
        case Command():
            return _command(desk, what, arrived)
        case Said() if desk.focus.finding:
            return entries.found(desk, what.text)
        case Edit():
            return _edited(desk, what)
        case _:
            return _heard(desk, what)


def _command(desk: Desk, command: Command, arrived: Arrived) -> tuple[Out, ...]:
    desk.focus = replace(desk.focus, finding=False)
    match command.name:
        case "start" if command.argument:
            return screens.invited(desk, command.argument)
        case "start" | "menu":
            return screens.menu(desk)
        case "add":
            return screens.what_to_add(desk)
        case "drafts":
            return screens.drafts(desk)
        case "mine":
            return entries.listed(desk, submissions.Filter(), 0)
        case "progress" if coordinator := desk.coordinator:
            return coordinators.progress(desk, coordinator)
        case "language":
            return screens.languages()
        case "help":
            return (*screens.help_(desk), *(current(desk) if desk.open_draft() else ()))
        case "cancel":
            draft = desk.open_draft()
            if draft is None:
                return screens.with_menu(desk, told(NOTHING_OPEN))
            return _advance(desk, draft, Pressed("cancel", serial=draft.conversation.serial))
        case _:
            return (screens.unknown_command(), *current(desk))


# --- forms


def _heard(desk: Desk, inbound: Inbound) -> tuple[Out, ...]:
    draft = desk.open_draft()
    if draft is None:
        return screens.nothing_open(desk, inbound)
    if desk.moved_on:
        return screens.standing(draft)
    return _advance(desk, draft, inbound, desk.question_overtaken(draft))


def _edited(desk: Desk, edit: Edit) -> tuple[Out, ...]:
    draft = desk.open_draft()
    if draft is None:
        return screens.with_menu(desk, told(EDIT_TOO_LATE))
    if edit.ref not in draft.conversation.heard:
        return (told(EDIT_TOO_LATE), *current(desk))
    return _advance(desk, draft, edit)


def _pressed(desk: Desk, press: Pressed, arrived: Arrived) -> tuple[Out, ...]:
    """A button of the menu, of the question that stands, or of one that does not stand any more."""
    draft = desk.open_draft()
    if press.draft == 0 and press.move == "over":
        mine = conversations.draft_of(desk.tx, number_of(press.arg))
        if mine is not None and mine.officer_id == desk.an_officer.id:
            return _submit(desk, mine, anyway=True)
    if press.draft == 0:
        return screens.pressed(desk, press, arrived.name)
    if draft is not None and draft.id == press.draft and draft.conversation.serial == press.serial:
        return _advance(desk, draft, press)
    return (Toast(Line(EXPIRED)), *current(desk))


def _advance(desk: Desk, draft: Draft, inbound: Inbound, overtaken: str = "") -> tuple[Out, ...]:
    """`overtaken`: the question that it answers, where that is another one than stands by now."""
    flow, office, c = CATALOGUE[draft.form], desk.an_officer.lao, draft.conversation
    asked = replace(c, at=overtaken) if overtaken else c
    given = engine.given_place(flow, asked, inbound, office.office)
    known = around(desk.tx, given.point, office) if given else None
    if overtaken:
        turn = engine.overtaken(flow, c, overtaken, inbound, desk.now, known)
    else:
        turn = engine.advance(flow, c, inbound, desk.now, known)
    if isinstance(inbound, Pressed) and turn.conversation.at != c.at:
        desk.notes_left(draft)
    now = replace(draft, conversation=turn.conversation)
    match turn.effect:
        case "none":
            desk.save(now)
            return screens.bound(now, turn.out)
        case "park":
            desk.save(now)
            desk.close_form()
            return screens.with_menu(desk, *screens.bound(now, turn.out))
        case "discard":
            conversations.delete_draft(desk.tx, draft.id)
            desk.close_form()
            return screens.with_menu(desk, *screens.bound(now, turn.out))
        case "submit":
            return (*screens.bound(now, turn.out), *_submit(desk, now))


def late(desk: Desk, draft: Draft, inbound: Inbound, question: str) -> tuple[Out, ...]:
    """What was sent to this question before, and comes only now that it has been left."""
    return _advance(desk, draft, inbound, question)


def _overtaken(draft: Draft, entry: Entry) -> tuple[Out, ...]:
    """A colleague has sent the entry meanwhile: nothing is overwritten unless the officer says so."""
    look = Button(Line(LOOK_AT_NEWEST), "entry", str(entry.id))
    mine = Button(Line(SEND_MINE), "over", str(draft.id))
    facts = {"number": entry.number, "headline": entry.headline}
    return (Reply((Line(OVERTAKEN, facts),), ((look,), (mine,))),)


def _submit(desk: Desk, draft: Draft, *, anyway: bool = False) -> tuple[Out, ...]:
    flow, officer, answers = CATALOGUE[draft.form], desk.an_officer, draft.conversation.answers
    if draft.submission_id is None:
        entry = submissions.submit(desk.tx, flow, answers, officer.id, officer.lao.code, desk.now)
    else:
        before = submissions.entry_of(desk.tx, draft.submission_id)
        if before is not None and before.sent_at > draft.started_at and not anyway:
            return _overtaken(draft, before)
        if before is not None and not submissions.restore_entry(desk.tx, before, officer.id, desk.now):
            return screens.with_menu(desk, told(TOO_LATE_TO_RESTORE))
        entry = submissions.submit_again(desk.tx, flow, draft.submission_id, answers, officer.id, desk.now)
    conversations.delete_draft(desk.tx, draft.id)
    desk.close_form()
    desk.focus = replace(desk.focus, sent=entry.id)
    return (_sent(desk, entry),)


def _sent(desk: Desk, entry: Entry) -> Reply:
    """The number of an entry that was sent, and what happens next."""
    title = CATALOGUE[entry.form].title
    facts = {"number": entry.number, "headline": entry.headline}
    another = Button(Line(TO_NEW_ENTRY, {"form": title}), "new", entry.form)
    say = SENT if entry.revision == 1 else SENT_AGAIN
    return Reply((Line(say, facts),), ((another,), *screens.menu_rows(desk, short=True)))
