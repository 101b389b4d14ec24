"""The library's bot, with the calls of the hot path made without reading into objects what nobody looks at."""

from __future__ import annotations

from typing import Any

from telegram.constants import ParseMode
from telegram.ext import ExtBot

from bot.telegram.replies import Keyboard
from bot.telegram.updates import ALLOWED_UPDATES

NO_PREVIEW = '{"is_disabled":true}'


class Calls(ExtBot[int]):
    async def raw_updates(self, offset: int | None, limit: int, wait: float) -> list[dict[str, Any]]:
        """Updates as they came: the library's own call loses a hundred when it cannot parse one."""
        read = (self.request.read_timeout or 0) + wait
        asked = {"offset": offset, "limit": limit, "timeout": int(wait), "allowed_updates": ALLOWED_UPDATES}
        answer: list[dict[str, Any]] = await self._post("getUpdates", asked, read_timeout=read)
        return answer

    async def say(self, chat_id: int, text: str, keyboard: Keyboard | None) -> dict[str, Any]:
        """sendMessage with HTML and no preview; Telegram's answer as it came. Raises telegram.error's."""
        asked: dict[str, Any] = {
            "chat_id": chat_id,
            "text": text,
            "parse_mode": ParseMode.HTML,
            "link_preview_options": NO_PREVIEW,
        }
        if keyboard is not None:
            asked["reply_markup"] = keyboard
        answer: dict[str, Any] = await self._post("sendMessage", asked)
        return answer
