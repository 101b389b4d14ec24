"""The photos of an entry: collecting, removing, choosing the cover and moving the crop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from flows.core.chat import (
    Button,
    Crop,
    Inbound,
    Json,
    Line,
    Pressed,
    RefusedPhoto,
    SentPhoto,
    ShownPhoto,
    Wants,
)
from flows.core.fields import Field, Heard, Hearing
from flows.core.problem import FlowError, Problem
from flows.core.text import Language, T


@dataclass(frozen=True, slots=True)
class Kept:
    """One photo of an answer, as it is stored."""

    photo: str
    width: int
    height: int
    crop: Crop = "centre"
    likeness: str = ""
    warnings: tuple[str, ...] = ()
    place: tuple[float, float] | None = None
    ref: str = ""
    group: str = ""

    @property
    def name(self) -> str:
        """Names this photo in a button: the same picture sent twice is two photos."""
        return f"{self.photo[:8]}_{self.ref}"

    @property
    def movable(self) -> bool:
        """Whether INFO's 4:3 cuts anything off, so that there is a choice of where."""
        return abs(self.width * self.height and _ratio(self.width, self.height) - 4 / 3) > 0.02

    def to_json(self) -> dict[str, Json]:
        return {
            "photo": self.photo, "width": self.width, "height": self.height, "crop": self.crop,
            "likeness": self.likeness, "warnings": list(self.warnings),
            "place": list(self.place) if self.place else None, "ref": self.ref, "group": self.group,
        }  # fmt: skip


def _ratio(width: int, height: int) -> float:
    return max(width, height) / min(width, height)


def kept_of(value: Json) -> list[Kept]:
    """The photos of a stored answer, the cover first."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    return [_kept(one) for one in value if isinstance(one, Mapping) and "photo" in one]


def _kept(one: Mapping[str, Json]) -> Kept:
    crop = one.get("crop")
    place, warnings = one.get("place"), one.get("warnings")
    return Kept(
        photo=str(one["photo"]),
        width=int(str(one["width"])),
        height=int(str(one["height"])),
        crop="start" if crop == "start" else "end" if crop == "end" else "centre",
        likeness=str(one.get("likeness", "")),
        warnings=tuple(str(w) for w in warnings) if isinstance(warnings, Sequence) else (),
        place=(float(str(place[0])), float(str(place[1]))) if isinstance(place, Sequence) else None,
        ref=str(one.get("ref", "")),
        group=str(one.get("group", "")),
    )


def kept_from(sent: SentPhoto) -> Kept:
    return Kept(
        sent.photo,
        sent.width,
        sent.height,
        "centre",
        sent.likeness,
        sent.warnings,
        sent.place,
        sent.ref,
        sent.group,
    )


def alike(a: str, b: str) -> bool:
    """Whether two likeness numbers (16 hex digits) are of the same picture."""
    return (
        bool(a and b) and (int(a, 16) ^ int(b, 16)).bit_count() <= 6
    )  # measured: copies differ in 0-4 bits, other scenes in 13 and more


@dataclass(frozen=True, slots=True)
class Photos(Field):
    """Photos, `least` to `most`. Answered: a list of what `Kept.to_json` gives, the cover first."""

    least: int = field(default=1, kw_only=True)
    most: int = field(default=5, kw_only=True)

    wants: ClassVar[Wants] = "photos"
    several: ClassVar[bool] = True
    wrong_kind: ClassVar[T] = T(
        "ข้อนี้ให้ส่งรูป กด 📎 แล้วเลือกรูปจากเครื่อง",
        "This question needs photos: tap 📎 and choose them from the phone",
    )

    def __post_init__(self) -> None:
        Field.__post_init__(self)
        if not 1 <= self.least <= self.most <= 10:
            raise FlowError(f"{self.key}: from 1 to 10 photos")

    @property
    def question(self) -> T:
        return self.ask or T(
            "ส่งรูปจากเครื่องได้เลย เลือกหลายรูปพร้อมกันก็ได้ ครบแล้วกด «เสร็จแล้ว» (รูปแรกเป็นรูปปก)",
            "Send the photos, several at once if you like, then press “Done” (the first is the cover)",
        )

    def hear(self, inbound: Inbound, hearing: Hearing) -> Heard | Problem | None:
        kept = kept_of(hearing.partial)
        match inbound:
            case SentPhoto():
                return self._add(kept, inbound)
            case RefusedPhoto(problem=problem):
                return problem
            case Pressed(move="remove" | "cover", arg=name) if all(one.name != name for one in kept):
                return None
            case Pressed(move="remove", arg=name):
                return _heard([one for one in kept if one.name != name], Line(REMOVED))
            case Pressed(move="cover", arg=name):
                first = [one for one in kept if one.name == name]
                return _heard(first + [one for one in kept if one.name != name], Line(COVER_SET))
            case Pressed(move="crop", arg=arg):
                return self._crop(kept, arg)
            case _:
                return None

    def _add(self, kept: list[Kept], sent: SentPhoto) -> Heard | Problem:
        if any(one.ref == sent.ref and one.photo == sent.photo for one in kept if sent.ref):
            return _heard(kept)
        if len(kept) >= self.most:
            return Problem("photos.too_many", TOO_MANY, {"most": self.most})
        new = kept_from(sent)
        now = in_album_order(kept, new)
        return _heard(now, *remarks(now, new))

    def _crop(self, kept: list[Kept], arg: str) -> Heard | None:
        name, _, where = arg.partition("-")
        crop: Crop | None = (
            "start" if where == "s" else "centre" if where == "c" else "end" if where == "e" else None
        )
        if crop is None or all(one.name != name for one in kept):
            return None
        return _heard([_cropped(one, crop) if one.name == name else one for one in kept], Line(CROP_MOVED))

    def finish(self, partial: Json) -> Heard | Problem:
        count = len(kept_of(partial))
        if count < self.least:
            return Problem("photos.too_few", TOO_FEW, {"least": self.least})
        return Heard(partial)

    def start(self, answer: Json) -> Json:
        return answer

    def progress(self, partial: Json) -> tuple[Line, ...]:
        count = len(kept_of(partial))
        if not count:
            return ()
        return (Line(FULL if count >= self.most else SO_FAR, {"count": count, "most": self.most}),)

    def options(self, partial: Json) -> tuple[tuple[Button, ...], ...]:
        kept = kept_of(partial)
        if not kept:
            return ()
        doubtful = [
            (Button(Line(TAKE_OUT, {"n": n}), "remove", one.name),)
            for n, one in enumerate(kept, 1)
            if set(one.warnings) & {"small", "dark", "blurred"} or twin_of(one, kept[: n - 1])
        ]
        return (*doubtful, (Button(Line(ARRANGE, {"count": len(kept)}), "photos"),))

    def shown(self, answer: Json, language: Language) -> str:
        count = len(kept_of(answer))
        return (COUNT if count > 1 else ONE).to(language, {"count": count})

    def still_reads(self, answer: Json) -> bool:
        return self.least <= len(kept_of(answer)) <= self.most


def remarks(kept: Sequence[Kept], one: Kept) -> tuple[Line, ...]:
    """What there is to say about one of the photos, by its number."""
    number = kept.index(one) + 1
    said = [Line(WARNINGS[w], {"n": number}) for w in one.warnings if w in WARNINGS]
    if twin := twin_of(one, kept):
        said.append(Line(SAME_AGAIN if twin[1] else LIKE_ANOTHER, {"n": number, "other": twin[0]}))
    if one.place:
        said.append(Line(HAS_PLACE, {"n": number}))
    return tuple(said)


def twin_of(new: Kept, kept: Sequence[Kept]) -> tuple[int, bool] | None:
    """The number of an earlier photo that shows the same, and whether it is the very same file."""
    for n, one in enumerate(kept, 1):
        if one is new:
            continue
        if one.photo == new.photo or alike(one.likeness, new.likeness):
            return n, one.photo == new.photo
    return None


def in_album_order(kept: list[Kept], new: Kept) -> list[Kept]:
    """The photos with the new one at its place: within an album by the order it was sent in, else last."""
    later = [
        at for at, one in enumerate(kept)
        if new.group and one.group == new.group and new.ref.isdigit() and one.ref.isdigit() and int(one.ref) > int(new.ref)
    ]  # fmt: skip
    at = later[0] if later else len(kept)
    return [*kept[:at], new, *kept[at:]]


def shown_photos(value: Json) -> tuple[ShownPhoto, ...]:
    return tuple(ShownPhoto(one.photo, "info", one.crop) for one in kept_of(value))


def _cropped(one: Kept, crop: Crop) -> Kept:
    return Kept(
        one.photo, one.width, one.height, crop, one.likeness, one.warnings, one.place, one.ref, one.group
    )


def _heard(kept: Sequence[Kept], *say: Line) -> Heard:
    return Heard([one.to_json() for one in kept], done=False, say=say)


WARNINGS = {
    "small": T(
        "รูปที่ {n} เล็กกว่า 640×480 อาจไม่คมชัด จะใช้รูปนี้หรือเอาออกก็ได้",
        "Photo {n} is smaller than 640×480 and may look blurred; keep it or take it out",
    ),
    "dark": T("รูปที่ {n} ค่อนข้างมืด จะใช้รูปนี้หรือเอาออกก็ได้", "Photo {n} is rather dark; keep it or take it out"),
    "blurred": T("รูปที่ {n} ดูไม่ค่อยชัด จะใช้รูปนี้หรือเอาออกก็ได้", "Photo {n} looks blurred; keep it or take it out"),
    "animated": T(
        "รูปที่ {n} เป็นภาพเคลื่อนไหว เก็บเฉพาะภาพแรก", "Photo {n} is an animation: only its first picture is kept"
    ),
}
SAME_AGAIN = T(
    "รูปที่ {n} เป็นรูปเดียวกับรูปที่ {other} จะใช้ทั้งสองรูปหรือเอาออกก็ได้",
    "Photo {n} is the same as photo {other}; keep both or take one out",
)
LIKE_ANOTHER = T(
    "รูปที่ {n} คล้ายรูปที่ {other} มาก จะใช้ทั้งสองรูปหรือเอาออกก็ได้",
    "Photo {n} looks just like photo {other}; keep both or take one out",
)
HAS_PLACE = T(
    "รูปที่ {n} มีพิกัดติดมาด้วย กดเลือกใช้ได้ในข้อพิกัด",
    "Photo {n} carries its place: you can choose it at the coordinates",
)
REMARKS = (*WARNINGS.values(), SAME_AGAIN, LIKE_ANOTHER, HAS_PLACE)
TAKE_OUT = T("เอารูปที่ {n} ออก", "Take photo {n} out")
REMOVED = T("เอารูปออกแล้ว", "The photo is out")
COVER_SET = T("ตั้งเป็นรูปปกแล้ว", "It is the cover now")
CROP_MOVED = T("เลื่อนกรอบรูปแล้ว", "The frame has moved")
TOO_MANY = T(
    "ใส่ได้ไม่เกิน {most} รูป รูปที่เกินไม่ได้เก็บไว้ ถ้าต้องการเปลี่ยน กด «จัดการรูป» เอารูปเดิมออกก่อน",
    "At most {most} photos: the others were not kept. To change one, take it out first under “Arrange photos”",
)
TOO_FEW = T("ยังไม่มีรูป กรุณาส่งอย่างน้อย {least} รูป", "No photo yet: please send at least {least}")
SO_FAR = T("ได้รับแล้ว {count} รูป (ไม่เกิน {most} รูป)", "{count} received (at most {most})")
FULL = T("ได้รับครบ {count} รูปแล้ว กด «เสร็จแล้ว» ได้เลย", "All {count} received: press “Done”")
PROGRESS = (SO_FAR, FULL)
ARRANGE = T("จัดการรูป ({count})", "Arrange photos ({count})")
COUNT = T("{count} รูป", "{count} photos")
ONE = T("{count} รูป", "{count} photo")
