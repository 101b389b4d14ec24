"""Thai words drawn into pictures: HarfBuzz sets each mark over its letter, and fills the outlines.

Pillow can do it too, but only where the system has FriBidi, which a bare server lacks; without it tone marks and
vowels fall into one another.
"""

from __future__ import annotations

from functools import cache, lru_cache

import uharfbuzz as hb
from PIL import Image

from storage import fonts


class Letters:
    """The font at one size (its em in pixels)."""

    def __init__(self, size: int, bold: bool = False) -> None:
        self.size = size
        self._font = _font(bold)
        self._scale = size / self._font.face.upem

    def width(self, words: str) -> float:
        """In pixels."""
        return float(sum(place.x_advance for place in _shaped(self._font, words)[1])) * self._scale

    def draw(self, image: Image.Image, at: tuple[float, float], words: str, fill: str) -> None:
        """Writes one line from its left end; `at` is there, halfway between the lowest and the highest letters."""
        mask, left, top = self._mask(words)
        middle = (self._font.get_font_extents("ltr").ascender + self._font.get_font_extents("ltr").descender) / 2
        if mask is not None:
            image.paste(fill, (round(at[0] + left), round(at[1] + middle * self._scale - top)), mask)

    def _mask(self, words: str) -> tuple[Image.Image | None, int, int]:
        """How much of each pixel is covered, and where its left upper corner lies from the line's start (y up)."""
        drawing = hb.RasterDraw()
        x = 0.0
        for glyph, place in zip(*_shaped(self._font, words), strict=True):
            at_x, at_y = (x + place.x_offset) * self._scale, place.y_offset * self._scale
            drawing.transform = (self._scale, 0.0, 0.0, self._scale, at_x, at_y)
            drawing.draw_glyph(self._font, glyph.codepoint)
            x += place.x_advance
        covered = drawing.render()
        if covered is None or covered.extents is None or not covered.extents.width:
            return None, 0, 0
        e = covered.extents
        size = (e.width, e.height)
        # The rows are from the bottom up.
        mask = Image.frombuffer("L", size, bytes(covered.buffer), "raw", "L", e.stride, -1)
        return mask, e.x_origin, e.y_origin + e.height


@cache
def letters(size: int, bold: bool = False) -> Letters:
    return Letters(size, bold)


@cache
def _font(bold: bool) -> hb.Font:
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(fonts.BOLD if bold else fonts.REGULAR))))


@lru_cache(maxsize=4096)
def _shaped(font: hb.Font, words: str) -> tuple[list[hb.GlyphInfo], list[hb.GlyphPosition]]:
    buffer = hb.Buffer()
    buffer.add_str(words)
    buffer.direction, buffer.script, buffer.language = "ltr", "Thai", "th"
    hb.shape(font, buffer)
    return buffer.glyph_infos, buffer.glyph_positions
