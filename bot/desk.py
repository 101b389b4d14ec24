"""What is at hand while one message is answered: the chat, its officer, and what the chat is on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flows.core.chat import Json, Pressed
from flows.core.text import Language
from storage import conversations
from storage.conversations import Chat, Draft
from storage.db import Tx
from storage.officers import Officer

DOUBLE_TAP = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Focus:
    """What the next message in a chat is taken for; stored with the chat.

    `draft`: the open form. `invitation`: shown and not yet confirmed. `finding`: words for the list of entries
    are awaited; `words`: those it is narrowed to. `pressed`: the last button, to know a second tap by.
    """

    draft: int = 0
    invitation: int = 0
    invitation_lao: str = ""
    finding: bool = False
    words: str = ""
    pressed: str = ""
    pressed_at: datetime | None = None

    def to_json(self) -> dict[str, Json]:
        stored: dict[str, Json] = {
            "draft": self.draft, "invitation": self.invitation, "invitation_lao": self.invitation_lao, "finding": self.finding, "words": self.words,
            "pressed": self.pressed, "pressed_at": self.pressed_at.isoformat() if self.pressed_at else "",
        }  # fmt: skip
        return {name: value for name, value in stored.items() if value}

    @staticmethod
    def from_json(stored: Mapping[str, Json]) -> Focus:
        at = str(stored.get("pressed_at", ""))
        return Focus(
            draft=int(str(stored.get("draft", 0))),
            invitation=int(str(stored.get("invitation", 0))),
            invitation_lao=str(stored.get("invitation_lao", "")),
            finding=bool(stored.get("finding", False)),
            words=str(stored.get("words", "")),
            pressed=str(stored.get("pressed", "")),
            pressed_at=datetime.fromisoformat(at) if at else None,
        )


@dataclass(slots=True)
class Desk:
    """`focus` is what will be stored when the message is answered."""

    tx: Tx
    chat: Chat
    officer: Officer | None
    focus: Focus
    now: datetime

    @property
    def language(self) -> Language:
        return self.chat.language

    @property
    def an_officer(self) -> Officer:
        assert self.officer is not None, "only officers get here"
        return self.officer

    def notes_second_tap(self, what: object) -> bool:
        """Remembers what was pressed last: the same button again, straight after, is a second tap."""
        if not isinstance(what, Pressed):
            self.focus = replace(self.focus, pressed="", pressed_at=None)
            return False
        data = f"{what.draft}.{what.serial}.{what.move}.{what.arg}"
        before = self.focus.pressed_at
        again = data == self.focus.pressed and before is not None and self.now - before < DOUBLE_TAP
        self.focus = replace(self.focus, pressed=data, pressed_at=self.now, finding=False)
        return again

    def open_draft(self) -> Draft | None:
        """The draft of the form that is open, if it is still there and still this officer's."""
        if not self.focus.draft or self.officer is None:
            return None
        draft = conversations.draft_of(self.tx, self.focus.draft)
        return draft if draft and draft.officer_id == self.officer.id else None

    def open_form(self, draft: Draft) -> None:
        self.focus = replace(self.focus, draft=draft.id, finding=False)

    def close_form(self) -> None:
        self.focus = replace(self.focus, draft=0)
