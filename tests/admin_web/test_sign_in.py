"""Signing in and out."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import ip_network

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher
from sqlalchemy import func, select

from admin_web import auth
from admin_web.app import make_app
from admin_web.auth import token_hash
from admin_web.security import address_of
from admin_web.site import local_path
from storage import reviewers
from storage.reviewers import FREE_FOR_PAIR, IDLE
from storage.tables import sign_in_failure, web_session
from tests.admin_web.conftest import Browser, Town
from tests.admin_web.samples import PASSWORD


async def test_the_right_password_opens_the_queue(town: Town) -> None:
    browser = town.browser()
    away = await browser.get("/")
    assert (away.status, away.headers["Location"]) == (303, "/sign-in")
    answer = await browser.sign_in()
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    queue = await browser.get("/")
    assert queue.status == 200
    assert "ไม่มีรายการรอตรวจ" in queue.words
    assert "สมหญิง ตรวจดี" in queue.words


@pytest.mark.parametrize(("name", "password"), [("สมหญิง ตรวจดี", "ผิดแน่นอน 12345"), ("ไม่มีคนนี้", PASSWORD)])
async def test_a_wrong_name_and_a_wrong_password_get_the_same_words_and_the_name_stays(
    town: Town, name: str, password: str
) -> None:
    browser = town.browser()
    answer = await browser.sign_in(name, password)
    assert answer.status == 422
    assert "ชื่อหรือรหัสผ่านไม่ถูกต้อง" in answer.words
    assert f'value="{name}"' in answer.text
    assert password not in answer.text
    assert (await browser.sign_in()).status == 303


async def test_an_empty_form_says_what_is_missing_and_counts_for_nothing(town: Town) -> None:
    browser = town.browser()
    for _ in range(FREE_FOR_PAIR + 1):
        answer = await browser.sign_in("", "")
        assert (answer.status, "กรอกทั้งชื่อและรหัสผ่าน" in answer.words) == (422, True)
    assert (await browser.sign_in()).status == 303


async def test_guessing_is_braked_and_the_page_says_until_when(town: Town) -> None:
    browser = town.browser()
    for _ in range(FREE_FOR_PAIR):
        assert (await browser.sign_in(password="ผิดแน่นอน 12345")).status == 422
    braked = await browser.sign_in()
    assert braked.status == 429
    assert "ลองใหม่ได้ตั้งแต่ 16 ม.ค. 2560 09:01 น." in braked.words
    assert braked.headers["Retry-After"] == "60"
    town.clock.move(timedelta(seconds=60))
    assert (await browser.sign_in()).status == 303
    # The right password has wiped the slate.
    assert (await town.browser().sign_in(password="ผิดแน่นอน 12345")).status == 422


async def test_what_was_typed_as_a_name_or_password_is_not_kept(town: Town) -> None:
    await town.browser().sign_in("รหัสลับของฉัน", "ผิดแน่นอน 12345")
    kept = await town.store.read(lambda tx: [str(row) for row in tx.execute(select(sign_in_failure))])
    assert kept
    assert not any("รหัส" in row or "ผิด" in row for row in kept)


async def test_a_forwarded_address_counts_only_from_a_trusted_proxy(town: Town) -> None:
    browser = town.browser()
    for n in range(FREE_FOR_PAIR):
        await browser.get("/sign-in")
        form = {"name": "x", "password": "y", "next": "/"}
        await browser.post("/sign-in", form, **{"X-Forwarded-For": f"198.51.100.{n}"})
    assert (await browser.sign_in("x", "y")).status == 429
    kept = await town.store.read(lambda tx: set(tx.scalars(select(sign_in_failure.c.what))))
    assert {one for one in kept if one.startswith("address:")} == {"address:127.0.0.1"}


async def test_the_session_cookie_is_for_this_site_alone_and_only_its_hash_is_kept(town: Town) -> None:
    answer = await town.browser().sign_in()
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    token = re.search(r"thongthin-session=([^;]+)", cookie)
    assert token is not None
    kept = await town.store.read(lambda tx: tx.scalar(select(web_session.c.token_hash)))
    assert kept == token_hash(token[1])


async def test_on_https_cookies_are_secure_and_bound_to_the_host(town: Town) -> None:
    app = make_app(
        town.store,
        town.photos,
        secret=b"s",
        public_url="https://review.example.go.th",
        tiles=None,
        now=town.clock,
    )
    async with TestServer(app) as server:
        browser = town.browser()
        browser.url = f"http://127.0.0.1:{server.port}"
        answer = await browser.get("/sign-in")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-sign-in=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"]


async def test_signing_in_again_changes_the_token_and_ends_the_old_session(town: Town) -> None:
    browser = await town.signed_in()
    before = await town.store.read(lambda tx: tx.scalar(select(web_session.c.token_hash)))
    # Signed in already: the form is skipped.
    assert (await browser.get("/sign-in?next=/entries/L-2560-000001")).headers[
        "Location"
    ] == "/entries/L-2560-000001"
    # The same form from a second tab, or sent by a second click: in again, and the session before is over.
    form = {"name": "ประสิทธิ์ ละเอียด", "password": PASSWORD, "csrf": kept_token(browser)}
    again = await browser.post("/sign-in", form)
    assert (again.status, again.headers["Location"]) == (303, "/")
    after = await town.store.read(lambda tx: list(tx.scalars(select(web_session.c.token_hash))))
    assert len(after) == 1
    assert after != [before]
    assert "ประสิทธิ์ ละเอียด" in (await browser.get("/")).words
    refused = await browser.post("/sign-in", {**form, "csrf": "x"})
    assert refused.status == 403
    assert (await browser.get("/")).status == 200


def kept_token(browser: Browser) -> str:
    return next(cookie.value for cookie in browser.http.cookie_jar if cookie.key == "thongthin-sign-in")


@pytest.mark.parametrize(
    ("hop", "address"),
    [
        ("198.51.100.7:5555", "198.51.100.7"),
        ("[2001:db8::7]:5555", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("198.51.100.8, 203.0.113.9:1", "198.51.100.8"),
    ],
)
async def test_a_forwarded_address_is_told_apart_from_its_port(town: Town, hop: str, address: str) -> None:
    app = make_app(
        town.store, town.photos, secret=b"s", public_url="http://127.0.0.1", tiles=None, now=town.clock,
        trusted_proxies=[ip_network("127.0.0.1"), ip_network("203.0.113.9")],
    )  # fmt: skip
    found: list[str] = []

    async def whence(request: web.Request) -> web.Response:
        found.append(address_of(request))
        return web.Response()

    app.router.add_get("/whence", whence)
    async with TestServer(app) as server:
        browser = town.browser()
        browser.url = f"http://127.0.0.1:{server.port}"
        await browser.get("/whence", **{"X-Forwarded-For": hop})
    assert found == [address]


async def test_signing_out_ends_the_session_and_clears_the_photos_from_the_browser(town: Town) -> None:
    browser = await town.signed_in()
    old = {cookie.key: cookie.value for cookie in browser.http.cookie_jar}
    await browser.get("/")
    answer = await browser.post("/sign-out")
    assert (answer.status, answer.headers["Location"]) == (303, "/sign-in")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert (await browser.get("/")).status == 303
    # The token is worthless, not only gone from the browser.
    again = await browser.get("/", Cookie="; ".join(f"{key}={value}" for key, value in old.items()))
    assert again.status == 303


async def test_signing_out_everywhere_ends_the_other_browsers_too(town: Town) -> None:
    here, there = await town.signed_in(), await town.signed_in()
    colleague = await town.signed_in("ประสิทธิ์ ละเอียด")
    await here.get("/")
    await here.post("/sign-out-everywhere")
    assert [(await one.get("/")).status for one in (here, there, colleague)] == [303, 303, 200]


async def test_an_idle_session_ends_and_signing_in_leads_back(town: Town) -> None:
    browser = await town.signed_in()
    town.clock.move(IDLE)
    answer = await browser.get("/?form=news&q=งาน")
    assert answer.headers["Location"].startswith("/sign-in?next=/%3Fform%3Dnews")
    form = await browser.get(answer.headers["Location"])
    assert "/?form=news&amp;q=" in form.text
    back = await browser.post(
        "/sign-in", {"name": "สมหญิง ตรวจดี", "password": PASSWORD, "next": "/?form=news"}
    )
    assert back.headers["Location"] == "/?form=news"


@pytest.mark.parametrize(
    "foreign",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        "/\n/x",
        "/\t/x",
    ],
)
def test_signing_in_never_leads_to_another_site(foreign: str) -> None:
    assert local_path(foreign) == "/"
    assert local_path("/entries/L-2560-000001?form=news") == "/entries/L-2560-000001?form=news"


async def test_a_disabled_reviewer_cannot_sign_in_and_is_out_at_once(town: Town) -> None:
    browser = await town.signed_in()
    found = await town.store.read(reviewers.reviewer_named, "สมหญิง ตรวจดี")
    assert found is not None
    await town.store.run(reviewers.disable, found.id, town.clock())
    assert (await browser.get("/")).status == 303
    assert (await browser.sign_in()).status == 422


async def test_the_page_speaks_english_to_who_chose_it(town: Town) -> None:
    browser = await town.signed_in()
    assert '<html lang="th">' in (await browser.get("/?form=news")).text
    answer = await browser.post("/language", {"language": "en", "next": "/?form=news"})
    assert answer.headers["Location"] == "/?form=news"
    english = await browser.get("/?form=news")
    assert '<html lang="en">' in english.text
    assert "Nothing matches these filters" in english.words
    assert '<html lang="en">' in (await browser.get("/entries/nothing")).text


async def test_attempts_by_an_unknown_name_cost_the_same_work(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            verified.append(kept)
            return PasswordHasher().verify(kept, password)

        def check_needs_rehash(self, kept: str) -> bool:
            return False

    monkeypatch.setattr(auth, "_HASHER", Counting())
    await town.browser().sign_in("ไม่มีคนนี้", "ผิดแน่นอน 12345")
    await town.browser().sign_in("สมหญิง ตรวจดี", "ผิดแน่นอน 12345")
    assert len(verified) == 2
    assert {one.split("$")[3] for one in verified} == {"m=19456,t=2,p=1"}


async def test_old_sessions_are_swept_away(town: Town) -> None:
    await town.signed_in()
    town.clock.move(IDLE)
    await town.signed_in()
    assert await town.store.read(lambda tx: tx.scalar(select(func.count()).select_from(web_session))) == 1
