"""What goes wrong, as a calm page with the way out, and as one line in the log without anybody's data."""

from __future__ import annotations

import logging
import secrets
import traceback
from pathlib import Path
from typing import Final
from urllib.parse import quote

from aiohttp import web

from admin_web import texts
from admin_web.making import AGAIN, TooBusy
from admin_web.security import Handler, Refused, SignInFirst
from admin_web.site import SESSION, page, readable_path
from flows.core.text import T
from storage.causes import cause, caused_by, of_request
from storage.db import StorageUnavailable
from storage.media import MediaUnreachable

log = logging.getLogger("thongthin.web")

SENTENCES: Final[dict[int, tuple[T, T]]] = {
    403: (texts.NOT_ALLOWED, texts.NOT_ALLOWED_WHY),
    404: (texts.NOT_FOUND, texts.NOT_FOUND_WHY),
    405: (texts.NOT_FOUND, texts.NOT_FOUND_WHY),
    409: (texts.CONFLICT, texts.CONFLICT_WHY),
    413: (texts.TOO_LARGE, texts.TOO_LARGE_WHY),
    429: (texts.TOO_MANY, texts.TOO_MANY_WHY),
    500: (texts.BROKEN, texts.BROKEN_WHY),
    503: (texts.UNAVAILABLE, texts.UNAVAILABLE_WHY),
}


@web.middleware
async def with_request_id(request: web.Request, handler: Handler) -> web.StreamResponse:
    """All that is logged about one request has its id, and so has the page that says what went wrong."""
    with caused_by(of_request(secrets.token_hex(4))):
        return await handler(request)


@web.middleware
async def with_error_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except SignInFirst:
        return sign_in_first(request)
    except Refused as refused:
        return error_page(request, refused.status, refused.problem.say)
    except web.HTTPException as answer:
        if answer.status < 400:
            raise
        return error_page(request, answer.status)
    except (ConnectionResetError, ConnectionAbortedError):
        raise  # the reader has gone
    except TooBusy:
        return too_busy(request)
    except (StorageUnavailable, MediaUnreachable) as error:
        return error_page(request, 503, error=error)
    except Exception as error:
        return error_page(request, 500, error=error)


def sign_in_first(request: web.Request) -> web.StreamResponse:
    if request.path.startswith("/photos/"):
        return web.Response(status=401, text="", headers={"Cache-Control": "no-store"})
    back = readable_path(request) if request.method == "GET" or request.path.startswith("/entries/") else "/"
    location = "/sign-in" if back == "/" else f"/sign-in?next={quote(back, safe='/')}"
    return web.Response(status=303, headers={"Location": location, "Cache-Control": "no-store"})


def too_busy(request: web.Request) -> web.StreamResponse:
    response = error_page(request, 503, texts.TOO_BUSY_WHY, title=texts.TOO_BUSY)
    response.headers["Retry-After"] = str(AGAIN)
    return response


def error_page(
    request: web.Request,
    status: int,
    why: T | None = None,
    error: Exception | None = None,
    title: T | None = None,
) -> web.StreamResponse:
    """A page that says what happened and where to go on; `reference` finds its line in the log."""
    reference = cause.get().partition(":")[2]
    note(request, status, reference, error)
    usual_title, usual = SENTENCES.get(status, (texts.NOT_UNDERSTOOD, texts.NOT_UNDERSTOOD_WHY))
    values = {
        "title": title or usual_title,
        "why": why or usual,
        "reference": reference,
        "status": status,
        "at_home": SESSION in request,
    }
    return page(request, "error.html", values, status=status)


def note(request: web.Request, status: int, reference: str, error: Exception | None) -> None:
    """One structured line. Neither the address nor the error's own words: they may hold a person's data."""
    resource = request.match_info.route.resource
    about = {
        "reference": reference, "status": status, "method": request.method,
        "route": resource.canonical if resource else "",
    }  # fmt: skip
    if error is not None:
        about |= {"error": type(error).__name__, "where": _places(error)}
    log.log(logging.ERROR if status >= 500 else logging.INFO, "a page that went wrong", extra=about)


def _places(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))
