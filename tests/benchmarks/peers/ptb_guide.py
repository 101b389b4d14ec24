"""python-telegram-bot with a ConversationHandler and PicklePersistence, as its guide shows it: API TOKEN FILE."""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

from questions import QUESTIONS, THANKS  # type: ignore[import-not-found, unused-ignore]
from telegram import Update
from telegram.ext import (
    Application,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    assert update.message
    await update.message.reply_text(QUESTIONS[0])
    return 0


async def answered(number: int, update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    assert update.message
    assert context.user_data is not None
    context.user_data[QUESTIONS[number]] = update.message.text
    if number + 1 == len(QUESTIONS):
        await update.message.reply_text(THANKS)
        return ConversationHandler.END
    await update.message.reply_text(QUESTIONS[number + 1])
    return number + 1


def main(api: str, token: str, file: str) -> None:
    states: dict[object, list[Any]] = {
        n: [MessageHandler(filters.TEXT & ~filters.COMMAND, partial(answered, n))]
        for n in range(len(QUESTIONS))
    }
    form = ConversationHandler(
        entry_points=[CommandHandler("start", start)],
        states=states,
        fallbacks=[CommandHandler("cancel", start)],
        name="form",
        persistent=True,
    )
    kept = PicklePersistence(filepath=file)
    application = Application.builder().token(token).base_url(f"{api}/bot").persistence(kept).build()
    application.add_handler(form)
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:4])
