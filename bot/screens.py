"""What an officer sees outside the forms: joining, the menu, drafts, language and help."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot import coordinators, deadline_texts, deadlines, entries, handing_over, texts
from bot.chat_service import Arrived, Command
from bot.desk import Desk, number_of
from flows import CATALOGUE
from flows.core import engine
from flows.core.chat import Button, Edit, Inbound, Line, Out, Pressed, Reply, Said, Toast
from flows.core.flow import Flow
from flows.core.problem import Problem
from flows.core.questions import BLANK, EXPIRED, told, wrong, wrong_line
from flows.core.text import Language, T
from storage import conversations, invitations, officers, outbox, submissions
from storage.conversations import Chat, Draft
from storage.db import Tx
from storage.lao import lao_of
from storage.reviewers import reviewer_of

Rows = tuple[tuple[Button, ...], ...]
QUIET = timedelta(minutes=10)  # how long somebody without access is left unanswered after an answer


# --- joining


def in_group(tx: Tx, chat: Chat, fresh: Sequence[Arrived], bot_name: str, now: datetime) -> tuple[Out, ...]:
    """In a group: once in a while, that this works in private. Never a word to a mere conversation there."""
    asked = any(isinstance(one.what, Command | Pressed) for one in fresh)
    if not asked or _told_lately(chat, now):
        return ()
    conversations.note_told(tx, chat.id, now)
    return (
        Reply((Line(texts.IN_PRIVATE),), ((Button(Line(texts.OPEN_CHAT), url=f"https://t.me/{bot_name}"),),)),
    )


def _told_lately(chat: Chat, now: datetime) -> bool:
    return chat.told_at is not None and timedelta(0) <= now - chat.told_at < QUIET


def outsider(desk: Desk, what: Inbound | Command, name: str) -> tuple[Out, ...]:
    """Somebody who speaks for no LAO: an invitation is looked at, everything else is answered once in a while."""
    match what:
        case Command(name="start", argument=code) if code:
            return invited(desk, code)
        case Said(text=text) | Edit(text=text) if code := code_in(text):
            return invited(desk, code)
        case Pressed(move="join" | "nojoin") if desk.focus.invitation:
            return pressed(desk, what, name)
        case Pressed(move="language", arg=language) if language != desk.language:
            said = _set_language(desk, language)
            return tuple(Toast(one.lines[0]) for one in said if isinstance(one, Reply))[:1]
    if coordinator := desk.coordinator:
        return coordinators.heard(desk, coordinator, what)
    return _explained(desk)


_LINK = re.compile(r"[?&]start=([\w-]{12,20})", re.ASCII)


def code_in(text: str) -> str:
    """The invitation code that a message is, or whose link it holds; "" for other words."""
    link = _LINK.search(text)
    return link[1] if link else text if invitations.looks_like_code(text) else ""


def _explained(desk: Desk) -> tuple[Out, ...]:
    if coordinator := desk.coordinator:
        return coordinators.menu(coordinator)
    if _told_lately(desk.chat, desk.now):
        return ()
    conversations.note_told(desk.tx, desk.chat.id, desk.now)
    removed = officers.was_removed(desk.tx, desk.chat.id)
    say = Line(texts.REMOVED if removed else texts.NEED_INVITATION)
    return (Reply((say,), _language_row()),)


def invited(desk: Desk, code: str) -> tuple[Out, ...]:
    """An invitation was shown: the LAO it is for is named in full, and nothing is bound before a yes."""
    refused = invitations.may_guess(desk.tx, desk.chat.id, desk.now)
    if refused is not None:
        if _told_lately(desk.chat, desk.now):
            return ()
        conversations.note_told(desk.tx, desk.chat.id, desk.now)
        return (wrong(refused),)
    invitation = invitations.look_up(desk.tx, code, desk.now)
    if isinstance(invitation, Problem):
        invitations.note_guess(desk.tx, desk.chat.id, desk.now)
        refused = invitations.may_guess(desk.tx, desk.chat.id, desk.now)
        if refused is None:
            return (wrong(invitation),)
        conversations.note_told(desk.tx, desk.chat.id, desk.now)
        return (Reply((wrong_line(invitation), wrong_line(refused))),)
    here = desk.officer is not None and desk.officer.lao.code == invitation.lao_code
    if invitation.kind == "officer" and here:
        return with_menu(desk, told(texts.HERE_ALREADY))
    desk.focus = replace(
        desk.focus,
        invitation=invitation.id,
        invitation_lao=invitation.lao_code or "",
        invitation_kind="" if invitation.kind == "officer" else invitation.kind,
        invitation_of=invitation.officer_id or invitation.reviewer_id or 0,
    )
    return invitation_again(desk)


def invitation_again(desk: Desk) -> tuple[Out, ...]:
    """The question whether the LAO of the shown invitation is theirs, or they are who it is for."""
    match desk.focus.invitation_kind:
        case "handover":
            return handing_over.offered(desk, desk.focus.invitation_of)
        case "coordinator":
            reviewer = reviewer_of(desk.tx, desk.focus.invitation_of)
            return coordinators.joining(desk, reviewer) if reviewer else closed_meanwhile(desk)
    lao = lao_of(desk.tx, desk.focus.invitation_lao) if desk.focus.invitation else None
    if lao is None:
        return _explained(desk)
    lines = [Line(texts.IS_IT_YOURS, {"lao": lao.full_name})]
    if desk.officer is not None:
        lines.insert(0, Line(texts.WOULD_MOVE, {"old": desk.officer.lao.full_name}))
    number = str(desk.focus.invitation)
    yes, no = Button(Line(texts.YES_MINE), "join", number), Button(Line(texts.NOT_MINE), "nojoin", number)
    return (Reply(tuple(lines), ((yes,), (no,))),)


def _join(desk: Desk, invitation_id: int, name: str) -> tuple[Out, ...]:
    if desk.focus.invitation != invitation_id:
        stands = standing_or_menu(desk) if desk.officer else invitation_again(desk)
        return (Toast(Line(EXPIRED)), *stands)
    lao_code, kind, of = desk.focus.invitation_lao, desk.focus.invitation_kind, desk.focus.invitation_of
    desk.focus = replace(desk.focus, invitation=0, invitation_lao="", invitation_kind="", invitation_of=0)
    if not invitations.use(desk.tx, invitation_id, desk.now):
        return closed_meanwhile(desk)
    if kind == "handover":
        leaving = officers.officer_of(desk.tx, of)
        return handing_over.take_over(desk, leaving, name) if leaving else closed_meanwhile(desk)
    if kind == "coordinator":
        reviewer = reviewer_of(desk.tx, of)
        return coordinators.join(desk, reviewer, name) if reviewer else closed_meanwhile(desk)
    if desk.officer is not None:
        officers.remove(desk.tx, desk.officer.id, desk.now)
        desk.close_form()
    desk.officer = officers.join(desk.tx, desk.chat.id, name, lao_code, desk.now)
    outbox.revive(desk.tx, desk.chat.id, desk.now)  # notices that found nobody here
    welcome = Line(texts.WELCOME, {"lao": desk.officer.lao.full_name})
    return (Reply((welcome, Line(texts.WHAT_TO_DO)), menu_rows(desk)),)


def closed_meanwhile(desk: Desk) -> tuple[Out, ...]:
    return (told(texts.CLOSED_MEANWHILE),)


# --- the menu


def menu(desk: Desk) -> tuple[Out, ...]:
    if desk.officer is None:
        return _explained(desk)
    lines = (Line(texts.MENU, {"lao": desk.officer.lao.full_name}), Line(texts.WHAT_TO_DO))
    return (Reply(lines, menu_rows(desk)),)


def with_menu(desk: Desk, *out: Out) -> tuple[Out, ...]:
    """What is said, and the menu below it: in one message where that can be."""
    *before, last = out
    [below] = menu(desk)
    assert isinstance(below, Reply)
    if not isinstance(last, Reply) or last.buttons or last.photos or last.place_button is not None:
        return (*out, below)
    return (*before, replace(below, lines=(*last.lines, Line(BLANK), *below.lines)))


def menu_rows(desk: Desk, *, short: bool = False) -> Rows:
    """The menu's buttons; `short`: only where to go from a sent entry."""
    mine = Button(Line(texts.MINE), "mine", "")
    if short:
        return ((mine, Button(Line(texts.TO_MENU), "menu")),)
    draft = desk.open_draft()
    on = (
        ((Button(Line(texts.GO_ON, {"form": CATALOGUE[draft.form].title}), "go", str(draft.id)),),)
        if draft
        else ()
    )
    count = len(conversations.drafts_of(desk.tx, desk.an_officer.id))
    drafts_row = ((Button(Line(texts.DRAFTS, {"count": count}), "drafts"),),) if count else ()
    last = (Button(Line(texts.LANGUAGE), "languages"), Button(Line(texts.HELP), "help"))
    hand = Button(Line(deadline_texts.HAND_OVER), "hand")
    see = ((Button(Line(deadline_texts.SEE_PROGRESS), "progress"),),) if desk.coordinator else ()
    return (*on, *_forms(), *drafts_row, (mine,), *see, (hand,), last)


def _forms() -> Rows:
    return tuple(
        (Button(Line(texts.ADD, {"icon": flow.icon, "form": flow.title}), "new", flow.key),)
        for flow in CATALOGUE.values()
    )


def what_to_add(desk: Desk) -> tuple[Out, ...]:
    return (Reply((Line(texts.WHAT_TO_ADD),), _forms()),)


def nothing_open(desk: Desk, inbound: Inbound) -> tuple[Out, ...]:
    if isinstance(inbound, Said) and (code := code_in(inbound.text)):
        return invited(desk, code)
    return (Reply((Line(texts.CHOOSE_FIRST),), menu_rows(desk)),)


def unknown_command() -> Out:
    return told(texts.UNKNOWN_COMMAND)


def help_(desk: Desk) -> tuple[Out, ...]:
    return (told(texts.HELP_TEXT),)


def languages() -> tuple[Out, ...]:
    return (Reply((Line(texts.WHICH_LANGUAGE),), _language_row()),)


def _language_row() -> Rows:
    return ((Button(Line(texts.THAI), "language", "th"), Button(Line(texts.ENGLISH), "language", "en")),)


def _set_language(desk: Desk, language: str) -> tuple[Out, ...]:
    chosen: Language = "en" if language == "en" else "th"
    conversations.set_language(desk.tx, desk.chat.id, chosen)
    desk.chat = replace(desk.chat, language=chosen)
    if desk.officer is None:
        removed = officers.was_removed(desk.tx, desk.chat.id)
        return (told(texts.REMOVED if removed else texts.NEED_INVITATION),)
    draft, done = desk.open_draft(), told(texts.LANGUAGE_SET)
    return (done, *standing(draft)) if draft else with_menu(desk, done)


def pressed(desk: Desk, press: Pressed, name: str) -> tuple[Out, ...]:
    """A button that belongs to no form."""
    number = number_of(press.arg)
    match press.move:
        case "join":
            return _join(desk, number, name)
        case "nojoin":
            meant_other = desk.focus.invitation_kind == "coordinator"
            desk.focus = replace(desk.focus, invitation=0, invitation_kind="", invitation_of=0)
            refused = told(deadline_texts.NOT_YOU if meant_other else texts.NOT_JOINED)
            return (refused,) if desk.officer is None else menu(desk)
        case "language":
            return _set_language(desk, press.arg)
    if press.move in coordinators.MOVES and (coordinator := desk.coordinator):
        return coordinators.pressed(desk, coordinator, press)
    if desk.officer is None:
        return _explained(desk)
    if press.move in deadlines.MOVES:
        return deadlines.pressed(desk, press)
    if press.move in handing_over.MOVES:
        return handing_over.pressed(desk, press)
    match press.move:
        case "menu":
            return menu(desk)
        case "help":
            return (*help_(desk), *(standing_or_menu(desk) if desk.open_draft() else ()))
        case "languages":
            return languages()
        case "drafts":
            return drafts(desk)
        case "new" if press.arg in CATALOGUE:
            return start(desk, CATALOGUE[press.arg])
        case "anew" if press.arg in CATALOGUE:
            desk.close_form()
            return start(desk, CATALOGUE[press.arg])
        case "fresh":
            return _fresh(desk, number)
        case "go":
            return resume(desk, conversations.draft_of(desk.tx, number))
    return entries.pressed(desk, press)


# --- starting and resuming forms


def start(desk: Desk, flow: Flow) -> tuple[Out, ...]:
    """Begins a form; an open one, or a draft of the same form, is asked about first."""
    draft = desk.open_draft()
    if draft is not None and (draft.form != flow.key or draft.submission_id is not None):
        return _which_one(desk, draft, Button(Line(texts.INSTEAD, {"form": flow.title}), "anew", flow.key))
    kept = conversations.draft_for_form(desk.tx, desk.an_officer.id, flow.key)
    if kept is None:
        begun = conversations.new_draft(
            desk.tx, desk.an_officer.id, desk.an_officer.lao.code, engine.begin(flow), desk.now
        )
        desk.open_form(begun)
        return standing(begun)
    if not kept.conversation.answers and not kept.conversation.partials:
        return resume(desk, kept)
    return _which_draft(flow, kept)


def _which_one(desk: Desk, draft: Draft, instead: Button) -> tuple[Out, ...]:
    form = CATALOGUE[draft.form].title
    keep = Button(Line(texts.KEEP_ON, {"form": form}), "go", str(draft.id))
    return (Reply((Line(texts.WHICH_ONE, {"open": form}),), ((keep,), (instead,))),)


def _which_draft(flow: Flow, draft: Draft) -> tuple[Out, ...]:
    go, fresh = (
        Button(Line(texts.RESUME), "go", str(draft.id)),
        Button(Line(texts.FRESH), "fresh", str(draft.id)),
    )
    facts = {"form": flow.title, "headline": headline_of(draft)}
    return (Reply((Line(texts.DRAFT_THERE, facts),), ((go,), (fresh,))),)


def _fresh(desk: Desk, draft_id: int) -> tuple[Out, ...]:
    """Throws away that very draft, and no other, and begins its form anew."""
    draft = conversations.draft_of(desk.tx, draft_id)
    if draft is None or draft.officer_id != desk.an_officer.id:
        return (Toast(Line(EXPIRED)), *standing_or_menu(desk))
    conversations.delete_draft(desk.tx, draft.id)
    desk.close_form()
    return start(desk, CATALOGUE[draft.form])


def open_or_ask(desk: Desk, draft: Draft, instead: Button) -> tuple[Out, ...]:
    """Opens a draft, unless another form is open: then asks which to go on with."""
    opened = desk.open_draft()
    if opened is not None and opened.id != draft.id:
        return _which_one(desk, opened, instead)
    return resume(desk, draft)


def resume(desk: Desk, draft: Draft | None) -> tuple[Out, ...]:
    """Opens a draft where it was left; what a newer version of its form no longer takes is said."""
    if draft is None or draft.officer_id != desk.an_officer.id:
        return (Toast(Line(EXPIRED)), *standing_or_menu(desk))
    fitted, say = engine.fitted(CATALOGUE[draft.form], draft.conversation)
    if fitted is not draft.conversation:
        conversations.save_draft(desk.tx, draft.id, fitted, desk.now)
        draft = replace(draft, conversation=fitted)
    desk.open_form(draft)
    return (*say, *standing(draft))


def standing(draft: Draft) -> tuple[Out, ...]:
    """The question that stands in a draft, its buttons bound to it."""
    return bound(draft, engine.question(CATALOGUE[draft.form], draft.conversation))


def bound(draft: Draft, out: Sequence[Out]) -> tuple[Out, ...]:
    """The engine's replies, their buttons bound to the draft they belong to."""
    return tuple(
        replace(one, draft=draft.id) if isinstance(one, Reply) and one.buttons else one for one in out
    )


def standing_or_menu(desk: Desk) -> tuple[Out, ...]:
    draft = desk.open_draft()
    return standing(draft) if draft else menu(desk)


def drafts(desk: Desk) -> tuple[Out, ...]:
    """Everything unfinished, a button each."""
    kept = conversations.drafts_of(desk.tx, desk.an_officer.id)
    if not kept:
        return with_menu(desk, told(texts.NO_DRAFTS))
    rows = tuple((Button(_draft_line(desk, one), "go", str(one.id)),) for one in kept)
    return (Reply((Line(texts.YOUR_DRAFTS),), (*rows, (Button(Line(texts.TO_MENU), "menu"),))),)


def _draft_line(desk: Desk, draft: Draft) -> Line:
    flow = CATALOGUE[draft.form]
    if draft.submission_id is not None and (entry := submissions.entry_of(desk.tx, draft.submission_id)):
        return Line(texts.DRAFT_OF_ENTRY, {"number": entry.number, "headline": entry.headline})
    return Line(texts.DRAFT, {"icon": flow.icon, "form": flow.title, "headline": headline_of(draft)})


def headline_of(draft: Draft) -> str | T:
    return CATALOGUE[draft.form].headline_of(draft.conversation.answers) or texts.UNNAMED
