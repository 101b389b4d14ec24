"""The Bot API as data: which methods there are, their parameters and types, and whether a call fits them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from bot.simulator.refusal import Refusal, bad_request
from bot.simulator.shapes import Json

DISTILLED = Path(__file__).with_name("botapi.json")

# What Telegram says when a required parameter is missing, where it does not say it in its usual way.
_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "latitude": "latitude is empty",
    "longitude": "longitude is empty",
    "file_id": "file_id not specified",
    "action": "wrong parameter action in request",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
}
# The words before what is wrong inside a nested object.
_PREFIX = {
    "InlineKeyboardButton": "can't parse inline keyboard button: ",
    "KeyboardButton": "can't parse keyboard button: ",
    "MessageEntity": "can't parse entities: ",
    "BotCommand": "can't parse BotCommand: ",
    "BotCommandScope": "can't parse BotCommandScope: ",
    "MenuButton": "can't parse menu button: ",
    "InputMedia": "can't parse InputMedia: ",
    "ReplyParameters": "can't parse reply parameters: ",
}
_UNREADABLE = {
    "reply_markup": "can't parse reply keyboard markup JSON object",
    "entities": "can't parse entities JSON object",
    "caption_entities": "can't parse entities JSON object",
    "message_ids": "can't parse message_ids JSON object",
}

Check = Callable[[Any, str], Any]  # (value, its name) -> the value, read; raises Refusal


class Schema:
    """Reads and checks the parameters of calls; checks are made once and kept."""

    def __init__(self, spec: Json) -> None:
        self.spec = spec
        self.known: dict[str, str] = {name.lower(): name for name in spec["known"]}
        self._checks: dict[str, Check] = {}
        self._methods = {
            name: {
                parameter.rstrip("!"): (self._top(kind), parameter.endswith("!"))
                for parameter, kind in fields.items()
            }
            for name, fields in spec["methods"].items()
        }

    @classmethod
    def load(cls) -> Schema:
        return cls(json.loads(DISTILLED.read_text("utf-8")))

    def read(self, method: str, given: Mapping[str, Any], files: Mapping[str, object]) -> Json:
        """The call's parameters in their own types; a parameter whose file was attached may be absent."""
        wanted = self._methods[method]
        read: Json = {}
        for name, value in given.items():
            if name not in wanted:
                raise bad_request(f'unknown parameter "{name}" of {method}, which Telegram silently ignores')
            if value is not None and value != "":
                read[name] = wanted[name][0](value, name)
        for name, (_, required) in wanted.items():
            if required and name not in read and name not in files:
                raise bad_request(_MISSING.get(name, f'parameter "{name}" is required'))
        return read

    def _top(self, kind: str) -> Check:
        """A parameter as it comes in a form or a query: nested objects as JSON text, numbers as digits."""
        kinds = kind.split("|")
        nested = any(part.startswith("[") or part in self.spec["types"] for part in kinds)
        check = self._any_of(kinds)
        if kinds == ["String"]:
            return check
        if nested:
            return lambda value, name: check(_decoded(value, name) if isinstance(value, str) else value, name)
        return lambda value, name: check(_from_text(value, kinds), name)

    def _any_of(self, kinds: list[str]) -> Check:
        checks = [self._check(kind) for kind in kinds]
        if kinds == ["InlineKeyboardMarkup"]:
            return lambda value, name: checks[0](_only_inline(value), name)
        if len(checks) == 1:
            return checks[0]
        markups = {kind: check for kind, check in zip(kinds, checks, strict=True) if kind in _BY_FIELD}
        if markups:
            return lambda value, name: markups[_markup_kind(value)](value, name)

        def either(value: Any, name: str) -> Any:
            for check in checks[:-1]:
                try:
                    return check(value, name)
                except Refusal:
                    continue
            return checks[-1](value, name)

        return either

    def _check(self, kind: str) -> Check:
        if kind not in self._checks:
            self._checks[kind] = lambda value, name: self._checks[kind](
                value, name
            )  # types may nest themselves
            self._checks[kind] = self._made(kind)
        return self._checks[kind]

    def _made(self, kind: str) -> Check:
        if kind.startswith("["):
            return self._array(kind[1:])
        if kind in _PLAIN:
            return _PLAIN[kind]
        type_spec = self.spec["types"][kind]
        if isinstance(type_spec, list):
            return self._one_by_type(kind, type_spec)
        return self._object(kind, type_spec)

    def _array(self, kind: str) -> Check:
        item = self._check(kind)

        def check(value: Any, name: str) -> list[Any]:
            if not isinstance(value, list):
                raise _wrong_array(name, kind)
            return [item(one, name) for one in value]

        return check

    def _object(self, kind: str, fields: Mapping[str, str]) -> Check:
        parts = {
            name.rstrip("!"): (self._any_of(types.split("|")), name.endswith("!"))
            for name, types in fields.items()
        }
        needed = [name for name, (_, required) in parts.items() if required]
        prefix = _PREFIX.get(kind, _PREFIX["InputMedia"] if kind.startswith("InputMedia") else "")

        def check(value: Any, name: str) -> Json:
            if kind == "KeyboardButton" and isinstance(value, str):
                return {"text": value}
            if not isinstance(value, dict):
                raise bad_request(_not_an_object(kind, name, prefix))
            read: Json = {}
            for field, inner in value.items():
                if field not in parts:
                    raise bad_request(
                        f'{prefix}unknown field "{field}" of {kind}, which Telegram silently ignores'
                    )
                if inner is not None:
                    read[field] = _prefixed(parts[field][0], inner, field, prefix)
            for field in needed:
                if field not in read:
                    raise bad_request(f'{prefix}Can\'t find field "{field}"')
            return read

        return check

    def _one_by_type(self, kind: str, options: list[str]) -> Check:
        """A union whose members say which they are in `type`."""
        spec = self.spec["types"]
        members = {spec[option]["="]: self._object(option, _without_mark(spec[option])) for option in options}

        def check(value: Any, name: str) -> Json:
            prefix = _PREFIX.get(kind, "")
            if not isinstance(value, dict):
                raise bad_request(_not_an_object(kind, name, prefix))
            if not isinstance(value.get("type"), str):
                raise bad_request(f'{prefix}Can\'t find field "type"')
            if value["type"] not in members:
                raise bad_request(f'{prefix}type "{value["type"]}" is unsupported')
            return cast(Json, members[value["type"]](value, name))

        return check


_BY_FIELD = {
    "InlineKeyboardMarkup": "inline_keyboard",
    "ReplyKeyboardMarkup": "keyboard",
    "ReplyKeyboardRemove": "remove_keyboard",
    "ForceReply": "force_reply",
}


def _markup_kind(value: Any) -> str:
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    for kind, field in _BY_FIELD.items():
        if field in value:
            return kind
    return "InlineKeyboardMarkup"


def _only_inline(value: Any) -> Any:
    if _markup_kind(value) != "InlineKeyboardMarkup":
        raise bad_request("inline keyboard expected")
    return value


def _prefixed(check: Check, value: Any, name: str, prefix: str) -> Any:
    if not prefix:
        return check(value, name)
    try:
        return check(value, name)
    except Refusal as refusal:
        words = refusal.description.removeprefix("Bad Request: ")
        if words.startswith(prefix):
            raise
        raise bad_request(prefix + words[:1].upper() + words[1:]) from None


def _decoded(value: str, name: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        raise bad_request(_UNREADABLE.get(name, f"can't parse {name} JSON object")) from None


def _from_text(value: Any, kinds: list[str]) -> Any:
    if not isinstance(value, str):
        return value
    if "Integer" in kinds and value.removeprefix("-").isdecimal():
        return int(value)
    if "Boolean" in kinds and value.lower() in _WORDS_FOR_BOOLEANS:
        return _WORDS_FOR_BOOLEANS[value.lower()]
    if "Float" in kinds:
        try:
            return float(value)
        except ValueError:
            return value
    return value


_WORDS_FOR_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _wrong_array(name: str, kind: str) -> Refusal:
    if name == "inline_keyboard":
        return bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    if name == "keyboard":
        return bad_request('field "keyboard" must be an Array of Arrays')
    if name == "media":
        return bad_request("expected an Array of InputMedia")
    if name == "message_ids":
        return bad_request("expected an Array of message identifiers")
    return bad_request(f"expected an Array of {kind.lstrip('[')}")


def _not_an_object(kind: str, name: str, prefix: str) -> str:
    if kind in _BY_FIELD:
        return "object expected as reply markup"
    return f"{prefix}{kind} must be an Object" if prefix else f'field "{name}" must be of type Object'


def _without_mark(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: kind for name, kind in fields.items() if name != "="}


def _must_be(kind: str) -> Callable[[str], Refusal]:
    return lambda name: bad_request(f'field "{name}" must be of type {kind}')


def _plain(accepts: Callable[[Any], bool], kind: str) -> Check:
    refuse = _must_be(kind)

    def check(value: Any, name: str) -> Any:
        if accepts(value):
            return value
        raise refuse(name)

    return check


_PLAIN: dict[str, Check] = {
    "String": _plain(lambda value: isinstance(value, str), "String"),
    "Boolean": _plain(lambda value: isinstance(value, bool), "Boolean"),
    "Integer": _plain(lambda value: isinstance(value, int) and not isinstance(value, bool), "Number"),
    "Float": _plain(lambda value: isinstance(value, int | float) and not isinstance(value, bool), "Number"),
    "InputFile": _plain(lambda value: isinstance(value, str), "String"),
}
