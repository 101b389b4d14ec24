"""The methods by which a bot changes or takes back what it sent, and answers a pressed button."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from bot.simulator import markup
from bot.simulator.chats import Chat, Chats
from bot.simulator.refusal import bad_request
from bot.simulator.sending import Sending, Uploads
from bot.simulator.shapes import Json, Message
from bot.simulator.text import MOST_CAPTION, MOST_TEXT, formatted

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as "
    "a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
ANSWER_WITHIN = 15  # seconds
_WITH_CAPTION = ("photo", "document", "video", "voice")


@dataclass(frozen=True, slots=True)
class Query:
    chat: Chat
    asked: float


@dataclass(frozen=True, slots=True)
class Editing:
    chats: Chats
    sending: Sending
    queries: dict[str, Query] = field(default_factory=dict)

    async def edit_text(self, call: Json, uploads: Uploads) -> Message:
        text, entities = formatted(call, "text", MOST_TEXT, "MESSAGE_TOO_LONG")
        if not text:
            raise bad_request("message text is empty")
        chat, message = self._mine(call)
        if "text" not in message:
            raise bad_request("there is no text in the message to edit")
        changed = _without(message, "text", "entities", "link_preview_options")
        changed["text"] = text
        if entities:
            changed["entities"] = entities
        if options := call.get("link_preview_options"):
            changed["link_preview_options"] = options
        return self._changed(call, chat, message, changed)

    async def edit_caption(self, call: Json, uploads: Uploads) -> Message:
        caption, entities = formatted(call, "caption", MOST_CAPTION, "MEDIA_CAPTION_TOO_LONG")
        chat, message = self._mine(call)
        if not any(kind in message for kind in _WITH_CAPTION):
            raise bad_request("there is no caption in the message to edit")
        changed = _without(message, "caption", "caption_entities")
        if caption:
            changed["caption"] = caption
        if entities:
            changed["caption_entities"] = entities
        return self._changed(call, chat, message, changed)

    async def edit_media(self, call: Json, uploads: Uploads) -> Message:
        media = call["media"]
        caption, entities = formatted(media, "caption", MOST_CAPTION, "MEDIA_CAPTION_TOO_LONG")
        self._mine(call)
        content = await self.sending.content(media, uploads)
        chat, message = self._mine(call)
        changed = _without(
            message, "text", "entities", "link_preview_options", "caption", "caption_entities", *_WITH_CAPTION
        )
        changed |= content
        if caption:
            changed["caption"] = caption
        if entities:
            changed["caption_entities"] = entities
        return self._changed(call, chat, message, changed)

    async def edit_markup(self, call: Json, uploads: Uploads) -> Message:
        chat, message = self._mine(call)
        return self._changed(call, chat, message, _without(message))

    async def delete(self, call: Json, uploads: Uploads) -> bool:
        chat = self.chats.for_bot(call["chat_id"])
        message = chat.messages.get(call["message_id"])
        if message is None:
            raise bad_request("message to delete not found")
        if self.chats.now() - message["date"] > 48 * 3600:
            raise bad_request("message can't be deleted for everyone")
        chat.remove(call["message_id"])
        return True

    async def delete_many(self, call: Json, uploads: Uploads) -> bool:
        ids = call["message_ids"]
        if not 1 <= len(ids) <= 100:
            words = (
                "too many message identifiers specified" if ids else "message identifiers are not specified"
            )
            raise bad_request(words)
        chat = self.chats.for_bot(call["chat_id"])
        for message_id in set(ids) & set(chat.messages):
            chat.remove(message_id)
        return True

    async def answer_callback(self, call: Json, uploads: Uploads) -> bool:
        text = call.get("text", "")
        if len(text) > 200:
            raise bad_request("MESSAGE_TOO_LONG")
        query = self.queries.get(call["callback_query_id"])
        if query is None or self.chats.now() - query.asked > ANSWER_WITHIN:
            raise bad_request(TOO_OLD)
        del self.queries[call["callback_query_id"]]
        query.chat.publish({
            "type": "toast",
            "text": text,
            "alert": call.get("show_alert", False),
            "callback_query_id": call["callback_query_id"],
        })  # fmt: skip
        return True

    def _mine(self, call: Json) -> tuple[Chat, Message]:
        if "inline_message_id" in call:
            raise bad_request("MESSAGE_ID_INVALID")
        if "chat_id" not in call:
            raise bad_request(
                "chat_id is empty" if "message_id" in call else "message identifier is not specified"
            )
        chat = self.chats.for_bot(call["chat_id"])
        message = chat.messages.get(call.get("message_id", 0))
        if message is None:
            raise bad_request("message to edit not found")
        if message["from"]["id"] != self.chats.bot["id"] or message["message_id"] in chat.uneditable:
            raise bad_request("message can't be edited")
        return chat, message

    def _changed(self, call: Json, chat: Chat, before: Message, after: Message) -> Message:
        """An edit without a keyboard takes the old one away, as Telegram's does."""
        after.pop("reply_markup", None)
        if keyboard := markup.inline(call):
            after["reply_markup"] = keyboard
        if after == before:
            raise bad_request(NOT_MODIFIED)
        after["edit_date"] = int(self.chats.now())
        return chat.replace(after)


def _without(message: Message, *fields: str) -> Message:
    return cast(Message, {key: value for key, value in message.items() if key not in fields})
