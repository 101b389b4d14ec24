"""Filters in an address."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from admin_web.filters import grouped_categories, read_filters, read_place, written, written_place
from flows import CATALOGUE
from storage.review_queue import Filters, Place
from tests.admin_web.samples import NOW


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(form="news"),
        Filters(form="landmark", category="nature"),
        Filters(province="ลำปาง", district="เกาะคา", lao_code="5520401"),
        Filters(status=None),
        Filters(status="rejected", shown=False, words="a&b=c#?"),
    ],
)
def test_filters_are_read_back_as_they_were_written(filters: Filters) -> None:
    assert read_filters(dict(parse_qsl(written(filters)[1:]))) == filters


def test_no_filter_is_no_query() -> None:
    assert written(Filters()) == ""
    assert read_filters({}) == Filters()


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        ({"type": "landmark.nature"}, Filters(form="landmark", category="nature")),
        ({"type": "landmark.nature", "form": "news"}, Filters(form="news")),
        ({"type": "landmark.nothing"}, Filters()),
        ({"form": "nothing"}, Filters()),
        ({"type": "landmark."}, Filters()),
        ({"status": "nothing"}, Filters()),
        ({"q": "  สอง \n คำ "}, Filters(words="สอง คำ")),
        ({"q": "ก" * 5000}, Filters(words="ก" * 100)),
    ],
)
def test_filters_that_contradict_or_mean_nothing_are_left_out(
    query: dict[str, str], filters: Filters
) -> None:
    assert read_filters(query) == filters


def test_a_district_or_lao_without_its_province_is_read_too() -> None:
    assert read_filters({"district": "เกาะคา"}) == Filters(district="เกาะคา")
    assert read_filters({"lao": "5520401"}) == Filters(lao_code="5520401")


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+23:00"])
def test_a_place_outside_of_time_is_no_place(at: str) -> None:
    assert read_place(f"{at}_1") is None


def test_a_place_in_the_queue_is_read_back_as_it_was_written() -> None:
    place = Place(NOW.replace(microsecond=123456), 42)
    assert read_place(written_place(place)) == place
    assert [read_place(text) for text in ("", "x", "2017-01-01T00:00:00_1", f"{NOW.isoformat()}_x")] == [
        None
    ] * 4


def test_types_can_be_chosen_for_every_form() -> None:
    assert [flow.key for flow, _ in grouped_categories("")] == list(CATALOGUE)
    assert [flow.key for flow, _ in grouped_categories("news")] == ["news"]
