"""aiogram 3 with its finite state machine, as its guide shows it: API TOKEN [REDIS]."""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from questions import QUESTIONS, THANKS  # type: ignore[import-not-found, unused-ignore]

CONNECTIONS = 1_000  # more than people write at once here; Redis takes ten times as many

Form: Any = type("Form", (StatesGroup,), {f"q{n}": State() for n in range(len(QUESTIONS))})


async def start(message: Any, state: Any) -> None:
    await state.set_state(Form.q0)
    await message.answer(QUESTIONS[0])


async def answered(number: int, message: Any, state: Any) -> None:
    await state.update_data({QUESTIONS[number]: message.text})
    if number + 1 == len(QUESTIONS):
        await state.clear()
        await message.answer(THANKS)
        return
    await state.set_state(getattr(Form, f"q{number + 1}"))
    await message.answer(QUESTIONS[number + 1])


async def main(api: str, token: str, redis: str = "") -> None:
    storage: Any = MemoryStorage()
    if redis:
        from aiogram.fsm.storage.redis import RedisStorage

        # It handles every update at once, and redis-py from 8 on has 100 connections and raises for the next one:
        # as it comes, of 200 people who write at once the answers of 100 are lost, and these never go on.
        storage = RedisStorage.from_url(redis, connection_kwargs={"max_connections": CONNECTIONS})
    dispatcher = Dispatcher(storage=storage)
    dispatcher.message.register(start, CommandStart())
    for n in range(len(QUESTIONS)):
        dispatcher.message.register(partial(answered, n), getattr(Form, f"q{n}"))
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(api)))
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
