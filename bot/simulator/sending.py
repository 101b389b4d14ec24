"""The methods by which a bot sends: texts, photos, documents, albums, places, and "typing"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.simulator import markup
from bot.simulator.chats import Chat, Chats
from bot.simulator.faults import Flood
from bot.simulator.files import MOST_UP, Files, Upload
from bot.simulator.refusal import Refusal, bad_request
from bot.simulator.shapes import Json, Message, PhotoSize
from bot.simulator.text import MOST_CAPTION, MOST_TEXT, formatted

Uploads = Mapping[str, Upload]
_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
        "cancel",
        "record_audio",
        "upload_audio",
        "pick_up_location",
    ]
)
_NOT_HERE = {
    "business_connection_id": "business connection not found",
    "message_thread_id": "message thread not found",
    "direct_messages_topic_id": "direct messages topic not found",
}


@dataclass(frozen=True, slots=True)
class Sending:
    chats: Chats
    files: Files
    flood: Flood

    async def send_message(self, call: Json, uploads: Uploads) -> Message:
        text, entities = formatted(call, "text", MOST_TEXT, "message is too long")
        if not text:
            raise bad_request("message text is empty")
        chat, message = self._begun(call)
        message["text"] = text
        if entities:
            message["entities"] = entities
        if options := call.get("link_preview_options"):
            message["link_preview_options"] = options
        return self._sent(call, chat, message)

    async def send_photo(self, call: Json, uploads: Uploads) -> Message:
        caption = self._caption(call)
        self._chat(call)
        photo = await self.photo(call.get("photo", "attach://photo"), uploads)
        chat, message = self._begun(call)
        message["photo"] = photo
        return self._sent(call, chat, message | caption)

    async def send_document(self, call: Json, uploads: Uploads) -> Message:
        caption = self._caption(call)
        self._chat(call)
        document = self.document(call.get("document", "attach://document"), uploads)
        chat, message = self._begun(call)
        message["document"] = document
        return self._sent(call, chat, message | caption)

    async def send_media_group(self, call: Json, uploads: Uploads) -> list[Message]:
        media: list[Json] = call["media"]
        _check_album(media)
        captions = [self._caption(one) for one in media]
        chat = self._chat(call)
        contents = [await self.content(one, uploads) for one in media]
        for _ in media:
            self.flood.check(chat.id)
        group = str(13_000_000_000 + self.chats.next_message_id())
        sent: list[Message] = []
        for content, caption in zip(contents, captions, strict=True):
            chat, message = self._begun(call, counted=False)
            message["media_group_id"] = group
            sent.append(self._sent(call, chat, message | content | caption))
        return sent

    async def send_location(self, call: Json, uploads: Uploads) -> Message:
        location = _location(call)
        chat, message = self._begun(call)
        message["location"] = location
        return self._sent(call, chat, message)

    async def send_venue(self, call: Json, uploads: Uploads) -> Message:
        location = _location(call)
        chat, message = self._begun(call)
        message["location"] = location
        message["venue"] = {"location": location, "title": call["title"], "address": call["address"]}
        return self._sent(call, chat, message)

    async def send_chat_action(self, call: Json, uploads: Uploads) -> bool:
        if call["action"].lower() not in _ACTIONS:
            raise bad_request("wrong parameter action in request")
        self._chat(call).publish({"type": "action", "action": call["action"]})
        return True

    async def content(self, media: Json, uploads: Uploads) -> Message:
        """What an InputMedia shows, without its caption."""
        if media["type"] == "photo":
            return Message(photo=await self.photo(media["media"], uploads))
        if media["type"] == "document":
            return Message(document=self.document(media["media"], uploads))
        raise Refusal(501, f"Not Implemented: the simulator sends no {media['type']}")

    async def photo(self, given: str, uploads: Uploads) -> list[PhotoSize]:
        upload = _attached(given, uploads, "photo")
        if upload is not None:
            return await self.files.keep_photo(upload.data)
        kept = self.files.get(given)
        if kept is None:
            raise _wrong_file(given)
        if not kept.sizes:
            raise bad_request("can't use file of type Document as Photo")
        return kept.sizes

    def document(self, given: str, uploads: Uploads) -> Json:
        upload = _attached(given, uploads, "document")
        if upload is not None:
            if len(upload.data) > MOST_UP:
                raise Refusal(413, "Request Entity Too Large")
            return self.files.keep_document(upload)
        kept = self.files.get(given)
        if kept is None:
            raise _wrong_file(given)
        if kept.sizes:
            raise bad_request("can't use file of type Photo as Document")
        return kept.shape

    def _caption(self, call: Json) -> Message:
        caption, entities = formatted(call, "caption", MOST_CAPTION, "message caption is too long")
        made = Message()
        if caption:
            made["caption"] = caption
            if call.get("show_caption_above_media"):
                made["show_caption_above_media"] = True
        if entities:
            made["caption_entities"] = entities
        return made

    def _chat(self, call: Json) -> Chat:
        for name, words in _NOT_HERE.items():
            if name in call:
                raise bad_request(words)
        markup.check(call)
        return self.chats.for_bot(call["chat_id"])

    def _begun(self, call: Json, counted: bool = True) -> tuple[Chat, Message]:
        chat = self._chat(call)
        answered = _answered(call, chat)
        if counted:
            self.flood.check(chat.id)
        message = self.chats.new_message(chat, self.chats.bot)
        if answered:
            message["reply_to_message"] = answered
        return chat, message

    def _sent(self, call: Json, chat: Chat, message: Message) -> Message:
        markup.attach(call, chat, message)
        if call.get("protect_content"):
            message["has_protected_content"] = True
        if call.get("message_effect_id"):
            message["effect_id"] = call["message_effect_id"]
        chat.unread += 1  # until its messages are looked at
        chat.put(message)
        markup.show(call, chat)
        return message


def _answered(call: Json, chat: Chat) -> Json | None:
    reply = call.get("reply_parameters")
    if not reply:
        return None
    answered = chat.messages.get(reply.get("message_id", 0))
    if answered is None:
        if reply.get("allow_sending_without_reply"):
            return None
        raise bad_request("message to be replied not found")
    return {key: value for key, value in answered.items() if key != "reply_to_message"}


def _location(call: Json) -> Json:
    latitude, longitude = call["latitude"], call["longitude"]
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise bad_request("wrong location specified")
    location = {"latitude": latitude, "longitude": longitude}
    return location | {key: call[key] for key in ("horizontal_accuracy", "live_period") if key in call}


def _check_album(media: list[Json]) -> None:
    if not media:
        raise bad_request("there are no messages to send")
    if len(media) > 10:
        raise bad_request("too many messages to send as an album")
    kinds = {one["type"] for one in media}
    if "animation" in kinds:
        raise bad_request("can't parse InputMedia: type \"animation\" can't be used in sendMediaGroup")
    for alone in ("document", "audio"):
        if alone in kinds and len(kinds) > 1:
            raise bad_request(f"{alone} can't be mixed with other media types")
    if len(media) == 1:
        raise bad_request("media must include 2-10 items")


def _attached(given: str, uploads: Uploads, field: str) -> Upload | None:
    if not given.startswith("attach://"):
        return None
    name = given.removeprefix("attach://")
    if name not in uploads:
        raise bad_request(f"there is no {field} in the request")
    return uploads[name]


def _wrong_file(given: str) -> Refusal:
    if re.match(r"https?://", given):
        return bad_request("failed to get HTTP URL content")
    return bad_request("wrong file identifier/HTTP URL specified")
