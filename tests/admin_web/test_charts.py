"""The charts: well-formed, said in words too, told apart without colours, and nothing the page's CSP forbids."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from admin_web.charts import bar_in_words, legend, pace_chart, patterns, row_bar
from flows.core.progress import Tally, day_by_day, pace

SVG = "http://www.w3.org/2000/svg"
START, DEADLINE = date(2017, 1, 1), datetime(2017, 1, 31, 9, 30, tzinfo=UTC)
TALLY = Tally(owed=10, done=4, to_review=2, to_fix=1, to_send=3)


def parsed(markup: Markup) -> ET.Element:
    return ET.fromstring(f"<div>{markup}</div>")


def the_pace(days: int, each: int = 3, tally: Tally = TALLY, today: date | None = None) -> Markup:
    first = START
    last = today or first + timedelta(days=days - 1)
    by_day = {first + timedelta(days=number): each for number in range(days)}
    now = datetime(last.year, last.month, last.day, 5, tzinfo=UTC)
    return pace_chart(
        day_by_day(by_day, first, last), pace(tally, by_day, first, DEADLINE, now), DEADLINE.date(), "th"
    )


def every_chart() -> Iterator[Markup]:
    yield patterns()
    yield legend("th")
    yield row_bar("ลำปาง", TALLY, "th")
    yield row_bar("ลำปาง", Tally(), "en")
    yield the_pace(19)
    yield the_pace(100)
    yield the_pace(1, each=0)
    yield the_pace(31, tally=Tally(owed=3, done=3))
    yield the_pace(40)


@pytest.mark.parametrize("chart", list(every_chart()), ids=lambda chart: chart[5:20])
def test_charts_are_well_formed_and_bring_no_style_or_script(chart: Markup) -> None:
    for element in parsed(chart).iter():
        assert element.tag not in ("script", "style", "foreignObject", "a", "image", "use")
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]
    assert "nan" not in chart
    assert "inf" not in chart


def test_on_the_first_day_it_is_said_that_it_has_begun_today() -> None:
    words = " ".join(the_pace(1).split())
    assert "เริ่มวันนี้ (1 มกราคม 2560) ส่งแล้ว 3 รายการ" in words
    assert "ตั้งแต่" not in words


@pytest.mark.parametrize("chart", [row_bar("ลำปาง", TALLY, "th"), the_pace(19)], ids=["bar", "pace"])
def test_a_chart_has_a_name_for_those_who_hear_it(chart: Markup) -> None:
    svg = parsed(chart)[0]
    assert svg.attrib["role"] == "img"
    assert svg[0].tag == "title"
    named = [one.attrib["id"] for one in svg.iter() if "id" in one.attrib]
    assert svg.attrib.get("aria-label") or svg.attrib["aria-labelledby"].split() == named


def test_a_bar_says_all_its_numbers() -> None:
    assert bar_in_words("ลำปาง", Tally(owed=1200, to_send=1000), "th") == (
        "ลำปาง: ต้องส่ง 1,200 รายการ, ผ่านแล้ว 200, รอตรวจ 0, ให้แก้ไข 0, ยังไม่ส่ง 1,000"
    )


def test_the_parts_of_a_bar_fill_it_and_each_has_its_pattern() -> None:
    rects = [one for one in parsed(row_bar("ลำปาง", TALLY, "th")).iter("rect") if "class" in one.attrib]
    assert [one.attrib["class"] for one in rects] == [
        "part-approved",
        "part-to-review",
        "part-to-fix",
        "part-to-send",
    ]
    assert sum(float(one.attrib["width"].rstrip("%")) for one in rects) == pytest.approx(100, abs=0.05)
    assert "viewBox" not in row_bar("ลำปาง", TALLY, "th"), "a wide bar would stretch the patterns"
    defined = {one.attrib["id"] for one in parsed(patterns()).iter("pattern")}
    assert {one.attrib["fill"] for one in rects} == {f"url(#{name})" for name in defined}


def test_a_name_cannot_break_out_of_the_chart() -> None:
    name = '"><script>alert(1)</script>\u202e'
    svg = parsed(row_bar(name, TALLY, "th"))[0]
    assert name in svg.attrib["aria-label"]
    assert [one.tag for one in svg] == ["title", *["rect"] * 5]


def test_more_than_two_months_are_drawn_by_the_week() -> None:
    daily, weekly = the_pace(31), the_pace(100)
    assert len(parsed(daily).findall(".//rect[@class='chart-made']/title")) == 31
    assert len(parsed(weekly).findall(".//rect[@class='chart-made']/title")) == 15
    assert "รายสัปดาห์" in weekly


def test_the_pace_needed_is_drawn_only_while_it_can_help() -> None:
    assert "chart-needed" in the_pace(19)
    assert "chart-needed" not in the_pace(40)
    assert "เลยกำหนดแล้ว" in the_pace(40)
    assert "ส่งครบแล้ว" in the_pace(19, tally=Tally(owed=3, done=3))


@given(st.integers(1, 200), st.integers(0, 10_000_000), st.integers(0, 1_000_000))
def test_bars_stay_inside_the_frame_whatever_the_numbers(days: int, each: int, lacking: int) -> None:
    chart = parsed(the_pace(days, each, Tally(owed=lacking, to_send=lacking)))
    for bar in chart.findall(".//rect"):
        x, y = float(bar.attrib["x"]), float(bar.attrib["y"])
        assert x >= 0
        assert y >= 0
        assert x + float(bar.attrib["width"]) <= 480
        assert y + float(bar.attrib["height"]) <= 240
    assert len(chart.findall(".//line[@class='chart-grid']")) <= 6


def test_numbers_have_their_separators() -> None:
    assert re.search(r">[0-9],000<", the_pace(19, each=4000))
