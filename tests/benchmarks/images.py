"""Drawn pictures that compress and resize as photographs do: large shapes, fine grain, and everything between."""

from __future__ import annotations

import io
import random

from PIL import Image


def photo_like(width: int, height: int, seed: int = 1) -> bytes:
    """A JPEG of this size, about as many bytes as a phone would make of it."""
    noise = random.Random(seed)
    image = Image.new("L", (width, height), 128)
    for size in (1536, 384, 96, 24, 6):  # the larger the shape, the stronger, as in nature
        small = Image.frombytes("L", (size, size * 3 // 4), noise.randbytes(size * (size * 3 // 4)))
        image = Image.blend(image, small.resize((width, height), Image.Resampling.BICUBIC), 0.6)
    wash = [
        Image.frombytes("L", (4, 3), noise.randbytes(12)).resize((width, height), Image.Resampling.BICUBIC)
        for _ in range(3)
    ]
    coloured = Image.merge("RGB", [Image.blend(image, one, 0.35) for one in wash])
    out = io.BytesIO()
    coloured.save(out, "JPEG", quality=90)
    return out.getvalue()
