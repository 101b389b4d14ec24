"""A chat service that notes what it is told to say and fails on order, in place of Telegram and its HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.chat_service import Commands, FileTooLarge
from flows.core.chat import Out
from flows.core.text import Language
from tests.bot.talk import text_of


class FakeChat:
    """`troubles` are raised first, one a call of `send`; `files` are what can be fetched, by id."""

    def __init__(self) -> None:
        self.said: list[tuple[int, str]] = []
        self.answered: list[str] = []  # presses
        self.begun_at: list[int] = []  # the steps that sending was told to begin at
        self.troubles: list[Exception] = []
        self.files: dict[str, bytes | Exception] = {}
        self.fetched: list[str] = []
        self.menus: dict[int | None, Commands] = {}
        self.spoke = asyncio.Event()

    async def fetch(self, file_id: str) -> bytes:
        self.fetched.append(file_id)
        found = self.files.get(file_id, FileTooLarge(file_id))
        if isinstance(found, Exception):
            raise found
        return found

    async def set_commands(self, commands: Commands, chat_id: int | None = None) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.menus[chat_id] = commands

    async def send(
        self, chat_id: int, out: Sequence[Out], language: Language, *,
        press_id: str = "", pressed_ref: str = "", hurry: bool = True, said: int = 0,
    ) -> None:  # fmt: skip
        self.begun_at.append(said)
        if self.troubles:
            raise self.troubles.pop(0)
        self.said += [(chat_id, text_of(one, language)) for one in out]
        self.spoke.set()
        if press_id:
            self.answered.append(press_id)

    def heard(self, chat_id: int) -> list[str]:
        return [text for to, text in self.said if to == chat_id]
