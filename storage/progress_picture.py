"""One PNG of a province's progress for a group chat: each LAO a tile under its district, legend and totals above."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PIL import Image, ImageDraw

from flows.core.areas import part_in_words
from flows.core.campaign import Campaign
from flows.core.dates import BANGKOK, both, shown_at
from flows.core.progress import STAGE_LABELS, STAGES, Row, Standing, row_of, sum_of, thai_order
from flows.core.roles import EVERYWHERE, Reach
from flows.core.text import Fact, Language, T
from storage.lao import BANGKOK as BANGKOK_PROVINCE
from storage.lao_names import rank
from storage.lettering import Letters, letters
from storage.progress_tiles import INK, PAINTS, WHITE, draw_tile
from storage.thai_lines import lines_of

WIDTH: Final = 1080
TALLEST: Final = 8_900  # Telegram takes pictures whose sides add up to 10,000
_EDGE, _GAP = 36, 10
_GREY, _RULE = "#52606d", "#cbd2d9"
_FOOT = 90

DISTRICT = T("อำเภอ{name}", "{name} District")
BANGKOK_DISTRICT = T("เขต{name}", "{name} District")
NO_DISTRICT = T("ไม่ระบุอำเภอ", "No district given")
LETTER = T("ตามหนังสือที่ {number} ลงวันที่ {date}", "Letter {number} of {date}")
LETTER_ALONE = T("ตามหนังสือที่ {number}", "Letter {number}")
DUE = T("ครบกำหนด {at}", "Due {at}")
DAYS_LEFT = T("เหลืออีก {days} วัน", "{days} days left")
DUE_TODAY = T("ครบกำหนดวันนี้", "due today")
DAYS_OVER = T("เลยกำหนดแล้ว", "the deadline has passed")
COMPLETE = T("ครบแล้ว {complete} จาก {laos} แห่ง", "{complete} of {laos} complete")
ENTRIES = T("ทำแล้ว {done} จาก {owed} รายการ", "{done} of {owed} entries done")
AS_OF = T("ข้อมูล ณ {at}", "As of {at}")
NOBODY_HERE = T("ไม่มี อปท. ที่ต้องส่งในจังหวัดนี้", "No LAO of this province has to send anything.")


@dataclass(frozen=True, slots=True)
class _Density:
    columns: int
    tile: int  # height
    heading: int

    def height(self, districts: Iterable[Sequence[Standing]]) -> int:
        rows = [-(-len(laos) // self.columns) for laos in districts]
        return sum(count * (self.tile + _GAP) + self.heading for count in rows)

    @property
    def across(self) -> int:
        return (WIDTH - 2 * _EDGE - (self.columns - 1) * _GAP) // self.columns


_DENSITIES = (
    _Density(3, 64, 84),
    _Density(4, 56, 76),
    _Density(4, 52, 60),
    _Density(5, 48, 56),
    _Density(6, 42, 48),
)


def province_picture(
    campaign: Campaign, province: str, standings: Sequence[Standing], now: datetime,
    language: Language = "th", reach: Reach = EVERYWHERE,
) -> bytes:  # fmt: skip
    """A PNG 1,080 wide; `standings` are the province's within the reader's reach. Slow: call it off the event loop."""
    sheet = _Sheet(language)
    sum_ = sum_of(row_of(one, campaign.counts) for one in standings)
    _heading(sheet, campaign, part_in_words(reach, province), now)
    _totals(sheet, sum_)
    _legend(sheet, sum_)
    _districts(sheet, campaign, province, standings)
    sheet.y += 20
    sheet.text(AS_OF, 26, _GREY, {"at": shown_at(now, language)})
    return sheet.png()


class _Sheet:
    """Paper as tall as it may get, written from the top; `y` is where it is free."""

    def __init__(self, language: Language) -> None:
        self.image = Image.new("RGB", (WIDTH, TALLEST), WHITE)
        self.draw = ImageDraw.Draw(self.image)
        self.language = language
        self.y = _EDGE

    def text(
        self, say: T | str, size: int, fill: str = INK, facts: Mapping[str, Fact] | None = None,
        bold: bool = False, most: int = 4,
    ) -> None:  # fmt: skip
        words = say if isinstance(say, str) else say.to(self.language, facts)
        for line in lines_of(words, WIDTH - 2 * _EDGE, letters(size, bold).width)[:most]:
            self.line((_EDGE, self.y), line, letters(size, bold), fill)
            self.y += round(size * 1.42) + 2

    def line(self, at: tuple[float, float], words: str, text: Letters, fill: str) -> None:
        """`at` is the line's upper left corner."""
        text.draw(self.image, (at[0], at[1] + text.size * 0.65), words, fill)

    def right(self, words: str, size: int, y: float, fill: str) -> None:
        text = letters(size)
        self.line((WIDTH - _EDGE - text.width(words), y), words, text, fill)

    def png(self) -> bytes:
        # Few colours are enough, and the file is a third as large.
        cropped = self.image.crop((0, 0, WIDTH, min(TALLEST, self.y + _EDGE)))
        file = io.BytesIO()
        cropped.quantize(128, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
            file, "PNG", optimize=True
        )
        return file.getvalue()


def _heading(sheet: _Sheet, campaign: Campaign, place: T, now: datetime) -> None:
    sheet.text(place, 60, bold=True)
    sheet.text(campaign.title, 36, most=3)
    if campaign.letter_number and campaign.letter_date:
        sheet.text(LETTER, 28, _GREY, {"number": campaign.letter_number, "date": both(campaign.letter_date)})
    elif campaign.letter_number:
        sheet.text(LETTER_ALONE, 28, _GREY, {"number": campaign.letter_number})
    due = DUE.to(sheet.language, {"at": shown_at(campaign.deadline, sheet.language)})
    sheet.text(f"{due} · {_time_left(campaign, now).to(sheet.language, _days(campaign, now))}", 32, bold=True)
    sheet.y += 14


def _days(campaign: Campaign, now: datetime) -> Mapping[str, Fact]:
    return {"days": (campaign.deadline_day - now.astimezone(BANGKOK).date()).days}


def _time_left(campaign: Campaign, now: datetime) -> T:
    if campaign.passed(now):
        return DAYS_OVER
    return DAYS_LEFT if now.astimezone(BANGKOK).date() < campaign.deadline_day else DUE_TODAY


def _totals(sheet: _Sheet, row: Row) -> None:
    top = sheet.y
    sheet.text(
        COMPLETE, 44, PAINTS["complete"].strong, {"complete": row.complete, "laos": row.laos}, bold=True
    )
    entries = ENTRIES.to(sheet.language, {"done": row.tally.done, "owed": row.tally.owed})
    sheet.right(entries, 30, top + 12, _GREY)
    _bar(sheet, row)


def _bar(sheet: _Sheet, row: Row) -> None:
    left, top, high = float(_EDGE), sheet.y + 4, 34
    for stage in STAGES:
        wide = (WIDTH - 2 * _EDGE) * row.stages.get(stage, 0) / max(1, row.laos)
        if wide >= 1:
            fill, edge = PAINTS[stage].strong, PAINTS["nothing"].mark if stage == "nothing" else None
            sheet.draw.rectangle((left, top, left + wide - 4, top + high), fill=fill, outline=edge, width=3)
        left += wide
    sheet.y += high + 24


def _legend(sheet: _Sheet, row: Row) -> None:
    size = (_DENSITIES[0].across, 64)
    for number, stage in enumerate(STAGES):
        column, line = number % 3, number // 3
        words = f"{STAGE_LABELS[stage].to(sheet.language)} {row.stages.get(stage, 0):,}"
        at = (_EDGE + column * (size[0] + _GAP), sheet.y + line * (size[1] + _GAP))
        draw_tile(sheet.image, at, size, stage, words)
    sheet.y += 2 * (size[1] + _GAP) + 12


def _districts(sheet: _Sheet, campaign: Campaign, province: str, standings: Sequence[Standing]) -> None:
    groups: dict[str, list[Standing]] = {}
    for one in sorted(standings, key=lambda one: (rank(one.lao_name), thai_order(one.lao_name))):
        groups.setdefault(one.district, []).append(one)
    if not groups:
        sheet.text(NOBODY_HERE, 32)
    room = TALLEST - sheet.y - _FOOT
    density = next((one for one in _DENSITIES if one.height(groups.values()) <= room), _DENSITIES[-1])
    inside = BANGKOK_DISTRICT if province == BANGKOK_PROVINCE else DISTRICT
    for district in sorted(groups, key=_capital_first(province)):
        name = (inside if district else NO_DISTRICT).to(sheet.language, {"name": district})
        _district(sheet, name, campaign, groups[district], density)


def _capital_first(province: str) -> Callable[[str], tuple[bool, tuple[str, str]]]:
    return lambda district: (district not in ("เมือง", f"เมือง{province}"), thai_order(district))


def _district(sheet: _Sheet, name: str, campaign: Campaign, laos: list[Standing], density: _Density) -> None:
    size = density.heading * 2 // 5
    baseline = sheet.y + density.heading - round(size * 1.5)
    sheet.draw.line((_EDGE, sheet.y + 8, WIDTH - _EDGE, sheet.y + 8), fill=_RULE, width=2)
    sheet.line((_EDGE, baseline), name, letters(size, bold=True), INK)
    complete = sum(one.complete(campaign.counts) for one in laos)
    sheet.right(COMPLETE.to(sheet.language, {"complete": complete, "laos": len(laos)}), round(size * 0.82),
                baseline + size * 0.2, _GREY)  # fmt: skip
    sheet.y += density.heading
    for number, one in enumerate(laos):
        column, line = number % density.columns, number // density.columns
        at = (_EDGE + column * (density.across + _GAP), sheet.y + line * (density.tile + _GAP))
        draw_tile(sheet.image, at, (density.across, density.tile), one.stage(campaign.counts), one.lao_name)
    sheet.y += -(-len(laos) // density.columns) * (density.tile + _GAP)
