"""Sarabun (SIL Open Font License), kept here as files for the pictures and reports that draw their own text."""

from __future__ import annotations

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
REGULAR: Final = FOLDER / "Sarabun-Regular.ttf"
BOLD: Final = FOLDER / "Sarabun-Bold.ttf"
