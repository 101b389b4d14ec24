"""The HTTP client keeps the library's contract, and keeps the token to itself."""

from __future__ import annotations

import asyncio
import io
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from telegram import InputFile
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.chat_service import FileTooLarge, TryAgain
from bot.telegram.failures import meaning
from bot.telegram.request import AiohttpRequest, NotConnected, NotConnectedInTime, Redacted, redact

TOKEN = "1234567890:AAsecret_of_the_bot-0123456789"

Serve = Callable[[Callable[[web.Request], Awaitable[web.StreamResponse]]], Awaitable[str]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serves one handler; gives the address of a method of the bot's."""
    runners: list[web.AppRunner] = []

    async def start(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> str:
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", handler)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        runners.append(runner)
        return f"http://127.0.0.1:{runner.addresses[0][1]}/bot{TOKEN}/method"

    yield start
    for runner in runners:
        await runner.cleanup()


@pytest.fixture
async def request_() -> AsyncIterator[AiohttpRequest]:
    async with AiohttpRequest(connect=1, pool=1) as one:
        yield one


def data(**values: object) -> RequestData:
    return RequestData([RequestParameter.from_input(name, value) for name, value in values.items()])


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (400, {"description": "Bad Request: chat not found"}, BadRequest),
        (401, {"description": "Unauthorized"}, InvalidToken),
        (403, {"description": "Forbidden: bot was blocked by the user"}, Forbidden),
        (404, {"description": "Not Found"}, InvalidToken),
        (409, {"description": "Conflict: terminated by other getUpdates request"}, Conflict),
        (429, {"description": "Too Many Requests", "parameters": {"retry_after": 7}}, RetryAfter),
        (500, {"description": "Internal Server Error"}, NetworkError),
        (502, {"description": "Bad Gateway"}, NetworkError),
    ],
)
async def test_each_refusal_becomes_the_librarys_error(
    serve: Serve, request_: AiohttpRequest, status: int, answer: dict[str, object], error: type[TelegramError]
) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error_code": status, **answer}, status=status)

    url = await serve(handler)
    with pytest.raises(TelegramError) as caught:
        await request_.post(url)
    assert type(caught.value) is error


async def test_parameters_and_files_arrive_as_telegram_reads_them(
    serve: Serve, request_: AiohttpRequest
) -> None:
    async def handler(request: web.Request) -> web.Response:
        form = await request.post()
        photo = form["photo"]
        assert isinstance(photo, web.FileField)
        return web.json_response({
            "ok": True,
            "result": {
                "text": form["text"], "nested": form["nested"], "name": photo.filename,
                "bytes": len(photo.file.read()), "agent": request.headers["User-Agent"],
            },
        })  # fmt: skip

    url = await serve(handler)
    photo = InputFile(io.BytesIO(b"x" * 900_000), filename="วัด.jpg")
    got = await request_.post(url, data(text="สวัสดี", nested={"a": [1, "ข"]}, photo=photo))
    assert isinstance(got, dict)
    assert got.pop("agent").startswith("python-telegram-bot")
    assert got == {"text": "สวัสดี", "nested": '{"a": [1, "\\u0e02"]}', "name": "วัด.jpg", "bytes": 900_000}


async def test_large_uploads_are_streamed_without_a_warning(serve: Serve, request_: AiohttpRequest) -> None:
    async def handler(request: web.Request) -> web.Response:
        read = 0
        async for part in await request.multipart():
            assert not isinstance(part, str)
            while chunk := await part.read_chunk():  # type: ignore[union-attr]
                read += len(chunk)
        return web.json_response({"ok": True, "result": {"read": read}})

    url = await serve(handler)
    photo = InputFile(b"x" * 3_000_000, filename="big.jpg")
    assert await request_.post(url, data(photo=photo)) == {"read": 3_000_000}


async def test_connections_are_used_again(serve: Serve, request_: AiohttpRequest) -> None:
    ports: set[object] = set()

    async def handler(request: web.Request) -> web.Response:
        assert request.transport is not None
        ports.add(request.transport.get_extra_info("peername"))
        return web.json_response({"ok": True, "result": True})

    url = await serve(handler)
    for _ in range(5):
        await request_.post(url, data(a=1))
    assert len(ports) == 1


async def test_a_slow_answer_times_out_and_the_next_one_is_heard(
    serve: Serve, request_: AiohttpRequest
) -> None:
    async def handler(request: web.Request) -> web.Response:
        await asyncio.sleep(float(str((await request.post()).get("wait", 0))))
        return web.json_response({"ok": True, "result": True})

    url = await serve(handler)
    with pytest.raises(TimedOut):
        await request_.post(url, data(wait=0.5), read_timeout=0.05)
    assert await request_.post(url, data(wait=0.1)) is True


async def test_a_given_none_waits_where_the_default_would_not(serve: Serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        await asyncio.sleep(0.2)
        return web.json_response({"ok": True, "result": True})

    url = await serve(handler)
    async with AiohttpRequest(read=0.05) as request:
        assert request.read_timeout == 0.05
        assert await request.post(url, read_timeout=None) is True
        with pytest.raises(TimedOut):
            await request.post(url)


def may_have_arrived(error: TelegramError) -> bool:
    meant = meaning(error)
    assert isinstance(meant, TryAgain)
    return meant.unsure


async def test_without_a_connection_telegram_cannot_have_heard(request_: AiohttpRequest) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # nobody listens there
        port = held.getsockname()[1]
        with pytest.raises(NotConnected) as caught:
            await request_.post(f"http://127.0.0.1:{port}/bot1:x/sendMessage", data(a=1))
    assert not may_have_arrived(caught.value)


async def test_through_a_proxy_that_refuses_telegram_cannot_have_heard(
    serve: Serve, request_: AiohttpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(asked: web.Request) -> web.Response:
        return web.Response(status=503)

    proxy = urlsplit(await serve(refuse))
    monkeypatch.setattr("bot.telegram.request._proxy", lambda url: f"http://{proxy.netloc}")
    with pytest.raises(NotConnected) as caught:
        await request_.post(f"https://telegram.invalid/bot{TOKEN}/sendMessage", data(a=1))
    assert not may_have_arrived(caught.value)


async def test_an_answer_that_cannot_be_read_may_have_been_a_yes(
    serve: Serve, request_: AiohttpRequest
) -> None:
    async def cut_off(asked: web.Request) -> web.Response:
        return web.Response(text='{"ok":true,"resu')

    with pytest.raises(TelegramError) as caught:
        await request_.post(await serve(cut_off), data(a=1))
    meant = meaning(caught.value)
    assert isinstance(meant, TryAgain)
    assert meant.unsure


async def test_a_full_pool_times_out(serve: Serve) -> None:
    gate = asyncio.Event()

    async def handler(request: web.Request) -> web.Response:
        await gate.wait()
        return web.json_response({"ok": True, "result": True})

    url = await serve(handler)
    async with AiohttpRequest(connections=1, connect=0.05, pool=0.05) as request:
        first = asyncio.create_task(request.post(url))
        await asyncio.sleep(0.05)
        with pytest.raises(NotConnectedInTime):
            await request.post(url)
        gate.set()
        assert await first is True


async def test_a_request_may_be_shut_down_and_started_again(serve: Serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "result": True})

    url = await serve(handler)
    request = AiohttpRequest()
    await request.shutdown()
    with pytest.raises(NetworkError, match="not initialized"):
        await request.post(url)
    await request.initialize()
    await request.initialize()
    assert await request.post(url) is True
    await request.shutdown()
    await request.shutdown()


async def test_no_error_or_log_line_holds_the_token(
    serve: Serve, request_: AiohttpRequest, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def handler(request: web.Request) -> web.StreamResponse:
        kind = (await request.post()).get("kind")
        assert request.transport is not None
        if kind == "closed":
            request.transport.close()
        if kind == "rubbish":
            request.transport.write(b"HTTP/1.1 abc\r\n\r\n")
            request.transport.close()
        if kind == "cookie":
            return web.Response(status=500, headers={"Set-Cookie": "a b=c"})
        return web.Response(status=302, headers={"Location": str(request.url)})

    url = await serve(handler)
    port = url.split(":")[2].split("/")[0]
    nobody = url.replace(port, "1")
    wrong = url.replace(f"127.0.0.1:{port}", "127.0.0.1:99999")
    for address, kind in (
        (url, "closed"),
        (url, "rubbish"),
        (url, "cookie"),
        (url, "redirect"),
        (nobody, ""),
        (wrong, ""),
    ):
        with pytest.raises(TelegramError) as caught:
            await request_.post(address, data(kind=kind))
        logging.getLogger("test").error("it failed", exc_info=caught.value)
    assert len(caplog.records) >= 6
    assert TOKEN not in caplog.text
    assert "secret" not in caplog.text


async def test_a_download_is_given_up_when_it_grows_too_large(serve: Serve, request_: AiohttpRequest) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        size = int(request.query["size"])
        answer = web.StreamResponse()
        if "announced" in request.query:
            answer.content_length = size
        await answer.prepare(request)
        for _ in range(size // 1000):
            await answer.write(b"x" * 1000)
        return answer

    url = await serve(handler)
    assert await request_.download(f"{url}?size=5000", 5000) == (200, b"x" * 5000)
    for query in ("size=6000", "size=6000&announced=1", "size=90000000"):
        with pytest.raises(FileTooLarge):
            await request_.download(f"{url}?{query}", 5000)


def test_redacting_leaves_nothing_of_a_token() -> None:
    assert (
        redact(f"GET https://api.telegram.org/bot{TOKEN}/getMe")
        == "GET https://api.telegram.org/bot<token>/getMe"
    )
    assert "secret" not in redact(f"the token `{TOKEN}` was rejected")
    assert redact("127.0.0.1:8080 at 12:30") == "127.0.0.1:8080 at 12:30"


def test_the_log_filter_redacts_messages_arguments_and_tracebacks() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(Redacted())
    logger = logging.Logger("test")
    logger.addHandler(handler)
    try:
        raise ValueError(f"/bot{TOKEN}/getMe")
    except ValueError:
        logger.exception("asked %s", f"/bot{TOKEN}/getMe")
    assert "secret" not in stream.getvalue()
    assert stream.getvalue().count("/bot<token>/getMe") >= 2
