"""What people do in their chats, turned into the updates Telegram would make of it."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.simulator.chats import Chat, Chats
from bot.simulator.editing import Editing, Query
from bot.simulator.files import Files, Upload
from bot.simulator.shapes import Json, Message
from bot.simulator.text import with_found
from bot.simulator.updates import Updates

_STICKER = {
    "width": 512,
    "height": 512,
    "is_animated": False,
    "is_video": False,
    "type": "regular",
    "emoji": "🙂",
}


@dataclass(frozen=True, slots=True)
class Inbound:
    chats: Chats
    files: Files
    updates: Updates
    editing: Editing
    _albums: itertools.count[int] = field(default_factory=lambda: itertools.count(13_900_000_001))

    def say(self, chat: Chat, text: str, reply_to: int | None = None) -> Message:
        return self._send(chat, _text(text), reply_to)

    def share(self, chat: Chat, content: Message, reply_to: int | None = None) -> Message:
        """A location, venue or contact, as its fields in a Message."""
        return self._send(chat, content, reply_to)

    def send_sticker(self, chat: Chat) -> Message:
        sticker = self.files.keep_other("stickers", b"RIFF....WEBP", "image/webp", ".webp", dict(_STICKER))
        return self._send(chat, Message(sticker=sticker))

    def send_voice(self, chat: Chat) -> Message:
        about: Json = {"duration": 3, "mime_type": "audio/ogg"}
        return self._send(
            chat, Message(voice=self.files.keep_other("voice", b"OggS", "audio/ogg", ".oga", about))
        )

    def send_video(self, chat: Chat) -> Message:
        about: Json = {"duration": 5, "width": 1280, "height": 720, "mime_type": "video/mp4"}
        return self._send(
            chat, Message(video=self.files.keep_other("videos", b"ftyp", "video/mp4", ".mp4", about))
        )

    async def send_files(
        self, chat: Chat, uploads: Sequence[Upload], as_photo: bool, caption: str = ""
    ) -> list[Message]:
        """One message each; 2-10 make an album, whose caption is on the first."""
        contents = [
            Message(photo=await self.files.keep_photo(upload.data))
            if as_photo
            else Message(document=self.files.keep_document(upload))
            for upload in uploads
        ]
        if len(contents) > 1:
            album = str(next(self._albums))
            for content in contents:
                content["media_group_id"] = album
        if caption and contents:
            contents[0]["caption"] = caption
            if entities := with_found(caption, []):
                contents[0]["caption_entities"] = entities
        return [self._send(chat, content) for content in contents]

    def edit(self, chat: Chat, message_id: int, text: str) -> Message:
        before = self._own(chat, message_id)
        after = Message(**before)
        if "text" in before:
            after.pop("entities", None)
            after |= _text(text)
        else:
            after["caption"] = text
        return self._edited(chat, after)

    def move(self, chat: Chat, message_id: int, latitude: float, longitude: float) -> Message:
        """A live location goes on to another point."""
        before = self._own(chat, message_id)
        after = Message(**before)
        after["location"] = before["location"] | {"latitude": latitude, "longitude": longitude}
        return self._edited(chat, after)

    def press(self, chat: Chat, message_id: int, data: str) -> str:
        """The id of the callback query; the message may be gone or its buttons changed, as on a slow phone."""
        query_id = str(secrets.randbits(62) | 1 << 61)
        message = chat.messages.get(message_id)
        query: Json = {
            "id": query_id,
            "from": chat.user,
            "chat_instance": str(abs(hash(chat.id)) + 10**17),
            "data": data,
            "message": message or {"chat": chat.shape, "message_id": message_id, "date": 0},
        }
        self.editing.queries[query_id] = Query(chat, self.chats.now())
        self.updates.add("callback_query", query, ("callback", chat.user["id"]))
        return query_id

    def block(self, chat: Chat, blocked: bool) -> None:
        if chat.blocked == blocked:
            return
        chat.blocked = blocked
        gone = "left" if chat.type == "group" else "kicked"
        before, after = ("member", gone) if blocked else (gone, "member")
        self._membership(chat, before, after)

    def enter_group(self, chat: Chat) -> None:
        """The person adds the bot to a group."""
        self._membership(chat, "left", "member")
        self._send(chat, Message(new_chat_members=[self.chats.bot]))

    def _membership(self, chat: Chat, before: str, after: str) -> None:
        change: Json = {
            "chat": chat.shape,
            "from": chat.user,
            "date": int(self.chats.now()),
            "old_chat_member": self._member(before),
            "new_chat_member": self._member(after),
        }
        self.updates.add("my_chat_member", change, ("member", chat.id))

    def _member(self, status: str) -> Json:
        member: Json = {"user": self.chats.bot, "status": status}
        return member | {"until_date": 0} if status == "kicked" else member

    def _send(self, chat: Chat, content: Message, reply_to: int | None = None) -> Message:
        if chat.type == "private" and chat.blocked:
            self.block(chat, False)  # who writes to a blocked bot unblocks it
        message = self.chats.new_message(chat, chat.user) | content
        if reply_to is not None and (answered := chat.messages.get(reply_to)):
            message["reply_to_message"] = {k: v for k, v in answered.items() if k != "reply_to_message"}
        chat.started = True
        chat.put(message)
        if self._is_heard(chat, message):
            self.updates.add("message", dict(message), ("message", chat.id))
        if chat.keyboard and chat.keyboard.get("one_time_keyboard") and not chat.keyboard_hidden:
            chat.hide_keyboard()
        return message

    def _is_heard(self, chat: Chat, message: Message) -> bool:
        """In groups, bots in privacy mode hear commands, answers to themselves, and who came or went."""
        if chat.type == "private" or "new_chat_members" in message:
            return not (chat.blocked and chat.type == "group")
        text = message.get("text", "")
        to_another = "@" in text.split(" ")[0] and f"@{self.chats.bot['username']}" not in text
        answered = message.get("reply_to_message", {}).get("from", {}).get("id") == self.chats.bot["id"]
        return not chat.blocked and ((text.startswith("/") and not to_another) or answered)

    def _own(self, chat: Chat, message_id: int) -> Message:
        message = chat.messages[message_id]
        if message["from"]["id"] != chat.user["id"]:
            raise KeyError(message_id)
        return message

    def _edited(self, chat: Chat, message: Message) -> Message:
        message["edit_date"] = int(self.chats.now())
        chat.replace(message)
        if self._is_heard(chat, message):
            self.updates.add("edited_message", dict(message), ("message", chat.id))
        return message


def _text(text: str) -> Message:
    message = Message(text=text)
    if entities := with_found(text, []):
        message["entities"] = entities
    return message
