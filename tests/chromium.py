"""One Chromium for all tests of a worker, as starting it takes longer than most of them; each test has its own windows."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserType, async_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WITHOUT_BROWSER = (
    "Chromium is not installed: NO TEST IN A BROWSER RAN. "
    "On Debian or Ubuntu: apt-get install chromium fonts-thai-tlwg fonts-noto-color-emoji"
)
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip

# What a test in Chromium awaits, its fixtures too, belongs to the one loop in which Chromium was started.
LOOP = pytest.mark.asyncio(loop_scope="session")
in_its_loop = pytest_asyncio.fixture(loop_scope="session")


def installed() -> str | None:
    """The path of Chromium, None where there is none."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@dataclass
class Chromium:
    kind: BrowserType
    path: str
    running: Browser | None = None

    async def browser(self) -> Browser:
        """The one that runs; another where a test brought it down."""
        if self.running is None or not self.running.is_connected():
            self.running = await self.kind.launch(executable_path=self.path, args=list(ARGUMENTS))
        return self.running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Chromium]:
    path = installed()
    if path is None:
        pytest.skip(WITHOUT_BROWSER)
    async with async_playwright() as playwright:
        made = Chromium(playwright.chromium, path)
        yield made
        if made.running is not None:
            await made.running.close()


@in_its_loop
async def browser(chromium: Chromium) -> AsyncIterator[Browser]:
    """Without windows, as every test leaves it; with cookies, storage and cache of each window's own."""
    running = await chromium.browser()
    assert running.contexts == []
    yield running
    for context in running.contexts:
        await context.close()
