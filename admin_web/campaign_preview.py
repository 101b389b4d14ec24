"""What a campaign will say and when: its messages in the chat's own look, and the days on which they go out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from markupsafe import Markup, escape

from admin_web import campaign_texts as words
from admin_web.progress_texts import form_title
from flows.core.calendar import day_in_thailand, hours_of
from flows.core.campaign import Campaign
from flows.core.chat import Line
from flows.core.reminder_texts import REMIND_NO_MORE, REMIND_TOMORROW, form_label, reminder_lines
from flows.core.reminders import Kind, Reminder
from flows.core.text import Language, T, said


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message; its buttons stand below each other."""

    about: T
    text: Markup
    buttons: Sequence[str] = ()
    at: str = ""


@dataclass(frozen=True, slots=True)
class RemindingDay:
    day: date
    instead_of: date | None = None  # a day off


@dataclass(frozen=True, slots=True)
class DayOff:
    day: date
    name: T


@dataclass(frozen=True, slots=True)
class Preview:
    """Days that are past are left out."""

    bubbles: Sequence[Bubble]
    days: Sequence[RemindingDay]
    days_off: Sequence[DayOff]  # working days otherwise, from the first day of reminding to the last


def preview_of(campaign: Campaign, holidays: Mapping[date, T], now: datetime, language: Language) -> Preview:
    """`holidays` are the public ones, by name."""
    today = day_in_thailand(now)
    days = [one for one in reminding_days(campaign, holidays.keys()) if one.day >= today]
    left = (campaign.deadline_day - days[0].day).days if days else 0
    lacks = tuple((one.form, one.count) for one in campaign.requirements)
    titles = {one.form: form_title(one.form) for one in campaign.requirements}
    kind: Kind = "before" if left > 0 else "after" if left < 0 else "day"
    reminder = Reminder(0, "", kind, left, lacks)
    buttons = [form_label(title, False).to(language) for title in titles.values()]
    buttons += [REMIND_TOMORROW.to(language), REMIND_NO_MORE.to(language)]
    thanks = Reminder(0, "", "thanks", left)
    at = f"{campaign.opens:%H:%M}"
    return Preview(
        (
            Bubble(
                words.SAMPLE_LAO,
                chat_words(reminder_lines(campaign, reminder, titles), language),
                buttons,
                at,
            ),
            Bubble(
                words.SAMPLE_THANKS, chat_words(reminder_lines(campaign, thanks, titles), language), at=at
            ),
        ),
        days,
        [one for one in _days_off(campaign, holidays) if one.day >= today],
    )


def chat_words(lines: Sequence[Line], language: Language) -> Markup:
    """The lines as the chat shows them: <b> and <i> are markup in a sentence, in a fact they are letters."""
    return Markup("\n").join(_line(line, language) for line in lines)


def _line(line: Line, language: Language) -> Markup:
    facts = {name: str(escape(said(fact, language))) for name, fact in line.facts.items()}
    return Markup(line.say.to(language, facts))  # its facts are escaped just above


def reminding_days(campaign: Campaign, days_off: AbstractSet[date]) -> list[RemindingDay]:
    """The days on which reminders go out: a stage on a day off moves before the deadline, or on after it."""
    hours = hours_of(campaign, days_off)
    found: dict[date, RemindingDay] = {}
    for wanted, step in _nominal_days(campaign, days_off):
        day = hours.working_day(wanted, step)
        if day == wanted:
            found[day] = RemindingDay(day)
        elif day is not None:
            found.setdefault(day, RemindingDay(day, wanted))
    return [found[day] for day in sorted(found)]


def _nominal_days(campaign: Campaign, days_off: AbstractSet[date]) -> list[tuple[date, int]]:
    """The days as they were asked for, each with the way in which it moves from a day off."""
    ends = campaign.deadline_day
    days = [(ends - timedelta(days=before), -1) for before in campaign.before]
    if hours_of(campaign, days_off).opening(ends) >= campaign.deadline:
        # Too early in the morning for a message on the day itself.
        days = [(min(day, ends - timedelta(days=1)), step) for day, step in days]
    return days + [(ends + timedelta(days=after), 1) for after in campaign.after]


def _days_off(campaign: Campaign, holidays: Mapping[date, T]) -> list[DayOff]:
    wanted = [day for day, _ in _nominal_days(campaign, holidays.keys())]
    moved = [one.day for one in reminding_days(campaign, holidays.keys())]
    if not wanted:
        return []
    first, last = min(wanted + moved), max(wanted + moved)
    named = {**dict.fromkeys(campaign.extra_days_off, words.OWN_DAY_OFF), **holidays}
    return [DayOff(day, named[day]) for day in sorted(named) if first <= day <= last and day.weekday() < 5]
