"""What is at hand while one message is answered: the chat, its officer, and what the chat is on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flows import CATALOGUE
from flows.core import engine
from flows.core.chat import Json, Out, Pressed
from flows.core.text import Language
from storage import conversations
from storage.conversations import Chat, Draft
from storage.coordinators import Coordinator, coordinator_in
from storage.db import Tx
from storage.officers import Officer

DOUBLE_TAP = timedelta(seconds=3)
MOST_LEFT = 5  # presses that one message may have been overtaken by
ON_ITS_WAY = timedelta(days=1)  # at most; after a quiet week Telegram counts its updates anew


@dataclass(frozen=True, slots=True)
class Left:
    """A press, which went its own way here, has left this question of this draft."""

    update_id: int
    draft: int
    question: str
    at: datetime

    def to_json(self) -> list[Json]:
        return [self.update_id, self.draft, self.question, self.at.isoformat()]


def _left(stored: Json) -> tuple[Left, ...]:
    if not isinstance(stored, Sequence) or isinstance(stored, str):
        return ()
    return tuple(
        Left(int(str(one[0])), int(str(one[1])), str(one[2]), datetime.fromisoformat(str(one[3])))
        for one in stored
        if isinstance(one, Sequence) and len(one) == 4
    )


@dataclass(frozen=True, slots=True)
class Focus:
    """What the next message in a chat is taken for; stored with the chat.

    `draft`: the open form. `invitation`: shown and not yet confirmed; its kind ("" for an officer's), and `of` whose
    post or which coordinator it is. `finding`: words for the list of entries
    are awaited, `narrow`: what else it is narrowed to; `words`: the words. `sent`: the entry just sent, as long as
    nothing else has happened. `pressed`: the last button, to know a second tap by. `left`: which questions the last
    presses have left, the oldest first.
    """

    draft: int = 0
    invitation: int = 0
    invitation_lao: str = ""
    invitation_kind: str = ""
    invitation_of: int = 0
    finding: bool = False
    narrow: str = ""
    sent: int = 0
    words: str = ""
    pressed: str = ""
    pressed_at: datetime | None = None
    left: tuple[Left, ...] = ()

    def to_json(self) -> dict[str, Json]:
        stored: dict[str, Json] = {
            "draft": self.draft, "invitation": self.invitation, "invitation_lao": self.invitation_lao,
            "finding": self.finding, "narrow": self.narrow, "sent": self.sent, "words": self.words,
            "pressed": self.pressed, "pressed_at": self.pressed_at.isoformat() if self.pressed_at else "",
            "invitation_kind": self.invitation_kind, "invitation_of": self.invitation_of,
            "left": [one.to_json() for one in self.left],
        }  # fmt: skip
        return {name: value for name, value in stored.items() if value}

    @staticmethod
    def from_json(stored: Mapping[str, Json]) -> Focus:
        at = str(stored.get("pressed_at", ""))
        return Focus(
            draft=int(str(stored.get("draft", 0))),
            invitation=int(str(stored.get("invitation", 0))),
            invitation_lao=str(stored.get("invitation_lao", "")),
            invitation_kind=str(stored.get("invitation_kind", "")),
            invitation_of=int(str(stored.get("invitation_of", 0))),
            finding=bool(stored.get("finding", False)),
            narrow=str(stored.get("narrow", "")),
            sent=int(str(stored.get("sent", 0))),
            words=str(stored.get("words", "")),
            pressed=str(stored.get("pressed", "")),
            pressed_at=datetime.fromisoformat(at) if at else None,
            left=_left(stored.get("left")),
        )


def opened(chat: Chat) -> int:
    """The draft of the form that is open in a chat, 0 for none."""
    return int(str(chat.focus.get("draft", 0)))


def number_of(text: str) -> int:
    """The number in a button, 0 for anything else: a button can be forged."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else 0


@dataclass(slots=True)
class Desk:
    """`focus` is what will be stored when the message is answered.

    `said_first`: that the open form has changed since its draft was left; `moved_on`: to another question even.
    `read`: a draft as it is in the database now; `unsaved`: one as it will be.
    """

    database: Tx
    chat: Chat
    officer: Officer | None
    focus: Focus
    now: datetime
    bot_name: str = ""
    reading: bool = False  # only looks: nothing is stored
    said_first: tuple[Out, ...] = ()
    moved_on: bool = False
    update_id: int = 0  # of what is being answered
    read: Draft | None = None
    unsaved: Draft | None = None

    @property
    def tx(self) -> Tx:
        """For whoever asks or changes more: what has been answered so far is there, and may be another after it."""
        self._write()
        self.read = None
        return self.database

    def save(self, draft: Draft) -> None:
        """Mostly nothing else follows, and then it is written together with those of other chats."""
        if self.unsaved is not None and self.unsaved.id != draft.id:
            self._write()
        self.read = self.unsaved = draft

    def _write(self) -> None:
        if self.unsaved is not None:
            conversations.save_draft(self.database, self.unsaved.id, self.unsaved.conversation, self.now)
        self.unsaved = None

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
            if self.focus.pressed:
                self.focus = replace(self.focus, pressed="", pressed_at=None)
            return False
        data = f"{what.draft}.{what.serial}.{what.move}.{what.arg}"
        before = self.focus.pressed_at
        soon = before is not None and timedelta(0) <= self.now - before < DOUBLE_TAP
        again = data == self.focus.pressed and soon
        self.focus = replace(self.focus, pressed=data, pressed_at=self.now, finding=False)
        return again

    def notes_left(self, draft: Draft) -> None:
        """Remembers that this press leaves the question: messages sent before it may still be on their way."""
        left = Left(self.update_id, draft.id, draft.conversation.at, self.now)
        self.focus = replace(self.focus, left=(*self.focus.left, left)[-MOST_LEFT:])

    def question_overtaken(self, draft: Draft) -> str:
        """The question that this message was sent to, if presses have overtaken it; else ""."""
        passed = (
            one.question
            for one in self.focus.left
            if one.draft == draft.id and one.update_id > self.update_id and self.now - one.at < ON_ITS_WAY
        )
        return next(passed, "")

    @property
    def coordinator(self) -> Coordinator | None:
        """Whose digests and progress this chat may see."""
        return coordinator_in(self.tx, self.chat.id)

    def open_draft(self) -> Draft | None:
        """The draft of the form that is open, if it is still there and still this officer's."""
        if not self.focus.draft or self.officer is None:
            return None
        draft = self.read
        if draft is None or draft.id != self.focus.draft:
            draft = conversations.draft_of(self.tx, self.focus.draft)
        return self._fitted(draft) if draft and draft.officer_id == self.officer.id else None

    def _fitted(self, draft: Draft) -> Draft:
        """The draft as the newest version of its form takes it."""
        fitted, say = engine.fitted(CATALOGUE[draft.form], draft.conversation)
        if fitted is draft.conversation:
            return draft
        if not self.reading:
            self.save(replace(draft, conversation=fitted))
        self.said_first, self.moved_on = say, fitted.at != draft.conversation.at
        return replace(draft, conversation=fitted)

    def open_form(self, draft: Draft) -> None:
        self.focus = replace(self.focus, draft=draft.id, finding=False)

    def close_form(self) -> None:
        self.focus = replace(self.focus, draft=0)
