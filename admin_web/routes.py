"""Every address of the site, what answers it, and who may ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from aiohttp import web

from admin_web import (
    broadcasts,
    campaigns,
    entry,
    health,
    invitation_sheets,
    laos,
    mine,
    officers,
    people,
    phone,
    photos,
    progress,
    progress_files,
    queue,
    sign_in,
    switches,
    verdicts,
)
from admin_web.security import Handler, only_who_may
from admin_web.site import site_of
from flows.core.roles import Act


@dataclass(frozen=True, slots=True)
class Route:
    method: Literal["GET", "POST"]
    path: str
    handler: Handler
    act: Act | None = None  # what whoever asks must be allowed to do; None: nothing but to be signed in
    open: bool = False  # to anybody, signed in or not


async def static_file(request: web.Request) -> web.StreamResponse:
    return await site_of(request).files.answer(request)


ROUTES: Final = (
    Route("GET", "/", queue.show, "entries"),
    Route("GET", "/entries/{number}", entry.show, "entries"),
    Route("GET", "/entries/{number}/card", entry.card, "entries"),
    Route("POST", "/entries/{number}/verdict", verdicts.give, "review"),
    Route("POST", "/entries/{number}/shown", switches.set_shown, "review"),
    Route("GET", "/entries/{number}/delete", switches.sure, "review"),
    Route("POST", "/entries/{number}/delete", switches.delete, "review"),
    Route("POST", "/entries/{number}/restore", switches.restore, "review"),
    Route("GET", "/photos/{signature}/{photo}/{file}", photos.show, "entries"),
    Route("GET", "/progress", progress.show_running, "progress"),
    Route("GET", "/campaigns", campaigns.show_all, "progress"),
    Route("GET", "/campaigns/new", campaigns.new, "campaigns"),
    Route("POST", "/campaigns/new", campaigns.create, "campaigns"),
    Route("GET", "/campaigns/{id}", progress.show, "progress"),
    Route("GET", "/campaigns/{id}/edit", campaigns.edit, "campaigns"),
    Route("POST", "/campaigns/{id}/edit", campaigns.change, "campaigns"),
    Route("POST", "/campaigns/{id}/state", campaigns.set_state, "campaigns"),
    Route("GET", "/campaigns/{id}/letter", campaigns.letter, "progress"),
    Route("GET", "/campaigns/{id}/picture", progress_files.picture, "progress"),
    Route("GET", "/campaigns/{id}/sheet", progress_files.sheet, "progress"),
    Route("GET", "/campaigns/{id}/report", progress_files.report_pdf, "progress"),
    Route("GET", "/campaigns/{id}/phone", phone.show, "progress"),
    Route("GET", "/campaigns/{id}/phone/sheet", phone.sheet, "progress"),
    Route("GET", "/campaigns/{id}/write", broadcasts.write, "broadcast"),
    Route("POST", "/campaigns/{id}/write", broadcasts.look_or_send, "broadcast"),
    Route("GET", "/broadcasts/{id}", broadcasts.show, "broadcast"),
    Route("GET", "/laos", laos.show, "laos"),
    Route("GET", "/laos/{code}", laos.show_one, "laos"),
    Route("POST", "/laos/{code}/invitations", laos.invite, "invitations"),
    Route("POST", "/laos/{code}/invitations/{invitation}/revoke", laos.revoke, "invitations"),
    Route("GET", "/invitations", invitation_sheets.show, "invitations"),
    Route("POST", "/invitations", invitation_sheets.make, "invitations"),
    Route("GET", "/officers/{officer}", officers.show, "laos"),
    Route("POST", "/officers/{officer}/remove", officers.remove, "officers"),
    Route("POST", "/officers/{officer}/hand-over", officers.hand_over, "officers"),
    Route("GET", "/people", people.show, "people"),
    Route("GET", "/people/new", people.show_new, "people"),
    Route("POST", "/people/new", people.add, "people"),
    Route("GET", "/people/{person}", people.show_one, "people"),
    Route("POST", "/people/{person}/role", people.change_role, "people"),
    Route("POST", "/people/{person}/password", people.reset_password, "people"),
    Route("POST", "/people/{person}/sign-out", people.sign_out, "people"),
    Route("POST", "/people/{person}/disable", people.disable, "people"),
    Route("POST", "/people/{person}/enable", people.enable, "people"),
    Route("GET", "/me", mine.show),
    Route("POST", "/me/password", mine.change_password),
    Route("POST", "/me/chat", mine.chat_code, "campaigns"),
    Route("POST", "/language", sign_in.choose_language),
    Route("POST", "/sign-out", sign_in.sign_out),
    Route("POST", "/sign-out-everywhere", sign_in.sign_out_everywhere),
    Route("GET", "/sign-in", sign_in.show, open=True),
    Route("POST", "/sign-in", sign_in.sign_in, open=True),
    Route("GET", "/static/{version}/{path:.+}", static_file, open=True),
    Route("GET", "/healthz", health.alive, open=True),
    Route("GET", "/readyz", health.ready, open=True),
)


def add_routes(app: web.Application) -> None:
    for route in ROUTES:
        handler = route.handler if route.open else only_who_may(route.act, route.handler)
        app.router.add_route(route.method, route.path, handler)
        if route.method == "GET":
            app.router.add_route("HEAD", route.path, handler)
    for path in FORMS_ONLY:
        app.router.add_get(path, _page_of_form)


async def _page_of_form(request: web.Request) -> web.StreamResponse:
    """Where only forms are sent to, somebody comes back all the same: by the choice of a language on the page that
    answered the form, after signing in anew, on a phone that opens its tabs again.
    """
    resource = request.match_info.route.resource
    depth = _depth_of_page(resource.canonical if resource else "/")
    location = "/".join(request.rel_url.raw_path.split("/")[:depth]) or "/"
    return web.Response(status=303, headers={"Location": location})


_PAGES: Final = frozenset(route.path for route in ROUTES if route.method == "GET")
FORMS_ONLY: Final = tuple(route.path for route in ROUTES if route.path not in _PAGES)


def _depth_of_page(path: str) -> int:
    """How many parts of it, the empty one in front included, are the address of the next page above it."""
    parts = path.split("/")
    return next((n for n in range(len(parts) - 1, 1, -1) if "/".join(parts[:n]) in _PAGES), 1)
