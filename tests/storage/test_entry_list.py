"""The entries of a province are those of its LAOs, also when one is moved, and an index has them in order."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from flows.core.roles import EVERYWHERE, Reach
from storage import review_queue
from storage.db import Store, Tx
from storage.lao import import_laos
from storage.review_queue import Filters
from storage.tables import submission
from tests.conftest import on_sqlite
from tests.storage.deadline_town import KOKHA, LAOS, PHRAE, DeadlineTown, statements

MOVED = [replace(one, province="แพร่") if one.code == KOKHA else one for one in LAOS]


@pytest.fixture
def town(store: Store, now: datetime) -> DeadlineTown:
    return DeadlineTown(store, now)


def numbers(town: DeadlineTown, reach: Reach = EVERYWHERE, **filters: str | None) -> list[str]:
    narrow = Filters(**{"status": None, **filters})  # type: ignore[arg-type]
    page = town.store.read_now(review_queue.queue, narrow, None, None, reach)
    assert page.count == len(page.entries)
    return [one.number for one in page.entries]


def test_an_lao_that_is_moved_takes_its_entries_to_the_other_province(town: DeadlineTown) -> None:
    moved, stays = town.sends(town.officer(KOKHA, 1)), town.sends(town.officer(PHRAE, 2))
    assert numbers(town, province="ลำปาง") == [moved.number]
    town.store.run_now(import_laos, MOVED, town.now)
    assert numbers(town, province="ลำปาง") == []
    assert numbers(town, province="แพร่", status="pending") == [moved.number, stays.number]
    assert numbers(town, Reach(("แพร่",))) == [moved.number, stays.number]
    again = town.sends(town.officer(KOKHA, 3), at=town.now + timedelta(minutes=1))
    assert numbers(town, province="แพร่") == [moved.number, stays.number, again.number]


def test_an_entry_sent_while_its_lao_is_moved_is_in_the_new_province(town: DeadlineTown) -> None:
    officer = town.officer(KOKHA, 1)
    sending = threading.Thread(target=town.sends, args=(officer,))

    def move(tx: Tx) -> None:
        import_laos(tx, MOVED, town.now)
        sending.start()
        sending.join(0.5)  # it waits for this transaction

    town.store.run_now(move)
    sending.join()
    assert set(town.store.read_now(lambda tx: tx.scalars(sa.select(submission.c.province)).all())) == {"แพร่"}


def test_a_reach_and_a_province_outside_it_have_nothing_in_common(town: DeadlineTown) -> None:
    town.sends(town.officer(KOKHA, 1))
    inside = Reach((), (("ลำปาง", "เกาะคา"),))
    assert numbers(town, Reach(("แพร่",)), province="ลำปาง") == []
    assert len(numbers(town, inside, province="ลำปาง")) == 1
    assert numbers(town, Reach((), (("ลำปาง", "งาว"),)), province="ลำปาง") == []


def test_filters_hold_within_a_province(town: DeadlineTown) -> None:
    officer, other = town.officer(KOKHA, 1), town.officer(PHRAE, 2)
    landmark, product = town.sends(officer), town.sends(officer, "product")
    town.sends(other)
    town.decides(landmark, "approve")
    assert numbers(town, province="ลำปาง", form="landmark") == [landmark.number]
    assert numbers(town, province="ลำปาง", form="landmark", status="pending") == []
    assert numbers(town, province="ลำปาง", form="product", status="pending") == [product.number]
    assert numbers(town, province="ลำปาง", category="nowhere") == []


@on_sqlite  # PostgreSQL reads a small table as a whole
@pytest.mark.parametrize("form", ["", "landmark"])
@pytest.mark.parametrize("status", [None, "pending"])
def test_the_entries_of_a_province_are_read_in_order_and_not_sorted(
    town: DeadlineTown, status: str | None, form: str
) -> None:
    with statements(town.store) as made:
        numbers(town, province="ลำปาง", status=status, form=form)
    walk = next(one for one in made if "ORDER BY submission.sent_at" in one)

    def plan(tx: Tx) -> str:
        steps = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {walk}", ("x",) * walk.count("?"))
        return "\n".join(step.detail for step in steps)

    assert "ix_submission_by_province" in town.store.read_now(plan)
