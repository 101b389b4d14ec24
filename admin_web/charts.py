"""Charts as SVG that reads in print, without colours and by ear: a bar for each row, and the pace day by day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Final

from markupsafe import Markup

from flows.core.dates import shown
from flows.core.progress import Pace, Tally
from flows.core.text import Language, T

APPROVED, TO_REVIEW = T("ผ่านแล้ว", "Approved"), T("รอตรวจ", "In review")
TO_FIX, TO_SEND = T("ให้แก้ไข", "Returned for changes"), T("ยังไม่ส่ง", "Not sent")
BAR_SAYS = T("{name}: ต้องส่ง {owed} รายการ", "{name}: {owed} owed")
PART_SAYS = T("{part} {count}", "{part} {count}")
PACE_TITLE = T("จำนวนรายการที่ส่งในแต่ละวัน", "Entries sent each day")
PACE_SAYS = T(
    "ตั้งแต่ {first} ถึง {last} ส่งเฉลี่ยวันละ {made} รายการ 7 วันล่าสุดวันละ {lately} รายการ",
    "From {first} to {last}: {made} entries a day, {lately} a day in the last 7 days.",
)
PACE_SAYS_TODAY = T("เริ่มวันนี้ ({last}) ส่งแล้ว {made} รายการ", "Begun today ({last}): {made} entries so far.")
NEEDED_SAYS = T(
    "จากวันนี้ต้องส่งวันละ {needed} รายการ จึงจะครบภายใน {deadline}",
    "From today {needed} a day are needed to be complete by {deadline}.",
)
TOO_LATE = T("เลยกำหนดแล้ว และยังส่งไม่ครบ", "The deadline has passed, and entries are lacking.")
COMPLETE = T("ส่งครบแล้ว", "Everything is there.")
MADE = T("ส่งในแต่ละวัน", "Sent each day")
MADE_BY_WEEK = T("ส่งเฉลี่ยต่อวัน รายสัปดาห์", "Sent a day, by the week")
NEEDED = T("ต้องส่งวันละ {needed}", "Needed: {needed} a day")
TODAY, DUE = T("วันนี้", "today"), T("ครบกำหนด", "deadline")

_BAR = (200, 16)
_CHART = (480, 240)
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 34, 30
_DASHED = Markup('stroke-width="2.5" stroke-dasharray="7 4"')
_MOST_BARS: Final = 62  # more days than this are drawn by the week


@dataclass(frozen=True, slots=True)
class _Part:
    key: str  # of its pattern and its class
    label: T
    count: int


def _parts(tally: Tally) -> Sequence[_Part]:
    approved = tally.owed - tally.to_review - tally.to_fix - tally.to_send
    return (
        _Part("approved", APPROVED, approved),
        _Part("to-review", TO_REVIEW, tally.to_review),
        _Part("to-fix", TO_FIX, tally.to_fix),
        _Part("to-send", TO_SEND, tally.to_send),
    )


def patterns() -> Markup:
    """What the bars are filled with: once on every page that has a chart, before the first."""
    return Markup(
        '<svg width="0" height="0" aria-hidden="true" focusable="false" class="chart-patterns"><defs>'
        '<pattern id="part-approved" width="8" height="8" patternUnits="userSpaceOnUse">'
        '<rect width="8" height="8" fill="#11643a"/></pattern>'
        '<pattern id="part-to-review" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="6" height="6" fill="#cfe0f7"/>'
        '<rect width="3" height="6" fill="#1d4f91"/></pattern>'
        '<pattern id="part-to-fix" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<rect width="6" height="6" fill="#f0b429"/><circle cx="3" cy="3" r="1.3" fill="#1f2933"/></pattern>'
        '<pattern id="part-to-send" width="8" height="8" patternUnits="userSpaceOnUse">'
        '<rect class="chart-paper" width="8" height="8" fill="#ffffff"/></pattern>'
        "</defs></svg>"
    )


def row_bar(name: str, tally: Tally, language: Language) -> Markup:
    """What a row owes as one bar: approved, in review, returned, not sent.

    In shares of its width, so that stretching it leaves the patterns as they are.
    """
    said = bar_in_words(name, tally, language)
    wide, high = _BAR
    rects: list[Markup] = []
    left = 0.0
    for part in _parts(tally):
        width = 100 * part.count / max(1, tally.owed)
        if part.count:
            rects.append(_rect(f"{_n(left)}%", 0, f"{_n(width)}%", "100%", part.key))
        left += width
    return Markup(
        '<svg class="chart-bar" role="img" aria-label="{said}" width="{wide}" height="{high}">'
        "<title>{said}</title>{rects}"
        '<rect width="100%" height="100%" fill="none" stroke="#52606d" stroke-width="2"/></svg>'
    ).format(said=said, wide=wide, high=high, rects=Markup("").join(rects))


def bar_in_words(name: str, tally: Tally, language: Language) -> str:
    """`ลำปาง: ต้องส่ง 312 รายการ, ผ่านแล้ว 120, รอตรวจ 30, ...`."""
    parts = [PART_SAYS.to(language, {"part": one.label, "count": one.count}) for one in _parts(tally)]
    return ", ".join([BAR_SAYS.to(language, {"name": name, "owed": tally.owed}), *parts])


def legend(language: Language) -> Markup:
    """The bars' four parts with their names, as a list."""
    item = Markup(
        '<li><svg class="chart-key" aria-hidden="true" focusable="false" width="22" height="14" '
        'viewBox="0 0 22 14">{rect}<rect x="0.5" y="0.5" width="21" height="13" fill="none" '
        'stroke="#52606d"/></svg> {label}</li>'
    )
    items = [
        item.format(rect=_rect(0, 0, 22, 14, one.key), label=one.label.to(language))
        for one in _parts(Tally())
    ]
    return Markup('<ul class="chart-legend">{items}</ul>').format(items=Markup("").join(items))


def _rect(x: float | str, y: float, width: float | str, height: float | str, part: str) -> Markup:
    shape = Markup(
        '<rect class="part-{part}" x="{x}" y="{y}" width="{w}" height="{h}" fill="url(#part-{part})"/>'
    )
    return shape.format(part=part, x=x, y=y, w=width, h=height)


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


# --- the pace


@dataclass(frozen=True, slots=True)
class _Bar:
    first: date
    days: int
    a_day: float


def pace_chart(
    days: Sequence[tuple[date, int]], pace: Pace, deadline: date, language: Language, key: str = "pace"
) -> Markup:
    """Entries of each day until today (the last of `days`), and the pace needed from today to the deadline.

    `key` makes the chart's ids its own on a page with several.
    """
    bars = _bars(days)
    first, today = (days[0][0], days[-1][0]) if days else (deadline, deadline)
    frame = _Frame(first, max(deadline, today), max([1.0, pace.needed or 0, *(one.a_day for one in bars)]))
    drawn = [_heading(any(one.days > 1 for one in bars), pace, language), _grid(frame),
             _bars_drawn(frame, bars, language), _needed_line(frame, pace),
             _dates(frame, today, deadline, language)]  # fmt: skip
    return Markup(
        '<svg class="chart-pace" role="img" aria-labelledby="{key}-title {key}-says" direction="ltr" '
        'viewBox="0 0 {wide} {high}" font-size="13" fill="currentColor"><title id="{key}-title">{title}</title>'
        '<desc id="{key}-says">{says}</desc>{drawn}</svg>'
    ).format(
        key=key, wide=_CHART[0], high=_CHART[1], title=PACE_TITLE.to(language),
        says=pace_in_words(days, pace, deadline, language), drawn=Markup("").join(drawn),
    )  # fmt: skip


def pace_in_words(days: Sequence[tuple[date, int]], pace: Pace, deadline: date, language: Language) -> str:
    facts = {
        "first": shown(days[0][0] if days else deadline, language),
        "last": shown(days[-1][0] if days else deadline, language),
        "made": _rounded(pace.made), "lately": _rounded(pace.lately), "deadline": shown(deadline, language),
        "needed": _rounded(pace.needed or 0),
    }  # fmt: skip
    match pace.needed:
        case None:
            outlook = TOO_LATE
        case 0.0:
            outlook = COMPLETE
        case _:
            outlook = NEEDED_SAYS
    so_far = PACE_SAYS if len(days) > 1 else PACE_SAYS_TODAY
    return f"{so_far.to(language, facts)} {outlook.to(language, facts)}"


def days_in_words(days: Sequence[tuple[date, int]], language: Language) -> Sequence[tuple[str, str]]:
    """The chart's bars for who cannot see them: each day or week, newest first, and its entries a day."""
    return [(_span(one, language), _a_day(one)) for one in reversed(_bars(days))]


def _bars(days: Sequence[tuple[date, int]]) -> Sequence[_Bar]:
    """A bar for each day, or for each week where the days are too many."""
    step = 1 if len(days) <= _MOST_BARS else 7
    groups = [days[start : start + step] for start in range(0, len(days), step)]
    return [_Bar(group[0][0], len(group), sum(count for _, count in group) / len(group)) for group in groups]


class _Frame:
    """Where a day and a number of entries lie in the drawing."""

    def __init__(self, first: date, last: date, most: float) -> None:
        self.first, self.last = first, last
        self.step = _nice_step(most)
        self.top = self.step * -(-most // self.step)
        self._day = (_CHART[0] - _LEFT - _RIGHT) / ((last - first).days + 1)

    def x(self, day: date) -> float:
        return _LEFT + (day - self.first).days * self._day

    def y(self, a_day: float) -> float:
        return _CHART[1] - _BOTTOM - (_CHART[1] - _BOTTOM - _TOP) * a_day / self.top

    def wide(self, days: int) -> float:
        return self._day * days


def _nice_step(most: float) -> float:
    """1, 2 or 5 and zeros, so that three or four lines cover it; never a part of an entry."""
    step = 1.0
    while most / step > 4:
        step *= 2.5 if str(int(step)).startswith("2") else 2
    return step


def _grid(frame: _Frame) -> Markup:
    line = Markup(
        '<line class="chart-grid" x1="{left}" x2="{right}" y1="{y}" y2="{y}" stroke="#cbd2d9"/>'
        '<text x="{label}" y="{text_y}" text-anchor="end">{number}</text>'
    )
    numbers = [frame.step * place for place in range(int(frame.top / frame.step) + 1)]
    return Markup("").join(
        line.format(left=_LEFT, right=_CHART[0] - _RIGHT, y=_n(frame.y(one)), label=_LEFT - 6,
                    text_y=_n(frame.y(one) + 4), number=f"{one:,.0f}")
        for one in numbers
    )  # fmt: skip


def _bars_drawn(frame: _Frame, bars: Iterable[_Bar], language: Language) -> Markup:
    shape = Markup(
        '<rect class="chart-made" x="{x}" y="{y}" width="{w}" height="{h}" fill="#1d4f91"><title>{said}</title></rect>'
    )
    drawn = []
    for one in bars:
        wide, top = frame.wide(one.days), frame.y(one.a_day)
        gap = min(2.0, wide * 0.2)
        said = f"{_span(one, language)}: {_a_day(one)}"
        drawn.append(shape.format(x=_n(frame.x(one.first) + gap / 2), y=_n(top), w=_n(wide - gap),
                                  h=_n(frame.y(0) - top), said=said))  # fmt: skip
    return Markup("").join(drawn)


def _a_day(bar: _Bar) -> str:
    return f"{bar.a_day:,.0f}" if bar.days == 1 else f"{bar.a_day:,.1f}"


def _span(bar: _Bar, language: Language) -> str:
    first = shown(bar.first, language, short=True)
    if bar.days == 1:
        return first
    return f"{first} – {shown(bar.first + timedelta(days=bar.days - 1), language, short=True)}"


def _needed_line(frame: _Frame, pace: Pace) -> Markup:
    # Across the whole chart, so that every bar can be held against it; the halo parts it from the bars.
    if not pace.needed:
        return Markup("")
    line = Markup('<line class="{of}" x1="{x1}" x2="{x2}" y1="{y}" y2="{y}" stroke="{stroke}" {more}/>')
    y, x1, x2 = _n(frame.y(pace.needed)), _LEFT, _CHART[0] - _RIGHT
    halo = line.format(of="chart-halo", x1=x1, x2=x2, y=y, stroke="#ffffff", more=Markup('stroke-width="5"'))
    return halo + line.format(of="chart-needed", x1=x1, x2=x2, y=y, stroke="#b3261e", more=_DASHED)


def _heading(by_week: bool, pace: Pace, language: Language) -> Markup:
    """What the bars and the line are, above them: nothing in the drawing can run into it."""
    made = Markup(
        '<rect class="chart-made" x="{x}" y="6" width="12" height="12" fill="#1d4f91"/>'
        '<text x="{text_x}" y="17">{label}</text>'
    ).format(x=_LEFT, text_x=_LEFT + 18, label=(MADE_BY_WEEK if by_week else MADE).to(language))
    if not pace.needed:
        return made
    label = NEEDED.to(language, {"needed": _rounded(pace.needed)})
    right = _CHART[0] - _RIGHT
    return made + Markup(
        '<line class="chart-needed" x1="{x1}" x2="{x2}" y1="12" y2="12" stroke="#b3261e" {dashed}/>'
        '<text x="{text_x}" y="17" text-anchor="end">{label}</text>'
    ).format(x1=right - 34, x2=right, dashed=_DASHED, text_x=right - 42, label=label)


def _rounded(a_day: float) -> str:
    """Whole entries, upwards; parts of one only where they matter."""
    return f"{ceil(a_day):,}" if a_day >= 10 or a_day == int(a_day) else f"{a_day:,.1f}"


def _dates(frame: _Frame, today: date, deadline: date, language: Language) -> Markup:
    """The first and the last day under the axis, and between them, where there is room, today or the deadline."""
    text = Markup('<text x="{x}" y="{y}" text-anchor="{anchor}">{day}</text>')
    y = _CHART[1] - 10
    ends = [(frame.first, _LEFT, "start"), (frame.last, _CHART[0] - _RIGHT, "end")][
        frame.first == frame.last :
    ]
    drawn = [
        text.format(x=x, y=y, anchor=anchor, day=shown(day, language, short=True)) for day, x, anchor in ends
    ]
    between, label = (today, TODAY) if today < deadline else (deadline, DUE)
    middle = frame.x(between) + frame.wide(1) / 2
    if _LEFT + 115 < middle < _CHART[0] - _RIGHT - 115:
        drawn.append(text.format(x=_n(middle), y=y, anchor="middle", day=label.to(language)))
    return Markup("").join(drawn)
