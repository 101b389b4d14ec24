"""Whether this process is alive, and whether it is ready for work: what load balancers and operators ask."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.looking import Look
from storage.census import can_be_read
from storage.db import Store
from storage.media import Media

LASTS = 3.0  # seconds that a look at the database or the media is right for
PATIENCE = 2.0  # seconds of waiting for either; whoever probes gives up soon too

Phase = Literal["starting", "running", "stopping"]


@dataclass(frozen=True, slots=True)
class Condition:
    """`parts` by name: "ok", "away" for what cannot be reached, "ended" for a part of ours that has died."""

    well: bool
    parts: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        return {"ok": self.well, **self.parts}


class Health:
    """`telegram` tells whether it can be reached, None where this process does without; `ended` names dead parts."""

    def __init__(
        self,
        store: Store,
        media: Media,
        telegram: Callable[[], Awaitable[bool]] | None,
        ended: Callable[[], list[str]],
    ) -> None:
        self.phase: Phase = "starting"
        self._telegram, self._ended = telegram, ended

        async def database() -> bool:
            await store.read(can_be_read)
            return True

        async def media_writable() -> bool:
            await asyncio.to_thread(media.check)
            return True

        self._database = Look(database, False, lasts=LASTS, patience=PATIENCE)
        self._media = Look(media_writable, False, lasts=LASTS, patience=PATIENCE)

    async def alive(self) -> Condition:
        """That this is answered shows that the event loop runs."""
        ended = self._ended()
        return Condition(not ended, {"service": self.phase, **dict.fromkeys(ended, "ended")})

    async def ready(self) -> Condition:
        if self.phase != "running":
            return Condition(False, {"service": self.phase})
        alive = await self.alive()
        names = ["database", "media", *(["telegram"] if self._telegram else [])]
        looks = [self._database.found(), self._media.found(), *([self._telegram()] if self._telegram else [])]
        found = dict(zip(names, await asyncio.gather(*looks), strict=True))
        parts = {name: "ok" if well else "away" for name, well in found.items()}
        return Condition(alive.well and all(found.values()), {**alive.parts, **parts})

    async def close(self) -> None:
        await self._database.close()
        await self._media.close()
