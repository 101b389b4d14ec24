"""INFO's photo: exactly 640×480 lying or 480×640 standing, cut from the web version."""

from __future__ import annotations

from io import BytesIO
from typing import Literal, get_args

from PIL import Image, ImageOps

from storage.picture import jpeg

Crop = Literal["start", "centre", "end"]
CROPS: tuple[Crop, ...] = get_args(Crop)
_SHARE: dict[Crop, float] = {"start": 0.0, "centre": 0.5, "end": 1.0}


def info_size(width: int, height: int) -> tuple[int, int]:
    return (640, 480) if width >= height else (480, 640)


def crop_axis(width: int, height: int) -> Literal["x", "y"] | None:
    """The direction in which INFO's shape cuts a photo of this size; None where moving the crop changes nothing."""
    across, down = info_size(width, height)
    too_wide = width * down / height - across  # in pixels of the result
    if too_wide >= 1:
        return "x"
    too_high = height * across / width - down
    return "y" if too_high >= 1 else None


def info_photo(web: bytes, crop: Crop) -> bytes:
    """INFO's JPEG from a web version kept here; `crop` keeps the left or top, the middle, or the right or bottom."""
    with Image.open(BytesIO(web), formats=["JPEG"]) as image:
        return jpeg(cropped(image, crop))


def cropped(image: Image.Image, crop: Crop) -> Image.Image:
    share = _SHARE[crop]
    return ImageOps.fit(image, info_size(*image.size), Image.Resampling.BICUBIC, centering=(share, share))
