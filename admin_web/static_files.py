"""Scripts, styles and fonts, read once at the start, at addresses that change with their content."""

from __future__ import annotations

import gzip
import mimetypes
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from aiohttp import web

FOLDER: Final = Path(__file__).parent / "static"
_TYPES: Final = {
    ".woff2": "font/woff2",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}
_PACKABLE: Final = frozenset({".js", ".css", ".svg"})
FOREVER: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class File:
    content: bytes
    packed: bytes | None
    content_type: str


class StaticFiles:
    """Every file under `folder`. One version for all of them lets scripts and styles name each other relatively."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files = {
            path.relative_to(folder).as_posix(): _read(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        whole = sha256()
        for name, file in self._files.items():
            whole.update(f"{name} {len(file.content)} ".encode() + file.content)
        self.version = whole.hexdigest()[:16]

    def address(self, name: str) -> str:
        if name not in self._files:
            raise KeyError(f"there is no static file {name}")
        return f"/static/{self.version}/{name}"

    async def answer(self, request: web.Request) -> web.Response:
        file = self._files.get(request.match_info["path"])
        if file is None:
            raise web.HTTPNotFound
        current = request.match_info["version"] == self.version
        headers = {"Cache-Control": FOREVER if current else "no-cache", "Vary": "Accept-Encoding"}
        body = file.content
        if file.packed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"], body = "gzip", file.packed
        charset = "utf-8" if file.content_type.startswith("text/") else None
        return web.Response(body=body, headers=headers, content_type=file.content_type, charset=charset)


def _read(path: Path) -> File:
    content = path.read_bytes()
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "text/plain"
    # mtime=0: the same bytes from every replica.
    return File(content, gzip.compress(content, mtime=0) if path.suffix in _PACKABLE else None, kind)
