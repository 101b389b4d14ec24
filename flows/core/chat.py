"""What comes in from a chat and what goes out to it, without a word about which chat service it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from flows.core.problem import Problem
from flows.core.text import Facts, Language, T

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

Crop = Literal["start", "centre", "end"]

# --- in: what an officer did. `ref` names the chat message it came in (a later edit of that message names it too).


@dataclass(frozen=True, slots=True)
class Said:
    text: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class SentPhoto:
    """A photo that has been fetched, checked and kept; its measures as they were taken."""

    photo: str  # sha-256 of what was sent: names the kept files
    width: int  # pixels, upright
    height: int
    warnings: tuple[str, ...] = ()  # "small", "dark", "blurred", "animated"
    likeness: str = ""  # 16 hex digits; like photos have like numbers
    place: tuple[float, float] | None = None  # latitude, longitude in degrees, from the file
    ref: str = ""
    group: str = ""  # the album it came in
    edited: bool = False  # it may take the place of the photo that the message had before


@dataclass(frozen=True, slots=True)
class RefusedPhoto:
    """A photo or file that could not be taken, and why."""

    problem: Problem
    ref: str = ""
    group: str = ""
    edited: bool = False


@dataclass(frozen=True, slots=True)
class SentPlace:
    latitude: float  # degrees, WGS84
    longitude: float
    accuracy: float | None = None  # metres, as the phone estimated it
    source: Literal["button", "pin", "venue", "live"] = "pin"
    name: str = ""  # of a venue
    ref: str = ""


@dataclass(frozen=True, slots=True)
class SentContact:
    number: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class SentOther:
    """A kind of message that answers nothing here."""

    kind: Literal["sticker", "voice", "video", "audio", "animation", "poll", "other"]
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button under a message: what it was made to do, and for which asking of the question."""

    move: str
    arg: str = ""
    serial: int = 0
    draft: int = 0


@dataclass(frozen=True, slots=True)
class Edit:
    """A message sent before, now with another text."""

    ref: str
    text: str


Inbound = Said | SentPhoto | RefusedPhoto | SentPlace | SentContact | SentOther | Pressed | Edit


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of a point from the LAOs imported nearest to it."""

    district: str = ""
    province: str = ""
    office_km: float | None = None  # from the officer's own LAO office; None when that has no coordinates
    office: tuple[float, float] | None = None  # latitude, longitude
    own_province: bool = True


# --- out: what the service says


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence with its facts; the facts are not markup and are escaped where they are shown."""

    say: T
    facts: Facts = field(default_factory=dict)

    def to(self, language: Language) -> str:
        return self.say.to(language, self.facts)


@dataclass(frozen=True, slots=True)
class Button:
    """`move` and `arg` come back as `Pressed`; with `url` it opens a page instead."""

    label: Line
    move: str = ""
    arg: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    photo: str
    size: Literal["web", "info", "thumbnail"] = "info"
    crop: Crop = "centre"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A province's progress as a picture, drawn at the moment it is sent, of what its reader may see then."""

    campaign: int
    province: str
    reader: int  # the chat of the coordinator who asked for it


@dataclass(frozen=True, slots=True)
class Listing:
    """The LAOs that lack anything as a spreadsheet, made at the moment it is sent, of what its reader may see then."""

    campaign: int
    province: str  # "" for all of the reader's
    reader: int  # the coordinator's chat


# What a question waits for: the chat service decides how best to ask for it.
Wants = Literal["nothing", "text", "choice", "photos", "place", "date", "phone"]


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to the chat.

    `lines` are joined by line breaks (an empty tuple with photos: an album without words).
    `slot`: a later reply of the same slot replaces this one where the chat service can edit messages.
    `place_button`: True puts up the phone's location button, False takes it away, None leaves it.
    """

    lines: tuple[Line, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    photos: tuple[ShownPhoto, ...] = ()
    wants: Wants = "nothing"
    slot: str = ""
    place_button: bool | None = None
    serial: int = 0  # of the question that the buttons belong to
    draft: int = 0  # its draft; 0 for buttons that belong to no form
    attached: Drawing | Listing | None = None  # instead of photos


@dataclass(frozen=True, slots=True)
class Toast:
    """A short word at the pressed button itself; plain text, at most 200 characters."""

    line: Line


Out = Reply | Toast
