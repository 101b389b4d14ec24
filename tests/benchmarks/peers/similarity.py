"""How alike two pictures are to the eye, by the structural similarity of their brightness: A B; 1 is the same."""

from __future__ import annotations

import sys

import numpy
from PIL import Image
from skimage.metrics import structural_similarity


def main(one: str, other: str) -> None:
    pictures = [numpy.asarray(Image.open(name).convert("L")) for name in (one, other)]
    print(structural_similarity(*pictures))


if __name__ == "__main__":
    main(*sys.argv[1:3])
