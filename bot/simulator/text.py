"""Text as Telegram takes it: parsed, trimmed, measured, with commands and links found in it."""

from __future__ import annotations

import re

from bot.simulator.html import parse_html, utf16
from bot.simulator.refusal import Refusal, bad_request
from bot.simulator.shapes import Entity, Json

MOST_TEXT, MOST_CAPTION = 4096, 1024
_PHONE = re.compile(r"(?<![\w+])\+[1-9](?:[- ]?[0-9]){7,14}(?!\w)")  # those of the international form
_COMMAND = re.compile(r"(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{5,32})?(?!\w)")
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]+|(?<![\w.@/-])[a-z0-9-]+\.(?:com|org|net|th|app|me|goo\.gl)\b[^\s<>\"]*"
)


def formatted(call: Json, field: str, most: int, too_long: str) -> tuple[str, list[Entity]]:
    """A call's text or caption and its entities, or Telegram's refusal of it."""
    text: str = call.get(field, "")
    mode = call.get("parse_mode", "")
    match mode.lower():
        case "html":
            text, entities = parse_html(text)
        case "":
            entities = call.get("entities" if field == "text" else f"{field}_entities", [])
        case "markdown" | "markdownv2":
            raise Refusal(501, f"Not Implemented: the simulator reads no {mode}, only HTML")
        case _:
            raise bad_request("unsupported parse_mode")
    text, entities = _trimmed(text, entities)
    if len(text) > most:
        raise bad_request(too_long)
    return text, with_found(text, entities)


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    begun = text.lstrip()
    cut, text = utf16(text[: len(text) - len(begun)]), begun.rstrip()
    if not entities:
        return text, []
    end, kept = utf16(text), []
    for entity in entities:
        begin = max(entity["offset"] - cut, 0)
        length = min(entity["offset"] + entity["length"] - cut, end) - begin
        if length > 0:
            kept.append(Entity(**{**entity, "offset": begin, "length": length}))
    return text, kept


def with_found(text: str, entities: list[Entity]) -> list[Entity]:
    """The entities, and those Telegram finds by itself where none is: commands, links, telephone numbers."""
    found: list[Entity] = []
    if "/" in text:
        found += [_entity("bot_command", text, match) for match in _COMMAND.finditer(text)]
    if "." in text:
        found += [_entity("url", text, match) for match in _LINK.finditer(text)]
    if "+" in text:
        found += [_entity("phone_number", text, match) for match in _PHONE.finditer(text)]
    taken = [(one["offset"], one["offset"] + one["length"]) for one in entities]
    added: list[Entity] = []
    for one in sorted(found, key=lambda entity: (entity["offset"], -entity["length"])):
        begin, end = one["offset"], one["offset"] + one["length"]
        if not any(begin < last and first < end for first, last in taken):
            taken.append((begin, end))
            added.append(one)
    return sorted([*entities, *added], key=lambda entity: entity["offset"]) if added else entities


def _entity(kind: str, text: str, match: re.Match[str]) -> Entity:
    return Entity(type=kind, offset=utf16(text[: match.start()]), length=utf16(match.group()))
