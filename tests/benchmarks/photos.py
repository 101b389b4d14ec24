"""Processor time and memory for one photo through the whole pipeline, beside plain Pillow and libvips."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks.contest import PEERS
from tests.benchmarks.environment import ROOT, SIMILARITY, VIPS
from tests.benchmarks.images import photo_like
from tests.benchmarks.row import Row, measured

ROUNDS = 5
SIZES = {"12 megapixels": (4032, 3024), "48 megapixels": (8064, 6048)}
MOST_MEMORY = 150.0  # MB


def run(quick: bool) -> list[Row]:
    makers = {
        "ours": [sys.executable, "-m", "tests.benchmarks.peers.photo_ours"],
        "plain Pillow": [sys.executable, str(PEERS / "photo_pillow.py")],
        "libvips": [str(VIPS.python()), str(PEERS / "photo_vips.py")],
    }
    with tempfile.TemporaryDirectory() as folder:
        rows: list[Row] = []
        for words, size in SIZES.items():
            photo = Path(folder) / "photo.jpg"
            photo.write_bytes(photo_like(*size))
            rows += _one_size(words, photo, makers, 1 if quick else ROUNDS)
    return rows


def _one_size(words: str, photo: Path, makers: Mapping[str, list[str]], rounds: int) -> list[Row]:
    seconds: dict[str, list[float]] = {name: [] for name in makers}
    memory: dict[str, list[float]] = {name: [] for name in makers}
    for _ in range(rounds):
        for name, command in makers.items():
            took, peak = _printed([*command, str(photo), str(photo.with_name(f"{name}.jpg"))])
            seconds[name].append(took)
            memory[name].append(peak)
    rows = [
        measured("photos", f"{words}: {name}", [s * 1000 for s in seconds[name]], "ms of processor")
        for name in makers
    ]
    ratios = [theirs / own for own, theirs in zip(seconds["ours"], seconds["plain Pillow"], strict=True)]
    what = f"{words}: plain Pillow / ours"
    rows.append(measured("photos", what, ratios, "×", "at least 3 ×", statistics.median(ratios) >= 3))
    rows += [
        measured("photos", f"{words}: memory, {name}", memory[name], "MB")
        for name in makers
        if name != "ours"
    ]
    most = statistics.median(memory["ours"])
    rows.append(
        measured(
            "photos",
            f"{words}: memory, ours",
            memory["ours"],
            "MB",
            f"at most {MOST_MEMORY:g} MB",
            most <= MOST_MEMORY,
        )
    )
    alike = _printed(
        [str(SIMILARITY.python()), str(PEERS / "similarity.py"),
         *(str(photo.with_name(f"{name}.jpg")) for name in ("ours", "plain Pillow"))]
    )[0]  # fmt: skip
    rows.append(
        measured(
            "photos", f"{words}: likeness to plain Pillow's", [alike], "SSIM", "at least 0.98", alike >= 0.98
        )
    )
    return rows


def _printed(command: list[str]) -> list[float]:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr}")
    return [float(word) for word in done.stdout.split()]
