"""What goes wrong: a calm page with a way out, one line in the log, nobody's data in it."""

from __future__ import annotations

import asyncio
import json
import logging
import re

import pytest
from sqlalchemy import text

from admin_web import problems, security
from admin_web.problems import SENTENCES
from bot.logs import JsonLines
from flows.core.text import LANGUAGES
from storage import review_queue, reviews
from storage.db import StorageUnavailable
from storage.media import MediaUnreachable
from tests.admin_web.conftest import Town
from tests.admin_web.samples import kept, office, send


async def test_our_own_mistake_is_a_calm_page_and_one_line_without_anybodys_words(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    browser = await town.signed_in()

    def broken(*_: object) -> None:
        raise KeyError("ความลับของมานะ")

    monkeypatch.setattr(review_queue, "queue", broken)
    with caplog.at_level(logging.INFO, "thongthin.web"):
        page = await browser.get("/?q=คำค้นลับ")
    assert page.status == 500
    assert "ระบบขัดข้อง" in page.words
    assert "Traceback" not in page.text
    assert "ความลับ" not in page.text
    (record,) = [one for one in caplog.records if one.name == "thongthin.web"]
    line = json.loads(JsonLines().format(record))
    assert line["reference"] in page.words
    assert {key: line[key] for key in ("event", "status", "method", "route", "error")} == {
        "event": "a page that went wrong", "status": 500, "method": "GET", "route": "/", "error": "KeyError",
    }  # fmt: skip
    assert "test_problems.py" in line["where"]
    assert "ลับ" not in json.dumps(line, ensure_ascii=False)
    monkeypatch.undo()
    assert (await browser.get("/")).status == 200


async def test_an_unavailable_database_says_that_nothing_was_saved(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = await town.put(lambda tx: send(tx, office(tx)))
    browser = await town.signed_in()
    await browser.get(f"/entries/{sent.number}")

    def full(*_: object) -> None:
        raise StorageUnavailable("database or disk is full")

    monkeypatch.setattr(reviews, "decide", full)
    form = {"revision": "1", "verdict": "approve"}
    page = await browser.post(f"/entries/{sent.number}/verdict", form)
    assert page.status == 503
    assert "ยังไม่มีอะไรถูกบันทึก" in page.words
    monkeypatch.undo()
    assert (await browser.post(f"/entries/{sent.number}/verdict", form)).status == 303


async def test_while_the_store_of_photos_is_away_the_page_says_to_wait_and_then_shows_them(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = await kept(town.photos, 1)
    sent = await town.put(lambda tx: send(tx, office(tx), photos=[photo]))
    browser = await town.signed_in()
    [address, *_] = re.findall(r"(/photos/\S+) \d+w", (await browser.get(f"/entries/{sent.number}")).text)

    async def away(*_: object) -> bytes:
        raise MediaUnreachable("the object store did not answer")

    monkeypatch.setattr(town.photos, "read", away)
    assert (await browser.get(address)).status == 503
    monkeypatch.undo()
    assert (await browser.get(address)).status == 200


async def test_even_without_a_readable_session_there_is_a_page(town: Town) -> None:
    browser = await town.signed_in()
    await town.put(lambda tx: tx.execute(text("ALTER TABLE web_session RENAME TO gone")) and None)
    page = await browser.get("/")
    assert page.status == 503
    await town.put(lambda tx: tx.execute(text("ALTER TABLE gone RENAME TO web_session")) and None)
    assert (await browser.get("/")).status == 200


async def test_too_long_a_form_is_refused_with_the_way_back(town: Town) -> None:
    sent = await town.put(lambda tx: send(tx, office(tx)))
    browser = await town.signed_in()
    await browser.get(f"/entries/{sent.number}")
    page = await browser.post(f"/entries/{sent.number}/verdict", {"note": "ย" * (security.LONGEST_FORM // 8)})
    assert page.status == 413
    assert "ย่อข้อความ" in page.words
    assert (await browser.get("/")).status == 200


@pytest.mark.parametrize(
    "path", ["/nothing", "/entries", "/entries/x/y/z", "/photos/a/b/web.jpg", "/static/x/../app.py"]
)
async def test_an_unknown_address_is_a_page_with_the_way_out(town: Town, path: str) -> None:
    for browser, way in ((town.browser(), "/sign-in"), (await town.signed_in(), "/")):
        page = await browser.get(path)
        if page.status in (303, 401):
            continue
        assert page.status == 404
        assert f'href="{way}"' in page.text
        assert re.search(r"เลขอ้างอิง [0-9a-f]{8}", page.words)


async def test_a_wrong_method_is_a_page_too(town: Town) -> None:
    browser = await town.signed_in()
    await browser.get("/")
    page = await browser.post("/")
    assert page.status == 405
    assert "เลขอ้างอิง" in page.words


SIGN_IN = "/sign-in"
URLENCODED = "application/x-www-form-urlencoded"
MALFORMED = {
    "bytes that are no text": (URLENCODED, b"name=\xff&csrf=x"),
    "an unknown character set": (f"{URLENCODED}; charset=nosuch", b"name=x"),
    "parts without a boundary": ("multipart/form-data", b"--x\r\n\r\n--x--"),
    "parts with another boundary": ("multipart/form-data; boundary=x", b"--y\r\n\r\na\r\n--y--"),
    "a part with broken headers": ("multipart/form-data; boundary=x", b"--x\r\nnothing at all\r\n\r\na\r\n--x--\r\n"),
    "a part cut off": ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n'),
    "a part of no character set": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=nosuch\r\n\r\na\r\n--x--\r\n',
    ),
    "parts in an unknown encoding": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: nosuch\r\n\r\na\r\n--x--\r\n',
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", MALFORMED)
async def test_a_form_that_cannot_be_read_is_a_page_and_not_our_mistake(town: Town, what: str) -> None:
    kind, body = MALFORMED[what]
    for browser in (town.browser(), await town.signed_in()):
        await browser.get("/sign-in")
        sent = {"Content-Type": kind, "Origin": browser.url}
        async with browser.http.post(browser.url + SIGN_IN, data=body, headers=sent) as answer:
            assert answer.status in (400, 403), what
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert "เลขอ้างอิง" in await answer.text()
    assert (await town.browser().sign_in()).status == 303


async def test_a_cookie_of_no_letters_leads_to_the_sign_in_page(town: Town) -> None:
    host, port = town.url.removeprefix("http://").split(":")
    for name in (b"thongthin-session", b"thongthin-sign-in"):
        reader, writer = await asyncio.open_connection(host, int(port))
        asked = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: " + name + b"=\xff\r\n\r\n"
        writer.write(asked)
        answer = await reader.read()
        writer.close()
        assert answer.startswith(b"HTTP/1.1 303 "), answer[:200]
        assert b"Location: /sign-in" in answer


@pytest.mark.parametrize(
    "path", ["/?after=9999-12-31T23:59:59-23:00_1", "/?before=0001-01-01T00:00:00%2B23:00_5", "/?q=%00&province=%00"]
)  # fmt: skip
async def test_an_address_outside_of_time_shows_the_queue(town: Town, path: str) -> None:
    assert (await (await town.signed_in()).get(path)).status == 200


@pytest.mark.parametrize("number", ["%00", "L-2560-000001%00", "l-2560-000001", "x", "L-2560-" + "9" * 400])
async def test_what_is_no_number_is_looked_for_nowhere(
    town: Town, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    monkeypatch.setattr(reviews, "entry", None)  # asked for, it would break
    browser = await town.signed_in()
    assert (await browser.get(f"/entries/{number}")).status == 404
    assert (await browser.get("/laos/%00")).status == 404


def test_every_status_has_sentences_in_both_languages() -> None:
    assert {403, 404, 409, 413, 429, 500, 503} <= set(SENTENCES)
    for pair in SENTENCES.values():
        assert all(one.to(language) for one in pair for language in LANGUAGES)


def test_the_log_is_one_line_of_json(caplog: pytest.LogCaptureFixture) -> None:
    class Resource:
        canonical = "/x\ny"

    class Route:
        resource = Resource()

    class Match:
        route = Route()

    class Request:
        method = "GET"
        match_info = Match()

    with caplog.at_level(logging.INFO, "thongthin.web"):
        problems.note(Request(), 404, "abcd", None)  # type: ignore[arg-type]
    assert "\n" not in JsonLines().format(caplog.records[0])
