"""Answers any form as its own examples say, and checks whatever is said on the way."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime

from flows.core import engine
from flows.core.chat import Button, Inbound, Json, Out, Pressed, Reply, Said, SentPhoto, Toast
from flows.core.conversation import Conversation
from flows.core.engine import Turn, advance
from flows.core.fields import Choice, Choices, Field
from flows.core.flow import Flow
from flows.core.photos import Photos
from flows.core.text import LANGUAGES, Language, said

NOW = datetime(2017, 1, 16, 2, 0, tzinfo=UTC)
MOST_CALLBACK_BYTES = 64
LARGEST_DRAFT = 10**9


def photo(name: str, ref: str = "", group: str = "", **facts: object) -> SentPhoto:
    """`name`: one letter or digit; the same name is the same photo."""
    digest = (name.encode().hex() * 64)[:64]
    measures = {"width": 1600, "height": 1200, **facts}
    return SentPhoto(digest, likeness="", ref=ref, group=group, **measures)  # type: ignore[arg-type]


def good(field: Field, ref: str = "") -> Inbound:
    """A good answer, as the field's own example gives it."""
    match field:
        case Photos():
            return photo("a", ref)
        case Choices():
            return Pressed("tick", field.choices[0][0])
        case Choice():
            return Said(field.choices[0][1].th, ref)
        case _:
            assert field.example is not None, f"{field.key} gives no example"
            return Said(field.example.th, ref)


def press(c: Conversation, move: str, arg: str = "") -> Pressed:
    return Pressed(move, arg, c.serial)


def answer(flow: Flow, c: Conversation, inbound: Inbound) -> Turn:
    """The question answered, and finished where that takes a button."""
    if isinstance(inbound, Pressed):
        inbound = Pressed(inbound.move, inbound.arg, c.serial)
    field = flow.by_key[c.at]
    turn = advance(flow, c, inbound, NOW)
    if field.several:
        turn = advance(flow, turn.conversation, press(turn.conversation, "done"), NOW)
    return turn


def filled(flow: Flow, until: str = "", c: Conversation | None = None) -> Conversation:
    """A form answered by its examples, up to the question `until`, or to its summary."""
    c = c or engine.begin(flow)
    for number in range(100):
        if c.at in ("", until):
            return c
        c = answer(flow, c, good(flow.by_key[c.at], f"{number + 1}")).conversation
    raise AssertionError("the questions never end")


def texts(out: Iterable[Out], language: Language = "th") -> str:
    """Everything that is said, without markup."""
    lines = [line for one in out for line in ((one.line,) if isinstance(one, Toast) else one.lines)]
    return "\n".join(re.sub(r"</?[bi]>", "", line.to(language)) for line in lines)


def buttons(out: Iterable[Out]) -> list[Button]:
    return [button for one in out if isinstance(one, Reply) for row in one.buttons for button in row]


def moves(out: Iterable[Out]) -> set[str]:
    return {button.move for button in buttons(out)}


def through_storage(c: Conversation) -> Conversation:
    return Conversation.from_json(json.loads(json.dumps(c.to_json(), ensure_ascii=False)))


def fits_telegram(out: Iterable[Out]) -> None:
    """Everything said can be said by Telegram, in both languages."""
    for one in out:
        for language in LANGUAGES:
            if isinstance(one, Toast):
                assert 0 < len(one.line.to(language)) <= 200
            else:
                _reply_fits(one, language)


def _reply_fits(reply: Reply, language: Language) -> None:
    assert reply.lines or reply.photos
    assert len(reply.photos) <= 10
    for line in reply.lines:
        facts = {name: html.escape(said(fact, language), quote=False) for name, fact in line.facts.items()}
        _markup_is_balanced(line.say.to(language, facts))
    for button in (button for row in reply.buttons for button in row):
        assert button.label.to(language).strip()
        written = f"{LARGEST_DRAFT}.{reply.serial}.{button.move}.{button.arg}"
        assert len(written.encode()) <= MOST_CALLBACK_BYTES, written
        assert button.move
        assert "." not in button.move
        assert button.move not in engine.TYPED or button.label.say in engine.LABELS


def _markup_is_balanced(text: str) -> None:
    open_tags: list[str] = []
    for closing, tag in re.findall(r"<(/?)([bi])>", text):
        if closing:
            assert open_tags.pop() == tag
        else:
            open_tags.append(tag)
    assert not open_tags
    assert "<" not in re.sub(r"</?[bi]>", "", text)


def same(a: Json, b: Json) -> bool:
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


def play(flow: Flow, c: Conversation, *inbounds: Inbound) -> Turn:
    turn = Turn(c)
    for inbound in inbounds:
        turn = advance(flow, turn.conversation, inbound, NOW)
        fits_telegram(turn.out)
    return turn
