"""Makes the README's pictures: one officer's form in the chat page and the reviewer's page, as a person sees them.

Run it with `python -m tests.screenshots`.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from bot.service import utc_now
from storage import reviewers
from storage.db import Store
from storage.upgrade import upgrade
from tests.chromium import ARGUMENTS, installed
from tests.town import TONTHONGCHAI, Town, town
from tests.walk import fill_in_landmark, sign_in

FOLDER = Path(__file__).parent.parent / "docs" / "screenshots"
NAME, PASSWORD = "reviewer", "a-password-for-pictures"


async def main() -> None:
    from admin_web.auth import hash_password

    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        setting = f"sqlite:///{folder}/pictures.sqlite3"
        upgrade(setting)
        store = Store(setting)
        store.run_now(reviewers.add_reviewer, NAME, hash_password(PASSWORD), utc_now())
        try:
            async with town(store, Path(folder)) as here, async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=installed(), args=ARGUMENTS)
                await _chat(here, browser)
                await _review(here, browser)
                await browser.close()
        finally:
            store.close()


async def _chat(here: Town, browser: Browser) -> None:
    page = await browser.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=2)
    code = await here.invitation(TONTHONGCHAI)
    async for step in fill_in_landmark(page, f"{here.sim.url}/?start={code}"):
        if step in ("photos", "summary"):
            await _keep(page, f"chat-{step}")


async def _review(here: Town, browser: Browser) -> None:
    page = await browser.new_page(viewport={"width": 1280, "height": 900})
    await sign_in(page, here.web, NAME, PASSWORD)
    await _keep(page, "queue")
    await page.locator("a[href*='/entries/']").first.click()
    await page.wait_for_load_state("networkidle")
    await _keep(page, "review")


async def _keep(page: Page, name: str) -> None:
    await page.wait_for_timeout(700)  # pictures and fonts have come
    await page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    asyncio.run(main())
