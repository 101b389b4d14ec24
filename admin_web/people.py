"""The web accounts, for administrators: who there is, what they may do, and where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from aiohttp import web

from admin_web import people_texts as words
from admin_web.area_form import Area, area_of, problems_of, read_area, read_reach
from admin_web.auth import new_password, password_problem
from admin_web.site import page, see, session_of, site_of
from flows.core.problem import Problem
from flows.core.roles import EVERYWHERE, ROLE_LABELS, ROLE_MEANINGS, Reach, Role
from flows.core.text import one_line
from storage import reviewers
from storage.db import Tx
from storage.places import Places, places
from storage.reviewers import Reviewer

Problems = Mapping[str, Problem]


async def show(request: web.Request) -> web.StreamResponse:
    everybody = await site_of(request).store.read(reviewers.every_reviewer)
    return page(request, "people.html", {"words": words, "people": everybody, "roles": ROLE_LABELS})


async def show_new(request: web.Request) -> web.StreamResponse:
    return await _form(request, None, Area(), {})


async def _places(request: web.Request) -> Places:
    return await site_of(request).store.read(places, EVERYWHERE)


async def _form(
    request: web.Request, person: Reviewer | None, area: Area, wrong: Problems, *, name: str = "",
    alert: Problem | None = None, status: int = 200,
) -> web.StreamResponse:  # fmt: skip
    """The page of an account, or of one to be made."""
    values = {
        "words": words, "person": person, "area": area, "places": await _places(request), "wrong": wrong,
        "name": name, "roles": ROLE_LABELS, "meanings": ROLE_MEANINGS, "alert": alert,
        "done": words.DONE.get(request.query.get("done", "")),
        "mine": person is not None and person.id == session_of(request).reviewer.id,
    }  # fmt: skip
    return page(request, "person.html", values, status=422 if wrong else status)


async def add(request: web.Request) -> web.StreamResponse:
    form, site = await request.post(), site_of(request)
    name, area = one_line(str(form.get("name", "")))[:200], read_area(form)
    reach = read_reach(area, await _places(request))
    wrong = problems_of(area, reach)
    chosen = str(form.get("password", ""))
    if chosen and (problem := password_problem(chosen, name)):
        wrong["password"] = problem
    if wrong or isinstance(reach, Problem) or area.role is None:
        return await _form(request, None, area, wrong, name=name)
    password = chosen or new_password()
    kept = await site.passwords.hashed(password)
    added = await site.store.run(reviewers.add_reviewer, name, kept, site.now(), area.role, reach)
    if isinstance(added, Problem):
        return await _form(request, None, area, {"name": added}, name=name)
    return see(f"/people/{added.id}") if chosen else _password_page(request, added, password)


def _password_page(request: web.Request, person: Reviewer, password: str) -> web.Response:
    values = {"words": words, "person": person, "password": password, "address": site_of(request).public_url}
    return page(request, "password.html", values)


# --- one account


async def show_one(request: web.Request) -> web.StreamResponse:
    person = await _person_of(request)
    return await _form(request, person, area_of(person.role, person.reach), {})


async def _person_of(request: web.Request) -> Reviewer:
    number = request.match_info["person"]
    if not number.isdecimal() or len(number) > 18:
        raise web.HTTPNotFound
    found = await site_of(request).store.read(reviewers.reviewer_of, int(number))
    if found is None:
        raise web.HTTPNotFound
    return found


async def change_role(request: web.Request) -> web.StreamResponse:
    person, area = await _person_of(request), read_area(await request.post())
    reach = read_reach(area, await _places(request))
    wrong = problems_of(area, reach)
    if wrong or isinstance(reach, Problem) or area.role is None:
        return await _form(request, person, area, wrong)
    site = site_of(request)
    refused = await site.store.run(_change_role, person, area.role, reach, site.now())
    if refused is not None:
        return await _form(request, person, area, {}, alert=refused, status=409)
    return see(f"/people/{person.id}?done=role")


def _change_role(tx: Tx, person: Reviewer, role: Role, reach: Reach, now: datetime) -> Problem | None:
    if role != "admin" and (refused := _last_admin(tx, person)):
        return refused
    reviewers.set_role(tx, person.id, role, reach, now)
    return None


def _last_admin(tx: Tx, person: Reviewer) -> Problem | None:
    if reviewers.is_last_admin(tx, person.id):
        return Problem("people.last_admin", words.LAST_ADMIN, {"name": person.name})
    return None


async def reset_password(request: web.Request) -> web.StreamResponse:
    """A new password, shown this once; whoever is signed in with the old one is signed out."""
    person, site = await _person_of(request), site_of(request)
    password = new_password()
    await site.store.run(reviewers.set_password, person.id, await site.passwords.hashed(password))
    return _password_page(request, person, password)


async def sign_out(request: web.Request) -> web.StreamResponse:
    person = await _person_of(request)
    await site_of(request).store.run(reviewers.close_every_session, person.id)
    return see(f"/people/{person.id}?done=signed-out")


async def disable(request: web.Request) -> web.StreamResponse:
    person, site = await _person_of(request), site_of(request)

    def work(tx: Tx) -> Problem | None:
        if refused := _last_admin(tx, person):
            return refused
        reviewers.disable(tx, person.id, site.now())
        return None

    return await _changed(request, person, work, "disabled")


async def enable(request: web.Request) -> web.StreamResponse:
    person, site = await _person_of(request), site_of(request)

    def work(tx: Tx) -> None:
        reviewers.enable(tx, person.id, site.now())

    return await _changed(request, person, work, "enabled")


async def _changed(
    request: web.Request, person: Reviewer, work: Callable[[Tx], Problem | None], done: str
) -> web.StreamResponse:
    refused = await site_of(request).store.run(work)
    if refused is not None:
        area = area_of(person.role, person.reach)
        return await _form(request, person, area, {}, alert=refused, status=409)
    return see(f"/people/{person.id}?done={done}")
