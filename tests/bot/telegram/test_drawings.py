"""Pictures drawn when they are sent: a photo where it can be read, a file where it would be shrunk."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from PIL import Image

from bot.chat_service import TryAgain
from bot.simulator import Person
from bot.simulator.server import Simulator
from bot.telegram.client import Telegram
from flows.core.chat import Button, Drawing, Line, Listing, Reply
from flows.core.problem import FlowError
from flows.core.text import Language, T
from tests.bot.telegram.conftest import Photos

WORDS = Line(T("ครบแล้ว 2 จาก 3 แห่ง", "2 of 3"))
SEE = ((Button(WORDS, "far", "1"),),)
DRAWING = Drawing(1, "ลำปาง", 99)


@dataclass
class Easel:
    """Draws pictures of this height; None: there is nothing that may be seen."""

    height: int | None = 800
    asked: tuple[Drawing | Listing, Language] | None = None

    async def __call__(self, what: Drawing | Listing, language: Language) -> bytes | None:
        self.asked = what, language
        if self.height is None:
            return None
        buffer = io.BytesIO()
        Image.new("RGB", (1080, self.height), "white").save(buffer, "PNG")
        return buffer.getvalue()


@pytest.fixture
def easel() -> Easel:
    return Easel()


@pytest.fixture
async def drawing_telegram(simulator: Simulator, photos: Photos, easel: Easel) -> AsyncIterator[Telegram]:
    telegram = Telegram(simulator.token, simulator.url, read_photo=photos, make=easel)
    await telegram.start()
    yield telegram
    await telegram.stop()


@pytest.fixture
def boss(simulator: Simulator) -> Person:
    return simulator.person("วิชัย", started=True)


@pytest.mark.parametrize(
    ("height", "kind"), [(800, "photo"), (1600, "photo"), (1601, "document"), (8900, "document")]
)
async def test_a_picture_too_tall_to_be_read_as_a_photo_is_sent_as_a_file(
    drawing_telegram: Telegram, boss: Person, easel: Easel, height: int, kind: str
) -> None:
    easel.height = height
    await drawing_telegram.send(boss.id, [Reply((WORDS,), SEE, attached=DRAWING)], "en")
    assert easel.asked == (DRAWING, "en")
    assert kind in boss.last
    assert boss.last["caption"] == "2 of 3"
    assert boss.buttons() == ["2 of 3"]


async def test_a_list_is_sent_as_a_file_that_says_what_it_is(
    drawing_telegram: Telegram, boss: Person, easel: Easel
) -> None:
    await drawing_telegram.send(boss.id, [Reply((WORDS,), attached=Listing(1, "ลำปาง", 99))], "th")
    assert easel.asked == (Listing(1, "ลำปาง", 99), "th")
    assert boss.last["document"]["file_name"] == "อปท-ที่ยังขาด-ลำปาง.xlsx"
    assert boss.last["caption"] == "ครบแล้ว 2 จาก 3 แห่ง"


async def test_where_nothing_may_be_seen_the_words_are_said_alone(
    drawing_telegram: Telegram, boss: Person, easel: Easel
) -> None:
    easel.height = None
    await drawing_telegram.send(boss.id, [Reply((WORDS,), SEE, attached=DRAWING)], "th")
    assert boss.last["text"] == "ครบแล้ว 2 จาก 3 แห่ง"
    assert boss.buttons() == ["ครบแล้ว 2 จาก 3 แห่ง"]


async def test_of_a_list_that_may_not_be_seen_any_more_nothing_is_said(
    drawing_telegram: Telegram, boss: Person, easel: Easel
) -> None:
    easel.height, before = None, len(boss.messages)
    await drawing_telegram.send(boss.id, [Reply((WORDS,), attached=Listing(1, "ลำปาง", 99))], "th")
    assert len(boss.messages) == before
    easel.height = 800
    await drawing_telegram.send(boss.id, [Reply((WORDS,), attached=Listing(1, "ลำปาง", 99))], "th")
    assert "document" in boss.last


async def test_each_time_it_is_drawn_anew(drawing_telegram: Telegram, boss: Person, easel: Easel) -> None:
    for height in (800, 900):
        easel.height = height
        await drawing_telegram.send(boss.id, [Reply((WORDS,), attached=DRAWING)], "th")
    assert [one["photo"][-1]["height"] for one in boss.messages] == [800, 900]


async def test_words_too_long_for_a_caption_are_our_own_mistake(
    drawing_telegram: Telegram, boss: Person
) -> None:
    long = Line(T("ก" * 1025, "a" * 1025))
    with pytest.raises(FlowError):
        await drawing_telegram.send(boss.id, [Reply((long,), attached=DRAWING)], "th")
    await drawing_telegram.send(boss.id, [Reply((WORDS,), attached=DRAWING)], "th")
    assert "photo" in boss.last


async def test_lists_for_many_are_made_one_by_one_and_what_takes_too_long_is_told_as_not_said(
    simulator: Simulator, photos: Photos, boss: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work, most, slow = 0, 0, 0.02

    async def make(what: Drawing | Listing, language: Language) -> bytes | None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        try:
            await asyncio.sleep(slow)
        finally:
            at_work -= 1
        return b"PK"

    telegram = Telegram(simulator.token, simulator.url, read_photo=photos, make=make)
    await telegram.start()
    out = [Reply((WORDS,), attached=Listing(1, "ลำปาง", 99))]
    await asyncio.gather(*(telegram.send(boss.id, out, "th", hurry=False) for _ in range(3)))
    assert (most, len(boss.messages)) == (1, 3)
    monkeypatch.setattr("bot.telegram.sending.MAKING", 0.05)
    slow = 5
    with pytest.raises(TryAgain) as caught:
        await telegram.send(boss.id, out, "th", hurry=False)
    assert not caught.value.unsure
    assert len(boss.messages) == 3
    slow = 0
    await telegram.send(boss.id, out, "th", hurry=False)
    assert len(boss.messages) == 4
    await telegram.stop()
