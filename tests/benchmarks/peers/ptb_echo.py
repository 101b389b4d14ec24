"""python-telegram-bot as an echo, the least that it can do: API TOKEN [aiohttp] [concurrent]."""

from __future__ import annotations

import sys

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message
    assert update.message.text
    await update.message.reply_text(update.message.text)


def main(api: str, token: str, *options: str) -> None:
    builder = Application.builder().token(token).base_url(f"{api}/bot")
    if "aiohttp" in options:
        from bot.telegram.request import AiohttpRequest

        builder = builder.request(AiohttpRequest()).get_updates_request(AiohttpRequest())
    if "concurrent" in options:
        builder = builder.concurrent_updates(256)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:])
