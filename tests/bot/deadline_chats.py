"""Officers and coordinators in their chats while a campaign runs: a look at who is due, and what each then hears."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.delivery import Delivery
from bot.reminding import Reminding
from flows.core.chat import Out, Reply
from flows.core.dates import BANGKOK
from flows.core.roles import Reach
from flows.core.text import Language
from storage import coordinators
from storage.db import Store
from storage.officers import Officer
from storage.tables import outbox
from tests.bot.fake_chat import FakeChat
from tests.bot.talk import Talk
from tests.storage.deadline_town import TONTHONGCHAI, DeadlineTown

START = datetime(2017, 1, 4, 9, 0, tzinfo=BANGKOK)  # a Wednesday; the deadline is Tuesday 31 January, 16:30


class Listening(FakeChat):
    """Keeps the replies too, so that their buttons can be pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.replies: list[tuple[int, Reply]] = []
        self.never_hears_back = False  # what is said arrives, and nothing comes of it

    async def send(
        self, chat_id: int, out: Sequence[Out], language: Language, *,
        press_id: str = "", pressed_ref: str = "", hurry: bool = True, said: int = 0,
    ) -> None:  # fmt: skip
        await super().send(chat_id, out, language, press_id=press_id, hurry=hurry, said=said)
        self.replies += [(chat_id, one) for one in out if isinstance(one, Reply)]
        if self.never_hears_back:
            await asyncio.Event().wait()


@dataclass
class Chats:
    store: Store
    town: DeadlineTown
    chat: Listening = field(default_factory=Listening)
    talks: dict[int, Talk] = field(default_factory=dict)
    read: int = 0  # replies that have been heard

    def __post_init__(self) -> None:
        self.reminding = Reminding(self.store, lambda: self.town.now)
        self.delivery = Delivery(self.store, self.chat, lambda: self.town.now, web="https://web.example/")

    def officer(self, chat_id: int, lao_code: str = TONTHONGCHAI, name: str = "สมศรี") -> Officer:
        self.talks[chat_id] = Talk(self.store, chat_id, now=self.town.now)
        return self.town.officer(lao_code, chat_id, name)

    def coordinator(self, chat_id: int, reach: Reach, name: str = "วิชัย") -> Talk:
        account = self.town.account(name, role="coordinator", reach=reach)
        self.talks[chat_id] = Talk(self.store, chat_id, now=self.town.now)
        self.talks[chat_id].say("/start")
        self.store.run_now(coordinators.join, chat_id, account.id, name, self.town.now)
        return self.talks[chat_id]

    def at(self, day: int, hour: int = 9, minute: int = 0, month: int = 1) -> Chats:
        self.town.now = datetime(2017, month, day, hour, minute, tzinfo=BANGKOK)
        return self

    def person(self, chat_id: int) -> Talk:
        """At the town's clock."""
        talk = self.talks[chat_id]
        talk.now = self.town.now
        return talk

    async def look(self) -> dict[int, list[str]]:
        """What each chat hears from one look and the sending of all that is due."""
        await self.reminding.look()
        return await self.sent()

    async def sent(self) -> dict[int, list[str]]:
        while await self.delivery.send_due():
            pass
        heard: dict[int, list[str]] = {}
        for chat_id, reply in self.chat.replies[self.read :]:
            heard.setdefault(chat_id, []).append("\n".join(line.to("th") for line in reply.lines))
            if chat_id in self.talks:
                self.talks[chat_id].shown.append(reply)
        self.read = len(self.chat.replies)
        return heard

    @property
    def keys(self) -> list[str]:
        """Of everything in the outbox."""
        return self.store.read_now(
            lambda tx: list(tx.scalars(outbox.select().with_only_columns(outbox.c.key)))
        )
