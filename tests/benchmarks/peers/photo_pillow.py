"""Plain Pillow on one photo, open, transpose, three resizes from full size: FILE OUT; prints processor seconds and peak MB."""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path

from peak import peak  # type: ignore[import-not-found, unused-ignore]
from PIL import Image, ImageOps


def main(file: str, out: str) -> None:
    Image.MAX_IMAGE_PIXELS = None
    data = Path(file).read_bytes()
    began = time.process_time()
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    assert image is not None
    made = []
    for longest in (1600, 640, 320):
        scale = longest / max(image.size)
        size = round(image.width * scale), round(image.height * scale)
        kept = io.BytesIO()
        image.resize(size, Image.Resampling.LANCZOS).save(kept, "JPEG", quality=82, optimize=True)
        made.append(kept.getvalue())
    took = time.process_time() - began
    Path(out).write_bytes(made[0])
    print(took, peak())


if __name__ == "__main__":
    main(*sys.argv[1:3])
