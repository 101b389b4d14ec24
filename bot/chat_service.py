"""Where the bot and a chat service such as Telegram meet: what arrived, what goes out, what can fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

from flows.core.chat import Inbound, Json, Out
from flows.core.text import Language, T


@dataclass(frozen=True, slots=True)
class Command:
    """`/start CODE` arrives as name "start", argument "CODE"."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class FileSent:
    """A photo or a file that has to be fetched before anything can be said about it."""

    file_id: str
    size: int | None  # bytes, as announced
    name: str = ""
    ref: str = ""
    group: str = ""
    caption: str = ""
    edited: bool = False  # in a message sent before


@dataclass(frozen=True, slots=True)
class Reachability:
    """The person blocked the bot, or let it back in."""

    reachable: bool


@dataclass(frozen=True, slots=True)
class Arrived:
    """One update, read. `raw` is what came, for the dead-letter table."""

    update_id: int
    chat_id: int
    private: bool
    name: str  # the person's, as the chat service shows it
    language: Language  # a guess from the phone's own language
    what: Inbound | Command | FileSent | Reachability
    press_id: str = ""  # the press waits for an answer under this id
    pressed_ref: str = ""  # the message whose button was pressed
    raw: Mapping[str, Json] | None = None
    again: bool = False  # it was a dead letter
    received: float = field(default_factory=monotonic, compare=False)  # by the machine's clock, in seconds


class TryAgain(Exception):
    """The chat service is down, slow, or asks to wait: nothing was lost; `after` seconds is its own wish.

    `said`: how many steps of a `send` were taken; given back to it with the same `out`, nothing is repeated.
    `unsure`: the answer to the next step was lost, so that it may have been taken all the same.
    """

    def __init__(self, why: str, after: float | None = None, said: int = 0, *, unsure: bool = False) -> None:
        super().__init__(why)
        self.after = after
        self.said = said
        self.unsure = unsure


class Unreachable(Exception):
    """The person has blocked the bot or deleted the account: trying again is of no use."""


class FileTooLarge(Exception):
    """The chat service does not hand out a file of this size to bots."""


Commands = tuple[tuple[str, T], ...]  # each with what the menu says of it


class ChatService(Protocol):
    async def fetch(self, file_id: str) -> bytes:
        """The file's bytes. Raises TryAgain, FileTooLarge."""
        ...

    async def set_commands(self, commands: Commands, chat_id: int | None = None) -> None:
        """The menu of commands: everybody's, or one chat's own; without any, the chat has everybody's again.

        Raises TryAgain, Unreachable.
        """
        ...

    async def send(
        self,
        chat_id: int,
        out: Sequence[Out],
        language: Language,
        *,
        press_id: str = "",
        pressed_ref: str = "",
        hurry: bool = True,
        said: int = 0,
    ) -> None:
        """Says all of `out` in order. With `press_id`, the press is answered, by the Toast if there is one.

        Replies with slot "pressed" replace the message `pressed_ref`. `hurry` is False for broadcasts, which let
        people's own replies go first. Raises TryAgain, Unreachable.
        """
        ...
