"""A place: from the phone, a pin, or anything typed; said back with its district and how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from flows.core import coordinates
from flows.core.areas import area_of
from flows.core.chat import Around, Inbound, Json, Line, Pressed, Said, SentPlace, Wants
from flows.core.coordinates import LatLon
from flows.core.fields import Field, Heard, Hearing
from flows.core.problem import Problem
from flows.core.text import Language, T

FAR_KM = 30.0
COARSE_METRES = 300.0


@dataclass(frozen=True, slots=True)
class Pin:
    """A place as it is stored, with what was known of it when it was given."""

    latitude: float
    longitude: float
    source: str
    accuracy: float | None = None  # metres
    district: str = ""
    province: str = ""
    office_km: float | None = None

    @property
    def point(self) -> LatLon:
        return LatLon(self.latitude, self.longitude)

    def to_json(self) -> dict[str, Json]:
        return {
            "latitude": self.latitude, "longitude": self.longitude, "source": self.source, "accuracy": self.accuracy,
            "district": self.district, "province": self.province, "office_km": self.office_km,
        }  # fmt: skip


def pin_of(value: Json) -> Pin | None:
    """The place of a stored answer."""
    if not isinstance(value, Mapping) or "latitude" not in value:
        return None
    accuracy, office_km = value.get("accuracy"), value.get("office_km")
    return Pin(
        latitude=float(str(value["latitude"])),
        longitude=float(str(value["longitude"])),
        source=str(value.get("source", "")),
        accuracy=None if accuracy is None else float(str(accuracy)),
        district=str(value.get("district", "")),
        province=str(value.get("province", "")),
        office_km=None if office_km is None else float(str(office_km)),
    )


@dataclass(frozen=True, slots=True)
class Given:
    """A place as it was read from a message, before anything is known of what lies around it."""

    point: LatLon
    source: str
    accuracy: float | None = None
    swapped: bool = False


def given_in(inbound: Inbound, near: LatLon | None) -> Given | Problem | None:
    """The place that a message gives; None where it is no such message. `near` completes a short plus code."""
    match inbound:
        case SentPlace():
            point = LatLon(round(inbound.latitude, 6), round(inbound.longitude, 6))
            if not coordinates.inside_thailand(point):
                return coordinates.outside(point)
            return Given(point, inbound.source, inbound.accuracy)
        case Said(text=text) if text.strip() in (LOCATION_BUTTON.th, LOCATION_BUTTON.en):
            return Problem("coordinates.button_as_text", BUTTON_AS_TEXT)
        case Said(text=text):
            reading = coordinates.read_coordinates(text, near)
            if isinstance(reading, Problem):
                return reading
            return Given(reading.point, reading.how, swapped=reading.swapped)
        case Pressed(move="gps", arg=arg):
            try:
                latitude, longitude = map(float, arg.split("_"))
            except ValueError:
                return None
            point = LatLon(latitude, longitude)
            return Given(point, "photo") if coordinates.inside_thailand(point) else coordinates.outside(point)
        case _:
            return None


@dataclass(frozen=True, slots=True)
class Place(Field):
    """A point in Thailand. Answered: what `Pin.to_json` gives."""

    wants: ClassVar[Wants] = "place"
    wrong_kind: ClassVar[T] = T(
        "ข้อนี้ให้ส่งตำแหน่ง กดปุ่มส่งตำแหน่ง หรือกด 📎 แล้วปักหมุด หรือพิมพ์พิกัดก็ได้",
        "This question needs a place: press the location button, tap 📎 and drop a pin, or type coordinates",
    )

    @property
    def question(self) -> T:
        return self.ask or T(
            "ส่งตำแหน่ง ปักหมุด วางลิงก์ Google Maps หรือพิมพ์พิกัด",
            "Send a location or a pin, paste a Google Maps link, or type the coordinates",
        )

    def hear(self, inbound: Inbound, hearing: Hearing) -> Heard | Problem | None:
        given = given_in(inbound, None if hearing.around is None else near_of(hearing.around))
        if given is None or isinstance(given, Problem):
            return given
        around = hearing.around or Around()
        pin = Pin(
            given.point.latitude, given.point.longitude, given.source, given.accuracy,
            around.district, around.province, around.office_km,
        )  # fmt: skip
        said = [Line(SWAPPED)] if given.swapped else []
        said.append(where(pin))
        if given.accuracy is not None and given.accuracy > COARSE_METRES:
            said.append(Line(COARSE, {"metres": round(given.accuracy)}))
        return Heard(pin.to_json(), say=tuple(said), confirm=far(around))

    def shown(self, answer: Json, language: Language) -> str:
        pin = pin_of(answer)
        if pin is None:
            return ""
        words = coordinates.shown(pin.point)
        return f"{words} ({area_of(pin.district, pin.province).to(language)})" if pin.province else words

    def still_reads(self, answer: Json) -> bool:
        return pin_of(answer) is not None


def near_of(around: Around) -> LatLon | None:
    return LatLon(*around.office) if around.office else None


def where(pin: Pin) -> Line:
    point = coordinates.shown(pin.point)
    if not pin.province:
        return Line(POINT, {"point": point})
    area = area_of(pin.district, pin.province)
    if pin.office_km is None:
        return Line(POINT_IN, {"point": point, "area": area})
    return Line(POINT_IN_AND_FAR, {"point": point, "area": area, "km": float(pin.office_km)})


def far(around: Around) -> Line | None:
    """The question to ask before a place far from the LAO is taken, None when it is near enough."""
    if around.office_km is not None:
        return Line(FAR) if around.office_km > FAR_KM else None
    return None if around.own_province else Line(OTHER_PROVINCE, {"province": around.province})


# The phone's own location button: on some computers it only sends its label as text.
LOCATION_BUTTON = T("📍 ส่งตำแหน่งที่อยู่ตอนนี้", "📍 Send my location now")
BUTTON_AS_TEXT = T(
    "ปุ่มนี้ใช้ได้เฉพาะในแอปบนมือถือ ถ้าใช้คอมพิวเตอร์ ให้พิมพ์พิกัดหรือวางลิงก์ Google Maps แทน",
    "That button only works in the app on a phone: on a computer, type the coordinates or paste a Google Maps link",
)
POINT = T("พิกัด {point}", "Coordinates {point}")
POINT_IN = T("พิกัด {point} อยู่แถว{area}", "Coordinates {point}, around {area}")
POINT_IN_AND_FAR = T(
    "พิกัด {point} อยู่แถว{area} ห่างจากสำนักงาน {km} กม.",
    "Coordinates {point}, around {area}, {km} km from the office",
)
SWAPPED = T("ละติจูดกับลองจิจูดสลับกัน จึงสลับกลับให้แล้ว", "Latitude and longitude were swapped; they are put right")
COARSE = T(
    "ตำแหน่งจากโทรศัพท์อาจคลาดเคลื่อนราว {metres} เมตร ถ้าต้องการให้ตรง ปักหมุดใหม่ได้",
    "The phone may be off by about {metres} metres; drop a pin if you want it exact",
)
FAR = T("จุดนี้อยู่ไกลจากสำนักงาน ใช่จุดที่ต้องการหรือไม่", "This is far from the office. Is it the right place?")
OTHER_PROVINCE = T(
    "จุดนี้อยู่แถวจังหวัด{province} ใช่จุดที่ต้องการหรือไม่", "This is around {province}. Is it the right place?"
)
