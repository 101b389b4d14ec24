"""Chats as people see them: messages in order, the keyboard below, and everything that happens in them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bot.simulator.refusal import Refusal, bad_request, forbidden
from bot.simulator.shapes import ChatShape, Json, Message, User

FIRST_PERSON = 7_000_000_001  # beyond 32 bits, as real ones are
FIRST_GROUP = -4_700_000_001


@dataclass(slots=True)
class Chat:
    id: int
    name: str
    type: str  # "private" or "group"
    user: User  # who writes in it
    started: bool
    shape: ChatShape
    blocked: bool = False
    unread: int = 0
    messages: dict[int, Message] = field(default_factory=dict)
    uneditable: set[int] = field(default_factory=set)  # sent with a keyboard that is not inline
    keyboard: Json | None = None
    keyboard_hidden: bool = False  # used once: behind its button until removed or replaced
    placeholder: str | None = None
    happened: list[Json] = field(default_factory=list)  # every event, as the page is told it
    listeners: set[asyncio.Queue[Json]] = field(default_factory=set)
    _stirred: asyncio.Event | None = None

    def publish(self, event: Json) -> None:
        self.happened.append(event)
        for listener in self.listeners:
            listener.put_nowait(event)
        if self._stirred is not None:
            self._stirred.set()
            self._stirred = None

    def end(self) -> None:
        """Tells listeners, by an event without a type, that there will be no more."""
        for listener in self.listeners:
            listener.put_nowait({})

    async def more_than(self, seen: int) -> None:
        """Returns once more than `seen` events have happened."""
        while len(self.happened) <= seen:
            self._stirred = self._stirred or asyncio.Event()
            await self._stirred.wait()

    def put(self, message: Message) -> Message:
        self.messages[message["message_id"]] = message
        self.publish({"type": "message", "message": message})
        return message

    def replace(self, message: Message) -> Message:
        self.messages[message["message_id"]] = message
        self.publish({"type": "edited", "message": message})
        return message

    def remove(self, message_id: int) -> None:
        del self.messages[message_id]
        self.publish({"type": "deleted", "message_id": message_id})

    def show_keyboard(self, keyboard: Json | None, placeholder: str | None) -> None:
        self.keyboard_hidden = self.keyboard_hidden and keyboard is self.keyboard
        self.keyboard, self.placeholder = keyboard, placeholder
        self._tell_keyboard()

    def hide_keyboard(self) -> None:
        self.keyboard_hidden, self.placeholder = True, None
        self._tell_keyboard()

    def _tell_keyboard(self) -> None:
        event = {"keyboard": self.keyboard, "placeholder": self.placeholder, "hidden": self.keyboard_hidden}
        self.publish({"type": "keyboard"} | event)


class Chats:
    """All chats of one bot; message ids run through all of them, as in Telegram's private chats."""

    def __init__(self, bot: User, now: Callable[[], float]) -> None:
        self.bot = bot
        self.now = now
        self._chats: dict[int, Chat] = {}
        self._last_message = 0
        self._people = 0

    def __iter__(self) -> Iterator[Chat]:
        return iter(self._chats.values())

    def get(self, chat_id: int) -> Chat | None:
        return self._chats.get(chat_id)

    def new_user(self, name: str, language_code: str) -> User:
        self._people += 1
        return User(
            id=FIRST_PERSON + self._people - 1, is_bot=False, first_name=name, language_code=language_code
        )

    def open_private(self, user: User, started: bool) -> Chat:
        shape = ChatShape(id=user["id"], type="private", first_name=user["first_name"])
        return self._open(Chat(user["id"], user["first_name"], "private", user, started, shape))

    def open_group(self, name: str, member: User) -> Chat:
        chat_id = FIRST_GROUP - sum(chat.type == "group" for chat in self)
        shape = ChatShape(id=chat_id, type="group", title=name)
        return self._open(Chat(chat_id, name, "group", member, True, shape))

    def _open(self, chat: Chat) -> Chat:
        self._chats[chat.id] = chat
        return chat

    def for_bot(self, chat_id: int | str) -> Chat:
        """The chat the bot may write to, or Telegram's refusal."""
        chat = self._chats.get(_number(chat_id))
        if chat is None:
            raise bad_request("chat not found")
        if chat.blocked:
            raise blocked(chat)
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat

    def next_message_id(self) -> int:
        self._last_message += 1
        return self._last_message

    def new_message(self, chat: Chat, sender: User) -> Message:
        """A message without content yet; `chat.put` it when it has some."""
        return Message(
            **{
                "message_id": self.next_message_id(),
                "from": sender,
                "chat": chat.shape,
                "date": int(self.now()),
            }
        )


def blocked(chat: Chat) -> Refusal:
    if chat.type == "group":
        return forbidden("bot was kicked from the group chat")
    return forbidden("bot was blocked by the user")


def _number(chat_id: int | str) -> int:
    try:
        return int(chat_id)
    except ValueError:
        return 0
