"""All that a coordinator's chat answers: the menu, every campaign and province, the pictures, the day's digests."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from bot.coordinators import digest, digest_parts, drawn
from flows.core.calendar import day_in_thailand
from flows.core.chat import Drawing, Pressed, Reply
from storage import campaigns, coordinators
from storage.db import Store, Tx
from tests.bot.talk import Talk, buttons_of, text_of


async def answers(store: Store, chat_id: int, now: datetime) -> list[str]:
    """In words, each picture by what it is made of. The chat must be a coordinator's."""
    talk, found = Talk(store, chat_id, now=now), list[str]()
    for words in ("/start", "/menu", "/help", "/progress"):
        found.append(talk.say(words).text)
    todo = [button for button in _buttons(talk) if button.move == "far"]
    while todo:
        talk.hand_over(todo.pop(0))
        found.append(talk.text)
        todo += [button for button in _buttons(talk) if button.move == "far"]
        found += [await _picture(store, drawing, now) for drawing in drawings(talk)]
    return found + store.read_now(_digests, chat_id, now)


async def forged(store: Store, chat_id: int, campaign: int, province: str, now: datetime) -> str:
    """What a button answers that the chat was never given."""
    talk = Talk(store, chat_id, now=now).hand_over(Pressed("far", f"{campaign}:{province}"))
    assert not [one for one in drawings(talk) if one.province == province]
    assert await drawn(store, Drawing(campaign, province, chat_id), "th", lambda: now) is None
    return talk.text


def drawings(talk: Talk) -> list[Drawing]:
    return [one.attached for one in talk.out if isinstance(one, Reply) and isinstance(one.attached, Drawing)]


def _buttons(talk: Talk) -> list[Pressed]:
    replies = [one for one in talk.out if isinstance(one, Reply)]
    return [Pressed(button.move, button.arg) for one in replies for button in buttons_of(one)]


async def _picture(store: Store, drawing: Drawing, now: datetime) -> str:
    png = await drawn(store, drawing, "th", lambda: now)
    return f"{drawing.province}: {sha256(png or b'').hexdigest()}"


def _digests(tx: Tx, chat_id: int, now: datetime) -> list[str]:
    coordinator = coordinators.coordinator_in(tx, chat_id)
    assert coordinator is not None
    told = [
        digest(tx, campaign, coordinator, part.province, day_in_thailand(now), now)
        for campaign in campaigns.campaigns(tx, ("running", "paused"))
        for part in digest_parts(tx, campaign, coordinator)
    ]
    return [text_of(one) for one in told if one is not None]
