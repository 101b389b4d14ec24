"""Reads Thai phone numbers: landlines, mobiles, hotlines, extensions, several in one message."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from flows.core.problem import Problem
from flows.core.text import Language, T, arabic_digits, tidy

MOST = 10

_SEPARATORS = re.compile(r"[,;\n/|&]|และ|หรือ|กับ|\band\b|\bor\b", re.I)
_EXTENSION = re.compile(
    r"(?:ต่อ|กด|\bext(?:ension)?\b\.?|#|(?<=[\d\s])x)\s*\.?\s*(?:เบอร์|หมายเลข)?\s*(\d{1,6}(?:\s*-\s*\d{1,6})?)\D*$",
    re.I,
)
_FAX = re.compile(r"โทรสาร|แฟ[กค]ซ์?|แฟ๊กซ์|\bfax\b", re.I)
_UNTIL = re.compile(r"ถึง|\bto\b", re.I)
_RANGE = re.compile(r"^(.*\d)\s*-\s*(\d{1,2})$")
_WORDS = re.compile(r"[^\d+()\-.\s]+")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))

UNREADABLE = Problem(
    "phone.unreadable",
    T(
        "อ่านเบอร์โทรไม่ออก พิมพ์เฉพาะตัวเลข เช่น 081-234-5678 หรือ 054-123-456 ต่อ 1",
        "This phone number cannot be read; type only digits, such as 081-234-5678 or 054-123-456 ext. 1.",
    ),
)
_TOO_MANY = Problem(
    "phone.too_many",
    T("ใส่ได้ไม่เกิน {most} เบอร์ เลือกเบอร์ที่ใช้ติดต่อจริง", "At most {most} numbers fit; choose those really in use."),
    {"most": MOST},
)
_ONLY_FAX = Problem(
    "phone.fax",
    T(
        "เบอร์นี้เป็นโทรสาร พิมพ์เบอร์โทรศัพท์ที่โทรติดต่อได้ เช่น 054-123-456",
        "This is a fax number; type a number that people can call, such as 054-123-456.",
    ),
)


@dataclass(frozen=True, slots=True)
class Phone:
    """National digits such as `0812345678` or `1669`; the extension `1`, `101-105` or `101, 102`."""

    number: str
    extension: str = ""


def read_phones(text: str) -> tuple[Phone, ...] | Problem:
    """Every number in the message, in its order, each once; the first one that is wrong is the Problem."""
    voice, fax = _parted(arabic_digits(unicodedata.normalize("NFKC", tidy(text))).translate(_DASHES))
    pieces = [piece for part in voice for piece in _pieces(part)]
    if not pieces:
        return _ONLY_FAX if any(_digits(part) for part in fax) else UNREADABLE
    phones: list[Phone] = []
    for piece in pieces:
        if phones and _is_another_extension(piece, phones[-1].extension):
            phones[-1] = replace(phones[-1], extension=f"{phones[-1].extension}, {_digits(piece)}")
            continue
        read = _read_piece(piece)
        if isinstance(read, Problem):
            return read
        phones += read
    once = tuple(dict.fromkeys(phones))
    return once if len(once) <= MOST else _TOO_MANY


def _parted(plain: str) -> tuple[list[str], list[str]]:
    """What is for calling, and what follows the word fax up to the next mention of a telephone or line."""
    voice, *rest = _FAX.split(plain)
    parts, fax = [voice], []
    for piece in rest:
        number, *after = re.split(r"\n|(?=โทร|มือถือ|\btel)", piece, maxsplit=1, flags=re.I)
        fax.append(number)
        parts += after
    # "โทร./โทรสาร 054-…" is one number for both
    if not any(map(_digits, parts)) and re.search(r"โทร|tel", voice, re.I):
        return fax, []
    return parts, fax


def _pieces(plain: str) -> list[str]:
    """The stretches that hold one number each."""
    pieces = []
    for piece in _SEPARATORS.split(plain):
        numbers = [
            word for word in piece.split() if 9 <= len(_digits(word)) <= 10 and _digits(word)[0] == "0"
        ]
        pieces += numbers if len(numbers) > 1 and not _EXTENSION.search(piece) else [piece]
    return [piece for piece in pieces if _digits(piece)]


def _digits(text: str) -> str:
    return "".join(re.findall(r"[0-9]", text))


def _is_another_extension(piece: str, before: str) -> bool:
    """Whether bare digits after `ต่อ 101,` go on with extensions; of the same length they do, 1669 does not."""
    digits = piece.strip()
    if not before or not re.fullmatch(r"[0-9]{1,5}", digits):
        return False
    return not _is_known_hotline(digits) or len(digits) == len(re.split(r"\D+", before)[-1]) == 3


def _read_piece(piece: str) -> list[Phone] | Problem:
    extension = ""
    if (match := _EXTENSION.search(piece)) is not None:
        extension, piece = re.sub(r"\s", "", match[1]), piece[: match.start()]
    bare = " ".join(_WORDS.sub(" ", _UNTIL.sub("-", piece)).split()).strip(" .-")
    if (match := _RANGE.match(bare)) is not None and _is_whole(_digits(match[1])):
        return _run(match[1], match[2], extension)
    number = _number(bare)
    return number if isinstance(number, Problem) else [Phone(number, extension)]


def _is_whole(digits: str) -> bool:
    """Whether the digits are already all of a landline's nine or a mobile's ten."""
    return len(digits) == (10 if digits[:2] in ("06", "08", "09") else 9) and digits[:1] == "0"


def _run(first: str, last: str, extension: str) -> list[Phone] | Problem:
    """Neighbouring numbers written as `053-123456-8`: the last digits stand in for the first one's."""
    start = _number(first)
    if isinstance(start, Problem):
        return start
    stem, tail = start[: -len(last)], start[-len(last) :]
    if not 0 < int(last) - int(tail) < MOST:
        return Problem(
            "phone.range",
            T(
                "อ่านช่วงเบอร์ {typed} ไม่ออก พิมพ์ทีละเบอร์ คั่นด้วยจุลภาค เช่น 053-123-456, 053-123-457",
                "The range {typed} cannot be read; type each number, with commas between, such as 053-123-456, 053-123-457.",
            ),
            {"typed": f"{first.strip()}-{last}"},
        )
    return [Phone(f"{stem}{n:0{len(last)}}", extension) for n in range(int(tail), int(last) + 1)]


def _number(bare: str) -> str | Problem:
    """National digits of one number."""
    digits = _digits(bare)
    if (hotline := _hotline(digits)) is not None:
        return hotline
    parsed = _parsed(bare)
    if parsed is not None and parsed.country_code != 66:
        return _foreign(bare)
    if parsed is not None and phonenumbers.is_valid_number(parsed):
        return _digits(phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL))
    return _unknown(bare) if parsed is not None and _is_whole(digits) else _wrong_length(bare, digits)


def _parsed(bare: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(bare, "TH")
    except NumberParseException:
        return None


def _hotline(digits: str) -> str | None:
    """1669 and its like; of three digits only those in use, for any three could as well be an extension."""
    if digits[:1] != "1" or not (len(digits) == 4 or _is_known_hotline(digits)):
        return None
    return digits if phonenumbers.is_possible_short_number_for_region(_short(digits), "TH") else None


def _is_known_hotline(digits: str) -> bool:
    return len(digits) in (3, 4) and phonenumbers.is_valid_short_number_for_region(_short(digits), "TH")


def _short(digits: str) -> PhoneNumber:
    return PhoneNumber(country_code=66, national_number=int(digits))


def _foreign(bare: str) -> Problem:
    return Problem(
        "phone.foreign",
        T(
            "{typed} เป็นเบอร์ต่างประเทศ พิมพ์เบอร์ในประเทศไทย เช่น 081-234-5678",
            "{typed} is a foreign number; type a Thai one, such as 081-234-5678.",
        ),
        {"typed": bare[:40]},
    )


def _unknown(bare: str) -> Problem:
    return Problem(
        "phone.unknown",
        T(
            "ไม่มีเบอร์ไทยที่ขึ้นต้นแบบ {typed} ตรวจตัวเลขอีกครั้ง เช่น 081-234-5678 หรือ 054-123-456",
            "No Thai number begins like {typed}; check the digits, such as 081-234-5678 or 054-123-456.",
        ),
        {"typed": bare[:40]},
    )


def _wrong_length(bare: str, digits: str) -> Problem:
    return Problem(
        "phone.length",
        T(
            "{typed} มี {count} หลัก เบอร์บ้านต้องมี 9 หลัก และมือถือ 10 หลัก เช่น 081-234-5678",
            "{typed} has {count} digits; a landline has 9 and a mobile 10, such as 081-234-5678.",
        ),
        {"typed": bare[:40], "count": len(digits)},
    )


def shown(phone: Phone, language: Language = "th") -> str:
    """`081-234-5678`, `054-123-456 ต่อ 1`, `1669`."""
    number = "-".join(_groups(phone.number))
    if not phone.extension:
        return number
    return f"{number} {'ต่อ' if language == 'th' else 'ext.'} {phone.extension}"


def dialled(phone: Phone, language: Language = "th") -> str:
    """`+66-54-123-456 ต่อ 1`: chat apps make a number that can be tapped only of the international form."""
    if not phone.number.startswith("0"):
        return shown(phone, language)
    return "+66-" + shown(phone, language).removeprefix("0")


def _groups(number: str) -> list[str]:
    if len(number) < 9:
        return [number]
    if len(number) == 10 and number[0] == "1":
        return [number[:4], number[4:7], number[7:]]
    first = 2 if number.startswith("02") else 3
    return [number[:first], number[first : first + 3], number[first + 3 :]]


def tel_uri(phone: Phone) -> str:
    """What a phone dials when the number is touched, with the first extension."""
    if not phone.number.startswith("0"):
        return f"tel:{phone.number}"
    extension = re.match(r"\d+", phone.extension)
    return f"tel:+66{phone.number[1:]}" + (f";ext={extension[0]}" if extension else "")
