"""What a bot says of itself: its name, descriptions, commands and menu button, in several languages."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from bot.simulator.chats import Chats
from bot.simulator.refusal import bad_request
from bot.simulator.sending import Uploads
from bot.simulator.shapes import Json

_MOST = {"name": 64, "description": 512, "short_description": 120}
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
DEFAULT_SCOPE: Json = {"type": "default"}


@dataclass(frozen=True, slots=True)
class Profile:
    chats: Chats
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)  # (scope, language) -> commands
    texts: dict[tuple[str, str], str] = field(default_factory=dict)  # (which, language) -> text
    menu_buttons: dict[int, Json] = field(default_factory=dict)

    async def get_me(self, call: Json, uploads: Uploads) -> Json:
        return dict(self.chats.bot) | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    async def get_chat(self, call: Json, uploads: Uploads) -> Json:
        chat = self.chats.get(call["chat_id"]) if isinstance(call["chat_id"], int) else None
        if chat is None or not chat.started:
            raise bad_request("chat not found")
        return dict(chat.shape) | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": _GIFTS,
        }

    async def set_commands(self, call: Json, uploads: Uploads) -> bool:
        self._check_scope(call)
        commands = call["commands"]
        if len(commands) > 100:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        for one in commands:
            one["command"] = one["command"].removeprefix("/")
            if not _COMMAND.fullmatch(one["command"]):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(one["description"]) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[_scope(call)] = commands
        return True

    async def get_commands(self, call: Json, uploads: Uploads) -> list[Json]:
        return self.commands.get(_scope(call), [])

    async def delete_commands(self, call: Json, uploads: Uploads) -> bool:
        self._check_scope(call)
        self.commands.pop(_scope(call), None)
        return True

    def _check_scope(self, call: Json) -> None:
        """A scope of one chat names a chat that the bot knows."""
        scope = call.get("scope", DEFAULT_SCOPE)
        if scope["type"] == "chat" and self.chats.get(scope["chat_id"]) is None:
            raise bad_request("chat not found")

    async def set_name(self, call: Json, uploads: Uploads) -> bool:
        return self._set("name", call)

    async def get_name(self, call: Json, uploads: Uploads) -> Json:
        return self._get("name", call, self.chats.bot["first_name"])

    async def set_description(self, call: Json, uploads: Uploads) -> bool:
        return self._set("description", call)

    async def get_description(self, call: Json, uploads: Uploads) -> Json:
        return self._get("description", call)

    async def set_short_description(self, call: Json, uploads: Uploads) -> bool:
        return self._set("short_description", call)

    async def get_short_description(self, call: Json, uploads: Uploads) -> Json:
        return self._get("short_description", call)

    async def set_menu_button(self, call: Json, uploads: Uploads) -> bool:
        self.menu_buttons[call.get("chat_id", 0)] = call.get("menu_button", {"type": "default"})
        return True

    async def get_menu_button(self, call: Json, uploads: Uploads) -> Json:
        default = self.menu_buttons.get(0, {"type": "commands"})
        return self.menu_buttons.get(call.get("chat_id", 0), default)

    def commands_by_language(self) -> dict[str, list[Json]]:
        """As the page shows them: those of the widest scope, under their language or "default"."""
        scope = _key(DEFAULT_SCOPE)
        found = {language or "default": made for (at, language), made in self.commands.items() if at == scope}
        private = _key({"type": "all_private_chats"})
        found |= {
            language or "default": made for (at, language), made in self.commands.items() if at == private
        }
        return found

    def commands_of_chats(self) -> dict[str, dict[str, list[Json]]]:
        """Chats with commands of their own, which go before everybody's; by language as above."""
        found: dict[str, dict[str, list[Json]]] = {}
        for (at, language), made in self.commands.items():
            scope = json.loads(at)
            if scope["type"] == "chat":
                found.setdefault(str(scope["chat_id"]), {})[language or "default"] = made
        return found

    def _set(self, which: str, call: Json) -> bool:
        text: str = call.get(which, "")
        if len(text) > _MOST[which]:
            raise bad_request(f"bot {which.replace('_', ' ')} is too long")
        self.texts[which, call.get("language_code", "")] = text
        return True

    def _get(self, which: str, call: Json, otherwise: str = "") -> Json:
        language = call.get("language_code", "")
        return {which: self.texts.get((which, language)) or self.texts.get((which, ""), otherwise)}


def _scope(call: Json) -> tuple[str, str]:
    return _key(call.get("scope", DEFAULT_SCOPE)), call.get("language_code", "")


def _key(scope: Json) -> str:
    return json.dumps(scope, sort_keys=True)


_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)
