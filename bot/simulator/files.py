"""Files as Telegram keeps them: each under its own long id, photos in several sizes without metadata."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from bot.simulator.refusal import bad_request
from bot.simulator.shapes import Json, PhotoSize

MOST_DOWN, MOST_UP, MOST_PHOTO = 20 * 2**20, 50 * 2**20, 10 * 2**20
SIDES = (1280, 800, 320, 90)

Shrink = Callable[[bytes, int], tuple[bytes, int, int]]
"""(an image, the longest side wanted) -> (JPEG without metadata and never enlarged, its width, its height)."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came, by multipart or from a person."""

    data: bytes
    name: str
    mime_type: str


@dataclass(slots=True)
class Kept:
    file_id: str
    unique_id: str
    path: str
    data: bytes
    mime_type: str
    name: str
    shape: Json  # the PhotoSize or Document as messages show it
    sizes: list[PhotoSize]  # all sizes of a photo; empty for anything else
    asked_for: bool = False  # getFile came first


class Files:
    def __init__(self, shrink: Shrink | None) -> None:
        self._shrink = shrink
        self._by_id: dict[str, Kept] = {}
        self._by_path: dict[str, Kept] = {}

    def get(self, file_id: str) -> Kept | None:
        return self._by_id.get(file_id)

    def at(self, path: str) -> Kept | None:
        return self._by_path.get(path)

    async def keep_photo(self, data: bytes) -> list[PhotoSize]:
        """The photo re-encoded in the sizes Telegram makes, smallest first; raises Refusal if it is none."""
        if len(data) > MOST_PHOTO:
            words = f"file of size {len(data)} bytes is too big for a photo; the maximum size is {MOST_PHOTO} bytes"
            raise bad_request(words)
        shrink = self._shrink or _stored_shrink()
        try:
            made = await asyncio.to_thread(_sizes, data, shrink)
        except Exception:  # whatever a decoder may raise, Telegram says one thing
            raise bad_request("IMAGE_PROCESS_FAILED") from None
        kept = [
            self._keep("photos", jpeg, "image/jpeg", ".jpg", {"width": width, "height": height})
            for jpeg, width, height in made
        ]
        sizes: list[PhotoSize] = [
            PhotoSize(
                file_id=one.file_id,
                file_unique_id=one.unique_id,
                file_size=len(one.data),
                width=one.shape["width"],
                height=one.shape["height"],
            )
            for one in kept
        ]
        for one in kept:
            one.sizes = sizes
        return sizes

    def keep_document(self, upload: Upload) -> Json:
        """The document with its bytes, name and type as they were."""
        if not upload.data:
            raise bad_request("file must be non-empty")
        suffix = PurePath(upload.name).suffix
        kept = self._keep("documents", upload.data, upload.mime_type, suffix, {})
        kept.name = upload.name
        kept.shape |= {"file_name": upload.name, "mime_type": upload.mime_type}
        return kept.shape

    def keep_other(self, folder: str, data: bytes, mime_type: str, suffix: str, about: Json) -> Json:
        """A sticker, a voice message or a video."""
        return self._keep(folder, data, mime_type, suffix, about).shape

    def _keep(self, folder: str, data: bytes, mime_type: str, suffix: str, about: Json) -> Kept:
        number = len(self._by_id) + 1
        digest = hashlib.sha512(f"{folder} {number}".encode()).digest()
        file_id = "BQACAgUAAxkBAAI" + base64.urlsafe_b64encode(digest[:45]).decode()
        unique_id = "AgAD" + base64.urlsafe_b64encode(digest[45:54]).decode()
        path = f"{folder}/file_{number}{suffix}"
        shape = about | {"file_id": file_id, "file_unique_id": unique_id, "file_size": len(data)}
        kept = Kept(file_id, unique_id, path, data, mime_type, "", shape, [])
        self._by_id[file_id] = self._by_path[path] = kept
        return kept


def guessed_type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _sizes(data: bytes, shrink: Shrink) -> list[tuple[bytes, int, int]]:
    made = [shrink(data, SIDES[0])]
    for side in SIDES[1:]:
        jpeg, width, height = made[-1]
        if max(width, height) > side:
            made.append(shrink(jpeg, side))
    return made[::-1]


def _stored_shrink() -> Shrink:
    from storage.photos import shrink_jpeg  # loads Pillow: only when there is a photo

    return shrink_jpeg
