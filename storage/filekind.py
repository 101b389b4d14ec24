"""What a file is by its first bytes, whatever it is called."""

from __future__ import annotations

from typing import Final, Literal, get_args

Kind = Literal["JPEG", "PNG", "GIF", "WEBP", "HEIF"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

_HEIF_BRANDS: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF_BRANDS: Final = {b"avif", b"avis"}
_OTHERS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF-", "PDF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"8BPS", "PSD"),
    (b"\0\0\1\0", "ICO"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"PK\3\4", "ZIP/Word/Excel"),
    (b"\xd0\xcf\x11\xe0", "Word/Excel"),
    (b"\x1a\x45\xdf\xa3", "WebM"),
)


def picture_kind(data: bytes) -> Kind | None:
    """Which of the kinds that can be taken it says it is; whether that is true, decoding shows."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WEBP"
    brands = _brands(data)
    return "HEIF" if brands & _HEIF_BRANDS and not brands & _AVIF_BRANDS else None


def other_kind(data: bytes) -> str | None:
    """The name of another well-known kind of file, or None for anything at all."""
    for beginning, name in _OTHERS:
        if data.startswith(beginning):
            return name
    if brands := _brands(data):
        return "AVIF" if brands & _AVIF_BRANDS else "MP4/MOV"
    if data.startswith(b"BM") and data[6:10] == bytes(4):
        return "BMP"
    return "SVG" if b"<svg" in data[:2048].lower() else None


def _brands(data: bytes) -> set[bytes]:
    # ISO base media files begin with a box of their length, "ftyp", the main brand, a version and further brands.
    if data[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(data[:4], "big"), 256, len(data))
    return {data[8:12], *(data[at : at + 4] for at in range(16, end, 4))}
