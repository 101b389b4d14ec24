"""What each role may do, and where."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.core.roles import ACTS, EVERYWHERE, ROLE_LABELS, ROLE_MEANINGS, ROLES, Reach, may

LAMPANG, PHRAE = "ลำปาง", "แพร่"
names = st.text(min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("role", "cannot"),
    [
        ("admin", set()),
        ("coordinator", {"review", "people"}),
        ("reviewer", {"campaigns", "officers", "invitations", "broadcast", "people"}),
        ("viewer", {"review", "campaigns", "officers", "invitations", "broadcast", "people"}),
    ],
)
def test_each_role_may_do_what_it_is_for_and_nothing_else(role: str, cannot: set[str]) -> None:
    assert {act for act in ACTS if not may(role, act)} == cannot  # type: ignore[arg-type]


def test_every_role_has_a_name_and_a_meaning() -> None:
    assert set(ROLE_LABELS) == set(ROLE_MEANINGS) == set(ROLES)


def test_a_province_covers_all_its_districts_and_nothing_beside_it() -> None:
    reach = Reach((LAMPANG,))
    assert reach.covers(LAMPANG, "เกาะคา")
    assert not reach.covers(PHRAE, "เมืองแพร่")
    assert reach.touches(LAMPANG)
    assert not reach.touches(PHRAE)


def test_a_district_covers_itself_alone_and_not_its_namesake_elsewhere() -> None:
    reach = Reach((), ((LAMPANG, "เมือง"),))
    assert reach.covers(LAMPANG, "เมือง")
    assert not reach.covers(LAMPANG, "เกาะคา")
    assert not reach.covers(PHRAE, "เมือง")
    assert reach.touches(LAMPANG)


def test_an_empty_reach_covers_nothing_even_after_it_was_kept() -> None:
    kept = Reach.from_json(json.loads(json.dumps(Reach().to_json())))
    assert not kept.covers(LAMPANG, "เกาะคา")
    assert not kept.everywhere


def test_an_account_made_before_there_were_roles_reaches_everywhere() -> None:
    assert Reach.from_json({}) == EVERYWHERE
    assert EVERYWHERE.covers(LAMPANG, "เกาะคา")
    assert EVERYWHERE.touches(PHRAE)


def test_a_reach_that_cannot_be_read_is_an_error_and_not_everywhere() -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        Reach.from_json({"provinces": "ลำปาง"})


@given(
    st.builds(Reach, st.lists(names).map(tuple), st.lists(st.tuples(names, names)).map(tuple), st.booleans()),
    names,
    names,
)
def test_a_kept_reach_covers_what_it_covered_before(reach: Reach, province: str, district: str) -> None:
    again = Reach.from_json(json.loads(json.dumps(reach.to_json())))
    for place in [(province, district), *reach.districts, *((one, district) for one in reach.provinces)]:
        assert again.covers(*place) == reach.covers(*place)
