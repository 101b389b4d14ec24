"""Journeys of coordinates: the phone's button, pins, venues, live locations, typed and pasted ones, and wrong ones."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.simulator import Person
from bot.simulator.person import said
from storage.db import Store
from tests.journeys.steps import settled, to_place
from tests.town import town


@pytest.fixture
async def o(embedded: Store, tmp_path: Path) -> AsyncIterator[Person]:
    """An officer at the coordinates of a landmark."""
    async with town(embedded, tmp_path) as t:
        person = await t.officer()
        await to_place(person)
        yield person


async def taken(o: Person) -> None:
    """The place was said back, with where it lies and how far it is, and then everything is filled in."""
    heard = said(await o.hears("เมืองลำปาง"))
    assert "18.32" in heard
    assert "กม." in heard
    await o.hears("ส่งให้ตรวจ")
    await settled(o)
    assert o.keyboard == []


async def test_by_the_phones_location_button(o: Person) -> None:
    await settled(o)
    assert len(o.keyboard) == 1
    await o.send_location(18.3200, 99.5000, horizontal_accuracy=12)
    await taken(o)


async def test_the_location_buttons_words_from_a_computer_are_explained(o: Person) -> None:
    await settled(o)
    await o.say(o.keyboard[0][0])
    await o.hears("⚠️")
    await o.say("18.3200, 99.5000")
    await taken(o)


async def test_by_a_venue(o: Person) -> None:
    await o.send_venue(18.3200, 99.5000, "วัดพระธาตุ", "ลำปาง")
    await taken(o)


async def test_by_a_live_location_at_its_current_point(o: Person) -> None:
    live = await o.send_location(18.3200, 99.5000, live_period=900)
    await taken(o)
    await o.move(live, 18.4, 99.6)
    await o.hears_nothing()


@pytest.mark.parametrize(
    "typed",
    [
        "18.3200, 99.5000",
        "๑๘.๓๒๐๐ ๙๙.๕๐๐๐",
        "18°19'12\"N 99°30'00\"E",
        "99.5000, 18.3200",
        "https://www.google.com/maps/place/Wat/@18.32,99.5,17z",
        "https://maps.google.com/?q=18.32,99.5",
    ],
)
async def test_by_what_is_typed_or_pasted(o: Person, typed: str) -> None:
    await o.say(typed)
    await taken(o)


async def test_a_short_link_is_told_how_to_copy_the_numbers(o: Person) -> None:
    await o.say("https://maps.app.goo.gl/AbCdEf123")
    await o.hears("⚠️")
    await o.say("18.3200, 99.5000")
    await taken(o)


async def test_a_place_far_away_is_asked_about_first(o: Person) -> None:
    await o.send_location(13.7563, 100.5018)
    await o.hears("ใช่จุดที่ต้องการหรือไม่")
    await o.press("ไม่ใช่ ส่งใหม่")
    await o.hears("ขั้นที่ 6")
    await o.send_location(13.7563, 100.5018)
    await o.hears("ใช่จุดที่ต้องการหรือไม่")
    await settled(o)
    await o.press("ใช่")
    await o.hears("ส่งให้ตรวจ")


@pytest.mark.parametrize("typed", ["48.8584, 2.2945", "200, 300", "แถวหน้าวัด", "18.3200"])
async def test_what_is_no_place_in_thailand_is_told_and_the_next_one_taken(o: Person, typed: str) -> None:
    await o.say(typed)
    await o.hears("⚠️")
    await o.say("18.3200, 99.5000")
    await taken(o)


async def test_a_coarse_location_is_said_to_be_so(o: Person) -> None:
    await o.send_location(18.3200, 99.5000, horizontal_accuracy=1500)
    assert "1,500 เมตร" in said(await o.hears("เมืองลำปาง"))
    await o.hears("ส่งให้ตรวจ")
