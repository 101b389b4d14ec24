"""What reminders, thank-yous and the coordinators' digests say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flows.core.campaign import Campaign
from flows.core.chat import Line
from flows.core.dates import both, shown_at
from flows.core.phones import Phone, dialled
from flows.core.reminders import Reminder
from flows.core.text import LANGUAGES, Fact, T

MOST_NAMED = 5  # LAOs named under one heading of a digest: three headings fit into one chat message
_LONGEST_LAO, _LONGEST_DISTRICT = 64, 24  # letters: real ones are shorter, and all must fit into one message
_LONGEST_NAME = 40  # characters of an officer's name; a chat lets people call themselves anything
_MOST_NUMBERS = 10  # returned entries named in one reminder

_TITLE = T("<b>{title}</b>", "<b>{title}</b>")
_WORDS = T("{words}", "{words}")
_LETTER = T("หนังสือที่ {number} ลงวันที่ {date}", "Letter {number} of {date}")
_LETTER_NUMBER = T("หนังสือที่ {number}", "Letter {number}")
_LETTER_DATE = T("หนังสือลงวันที่ {date}", "Letter of {date}")
_LACKS = T("ขาด: {lacks}", "Still missing: {lacks}")
_RETURNED = T("ผู้ตรวจขอให้แก้ไข: {numbers}", "Sent back for changes: {numbers}")
_RETURNED_MORE = T(
    "ผู้ตรวจขอให้แก้ไข: {numbers} และอีก {more} รายการ", "Sent back for changes: {numbers} and {more} more"
)
_MOVED = T("เปลี่ยนกำหนดส่งเป็น {when}", "The deadline is now {when}.")
_DEADLINE = T("กำหนดส่ง {when}", "Deadline: {when}")

_LEFT = T("เหลืออีก {days} วัน", "{days} days left")
_TOMORROW = T("ครบกำหนดพรุ่งนี้", "It is due tomorrow.")
_TODAY = T("ครบกำหนดวันนี้", "It is due today.")
_PASSED = T("เลยกำหนดส่งแล้ว", "The deadline has passed.")
_PASSED_DAYS = T("เลยกำหนดส่งมา {days} วันแล้ว", "The deadline passed {days} days ago.")

_THANKS = {
    "submitted": T(
        "ส่งครบแล้วสำหรับ <b>{title}</b> ขอบคุณมาก",
        "Everything for <b>{title}</b> has been sent. Thank you very much.",
    ),
    "approved": T(
        "ผ่านการตรวจครบแล้วสำหรับ <b>{title}</b> ขอบคุณมาก",
        "Everything for <b>{title}</b> has been approved. Thank you very much.",
    ),
}

REMIND_TOMORROW = T("เตือนพรุ่งนี้", "Remind me tomorrow")
REMIND_NO_MORE = T("ไม่ต้องเตือนเรื่องนี้อีก", "No more reminders of this")
_START = T("เริ่ม: {form}", "Start: {form}")
_GO_ON = T("ทำต่อ: {form}", "Go on: {form}")

_DIGEST = T("<b>{title}</b> {place} ณ วันที่ {date}", "<b>{title}</b>, {place}, {date}")
_DIGEST_NONE = T("ทุกแห่งในพื้นที่ของท่านส่งครบแล้ว", "Every LAO in your area has sent everything.")
_DIGEST_COUNT = T("ในพื้นที่ของท่านยังไม่ครบ {count} แห่ง", "LAOs in your area with something missing: {count}")
_NOBODY = T(
    "<b>ยังไม่มีเจ้าหน้าที่เข้าร่วม ควรโทรแจ้ง ({count} แห่ง)</b>",
    "<b>No officer has joined, please phone ({count})</b>",
)
_UNREACHABLE = T(
    "<b>ส่งข้อความไม่ถึง ควรโทรแจ้ง ({count} แห่ง)</b>", "<b>Messages do not arrive, please phone ({count})</b>"
)
_REMINDED = T("<b>ระบบเตือนแล้ว แต่ยังไม่ครบ ({count} แห่ง)</b>", "<b>Reminded and still missing ({count})</b>")
_ROW = T("• {lao} อ.{district}{phone}{officer} ขาด {lacks}", "• {lao}, {district}{phone}{officer}: {lacks}")
_PHONE = T(" โทร. {phone}", ", tel. {phone}")
_OFFICER = T(" เจ้าหน้าที่ {name}", ", officer {name}")
_MORE = T("และอีก {count} แห่ง อยู่ในไฟล์ที่ตามมา", "and {count} more, all in the file that follows")


@dataclass(frozen=True, slots=True)
class Behind:
    """One LAO that lacks something, as its province's coordinators need to know it."""

    lao: str  # type and name
    district: str
    lacks: tuple[tuple[str, int], ...]  # form, how many entries are missing
    officers_joined: int
    reachable: bool  # at least one officer gets our messages
    phone: Phone | None = None  # of the office
    officer: str = ""  # whom to ask for, where messages do not arrive


def lacks_in_words(lacks: Sequence[tuple[str, int]], titles: Mapping[str, T]) -> T:
    """`สินค้า 1 รายการ, สถานที่สำคัญ 1 รายการ`; `titles` are the forms' names."""
    named = [(titles[form], count) for form, count in lacks]
    thai = ", ".join(f"{title.th} {count} รายการ" for title, count in named)
    english = ", ".join(f"{title.en}: {count}" for title, count in named)
    return T(thai, english)


def days_left_line(days_left: int) -> Line:
    match days_left:
        case 0:
            return Line(_TODAY)
        case 1:
            return Line(_TOMORROW)
        case -1:  # also within the deadline's own day
            return Line(_PASSED)
        case _ if days_left < 0:
            return Line(_PASSED_DAYS, {"days": -days_left})
        case _:
            return Line(_LEFT, {"days": days_left})


def letter_line(campaign: Campaign) -> Line | None:
    """The letter by number and date, as far as they are known."""
    number, day = campaign.letter_number, campaign.letter_date
    if number and day:
        return Line(_LETTER, {"number": number, "date": both(day)})
    if number:
        return Line(_LETTER_NUMBER, {"number": number})
    return Line(_LETTER_DATE, {"date": both(day)}) if day else None


def reminder_lines(campaign: Campaign, reminder: Reminder, titles: Mapping[str, T]) -> tuple[Line, ...]:
    """The words of any reminder; `titles` are the forms' names."""
    if reminder.kind == "thanks":
        return (Line(_THANKS[campaign.counts], {"title": campaign.title}),)
    letter = letter_line(campaign)
    when = {"when": T(shown_at(campaign.deadline, "th"), shown_at(campaign.deadline, "en"))}
    return (
        *((Line(_WORDS, {"words": campaign.wording}),) if campaign.wording else ()),
        Line(_TITLE, {"title": campaign.title}),
        *((letter,) if letter else ()),
        *_owed_lines(reminder, titles),
        Line(_MOVED if reminder.kind == "moved" else _DEADLINE, when),
        days_left_line(reminder.days_left),
    )


def form_label(title: T, has_draft: bool) -> Line:
    """The words on the button that starts a missing form, or goes on with its draft."""
    return Line(_GO_ON if has_draft else _START, {"form": title})


def _owed_lines(reminder: Reminder, titles: Mapping[str, T]) -> list[Line]:
    lines = []
    if reminder.lacks:
        lines.append(Line(_LACKS, {"lacks": lacks_in_words(reminder.lacks, titles)}))
    named, more = reminder.returned[:_MOST_NUMBERS], len(reminder.returned[_MOST_NUMBERS:])
    if more:
        lines.append(Line(_RETURNED_MORE, {"numbers": ", ".join(named), "more": more}))
    elif named:
        lines.append(Line(_RETURNED, {"numbers": ", ".join(named)}))
    return lines


def digest_lines(
    campaign: Campaign, place: T, day: date, left: int, behind: Sequence[Behind], titles: Mapping[str, T]
) -> tuple[Line, ...]:
    """The digest of one day for `place`, within one chat message however many LAOs are behind."""
    head = Line(_DIGEST, {"title": campaign.title, "place": place, "date": both(day)})
    if not behind:
        return (head, Line(_DIGEST_NONE))
    nobody = [one for one in behind if not one.officers_joined]
    unreachable = [one for one in behind if one.officers_joined and not one.reachable]
    reminded = [one for one in behind if one.officers_joined and one.reachable]
    return (
        head,
        days_left_line(left),
        Line(_DIGEST_COUNT, {"count": len(behind)}),
        *_group(_NOBODY, nobody, titles),
        *_group(_UNREACHABLE, unreachable, titles),
        *_group(_REMINDED, reminded, titles),
    )


def _group(heading: T, group: Sequence[Behind], titles: Mapping[str, T]) -> list[Line]:
    if not group:
        return []
    rows = [_row(one, titles) for one in group[:MOST_NAMED]]
    more = len(group) - len(rows)
    return [Line(heading, {"count": len(group)}), *rows, *([Line(_MORE, {"count": more})] if more else [])]


def _row(one: Behind, titles: Mapping[str, T]) -> Line:
    facts: dict[str, Fact] = {
        "lao": one.lao[:_LONGEST_LAO],
        "district": one.district[:_LONGEST_DISTRICT],
        "phone": _part(_PHONE, phone=T(dialled(one.phone, "th"), dialled(one.phone, "en")))
        if one.phone
        else "",
        "officer": _part(_OFFICER, name=one.officer[:_LONGEST_NAME]) if one.officer else "",
        "lacks": lacks_in_words(one.lacks, titles),
    }
    return Line(_ROW, facts)


def _part(say: T, **facts: Fact) -> T:
    """A part of a sentence, as a fact of it: braces that anyone has typed are no slots."""
    thai, english = (say.to(one, facts).replace("{", "{{").replace("}", "}}") for one in LANGUAGES)
    return T(thai, english)
