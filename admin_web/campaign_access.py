"""Whose campaign is whose: what somebody may see of it, and who may change it."""

from __future__ import annotations

from aiohttp import web

from admin_web.site import reach_of, session_of, site_of
from flows.core.campaign import Campaign, Scope
from flows.core.roles import Act, Reach, may
from storage import campaigns


def allowed(request: web.Request, act: Act) -> bool:
    return may(session_of(request).reviewer.role, act)


def may_change(request: web.Request, campaign: Campaign) -> bool:
    """Only where the whole of it lies within one's reach: nobody moves another province's deadline."""
    return allowed(request, "campaigns") and lies_within(campaign.scope, reach_of(request))


def lies_within(scope: Scope, reach: Reach) -> bool:
    if reach.everywhere:
        return True
    named = bool(scope.provinces or scope.districts)
    whole = all(province in reach.provinces for province in scope.provinces)
    return named and whole and all(reach.covers(*pair) for pair in scope.districts)


def is_seen(campaign: Campaign, request: web.Request) -> bool:
    """Whether any of its LAOs may be within one's reach; a draft is seen by those who make campaigns."""
    if campaign.state == "draft" and not allowed(request, "campaigns"):
        return False
    scope, reach = campaign.scope, reach_of(request)
    if reach.everywhere or not (scope.provinces or scope.districts):
        return True
    return any(map(reach.touches, scope.provinces)) or any(reach.covers(*pair) for pair in scope.districts)


async def campaign_in(request: web.Request) -> Campaign:
    """The campaign of the address; raises HTTPNotFound where there is none for whoever asks."""
    number = request.match_info["id"]
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise web.HTTPNotFound
    found = await site_of(request).store.read(campaigns.campaign_of, int(number))
    if found is None or not is_seen(found, request):
        raise web.HTTPNotFound
    return found
