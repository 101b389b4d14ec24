"""What the service says, as the messages that say it on Telegram."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.telegram.buttons import write_press
from bot.telegram.html import MOST_CAPTION, length, pieces, plain, written
from flows.core.chat import Button, Drawing, Listing, Reply, ShownPhoto
from flows.core.places import LOCATION_BUTTON
from flows.core.problem import FlowError
from flows.core.text import Language, T

MOST_IN_ALBUM = 10

LOCATION_OFFER = T(
    "ถ้าอยู่ที่นั่นตอนนี้ กดปุ่มส่งตำแหน่งด้านล่างได้เลย", "If you are there now, press the location button below"
)
LOCATION_PUT_AWAY = T("เก็บปุ่มส่งตำแหน่งแล้ว", "The location button is put away")


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Written as Telegram takes it. `below`: it is the phone's and not the message's, or takes that one away."""

    json: str
    below: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A message of text (HTML, short enough)."""

    text: str
    keyboard: Keyboard | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    photo: ShownPhoto
    caption: str = ""
    keyboard: Keyboard | None = None


@dataclass(frozen=True, slots=True)
class Album:
    photos: tuple[ShownPhoto, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A picture or a file that is made when it is sent; without a picture the caption is a message of its own."""

    what: Drawing | Listing
    caption: str
    keyboard: Keyboard | None = None


Message = Words | Picture | Album | Made


def messages_of(reply: Reply, language: Language) -> tuple[Message, ...]:
    """The messages that say the reply, in order; the same reply always gives the same ones."""
    inline = inline_keyboard(reply, language)
    below = location_keyboard(reply, language)
    if inline is None or below is None:
        return _with_words(reply, inline or below, language)
    # A message carries one keyboard: what the phone shows below the chat gets a message of its own.
    if below is PUT_AWAY:
        return (Words(LOCATION_PUT_AWAY.to(language), below), *_with_words(reply, inline, language))
    return (*_with_words(reply, inline, language), Words(LOCATION_OFFER.to(language), below))


def _with_words(reply: Reply, keyboard: Keyboard | None, language: Language) -> tuple[Message, ...]:
    text = written(reply.lines, language)
    if reply.attached is not None:
        if length(text) > MOST_CAPTION:
            raise FlowError("the words under what is attached are too long for a caption")
        return (Made(reply.attached, text, keyboard),)
    match reply.photos:
        case ():
            return _words(text, keyboard)
        case (photo,) if length(text) <= MOST_CAPTION:
            return (Picture(photo, text, keyboard),)
        case (photo,):
            return (Picture(photo), *_words(text, keyboard))
        case photos if len(photos) > MOST_IN_ALBUM:
            raise FlowError(f"an album shows at most {MOST_IN_ALBUM} photos, not {len(photos)}")
        case photos if not text and keyboard is None:
            return (Album(photos),)
        case photos:
            return (Album(photos), *_words(text, keyboard))


def _words(text: str, keyboard: Keyboard | None) -> tuple[Words, ...]:
    *before, last = pieces(text) or ("",)
    if not last:
        raise FlowError("a reply without words")
    return (*map(Words, before), Words(last, keyboard))


def inline_keyboard(reply: Reply, language: Language) -> Keyboard | None:
    rows = [[_inline(button, reply, language) for button in row] for row in reply.buttons if row]
    return Keyboard(_json({"inline_keyboard": rows})) if rows else None


def _inline(button: Button, reply: Reply, language: Language) -> dict[str, str]:
    label = plain(button.label, language)
    if button.url:
        return {"text": label, "url": button.url}
    return {"text": label, "callback_data": write_press(button, reply)}


def location_keyboard(reply: Reply, language: Language) -> Keyboard | None:
    match reply.place_button:
        case None:
            return None
        case False:
            return PUT_AWAY
        case True:
            key = {"text": LOCATION_BUTTON.to(language), "request_location": True}
            shown = {"keyboard": [[key]], "resize_keyboard": True}  # until it is taken away
            return Keyboard(_json(shown), below=True)


def _json(shown: object) -> str:
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


PUT_AWAY = Keyboard(_json({"remove_keyboard": True}), below=True)
