"""What the page and tests order over HTTP, below `/sim/`: people, what they do, faults, and what happened."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp import web

from bot.simulator.api import serve_file
from bot.simulator.chats import Chat
from bot.simulator.faults import Fault
from bot.simulator.files import Upload, guessed_type
from bot.simulator.refusal import Refusal
from bot.simulator.shapes import Json, Message

if TYPE_CHECKING:
    from bot.simulator.server import Simulator

STATIC = Path(__file__).with_name("static")
KEEP_ALIVE = 15.0  # seconds between comments on a quiet event stream
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Control:
    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def add_to(self, app: web.Application) -> None:
        routes: list[tuple[str, str, Handler]] = [
            ("GET", "/", self._page),
            ("GET", "/sim/bot", self._bot),
            ("GET", "/sim/chats", self._chats),
            ("POST", "/sim/chats", self._new_chat),
            ("POST", "/sim/chats/{id}/block", self._block),
            ("GET", "/sim/chats/{id}/messages", self._messages),
            ("GET", "/sim/chats/{id}/events", self._events),
            ("POST", "/sim/chats/{id}/send", self._send),
            ("POST", "/sim/chats/{id}/files", self._send_files),
            ("POST", "/sim/chats/{id}/press", self._press),
            ("POST", "/sim/chats/{id}/edit", self._edit),
            ("GET", "/sim/file/{file_id}", self._file),
            ("POST", "/sim/faults", self._order_fault),
            ("DELETE", "/sim/faults", self._clear_faults),
            ("POST", "/sim/redeliver", self._redeliver),
            ("GET", "/sim/refusals", self._refusals),
            ("GET", "/sim/log", self._log),
        ]
        for method, path, handler in routes:
            app.router.add_route(method, path, _in_words(handler))
        if STATIC.is_dir():
            app.router.add_static("/static/", STATIC)

    async def _page(self, request: web.Request) -> web.StreamResponse:
        page = STATIC / "chat.html"
        if not page.is_file():
            raise web.HTTPNotFound(text="The page is not there.")
        return web.FileResponse(page)

    async def _bot(self, request: web.Request) -> web.StreamResponse:
        bot, profile = self._simulator.bot, self._simulator.profile
        return web.json_response({
            "name": profile.texts.get(("name", "th")) or profile.texts.get(("name", "")) or bot["first_name"],
            "username": bot["username"],
            "commands": profile.commands_by_language(),
            "chat_commands": profile.commands_of_chats(),
            "description": profile.texts.get(("description", "th")) or profile.texts.get(("description", ""), ""),
        })  # fmt: skip

    async def _chats(self, request: web.Request) -> web.StreamResponse:
        return web.json_response([_about(chat) for chat in self._simulator.chats])

    async def _new_chat(self, request: web.Request) -> web.StreamResponse:
        wanted = await _body(request)
        name = _string(wanted, "name")
        if wanted.get("type") == "group":
            return web.json_response(_about(self._simulator.group(name).chat))
        person = self._simulator.person(name, wanted.get("language_code", "th"))
        return web.json_response(_about(person.chat))

    async def _block(self, request: web.Request) -> web.StreamResponse:
        chat = self._chat(request)
        self._simulator.inbound.block(chat, bool((await _body(request)).get("blocked", True)))
        return web.json_response(_about(chat))

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        chat = self._chat(request)
        chat.unread = 0
        messages = [self._shown(message) for message in chat.messages.values()]
        return web.json_response(
            {
                "messages": messages,
                "keyboard": chat.keyboard,
                "keyboard_hidden": chat.keyboard_hidden,
                "input_placeholder": chat.placeholder,
            }
        )

    async def _events(self, request: web.Request) -> web.StreamResponse:
        chat = self._chat(request)
        stream = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        events: asyncio.Queue[Json] = asyncio.Queue()
        chat.listeners.add(events)
        try:
            await stream.prepare(request)
            await stream.write(b": hello\n\n")
            while event := await _next(events):
                told = event | {"message": self._shown(event["message"])} if "message" in event else event
                line = b"data: " + json.dumps(told).encode() if "type" in told else b": still here"
                await stream.write(line + b"\n\n")
        except ConnectionResetError:
            pass  # the page was closed
        finally:
            chat.listeners.discard(events)
        return stream

    async def _send(self, request: web.Request) -> web.StreamResponse:
        chat, wanted = self._chat(request), await _body(request)
        return web.json_response(self._shown(self._sent(chat, wanted)))

    def _sent(self, chat: Chat, wanted: Json) -> Message:
        inbound, reply_to = self._simulator.inbound, wanted.get("reply_to")
        match wanted:
            case {"text": str(text)} if text.strip():
                return inbound.say(chat, text.strip(), reply_to)
            case {"location": dict(location)}:
                return inbound.share(chat, Message(location=location), reply_to)
            case {"venue": {"latitude": latitude, "longitude": longitude, **about}}:
                location = {"latitude": latitude, "longitude": longitude}
                venue: Json = {"location": location, "title": about["title"], "address": about["address"]}
                return inbound.share(chat, Message(location=location, venue=venue), reply_to)
            case {"contact": dict(contact)}:
                return inbound.share(chat, Message(contact=contact), reply_to)
            case {"sticker": _}:
                return inbound.send_sticker(chat)
            case {"voice": _}:
                return inbound.send_voice(chat)
            case {"video": _}:
                return inbound.send_video(chat)
        raise ValueError("send one of text, location, venue, contact, sticker, voice, video")

    async def _send_files(self, request: web.Request) -> web.StreamResponse:
        chat = self._chat(request)
        uploads: list[Upload] = []
        fields: dict[str, str] = {}
        async for part in await request.multipart():
            if not isinstance(part, aiohttp.BodyPartReader) or not part.name:
                continue
            data = bytes(await part.read())
            if part.name != "file":
                fields[part.name] = data.decode()
                continue
            name = part.filename or "file"
            uploads.append(Upload(data, name, part.headers.get("Content-Type") or guessed_type(name)))
        if not 1 <= len(uploads) <= 10:
            raise ValueError("send 1-10 files at a time")
        as_photo = fields.get("as") != "document"
        sent = await self._simulator.inbound.send_files(chat, uploads, as_photo, fields.get("caption", ""))
        return web.json_response([self._shown(message) for message in sent])

    async def _press(self, request: web.Request) -> web.StreamResponse:
        chat, wanted = self._chat(request), await _body(request)
        query_id = self._simulator.inbound.press(chat, int(wanted["message_id"]), _string(wanted, "data"))
        return web.json_response({"callback_query_id": query_id})

    async def _edit(self, request: web.Request) -> web.StreamResponse:
        chat, wanted = self._chat(request), await _body(request)
        edited = self._simulator.inbound.edit(chat, int(wanted["message_id"]), _string(wanted, "text"))
        return web.json_response(self._shown(edited))

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return serve_file(self._simulator.files, request.match_info["file_id"])

    async def _order_fault(self, request: web.Request) -> web.StreamResponse:
        wanted = await _body(request)
        self._simulator.faults.add(Fault(wanted.pop("method", "*"), wanted.pop("times", 1), **wanted))
        return web.json_response({})

    async def _clear_faults(self, request: web.Request) -> web.StreamResponse:
        self._simulator.faults.clear()
        return web.json_response({})

    async def _redeliver(self, request: web.Request) -> web.StreamResponse:
        self._simulator.redeliver(int((await _body(request))["update_id"]))
        return web.json_response({})

    async def _refusals(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(self._simulator.refusals)

    async def _log(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(self._simulator.log)

    def _chat(self, request: web.Request) -> Chat:
        chat = self._simulator.chats.get(int(request.match_info["id"]))
        if chat is None:
            raise KeyError("chat")
        return chat

    def _shown(self, message: Message) -> Json:
        return dict(message) | {"out": message["from"]["id"] != self._simulator.bot["id"]}


def _about(chat: Chat) -> Json:
    return {
        "id": chat.id,
        "name": chat.name,
        "type": chat.type,
        "language_code": chat.user["language_code"],
        "unread": chat.unread,
        "blocked": chat.blocked,
    }


async def _next(events: asyncio.Queue[Json]) -> Json:
    """The next event; one without a type to keep the connection, or an empty one at the end."""
    try:
        return await asyncio.wait_for(events.get(), KEEP_ALIVE)
    except TimeoutError:
        return {"quiet": True}


async def _body(request: web.Request) -> Json:
    body: Any = await request.json()
    if not isinstance(body, dict):
        raise ValueError("an object is wanted")
    return body


def _string(wanted: Json, key: str) -> str:
    value = wanted.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key} is wanted")
    return value


def _in_words(handler: Handler) -> Handler:
    """A mistake of the page or a test is told as JSON, with 400 or 404."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except KeyError as error:
            return web.json_response({"error": f"not found: {error.args[0]}"}, status=404)
        except (ValueError, TypeError) as error:
            return web.json_response({"error": str(error)}, status=400)
        except Refusal as refusal:
            return web.json_response({"error": refusal.description}, status=400)

    return handle
