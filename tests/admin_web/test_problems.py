"""What goes wrong: a calm page with a way out, one line in the log, nobody's data in it."""

from __future__ import annotations

import json
import logging
import re

import pytest
from sqlalchemy import text

from admin_web import problems, security
from admin_web.problems import SENTENCES
from flows.core.text import LANGUAGES
from storage import review_queue, reviews
from storage.db import StorageUnavailable
from tests.admin_web.conftest import Town
from tests.admin_web.samples import office, send


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
    (line,) = [json.loads(record.message) for record in caplog.records if record.name == "thongthin.web"]
    assert line["reference"] in page.words
    assert {key: line[key] for key in ("event", "status", "method", "route", "error")} == {
        "event": "web.error", "status": 500, "method": "GET", "route": "/", "error": "KeyError",
    }  # fmt: skip
    assert "test_problems.py" in line["at"]
    assert "ลับ" not in caplog.text
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
    assert "\n" not in caplog.records[0].message
