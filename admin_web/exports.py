"""The progress table as an XLSX file: LAO by LAO, district by district, and what the campaign asks."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final, Generic, TypeVar

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from admin_web import progress_texts as say
from flows.core import phones
from flows.core.campaign import Campaign
from flows.core.dates import shown, shown_at
from flows.core.progress import (
    STAGE_LABELS,
    STAGES,
    FormStanding,
    Row,
    Stage,
    Standing,
    by_district,
    row_of,
    sum_of,
    thai_order,
)
from flows.core.reminder_texts import lacks_in_words
from flows.core.text import Language, T

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FONT = "TH Sarabun New"  # what offices have; others fall back to theirs
_ROW = 24  # points high
_OPTIONS = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip

STAGES_LACKING: Final = tuple(stage for stage in STAGES if stage != "complete")

Cell = str | int | float
Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class _Column(Generic[Line]):
    title: str
    width: int  # in letters
    cell: Callable[[Line], Cell]
    summed: bool = False
    percent: bool = False


def progress_xlsx(
    campaign: Campaign, standings: Iterable[Standing], now: datetime, language: Language = "th"
) -> bytes:
    """An XLSX file of the LAOs that the reader may see. Takes seconds for the whole country: run it in a thread."""
    laos = sorted(standings, key=lambda one: (_place(one), thai_order(one.lao_name)))
    file = io.BytesIO()
    with Workbook(file, _OPTIONS) as book:
        book.set_properties({"title": campaign.title, "created": now.replace(tzinfo=None)})
        styles = _Styles(book)
        _write(
            book, styles, say.LAO_SHEET.to(language), _lao_columns(campaign, language), laos, language, 3, 72
        )
        districts = _districts(campaign, laos)
        _write(
            book,
            styles,
            say.DISTRICT_SHEET.to(language),
            _district_columns(language),
            districts,
            language,
            2,
            48,
        )
        _about(book, styles, campaign, laos, now, language)
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class Lacking:
    """An LAO that lacks something: why somebody may have to phone it, and whom to ask for."""

    standing: Standing
    why: T
    officers: Sequence[str]


def lacking_xlsx(
    campaign: Campaign, laos: Sequence[Lacking], now: datetime, language: Language = "th"
) -> bytes:
    """An XLSX file of those LAOs in their order. Run it in a thread, as `progress_xlsx`."""
    file = io.BytesIO()
    with Workbook(file, _OPTIONS) as book:
        book.set_properties({"title": campaign.title, "created": now.replace(tzinfo=None)})
        styles = _Styles(book)
        name = say.LACKING_SHEET.to(language)
        _write(book, styles, name, _lacking_columns(campaign, language), laos, language, 1, 48)
        inside = [one.standing for one in laos]
        _about(book, styles, campaign, inside, now, language, say.LAOS_LACKING, STAGES_LACKING)
    return file.getvalue()


def _lacking_columns(campaign: Campaign, language: Language) -> list[_Column[Lacking]]:
    return [
        _Column(say.NAME.to(language), 42, lambda one: one.standing.lao_name),
        _Column(say.DISTRICT.to(language), 18, lambda one: one.standing.district),
        _Column(say.PROVINCE.to(language), 18, lambda one: one.standing.province),
        _Column(say.LACKING.to(language), 84, lambda one: what_lacks(one.standing, campaign).to(language)),
        _Column(say.REACHED.to(language), 34, lambda one: one.why.to(language)),
        _Column(say.PHONE.to(language), 24, lambda one: _telephones(one.standing, language)),
        _Column(say.OFFICERS.to(language), 30, lambda one: ", ".join(one.officers)),
    ]


def what_lacks(one: Standing, campaign: Campaign) -> T:
    """`สถานที่สำคัญ 1 รายการ, สินค้าท้องถิ่น 2 รายการ`."""
    found = tuple(one.lacks(campaign.counts).items())
    return lacks_in_words(found, {form: say.form_title(form) for form, _ in found})


def _place(one: Standing) -> tuple[tuple[str, str], tuple[str, str]]:
    return thai_order(one.province), thai_order(one.district)


# --- columns


def _lao_columns(campaign: Campaign, language: Language) -> list[_Column[Standing]]:
    counts = campaign.counts
    columns: list[_Column[Standing]] = [
        _Column(say.PROVINCE.to(language), 18, lambda one: one.province),
        _Column(say.DISTRICT.to(language), 18, lambda one: one.district),
        _Column(say.NAME.to(language), 42, lambda one: one.lao_name),
        _Column(say.TYPE.to(language), 26, lambda one: one.type),
        _Column(say.CODE.to(language), 12, lambda one: one.lao_code),
        _Column(say.STAGE.to(language), 18, lambda one: STAGE_LABELS[one.stage(counts)].to(language)),
        _Column(say.LACKING.to(language), 10, lambda one: sum(one.lacks(counts).values()), summed=True),
    ]
    for requirement in campaign.requirements:
        columns += _form_columns(requirement.form, campaign, language)
    return [
        *columns,
        _Column(say.JOINED.to(language), 14, lambda one: one.officers_joined, summed=True),
        _Column(say.REACHABLE.to(language), 12, lambda one: _reached(one).to(language)),
        _Column(say.PHONE.to(language), 24, lambda one: _telephones(one, language)),
    ]


def _telephones(one: Standing, language: Language) -> str:
    return ", ".join(phones.shown(each, language) for each in one.phones)


def _reached(one: Standing) -> T:
    return say.YES if one.reachable and one.officers_joined else say.NO


def _form_columns(form: str, campaign: Campaign, language: Language) -> list[_Column[Standing]]:
    numbers: list[tuple[T, Callable[[FormStanding], int]]] = [
        (say.OWED, attrgetter("owed")),
        (say.SUBMITTED, attrgetter("submitted")),
        (say.WAITING, attrgetter("waiting")),
        (say.RETURNED, attrgetter("returned")),
        (say.APPROVED, attrgetter("approved")),
        (say.LACKING, lambda one: one.lacks(campaign.counts)),
    ]
    title = say.form_title(form)
    return [
        _number(say.OF_A_FORM.to(language, {"form": title, "what": what}), form, of) for what, of in numbers
    ]


def _number(title: str, form: str, of: Callable[[FormStanding], int]) -> _Column[Standing]:
    nothing = FormStanding()
    return _Column(title, 13, lambda one: of(one.by_form.get(form, nothing)), summed=True)


@dataclass(frozen=True, slots=True)
class _District:
    province: str
    row: Row


def _districts(campaign: Campaign, laos: Sequence[Standing]) -> list[_District]:
    provinces: dict[str, list[Standing]] = {}
    for one in laos:
        provinces.setdefault(one.province, []).append(one)
    return [
        _District(province, row)
        for province, inside in provinces.items()
        for row in by_district(inside, campaign.counts)
    ]


def _district_columns(language: Language) -> list[_Column[_District]]:
    numbers: list[tuple[T, Callable[[Row], Cell]]] = [
        (say.LAOS, lambda row: row.laos),
        (say.COMPLETE, lambda row: row.complete),
        (say.UNREACHABLE, lambda row: row.unreachable),
        (say.OWED, lambda row: row.tally.owed),
        (say.DONE, lambda row: row.tally.done),
        (say.LACKING, lambda row: row.tally.lacking),
        (say.SUBMITTED, lambda row: row.tally.submitted),
        (say.WAITING, lambda row: row.tally.waiting),
        (say.RETURNED, lambda row: row.tally.returned),
        (say.APPROVED, lambda row: row.tally.approved),
    ]
    return [
        _Column(say.PROVINCE.to(language), 18, lambda one: one.province),
        _Column(say.DISTRICT.to(language), 22, lambda one: one.row.name),
        *(_of_row(title.to(language), of) for title, of in numbers),
        _Column(say.SHARE.to(language), 12, lambda one: one.row.tally.share, percent=True),
    ]


def _of_row(title: str, of: Callable[[Row], Cell]) -> _Column[_District]:
    return _Column(title, 14, lambda one: of(one.row), summed=True)


# --- writing


class _Styles:
    def __init__(self, book: Workbook) -> None:
        base = {"font_name": _FONT, "font_size": 16, "valign": "top"}
        head = {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E4E7EB", "bottom": 1}
        self.text: Format = book.add_format(base)
        self.number: Format = book.add_format(base | {"num_format": "#,##0"})
        self.percent: Format = book.add_format(base | {"num_format": "0%"})
        self.head: Format = book.add_format(base | head)
        self.number_head: Format = book.add_format(base | head | {"align": "right"})
        self.left: Format = book.add_format(
            base | {"align": "left", "text_wrap": True, "num_format": "#,##0"}
        )
        self.total: Format = book.add_format(base | {"bold": True, "top": 1, "num_format": "#,##0"})


def _write(
    book: Workbook, styles: _Styles, name: str, columns: Sequence[_Column[Line]], lines: Sequence[Line],
    language: Language, pinned: int, head: int,
) -> None:  # fmt: skip
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, pinned)
    sheet.set_default_row(_ROW)
    sheet.set_row(0, head)
    sheet.autofilter(0, 0, len(lines), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
    _write_row(
        sheet, 0, [(column.title, styles.number_head if column.summed else styles.head) for column in columns]
    )
    sums: list[float] = [0] * len(columns)
    for number, line in enumerate(lines, 1):
        cells = [column.cell(line) for column in columns]
        sums = [
            sum_ + cell if isinstance(cell, int) else sum_ for sum_, cell in zip(sums, cells, strict=True)
        ]
        _write_row(
            sheet,
            number,
            [(cell, _style(styles, column)) for cell, column in zip(cells, columns, strict=True)],
        )
    if not any(column.summed for column in columns):
        return
    totals = [int(sum_) if column.summed else "" for sum_, column in zip(sums, columns, strict=True)]
    _write_row(
        sheet, len(lines) + 1, [(cell, styles.total) for cell in (say.TOTAL.to(language), *totals[1:])]
    )


def _style(styles: _Styles, column: _Column[Line]) -> Format:
    if column.percent:
        return styles.percent
    return styles.number if column.summed else styles.text


def _write_row(sheet: Worksheet, number: int, cells: Iterable[tuple[Cell, Format]]) -> None:
    for place, (cell, style) in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(number, place, cell, style)
        else:
            sheet.write_number(number, place, cell, style)


def _about(
    book: Workbook, styles: _Styles, campaign: Campaign, laos: Sequence[Standing], now: datetime,
    language: Language, counted: T = say.LAOS, stages: Sequence[Stage] = STAGES,
) -> None:  # fmt: skip
    row = sum_of(row_of(one, campaign.counts) for one in laos)
    letter_date = shown(campaign.letter_date, language) if campaign.letter_date else ""
    facts: list[tuple[str, Cell]] = [
        (say.TITLE.to(language), campaign.title),
        (say.LETTER.to(language), campaign.letter_number),
        (say.LETTER_DATE.to(language), letter_date),
        (say.DEADLINE.to(language), shown_at(campaign.deadline, language)),
        (say.AS_OF.to(language), shown_at(now, language)),
        (say.COUNTED.to(language), say.COUNTED_WHEN[campaign.counts].to(language)),
        *((say.EACH_OWES.to(language, {"form": say.form_title(one.form)}), one.count)
          for one in campaign.requirements),
        (counted.to(language), row.laos),
        *((STAGE_LABELS[stage].to(language), row.stages.get(stage, 0)) for stage in stages),
    ]  # fmt: skip
    sheet = book.add_worksheet(say.ABOUT_SHEET.to(language))
    sheet.set_default_row(_ROW)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 70)
    for number, (label, fact) in enumerate(facts):
        _write_row(sheet, number, [(label, styles.text), (fact, styles.left)])
