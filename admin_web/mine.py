"""One's own account: another password, and the chat in which a coordinator hears from the service."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from admin_web import lao_texts, texts
from admin_web import people_texts as words
from admin_web.auth import new_token, password_problem, token_hash
from admin_web.codes import code_of
from admin_web.security import address_of, set_cookie
from admin_web.site import page, see, session_of, site_of
from flows.core.problem import Problem
from flows.core.roles import ROLE_LABELS, ROLE_MEANINGS
from storage import invitations, reviewers
from storage.reviewers import ABSOLUTE


async def show(request: web.Request) -> web.StreamResponse:
    return _form(request, {})


def _form(request: web.Request, wrong: Mapping[str, Problem], status: int = 422) -> web.Response:
    values = {
        "words": words, "person": session_of(request).reviewer, "roles": ROLE_LABELS, "meanings": ROLE_MEANINGS,
        "wrong": wrong, "done": words.DONE.get(request.query.get("done", "")),
    }  # fmt: skip
    return page(request, "mine.html", values, status=status if wrong else 200)


async def change_password(request: web.Request) -> web.StreamResponse:
    """Every other browser is signed out, this one stays; guesses at the current password count as at signing in."""
    form, site, who = await request.post(), site_of(request), session_of(request).reviewer
    current, new, again = (str(form.get(name, "")) for name in ("current", "new", "again"))
    if problem := password_problem(new, who.name):
        return _form(request, {"new": problem})
    if new != again:
        return _form(request, {"again": Problem("password.not_the_same", words.NOT_THE_SAME)})
    address, now = address_of(request), site.now()
    wait_until = await site.store.run(reviewers.begin_attempt, who.name, address, now)
    if wait_until is not None:
        wait = Problem("sign_in.throttled", texts.THROTTLED, {"at": wait_until.isoformat()})
        return _form(request, {"current": wait}, 429)
    if not await site.passwords.fits(current, who.password_hash):
        return _form(request, {"current": Problem("password.wrong_current", words.WRONG_CURRENT)})
    await site.store.run(reviewers.forget_attempts, who.name, address, now)
    await site.store.run(reviewers.set_password, who.id, await site.passwords.hashed(new))
    token = new_token()
    await site.store.run(reviewers.open_session, who.id, token_hash(token), new_token(), now)
    response = see("/me?done=password")
    set_cookie(site, response, "session", token, int(ABSOLUTE.total_seconds()))
    return response


async def chat_code(request: web.Request) -> web.StreamResponse:
    """A one-time code with which one's own chat becomes a coordinator's."""
    site, who = site_of(request), session_of(request).reviewer
    code, expires_at = await site.store.run(invitations.invite_coordinator, who.id, site.now())
    return page(
        request, "code.html",
        {
            "words": lao_texts, "title": lao_texts.COORDINATOR_CODE, "code": code_of(request, code, expires_at),
            "where": "", "who": who.name, "steps": words.CHAT_STEPS, "name": who.name, "back": "/me",
        },
    )  # fmt: skip
