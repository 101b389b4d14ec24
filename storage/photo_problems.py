"""What is said about a photo: why it cannot be taken, and what to look at before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, Protocol

from flows.core.problem import Problem
from flows.core.text import T

LARGEST_FILE: Final = 20_000_000
SMALLEST_SIDE: Final = 64
LONGEST_TO_SHORTEST: Final = 20

NOT_AN_IMAGE: Final = Problem(
    "photo.not_an_image",
    T(
        "ไฟล์นี้ไม่ใช่รูปภาพ กรุณาส่งรูปเป็น JPG, PNG, GIF, WEBP หรือ HEIC",
        "This file is not a picture: please send a JPG, PNG, GIF, WEBP or HEIC picture.",
    ),
)
DAMAGED: Final = Problem(
    "photo.damaged",
    T(
        "ไฟล์รูปนี้เสียหายหรือส่งมาไม่ครบ กรุณาเปิดดูรูปในเครื่องก่อน แล้วส่งใหม่อีกครั้ง",
        "This picture is damaged or did not arrive whole: please check that it opens on your phone and send it again.",
    ),
)
TOO_COMPLEX: Final = Problem(
    "photo.too_complex",
    T(
        "รูปนี้บันทึกมาในแบบที่เปิดได้ช้าผิดปกติ กรุณาถ่ายภาพหน้าจอของรูปนี้ แล้วส่งภาพหน้าจอแทน",
        "This picture is stored in a way that takes unusually long to open: please take a screenshot of it and send that.",
    ),
)
TOO_NARROW: Final = Problem(
    "photo.too_narrow",
    T(
        "รูปนี้แคบและยาวเกินไป กรุณาตัดเอาเฉพาะส่วนที่ต้องการ แล้วส่งใหม่",
        "This picture is too long and narrow: please cut out the part that matters and send that.",
    ),
)
HEIC_UNREADABLE: Final = Problem(
    "photo.heic_unreadable",
    T(
        'ระบบนี้ยังเปิดรูป HEIC จากไอโฟนไม่ได้ กรุณาส่งเป็น "รูปภาพ" แทน "ไฟล์" หรือส่งเป็น JPG',
        'HEIC pictures from an iPhone cannot be opened here: please send it as a "photo" instead of a "file", or as JPG.',
    ),
)


def kind_not_supported(kind: str) -> Problem:
    say = T(
        "ไฟล์ชนิด {kind} ใช้เป็นรูปไม่ได้ กรุณาส่งเป็น JPG, PNG, GIF, WEBP หรือ HEIC",
        "A {kind} file cannot be used as a picture: please send JPG, PNG, GIF, WEBP or HEIC.",
    )
    return Problem("photo.kind_not_supported", say, {"kind": kind})


def too_many_pixels(most: int) -> Problem:
    say = T(
        'รูปนี้ละเอียดเกินไป รับได้ไม่เกิน {most} ล้านพิกเซล กรุณาส่งเป็น "รูปภาพ" แทน "ไฟล์" แล้วแอปจะย่อให้เอง',
        'This picture has too many pixels (at most {most} million): please send it as a "photo" instead of a "file", and the app makes it smaller by itself.',
    )
    return Problem("photo.too_many_pixels", say, {"most": most // 1_000_000})


def too_small_to_read(width: int, height: int) -> Problem:
    say = T(
        "รูปนี้เล็กจนมองไม่เห็นรายละเอียด ({width} × {height} พิกเซล) กรุณาส่งรูปที่ใหญ่กว่านี้ อย่างน้อย 640 × 480 พิกเซล",
        "This picture is too small to make anything out ({width} × {height} pixels): please send a larger one, at least 640 × 480.",
    )
    return Problem("photo.too_small_to_read", say, {"width": width, "height": height})


def too_large_file(length: int) -> Problem:
    """`length` in bytes."""
    say = T(
        'ไฟล์นี้ใหญ่ {size} MB รับได้ไม่เกิน {most} MB กรุณาส่งเป็น "รูปภาพ" แทน "ไฟล์" แล้วแอปจะย่อให้เอง',
        'This file has {size} MB, and at most {most} can be taken: please send it as a "photo" instead of a "file", and the app makes it smaller by itself.',
    )
    return Problem("photo.too_large_file", say, {"size": length / 1e6, "most": LARGEST_FILE // 1_000_000})


@dataclass(frozen=True, slots=True)
class PhotoWarning:
    """Something to look at; the officer decides whether the photo is used all the same."""

    code: Literal["small", "dark", "blurred"]
    say: T


SMALL: Final = PhotoWarning(
    "small",
    T(
        "รูปนี้เล็กกว่า 640 × 480 พิกเซล เมื่อขึ้นเว็บอาจไม่คมชัด",
        "This photo is smaller than 640 × 480 pixels and may not look sharp on the web.",
    ),
)
DARK: Final = PhotoWarning(
    "dark",
    T("รูปนี้ค่อนข้างมืด อาจมองไม่เห็นรายละเอียด", "This photo is rather dark; details may be hard to see."),
)
BLURRED: Final = PhotoWarning(
    "blurred", T("รูปนี้ดูเบลอ อาจสั่นหรือไม่ได้โฟกัส", "This photo looks blurred: it may be shaken or out of focus.")
)
WARNINGS: Final = (SMALL, DARK, BLURRED)

ANIMATED: Final = T(
    "ภาพเคลื่อนไหวใช้ได้เฉพาะภาพแรก ระบบจึงเก็บภาพแรกไว้",
    "Only the first picture of an animation can be used, so that one was kept.",
)

# As measures.py has them. Drawn scenes are at 110 and 190 or more; blurred by two pixels of 1280 they are below 30.
DARKEST: Final = 40.0
LEAST_SHARP: Final = 30.0


class Measured(Protocol):
    """A photo's size and what was measured in it; a row will do."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def brightness(self) -> float: ...
    @property
    def sharpness(self) -> float: ...


def warnings(photo: Measured) -> tuple[PhotoWarning, ...]:
    """What the officer should know before keeping this photo; nothing for a good one."""
    found = []
    if max(photo.width, photo.height) < 640 or min(photo.width, photo.height) < 480:
        found.append(SMALL)
    if photo.brightness < DARKEST:
        found.append(DARK)  # and nothing about its sharpness, which cannot be told in the dark
    elif photo.sharpness < LEAST_SHARP:
        found.append(BLURRED)
    return tuple(found)
