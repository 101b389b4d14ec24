"""Every address of the site, what answers it, and who may ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from aiohttp import web

from admin_web import entry, photos, queue, sign_in, verdicts
from admin_web.security import Handler, only_signed_in
from admin_web.site import site_of


@dataclass(frozen=True, slots=True)
class Route:
    method: Literal["GET", "POST"]
    path: str
    handler: Handler
    open: bool = False  # to anybody, signed in or not


async def static_file(request: web.Request) -> web.StreamResponse:
    return await site_of(request).files.answer(request)


async def health(request: web.Request) -> web.StreamResponse:
    return web.Response(text="ok\n", headers={"Cache-Control": "no-store"})


ROUTES: Final = (
    Route("GET", "/", queue.show),
    Route("GET", "/entries/{number}", entry.show),
    Route("GET", "/entries/{number}/card", entry.card),
    Route("POST", "/entries/{number}/verdict", verdicts.give),
    Route("GET", "/photos/{signature}/{photo}/{file}", photos.show),
    Route("POST", "/language", sign_in.choose_language),
    Route("POST", "/sign-out", sign_in.sign_out),
    Route("POST", "/sign-out-everywhere", sign_in.sign_out_everywhere),
    Route("GET", "/sign-in", sign_in.show, open=True),
    Route("POST", "/sign-in", sign_in.sign_in, open=True),
    Route("GET", "/static/{version}/{path:.+}", static_file, open=True),
    Route("GET", "/healthz", health, open=True),
)


def add_routes(app: web.Application) -> None:
    for route in ROUTES:
        handler = route.handler if route.open else only_signed_in(route.handler)
        app.router.add_route(route.method, route.path, handler)
        if route.method == "GET":
            app.router.add_route("HEAD", route.path, handler)
