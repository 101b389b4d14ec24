"""A person with a phone: says, presses, sends and hears in one chat, as tests and journeys drive it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.simulator.chats import Chat
from bot.simulator.files import Upload, guessed_type
from bot.simulator.shapes import Button, Json, Message, Toast, User

if TYPE_CHECKING:
    from bot.simulator.server import Simulator


class Person:
    """What is heard is looked for after the last thing this person said, pressed, sent or heard."""

    def __init__(self, simulator: Simulator, chat: Chat) -> None:
        self._simulator = simulator
        self._inbound = simulator.inbound
        self.chat = chat
        self._heard = 0  # events that lie behind
        self._toasted = 0

    @property
    def id(self) -> int:
        """The chat's id, which in a private chat is also the user's."""
        return self.chat.id

    @property
    def user(self) -> User:
        return self.chat.user

    @property
    def name(self) -> str:
        return self.chat.name

    @property
    def messages(self) -> list[Message]:
        """Everything in the chat now, from both sides, oldest first."""
        return list(self.chat.messages.values())

    @property
    def last(self) -> Message:
        """The newest message of the bot, as it stands now."""
        return self._by_bot()[-1]

    @property
    def keyboard(self) -> list[list[str]]:
        """The labels of the keyboard below the chat, row by row; empty if there is none."""
        keyboard: Json = self.chat.keyboard or {"keyboard": []}
        return [[button["text"] for button in row] for row in keyboard["keyboard"]]

    @property
    def toasts(self) -> list[Toast]:
        """Every answer to a pressed button so far; `text` may be empty."""
        return [
            Toast(text=event["text"], alert=event["alert"], callback_query_id=event["callback_query_id"])
            for event in self.chat.happened
            if event["type"] == "toast"
        ]

    def buttons(self, message: Message | None = None) -> list[str]:
        """The labels below a message, by default the newest that has any."""
        found = [one for one in self._by_bot() if "reply_markup" in one]
        shown = (
            self.chat.messages.get(message["message_id"], message)
            if message
            else found[-1]
            if found
            else None
        )
        return [button["text"] for button in _buttons(shown)] if shown else []

    async def say(self, text: str, reply_to: Message | None = None) -> Message:
        self._now_hears()
        return self._inbound.say(self.chat, text, reply_to["message_id"] if reply_to else None)

    async def press(self, wanted: str, message: Message | None = None) -> str:
        """Presses the newest button with this label, or whose label or data contains it.

        A key of the keyboard below the chat sends its label. Returns the callback query's id, or "" for a key.
        A message given as it was pressed before keeps its old buttons, as a slow phone shows them.
        """
        if found := self._find_button(wanted, message):
            pressed, button = found
            if "callback_data" not in button:
                raise AssertionError(
                    f"{button['text']!r} opens {button.get('url')} and tells the bot nothing"
                )
            self._now_hears()
            self._toasted = len(self.chat.happened)
            return self._inbound.press(self.chat, pressed["message_id"], button["callback_data"])
        labels = [label for row in self.keyboard for label in row]
        for label in [one for one in labels if one == wanted] or [one for one in labels if wanted in one]:
            await self.say(label)
            return ""
        raise AssertionError(f"there is no button {wanted!r}\n{self.transcript()}")

    async def press_data(self, data: str, message: Message) -> str:
        """Presses a button with just this data, whether the message still has it or not."""
        self._now_hears()
        self._toasted = len(self.chat.happened)
        return self._inbound.press(self.chat, message["message_id"], data)

    async def send_photos(
        self,
        photos: Sequence[bytes],
        as_file: bool = False,
        names: Sequence[str] | None = None,
        caption: str = "",
    ) -> list[Message]:
        """Several are sent as albums of up to ten; as files they keep bytes and name (`photo1.jpg` …)."""
        named = names or [f"photo{number}.jpg" for number in range(1, len(photos) + 1)]
        uploads = [Upload(data, name, guessed_type(name)) for data, name in zip(photos, named, strict=True)]
        self._now_hears()
        sent: list[Message] = []
        for begin in range(0, len(uploads), 10):
            album = uploads[begin : begin + 10]
            sent += await self._inbound.send_files(self.chat, album, not as_file, "" if begin else caption)
        return sent

    async def send_location(
        self,
        latitude: float,
        longitude: float,
        horizontal_accuracy: float | None = None,
        live_period: int | None = None,
    ) -> Message:
        """Accuracy in metres; with a live period in seconds it is a live location, which can `move`."""
        location: Json = {"latitude": latitude, "longitude": longitude}
        if horizontal_accuracy is not None:
            location["horizontal_accuracy"] = horizontal_accuracy
        if live_period is not None:
            location["live_period"] = live_period
        return self._share(Message(location=location))

    async def move(self, message: Message, latitude: float, longitude: float) -> Message:
        self._now_hears()
        return self._inbound.move(self.chat, message["message_id"], latitude, longitude)

    async def send_venue(self, latitude: float, longitude: float, title: str, address: str) -> Message:
        location: Json = {"latitude": latitude, "longitude": longitude}
        venue: Json = {"location": location, "title": title, "address": address}
        return self._share(Message(location=location, venue=venue))

    async def send_contact(self, phone_number: str, first_name: str) -> Message:
        return self._share(Message(contact={"phone_number": phone_number, "first_name": first_name}))

    async def send_sticker(self) -> Message:
        self._now_hears()
        return self._inbound.send_sticker(self.chat)

    async def send_voice(self) -> Message:
        self._now_hears()
        return self._inbound.send_voice(self.chat)

    async def send_video(self) -> Message:
        self._now_hears()
        return self._inbound.send_video(self.chat)

    async def edit(self, message: Message, text: str) -> Message:
        self._now_hears()
        return self._inbound.edit(self.chat, message["message_id"], text)

    async def block(self, blocked: bool = True) -> None:
        self._inbound.block(self.chat, blocked)

    async def hears(self, substring: str, within: float = 10.0) -> Message:
        """The first message or edit of the bot that contains it; fails with the transcript after `within` s."""
        try:
            async with asyncio.timeout(within):
                while True:
                    for at in range(self._heard, len(self.chat.happened)):
                        message = self._bots(self.chat.happened[at])
                        if message and substring in said(message):
                            self._heard = at + 1
                            return message
                    await self.chat.more_than(len(self.chat.happened))
        except TimeoutError:
            words = f"{self.name} did not hear {substring!r} within {within:g} s"
            raise AssertionError(f"{words}\n{self.transcript()}") from None

    async def hears_nothing(self, during: float = 0.3) -> None:
        """Fails if the bot says or edits anything from the last thing said or heard until `during` s from now."""
        await asyncio.sleep(during)
        for event in self.chat.happened[self._heard :]:
            if message := self._bots(event):
                raise AssertionError(f"{self.name} heard {said(message)!r}\n{self.transcript()}")

    async def toast(self, within: float = 10.0) -> Toast:
        """The answer to the button pressed last."""
        try:
            async with asyncio.timeout(within):
                while True:
                    for event in self.chat.happened[self._toasted :]:
                        if event["type"] == "toast":
                            return self.toasts[-1]
                    await self.chat.more_than(len(self.chat.happened))
        except TimeoutError:
            raise AssertionError(
                f"the button was not answered within {within:g} s\n{self.transcript()}"
            ) from None

    async def download(self, file_id: str) -> bytes:
        """A photo or file the bot sent (or the person did)."""
        kept = self._simulator.files.get(file_id)
        if kept is None:
            raise KeyError(file_id)
        return kept.data

    def transcript(self) -> str:
        """The chat so far, for people to read."""
        lines = [f"  {self._line(event)}" for event in self.chat.happened if event["type"] in _TOLD]
        return "\n".join([f"--- {self.name}", *lines, "---"])

    def _line(self, event: Json) -> str:
        if event["type"] == "toast":
            return f"({event['text'] or 'the button was answered'})"
        if event["type"] == "deleted":
            return f"(message {event['message_id']} was deleted)"
        message: Message = event["message"]
        who = "bot" if self._bots(event) else self.name
        labels = "".join(f" [{button['text']}]" for button in _buttons(message))
        return f"{who}{' (edited)' if event['type'] == 'edited' else ''}: {said(message)}{labels}"

    def _share(self, content: Message) -> Message:
        self._now_hears()
        return self._inbound.share(self.chat, content)

    def _now_hears(self) -> None:
        self._heard = len(self.chat.happened)

    def _by_bot(self) -> list[Message]:
        return [one for one in self.chat.messages.values() if one["from"]["id"] == self._simulator.bot["id"]]

    def _bots(self, event: Json) -> Message | None:
        if event["type"] not in ("message", "edited"):
            return None
        message: Message = event["message"]
        return message if message["from"]["id"] == self._simulator.bot["id"] else None

    def _find_button(self, wanted: str, message: Message | None) -> tuple[Message, Button] | None:
        among = [message] if message else self._by_bot()[::-1]
        pairs = [(one, button) for one in among for button in _buttons(one)]
        for match in (
            lambda b: b["text"] == wanted,
            lambda b: wanted in b["text"] or wanted in b.get("callback_data", ""),
        ):
            for one, button in pairs:
                if match(button):
                    return one, button
        return None


_TOLD = ("message", "edited", "deleted", "toast")


def said(message: Message) -> str:
    """What a message says or, in brackets, what it is."""
    words = message.get("text") or message.get("caption") or ""
    for kind in ("photo", "document", "venue", "location", "contact", "sticker", "voice", "video"):
        if kind in message:
            about = message.get(kind)
            named = (about.get("file_name") or about.get("title") or "") if isinstance(about, dict) else ""
            return f"<{kind}{' ' + named if named else ''}> {words}".rstrip()
    return words


def _buttons(message: Message) -> list[Button]:
    markup = message.get("reply_markup")
    return [button for row in markup["inline_keyboard"] for button in row] if markup else []
