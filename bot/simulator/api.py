"""The Bot API over HTTP: reads a call however it was encoded, checks it, does it, answers in Telegram's words."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from aiohttp import web

from bot.simulator.faults import Fault, Faults
from bot.simulator.files import MOST_UP, Files, Upload, guessed_type
from bot.simulator.journal import Journal
from bot.simulator.receiving import Receiving
from bot.simulator.refusal import Refusal, bad_request
from bot.simulator.schema import Schema
from bot.simulator.sending import Uploads
from bot.simulator.shapes import Json

log = logging.getLogger(__name__)
Method = Callable[[Json, Uploads], Awaitable[Any]]
_TOKEN = re.compile(r"\d+:[\w-]+")


class Api:
    def __init__(
        self, token: str, schema: Schema, methods: dict[str, Method], receiving: Receiving, journal: Journal
    ) -> None:
        self._token = token
        self._schema = schema
        self._methods = methods
        self._receiving = receiving
        self._journal = journal
        self.faults = Faults()

    @property
    def methods(self) -> set[str]:
        return set(self._methods)

    def add_to(self, app: web.Application) -> None:
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if refused := self._wrong_token(request):
            self._journal.refused("(no method)", refused, {})
            return _answer_refusal(refused)
        method = self._schema.known.get(request.match_info["method"].lower(), "")
        fault = self.faults.take(method) if method else None
        if fault is None:
            return await self._answer(method or request.match_info["method"], request)
        return await self._faulty(fault, method, request)

    async def _faulty(self, fault: Fault, method: str, request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(fault.delay)
        if fault.error_code:
            await request.read()
            return _answer_refusal(fault.refusal())
        if fault.drop == "before":
            return _dropped(request)
        answer = await self._answer(method, request)
        return _dropped(request) if fault.drop == "after" else answer

    async def _answer(self, method: str, request: web.Request) -> web.Response:
        call: Json = {}
        try:
            given, uploads = await _read(request)
            call = given
            result = await self._done(method, given, uploads, request)
        except Refusal as refusal:
            self._journal.refused(method, refusal, call)
            return _answer_refusal(refusal)
        except web.HTTPRequestEntityTooLarge:
            too_large = Refusal(413, "Request Entity Too Large")
            self._journal.refused(method, too_large, call)
            return _answer_refusal(too_large)
        except ConnectionError:
            return web.Response()  # whoever called is gone in the middle of it, as when it is killed
        except Exception:
            log.exception("the simulator failed in %s", method)
            return _answer_refusal(Refusal(500, "Internal Server Error"))
        self._journal.called(method, call, result)
        return _json({"ok": True, "result": result}, 200)

    async def _done(self, method: str, given: Json, uploads: Uploads, request: web.Request) -> Any:
        if method not in self._schema.spec["methods"]:
            if method in self._schema.known.values():
                raise Refusal(501, f"Not Implemented: the simulator does not know {method} yet")
            raise Refusal(404, "Not Found")
        for upload in uploads.values():
            if len(upload.data) > MOST_UP:
                raise Refusal(413, "Request Entity Too Large")
        call = self._schema.read(method, given, uploads)
        if method == "getUpdates":
            return await self._receiving.get_updates(call, request)
        return await self._methods[method](call, uploads)

    async def _file(self, request: web.Request) -> web.Response:
        if refused := self._wrong_token(request):
            self._journal.refused("(file)", refused, {})
            return _answer_refusal(refused)
        fault = self.faults.take("file")
        if fault is not None:
            await asyncio.sleep(fault.delay)
            if fault.drop:
                return _dropped(request)
            if fault.error_code:
                return _answer_refusal(fault.refusal())
        kept = self._receiving.files.at(request.match_info["path"])
        if kept is None or not kept.asked_for:
            self._journal.refused("(file)", Refusal(404, "Not Found"), {"path": request.match_info["path"]})
            return _answer_refusal(Refusal(404, "Not Found"))
        return web.Response(body=kept.data, content_type="application/octet-stream")

    def _wrong_token(self, request: web.Request) -> Refusal | None:
        token = request.match_info["token"]
        if token == self._token:
            return None
        return Refusal(401, "Unauthorized") if _TOKEN.fullmatch(token) else Refusal(404, "Not Found")


def serve_file(files: Files, file_id: str) -> web.Response:
    """A file for the page, whoever sent it."""
    kept = files.get(file_id)
    if kept is None:
        raise web.HTTPNotFound
    shown = kept.mime_type if kept.mime_type.startswith("image/") else "application/octet-stream"
    shown = "application/octet-stream" if "svg" in shown else shown
    return web.Response(body=kept.data, content_type=shown, headers={"X-Content-Type-Options": "nosniff"})


async def _read(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """The parameters of a call, from wherever Telegram takes them, and the files that came along."""
    given: Json = dict(request.query)
    if not request.body_exists:
        return given, {}
    if request.content_type == "multipart/form-data":
        return await _read_multipart(request, given)
    if request.content_type == "application/json":
        return given | _decoded(await request.read()), {}
    given.update((name, value) for name, value in (await request.post()).items())
    return given, {}


def _decoded(body: bytes) -> Json:
    try:
        decoded = json.loads(body or b"{}")
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(decoded, dict):
        raise bad_request("can't parse JSON object")
    return decoded


async def _read_multipart(request: web.Request, given: Json) -> tuple[Json, dict[str, Upload]]:
    uploads: dict[str, Upload] = {}
    total = 0
    async for part in await request.multipart():
        if not isinstance(part, aiohttp.BodyPartReader) or not part.name:
            continue
        data = bytes(await part.read())
        total += len(data)
        if total > request.client_max_size:
            raise Refusal(413, "Request Entity Too Large")
        if part.filename is None:
            given[part.name] = data.decode("utf-8", "replace")
        else:
            kind = part.headers.get("Content-Type") or guessed_type(part.filename)
            uploads[part.name] = Upload(data, part.filename, kind)
    return given, uploads


def _json(body: Json, status: int) -> web.Response:
    return web.Response(body=json.dumps(body).encode(), status=status, content_type="application/json")


def _answer_refusal(refusal: Refusal) -> web.Response:
    body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.retry_after is not None:
        body["parameters"] = {"retry_after": refusal.retry_after}
    return _json(body, refusal.code)


def _dropped(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
