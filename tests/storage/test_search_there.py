"""What the index of provinces finds, and PostgreSQL's of ten days, it finds in order, all of it and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from flows import CATALOGUE
from storage import entry_list, review_queue, search_there, submissions
from storage.db import Store, Tx
from storage.lao import import_laos
from storage.review_queue import Filters
from storage.tables import history, revision, submission
from tests.bot.talk import ANSWERS
from tests.conftest import on_postgresql, on_sqlite
from tests.storage.deadline_town import KOKHA, LAOS, PHRAE, DeadlineTown, statements
from tests.storage.test_search_index import found, sends, titles, titles_of

FLOODS = [f"น้ำท่วมครั้งที่ {n:02}" for n in range(25)]


@pytest.fixture
def town(store: Store, now: datetime) -> DeadlineTown:
    return DeadlineTown(store, now)


@pytest.fixture
def late_floods(town: DeadlineTown, monkeypatch: pytest.MonkeyPatch) -> DeadlineTown:
    """Many entries without the word, then others with it, some days apart and over the turn of a year."""
    monkeypatch.setattr(entry_list, "MOST_SORTED", 0)
    monkeypatch.setattr(entry_list, "MOST_OF_WORDS", 0)
    monkeypatch.setattr(entry_list, "MOST_WALKED", 4)
    monkeypatch.setattr(entry_list, "COMMON", 1)
    town.now = datetime(2016, 9, 1, tzinfo=UTC)
    sends(town, *(f"ตลาดที่ {n}" for n in range(6)))
    town.now = datetime(2016, 12, 28, tzinfo=UTC)
    for title in FLOODS:
        town.now += timedelta(hours=31)
        sends(town, title)
    return town


@on_postgresql  # on SQLite the index of words is in order
def test_a_word_of_lately_is_found_page_by_page_and_counted(late_floods: DeadlineTown) -> None:
    narrow = Filters(words="น้ำท่วม")
    with statements(late_floods.store) as made:
        pages = [late_floods.store.read_now(review_queue.queue, narrow)]
    assert any("unnest" in one for one in made)
    while (place := pages[-1].next) is not None:
        pages.append(late_floods.store.read_now(review_queue.queue, narrow, place))
    assert [title for page in pages for title in titles_of(page)] == FLOODS
    assert {(page.count, page.more) for page in pages} == {(25, False)}
    back = late_floods.store.read_now(review_queue.queue, narrow, None, pages[2].previous)
    assert back.entries == pages[1].entries
    middle = pages[1].entries
    assert late_floods.store.read_now(review_queue.neighbours, narrow, middle[4].place) == (
        middle[3].number,
        middle[5].number,
    )


@on_postgresql  # on SQLite the index of words is in order
def test_more_than_is_counted_is_said_to_be_more(
    late_floods: DeadlineTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    for most in (12, 24, 25):
        monkeypatch.setattr(entry_list, "MOST_FOUND", most)
        page = found(late_floods, "น้ำท่วม")
        assert (page.count, page.more, titles_of(page)) == (most, most < 25, FLOODS[:10])
        after = late_floods.store.read_now(review_queue.queue, Filters(words="น้ำท่วม"), page.next)
        assert titles_of(after) == FLOODS[10:20]


@on_postgresql  # on SQLite the index of words is in order
def test_filters_hold_in_every_ten_days(late_floods: DeadlineTown) -> None:
    gone, decided = found(late_floods, "น้ำท่วม").entries[:2]

    def change(tx: Tx) -> None:
        tx.execute(submission.update().where(submission.c.id == gone.id).values(deleted_at=late_floods.now))
        tx.execute(submission.update().where(submission.c.id == decided.id).values(status="approved"))

    late_floods.store.run_now(change)
    assert titles(late_floods, "น้ำท่วม", status="approved") == FLOODS[1:2]
    page = found(late_floods, "น้ำท่วม")
    assert (titles_of(page), page.count) == (FLOODS[2:12], 23)
    assert titles_of(found(late_floods, "น้ำท่วม", category="ไม่มี")) == []


@on_postgresql  # SQLite's has every piece
def test_words_of_which_the_index_has_no_piece_are_found_all_the_same(town: DeadlineTown) -> None:
    words = ["".join(letters) for letters in zip("กขคงจฉชซ", "านรสวยมต", "ดบปผฝพฟภ", strict=True)]
    sends(town, *words)
    has_piece = {word: town.store.read_now(search_there.can_find, [word]) for word in words}
    assert set(has_piece.values()) == {True, False}
    for word in words:
        assert titles(town, word, province="ลำปาง") == [word]


def there(town: DeadlineTown, province: str, word: str = "จักสาน") -> list[int]:
    """What the index itself gives."""

    def work(tx: Tx) -> list[int]:
        assert search_there.can_find(tx, [word])
        return sorted(tx.scalars(search_there.ids_there(tx.dialect.name, [word], province)))

    return town.store.read_now(work)


def in_order(town: DeadlineTown, province: str, status: str | None, *words: str) -> list[int]:
    given = search_there.in_order(words, status, province)
    return town.store.read_now(lambda tx: [row.id for row in tx.execute(given)])


def test_an_lao_that_is_moved_takes_its_words_to_the_other_province(town: DeadlineTown) -> None:
    [entry] = sends(town, "จักสานไม้ไผ่")
    assert (there(town, "ลำปาง"), there(town, "แพร่")) == ([entry.id], [])
    moved = [replace(one, province="แพร่") if one.code == KOKHA else one for one in LAOS]
    town.store.run_now(import_laos, moved, town.now)
    assert (there(town, "ลำปาง"), there(town, "แพร่")) == ([], [entry.id])


def test_the_index_follows_an_entry_that_is_changed_deleted_and_restored(town: DeadlineTown) -> None:
    first, second = sends(town, "จักสานไม้ไผ่", "จักสานผักตบ")
    [other] = sends(town, "จักสานกก", lao=PHRAE, chat=2)
    assert (there(town, "ลำปาง"), there(town, "แพร่")) == ([first.id, second.id], [other.id])
    town.deletes(town.officer(KOKHA, 3), first)
    assert there(town, "ลำปาง") == [second.id]
    town.restores(town.officer(KOKHA, 4), first)
    assert there(town, "ลำปาง") == [first.id, second.id]

    def rewrite(tx: Tx) -> None:
        answers = {**ANSWERS["landmark"], "name": "ตลาดเก่าจีน"}
        submissions.submit_again(tx, CATALOGUE["landmark"], second.id, answers, 1, town.now)

    town.store.run_now(rewrite)
    assert there(town, "ลำปาง") == [first.id]

    def purge(tx: Tx) -> None:
        for kept in (history, revision):
            tx.execute(kept.delete().where(kept.c.submission_id == other.id))
        tx.execute(submission.delete().where(submission.c.id == other.id))

    town.store.run_now(purge)
    assert there(town, "แพร่") == []


@on_sqlite  # PostgreSQL's has no statuses
def test_the_index_has_them_by_status_and_in_the_order_of_sending(town: DeadlineTown) -> None:
    first, second, third = sends(town, "จักสาน ผ้าไหม", "ผ้าไหม จักสาน", "จักสาน")
    sends(town, "จักสาน ผ้าไหม", lao=PHRAE, chat=2)
    town.decides(first, "approve")
    assert in_order(town, "ลำปาง", None, "จักสาน") == [first.id, second.id, third.id]
    assert in_order(town, "ลำปาง", "pending", "จักสาน") == [second.id, third.id]
    assert in_order(town, "ลำปาง", "approved", "จักสาน") == [first.id]
    assert in_order(town, "ลำปาง", "pending", "จักสาน", "ผ้าไหม") == [second.id]
    town.now += timedelta(hours=1)
    officer = town.officer(KOKHA, 5)

    def again(tx: Tx) -> None:
        answers = {**ANSWERS["landmark"], "name": "จักสาน"}
        submissions.submit_again(tx, CATALOGUE["landmark"], second.id, answers, officer.id, town.now)

    town.store.run_now(again)
    assert in_order(town, "ลำปาง", "pending", "จักสาน") == [third.id, second.id]
    assert in_order(town, "ลำปาง", None, "จักสาน", "ผ้าไหม") == [first.id]


@on_postgresql  # SQLite's is asked by its name
def test_it_is_the_index_that_answers(town: DeadlineTown) -> None:
    plans: list[str] = []

    def plan(tx: Tx) -> None:
        others = "SELECT indexname FROM pg_indexes WHERE tablename = 'submission' AND indexname LIKE 'ix_%'"
        for name in tx.scalars(sa.text(others)).all():  # of a small table, one is as good as another
            tx.exec_driver_sql(f"DROP INDEX {name}")
        tx.execute(sa.text("SET LOCAL enable_seqscan = off"))
        ids = search_there.ids_there("postgresql", ["จักสาน"], "ลำปาง")
        written = str(ids.compile(tx.engine, compile_kwargs={"literal_binds": True}))
        plans.extend(tx.exec_driver_sql(f"EXPLAIN {written}").scalars())
        raise ValueError  # and all is as before

    with pytest.raises(ValueError):
        town.store.run_now(plan)
    assert "submission_words_there" in "\n".join(plans)
