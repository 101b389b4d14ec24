"""Whether Telegram is there is known from its latest answers, and asked only where there were none for a while."""

from __future__ import annotations

import pytest

from bot.telegram import contact
from bot.telegram.contact import Contact


class Line:
    """What a call of getMe comes to, and how often it was made."""

    def __init__(self) -> None:
        self.up, self.asked = True, 0
        self.heard: list[tuple[str, int]] = []
        self.contact = Contact(self.ask, lambda method, status: self.heard.append((method, status)))

    async def ask(self) -> None:
        self.asked += 1
        self.contact.noted("getMe", 200 if self.up else 0)
        if not self.up:
            raise OSError


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.mark.parametrize("status", [200, 400, 403, 409, 429])
async def test_an_answer_of_any_kind_shows_that_it_is_there(line: Line, status: int) -> None:
    line.contact.noted("sendMessage", status)
    assert [await line.contact.is_there() for _ in range(5)] == [True] * 5
    assert line.asked == 0
    assert line.heard == [("sendMessage", status)]


@pytest.mark.parametrize("status", [0, 401, 404, 500, 502])
async def test_a_call_that_failed_is_asked_about_once_until_it_is_there_again(
    line: Line, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.up = False
    line.contact.noted("getUpdates", 200)
    line.contact.noted("sendMessage", status)
    assert [await line.contact.is_there() for _ in range(5)] == [False] * 5
    assert line.asked == 1
    line.contact.noted("getUpdates", 200)
    assert await line.contact.is_there()


async def test_after_a_while_without_any_call_it_is_asked(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await line.contact.is_there()
    assert line.asked == 1
    assert await line.contact.is_there()
    assert line.asked == 1
    monkeypatch.setattr(contact, "LATELY", 0.0)
    assert await line.contact.is_there()  # what was found a moment ago
    assert line.asked == 1
