"""Telegram as a chat service: one bot account, its files, its commands, and what it says."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram import BotCommand, BotCommandScopeChat
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.chat_service import Commands, FileTooLarge, TryAgain
from bot.pace import Pace
from bot.telegram.calls import Calls
from bot.telegram.contact import Contact
from bot.telegram.failures import says, told_apart
from bot.telegram.limiting import Limiting
from bot.telegram.request import AiohttpRequest, redact
from bot.telegram.sending import Make, ReadPhoto, Sending
from bot.telegram.updates import ALLOWED_UPDATES
from flows.core.chat import Out
from flows.core.text import Language, T

MOST_DOWNLOAD = 20 * 2**20  # bytes
MOST_PAUSE = 30.0  # seconds between tries while Telegram is down
MOST_CONNECTIONS = 100  # at once, of a webhook: as many as Telegram will open

_log = logging.getLogger("thongthin.telegram")


# Telegram's language code, none for everyone else, and what is said to it.
DESCRIBED: tuple[tuple[str | None, Language], ...] = ((None, "th"), ("th", "th"), ("en", "en"))


@dataclass(frozen=True, slots=True)
class WebhookState:
    """`url` is "" while Telegram is asked for updates instead; `failed_at`: when it last could not deliver, and why."""

    url: str
    waiting: int  # updates
    failed_at: datetime | None
    why: str


class BadToken(Exception):
    """Telegram does not know the bot's token."""


class Telegram:
    """`api` is where the Bot API is served; without a `pace` there is no limit on sending.

    `alone`: no other process talks in the same chats. `called` hears of each call of the Bot API, and its HTTP status.
    """

    def __init__(
        self,
        token: str,
        api: str = "https://api.telegram.org",
        *,
        read_photo: ReadPhoto,
        make: Make | None = None,
        pace: Pace | None = None,
        alone: bool = True,
        called: Callable[[str, int], None] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        _quiet_library()
        self.username = ""
        self._api = api.rstrip("/")
        self._files = f"{self._api}/file/bot{token}"
        self._contact = Contact(self._who_am_i, called or (lambda method, status: None))
        self._request = AiohttpRequest(noted=self._contact.noted)
        self._sleep = sleep
        self._bot = Calls(
            token,
            base_url=f"{self._api}/bot",
            base_file_url=f"{self._api}/file/bot",
            request=self._request,
            get_updates_request=AiohttpRequest(connections=4, noted=self._contact.noted),
            rate_limiter=Limiting(pace) if pace else None,
        )
        self._sending = Sending(self._bot, read_photo, make, alone=alone)

    async def start(self) -> None:
        """Waits for as long as Telegram cannot be reached. Raises BadToken."""
        pause = 1.0
        while True:
            try:
                await self._bot.initialize()
                break
            except InvalidToken:
                await self._bot.shutdown()
                raise BadToken(
                    "Telegram does not know this token; ask @BotFather for the right one"
                ) from None
            except TelegramError as error:
                _log.warning("telegram not reached", extra={"why": redact(str(error)), "again_in": pause})
                await self._sleep(pause)
                pause = min(pause * 2, MOST_PAUSE)
        self.username = self._bot.username or ""

    async def stop(self) -> None:
        await self._contact.close()
        await self._bot.shutdown()

    async def is_there(self) -> bool:
        """Whether it has answered lately; it is asked only where nothing else was for a while."""
        return await self._contact.is_there()

    async def _who_am_i(self) -> object:
        return await self._bot.get_me()

    async def set_commands(self, commands: Commands, chat_id: int | None = None) -> None:
        """The menu of commands, Thai for everyone and English for phones set to English."""
        scope = None if chat_id is None else BotCommandScopeChat(chat_id)
        for code, language in DESCRIBED:
            shown = [BotCommand(name, say.to(language)) for name, say in commands]
            with told_apart():
                if shown:
                    await self._bot.set_my_commands(shown, scope, code)
                else:
                    await self._bot.delete_my_commands(scope, code)

    async def describe(self, description: T, short: T) -> None:
        """What a newcomer reads before the first message, and in the bot's profile. Raises TryAgain."""
        for code, language in DESCRIBED:
            with told_apart():
                await self._bot.set_my_description(description.to(language), language_code=code)
                await self._bot.set_my_short_description(short.to(language), language_code=code)

    async def leave_webhook(self) -> None:
        """Lets updates be asked for; what waits is kept. Raises TryAgain."""
        with told_apart():
            await self._bot.delete_webhook(drop_pending_updates=False)

    async def take_webhook(self, url: str, secret_token: str) -> None:
        """Lets Telegram post updates to `url`; what waits is kept. Again with the same ones it changes nothing.

        Raises TryAgain, and BadRequest where Telegram does not take the address.
        """
        with told_apart():
            await self._bot.set_webhook(
                url, max_connections=MOST_CONNECTIONS, allowed_updates=ALLOWED_UPDATES,
                drop_pending_updates=False, secret_token=secret_token,
            )  # fmt: skip

    async def webhook(self) -> WebhookState:
        """Where Telegram posts updates to, and how that goes. Raises TryAgain."""
        with told_apart():
            found = await self._bot.get_webhook_info()
        return WebhookState(
            found.url, found.pending_update_count, found.last_error_date, found.last_error_message or ""
        )

    async def updates(self, offset: int | None, *, limit: int, wait: float) -> list[dict[str, Any]]:
        """The oldest updates not confirmed, raw; `offset` confirms all before it. Raises telegram.error's."""
        return await self._bot.raw_updates(offset, limit, wait)

    async def fetch(self, file_id: str) -> bytes:
        try:
            with told_apart():
                file = await self._bot.get_file(file_id)
        except BadRequest as error:
            if says(error, "file is too big"):
                raise FileTooLarge(str(error)) from error
            raise
        if (file.file_size or 0) > MOST_DOWNLOAD:
            raise FileTooLarge(f"{file.file_size} bytes")
        path = file.file_path or ""
        # The library leaves a path alone that it finds on this machine; the bytes come over HTTP all the same.
        url = path if path.startswith(("http://", "https://")) else f"{self._files}/{path.lstrip('/')}"
        with told_apart():
            status, content = await self._request.download(url, MOST_DOWNLOAD)
        if status == 200:
            return content
        if status in (401, 429) or status >= 500:
            raise TryAgain(f"downloading a file was answered by {status}")
        raise TelegramError(f"downloading a file was answered by {status}")

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
        await self._sending.send(chat_id, out, language, press_id, pressed_ref, hurry, said)


def _quiet_library() -> None:
    """At its chattier levels the library logs addresses, which hold the token, and what people write."""
    logging.getLogger("telegram").setLevel(logging.WARNING)
    # And it logs whole answers that are no JSON.
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)
