"""Makes `botapi.json` from the published Bot API as data: `python -m bot.simulator.distil PATH`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bot.simulator.schema import DISTILLED
from bot.simulator.shapes import Json

METHODS = """
    getMe getUpdates setWebhook deleteWebhook getWebhookInfo getFile getChat answerCallbackQuery
    sendMessage sendPhoto sendDocument sendMediaGroup sendLocation sendVenue sendChatAction
    editMessageText editMessageCaption editMessageMedia editMessageReplyMarkup deleteMessage
    deleteMessages setMyCommands getMyCommands deleteMyCommands setMyName getMyName setMyDescription
    getMyDescription setMyShortDescription getMyShortDescription setChatMenuButton getChatMenuButton
"""


def distilled(published: Json) -> Json:
    """The part of the published API that the simulator answers, made small: `name!` marks what is required."""
    types: Json = {}

    def kind(published_types: list[str]) -> str:
        if all(one.startswith("Array of InputMedia") for one in published_types):
            return "[InputMedia"
        return "|".join(_short(one, published["types"], types) for one in published_types)

    def fields(of: Json) -> dict[str, str]:
        return {
            field["name"] + "!" * field["required"]: kind(field["types"]) for field in of.get("fields", [])
        }

    methods = {name: fields(published["methods"][name]) for name in METHODS.split()}
    while waiting := [name for name, made in types.items() if made is None]:
        for name in waiting:
            published_type = published["types"][name]
            if options := published_type.get("subtypes"):
                types[name] = options
                for option in options:
                    types.setdefault(option, None)
            else:
                types[name] = _marked(published_type) | fields(published_type)
    return {
        "version": published["version"],
        "known": sorted(published["methods"]),
        "methods": methods,
        "types": dict(sorted(types.items())),
    }


def _short(published_kind: str, published_types: Json, types: Json) -> str:
    if published_kind.startswith("Array of "):
        return "[" + _short(published_kind.removeprefix("Array of "), published_types, types)
    if published_kind in published_types and published_kind != "InputFile":
        types.setdefault(published_kind, None)
    return published_kind


def _marked(published_type: Json) -> dict[str, str]:
    """The word by which a member of a union is known, where its `type` must be one word."""
    for field in published_type.get("fields", []):
        for lead in ("must be ", "always “", 'always "'):
            if field["name"] == "type" and lead in field["description"]:
                return {"=": field["description"].split(lead)[1].strip('“”". *')}
    return {}


def main(path: str) -> None:
    spec = distilled(json.loads(Path(path).read_text("utf-8")))
    DISTILLED.write_text(json.dumps(spec, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
