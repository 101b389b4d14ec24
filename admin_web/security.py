"""What every answer carries and every change must bring, so that no other site can act in a reviewer's name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from admin_web.auth import same, token_hash
from admin_web.site import SESSION, Site, site_of
from flows.core.problem import Problem
from flows.core.text import T
from storage import reviewers

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

CSRF_FIELD: Final = "csrf"
LONGEST_FORM: Final = 256 * 1024  # bytes; thirteen reasons in Thai come to about 20,000


def content_policy(tiles: str | None) -> str:
    images = " ".join(["'self'", "data:", *([tile_source(tiles)] if tiles else [])])
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def tile_source(tiles: str) -> str:
    """The origin that map tiles come from, as the policy names it: `https://*.tile.example` for subdomains."""
    parts = urlsplit(tiles.replace("{s}", "*"))
    return f"{parts.scheme}://{parts.netloc}"


def headers_of(site: Site) -> dict[str, str]:
    always = {
        "Content-Security-Policy": content_policy(site.tiles),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        # Tile servers turn away whoever does not say where they come from.
        "Referrer-Policy": "strict-origin-when-cross-origin" if site.tiles else "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "X-Robots-Tag": "noindex",
        "Server": "thongthin",
    }
    return always | ({"Strict-Transport-Security": "max-age=31536000"} if site.secure else {})


@web.middleware
async def with_headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        response = await handler(request)
    except web.HTTPException as answer:
        answer.headers.update(headers_of(site_of(request)))
        raise
    response.headers.update(headers_of(site_of(request)))
    return response


def cookie_name(site: Site, name: str) -> str:
    return f"__Host-{name}" if site.secure else f"thongthin-{name}"


def set_cookie(
    site: Site, response: web.StreamResponse, name: str, value: str, seconds: int | None = None
) -> None:
    response.set_cookie(
        cookie_name(site, name),
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=site.secure,
    )


def drop_cookie(site: Site, response: web.StreamResponse, name: str) -> None:
    response.del_cookie(cookie_name(site, name), path="/", httponly=True, samesite="Lax", secure=site.secure)


def cookie(request: web.Request, name: str) -> str:
    return request.cookies.get(cookie_name(site_of(request), name), "")


def only_signed_in(handler: Handler) -> Handler:
    """A page for reviewers: anybody else is shown the way to sign in."""

    async def page(request: web.Request) -> web.StreamResponse:
        if SESSION not in request:
            raise SignInFirst
        return await handler(request)

    return page


class SignInFirst(Exception):
    """Nobody is signed in, or no longer."""


class Refused(Exception):
    """A request that this site's own pages would not have made."""

    def __init__(self, problem: Problem, status: int = 403) -> None:
        super().__init__(problem.code)
        self.problem = problem
        self.status = status


@web.middleware
async def with_session(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Finds out who is signed in, and keeps the session alive while it is used."""
    token = cookie(request, "session")
    if token and not request.path.startswith("/static/"):
        site = site_of(request)
        now = site.now()
        session = await site.store.read(reviewers.session_of, token_hash(token), now)
        if session is not None:
            request[SESSION] = session
            if reviewers.needs_touch(session, now):
                await site.store.run(reviewers.touch_session, session, now)
    return await handler(request)


@web.middleware
async def with_checked_changes(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A change must come from a page of this site: by its Origin, and by a secret that only such a page knows."""
    if request.method in ("GET", "HEAD"):
        return await handler(request)
    if not from_here(request):
        raise Refused(Problem("web.foreign", FOREIGN))
    if SESSION in request:
        form = await request.post()
        if not same(str(form.get(CSRF_FIELD, "")), request[SESSION].csrf):
            raise Refused(Problem("web.stale_form", STALE_FORM))
    return await handler(request)


def from_here(request: web.Request) -> bool:
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
    public = urlsplit(site_of(request).public_url)
    sender = urlsplit(origin)
    if not sender.netloc:
        return False
    return (sender.scheme, sender.netloc) == (public.scheme, public.netloc) or sender.netloc == request.host


def address_of(request: web.Request) -> str:
    """Who is asking: the peer, or what a proxy that is trusted says of its own peer."""
    peer = request.remote or ""
    if not _trusted(request, peer):
        return peer
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    return next((hop for hop in reversed(hops) if not _trusted(request, hop)), peer)


def _trusted(request: web.Request, address: str) -> bool:
    try:
        known = ip_address(address)
    except ValueError:
        return False
    return any(known in network for network in site_of(request).trusted_proxies)


FOREIGN = T(
    "คำขอนี้ไม่ได้มาจากหน้าเว็บของระบบ กรุณาเปิดหน้าเว็บของระบบแล้วลองใหม่",
    "This request did not come from this site: please open the page here and try again",
)
STALE_FORM = T(
    "หน้านี้เปิดไว้นานเกินไปหรือเข้าสู่ระบบใหม่แล้ว กรุณาเปิดหน้านี้อีกครั้งแล้วส่งใหม่",
    "This page is from an earlier sign-in: please open it again and send it once more",
)
