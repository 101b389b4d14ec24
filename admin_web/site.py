"""What every page has at hand: the service's parts, who is asking, and how an answer is rendered."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from typing import Any, Final, TypeVar

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from admin_web import texts
from admin_web.auth import Passwords
from admin_web.making import PATIENCE, Making
from admin_web.photo_addresses import PhotoAddresses
from admin_web.static_files import StaticFiles
from flows import CATALOGUE
from flows.core.dates import shown_at
from flows.core.phones import Phone, shown, tel_uri
from flows.core.problem import Problem
from flows.core.roles import Act, Reach, may
from flows.core.text import Fact, Facts, Language, T
from storage.db import Store
from storage.letters import Letters
from storage.photos import Photos
from storage.reviewers import Session

Network = IPv4Network | IPv6Network
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Site:
    """The parts that pages are made with."""

    store: Store
    photos: Photos
    addresses: PhotoAddresses
    files: StaticFiles
    passwords: Passwords
    templates: Environment
    public_url: str
    tiles: str | None
    now: Callable[[], datetime]
    trusted_proxies: tuple[Network, ...]
    making: Making
    bot_name: Callable[[], str] = lambda: ""

    @property
    def letters(self) -> Letters:
        return Letters(self.photos.media)

    async def made(self, make: Callable[[], Coroutine[Any, Any, R]]) -> R:
        """What takes a processor seconds, in turn. Raises TooBusy where that would take too long."""
        return await self.making.in_turn(make, PATIENCE)

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")


SITE: Final = web.AppKey("site", Site)
SESSION: Final = web.RequestKey("session", Session)


def site_of(request: web.Request) -> Site:
    return request.app[SITE]


def session_of(request: web.Request) -> Session:
    """Whoever is signed in; only for pages that ask for it."""
    return request[SESSION]


def language_of(request: web.Request) -> Language:
    if SESSION in request:
        return request[SESSION].reviewer.language
    return "en" if request.query.get("language") == "en" else "th"


def reach_of(request: web.Request) -> Reach:
    """Where whoever is signed in may see and do anything at all."""
    return request[SESSION].reviewer.reach


def addresses_of(request: web.Request) -> PhotoAddresses:
    """The addresses of photos for whoever is signed in."""
    return site_of(request).addresses.within(reach_of(request))


def templates() -> Environment:
    return Environment(
        loader=PackageLoader("admin_web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip


def page(
    request: web.Request,
    template: str,
    values: Mapping[str, object],
    *,
    status: int = 200,
    language: Language | None = None,
) -> web.Response:
    """A page in the reader's language. Every value is escaped where the template puts it."""
    site, language = site_of(request), language or language_of(request)

    def say(sentence: T, **facts: Fact) -> str:
        return sentence.to(language, facts)

    def allowed(act: Act) -> bool:
        return SESSION in request and may(request[SESSION].reviewer.role, act)

    html = site.templates.get_template(template).render(
        values, texts=texts, may=allowed, say=say, language=language, session=request.get(SESSION), static=site.files.address,
        here=readable_path(request), problem_words=lambda problem: problem_words(problem, language),
        moment=lambda at: shown_at(at, language), apart=apart, title_of=lambda key: form_title(key, language),
        telephones=lambda phones: telephones(phones, language),
    )  # fmt: skip
    response = web.Response(
        text=html, status=status, content_type="text/html", headers={"Cache-Control": "no-store"}
    )
    response.enable_compression()
    return response


def telephones(phones: Iterable[Phone], language: Language) -> Sequence[tuple[str, str]]:
    """What each is read as, and the address that dials it."""
    return [(shown(one, language), tel_uri(one)) for one in phones]


def apart(name: str) -> str:
    """A name inside a sentence, kept from turning the words around it: what <bdi> does between tags."""
    return f"\u2068{name}\u2069"


def problem_words(problem: Problem, language: Language) -> str:
    """A problem as it is said on a page; a moment among its facts in the reader's calendar."""
    facts: Facts = problem.facts
    at = facts.get("at")
    if isinstance(at, str):
        facts = {**facts, "at": shown_at(datetime.fromisoformat(at), language)}
    return problem.say.to(language, facts)


def form_title(key: str, language: Language) -> str:
    flow = CATALOGUE.get(key)
    return flow.title.to(language) if flow else key


def readable_path(request: web.Request) -> str:
    """The address of the page that a request was about, also where it was a change sent from that page."""
    path = request.path_qs
    if request.method in ("GET", "HEAD"):
        return path
    for change in ("/verdict", "/state", "/shown", "/restore"):
        path = path.replace(change, "", 1)
    return path


def see(location: str) -> web.Response:
    """After a change: go on to a page that can be loaded again."""
    return web.Response(status=303, headers={"Location": location, "Cache-Control": "no-store"})


def local_path(wanted: str) -> str:
    """The address to go on to, if it is one of this site's own pages; the queue otherwise."""
    plain = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if plain and "\\" not in wanted else "/"
