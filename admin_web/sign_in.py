"""Signing in and out."""

from __future__ import annotations

from datetime import datetime, timedelta

from aiohttp import web

from admin_web import texts
from admin_web.auth import new_token, same, token_hash
from admin_web.security import CSRF_FIELD, STALE_FORM, Refused, address_of, cookie, drop_cookie, set_cookie
from admin_web.site import SESSION, local_path, page, session_of, site_of
from flows.core.problem import Problem
from flows.core.text import Language, one_line
from storage import reviewers
from storage.reviewers import ABSOLUTE, Reviewer


async def show(request: web.Request) -> web.StreamResponse:
    if SESSION in request:
        return _see(local_path(request.query.get("next", "/")))
    return _form(request, next_path=request.query.get("next", "/"))


def _form(
    request: web.Request, *, next_path: str, name: str = "", problem: Problem | None = None, status: int = 200
) -> web.Response:
    site = site_of(request)
    token = cookie(request, "sign-in") or new_token()
    values = {"token": token, "next": local_path(next_path), "name": name, "problem": problem}
    response = page(request, "sign_in.html", values, status=status)
    set_cookie(site, response, "sign-in", token)
    return response


async def sign_in(request: web.Request) -> web.StreamResponse:
    form = await request.post()
    token = cookie(request, "sign-in")
    if not token or not same(str(form.get(CSRF_FIELD, "")), token):
        raise Refused(Problem("web.stale_form", STALE_FORM))
    name, password = one_line(str(form.get("name", "")))[:200], str(form.get("password", ""))
    next_path, site, now = str(form.get("next", "/")), site_of(request), site_of(request).now()
    if not name or not password:
        return _form(
            request, next_path=next_path, name=name, problem=Problem("sign_in.empty", texts.EMPTY), status=422
        )
    address = address_of(request)
    wait_until = await site.store.run(reviewers.begin_attempt, name, address, now)
    if wait_until is not None:
        return _throttled(request, next_path, name, wait_until, now)
    reviewer = await site.store.read(reviewers.reviewer_named, name)
    if (
        not await site.passwords.fits(password, reviewer.password_hash if reviewer else None)
        or reviewer is None
    ):
        wrong = Problem("sign_in.wrong", texts.WRONG_PASSWORD)
        return _form(request, next_path=next_path, name=name, problem=wrong, status=422)
    await site.store.run(reviewers.forget_attempts, name, address, now)
    return await _signed_in(request, reviewer, password, next_path)


def _throttled(
    request: web.Request, next_path: str, name: str, until: datetime, now: datetime
) -> web.Response:
    problem = Problem("sign_in.throttled", texts.THROTTLED, {"at": _next_minute(until).isoformat()})
    response = _form(request, next_path=next_path, name=name, problem=problem, status=429)
    response.headers["Retry-After"] = str(max(1, round((until - now).total_seconds())))
    return response


def _next_minute(moment: datetime) -> datetime:
    # The page tells no seconds, and whoever comes at the minute it says must get in.
    return (moment + timedelta(seconds=59, microseconds=999_999)).replace(second=0, microsecond=0)


async def _signed_in(
    request: web.Request, reviewer: Reviewer, password: str, next_path: str
) -> web.StreamResponse:
    """A new session, whatever was there before: a token planted by somebody else is worth nothing."""
    site = site_of(request)
    stronger = await site.passwords.renewed(password, reviewer.password_hash)
    if stronger is not None:
        await site.store.run(reviewers.renew_hash, reviewer.id, stronger)
    if SESSION in request:
        await site.store.run(reviewers.close_session, request[SESSION].token_hash)
    token = new_token()
    await site.store.run(reviewers.open_session, reviewer.id, token_hash(token), new_token(), site.now())
    response = _see(local_path(next_path))
    set_cookie(site, response, "session", token, int(ABSOLUTE.total_seconds()))
    # The sign-in page may stand in another tab too, or have been sent twice: its secret goes on being good.
    return response


async def sign_out(request: web.Request) -> web.StreamResponse:
    site = site_of(request)
    await site.store.run(reviewers.close_session, session_of(request).token_hash)
    return _signed_out(request)


async def sign_out_everywhere(request: web.Request) -> web.StreamResponse:
    site = site_of(request)
    await site.store.run(reviewers.close_every_session, session_of(request).reviewer.id)
    return _signed_out(request)


def _signed_out(request: web.Request) -> web.StreamResponse:
    response = _see("/sign-in")
    drop_cookie(site_of(request), response, "session")
    # The photos that the browser keeps go with the session.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


async def choose_language(request: web.Request) -> web.StreamResponse:
    form = await request.post()
    language: Language = "en" if form.get("language") == "en" else "th"
    site = site_of(request)
    await site.store.run(reviewers.set_language, session_of(request).reviewer.id, language)
    return _see(local_path(str(form.get("next", "/"))))


def _see(location: str) -> web.Response:
    return web.Response(status=303, headers={"Location": location, "Cache-Control": "no-store"})
