"""What an officer has sent, and what must have come of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from flows.core.chat import Json

POISON = "☠"  # at the beginning of a message that the service cannot stand


@dataclass(slots=True)
class Filled:
    """One form: its answers just as they must be stored, by key; photos by the SHA-256 of the bytes sent, in order.

    `number` once it was sent for review; without one it must be a draft.
    """

    officer: int  # the chat
    form: str
    name_key: str  # the answer by which it is known
    answers: dict[str, Json] = field(default_factory=dict)
    photos: list[str] = field(default_factory=list)
    number: str = ""

    @property
    def name(self) -> str:
        return str(self.answers.get(self.name_key, ""))


@dataclass(frozen=True, slots=True)
class Vain:
    """What somebody waited for in vain, with the chat so far."""

    chat: int
    words: str


@dataclass(slots=True)
class Ledger:
    forms: list[Filled] = field(default_factory=list)
    photos: dict[str, bytes] = field(default_factory=dict)  # by SHA-256
    messages: int = 0  # texts, photos, presses, pins and edits
    pressed_again: int = 0
    unanswered: list[Vain] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)  # seconds, for each answer that came
    poisonous: list[str] = field(default_factory=list)  # texts that must be dead letters
