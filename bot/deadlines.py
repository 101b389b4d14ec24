"""What an officer is told about a deadline, and what the buttons under it do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot import deadline_texts as texts
from bot import entries, screens
from bot.desk import Desk, number_of
from bot.holidays import days_off_around
from flows import CATALOGUE
from flows.core.calendar import day_in_thailand, hours_of
from flows.core.campaign import Campaign
from flows.core.chat import Button, Line, Out, Pressed, Reply, Toast
from flows.core.dates import both
from flows.core.questions import BLANK, EXPIRED
from flows.core.reminder_texts import REMIND_NO_MORE, REMIND_TOMORROW, form_label, reminder_lines
from flows.core.reminders import Kind, Owing, Reminder, days_left
from storage import campaigns, conversations, reviews, submissions
from storage.submissions import Entry

Rows = tuple[tuple[Button, ...], ...]
TITLES = {flow.key: flow.title for flow in CATALOGUE.values()}
MOST_RETURNED = 3  # entries whose reviewer's words are repeated in full

# Moves: "owed" starts a missing form, "again" and "off" quieten a campaign, "on" takes both back.
MOVES = frozenset({"owed", "again", "off", "on"})


@dataclass(frozen=True, slots=True)
class _State:
    """What the officer has chosen for the campaign."""

    off: bool = False
    again_on: date | None = None


def reminder_reply(desk: Desk, campaign: Campaign, reminder: Reminder) -> Reply:
    """A reminder, or the thank-you, with its buttons."""
    return _reply(desk, campaign, reminder, _State())


def _reply(desk: Desk, campaign: Campaign, reminder: Reminder, state: _State, slot: str = "") -> Reply:
    lines = reminder_lines(campaign, reminder, TITLES)
    if reminder.kind == "thanks":
        return Reply(lines, slot=slot)
    returned = [one for number in reminder.returned[:MOST_RETURNED] if (one := _entry(desk, number))]
    words = [line for one in returned for line in _returned_lines(desk, one)]
    rows = (
        *_form_rows(desk, reminder),
        *(_fix_row(desk, one) for one in returned),
        *_quiet_rows(campaign, state),
    )
    return Reply((*lines, *words, *_state_lines(state)), rows, slot=slot)


def _entry(desk: Desk, number: str) -> Entry | None:
    found = reviews.entry(desk.tx, number)
    return submissions.entry_of(desk.tx, found.id, desk.an_officer.lao.code) if found else None


def _returned_lines(desk: Desk, entry: Entry) -> list[Line]:
    """What the reviewer asks for, in the reviewer's words."""
    verdict = submissions.last_verdict(desk.tx, entry.id)
    head = Line(texts.RETURNED_ENTRY, {"number": entry.number, "headline": entry.headline})
    return [Line(BLANK), head, *(entries.reviewer_words(verdict, entry.form) if verdict else [])]


def _form_rows(desk: Desk, reminder: Reminder) -> Rows:
    drafts = {
        one.form for one in conversations.drafts_of(desk.tx, desk.an_officer.id) if one.submission_id is None
    }
    return tuple(
        (Button(form_label(TITLES[form], form in drafts), "owed", form),)
        for form, _ in reminder.lacks
        if form in CATALOGUE
    )


def _fix_row(desk: Desk, entry: Entry) -> tuple[Button, ...]:
    """Leads to the first field that is to be changed, or to the summary where the reviewer named none."""
    arg = next((button.arg for (button,) in entries.fix_rows(desk, entry)), f"{entry.id}_")
    return (Button(Line(texts.FIX_ENTRY, {"number": entry.number}), "fix", arg),)


def _quiet_rows(campaign: Campaign, state: _State) -> Rows:
    number = str(campaign.id)
    if state.off or state.again_on:
        return ((Button(Line(texts.TURN_ON), "on", number),),)
    tomorrow, never = (
        Button(Line(REMIND_TOMORROW), "again", number),
        Button(Line(REMIND_NO_MORE), "off", number),
    )
    return ((tomorrow,), (never,))


def _state_lines(state: _State) -> list[Line]:
    if state.off:
        return [Line(BLANK), Line(texts.NOW_OFF)]
    if state.again_on:
        return [Line(BLANK), Line(texts.AGAIN_ON, {"date": both(state.again_on)})]
    return []


# --- presses


def pressed(desk: Desk, press: Pressed) -> tuple[Out, ...]:
    """A button under a reminder. The form that may be open stays where it is, unless another one is begun."""
    if press.move == "owed":
        return _begin(desk, press.arg)
    campaign = campaigns.campaign_of(desk.tx, number_of(press.arg))
    mine = _mine(desk, campaign) if campaign else None
    if campaign is None or mine is None or campaign.state in ("draft", "ended"):
        return (Toast(Line(texts.CLOSED)),)
    match press.move:
        case "again":
            day = _tomorrow(desk, campaign)
            campaigns.set_again(desk.tx, campaign.id, desk.an_officer.id, day)
            return _quietened(
                desk, campaign, mine, _State(again_on=day), Line(texts.AGAIN_ON, {"date": both(day)})
            )
        case "off":
            campaigns.set_off(desk.tx, campaign.id, desk.an_officer.id, True)
            return _quietened(desk, campaign, mine, _State(off=True), Line(texts.NOW_OFF))
        case _:
            campaigns.set_off(desk.tx, campaign.id, desk.an_officer.id, False)
            campaigns.set_again(desk.tx, campaign.id, desk.an_officer.id, None)
            return _quietened(desk, campaign, mine, _State(), Line(texts.NOW_ON))


def _tomorrow(desk: Desk, campaign: Campaign) -> date:
    """The day that is promised: the first working day after today."""
    tomorrow = day_in_thailand(desk.now) + timedelta(days=1)
    hours = hours_of(campaign, days_off_around(desk.now))
    return hours.working_day(tomorrow, 1) or tomorrow


def _mine(desk: Desk, campaign: Campaign) -> Owing | None:
    facts = campaigns.owing(desk.tx, campaign, [desk.an_officer.lao.code])
    return next((one for one in facts if one.officer_id == desk.an_officer.id), None)


def _quietened(desk: Desk, campaign: Campaign, mine: Owing, state: _State, say: Line) -> tuple[Out, ...]:
    """The reminder as it stands now, in its place, with the way back."""
    kind: Kind = "day" if mine.lacks or mine.returned else "thanks"
    left = days_left(campaign, desk.now)
    now = Reminder(desk.an_officer.id, "", kind, left, mine.lacks, mine.returned)
    return (Toast(say), _reply(desk, campaign, now, state, slot="pressed"))


def _begin(desk: Desk, form: str) -> tuple[Out, ...]:
    """Goes on with the draft of a missing form, or starts it; another open form is asked about first."""
    if form not in CATALOGUE:
        return (Toast(Line(EXPIRED)), *screens.standing_or_menu(desk))
    kept = conversations.draft_for_form(desk.tx, desk.an_officer.id, form)
    if kept is None:
        return screens.start(desk, CATALOGUE[form])
    instead = Button(Line(texts.INSTEAD_GO_ON, {"form": TITLES[form]}), "go", str(kept.id))
    return screens.open_or_ask(desk, kept, instead)
