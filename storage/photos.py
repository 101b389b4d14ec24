"""Photos as they are kept: checked, upright, without metadata, in the sizes the web and INFO want."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from threading import get_native_id
from typing import Final, Literal, TypeVar, assert_never

from flows.core.problem import Problem
from storage import measures
from storage.crops import CROPS, Crop, crop_axis, cropped, info_photo
from storage.exif import Place
from storage.filekind import Kind
from storage.measures import alike
from storage.media import Media, MissingPhoto, content_name
from storage.photo_problems import ANIMATED, PhotoWarning, warnings
from storage.picture import Picture, jpeg, open_picture, resized, shrink_jpeg

__all__ = [
    "ANIMATED",
    "CROPS",
    "Crop",
    "PhotoWarning",
    "Photos",
    "Prepared",
    "Size",
    "alike",
    "crop_axis",
    "info_photo",
    "keys_of",
    "prepare",
    "shrink_jpeg",
    "warnings",
]

R = TypeVar("R")
Size = Literal["web", "info", "thumbnail"]

NICENESS: Final = 10  # of 19: a tenth of what a thread gets that answers people, and all that it leaves
WEB_LONGEST: Final = 1600
THUMBNAIL_LONGEST: Final = 320
_ID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A photo ready to be kept, and what was found in it.

    `photo` is the SHA-256 of the bytes sent; `width` × `height` is their size, upright; `web`, `info` (the middle
    of it) and `thumbnail` are JPEGs. `place` is latitude and longitude, `taken_at` ISO 8601 in the camera's time.
    """

    photo: str
    format: Kind
    width: int
    height: int
    web: bytes
    info: bytes
    thumbnail: bytes
    brightness: float
    sharpness: float
    likeness: int
    animated: bool
    place: Place | None
    taken_at: str | None


def prepare(data: bytes) -> Prepared | Problem:
    """Everything made of a photo's bytes; 0.2 s of processor for 12 million pixels, about 1 s for HEIC."""
    match open_picture(data, WEB_LONGEST):
        case Problem() as problem:
            return problem
        case Picture() as picture:
            return _prepared(content_name(data), picture)
        case never:
            assert_never(never)


def _prepared(photo: str, picture: Picture) -> Prepared:
    image = picture.image
    return Prepared(
        photo=photo,
        format=picture.format,
        width=picture.width,
        height=picture.height,
        web=jpeg(image),
        info=jpeg(cropped(image, "centre")),
        thumbnail=jpeg(resized(image, THUMBNAIL_LONGEST)),
        brightness=measures.brightness(image),
        sharpness=measures.sharpness(image),
        likeness=measures.likeness(image),
        animated=picture.animated,
        place=picture.place,
        taken_at=picture.taken_at,
    )


def _after_people() -> None:
    """This thread takes the processor only where who waits for an answer leaves it."""
    if sys.platform == "linux":  # elsewhere a thread has no niceness of its own
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, get_native_id(), NICENESS)


class Photos:
    """Keeps and reads photos in threads of its own. What was sent is not kept: it carries places and names."""

    def __init__(self, media: Media, workers: int = 2) -> None:
        self._media = media
        self._makers = ThreadPoolExecutor(workers, thread_name_prefix="photo", initializer=_after_people)
        # Reading does not wait behind a slow decoding.
        self._readers = ThreadPoolExecutor(workers, thread_name_prefix="photo-read")
        self._room = asyncio.Semaphore(workers * 2)

    @property
    def media(self) -> Media:
        """Where they are kept, for what else is kept beside them."""
        return self._media

    async def keep(self, data: bytes) -> Prepared | Problem:
        """Prepare and keep a photo, durably; the same bytes again change nothing. Raises OSError on a full disk."""
        async with self._room:
            return await self._run(self._makers, lambda: self._keep(data))

    async def read(self, photo: str, size: Size, crop: Crop = "centre") -> bytes:
        """One size of a kept photo, as JPEG; `crop` is for INFO's only. Raises MissingPhoto."""
        if not _ID.fullmatch(photo):
            raise MissingPhoto(photo)
        return await self._run(self._readers, lambda: self._read(photo, size, crop))

    def close(self) -> None:
        """What is in hand is finished first."""
        self._makers.shutdown()
        self._readers.shutdown()

    @staticmethod
    async def _run(pool: ThreadPoolExecutor, work: Callable[[], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(pool, copy_context().run, work)

    def _keep(self, data: bytes) -> Prepared | Problem:
        prepared = prepare(data)
        if isinstance(prepared, Prepared):
            photo = prepared.photo
            self._put(_key(photo, "thumbnail"), prepared.thumbnail)
            self._put(_key(photo, "info"), prepared.info)
            # Last: where the web version is, all of the photo is.
            self._put(_key(photo, "web"), prepared.web)
        return prepared

    def _read(self, photo: str, size: Size, crop: Crop) -> bytes:
        try:
            return self._media.get(_key(photo, size, crop))
        except MissingPhoto:
            if size != "info":
                raise
        info = info_photo(self._media.get(_key(photo, "web")), crop)
        with suppress(OSError):  # a full disk is no reason not to show it
            self._put(_key(photo, "info", crop), info)
        return info

    def _put(self, key: str, data: bytes) -> None:
        self._media.put(key, data, "image/jpeg")


def keys_of(photo: str) -> tuple[str, ...]:
    """Every key under which something of a photo may be kept; the web version is the one that must be."""
    info = (_key(photo, "info", crop) for crop in CROPS)
    return (_key(photo, "thumbnail"), *info, _key(photo, "web"))


def _key(photo: str, size: Size, crop: Crop = "centre") -> str:
    return f"photo/{photo}/{f'info-{crop}' if size == 'info' else size}.jpg"
