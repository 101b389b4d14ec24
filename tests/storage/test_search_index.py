"""Words in titles are found by the index, whichever way they are written, and without it too."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import get_args

import pytest
import sqlalchemy as sa
from alembic import command

from flows import CATALOGUE
from flows.core.review import Status
from flows.core.roles import Reach
from storage import entry_list, review_queue, search_index, submissions
from storage.db import Store, Tx, engine_for
from storage.lao import import_laos
from storage.review_queue import Filters, Page
from storage.search_index import ids_with, searching
from storage.tables import submission, written_instant
from storage.upgrade import alembic_config, upgrade
from tests.bot.talk import ANSWERS
from tests.conftest import Postgres, on_postgresql, on_sqlite
from tests.storage.deadline_town import KOKHA, LAOS, PHRAE, DeadlineTown, statements

SARA_AM, NIKHAHIT_AA, NIKHAHIT_TONE_AA = "น้ำตก", "น้\u0e4d\u0e32ตก", "น\u0e4d้\u0e32ตก"


@pytest.fixture
def town(store: Store, now: datetime) -> DeadlineTown:
    return DeadlineTown(store, now)


def sends(town: DeadlineTown, *titles: str, lao: str = KOKHA, chat: int = 1) -> list[submissions.Entry]:
    officer = town.officer(lao, chat)

    def work(tx: Tx) -> list[submissions.Entry]:
        made = []
        for title in titles:
            town.now += timedelta(minutes=1)
            answers = {**ANSWERS["landmark"], "name": title}
            made.append(submissions.submit(tx, CATALOGUE["landmark"], answers, officer.id, lao, town.now))
        return made

    return town.store.run_now(work)


def titles(town: DeadlineTown, words: str, **more: object) -> list[str]:
    page = found(town, words, **more)
    assert page.count == len(page.entries)
    return [one.headline for one in page.entries]


def found(town: DeadlineTown, words: str, **more: object) -> Page:
    return town.store.read_now(review_queue.queue, Filters(words=words, **more))  # type: ignore[arg-type]


def by_index(town: DeadlineTown, *words: str) -> set[str]:
    """The titles that the index itself gives."""

    def work(tx: Tx) -> set[str]:
        ids = ids_with(tx.dialect.name, words)
        assert ids is not None
        return set(tx.scalars(sa.select(submission.c.headline).where(submission.c.id.in_(ids))))

    return town.store.read_now(work)


@pytest.fixture(params=["few", "many"], autouse=True)
def as_if_there_were(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every search by gathering, and as it is done where everything has very many entries."""
    if request.param == "many":
        monkeypatch.setattr(entry_list, "MOST_SORTED", 0)
        monkeypatch.setattr(entry_list, "MOST_OF_A_PLACE", 0)
        monkeypatch.setattr(entry_list, "MOST_OF_WORDS", 0)
        monkeypatch.setattr(entry_list, "COMMON", 0)
    return str(request.param)


@pytest.mark.parametrize("written", [SARA_AM, NIKHAHIT_AA, NIKHAHIT_TONE_AA])
@pytest.mark.parametrize("typed", [SARA_AM, NIKHAHIT_AA, NIKHAHIT_TONE_AA])
def test_every_way_of_writing_sara_am_finds_every_other(town: DeadlineTown, written: str, typed: str) -> None:
    sends(town, f"{written}วังแก้ว", "ถ้ำผาไท")
    [only] = titles(town, typed)
    assert only.endswith("วังแก้ว")


def test_words_are_found_in_the_middle_of_a_title_without_spaces(town: DeadlineTown) -> None:
    sends(town, "วัดพระธาตุลำปางหลวง", "ตลาดลำปาง", "วัดพระแก้ว")
    assert titles(town, "ลำปาง") == ["วัดพระธาตุลำปางหลวง", "ตลาดลำปาง"]
    assert titles(town, "ลำปาง พระธาตุ") == ["วัดพระธาตุลำปางหลวง"]
    assert titles(town, "ลำปาง น้ำตก") == []
    assert titles(town, "วัด") == ["วัดพระธาตุลำปางหลวง", "วัดพระแก้ว"]


def test_a_word_of_one_or_two_letters_is_found_too(town: DeadlineTown) -> None:
    sends(town, "ปูนา", "ปลาทู", "100%")
    assert titles_of(found(town, "ปู")) == ["ปูนา"]
    assert titles_of(found(town, "ปล")) == ["ปลาทู"]
    assert titles_of(found(town, "%")) == ["100%"]
    assert titles_of(found(town, "ปู ปลาทู")) == []


def titles_of(page: Page) -> list[str]:
    return [one.headline for one in page.entries]


@pytest.mark.parametrize(
    "typed", ['"', '""', "'x", "a OR b", "folded:วัด", "*วัด*", "วัด%", "_ัด", "\\", "(วัด", "NEAR("]
)
def test_signs_of_a_query_language_are_letters_like_others(town: DeadlineTown, typed: str) -> None:
    sends(town, "วัดพระแก้ว")
    assert titles_of(found(town, typed)) == []
    assert titles_of(found(town, "วัด")) == ["วัดพระแก้ว"]


def test_an_entry_is_found_by_its_number_or_a_part_of_it(town: DeadlineTown) -> None:
    first, second = sends(town, "วัดพระแก้ว", "วัดพระธาตุ")
    assert titles(town, first.number.lower()) == ["วัดพระแก้ว"]
    assert titles(town, second.number[-6:]) == ["วัดพระธาตุ"]


def test_a_title_that_is_changed_is_found_by_its_new_words_only(town: DeadlineTown) -> None:
    [entry] = sends(town, "วัดพระแก้ว")

    def change(tx: Tx) -> None:
        answers = {**ANSWERS["landmark"], "name": "ตลาดเก่าจีน"}
        submissions.submit_again(tx, CATALOGUE["landmark"], entry.id, answers, 1, town.now)

    town.store.run_now(change)
    assert titles(town, "วัดพระ") == []
    assert titles(town, "ตลาด") == ["ตลาดเก่าจีน"]
    assert by_index(town, "วัดพระ") == set()
    assert by_index(town, "ตลาด") == {"ตลาดเก่าจีน"}


def test_what_is_not_committed_is_not_in_the_index(town: DeadlineTown) -> None:
    officer = town.officer(KOKHA, 1)

    def broken(tx: Tx) -> None:
        answers = {**ANSWERS["landmark"], "name": "วัดพระแก้ว"}
        submissions.submit(tx, CATALOGUE["landmark"], answers, officer.id, KOKHA, town.now)
        raise ValueError

    with pytest.raises(ValueError):
        town.store.run_now(broken)
    assert by_index(town, "วัดพระ") == set()
    sends(town, "วัดพระแก้ว")
    assert by_index(town, "วัดพระ") == {"วัดพระแก้ว"}


def test_a_search_follows_an_entry_that_is_decided_deleted_restored_or_moved(town: DeadlineTown) -> None:
    [entry, _] = sends(town, "วัดพระแก้ว", "วัดพระธาตุ")
    both, other = ["วัดพระแก้ว", "วัดพระธาตุ"], ["วัดพระธาตุ"]
    assert titles(town, "วัดพระ", status="pending", province="ลำปาง") == both
    town.decides(entry, "approve")
    assert titles(town, "วัดพระ", status="pending") == other
    assert titles(town, "วัดพระ", status="approved") == ["วัดพระแก้ว"]
    town.deletes(town.officer(KOKHA, 2), entry)
    assert titles(town, "วัดพระ", status=None) == other
    town.restores(town.officer(KOKHA, 3), entry)
    assert titles(town, "วัดพระ", status=None) == both
    moved = [replace(one, province="แพร่") if one.code == KOKHA else one for one in LAOS]
    town.store.run_now(import_laos, moved, town.now)
    assert titles(town, "วัดพระ", status=None, province="ลำปาง") == []
    assert titles(town, "วัดพระ", status=None, province="แพร่") == both
    assert by_index(town, "วัดพระ") == set(both)


def test_an_entry_sent_again_is_found_at_its_new_place(town: DeadlineTown) -> None:
    first, *_ = sends(town, "วัดพระแก้ว", "วัดพระธาตุ", "วัดพระนอน")

    def again(tx: Tx) -> None:
        later = town.now + timedelta(seconds=1, microseconds=999_999)  # nothing may round it up
        answers = {**ANSWERS["landmark"], "name": "วัดพระแก้ว"}
        submissions.submit_again(tx, CATALOGUE["landmark"], first.id, answers, 1, later)

    town.store.run_now(again)
    for province in ("", "ลำปาง"):
        assert titles(town, "วัดพระ", province=province) == ["วัดพระธาตุ", "วัดพระนอน", "วัดพระแก้ว"]
        page = found(town, "วัดพระ", province=province)
        there = Filters(words="วัดพระ", province=province)
        before = town.store.read_now(review_queue.neighbours, there, page.entries[-1].place)
        assert before == (page.entries[1].number, None)
    narrow = Filters(words="วัดพระ")
    [_, middle, last] = found(town, "วัดพระ").entries
    ask = town.store.read_now
    assert ask(review_queue.neighbours, narrow, middle.place) == (found_number(town), last.number)
    assert ask(review_queue.neighbours, narrow, last.place) == (middle.number, None)


def found_number(town: DeadlineTown) -> str:
    return found(town, "พระธาตุ").entries[0].number


@on_sqlite  # PostgreSQL's index finds all before it gives the first
def test_a_search_on_sqlite_goes_through_the_index_once_and_sorts_nothing(town: DeadlineTown) -> None:
    sends(town, "วัดพระแก้ว")
    with statements(town.store) as made:
        assert titles(town, "วัดพระ", province="ลำปาง") == ["วัดพระแก้ว"]
    [search] = (one for one in made if "submission_words" in one)
    assert "sent_at" not in search


def test_titles_that_have_only_the_ends_of_a_word_are_not_found(town: DeadlineTown) -> None:
    sends(town, "ผ้าฝ้ายและไหม", "ผ้าไหมแพรวา", "ไหมและผ้า")
    for place in ("", "ลำปาง"):
        assert titles(town, "ผ้าไหม", province=place) == ["ผ้าไหมแพรวา"]
        assert titles(town, "ผ้าไหม แพรวา", province=place) == ["ผ้าไหมแพรวา"]
        assert titles(town, "ผ้าไหม ฝ้าย", province=place) == []


def test_a_part_of_a_number_is_found_in_a_province_too(town: DeadlineTown) -> None:
    first, second = sends(town, "วัดพระแก้ว", "วัดพระธาตุ")
    assert titles(town, first.number[-6:], province="ลำปาง") == ["วัดพระแก้ว"]
    assert titles(town, f"วัดพระ {second.number[-6:]}", province="ลำปาง") == ["วัดพระธาตุ"]
    assert titles(town, f"วัดพระ {second.number[-6:]}", province="แพร่") == []


def test_what_has_words_is_counted_to_some_hundred_only(
    town: DeadlineTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry_list, "MOST_FOUND", 3)
    for place in ("", "ลำปาง"):
        entries = [f"วัดพระ{place} {n}" for n in range(4)]
        sends(town, *entries[:3])
        page = found(town, f"วัดพระ{place}", province=place)
        assert (page.count, page.more) == (3, False)
        sends(town, entries[3])
        page = found(town, f"วัดพระ{place}", province=place)
        assert (page.count, page.more, titles_of(page)) == (3, True, entries)
    assert town.store.read_now(review_queue.queue, Filters()).count == 8


def test_pages_go_on_where_the_count_has_stopped(town: DeadlineTown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry_list, "MOST_FOUND", 12)
    sends(town, *(f"วัดที่ {n:02}" for n in range(33)))
    narrow = Filters(words="วัดที่")
    pages = [town.store.read_now(review_queue.queue, narrow)]
    while (place := pages[-1].next) is not None:
        pages.append(town.store.read_now(review_queue.queue, narrow, place))
    assert [titles_of(page)[0] for page in pages] == ["วัดที่ 00", "วัดที่ 10", "วัดที่ 20", "วัดที่ 30"]
    for earlier, later in pairwise(pages):
        back = town.store.read_now(review_queue.queue, narrow, None, later.previous)
        assert back.entries == earlier.entries
    between = pages[1].entries
    assert town.store.read_now(review_queue.neighbours, narrow, between[4].place) == (
        between[3].number,
        between[5].number,
    )


def test_two_words_in_a_province_are_found_whichever_is_the_rarer(town: DeadlineTown) -> None:
    sends(town, "จักสาน ผ้าไหม", "จักสาน 1", "จักสาน 2", "จักสาน 3", "ผ้าไหม")
    [other] = sends(town, "ผ้าไหม จักสาน", lao=PHRAE, chat=2)
    for words in ("จักสาน ผ้าไหม", "ผ้าไหม จักสาน", "ผ้าไหม จัก", "สาน ไหม ผ้า"):
        assert titles(town, words, province="ลำปาง") == ["จักสาน ผ้าไหม"]
        assert titles(town, words, province="ลำปาง", status="pending") == ["จักสาน ผ้าไหม"]
        assert titles(town, words) == ["จักสาน ผ้าไหม", "ผ้าไหม จักสาน"]
    town.decides(other, "approve")
    assert titles(town, "จักสาน ผ้าไหม", province="แพร่", status="approved") == ["ผ้าไหม จักสาน"]
    assert titles(town, "จักสาน ผ้าไหม", province="แพร่", status="pending") == []


@on_sqlite  # PostgreSQL reads on by filters
def test_a_reach_of_several_provinces_counts_all_that_it_has(
    town: DeadlineTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry_list, "MOST_WALKED", 4)
    sends(town, *(f"วัดพระ {n}" for n in range(6)))
    sends(town, "วัดพระนอน", lao=PHRAE, chat=2)
    reach = Reach(("แพร่", "น่าน"))
    page = town.store.read_now(review_queue.queue, Filters(words="วัดพระ"), None, None, reach)
    assert (titles_of(page), page.count, page.more) == (["วัดพระนอน"], 1, False)
    both = Reach(("แพร่", "ลำปาง"))
    page = town.store.read_now(review_queue.queue, Filters(words="วัดพระ"), None, None, both)
    assert (page.count, page.more) == (7, False)


def test_what_is_nowhere_in_the_beginning_is_counted_all_the_same(
    town: DeadlineTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry_list, "MOST_SORTED", 0)
    monkeypatch.setattr(entry_list, "MOST_OF_WORDS", 0)
    monkeypatch.setattr(entry_list, "MOST_WALKED", 4)
    monkeypatch.setattr(entry_list, "COMMON", 1)
    sends(town, *(f"ตลาดที่ {n}" for n in range(6)), "วัดพระแก้ว", "วัดพระธาตุ")
    sends(town, "วัดพระนอน", lao=PHRAE, chat=2)
    assert titles(town, "วัดพระ") == ["วัดพระแก้ว", "วัดพระธาตุ", "วัดพระนอน"]
    assert titles(town, "วัดพระ", province="ลำปาง") == ["วัดพระแก้ว", "วัดพระธาตุ"]
    assert not found(town, "วัดพระ").more


def test_however_many_words_are_looked_for_they_are_found(town: DeadlineTown) -> None:
    words = [f"คำที่{n:03}" for n in range(400)]
    sends(town, " ".join(words[:20]))
    for province in ("", "ลำปาง"):
        assert len(titles(town, " ".join(words[:20]), province=province)) == 1
        assert titles(town, " ".join(words), province=province) == []


def test_a_province_without_entries_is_searched_in_vain(town: DeadlineTown) -> None:
    sends(town, "วัดพระแก้ว")
    for province in ("แพร่", "นี่ไม่ใช่จังหวัด", '"'):
        assert titles(town, "วัดพระ", province=province) == []


def test_statuses_have_marks_of_their_own() -> None:
    assert len({status[:2] for status in get_args(Status)}) == len(get_args(Status))


def test_words_and_filters_hold_together_page_by_page(town: DeadlineTown, as_if_there_were: str) -> None:
    sends(town, *(f"วัดที่ {n:02}" for n in range(23)), *(f"ตลาดที่ {n:02}" for n in range(5)))
    sends(town, "วัดที่ แพร่", lao=PHRAE, chat=2)
    narrow = Filters(words="วัดที่", province="ลำปาง", form="landmark", shown=True)
    pages = [town.store.read_now(review_queue.queue, narrow)]
    while (place := pages[-1].next) is not None:
        pages.append(town.store.read_now(review_queue.queue, narrow, place))
    assert [one.headline for page in pages for one in page.entries] == [f"วัดที่ {n:02}" for n in range(23)]
    back = town.store.read_now(review_queue.queue, narrow, None, pages[2].previous)
    assert back.entries == pages[1].entries
    assert pages[0].count == 23


def test_a_walk_for_a_short_word_stops_and_goes_on_from_there(
    town: DeadlineTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry_list, "MOST_SORTED", 0)
    monkeypatch.setattr(entry_list, "MOST_OF_WORDS", 0)
    monkeypatch.setattr(entry_list, "MOST_WALKED", 4)
    sends(town, *(f"วัดที่ {n}" for n in range(9)), "ปูนา")
    seen, place = [], None
    for _ in range(9):
        page = town.store.read_now(review_queue.queue, Filters(words="ปู"), place)
        assert page.more
        seen += titles_of(page)
        place = page.next
        if place is None:
            break
    assert seen == ["ปูนา"]
    assert place is None
    # A longer word is looked up in the index where the walk ends.
    assert titles_of(found(town, "ปูน")) == ["ปูนา"]


def test_a_filled_database_is_searched_once_it_is_upgraded(bare_database: str, now: datetime) -> None:
    engine = engine_for(bare_database)
    with engine.begin() as tx:
        command.upgrade(alembic_config(tx), "0001")
        at = written_instant(now)
        for statement in (
            "INSERT INTO lao (code, name, type, province, district, folded, updated_at) "
            f"VALUES ('1', 'ก', 'ข', 'ลำปาง', 'งาว', '-', '{at}')",
            f"INSERT INTO officer (id, lao_code, chat_id, name, joined_at) VALUES (1, '1', 1, 'ส', '{at}')",
            "INSERT INTO submission (id, number, form, lao_code, officer_id, status, shown, revision, headline, "
            "folded, sent_at, created_at) VALUES (1, 'L-2560-000001', 'landmark', '1', 1, 'pending', true, 1, "
            f"'น้ำตกวังแก้ว', 'น้\u0e4d\u0e32ตกวังแก้ว', '{at}', '{at}')",
        ):
            tx.execute(sa.text(statement))
        tx.execute(submission.update().values(folded=sa.literal(search_index.words_of("น้ำตกวังแก้ว")[0])))
    engine.dispose()
    upgrade(bare_database)
    store = Store(bare_database)
    try:
        for narrow in (
            Filters(words="วังแก้ว"),
            Filters(words="วังแก้ว", province="ลำปาง"),
            Filters(province="ลำปาง"),
        ):
            page = store.read_now(review_queue.queue, narrow)
            assert [one.headline for one in page.entries] == ["น้ำตกวังแก้ว"]
        assert store.read_now(searching) == "by_index"
    finally:
        store.close()


@on_postgresql  # SQLite's index needs no extension
def test_without_the_extension_titles_are_read_until_it_is_there(town: DeadlineTown) -> None:
    sends(town, "น้ำตกวังแก้ว")
    town.store.run_now(lambda tx: tx.execute(sa.text("DROP EXTENSION pg_trgm CASCADE")))
    assert town.store.read_now(searching) == "no_extension"
    assert titles(town, "วังแก้ว") == ["น้ำตกวังแก้ว"]
    town.store.run_now(search_index.prepare)
    assert town.store.read_now(searching) == "by_index"
    assert titles(town, "วังแก้ว") == ["น้ำตกวังแก้ว"]


def test_a_user_who_may_not_make_the_extension_gets_tables_and_searches_all_the_same(
    postgres_server: Postgres, now: datetime
) -> None:
    server = postgres_server.server
    name = server.make()
    admin = sa.create_engine(server.setting(name).replace("postgresql:", "postgresql+psycopg:"))
    with admin.begin() as tx:
        tx.execute(sa.text("DROP ROLE IF EXISTS nobody_special"))
        tx.execute(sa.text("CREATE ROLE nobody_special LOGIN"))
        tx.execute(sa.text("GRANT CREATE ON SCHEMA public TO nobody_special"))
    setting = server.setting(name).replace("thongthin@", "nobody_special@")
    try:
        upgrade(setting)
        store = Store(setting)
        town = DeadlineTown(store, now)
        sends(town, "น้ำตกวังแก้ว")
        assert store.read_now(searching) == "no_extension"
        assert titles(town, "วังแก้ว") == ["น้ำตกวังแก้ว"]
        with admin.begin() as tx:
            tx.execute(sa.text("CREATE EXTENSION pg_trgm"))
        upgrade(setting)
        assert store.read_now(searching) == "by_index"
        store.close()
    finally:
        admin.dispose()
        server.drop(name)


def test_a_database_that_knows_no_thai_letters_is_found_out(postgres_server: Postgres) -> None:
    server = postgres_server.server
    server._run("CREATE DATABASE \"no_thai\" TEMPLATE template0 LC_CTYPE 'C' LC_COLLATE 'C'")
    try:
        upgrade(server.setting("no_thai"))
        store = Store(server.setting("no_thai"))
        assert store.read_now(searching) == "no_thai"
        store.close()
    finally:
        server.drop("no_thai")
