"""The JSON shapes that pass between Telegram and a bot, as far as a test or a page reads them."""

from __future__ import annotations

from typing import Any, TypedDict

Json = dict[str, Any]  # the simulator is the JSON edge itself: what bots send and what they are answered


class User(TypedDict, total=False):
    id: int
    is_bot: bool
    first_name: str
    username: str
    language_code: str


class ChatShape(TypedDict, total=False):
    id: int
    type: str
    first_name: str
    title: str


class PhotoSize(TypedDict):
    file_id: str
    file_unique_id: str
    width: int
    height: int
    file_size: int


class Entity(TypedDict, total=False):
    type: str
    offset: int
    length: int
    url: str
    language: str
    custom_emoji_id: str


class Button(TypedDict, total=False):
    text: str
    callback_data: str
    url: str


class InlineKeyboard(TypedDict):
    inline_keyboard: list[list[Button]]


Message = TypedDict(
    "Message",
    {
        "message_id": int,
        "from": User,
        "chat": ChatShape,
        "date": int,
        "edit_date": int,
        "text": str,
        "entities": list[Entity],
        "caption": str,
        "caption_entities": list[Entity],
        "photo": list[PhotoSize],
        "document": Json,
        "media_group_id": str,
        "location": Json,
        "venue": Json,
        "contact": Json,
        "sticker": Json,
        "voice": Json,
        "video": Json,
        "reply_markup": InlineKeyboard,
        "reply_to_message": Json,
        "new_chat_members": list[User],
        "has_protected_content": bool,
        "link_preview_options": Json,
        "show_caption_above_media": bool,
        "effect_id": str,
    },
    total=False,
)


class Toast(TypedDict):
    text: str
    alert: bool
    callback_query_id: str


class LogEntry(TypedDict, total=False):
    at: float
    kind: str  # "update" or "call"
    method: str
    update_id: int
    chat_id: int
    parameters: Json
    result: Any


class RefusalEntry(TypedDict):
    method: str
    error_code: int
    description: str
    parameters: Json
