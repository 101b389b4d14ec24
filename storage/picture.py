"""Opens a picture strictly, from bytes nobody vouches for: upright, small, sRGB on white, with nothing else in it."""

from __future__ import annotations

import os
import re
import struct
import sys
import warnings
import zlib
from dataclasses import dataclass
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Final

from PIL import Image, ImageCms, ImageFile

from flows.core.problem import Problem
from storage import exif, heif
from storage.filekind import Kind, other_kind, picture_kind
from storage.photo_problems import (
    DAMAGED,
    HEIC_UNREADABLE,
    LARGEST_FILE,
    LONGEST_TO_SHORTEST,
    NOT_AN_IMAGE,
    SMALLEST_SIDE,
    TOO_COMPLEX,
    TOO_NARROW,
    kind_not_supported,
    too_large_file,
    too_many_pixels,
    too_small_to_read,
)

MOST_PIXELS_JPEG: Final = 50_000_000  # decoded at half size or less
MOST_PIXELS: Final = 25_000_000  # decoded whole: 48 million of WebP take 755 MB
MOST_SCANS: Final = 64
MOST_SCANNED_PIXELS: Final = 800_000_000  # scans × pixels; a camera's progressive photo has about 10 scans
QUALITY: Final = 82

Image.MAX_IMAGE_PIXELS = MOST_PIXELS_JPEG
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
ImageFile.LOAD_TRUNCATED_IMAGES = False

_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
# All that Pillow and its plugins raise for bytes that are not what they say; UnidentifiedImageError is an OSError.
_DAMAGE = (
    *(OSError, ValueError, SyntaxError, EOFError, MemoryError),
    *(LookupError, TypeError, ArithmeticError, RuntimeError, struct.error, zlib.error, Warning),
)
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = (5, 6, 7, 8)


@dataclass(frozen=True, slots=True)
class Picture:
    """`image` is RGB, upright, clean and no longer than was asked; `width` × `height` is what was sent, upright."""

    image: Image.Image
    width: int
    height: int
    format: Kind
    animated: bool
    place: exif.Place | None
    taken_at: str | None


def open_picture(data: bytes, longest: int) -> Picture | Problem:
    """The picture in these bytes, its long side at most `longest` pixels, or why it cannot be taken."""
    if len(data) > LARGEST_FILE:
        return too_large_file(len(data))
    kind = picture_kind(data)
    if kind is None:
        other = other_kind(data)
        return kind_not_supported(other) if other else NOT_AN_IMAGE
    if kind == "HEIF":
        return _open_heif(data, longest) if heif.READABLE else HEIC_UNREADABLE
    try:
        with Image.open(BytesIO(data), formats=[kind]) as image:
            return _refused(image.size, kind, data) or _read(image, kind, image.size, longest)
    except _BOMBS:
        return too_many_pixels(_most_pixels(kind))
    except _DAMAGE:
        return DAMAGED


def _open_heif(data: bytes, longest: int) -> Picture | Problem:
    try:
        decoded = heif.decode(data, longest, MOST_PIXELS)
    except heif.Undecodable:
        return DAMAGED
    except heif.TooSlow:
        return TOO_COMPLEX
    if decoded.image is None:
        return too_many_pixels(MOST_PIXELS)
    return _refused(decoded.size, "HEIF", data) or _read(decoded.image, "HEIF", decoded.size, longest)


def _most_pixels(kind: Kind) -> int:
    return MOST_PIXELS_JPEG if kind == "JPEG" else MOST_PIXELS


def _refused(size: tuple[int, int], kind: Kind, data: bytes) -> Problem | None:
    # All of this is known from the header, before anything is decoded.
    width, height = size
    if width * height > _most_pixels(kind):
        return too_many_pixels(_most_pixels(kind))
    if min(width, height) < SMALLEST_SIDE:
        return too_small_to_read(width, height)
    if max(width, height) > LONGEST_TO_SHORTEST * min(width, height):
        return TOO_NARROW
    if kind == "JPEG":
        scans = count_scans(data)
        if scans > MOST_SCANS or scans * width * height > MOST_SCANNED_PIXELS:
            return TOO_COMPLEX
    return None


def _read(image: Image.Image, kind: Kind, size: tuple[int, int], longest: int) -> Picture:
    orientation = exif.orientation(image)
    place, taken_at = exif.place(image), exif.taken_at(image)
    animated = kind in ("GIF", "PNG", "WEBP") and bool(getattr(image, "is_animated", False))
    profile = image.info.get("icc_profile")
    fitting = fit(image.size, longest)
    # Asked for the size that fits (not a square), the JPEG decoder halves for free.
    image.draft(None, fitting)
    image.load()
    small = _resized(_plain(image), fitting)
    small = _to_srgb(_on_white(small), profile)
    if orientation != 1:
        small = small.transpose(_UPRIGHT[orientation])
    small.info.clear()  # a comment would else be written out again
    width, height = size[::-1] if orientation in _SIDEWAYS else size
    return Picture(small, width, height, kind, animated, place, taken_at)


def fit(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """The size with its long side at most `longest`, never larger than it was."""
    most = max(size)
    if most <= longest:
        return size
    return max(1, size[0] * longest // most), max(1, size[1] * longest // most)


def resized(image: Image.Image, longest: int) -> Image.Image:
    return _resized(image, fit(image.size, longest))


def jpeg(image: Image.Image, quality: int = QUALITY) -> bytes:
    """The RGB picture as a JPEG without any metadata."""
    # Into memory Pillow writes in one go that holds up every other thread; into a file it lets them run.
    with _unnamed_file() as out:
        image.save(out, "JPEG", quality=quality, optimize=True, comment=b"", exif=b"", icc_profile=None)
        out.seek(0)
        return out.read()


def _unnamed_file() -> IO[bytes]:
    """Without a buffer: Pillow writes past it. On Linux it is memory, on no disk."""
    if sys.platform == "linux":
        return open(os.memfd_create("photo"), "w+b", buffering=0)
    return TemporaryFile(buffering=0)


def shrink_jpeg(data: bytes, longest: int) -> tuple[bytes, int, int]:
    """The picture as a chat app sends it on: a smaller JPEG without metadata, its width and height.

    Raises ValueError, with the problem's code, for what is not a picture.
    """
    match open_picture(data, longest):
        case Problem(code):
            raise ValueError(code)
        case picture:
            return jpeg(picture.image, quality=87), *picture.image.size


def _resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if image.size == size:
        return image
    # LANCZOS takes a third longer for a photo that nobody can tell from this one.
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)


def _plain(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be resized: L, RGB or CMYK, or RGBA where something is transparent."""
    if image.mode.startswith("I"):  # 16 bits: convert() alone cuts off at 255 and all turns white
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            converted = None  # a profile for other colours than these, or none at all: the plain ones will do
        if converted is not None:
            return converted
    return image.convert("RGB")


_MARKER = re.compile(rb"\xff[^\x00\xff\x01\xd0-\xd8]")  # those that begin a segment, with its length next
_END, _SCAN = 0xD9, 0xDA
_MOST_MARKERS = 5_000  # a whole file of colour profile and previews has a few hundred


def count_scans(data: bytes) -> int:
    """How often a decoder goes over the picture; bytes in EXIF or after the end that look like scans are none."""
    scans, at = 0, 2
    for _ in range(_MOST_MARKERS):
        found = _MARKER.search(data, at)
        if found is None or data[found.end() - 1] == _END:
            return scans
        scans += data[found.end() - 1] == _SCAN
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")
    return max(scans, MOST_SCANS + 1)
