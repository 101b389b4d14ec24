"""The progress of a campaign as a plain official report: an A4 PDF with the letter, the table, and place to sign."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from admin_web import progress_texts as say
from admin_web.paper import LEFT, LINE, SMALL, SMALLEST, WIDE, Paper
from flows.core.campaign import Campaign
from flows.core.dates import BANGKOK, both
from flows.core.progress import STAGE_LABELS, STAGES, Row, sum_of
from flows.core.text import Language, T
from storage.lao_names import short_name
from storage.thai_lines import lines_of

CONTENT_TYPE: Final = "application/pdf"

# Millimetres.
_NUMBER, _LABEL = 11.5, 28.0
_PAD = 1.5
_ROW_LINE = 5.6
_ROW = _ROW_LINE + _PAD
_GREY = 235
_SIGNATURE = 14 + 4 * 1.3 * LINE

HEADLINE = T("รายงานความก้าวหน้า", "Progress report")
SUMMARY = T(
    "อปท. ที่ต้องส่งทั้งหมด {laos} แห่ง ครบแล้ว {complete} แห่ง ทำแล้ว {done} จาก {owed} รายการ ({percent}%) ยังขาด {lacking} รายการ",
    "Of {laos} LAOs {complete} are complete; {done} of {owed} entries are done ({percent}%), {lacking} are lacking.",
)
OWES = T("{form} {count} รายการ", "{form}: {count}")
COMPLETE_OF = T("ครบ {complete}/{laos}", "{complete}/{laos} done")
AT = T("{date} เวลา {time} น.", "{date}, {time}")
PER_LAO = T("{what} ต่อแห่ง (นับเมื่อ{counted})", "{what}, each LAO (counted when {counted})")
WHAT = T("สิ่งที่ต้องส่ง", "Asked for")
SIGNED = T("ลงชื่อ", "Signed")
POST = T("ตำแหน่ง", "Position")
DATED = T("วันที่", "Date")
NOTHING = T("ไม่มี อปท. ที่ต้องส่งในพื้นที่นี้", "No LAO here has to send anything.")


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading of their own, such as a district's LAOs; without a name they have none."""

    name: str
    rows: Sequence[Row]


def progress_pdf(
    campaign: Campaign, place: str, level: say.Level, sections: Sequence[Section], now: datetime,
    language: Language = "th",
) -> bytes:  # fmt: skip
    """`place` heads the report (`จังหวัดลำปาง`); the rows are of one `level`. Run it in a thread: some 50 ms a page."""
    pdf = Paper(campaign.title, language, now)
    total = sum_of(row for section in sections for row in section.rows)
    pdf.add_page()
    _heading(pdf, campaign, place, now)
    _summary(pdf, total)
    if total.laos:
        _table(pdf, level, sections, total)
    _signature(pdf)
    return bytes(pdf.output())


def _heading(pdf: Paper, campaign: Campaign, place: str, now: datetime) -> None:
    pdf.letters(18, bold=True)
    pdf.paragraph(pdf.say(HEADLINE), align="C", line=9)
    pdf.letters(15, bold=True)
    pdf.paragraph(place, align="C", line=8)
    pdf.y += 3
    _fact(pdf, say.TITLE, campaign.title)
    if campaign.letter_number:
        _fact(pdf, say.REFERRING, _letter(campaign).to(pdf.language))
    _fact(pdf, say.DEADLINE, _at(campaign.deadline, pdf.language))
    _fact(pdf, WHAT, _asked(campaign, pdf.language))
    _fact(pdf, say.AS_OF, _at(now, pdf.language))
    pdf.y += 2


def _at(moment: datetime, language: Language) -> str:
    local = moment.astimezone(BANGKOK)
    return AT.to(language, {"date": both(local.date()), "time": f"{local:%H:%M}"})


def _letter(campaign: Campaign) -> T:
    facts = {
        "number": campaign.letter_number,
        "date": both(campaign.letter_date) if campaign.letter_date else "",
    }
    of = say.LETTER_OF if campaign.letter_date else say.LETTER_ONLY
    return T(of.to("th", facts), of.to("en", facts))


def _asked(campaign: Campaign, language: Language) -> str:
    each = [
        OWES.to(language, {"form": say.form_title(one.form), "count": one.count})
        for one in campaign.requirements
    ]
    counted = say.COUNTED_WHEN[campaign.counts]
    return PER_LAO.to(language, {"what": ", ".join(each), "counted": counted})


def _fact(pdf: Paper, label: T, words: str) -> None:
    pdf.letters(bold=True)
    pdf.set_xy(LEFT, pdf.y)
    pdf.write_in(_LABEL, LINE, pdf.say(label))
    pdf.letters()
    pdf.paragraph(words, left=LEFT + _LABEL)


def _summary(pdf: Paper, total: Row) -> None:
    tally = total.tally
    facts = {"laos": total.laos, "complete": total.complete, "done": tally.done, "owed": tally.owed,
             "lacking": tally.lacking, "percent": int(tally.share * 100)}  # fmt: skip
    if not total.laos:
        pdf.paragraph(pdf.say(NOTHING))
        return
    pdf.paragraph(SUMMARY.to(pdf.language, facts))
    stages = [f"{STAGE_LABELS[stage].to(pdf.language)} {total.stages.get(stage, 0):,}" for stage in STAGES]
    pdf.paragraph(" · ".join(stages))
    pdf.y += 3


# --- the table


@dataclass(frozen=True, slots=True)
class _Column:
    title: T
    wide: float
    words: Callable[[Row, Language], str]
    align: str = "R"


def _columns(level: say.Level, language: Language) -> list[_Column]:
    last = (
        _Column(say.STAGE, 29.5, _stage, "L")
        if level == "lao"
        else _Column(say.COMPLETE, 27, lambda row, _: f"{row.complete:,}/{row.laos:,}")
    )
    each = 13.8 if language == "th" else 17.2
    numbers = [
        _Column(say.OWED, each, lambda row, _: f"{row.tally.owed:,}"),
        _Column(say.SUBMITTED, each, lambda row, _: f"{row.tally.submitted:,}"),
        _Column(say.WAITING, each, lambda row, _: f"{row.tally.waiting:,}"),
        _Column(say.RETURNED, each, lambda row, _: f"{row.tally.returned:,}"),
        _Column(say.APPROVED, each, lambda row, _: f"{row.tally.approved:,}"),
        _Column(say.LACKING, each, lambda row, _: f"{row.tally.lacking:,}"),
        last,
    ]
    name = WIDE - _NUMBER - sum(one.wide for one in numbers)
    return [_Column(say.LEVEL_LABELS[level], name, lambda row, _: short_name(row.name), "L"), *numbers]


def _stage(row: Row, language: Language) -> str:
    if row.laos > 1 or not row.key:  # a sum is no LAO, though there be only one in it
        return COMPLETE_OF.to(language, {"complete": row.complete, "laos": row.laos})
    return next((STAGE_LABELS[stage].to(language) for stage in STAGES if row.stages.get(stage)), "")


def _table(pdf: Paper, level: say.Level, sections: Sequence[Section], total: Row) -> None:
    columns = _columns(level, pdf.language)
    pdf.letters(SMALL)
    _head(pdf, columns)
    number = 0
    for section in sections:
        if section.name:
            # A heading does not stay alone at the foot of a page.
            _row(pdf, columns, "", sum_of(section.rows, name=section.name), keep=2 * _ROW)
        for row in section.rows:
            number += 1
            _row(pdf, columns, f"{number:,}", row)
    _row(pdf, columns, "", replace(total, name=pdf.say(say.TOTAL)), keep=_SIGNATURE)


def _head(pdf: Paper, columns: Sequence[_Column]) -> None:
    pdf.letters(SMALLEST, bold=True)
    words = [pdf.say(say.NUMBER), *(pdf.say(one.title) for one in columns)]
    _cells(pdf, columns, _lines(pdf, columns, words), ["C"] * len(words), shaded=True)


def _row(pdf: Paper, columns: Sequence[_Column], number: str, row: Row, keep: float = 0.0) -> None:
    """A numbered row, or without a number a sum; `keep` is what must fit under it on the same page."""
    pdf.letters(SMALL, bold=not number)
    words = [number, *(one.words(row, pdf.language) for one in columns)]
    lines = _lines(pdf, columns, words)
    if pdf.room < _height(lines) + keep:
        pdf.add_page()
        _head(pdf, columns)
        pdf.letters(SMALL, bold=not number)
    _cells(pdf, columns, lines, ["R", *(one.align for one in columns)], shaded=not number)


def _widths(columns: Sequence[_Column]) -> list[float]:
    return [_NUMBER, *(one.wide for one in columns)]


def _lines(pdf: Paper, columns: Sequence[_Column], words: Sequence[str]) -> list[list[str]]:
    pairs = zip(_widths(columns), words, strict=True)
    return [lines_of(text, wide - 2 * _PAD, pdf.measured) or [""] for wide, text in pairs]


def _height(lines: Sequence[Sequence[str]]) -> float:
    return max(map(len, lines)) * _ROW_LINE + _PAD


def _cells(
    pdf: Paper,
    columns: Sequence[_Column],
    lines: Sequence[Sequence[str]],
    aligns: Sequence[str],
    shaded: bool,
) -> None:
    """One row of cells, each as high as the one with most lines, written from the top."""
    top, left, high = pdf.y, LEFT, _height(lines)
    pdf.set_fill_color(_GREY)
    for wide, cell, align in zip(_widths(columns), lines, aligns, strict=True):
        pdf.rect(left, top, wide, high, style="DF" if shaded else "D")
        for number, text in enumerate(cell):
            pdf.set_xy(left + _PAD, top + _PAD / 2 + number * _ROW_LINE)
            pdf.write_in(wide - 2 * _PAD, _ROW_LINE, text, align)
        left += wide
    pdf.y = top + high


def _signature(pdf: Paper) -> None:
    # The table's last row has kept room for it: nobody signs a page with nothing else on it.
    pdf.y += 14
    pdf.letters()
    dots = "." * 44
    for label, line in ((SIGNED, dots), (None, f"({dots})"), (POST, dots), (DATED, dots)):
        pdf.set_xy(LEFT + WIDE - 90, pdf.y)
        pdf.write_in(20, LINE * 1.3, pdf.say(label) if label else "", "R")
        pdf.write_in(70, LINE * 1.3, line, "C")
        pdf.y += LINE * 1.3
