"""What the rows of the outbox say, made at the moment of sending from what is true then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot import album, coordinators, deadline_texts, texts
from bot.chat_service import Commands
from bot.conversation import Answer, where_it_stands
from bot.deadlines import reminder_reply
from bot.desk import Desk, Focus
from bot.entries import fix_rows, in_words, reviewer_words
from bot.holidays import days_off_around
from flows.core.calendar import day_in_thailand, hours_of
from flows.core.campaign import Campaign
from flows.core.chat import Line, Reply
from flows.core.reminders import Owing, due_again_check
from flows.core.text import T
from storage import broadcasts, campaigns, command_menus, conversations, outbox, submissions
from storage.coordinators import coordinator_in
from storage.db import Tx
from storage.officers import Officer, officer_in, officers_of
from storage.outbox import Waiting

VERDICTS: dict[str, T] = {
    "approved": texts.VERDICT_APPROVED,
    "changes_requested": texts.VERDICT_CHANGES,
    "rejected": texts.VERDICT_REJECTED,
}


# Right for a while only: where one is not right any more, it is taken out of the outbox, key and all, and may be
# put in again; the others are kept as given up.
PASSING = frozenset({"reminder", "digest", "broadcast", "album"})

# Somebody waits for it as for any other reply: where the moment to send it was missed, it goes out all the same.
ANSWERS = frozenset({"album", "resume"})

# Said at most once, also where a process dies while saying it: the next stage or day comes by itself.
ONCE = frozenset({"reminder", "digest"})


@dataclass(frozen=True, slots=True)
class OwnMenu:
    """The commands of one chat; without any it has everybody's."""

    commands: Commands


@dataclass(frozen=True, slots=True)
class Reminded(Answer):
    """A reminder, and the deadline that it names."""

    campaign: int
    officer: int
    deadline: datetime


class Shared:
    """What the reminders among these messages have in common, read once: campaigns, and what all their LAOs owe."""

    def __init__(self, tx: Tx, messages: Sequence[Waiting]) -> None:
        self._tx = tx
        self._reminders = [one for one in messages if one.kind == "reminder"]
        self._officers: dict[int, Officer | None] = {}
        self._campaigns: dict[int, Campaign | None] = {}
        self._owing: dict[int, dict[str, list[Owing]]] = {}

    def officer(self, message: Waiting) -> Officer | None:
        if message.chat_id not in self._officers:
            self._officers[message.chat_id] = officer_in(self._tx, message.chat_id)
        return self._officers[message.chat_id]

    def campaign(self, message: Waiting) -> Campaign | None:
        number = _campaign_number(message)
        if number not in self._campaigns:
            self._campaigns[number] = campaigns.campaign_of(self._tx, number)
        return self._campaigns[number]

    def owing(self, campaign: Campaign, lao_code: str) -> Sequence[Owing]:
        """Of the LAO's officers; `lao_code` is that of one of the messages."""
        if campaign.id not in self._owing:
            theirs = [self.officer(one) for one in self._reminders if _campaign_number(one) == campaign.id]
            codes = {one.lao.code for one in theirs if one}
            by_lao = self._owing[campaign.id] = {code: [] for code in codes}
            for one in campaigns.owing(self._tx, campaign, sorted(codes)):
                by_lao[one.lao_code].append(one)
        return self._owing[campaign.id][lao_code]


def _campaign_number(message: Waiting) -> int:
    return int(str(message.payload["campaign"]))


def said(
    tx: Tx, message: Waiting, now: datetime, web: str = "", shared: Shared | None = None
) -> Answer | OwnMenu | None:
    """The notice in words, `web` is where the pages are; None when nobody is there any more whom it is for, or it is not right any more.

    `shared` is of the same snapshot, for several messages.
    """
    match message.kind:
        case "reminder":
            return _reminder(tx, message, now, shared or Shared(tx, [message]))
        case "digest":
            return _digest(tx, message, now, web)
        case "broadcast":
            return _broadcast(tx, message)
        case "handed":
            return _handed(tx, message)
        case "verdict":
            return _verdict(tx, message, now)
        case "album":
            return album.said(tx, message, now)
        case "resume":
            return where_it_stands(tx, message.chat_id, now)
        case command_menus.KIND:
            return _own_menu(tx, message.chat_id)
        case _:
            raise ValueError(f"no such kind of notice: {message.kind}")


def note_said(tx: Tx, message: Waiting, answer: Answer | OwnMenu, now: datetime) -> None:
    """It was said: that is noted together with what whoever heard it knows now."""
    outbox.note_sent(tx, message.id, now)
    if isinstance(answer, Reminded):
        campaigns.note_knows(tx, answer.campaign, answer.officer, answer.deadline)


def not_said(tx: Tx, message: Waiting, now: datetime) -> None:
    """There was nothing to say: a verdict then goes to another officer of the LAO, if there is one."""
    if message.kind in PASSING:
        outbox.take_back(tx, message)
        return
    entry = submissions.entry_of(tx, int(str(message.payload.get("submission", 0))))
    colleagues = officers_of(tx, entry.lao_code) if entry and message.kind == "verdict" else []
    if entry and colleagues:
        outbox.redirect(tx, message.chat_id, colleagues[0].chat_id, entry.lao_code, now)
    else:
        outbox.give_up(tx, message, "no officer", now)


def _reminder(tx: Tx, message: Waiting, now: datetime, shared: Shared) -> Answer | None:
    """Checked again with what is true now: who has sent everything meanwhile hears nothing."""
    campaign = shared.campaign(message)
    chat, officer = conversations.chat_of(tx, message.chat_id), shared.officer(message)
    if campaign is None or chat is None or officer is None or officer.id != message.payload["officer"]:
        return None
    if campaign.counting:
        return None  # put in again when it is known what is lacking
    facts = shared.owing(campaign, officer.lao.code)
    mine = next((one for one in facts if one.officer_id == officer.id), None)
    if mine is None:
        return None
    others = [one for one in facts if one.officer_id != officer.id]
    key = str(message.payload["key"])
    reminder = due_again_check(campaign, mine, key, now, days_off_around(now), others)
    if reminder is None:
        return None
    desk = Desk(tx, chat, officer, Focus.from_json(chat.focus), now, reading=True)
    out = (reminder_reply(desk, campaign, reminder),)
    return Reminded(out, chat.language, campaign.id, officer.id, campaign.deadline)


def _digest(tx: Tx, message: Waiting, now: datetime, web: str) -> Answer | None:
    """Of its day only, and to whoever is the coordinator now."""
    campaign = campaigns.campaign_of(tx, int(str(message.payload["campaign"])))
    chat, coordinator = conversations.chat_of(tx, message.chat_id), coordinator_in(tx, message.chat_id)
    day = date.fromisoformat(str(message.payload["day"]))
    if campaign is None or chat is None or coordinator is None or day != day_in_thailand(now):
        return None
    if (
        campaign.state != "running"
        or campaign.counting
        or not hours_of(campaign, days_off_around(now)).open_at(now)
    ):
        return None
    province = str(message.payload["province"])
    if message.payload.get("listing"):
        part = coordinators.listing(tx, campaign, coordinator, province, day, message.chat_id)
    else:
        part = coordinators.digest(tx, campaign, coordinator, province, day, now, web)
    return Answer((part,), chat.language) if part else None


def _own_menu(tx: Tx, chat_id: int) -> OwnMenu:
    """By who is in the chat now, whatever caused this."""
    if coordinator_in(tx, chat_id) is None:
        return OwnMenu(())
    officer = officer_in(tx, chat_id)
    return OwnMenu((texts.PROGRESS_COMMAND, *texts.COMMANDS) if officer else texts.COORDINATOR_COMMANDS)


def _broadcast(tx: Tx, message: Waiting) -> Answer | None:
    chat = conversations.chat_of(tx, message.chat_id)
    found = broadcasts.broadcast_of(tx, int(str(message.payload["broadcast"])))
    officer = officer_in(tx, message.chat_id)
    if chat is None or found is None or officer is None or officer.id != message.payload["officer"]:
        return None
    campaign = campaigns.campaign_of(tx, found.campaign_id) if found.campaign_id else None
    head = Line(deadline_texts.FROM_COORDINATOR)
    if campaign is not None:
        head = Line(deadline_texts.ABOUT_CAMPAIGN, {"title": campaign.title})
    return Answer((Reply((head, Line(deadline_texts.WORDS, {"words": found.wording}))),), chat.language)


def _handed(tx: Tx, message: Waiting) -> Answer | None:
    """To the predecessor: who has taken over."""
    chat = conversations.chat_of(tx, message.chat_id)
    facts = {name: str(message.payload[name]) for name in ("name", "lao")}
    line = Line(deadline_texts.HANDED_OVER, facts)
    return Answer((Reply((line,)),), chat.language if chat else "th")


def _verdict(tx: Tx, message: Waiting, now: datetime) -> Answer | None:
    verdict = submissions.happening(tx, int(str(message.payload["history"])))
    entry = submissions.entry_of(tx, int(str(message.payload["submission"])))
    chat, officer = conversations.chat_of(tx, message.chat_id), officer_in(tx, message.chat_id)
    if (
        verdict is None
        or entry is None
        or chat is None
        or officer is None
        or officer.lao.code != entry.lao_code
    ):
        return None
    facts = {"number": entry.number, "headline": entry.headline}
    if verdict.what == "changes_requested":
        desk = Desk(tx, chat, officer, Focus.from_json(chat.focus), now, reading=True)
        head = Line(texts.VERDICT_CHANGES, {**facts, "count": len(verdict.flags)})
        rows = fix_rows(desk, entry)
        how = [Line(texts.FIX_HOW)] if rows else []
        return Answer((Reply((head, *reviewer_words(verdict, entry.form), *how), rows),), chat.language)
    reason = [Line(texts.REASON, {"note": in_words(verdict.note)})] if verdict.note else []
    return Answer((Reply((Line(VERDICTS[verdict.what], facts), *reason)),), chat.language)
