"""How bright and how sharp a photo is, and the fingerprint by which the same photo is known again."""

from __future__ import annotations

from PIL import Image, ImageFilter, ImageStat

_MEASURED_AT = 800  # long side, so that sharpness means the same for every camera
_TILES = 4
_LAPLACIAN = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)

# Of 64 bits. Drawn scenes recompressed, resized or brightened differ in 0 to 4, two different ones in 13 or more.
MOST_BITS_ALIKE = 6


def brightness(image: Image.Image) -> float:
    """Mean luma, 0 (black) to 255 (white)."""
    return ImageStat.Stat(image.convert("L")).mean[0]


def sharpness(image: Image.Image) -> float:
    """Variance of the Laplacian in the sharpest quarter of the picture: a plain sky is no blur."""
    grey = image.convert("L")
    grey.thumbnail((_MEASURED_AT, _MEASURED_AT), Image.Resampling.LANCZOS)
    edges = grey.filter(_LAPLACIAN).crop((1, 1, grey.width - 1, grey.height - 1))
    variances = sorted(ImageStat.Stat(edges.crop(tile)).var[0] for tile in _tiles(edges.size))
    sharpest = variances[-len(variances) // 4 :]
    return sum(sharpest) / len(sharpest)


def _tiles(size: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    across = [size[0] * step // _TILES for step in range(_TILES + 1)]
    down = [size[1] * step // _TILES for step in range(_TILES + 1)]
    return [(across[x], down[y], across[x + 1], down[y + 1]) for x in range(_TILES) for y in range(_TILES)]


def likeness(image: Image.Image) -> int:
    """64 bits, as a signed number (which fits a database's BIGINT): is each of 8×8 spots darker than the next?"""
    spots = image.convert("L").resize((9, 8), Image.Resampling.LANCZOS).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (spots[row * 9 + column] < spots[row * 9 + column + 1])
    return int.from_bytes(bits.to_bytes(8, "big"), "big", signed=True)


def alike(a: int, b: int) -> bool:
    """Whether two likenesses are of the same photo, though compressed or resized anew."""
    return ((a ^ b) & 0xFFFF_FFFF_FFFF_FFFF).bit_count() <= MOST_BITS_ALIKE
