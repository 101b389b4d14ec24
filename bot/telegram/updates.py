"""Reads what Telegram delivers: one raw update becomes one `Arrived`, or nothing where it asks nothing of us."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from telegram import CallbackQuery, Chat, Message, PhotoSize, Update, User

from bot.chat_service import Arrived, Command, FileSent, Reachability
from bot.telegram.buttons import read_press
from flows.core.chat import Edit, Json, Pressed, Said, SentContact, SentOther, SentPlace
from flows.core.text import Language

# Exactly what is read below; Telegram keeps anything else to itself.
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

What = Said | Edit | SentPlace | SentContact | SentOther | Pressed | Command | FileSent | Reachability
_OtherKind = Literal["sticker", "voice", "video", "audio", "animation", "poll", "other"]

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
_OTHER: Mapping[str, _OtherKind] = {
    "sticker": "sticker", "voice": "voice", "video": "video", "video_note": "video", "audio": "audio",
    "animation": "animation", "poll": "poll", "dice": "other", "story": "other", "game": "other",
    "paid_media": "other", "invoice": "other", "giveaway": "other", "giveaway_winners": "other",
    "checklist": "other",
}  # fmt: skip


class UnreadableUpdate(Exception):
    """Telegram delivered something that could not be parsed; the cause says why."""


def read_update(raw: Mapping[str, Any]) -> Arrived | None:
    """None for what asks nothing of us: channels, service messages, other bots, live locations moving on."""
    try:
        return _read(raw)
    except Exception as error:
        raise UnreadableUpdate(f"{type(error).__name__}: {error}") from error


def _read(raw: Mapping[str, Any]) -> Arrived | None:
    match raw:
        case {"update_id": int(update_id), "message": {"text": str(text), "message_id": int(ref)} as words}:
            return _at_sight(update_id, words, words, _said(text, str(ref)), raw)
        case {
            "update_id": int(update_id),
            "callback_query": {"id": str(query_id), "data": str(data), "message": dict(shown)} as press,
        }:
            what, press_id = _press(query_id, data)
            return _at_sight(update_id, shown, press, what, raw, press_id, str(shown["message_id"]))
    return _read_whole(raw)


def _at_sight(
    update_id: int,
    message: Mapping[str, Any],
    sent: Mapping[str, Any],
    what: What,
    raw: Mapping[str, Json],
    press_id: str = "",
    pressed_ref: str = "",
) -> Arrived | None:
    """What comes all the time, words and presses, without an object of the library's for each part of it."""
    person, chat = sent.get("from"), message["chat"]
    if not isinstance(person, dict) or person["is_bot"]:
        return None
    name = " ".join(filter(None, (person["first_name"], person.get("last_name")))).replace("\0", "")
    return Arrived(
        update_id, int(chat["id"]), chat["type"] == Chat.PRIVATE, name, _language(person.get("language_code")),
        what, press_id, pressed_ref, raw,
    )  # fmt: skip


def _read_whole(raw: Mapping[str, Any]) -> Arrived | None:
    update = Update.de_json(dict(raw), None)
    if update.callback_query:
        return _pressed(update.update_id, update.callback_query, raw)
    if update.my_chat_member:
        change = update.my_chat_member
        if change.chat.type != Chat.PRIVATE:
            return None
        reachable = change.new_chat_member.status not in ("kicked", "left")
        return _arrived(update.update_id, change.chat, change.from_user, Reachability(reachable), raw)
    message = update.edited_message or update.message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return None
    what = _edited(message) if update.edited_message else _sent(message)
    if what is None:
        return None
    return _arrived(update.update_id, message.chat, message.from_user, what, raw)


def _arrived(
    update_id: int,
    chat: Chat,
    person: User,
    what: What,
    raw: Mapping[str, Json],
    press_id: str = "",
    pressed_ref: str = "",
) -> Arrived:
    return Arrived(
        update_id=update_id,
        chat_id=chat.id,
        private=chat.type == Chat.PRIVATE,
        name=person.full_name.replace("\0", ""),
        language=_language(person.language_code),
        what=what,
        press_id=press_id,
        pressed_ref=pressed_ref,
        raw=raw,
    )


def _language(code: str | None) -> Language:
    return "en" if code and code.lower().startswith("en") else "th"


def _press(query_id: str, data: str) -> tuple[Pressed, str]:
    """What it means, and under which id it waits for an answer."""
    # A button of another making is answered as an expired one: a move that nobody knows.
    what = read_press(data) or Pressed(move="")
    # The press of a form's button says so in its id: afterwards that message loses its buttons.
    return what, f"{query_id}/form" if what.draft else query_id


def _pressed(update_id: int, query: CallbackQuery, raw: Mapping[str, Json]) -> Arrived:
    what, press_id = _press(query.id, query.data or "")
    if query.message is None:  # under an inline message, which this bot never makes
        person = query.from_user
        chat = Chat(person.id, Chat.PRIVATE)
        return _arrived(update_id, chat, person, what, raw, query.id)
    ref = str(query.message.message_id)
    return _arrived(update_id, query.message.chat, query.from_user, what, raw, press_id, ref)


def _edited(message: Message) -> Edit | FileSent | None:
    ref = str(message.message_id)
    if message.text:
        return Edit(ref=ref, text=message.text)
    file = _file(message, ref)
    return replace(file, edited=True) if file else None


def _sent(message: Message) -> What | None:
    ref = str(message.message_id)
    if message.text is not None:
        return _said(message.text, ref)
    if file := _file(message, ref):
        return file
    if place := _place(message, ref):
        return place
    if message.contact:
        return SentContact(number=message.contact.phone_number, ref=ref)
    for name, kind in _OTHER.items():
        if getattr(message, name, None):
            return SentOther(kind, ref)
    return None


def _said(text: str, ref: str) -> Said | Command:
    if command := _COMMAND.fullmatch(text):
        return Command(command[1].lower(), (command[2] or "").strip())
    return Said(text, ref)


def _file(message: Message, ref: str) -> FileSent | None:
    """A photo in its largest size, or a document of whatever kind: what it is, its content tells later."""
    caption, group = message.caption or "", message.media_group_id or ""
    if message.photo:
        largest: PhotoSize = max(message.photo, key=lambda size: size.width * size.height)
        return FileSent(largest.file_id, largest.file_size, ref=ref, group=group, caption=caption)
    document = message.document
    # Telegram gives a moving picture twice, as animation and as document; a video without sound likewise.
    if document is None or (message.animation and document.mime_type != "image/gif"):
        return None
    name = document.file_name or ""
    return FileSent(document.file_id, document.file_size, name, ref, group, caption)


def _place(message: Message, ref: str) -> SentPlace | None:
    at = message.location
    if venue := message.venue:
        return SentPlace(venue.location.latitude, venue.location.longitude, None, "venue", venue.title, ref)
    if at:
        source: Literal["live", "pin"] = "live" if at.live_period else "pin"
        return SentPlace(at.latitude, at.longitude, at.horizontal_accuracy, source, ref=ref)
    return None
