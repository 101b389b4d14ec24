"""The province's picture: fits Telegram and a phone, tells stages apart without colours, keeps names readable."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from flows.core.progress import STAGES
from flows.core.roles import EVERYWHERE, Reach
from storage import fonts
from storage.lao_names import short_name
from storage.progress_picture import WIDTH, province_picture
from storage.progress_tiles import PAINTS, draw_tile
from tests.progress_samples import CAMPAIGN, NOW, standing, standings

SIZE = (329, 64)


def drawn(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png), formats=["PNG"])


def tile(stage: int, name: str = "") -> Image.Image:
    image = Image.new("RGB", SIZE, "white")
    draw_tile(image, (0, 0), SIZE, STAGES[stage], name)
    return image


@pytest.mark.parametrize(("laos", "districts"), [(1, 1), (110, 13), (334, 32), (450, 50)])
def test_a_province_of_any_size_fits_what_telegram_takes(laos: int, districts: int) -> None:
    png = province_picture(CAMPAIGN, "ลำปาง", standings(laos, districts), NOW)
    width, height = drawn(png).size
    assert width == WIDTH == 1080
    assert width + height <= 10_000
    assert height <= 20 * width
    assert len(png) < 10 * 1024 * 1024


def test_a_part_of_a_province_is_not_headed_as_the_province() -> None:
    part = Reach(districts=(("ลำปาง", "เกาะคา"),))
    one = [replace(standing("partly"), district="เกาะคา")]
    whole, its_part = (
        drawn(province_picture(CAMPAIGN, "ลำปาง", one, NOW, "th", reach)) for reach in (EVERYWHERE, part)
    )
    heading = (0, 0, WIDTH, 120)
    assert whole.size == its_part.size
    assert whole.crop(heading).tobytes() != its_part.crop(heading).tobytes()


def test_every_lao_has_its_tile() -> None:
    few, more = (
        drawn(province_picture(CAMPAIGN, "ลำปาง", standings(count, 1), NOW)).height for count in (3, 6)
    )
    assert more - few == 74  # one more row of three


def test_a_province_without_laos_still_has_a_picture() -> None:
    assert drawn(province_picture(CAMPAIGN, "ลำปาง", [], NOW)).width == WIDTH


def test_the_same_standings_give_the_same_picture_in_either_language() -> None:
    laos = standings(12)
    assert province_picture(CAMPAIGN, "ลำปาง", laos, NOW) == province_picture(
        CAMPAIGN, "ลำปาง", laos[::-1], NOW
    )
    assert province_picture(CAMPAIGN, "ลำปาง", laos, NOW, "en") != province_picture(
        CAMPAIGN, "ลำปาง", laos, NOW
    )


@pytest.mark.parametrize("one", range(len(STAGES)))
@pytest.mark.parametrize("other", range(len(STAGES)))
def test_tiles_are_told_apart_without_colours(one: int, other: int) -> None:
    """Black and white only, and either way round: what differs is the mark's shape."""
    if one != other:
        marks = [tile(stage).convert("L").crop((8, 8, 48, 56)) for stage in (one, other)]
        bits = [{mark.point(lambda v: 255 * (v > 128)).tobytes()} for mark in marks]
        turned = {marks[1].point(lambda v: 255 * (v <= 128)).tobytes()}
        assert not bits[0] & (bits[1] | turned)


def test_names_are_readable_on_their_tiles() -> None:
    for paint in PAINTS.values():
        assert contrast(paint.tint, "#1f2933") >= 7
        assert contrast(paint.strong, paint.mark) >= 4.5


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_name_never_runs_out_of_its_tile() -> None:
    name = "องค์การบริหารส่วนตำบลห้วยแก้วแม่ทะหนองหล่มโพธิ์ทองสามัคคีพัฒนาน้ำซึ้งตลอดปี"
    for stage in range(len(STAGES)):
        bare, full = tile(stage), tile(stage, name)
        edge = (SIZE[0] - 5, 0, *SIZE)
        assert bare.crop(edge).tobytes() == full.crop(edge).tobytes()
        assert bare.tobytes() != full.tobytes()


def test_names_are_shortened_as_offices_do() -> None:
    assert short_name("องค์การบริหารส่วนตำบลบ้านเอื้อม") == "อบต.บ้านเอื้อม"
    assert short_name("เทศบาลนครลำปาง") == "ทน.ลำปาง"
    assert short_name("องค์การบริหารส่วนจังหวัดลำปาง") == "อบจ.ลำปาง"
    assert short_name("เมืองพัทยา") == "เมืองพัทยา"


def test_bangkok_and_a_letter_without_a_date_are_drawn_too() -> None:
    campaign = replace(CAMPAIGN, letter_date=None)
    one = replace(standing("partly"), province="กรุงเทพมหานคร", district="")
    assert drawn(province_picture(campaign, "กรุงเทพมหานคร", [one], CAMPAIGN.deadline)).width == WIDTH


def test_the_font_comes_with_its_licence() -> None:
    assert fonts.REGULAR.is_file()
    assert fonts.BOLD.is_file()
    assert "SIL Open Font License" in (fonts.FOLDER / "OFL.txt").read_text(encoding="utf-8")
