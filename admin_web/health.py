"""What a load balancer asks the site: whether it is alive, and whether it is ready for work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from aiohttp import web


class Condition(Protocol):
    @property
    def well(self) -> bool: ...

    def to_json(self) -> dict[str, object]:
        """By part, in a word each, and nothing that names a person, an address or a secret."""


Probe = Callable[[], Awaitable[Condition]]


@dataclass(frozen=True, slots=True)
class Well:
    well: bool = True

    def to_json(self) -> dict[str, object]:
        return {"ok": True}


async def always_well() -> Condition:
    return Well()


@dataclass(frozen=True, slots=True)
class Probes:
    """What whoever runs the site knows of the whole process; by itself the site only knows that it answers."""

    alive: Probe = field(default=always_well)
    ready: Probe = field(default=always_well)


PROBES: Final = web.AppKey("probes", Probes)


async def alive(request: web.Request) -> web.StreamResponse:
    return _answer(await request.app[PROBES].alive())


async def ready(request: web.Request) -> web.StreamResponse:
    return _answer(await request.app[PROBES].ready())


def _answer(found: Condition) -> web.Response:
    headers = {"Cache-Control": "no-store"}
    return web.json_response(found.to_json(), status=200 if found.well else 503, headers=headers)
