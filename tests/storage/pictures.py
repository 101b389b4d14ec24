"""Pictures drawn in code for the tests: scenes like an officer's photos, and files that are not what they say."""

from __future__ import annotations

import base64
import random
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, ImageDraw, ImageFont

from flows.core.problem import Problem
from storage.photos import Prepared, prepare, warnings

RED, BLUE, GREEN, WHITE = (220, 30, 30), (30, 30, 220), (30, 160, 30), (255, 255, 255)

# 72 × 96 upright (red above blue), stored lying, with EXIF; made once with libheif's encoder.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAY1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ADRpbG9jAAAAAERAAAIAAQAAAAABsQABAAAAAAAAAC4AAgAAAAAB3wABAAAAAAAAAMgAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAA"
    "AAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAAzGlwcnAAAACtaXBjbwAAAHhodmNDAQNwAAAA"
    "kAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoDCBJZbq"
    "SSmubgIaDAgAAAMAyAAAAwAIQGIAAQAHRAHBcrAiQAAAABRpc3BlAAAAAAAAAGAAAABIAAAAEHBpeGkAAAAAAwgICAAAAAlpcm90"
    "AwAAABdpcG1hAAAAAAAAAAEAAQSBAgOEAAAAGmlyZWYAAAAAAAAADmNkc2MAAgABAAEAAAD+bWRhdAAAACooAa8ZgPd8hTf/9zPn"
    "/clL/k2C7T//dfnethn+C+IAex0rvmRegkjwd0AAAAAGRXhpZgAATU0AKgAAAAgAAwESAAMAAAABAAYAAIdpAAQAAAABAAAAMogl"
    "AAQAAAABAAAAWAAAAAAAAZADAAIAAAAUAAAARAAAAAAyMDE3OjAxOjMxIDA5OjMwOjAwAAAEAAEAAgAAAAJOAAAAAAIABQAAAAMA"
    "AACOAAMAAgAAAAJFAAAAAAQABQAAAAMAAACmAAAAAAAAABIAAAABAAAALwAAAAEAAAHIAAAAGQAAAGIAAAABAAAAOwAAAAEAAACE"
    "AAAAGQ=="
)


def scene(seed: int, width: int = 1280, height: int = 960, noise: int = 10) -> Image.Image:
    """A sky, hills, houses, people and a sign, with a sensor's noise: the same for the same seed."""
    chance = random.Random(seed)
    image = _sky(chance, width, height)
    draw = ImageDraw.Draw(image)
    for _ in range(14):
        left, top = chance.randrange(width), height // 3 + chance.randrange(height // 2)
        right, bottom = left + width // chance.randrange(4, 12), top + height // chance.randrange(3, 9)
        shape = draw.rectangle if chance.random() < 0.6 else draw.ellipse
        shape((left, top, right, bottom), fill=_colour(chance), outline=_colour(chance), width=2)
    font = ImageFont.load_default(max(12, height // 16))
    for line in range(3):
        spot = (chance.randrange(width // 2), height // 3 + line * height // 6)
        draw.text(spot, f"Ban Nong {chance.randrange(10**9)}", font=font, fill=_colour(chance))
    grain = Image.frombytes("L", (width, height), chance.randbytes(width * height)).convert("RGB")
    return Image.blend(image, grain, noise / 255)


def _sky(chance: random.Random, width: int, height: int) -> Image.Image:
    mask = Image.linear_gradient("L").rotate(chance.randrange(360), fillcolor=128).resize((width, height))
    return Image.composite(
        Image.new("RGB", mask.size, _colour(chance)), Image.new("RGB", mask.size, _colour(chance)), mask
    )


def _colour(chance: random.Random) -> tuple[int, int, int]:
    return chance.randrange(40, 240), chance.randrange(40, 240), chance.randrange(40, 240)


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def exif(
    orientation: int = 1, gps: dict[int, Any] | None = None, when: str | None = None, zone: str | None = None
) -> bytes:
    block = Image.Exif()
    block[ExifTags.Base.Orientation] = orientation
    block[ExifTags.Base.Make] = "SECRET-CAMERA"
    if gps is not None:
        block[ExifTags.IFD.GPSInfo] = gps
    if when is not None:
        times: dict[int, str] = {ExifTags.Base.DateTimeOriginal: when}
        if zone is not None:
            times[ExifTags.Base.OffsetTimeOriginal] = zone
        block[ExifTags.IFD.Exif] = times
    return block.tobytes()


def gps(
    north: tuple[float, ...], east: tuple[float, ...], above: str = "N", beside: str = "E"
) -> dict[int, Any]:
    return {1: above, 2: north, 3: beside, 4: east}


def prepared(data: bytes) -> Prepared:
    found = prepare(data)
    assert isinstance(found, Prepared), found
    return found


def problem(data: bytes) -> str:
    found = prepare(data)
    assert isinstance(found, Problem), found.format
    return found.code


def codes(data: bytes) -> list[str]:
    return [warning.code for warning in warnings(prepared(data))]


def like(image: Image.Image, spot: tuple[int, int], colour: tuple[int, int, int], by: int = 30) -> bool:
    found = image.convert("RGB").getpixel(spot)
    assert isinstance(found, tuple)
    return all(abs(a - b) <= by for a, b in zip(found, colour, strict=True))


def corners() -> Image.Image:
    """300 × 200: red at the top left, blue at the top right, green at the bottom."""
    image = Image.new("RGB", (300, 200), GREEN)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 149, 99), fill=RED)
    draw.rectangle((150, 0, 299, 99), fill=BLUE)
    return image


def striped(size: tuple[int, int]) -> bytes:
    """Red, green and blue thirds along the longer side."""
    image = Image.new("RGB", size)
    width, height = size
    for third, colour in enumerate((RED, GREEN, BLUE)):
        box = (
            (width * third // 3, 0, width, height)
            if width >= height
            else (0, height * third // 3, width, height)
        )
        image.paste(colour, box)
    return saved(image)
