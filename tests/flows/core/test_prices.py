"""Prices are read as they are said at the market, and shown in one way."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.core.prices import MOST, Price, read_price, shown
from flows.core.problem import Problem
from flows.core.text import LANGUAGES, TO_THAI_DIGITS, Language


def baht(low: str, high: str | None = None, unit: str = "") -> Price:
    return Price(Decimal(low), None if high is None else Decimal(high), unit)


def refused(text: str) -> str:
    problem = read_price(text)
    assert isinstance(problem, Problem), problem
    assert all(problem.say.to(language, problem.facts) for language in LANGUAGES)
    return problem.code


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("1,250", baht("1250")),
        ("1250", baht("1250")),
        ("๑๒๐ บาท", baht("120")),
        ("120บาท", baht("120")),
        ("120.50 บาท", baht("120.50")),
        ("120.-", baht("120")),
        ("120 บ.", baht("120")),
        ("฿120", baht("120")),
        ("1,250 บาทถ้วน", baht("1250")),
        ("ราคา 120 บาท", baht("120")),
        ("ราคา: 120", baht("120")),
        ("100-150", baht("100", "150")),
        ("100 – 150 บาท", baht("100", "150")),
        ("20 บาท - 50 บาท", baht("20", "50")),
        ("150-100", baht("100", "150")),
        ("100-100", baht("100")),
        ("100 ถึง 150 บาท/กิโลกรัม", baht("100", "150", "กิโลกรัม")),
        ("ชิ้นละ 50 บาท", baht("50", unit="ชิ้น")),
        ("ราคาชิ้นละ ๕๐", baht("50", unit="ชิ้น")),
        ("ชุดละ 100-200", baht("100", "200", "ชุด")),
        ("กก.ละ 120 บาท", baht("120", unit="กก.")),
        ("50 บาทต่อชุด", baht("50", unit="ชุด")),
        ("50 บาท ต่อ 1 ชุด", baht("50", unit="ชุด")),
        ("50/ชิ้น", baht("50", unit="ชิ้น")),
        ("50 บาท/3 ชิ้น", baht("50", unit="3 ชิ้น")),
        ("3 ชิ้น 100 บาท", baht("100", unit="3 ชิ้น")),
        ("100 baht per kg", baht("100", unit="kg")),
        ("20 บาท/กระบอกน้ำ", baht("20", unit="กระบอกน้ำ")),
        ("20 บาท/น้ํา", baht("20", unit="น้ำ")),
        ("ฟรี", baht("0")),
        ("Free", baht("0")),
        ("0", baht("0")),
        ("0 บาท/ชิ้น", baht("0")),
        ("0-50", baht("0", "50")),
        ("100,000,000", baht("100000000")),
    ],
)
def test_a_price_is_read_in_every_common_writing(text: str, price: Price) -> None:
    assert read_price(text) == price


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "price.unreadable"),
        ("แล้วแต่ตกลง", "price.unreadable"),
        ("120 120", "price.unreadable"),
        ("1,25", "price.unreadable"),
        ("1.999", "price.unreadable"),
        ("50 ชิ้น", "price.unreadable"),
        ("100 บาทขึ้นไป", "price.unreadable"),
        ("-50", "price.negative"),
        ("ราคา -50 บาท", "price.negative"),
        ("100,000,001", "price.too_high"),
        ("1-999999999", "price.too_high"),
        (f"50 บาท/{'ก' * 41}", "price.long_unit"),
    ],
)
def test_what_is_no_price_is_explained_and_a_right_one_is_then_read(text: str, code: str) -> None:
    assert refused(text) == code
    assert read_price("120 บาท") == baht("120")


amounts = st.decimals(0, MOST, places=2)
units = st.sampled_from(["", "ชิ้น", "กิโลกรัม", "กก.", "ชุด", "3 ชิ้น", "ขวด (เล็ก)", "box"])


@settings(deadline=None)
@given(amounts, amounts | st.none(), units, st.sampled_from(LANGUAGES))
def test_a_shown_price_is_read_back(
    low: Decimal, high: Decimal | None, unit: str, language: Language
) -> None:
    ends = sorted({low, low if high is None else high})
    price = Price(ends[0], ends[1] if len(ends) > 1 else None, "" if ends == [0] else unit)
    assert read_price(shown(price, language)) == price
    assert read_price(shown(price, language).translate(TO_THAI_DIGITS).replace("๓ ชิ้น", "3 ชิ้น")) == price


@settings(deadline=None)
@given(st.text(max_size=60) | st.text("0123456789๐๕,.-–/ บาทละต่อชิ้นฟรี฿", max_size=40))
@example("9" * 4000)
@example("ก" * 4000)
def test_no_text_whatever_raises(text: str) -> None:
    match read_price(text):
        case Problem(code=code):
            assert code.startswith("price.")
        case price:
            assert 0 <= price.low <= (price.low if price.high is None else price.high) <= MOST


def test_prices_are_shown_in_both_languages() -> None:
    price = baht("100", "1500", "กิโลกรัม")
    assert shown(price, "th") == "100–1,500 บาท / กิโลกรัม"
    assert shown(price, "en") == "100–1,500 baht / กิโลกรัม"
    assert shown(baht("0"), "th") == "ฟรี"
    assert shown(baht("12.50"), "th") == "12.50 บาท"
