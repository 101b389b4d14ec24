"""Keyboards as Telegram takes them: its limits on buttons, and which kind a keyboard is."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.simulator.chats import Chat
from bot.simulator.refusal import bad_request
from bot.simulator.shapes import InlineKeyboard, Json, Message

MOST_INLINE, MOST_KEYS, MOST_PLACEHOLDER = 100, 300, 64
_ACTIONS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
)  # fmt: skip


def inline(call: Json) -> InlineKeyboard | None:
    """The call's inline keyboard, checked, without empty rows; None if it has none."""
    markup = call.get("reply_markup")
    if not markup or "inline_keyboard" not in markup:
        return None
    rows = [row for row in markup["inline_keyboard"] if row]
    if sum(map(len, rows)) > MOST_INLINE:
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            _check_inline(button)
    return InlineKeyboard(inline_keyboard=rows) if rows else None


def _check_inline(button: Json) -> None:
    if not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: text must be non-empty")
    data = button.get("callback_data")
    if data:
        if len(data.encode()) > 64:
            raise bad_request("BUTTON_DATA_INVALID")
    elif url := button.get("url"):
        _check_url(url)
    elif not any(button.get(action) is not None for action in _ACTIONS[2:]):
        words = "Text buttons are unallowed in the inline keyboard"
        raise bad_request(f"can't parse inline keyboard button: {words}")


def _check_url(url: str) -> None:
    parts = urlsplit(url if "://" in url else f"http://{url}")
    host = parts.hostname or ""
    if parts.scheme not in ("tg", "ton") and (parts.scheme not in ("http", "https") or "." not in host):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def attach(call: Json, chat: Chat, message: Message) -> None:
    """Puts the call's keyboard where it belongs: under the message, or below the chat."""
    markup = call.get("reply_markup")
    if not markup:
        return
    if keyboard := inline(call):
        message["reply_markup"] = keyboard
    elif "inline_keyboard" not in markup:
        chat.uneditable.add(message["message_id"])


def check(call: Json) -> None:
    """Refuses what Telegram refuses of a keyboard, before anything is sent."""
    markup = call.get("reply_markup")
    if not markup:
        return
    inline(call)
    keys = [button for row in markup.get("keyboard", ()) for button in row]
    if len(keys) > MOST_KEYS:
        raise bad_request("reply markup is too long")
    if any(not button["text"].strip() for button in keys):
        raise bad_request("can't parse keyboard button: text must be non-empty")
    if len(markup.get("input_field_placeholder", "")) > MOST_PLACEHOLDER:
        raise bad_request("input field placeholder is too long")


def show(call: Json, chat: Chat) -> None:
    """Shows or takes away the keyboard below the chat, as the call's message asks."""
    markup = call.get("reply_markup")
    if not markup or "inline_keyboard" in markup:
        return
    if any(markup.get("keyboard", ())):
        chat.show_keyboard(markup, markup.get("input_field_placeholder"))
    elif markup.get("force_reply"):
        chat.show_keyboard(chat.keyboard, markup.get("input_field_placeholder"))
    elif chat.keyboard or chat.placeholder:
        chat.show_keyboard(None, None)
