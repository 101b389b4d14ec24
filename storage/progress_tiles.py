"""The tile that stands for one LAO in the progress picture: a colour, a mark for each stage, and its short name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, assert_never

from PIL import Image, ImageDraw

from flows.core.progress import Stage
from storage.lao_names import short_name
from storage.lettering import Letters, letters
from storage.thai_lines import lines_of, shortened

WHITE: Final = "#ffffff"
INK: Final = "#1f2933"
_FINER = 4  # shapes are drawn this much larger, then made smooth


@dataclass(frozen=True, slots=True)
class Paint:
    strong: str  # behind the mark
    tint: str  # behind the name
    mark: str


# Told apart without colours too: by their marks, and by how dark they are.
PAINTS: Final[Mapping[Stage, Paint]] = {
    "complete": Paint("#11643a", "#d3efdc", WHITE),
    "waiting": Paint("#1d4f91", "#d9e6f8", WHITE),
    "partly": Paint("#f0b429", "#fdf1cf", INK),
    "nothing": Paint("#ffffff", "#ffffff", "#b3261e"),
    "nobody": Paint("#616e7c", "#e4e7eb", WHITE),
}
_EDGES: Final[Mapping[Stage, str]] = {"nothing": "#b3261e"}


def draw_tile(
    image: Image.Image, at: tuple[int, int], size: tuple[int, int], stage: Stage, name: str
) -> None:
    """`at` is the tile's upper left corner."""
    image.paste(_blank_tile(stage, size), at)
    left, middle = at[0] + size[1] * 7 // 8 + 8, at[1] + size[1] // 2
    lines, text = _fitted(short_name(name), size[0] - (left - at[0]) - 6, size[1])
    height = text.size * 1.3  # less, and tone marks run into the line above
    for number, line in enumerate(lines):
        y = middle + (number - (len(lines) - 1) / 2) * height
        text.draw(image, (left, y), line, INK)


def _fitted(name: str, width: int, height: int) -> tuple[list[str], Letters]:
    """One line as large as it may be, else two smaller ones, the second cut short if it must be."""
    for share in (0.46, 0.43, 0.40):
        text = letters(int(height * share))
        if text.width(name) <= width:
            return [name], text
    text = letters(int(height * 0.34))
    lines = lines_of(name, width, text.width)
    if len(lines) > 2:
        lines = [lines[0], shortened(name[len(lines[0]) :].lstrip(), width, text.width)]
    return lines, text


@cache
def _blank_tile(stage: Stage, size: tuple[int, int]) -> Image.Image:
    width, height = size[0] * _FINER, size[1] * _FINER
    paint, edge = PAINTS[stage], _EDGES.get(stage, PAINTS[stage].strong)
    image = Image.new("RGB", (width, height), WHITE)
    draw = ImageDraw.Draw(image)
    radius, line = height // 7, _FINER * 2
    draw.rounded_rectangle((0, 0, width - 1, height - 1), radius, fill=paint.tint, outline=edge, width=line)
    strip = height * 7 // 8
    if paint.strong != paint.tint:
        draw.rounded_rectangle((0, 0, strip, height - 1), radius, fill=paint.strong)
        draw.rectangle((strip - radius, 0, strip, height - 1), fill=paint.strong)
    draw_mark(draw, (strip / 2, height / 2), height * 0.27, stage, paint)
    return image.resize(size, Image.Resampling.LANCZOS)


def draw_mark(
    draw: ImageDraw.ImageDraw, centre: tuple[float, float], radius: float, stage: Stage, paint: Paint
) -> None:
    """A tick, a clock, a half-filled ring, an empty ring or a cross."""
    (x, y), r, line = centre, radius, max(1, round(radius * 0.28))
    ring = (x - r, y - r, x + r, y + r)
    match stage:
        case "complete":
            tick = [(x - r, y + r * 0.1), (x - r * 0.3, y + r * 0.75), (x + r, y - r * 0.7)]
            draw.line(tick, fill=paint.mark, width=round(line * 1.4), joint="curve")
        case "waiting":
            draw.ellipse(ring, outline=paint.mark, width=line)
            hands = [(x, y - r * 0.6), (x, y + r * 0.05), (x + r * 0.45, y + r * 0.3)]
            draw.line(hands, fill=paint.mark, width=round(line * 0.8), joint="curve")
        case "partly":
            draw.ellipse(ring, outline=paint.mark, width=line)
            draw.pieslice(ring, 90, 270, fill=paint.mark)
        case "nothing":
            draw.ellipse(ring, outline=paint.mark, width=line)
        case "nobody":
            r *= 0.8
            draw.line([(x - r, y - r), (x + r, y + r)], fill=paint.mark, width=round(line * 1.2))
            draw.line([(x - r, y + r), (x + r, y - r)], fill=paint.mark, width=round(line * 1.2))
        case never:
            assert_never(never)
