"""The reviewers' site as one aiohttp application."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from aiohttp import web

from admin_web.auth import Passwords
from admin_web.health import PROBES, Probes
from admin_web.making import Making
from admin_web.photo_addresses import PhotoAddresses
from admin_web.problems import with_error_pages, with_request_id
from admin_web.routes import add_routes
from admin_web.security import LONGEST_FORM, with_checked_changes, with_headers, with_session
from admin_web.site import SITE, Network, Site, templates
from admin_web.static_files import StaticFiles
from storage.db import Store
from storage.photos import Photos


def make_app(
    store: Store,
    photos: Photos,
    *,
    secret: bytes,
    public_url: str,
    tiles: str | None,
    now: Callable[[], datetime],
    trusted_proxies: Iterable[Network] = (),
    bot_name: Callable[[], str] = lambda: "",
    probes: Probes | None = None,
    making: Making | None = None,
) -> web.Application:
    """The site over a store and its photos.

    `public_url` is where reviewers open it (https makes cookies Secure); `tiles` is a map tile address with
    {z}/{x}/{y}, None for a map without a background; `trusted_proxies` are the networks of the peers whose
    X-Forwarded-For counts; `bot_name` is the bot's user name, "" while Telegram has not told it;
    `probes` answer whether the process is alive and ready; `making` is shared with whoever else makes files in
    this process.
    """
    app = web.Application(
        # In this order: whatever goes wrong becomes a page, and every page gets its headers.
        middlewares=[with_request_id, with_headers, with_error_pages, with_session, with_checked_changes],
        client_max_size=LONGEST_FORM,
    )
    app[PROBES] = probes or Probes()
    passwords = Passwords()
    app[SITE] = Site(
        store, photos, PhotoAddresses(secret), StaticFiles(), passwords, templates(), public_url.rstrip("/"), tiles,
        now, tuple(trusted_proxies), making or Making(), bot_name,
    )  # fmt: skip

    async def close(_: web.Application) -> None:
        passwords.close()

    app.on_cleanup.append(close)
    add_routes(app)
    return app
