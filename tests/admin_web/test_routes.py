"""Every address of the site: who may ask, and what each answer carries."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from aiohttp.test_utils import TestServer
from aiohttp.web import Application

from admin_web.app import make_app
from admin_web.photo_addresses import PhotoAddresses
from admin_web.routes import FORMS_ONLY, ROUTES, Route
from admin_web.security import content_policy, tile_source
from admin_web.site import SITE
from admin_web.static_files import StaticFiles
from tests.admin_web.conftest import Answer, Town
from tests.admin_web.samples import NASTY, kept, office, send

CLOSED = [route for route in ROUTES if not route.open]


class Inline(HTMLParser):
    """Finds what a strict policy forbids: scripts and styles inside the page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if (tag == "script" and not names.get("src")) or tag == "style":
            self.found.append(tag)
        self.found += [name for name in names if name == "style" or name.startswith("on")]
        self.found += [str(value) for value in names.values() if value and value.startswith("javascript:")]


def check(answer: Answer) -> None:
    """What every answer must carry."""
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "aiohttp" not in answer.headers["Server"]
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        inline = Inline()
        inline.feed(answer.text)
        assert inline.found == []
        assert answer.headers["Cache-Control"] == "no-store"


async def addresses(town: Town) -> dict[str, str]:
    photo = await kept(town.photos, 1)
    sent = await town.put(lambda tx: send(tx, office(tx, name=NASTY), name=NASTY, photos=[photo]))
    picture = PhotoAddresses(b"s" * 32).address(str(photo["photo"]), "thumbnail")
    return {
        "/entries/{number}": f"/entries/{sent.number}",
        "/entries/{number}/card": f"/entries/{sent.number}/card",
        "/entries/{number}/verdict": f"/entries/{sent.number}/verdict",
        "/entries/{number}/shown": f"/entries/{sent.number}/shown",
        "/entries/{number}/delete": f"/entries/{sent.number}/delete",
        "/entries/{number}/restore": f"/entries/{sent.number}/restore",
        "/photos/{signature}/{photo}/{file}": picture,
        "/static/{version}/{path:.+}": StaticFiles().address("app.css"),
    }


def address(route: Route, known: dict[str, str]) -> str:
    """A page of something that is there, or else of a number that nothing has."""
    return known.get(route.path) or re.sub(r"\{[^}]*\}", "987654", route.path)


async def test_without_signing_in_every_closed_address_leads_to_the_sign_in_page(town: Town) -> None:
    known = await addresses(town)
    for route in CLOSED:
        browser = town.browser()
        path = address(route, known)
        answer = await browser.get(path) if route.method == "GET" else await browser.post(path, {"csrf": "x"})
        assert answer.status in (303, 401), route
        assert answer.status == 401 or answer.headers["Location"].startswith("/sign-in"), route
        assert NASTY not in answer.text
        check(answer)


async def test_every_change_without_its_secret_is_refused(town: Town) -> None:
    known = await addresses(town)
    browser = await town.signed_in()
    for route in ROUTES:
        if route.method == "POST":
            path = address(route, known)
            for secret in ("", "x", "é"):
                answer = await browser.post(path, {"csrf": secret, "verdict": "approve", "revision": "1"})
                assert answer.status == 403, route
                assert "เปิดหน้านี้" in answer.words
                check(answer)
    assert (await browser.get("/")).status == 200
    assert "1 รายการ" in (await browser.get("/")).words


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://127.0.0.1:1"}],
    ids=["another site", "nowhere", "another port"],
)
async def test_every_change_from_another_site_is_refused_even_with_the_secret(
    town: Town, headers: dict[str, str]
) -> None:
    known = await addresses(town)
    browser = await town.signed_in()
    page = await browser.get("/")
    for route in ROUTES:
        if route.method == "POST":
            path = address(route, known)
            answer = await browser.post(
                path, {"csrf": page.csrf, "verdict": "approve", "revision": "1"}, **headers
            )
            assert answer.status == 403, route
    assert (await browser.get("/")).status == 200


async def test_every_page_is_free_of_inline_script_and_carries_its_headers(town: Town) -> None:
    known = await addresses(town)
    for browser in (town.browser(), await town.signed_in()):
        for route in ROUTES:
            if route.method == "GET":
                check(await browser.get(address(route, known)))
        check(await browser.get("/nothing/here"))
        check(await browser.get(f"/?q={NASTY}&type={NASTY}&done={NASTY}"))


async def test_open_addresses_are_few_and_known() -> None:
    assert {(route.method, route.path) for route in ROUTES if route.open} == {
        ("GET", "/sign-in"),
        ("POST", "/sign-in"),
        ("GET", "/static/{version}/{path:.+}"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
    }


async def test_the_site_answers_no_address_that_is_not_listed(town: Town) -> None:
    app: Application = make_app(
        town.store, town.photos, secret=b"s", public_url="http://127.0.0.1", tiles=None, now=town.clock
    )
    served = {(one.method, one.resource.canonical) for one in app.router.routes() if one.resource}
    listed = {(route.method, re.sub(r":[^}]*", "", route.path)) for route in ROUTES}
    listed |= {("GET", path) for path in FORMS_ONLY}  # which lead to the page of the form
    assert {one for one in served if one[0] != "HEAD"} == listed
    app[SITE].passwords.close()


async def test_health_is_told_to_anybody(town: Town) -> None:
    for path in ("/healthz", "/readyz"):
        answer = await town.browser().get(path)
        assert (answer.status, answer.text) == (200, '{"ok": true}')
        assert "Set-Cookie" not in answer.headers


def test_a_tile_source_is_the_only_other_site_images_may_come_from() -> None:
    assert tile_source("https://tile.openstreetmap.org/{z}/{x}/{y}.png") == "https://tile.openstreetmap.org"
    assert tile_source("https://{s}.tile.example/{z}/{x}/{y}.png?key=1") == "https://*.tile.example"
    assert "img-src 'self' data: https://tile.example;" in content_policy(
        "https://tile.example/{z}/{x}/{y}.png"
    )
    assert "img-src 'self' data:;" in content_policy(None)


async def test_tile_servers_are_told_where_their_visitors_come_from(town: Town) -> None:
    tiles = "https://tile.example/{z}/{x}/{y}.png"
    app = make_app(
        town.store, town.photos, secret=b"s", public_url="http://127.0.0.1", tiles=tiles, now=town.clock
    )
    async with TestServer(app) as server:
        browser = town.browser()
        browser.url = f"http://127.0.0.1:{server.port}"
        answer = await browser.get("/sign-in")
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


async def test_who_comes_back_to_where_a_form_was_sent_finds_the_page_it_was_on(town: Town) -> None:
    known = await addresses(town)
    browser = await town.signed_in()
    for route in (route for route in ROUTES if route.path in FORMS_ONLY):
        path = address(route, known)
        answer = await browser.get(path)
        assert answer.status == 303, path
        assert path.startswith(answer.headers["Location"])
        assert (await browser.get(answer.headers["Location"])).status in {200, 303, 404}


async def test_another_language_can_be_chosen_where_a_form_was_wrong(town: Town) -> None:
    browser = await town.signed_in()
    await browser.get("/me")
    wrong = await browser.post("/me/password", {"current": "x", "new": "short", "again": "other"})
    assert wrong.status == 422
    chosen = await browser.post("/language", {"language": "en", "next": "/me/password"})
    page = await browser.get(chosen.headers["Location"])
    assert (page.status, page.headers["Location"]) == (303, "/me")
    assert "My account" in (await browser.get("/me")).text
