"""How districts, provinces and somebody's part of one are named."""

from __future__ import annotations

import pytest

from flows.core.areas import MOST_DISTRICTS, part_in_words, places_in_words
from flows.core.roles import EVERYWHERE, Reach

BANGKOK = "กรุงเทพมหานคร"


@pytest.mark.parametrize(
    ("reach", "thai"),
    [
        (EVERYWHERE, "ทุกจังหวัด"),
        (Reach(provinces=("ลำปาง", "แพร่")), "จังหวัดลำปาง, แพร่"),
        (Reach(districts=(("ลำปาง", "เกาะคา"), ("ลำปาง", "งาว"))), "อำเภอเกาะคา, งาว (จังหวัดลำปาง)"),
        (
            Reach(("ลำปาง",), (("ลำปาง", "เกาะคา"), ("แพร่", "สอง"))),
            "จังหวัดลำปาง และอำเภอสอง (จังหวัดแพร่)",
        ),
        (Reach(), "-"),
    ],
)
def test_where_somebody_coordinates_is_said_in_words(reach: Reach, thai: str) -> None:
    assert places_in_words(reach).to("th") == thai


def of(province: str, *districts: str) -> Reach:
    return Reach(("แพร่",), tuple((province, one) for one in districts))


@pytest.mark.parametrize(
    ("reach", "province", "thai", "english"),
    [
        (EVERYWHERE, "ลำปาง", "จังหวัดลำปาง", "ลำปาง Province"),
        (EVERYWHERE, BANGKOK, BANGKOK, BANGKOK),
        (of("ลำปาง", "เกาะคา"), "แพร่", "จังหวัดแพร่", "แพร่ Province"),
        (of("ลำปาง", "เกาะคา"), "ลำปาง", "อำเภอเกาะคา จังหวัดลำปาง", "เกาะคา, ลำปาง"),
        (of("แพร่", "สอง"), "แพร่", "จังหวัดแพร่", "แพร่ Province"),
        (of(BANGKOK, "บางรัก"), BANGKOK, f"เขตบางรัก {BANGKOK}", f"บางรัก, {BANGKOK}"),
        (
            of("ลำปาง", "เกาะคา", "งาว"),
            "ลำปาง",
            "อำเภอเกาะคา, งาว จังหวัดลำปาง",
            "districts เกาะคา, งาว of ลำปาง",
        ),
        (of(BANGKOK, "ก", "ข"), BANGKOK, f"เขตก, ข {BANGKOK}", f"districts ก, ข of {BANGKOK}"),
        (of("ลำปาง", *"กขคงจฉ"), "ลำปาง", "6 อำเภอในจังหวัดลำปาง", "6 districts of ลำปาง"),
        (of(BANGKOK, *"กขคงจฉ"), BANGKOK, f"6 เขตใน{BANGKOK}", f"6 districts of {BANGKOK}"),
        (of("{ล}", "{ก}"), "{ล}", "อำเภอ{ก} จังหวัด{ล}", "{ก}, {ล}"),
    ],
)
def test_a_part_of_a_province_is_never_called_the_province(
    reach: Reach, province: str, thai: str, english: str
) -> None:
    said = part_in_words(reach, province)
    assert (said.to("th"), said.to("en")) == (thai, english)


def test_as_many_districts_as_fit_into_a_heading_are_named() -> None:
    names = [f"อำเภอที่{n}" for n in range(MOST_DISTRICTS)]
    said = part_in_words(of("ลำปาง", *names), "ลำปาง").to("th")
    assert all(name in said for name in names)
