"""Opens iPhone photos (HEIC) where pi_heif is installed (the extra `heif`), each in a process of its own.

A damaged file can bring down the process that decodes it (pi_heif 1.4 ends in a segmentation fault at metadata of
an unknown type); the service must not go down with it, since Telegram would deliver the same file again.
This file is also what that process runs, so it imports nothing else of ours.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from typing import Final

from PIL import Image

READABLE = find_spec("pi_heif") is not None
SECONDS: Final = 60
_MEMORY: Final = 2 << 30
_INHERITED: Final = (
    "PATH",
    "PYTHONPATH",
    "LD_LIBRARY_PATH",
    "SYSTEMROOT",
)  # and none of the service's secrets
_STOPPED: Final = {-signal.SIGINT, -signal.SIGTERM, -9}  # by someone else: nothing is wrong with the photo


class Undecodable(Exception):
    """These bytes are not a whole HEIC picture."""


class TooSlow(Exception):
    """Decoding took more than SECONDS."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """`image` is upright and no longer than was asked, EXIF and colour profile in its `info`; None if too large."""

    size: tuple[int, int]
    image: Image.Image | None


def decode(data: bytes, longest: int, most_pixels: int) -> Decoded:
    """Raises Undecodable, TooSlow, and OSError where no process can be had or it was stopped."""
    command = [sys.executable, "-P", __file__, str(longest), str(most_pixels)]
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    try:
        # In a session of its own, so that Ctrl-C in a terminal reaches the service only.
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=SECONDS, env=kept, start_new_session=True
        )
    except subprocess.TimeoutExpired:
        raise TooSlow from None
    if done.returncode in _STOPPED:
        raise OSError("the process that decodes HEIC was stopped")
    if done.returncode != 0:
        raise Undecodable
    return _unpacked(done.stdout)


def _unpacked(answer: bytes) -> Decoded:
    head, _, pixels = answer.partition(b"\n")
    said = json.loads(head)
    size = (int(said["size"][0]), int(said["size"][1]))
    if said["mode"] is None:
        return Decoded(size, None)
    image = Image.frombytes(said["mode"], tuple(said["fitting"]), pixels)
    for name, value in said["info"].items():
        image.info[name] = base64.b64decode(value)
    return Decoded(size, image)


def _packed(data: bytes, longest: int, most_pixels: int) -> bytes:
    import pi_heif  # type: ignore[import-untyped]

    # libheif turns the picture upright by itself, and pi_heif then clears the orientation in its EXIF.
    pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
    Image.MAX_IMAGE_PIXELS = None  # looked at right below
    with Image.open(BytesIO(data), formats=["HEIF"]) as image:
        size = image.size
        if size[0] * size[1] > most_pixels:
            return json.dumps({"size": size, "mode": None}).encode() + b"\n"
        image.load()
        small = image.convert("RGBA" if image.has_transparency_data else "RGB")
        small.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=3.0)
        info = {
            name: base64.b64encode(value).decode()
            for name in ("exif", "icc_profile")
            if isinstance(value := image.info.get(name), bytes)
        }
    head = {"size": size, "mode": small.mode, "fitting": small.size, "info": info}
    return json.dumps(head).encode() + b"\n" + small.tobytes()


def _limit_this_process() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _limit_this_process()
    sys.stdout.buffer.write(_packed(sys.stdin.buffer.read(), int(sys.argv[1]), int(sys.argv[2])))
