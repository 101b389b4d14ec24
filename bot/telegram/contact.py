"""Whether Telegram can be reached: by what its latest answers were, and by asking where there was none for a while."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import monotonic

from bot.looking import Look

LATELY = 10.0  # seconds
PATIENCE = 3.0  # seconds
NOT_THERE = (0, 401, 404)  # HTTP's status: no answer; the token is not known


class Contact:
    """`told` is called with each method and HTTP status, 0 where no answer came; `ask` raises where none comes."""

    def __init__(self, ask: Callable[[], Awaitable[object]], told: Callable[[str, int], None]) -> None:
        self._told = told
        self._answered_at: float | None = None

        async def asked() -> bool:
            await ask()
            return True

        self._look = Look(asked, False, lasts=LATELY / 2, patience=PATIENCE)

    def noted(self, method: str, status: int) -> None:
        self._told(method, status)
        there = status < 500 and status not in NOT_THERE
        self._answered_at = monotonic() if there else None

    async def is_there(self) -> bool:
        """Any number may ask at any time: Telegram itself is asked once in a few seconds at most."""
        if self._answered_at is not None and monotonic() - self._answered_at < LATELY:
            return True
        return await self._look.found()

    async def close(self) -> None:
        await self._look.close()
