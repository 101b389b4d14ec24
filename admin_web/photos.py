"""Photos, for those signed in."""

from __future__ import annotations

from aiohttp import web

from admin_web.site import addresses_of, site_of
from storage.media import MissingPhoto

# What is at an address never changes; "private" keeps it out of caches that people share.
FOREVER = "private, max-age=31536000, immutable"


async def show(request: web.Request) -> web.StreamResponse:
    site, parts = site_of(request), request.match_info
    wanted = addresses_of(request).read(parts["signature"], parts["photo"], parts["file"])
    if wanted is None:
        raise web.HTTPNotFound
    try:
        jpeg = await site.photos.read(parts["photo"], *wanted)
    except MissingPhoto:
        raise web.HTTPNotFound from None
    return web.Response(body=jpeg, content_type="image/jpeg", headers={"Cache-Control": FOREVER})
