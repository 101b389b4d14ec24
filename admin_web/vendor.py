"""Fetches what the pages bring along (Leaflet, the Sarabun font) and keeps it here: `python -m admin_web.vendor`."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from storage import fonts

FOLDER: Final = Path(__file__).parent / "static" / "vendor"


@dataclass(frozen=True, slots=True)
class Package:
    """An npm package at one version; `sha512` is that of its archive, `files` go from its paths to ours."""

    name: str
    version: str
    sha512: str
    files: Mapping[str, str]
    folder: Path = FOLDER


_FONTS = [
    f"sarabun-{script}-{weight}-normal.woff2" for script in ("thai", "latin") for weight in (400, 600, 700)
]

PACKAGES: Final = (
    Package(
        "leaflet",
        "1.9.4",
        "nxS1ynzJOmOlHp+iL3FyWqK89GtNL8U8rvlMOsQdTTssxZwCXh8N2NB3GDQOL+YR3XnWyZAxwQixURb+FA74PA==",
        {"LICENSE": "leaflet/LICENSE"}
        | {f"dist/{file}": f"leaflet/{file}" for file in ("leaflet.js", "leaflet.css")}
        | {
            f"dist/images/{file}": f"leaflet/images/{file}"
            for file in (
                "layers.png",
                "layers-2x.png",
                "marker-icon.png",
                "marker-icon-2x.png",
                "marker-shadow.png",
            )
        },
    ),
    Package(
        "@fontsource/sarabun",
        "5.3.0",
        "8GWxnEIG9g/2JlZxU+APaVwipcLMkZkBps9N1tEyBxXWaJEnAtHpuaDYmFVG7lzTgr28orG7//htD/rfxDlfFg==",
        {"LICENSE": "sarabun/LICENSE"} | {f"files/{file}": f"sarabun/{file}" for file in _FONTS},
    ),
    Package(
        "@expo-google-fonts/sarabun",
        "0.4.1",
        "Q/mWAjNyaFT4ym8hZOdQJvTtSC56uxipJ1qzdpwW6znDCCLMas4zSnfflmnVNXPfoRVJoQCrxtTEg5yJ6BEw7w==",
        {
            "400Regular/Sarabun_400Regular.ttf": "Sarabun-Regular.ttf",
            "700Bold/Sarabun_700Bold.ttf": "Sarabun-Bold.ttf",
            "LICENSE_FONT": "OFL.txt",
        },
        fonts.FOLDER,
    ),
)


def fetch(package: Package) -> None:
    """Raises ValueError when the archive is not the one that was pinned, or lacks a file."""
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(
            ["npm", "pack", "--silent", f"{package.name}@{package.version}"],
            cwd=folder, check=True, capture_output=True, text=True,
        )  # fmt: skip
        archive = Path(folder) / packed.stdout.split()[-1]
        unpack(package, archive, package.folder)


def unpack(package: Package, archive: Path, folder: Path) -> None:
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != package.sha512:
        raise ValueError(
            f"{package.name}@{package.version} is not the archive that was pinned: sha512-{digest}"
        )
    with tarfile.open(archive) as tar:
        for source, target in package.files.items():
            file = tar.extractfile(f"package/{source}")
            if file is None:
                raise ValueError(f"{package.name}@{package.version} has no file {source}")
            path = folder / target
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_without_source_map(file.read()) if target.endswith(".js") else file.read())


def _without_source_map(script: bytes) -> bytes:
    # The map is not kept, and a browser's inspector would ask for it in vain.
    return script.replace(b"\n//# sourceMappingURL=leaflet.js.map", b"")


def main() -> int:
    if shutil.which("npm") is None:
        print("npm is missing: it comes with Node.js")
        return 1
    for package in PACKAGES:
        fetch(package)
        print(f"{package.name}@{package.version}: {len(package.files)} files in {package.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
