"""Reads prices in baht: an amount or a range, and what is sold for it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from flows.core.problem import Problem
from flows.core.text import Language, T, arabic_digits, one_line

MOST = Decimal(100_000_000)
MOST_UNIT_LETTERS = 40

_FREE = {"ฟรี", "free", "แจกฟรี", "ไม่คิดค่าใช้จ่าย", "ไม่มีค่าใช้จ่าย", "ไม่เสียค่าใช้จ่าย", "free of charge", "ให้ฟรี"}
_AMOUNT = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(?:\.[0-9]{1,2})?"
_BAHT = r"(?:บาทถ้วน|บาท\.?|บ\.|฿|baht|thb)"
_UNIT = r"(?:[0-9]{1,4}\s*)?[^\W\d_](?:[^\d/,;:+=@#<>{}\\]|(?<=[^\d\s])\d)*"
_LEAD = r"(?:ราคา(?:ขาย|ปลีก|ส่ง)?|ขาย|จำหน่าย|price)?\s*(?:ประมาณ|about)?\s*[:=]?\s*"
_RANGE = rf"(?P<low>{_AMOUNT})\s*{_BAHT}?(?:\s*(?:-|ถึง|to|~)\s*฿?\s*(?P<high>{_AMOUNT}))?"
_END = r"\s*(?:\.-|,-|-)?\s*"
_SHAPES = (
    # "100-150 บาท / กิโลกรัม", "1,250", "100 baht per kg"
    re.compile(
        rf"{_LEAD}฿?\s*{_RANGE}{_END}{_BAHT}?(?:\s*(?:/|ต่อ|per\b)\s*(?:1\s*)?(?P<unit>{_UNIT}))?", re.I
    ),
    # "50 บาท ชิ้น"; without the word baht it could as well be fifty pieces
    re.compile(rf"{_LEAD}{_RANGE}{_END}{_BAHT}\s+(?P<unit>{_UNIT})", re.I),
    # "ชิ้นละ 50 บาท"
    re.compile(rf"{_LEAD}(?P<unit>{_UNIT}?)\s*ละ\s*{_RANGE}{_END}{_BAHT}?", re.I),
    # "3 ชิ้น 100 บาท"
    re.compile(rf"{_LEAD}(?P<unit>[0-9]{{1,4}}\s*[^\W\d_][^\d/,]*?)\s+{_RANGE}{_END}{_BAHT}", re.I),
)
_NEGATIVE = re.compile(rf"{_LEAD}฿?\s*-\s*[0-9]", re.I)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−〜～", "-"))

UNREADABLE = Problem(
    "price.unreadable",
    T(
        "อ่านราคาไม่ออก พิมพ์เป็นตัวเลข เช่น 120 บาท, 100-150 บาท/กิโลกรัม หรือ ฟรี",
        "This price cannot be read; type numbers, such as 120 baht, 100-150 baht/kg or free.",
    ),
)
_NEGATIVE_PRICE = Problem(
    "price.negative",
    T(
        "ราคาต้องไม่น้อยกว่า 0 เช่น 120 บาท หรือ ฟรี",
        "A price cannot be below 0; type for example 120 baht, or free.",
    ),
)
_TOO_HIGH = Problem(
    "price.too_high",
    T("ราคาสูงเกินไป พิมพ์ไม่เกิน {most} บาท", "This price is too high; type at most {most} baht."),
    {"most": int(MOST)},
)
_LONG_UNIT = Problem(
    "price.long_unit",
    T(
        "หน่วยขายยาวเกินไป พิมพ์สั้น ๆ ไม่เกิน {most} ตัวอักษร เช่น 50 บาท/ชิ้น",
        "The unit is too long; keep it within {most} letters, such as 50 baht/piece.",
    ),
    {"most": MOST_UNIT_LETTERS},
)


@dataclass(frozen=True, slots=True)
class Price:
    """Baht; `high` only for a range, `unit` is what is sold for it (empty when not said)."""

    low: Decimal
    high: Decimal | None = None
    unit: str = ""


def read_price(text: str) -> Price | Problem:
    plain = _plain(text)
    if plain.casefold() in _FREE:
        return Price(Decimal(0))
    if _NEGATIVE.match(plain):
        return _NEGATIVE_PRICE
    for shape in _SHAPES:
        if (match := shape.fullmatch(plain)) is not None:
            return _price(match["low"], match["high"], match["unit"])
    return UNREADABLE


def _plain(text: str) -> str:
    """One line with usual digits, dashes and blanks; sara am stays one letter."""
    plain = unicodedata.normalize("NFKC", one_line(text)[:200]).replace("\u0e4d\u0e32", "\u0e33")
    return " ".join(arabic_digits(plain).translate(_DASHES).split())


def _price(low: str, high: str | None, unit: str | None) -> Price | Problem:
    amounts = sorted({_amount(low), _amount(high or low)})
    if amounts[-1] > MOST:
        return _TOO_HIGH
    if amounts == [0]:
        return Price(Decimal(0))
    unit = (unit or "").strip()
    if len(unit) > MOST_UNIT_LETTERS:
        return _LONG_UNIT
    return Price(amounts[0], amounts[1] if len(amounts) > 1 else None, unit)


def _amount(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))


def shown(price: Price, language: Language) -> str:
    """`100–150 บาท / กิโลกรัม`, or the word for free."""
    if price.high is None and price.low == 0:
        return "ฟรี" if language == "th" else "Free"
    amounts = "–".join(_written(amount) for amount in (price.low, price.high) if amount is not None)
    baht = f"{amounts} {'บาท' if language == 'th' else 'baht'}"
    return f"{baht} / {price.unit}" if price.unit else baht


def _written(amount: Decimal) -> str:
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
