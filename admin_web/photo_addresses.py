"""The addresses of photos, which cannot be guessed: each carries a signature of what it shows."""

from __future__ import annotations

import hmac
import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

from flows.core.chat import Crop
from flows.core.photos import Kept
from flows.core.roles import EVERYWHERE, Reach

Size = Literal["web", "info", "thumbnail"]
LONGEST: Final = {"web": 1600, "thumbnail": 320}

_FILES: Final[dict[str, tuple[Size, Crop]]] = {
    "web.jpg": ("web", "centre"),
    "thumbnail.jpg": ("thumbnail", "centre"),
    "info-start.jpg": ("info", "start"),
    "info-centre.jpg": ("info", "centre"),
    "info-end.jpg": ("info", "end"),
}
_PHOTO: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Picture:
    """One size of a photo as a page shows it; `width` and `height` in pixels keep its room free."""

    src: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PhotoSet:
    """A photo in the sizes a page can choose from."""

    web: Picture
    thumbnail: Picture
    info: Picture
    cropped: bool  # INFO's shape cuts something off

    @property
    def srcset(self) -> str:
        sizes = [self.thumbnail] if self.thumbnail.width < self.web.width else []
        return ", ".join(f"{one.src} {one.width}w" for one in [*sizes, self.web])


class PhotoAddresses:
    """Makes and reads addresses with the service's secret.

    Addresses made for one reach are none in another: a link that was passed on opens nothing from elsewhere.
    """

    def __init__(self, secret: bytes, reach: Reach = EVERYWHERE) -> None:
        self._secret = secret
        where = b"" if reach.everywhere else json.dumps(reach.to_json(), sort_keys=True).encode()
        self._key = hmac.digest(secret, b"photo addresses" + where, "sha256")

    def within(self, reach: Reach) -> PhotoAddresses:
        return self if reach.everywhere else PhotoAddresses(self._secret, reach)

    def address(self, photo: str, size: Size, crop: Crop = "centre") -> str:
        file = f"info-{crop}.jpg" if size == "info" else f"{size}.jpg"
        return f"/photos/{self._signature(photo, file)}/{photo}/{file}"

    def read(self, signature: str, photo: str, file: str) -> tuple[Size, Crop] | None:
        """The size and crop of an address made here, None for any other."""
        if not _PHOTO.fullmatch(photo) or file not in _FILES:
            return None
        genuine = hmac.compare_digest(signature.encode(), self._signature(photo, file).encode())
        return _FILES[file] if genuine else None

    def of(self, kept: Kept) -> PhotoSet:
        across, down = (640, 480) if kept.width >= kept.height else (480, 640)
        return PhotoSet(
            self._picture(kept, "web"),
            self._picture(kept, "thumbnail"),
            Picture(self.address(kept.photo, "info", kept.crop), across, down),
            kept.movable,
        )

    def _picture(self, kept: Kept, size: Literal["web", "thumbnail"]) -> Picture:
        share = min(1.0, LONGEST[size] / max(kept.width, kept.height, 1))
        across, down = max(1, round(kept.width * share)), max(1, round(kept.height * share))
        return Picture(self.address(kept.photo, size), across, down)

    def _signature(self, photo: str, file: str) -> str:
        return hmac.new(self._key, f"{photo}/{file}".encode(), sha256).hexdigest()[:32]
