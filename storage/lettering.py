"""Thai words drawn into pictures: HarfBuzz sets each mark over its letter, and fills the outlines.

Pillow can do it too, but only where the system has FriBidi, which a bare server lacks; without it tone marks and
vowels fall into one another.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import uharfbuzz as hb
from PIL import Image

from storage import fonts


@dataclass(frozen=True, slots=True)
class _Placed:
    """A glyph and where it lies from the line's start, in the font's units."""

    glyph: int
    x: int
    y: int


class Letters:
    """The font at one size (its em in pixels)."""

    def __init__(self, size: int, bold: bool = False) -> None:
        self.size = size
        self._bold = bold
        self._scale = size / int(_font(bold).face.upem)

    def width(self, words: str) -> float:
        """In pixels."""
        return _shaped(words, self._bold)[1] * self._scale

    def draw(self, image: Image.Image, at: tuple[float, float], words: str, fill: str) -> None:
        """Writes one line from its left end; `at` is there, halfway between the highest and the lowest letters."""
        mask, left, top = self._mask(words)
        if mask is not None:
            middle = _middle(self._bold) * self._scale
            image.paste(fill, (round(at[0] + left), round(at[1] + middle - top)), mask)

    def _mask(self, words: str) -> tuple[Image.Image | None, int, int]:
        """How much of each pixel is covered, and how far its upper left corner is right of and above the start."""
        drawing = hb.RasterDraw()
        for one in _shaped(words, self._bold)[0]:
            drawing.transform = (self._scale, 0.0, 0.0, self._scale, one.x * self._scale, one.y * self._scale)
            drawing.draw_glyph(_font(self._bold), one.glyph)
        covered = drawing.render()
        extents = covered.extents
        if not extents.width or not extents.height:
            return None, 0, 0
        size = (extents.width, extents.height)
        rows_from_the_bottom = -1
        mask = Image.frombuffer(
            "L", size, bytes(covered.buffer), "raw", "L", extents.stride, rows_from_the_bottom
        )
        return mask, extents.x_origin, extents.y_origin + extents.height


@cache
def letters(size: int, bold: bool = False) -> Letters:
    return Letters(size, bold)


@cache
def _font(bold: bool) -> hb.Font:
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(fonts.BOLD if bold else fonts.REGULAR))))


@cache
def _middle(bold: bool) -> float:
    reach = _font(bold).get_font_extents("ltr")
    return float(reach.ascender + reach.descender) / 2


@lru_cache(maxsize=4096)
def _shaped(words: str, bold: bool) -> tuple[tuple[_Placed, ...], int]:
    """The glyphs, and how wide they are together."""
    buffer = hb.Buffer()
    buffer.add_str(words)
    buffer.direction, buffer.script, buffer.language = "ltr", "Thai", "th"
    hb.shape(_font(bold), buffer)
    placed, x = [], 0
    for glyph, place in zip(buffer.glyph_infos or (), buffer.glyph_positions or (), strict=True):
        placed.append(_Placed(glyph.codepoint, x + place.x_offset, place.y_offset))
        x += place.x_advance
    return tuple(placed), x
