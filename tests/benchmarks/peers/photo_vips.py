"""libvips on one photo, three thumbnails: FILE OUT; prints processor seconds and peak MB."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pyvips
from peak import peak  # type: ignore[import-not-found, unused-ignore]


def main(file: str, out: str) -> None:
    data = Path(file).read_bytes()
    began = time.process_time()
    made = [
        pyvips.Image.thumbnail_buffer(data, longest, height=longest).jpegsave_buffer(
            Q=82, optimize_coding=True
        )
        for longest in (1600, 640, 320)
    ]
    took = time.process_time() - began
    Path(out).write_bytes(made[0])
    print(took, peak())


if __name__ == "__main__":
    main(*sys.argv[1:3])
