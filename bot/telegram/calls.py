"""The library's bot, with the calls of the hot path written and read without what nobody looks at.

The library would make an object of each button and of all of Telegram's answer, and a form of it that is encoded
twice: half of the processor time of a reply.
"""

from __future__ import annotations

import json
from typing import Any

from telegram.constants import ParseMode
from telegram.ext import ExtBot

from bot.telegram.replies import Keyboard
from bot.telegram.request import AiohttpRequest
from bot.telegram.updates import ALLOWED_UPDATES

NO_PREVIEW = {"is_disabled": True}


class Calls(ExtBot[int]):
    """Each raises telegram.error's."""

    async def raw_updates(self, offset: int | None, limit: int, wait: float) -> list[dict[str, Any]]:
        """Updates as they came: the library's own call loses a hundred when it cannot parse one."""
        read = (self.request.read_timeout or 0) + wait
        asked = {"offset": offset, "limit": limit, "timeout": int(wait), "allowed_updates": ALLOWED_UPDATES}
        answer: list[dict[str, Any]] = await self._post("getUpdates", asked, read_timeout=read)
        return answer

    async def say(self, chat_id: int, text: str, keyboard: Keyboard | None) -> int:
        """A message with HTML and no preview; its id, which is all that is wanted of Telegram's answer."""
        asked = {"chat_id": chat_id, **_html(text)}
        return int((await self._call("sendMessage", asked, keyboard))["message_id"])

    async def say_instead(self, chat_id: int, message_id: int, text: str, keyboard: Keyboard | None) -> None:
        """The same, in the place of an earlier message."""
        asked = {"chat_id": chat_id, "message_id": message_id, **_html(text)}
        await self._call("editMessageText", asked, keyboard)

    async def take_buttons(self, chat_id: int, message_id: int) -> None:
        """Off a message."""
        await self._call("editMessageReplyMarkup", {"chat_id": chat_id, "message_id": message_id})

    async def answer_press(self, query_id: str, text: str) -> None:
        asked = {"callback_query_id": query_id, "text": text} if text else {"callback_query_id": query_id}
        await self._call("answerCallbackQuery", asked)

    async def _call(self, method: str, asked: dict[str, Any], keyboard: Keyboard | None = None) -> Any:
        """The way of the library's own calls: past the rate limiter, and its errors come of it."""
        request = self.request
        assert isinstance(request, AiohttpRequest)

        async def posted() -> Any:
            return await request.post_json(f"{self.base_url}/{method}", _json(asked, keyboard))

        if self.rate_limiter is None:
            return await posted()
        return await self.rate_limiter.process_request(posted, (), {}, method, asked, None)


def _html(text: str) -> dict[str, Any]:
    return {"text": text, "parse_mode": ParseMode.HTML, "link_preview_options": NO_PREVIEW}


def _json(asked: dict[str, Any], keyboard: Keyboard | None) -> bytes:
    body = json.dumps(asked, ensure_ascii=False, separators=(",", ":"))
    if keyboard is not None:  # it is JSON already
        body = f'{body[:-1]},"reply_markup":{keyboard.json}}}'
    return body.encode(errors="replace")
