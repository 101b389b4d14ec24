"""Handing over the post: a link that works once, with which a successor takes over everything an officer has."""

from __future__ import annotations

from dataclasses import replace

from bot import deadline_texts as texts
from bot import screens
from bot.desk import Desk
from bot.texts import NOT_MINE, WHAT_TO_DO, WOULD_MOVE
from flows.core import dates
from flows.core.chat import Button, Line, Out, Pressed, Reply
from flows.core.questions import told
from flows.core.text import Fact, T
from storage import conversations, invitations, officers, outbox
from storage.officers import Officer

# Moves: "hand" asks, "hand2" makes the link.
MOVES = frozenset({"hand", "hand2"})


def pressed(desk: Desk, press: Pressed) -> tuple[Out, ...]:
    if press.move == "hand":
        yes, no = Button(Line(texts.YES_HAND_OVER), "hand2"), Button(Line(texts.NO_HAND_OVER), "menu")
        return (
            Reply((Line(texts.REALLY_HAND_OVER, {"lao": desk.an_officer.lao.full_name}),), ((no,), (yes,))),
        )
    code, until = invitations.invite_handover(desk.tx, desk.an_officer.id, desk.now)
    facts: dict[str, Fact] = {
        "code": code,
        "link": f"https://t.me/{desk.bot_name}?start={code}",
        "until": T(dates.shown_at(until, "th"), dates.shown_at(until, "en")),
    }
    return screens.with_menu(desk, told(texts.HAND_OVER_LINK, facts))


def offered(desk: Desk, from_officer: int) -> tuple[Out, ...]:
    """The successor's question: whose work of which LAO it is."""
    leaving = officers.officer_of(desk.tx, from_officer)
    if leaving is None:
        return _closed(desk)
    if leaving.chat_id == desk.chat.id:
        desk.focus = replace(desk.focus, invitation=0, invitation_kind="", invitation_of=0)
        return screens.with_menu(desk, told(texts.OWN_LINK))
    lines = [Line(texts.TAKE_OVER, {"lao": leaving.lao.full_name, "name": leaving.name})]
    if desk.officer is not None and desk.officer.lao.code != leaving.lao.code:
        lines.insert(0, Line(WOULD_MOVE, {"old": desk.officer.lao.full_name}))
    number = str(desk.focus.invitation)
    yes, no = Button(Line(texts.YES_TAKE_OVER), "join", number), Button(Line(NOT_MINE), "nojoin", number)
    return (Reply(tuple(lines), ((yes,), (no,))),)


def take_over(desk: Desk, leaving: Officer, name: str) -> tuple[Out, ...]:
    """Drafts, entries and reminders are the successor's from here on, and the predecessor is told."""
    if desk.officer is not None and desk.officer.lao.code != leaving.lao.code:
        desk.close_form()
    taken = officers.hand_over(desk.tx, leaving.id, desk.chat.id, name, desk.now)
    desk.officer = taken
    outbox.revive(desk.tx, desk.chat.id, desk.now)
    payload = {"name": name, "lao": taken.lao.full_name}
    outbox.put(
        desk.tx, f"handed:{leaving.id}:{desk.now.isoformat()}", leaving.chat_id, "handed", payload, desk.now
    )
    lines = [Line(texts.TAKEN_OVER, {"lao": taken.lao.full_name, "name": leaving.name})]
    drafts = len(conversations.drafts_of(desk.tx, taken.id))
    if drafts:
        lines.append(Line(texts.TAKEN_OVER_DRAFTS, {"count": drafts}))
    return (Reply((*lines, Line(WHAT_TO_DO)), screens.menu_rows(desk)),)


def _closed(desk: Desk) -> tuple[Out, ...]:
    desk.focus = replace(desk.focus, invitation=0, invitation_kind="", invitation_of=0)
    return screens.closed_meanwhile(desk)
