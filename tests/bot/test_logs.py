"""Log lines hold what an operator needs, and neither the token nor what people wrote."""

from __future__ import annotations

import asyncio
import json
import logging
import sys

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.logs import JsonLines, WithoutVisitors, to_stderr

TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFakeFake"


def line_of(message: str, error: Exception | None = None, **extra: object) -> dict[str, object]:
    record = logging.LogRecord("thongthin.test", logging.ERROR, __file__, 1, message, (), None)
    vars(record).update(extra)
    if error is not None:
        try:
            raise error
        except Exception:
            record.exc_info = sys.exc_info()
    told = JsonLines().format(record)
    assert "\n" not in told
    parsed: dict[str, object] = json.loads(told)
    return parsed


def test_a_line_is_one_json_object_with_its_extras() -> None:
    line = line_of("updates set aside", update=7)
    assert line["event"] == "updates set aside"
    assert line["update"] == 7
    assert line["level"] == "error"


def test_the_token_is_never_written() -> None:
    line = line_of(f"GET https://api.telegram.org/bot{TOKEN}/getMe failed", why=f"/file/bot{TOKEN}/x")
    assert "AAFake" not in json.dumps(line)


def test_of_an_exception_the_type_and_place_are_told_and_not_its_words() -> None:
    line = line_of("failed", ValueError("คำตอบของเจ้าหน้าที่ 081-234-5678"))
    assert line["exception"] == "ValueError"
    assert "test_logs.py" in str(line["where"])
    assert "081" not in json.dumps(line, ensure_ascii=False)


async def test_the_web_server_writes_neither_who_asked_nor_what_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    root, server = logging.getLogger(), logging.getLogger("aiohttp.server")
    handlers, level = root.handlers[:], root.level
    try:
        to_stderr()
        to_stderr()
        assert [type(one) for one in server.filters] == [WithoutVisitors]

        async def broken(_: web.Request) -> web.Response:
            raise ValueError("ความลับของมานะ")

        app = web.Application()
        app.router.add_get("/{path}", broken)
        async with TestServer(app) as here:
            answers = [await asked(here.port, f"GET /{path} HTTP/1.1") for path in ("secret", "no\x01thing")]
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        server.filters.clear()
        logging.getLogger("thongthin").setLevel(logging.NOTSET)
    assert [answer.split(b" ")[1] for answer in answers] == [b"500", b"400"]
    (line,) = capsys.readouterr().err.splitlines()  # of somebody else's nonsense nothing is written at all
    assert json.loads(line)["exception"] == "ValueError"
    assert not any(one in line for one in ("127.0.0.1", "secret", "ความลับ"))


async def asked(port: int | None, line: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{line}\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return answer
