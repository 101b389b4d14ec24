"""What a campaign will say and when: its messages in the chat's own look, and the days on which they go out."""

from __future__ import annotations

from collections.abc import Sequence
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
class Preview:
    bubbles: Sequence[Bubble]
    days: Sequence[date]  # of reminding, those that are past left out


def preview_of(campaign: Campaign, days_off: AbstractSet[date], now: datetime, language: Language) -> Preview:
    days = [day for day in reminding_days(campaign, days_off) if day >= day_in_thailand(now)]
    left = (campaign.deadline_day - days[0]).days if days else 0
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
    )


def chat_words(lines: Sequence[Line], language: Language) -> Markup:
    """The lines as the chat shows them: <b> and <i> are markup in a sentence, in a fact they are letters."""
    return Markup("\n").join(_line(line, language) for line in lines)


def _line(line: Line, language: Language) -> Markup:
    facts = {name: str(escape(said(fact, language))) for name, fact in line.facts.items()}
    return Markup(line.say.to(language, facts))  # its facts are escaped just above


def reminding_days(campaign: Campaign, days_off: AbstractSet[date]) -> list[date]:
    """The days on which reminders go out: a stage on a day off moves before the deadline, or on after it."""
    hours = hours_of(campaign, days_off)
    ends = campaign.deadline_day
    nominal = [(ends - timedelta(days=days), -1) for days in campaign.before]
    if hours.opening(ends) >= campaign.deadline:
        # Too early in the morning for a message on the day itself.
        nominal = [(min(day, ends - timedelta(days=1)), step) for day, step in nominal]
    nominal += [(ends + timedelta(days=days), 1) for days in campaign.after]
    found = (hours.working_day(day, step) for day, step in nominal)
    return sorted({day for day in found if day is not None})
