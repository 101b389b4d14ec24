"""The list of LAOs is read however offices save it, wholly or not at all, and answers what lies near a point."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.core.coordinates import LatLon, distance_km
from flows.core.phones import Phone
from storage import lao_file
from storage.db import Store
from storage.lao import Imported, Lao, around, import_laos, lao_of, nearest, search
from storage.lao_file import LaoFile, read_laos
from storage.tables import lao

SAMPLE = Path(lao_file.__file__).parent / "samples" / "lao.csv"
TON_THONG_CHAI = Lao(
    "5201005", "เทศบาลตำบลต้นธงชัย", "เทศบาลตำบล", "ลำปาง", "เมืองลำปาง", "ต้นธงชัย", LatLon(18.336, 99.516)
)
HEADINGS = "รหัส,ชื่อ อปท.,ประเภท,จังหวัด,อำเภอ,ตำบล,ละติจูด,ลองจิจูด"
ROW = "5201005,เทศบาลตำบลต้นธงชัย,เทศบาลตำบล,ลำปาง,เมืองลำปาง,ต้นธงชัย,18.336,99.516"


def read(*rows: str) -> LaoFile:
    return read_laos("\n".join([HEADINGS, *rows]).encode())


def codes(file: LaoFile) -> list[tuple[str, object]]:
    assert file.problems
    assert file.laos == (), "nothing is half-imported"
    return [(problem.code.removeprefix("lao_file."), problem.facts.get("line")) for problem in file.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_files_are_read_as_spreadsheets_save_them(encoding: str, delimiter: str, line_end: str) -> None:
    text = line_end.join([HEADINGS, ROW, ""]).replace(",", delimiter)
    assert read_laos(text.encode(encoding)) == LaoFile((TON_THONG_CHAI,))


def test_english_headings_in_any_order_and_unknown_columns_are_read() -> None:
    text = (
        "Province,District,website,NAME,Code,Latitude,Longitude\n"
        'ลำปาง,เมืองลำปาง,example.go.th,"เทศบาลตำบลต้นธงชัย",5201005,18.336,99.516\n'
    )
    assert read_laos(text.encode()).laos == (replace(TON_THONG_CHAI, subdistrict=""),)


def test_titles_notes_and_blank_lines_are_passed_over() -> None:
    text = f"รายชื่อ อปท. ปี 2560\n\n# หมายเหตุ, พิกัดโดยประมาณ\n{HEADINGS}\n,,,,,,,\n{ROW}\n\n"
    assert read_laos(text.encode()).laos == (TON_THONG_CHAI,)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("ทต.", "ต้นธงชัย"), ("ทต", "ทต.ต้นธงชัย"), ("", "ทต. ต้นธงชัย"), ("เทศบาลตำบล", "ต้นธงชัย"),
     ("", "เทศบาลตำบลต้นธงชัย"), ("", "เทศบาลตำบล ต้นธงชัย")],
)  # fmt: skip
def test_types_and_names_are_written_out_in_full(kind: str, name: str) -> None:
    row = f"๕๒๐๑๐๐๕,{name},{kind},จังหวัดลำปาง,อ.เมืองลำปาง,ต.ต้นธงชัย,๑๘.๓๓๖,๙๙.๕๑๖"
    assert read(row) == LaoFile((TON_THONG_CHAI,))


@pytest.mark.parametrize("place", [",", "0,0", "-,-", " , "])
def test_an_office_without_coordinates_is_taken(place: str) -> None:
    assert read(f"5201005,ทต.ต้นธงชัย,,ลำปาง,เมืองลำปาง,ต้นธงชัย,{place}").laos[0].office is None


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",ทต.ต้นธงชัย,,ลำปาง,เมืองลำปาง,ต้นธงชัย,,", "no_code"),
        ("5.2E+06,ทต.ต้นธงชัย,,ลำปาง,เมืองลำปาง,,,", "code_rounded"),
        ("52/01,ทต.ต้นธงชัย,,ลำปาง,เมืองลำปาง,,,", "bad_code"),
        ("5201006,,,ลำปาง,เมืองลำปาง,,,", "no_value"),
        ("5201006,ทต.ต้นธงชัย", "no_value"),
        (f"5201006,ทต.{'ก' * 200},,ลำปาง,เมืองลำปาง,,,", "too_long"),
        ("5201006,ต้นธงชัย,,ลำปาง,เมืองลำปาง,,,", "no_type"),
        ("5201006,ทต.ต้นธงชัย,,ลำปาง,เมืองลำปาง,,18.3,", "half_a_place"),
        ("5201006,ทต.ต้นธงชัย,,ลำปาง,เมืองลำปาง,,,99.5", "half_a_place"),
        ("5201006,ทต.ต้นธงชัย,,ลำปาง,เมืองลำปาง,,เหนือ,99.5", "bad_place"),
        ("5201006,ทต.ต้นธงชัย,,ลำปาง,เมืองลำปาง,,nan,99.5", "bad_place"),
        ("5201006,ทต.ต้นธงชัย,,ลำปาง,เมืองลำปาง,,99.5,18.3", "swapped_place"),
        ("5201006,ทต.ต้นธงชัย,,ลำปาง,เมืองลำปาง,,48.8,2.3", "place_outside"),
        (ROW, "code_twice"),
    ],
)
def test_a_bad_row_is_named_by_its_line_and_the_mended_file_is_read(row: str, code: str) -> None:
    assert codes(read(ROW, "", row)) == [(code, 4)]
    assert len(read(ROW, "", "5201006,ทต.ต้นธงชัย,,ลำปาง,เมืองลำปาง,,,").laos) == 2


def test_every_bad_row_is_named_at_once() -> None:
    file = read(",ก", ROW, '5201006,"ชื่อ\nสองบรรทัด",,ลำปาง,เมืองลำปาง', ",ข")
    assert codes(file) == [("no_code", 2), ("no_type", 4), ("no_code", 6)]
    assert "บรรทัดที่ 2:" in file.problems[0].say.to("th", file.problems[0].facts)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_headings"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "no_headings"),
        ("รหัส,ชื่อ อปท.\n1,2".encode(), "no_column"),
        (HEADINGS.encode(), "no_rows"),
        (f'{HEADINGS}\n"{"ก" * 140_000}'.encode(), "not_a_table"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_one_sentence(content: bytes, code: str) -> None:
    assert codes(read_laos(content)) == [(code, None)]


@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: f"{HEADINGS}\n{text}".encode(errors="replace"))
)
@settings(max_examples=150, deadline=None)
def test_no_file_breaks_the_reader(content: bytes) -> None:
    file = read_laos(content)
    assert bool(file.laos) != bool(file.problems)


def test_import_again_updates_by_code_and_forgets_nobody(store: Store, now: datetime) -> None:
    other = replace(TON_THONG_CHAI, code="5201002", name="เทศบาลนครลำปาง", type="เทศบาลนคร")
    assert store.run_now(import_laos, [TON_THONG_CHAI, other], now) == Imported(2, 0, 0)
    upgraded = replace(TON_THONG_CHAI, name="เทศบาลเมืองต้นธงชัย", type="เทศบาลเมือง", office=None)
    later = now + timedelta(days=1)
    third = replace(other, code="5201003")
    assert store.run_now(import_laos, [upgraded, other, third], later) == Imported(1, 1, 1)
    assert store.run_now(import_laos, [upgraded], later) == Imported(0, 0, 1)
    assert store.read_now(lao_of, "5201005") == upgraded
    assert store.read_now(lao_of, "5201002") == other
    assert store.read_now(lao_of, "0000000") is None


def test_full_names_say_the_district_and_the_province() -> None:
    assert TON_THONG_CHAI.full_name == "เทศบาลตำบลต้นธงชัย อำเภอเมืองลำปาง จังหวัดลำปาง"


@pytest.fixture(scope="module")
def laos() -> tuple[Lao, ...]:
    file = read_laos(SAMPLE.read_bytes())
    assert file.problems == ()
    return file.laos


@pytest.fixture
def sample(store: Store, laos: tuple[Lao, ...], now: datetime) -> Store:
    store.run_now(import_laos, laos, now)
    return store


def test_the_sample_has_several_provinces_and_some_offices_without_coordinates(sample: Store) -> None:
    known = sample.read_now(lambda tx: tx.execute(sa.select(lao.c.province, lao.c.latitude)).all())
    assert len({row.province for row in known}) == 5
    assert 0.6 < sum(row.latitude is not None for row in known) / len(known) < 0.8


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("ต้นธงชัย", "5201005"),
        ("ต้นธงชัย ลำปาง", "5201005"),
        ("๕๒๐๑๐๐๕", "5201005"),
        ("เมืองลําปาง ต้นธง", "5201005"),
    ],
)
def test_laos_are_found_by_words_of_name_and_place(sample: Store, words: str, first: str) -> None:
    assert [one.code for one in sample.read_now(search, words)] == [first]


def test_signs_in_searched_words_are_only_signs(sample: Store) -> None:
    assert sample.read_now(search, "%") == sample.read_now(search, "_") == []


@pytest.fixture(scope="module")
def sample_once(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, laos: tuple[Lao, ...]
) -> Iterator[Store]:
    file = tmp_path_factory.mktemp("sample") / "lao.sqlite3"
    shutil.copy(sqlite_template, file)
    store = Store(f"sqlite:///{file}")
    store.run_now(import_laos, laos, datetime(2017, 1, 16, tzinfo=UTC))
    yield store
    store.close()


@given(latitude=st.floats(5.6, 20.4), longitude=st.floats(97.4, 105.6), limit=st.integers(1, 6))
@settings(max_examples=60, deadline=None)
def test_the_nearest_offices_are_those_nearest_on_the_globe(
    sample_once: Store, laos: tuple[Lao, ...], latitude: float, longitude: float, limit: int
) -> None:
    point = LatLon(latitude, longitude)
    far = [(distance_km(point, one.office), one.code) for one in laos if one.office]
    assert [one.code for one in sample_once.read_now(nearest, point, limit)] == [
        code for _, code in sorted(far)[:limit]
    ]


def test_a_point_is_said_to_lie_around_the_nearest_office(sample: Store) -> None:
    waterfall = LatLon(18.3400, 99.5200)
    known = sample.read_now(around, waterfall, TON_THONG_CHAI)
    assert (known.district, known.province, known.own_province) == ("เมืองลำปาง", "ลำปาง", True)
    assert known.office_km == pytest.approx(0.61, abs=0.02)
    assert known.office == (18.336, 99.516)


def test_a_point_in_another_province_is_told(sample: Store) -> None:
    known = sample.read_now(around, LatLon(18.79, 98.99), replace(TON_THONG_CHAI, office=None))
    assert (known.district, known.province, known.own_province) == ("เมืองเชียงใหม่", "เชียงใหม่", False)
    assert (known.office_km, known.office) == (None, None)


def test_nothing_is_claimed_of_a_point_far_from_every_office(sample: Store) -> None:
    known = sample.read_now(around, LatLon(15.0, 99.0), TON_THONG_CHAI)
    assert (known.district, known.province, known.own_province) == ("", "", True)
    assert known.office_km == pytest.approx(375, abs=5)


def with_phone(heading: str, *cells: str) -> LaoFile:
    rows = [ROW.replace("5201005", str(5201005 + n)) + "," + cell for n, cell in enumerate(cells)]
    return read_laos("\n".join([f"{HEADINGS},{heading}", *rows]).encode())


@pytest.mark.parametrize(
    "heading", ["phone", "Tel.", "Telephone", "เบอร์โทร", "โทรศัพท์", "เบอร์โทรศัพท์", "หมายเลขโทรศัพท์"]
)
def test_a_column_of_telephone_numbers_is_read_under_any_of_its_names(heading: str) -> None:
    file = with_phone(heading, "054-000-001", "", "-")
    assert [one.phones for one in file.laos] == [(Phone("054000001"),), (), ()]
    assert file.has_phones


@pytest.mark.parametrize(
    ("written", "phones"),
    [
        ("0 5400 0001 ต่อ 12", (Phone("054000001", "12"),)),
        ("+66 54 000 001", (Phone("054000001"),)),
        ("๐๕๔-๐๐๐-๐๐๑", (Phone("054000001"),)),
        ('"054-000001, 081-000-0002"', (Phone("054000001"), Phone("0810000002"))),
        ("54000001", (Phone("054000001"),)),  # a spreadsheet has eaten the zero
        ("810000002", (Phone("0810000002"),)),
        ("1669", (Phone("1669"),)),
    ],
)
def test_telephone_numbers_are_read_as_offices_write_them(written: str, phones: tuple[Phone, ...]) -> None:
    assert [one.phones for one in with_phone("โทร.", written).laos] == [phones]


def test_a_telephone_number_that_cannot_be_read_is_named_by_its_line_and_reads_once_mended() -> None:
    file = with_phone("โทร.", "054-000-001", "054-00", "สอบถามปลัด")
    assert codes(file) == [("bad_phone", 3), ("bad_phone", 4)]
    assert "054-00" in file.problems[0].say.to("th", file.problems[0].facts)
    assert len(with_phone("โทร.", "054-000-001", "054-000-002", "").laos) == 3


def test_telephone_numbers_are_kept_and_a_list_without_the_column_does_not_wipe_them(
    store: Store, now: datetime
) -> None:
    one = replace(TON_THONG_CHAI, phones=(Phone("054000001", "12, 13"), Phone("0810000002")))
    store.run_now(import_laos, [one], now)
    assert store.read_now(lao_of, one.code) == one
    assert store.run_now(import_laos, [TON_THONG_CHAI], now, False) == Imported(0, 0, 1)
    assert store.read_now(lao_of, one.code) == one
    assert store.run_now(import_laos, [TON_THONG_CHAI], now, True) == Imported(0, 1, 0)
    assert store.read_now(lao_of, one.code) == TON_THONG_CHAI


def test_the_sample_list_has_telephone_numbers_that_nobody_has() -> None:
    laos = read_laos(SAMPLE.read_bytes()).laos
    numbers = [phone.number for one in laos for phone in one.phones]
    assert len(numbers) > len(laos) / 2
    assert all(re.fullmatch(r"0\d\d000\d{3}", number) for number in numbers)
    assert any(not one.phones for one in laos)
