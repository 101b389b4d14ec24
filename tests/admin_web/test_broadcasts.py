"""One message to many LAOs: looked over, confirmed, sent once, and watched."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from admin_web.broadcast_texts import MOST_WORDS
from flows.core.roles import Reach
from storage.db import Tx
from storage.tables import broadcast, chat, outbox, reviewer
from tests.admin_web.conftest import Answer, Browser, Town
from tests.admin_web.letters import make, offices, person
from tests.admin_web.samples import LAMPANG, NASTY, NOW, Office, send

FORM = {"which": "lacking", "text": "ขอความอนุเคราะห์ส่งข้อมูลภายในสัปดาห์นี้"}


@pytest.fixture
async def running(town: Town) -> Town:
    await town.put(offices)
    await town.put(make)
    return town


async def post(browser: Browser, **form: str) -> Answer:
    await browser.get("/campaigns/1/write")
    return await browser.post("/campaigns/1/write", {**FORM, **form})


def queued(tx: Tx) -> int:
    return tx.scalar(select(func.count()).select_from(outbox).where(outbox.c.kind == "broadcast")) or 0


async def test_a_message_is_looked_over_confirmed_and_watched_until_it_is_out(running: Town) -> None:
    browser = await running.signed_in()
    look = await post(browser, act="look")
    assert look.status == 200
    assert "ถึงเจ้าหน้าที่ 1 คน ใน อปท. 1 แห่ง" in look.words
    assert "ไปไม่ถึง 2 แห่ง" in look.words
    assert "เทศบาลตำบลเกาะคา" in look.words
    assert await running.store.read(queued) == 0
    sent = await post(browser, act="send", officers="1")
    assert (sent.status, sent.headers["Location"]) == (303, "/broadcasts/1")
    going = await browser.get("/broadcasts/1")
    assert "ส่งแล้ว 0 จาก 1 คน" in going.words
    assert 'data-poll="going"' in going.text
    assert "ดูความคืบหน้าล่าสุด" in going.words
    await running.put(lambda tx: tx.execute(update(outbox).values(sent_at=NOW)) and None)
    done = await browser.get("/broadcasts/1")
    assert "ส่งแล้ว 1 จาก 1 คน" in done.words
    assert 'data-poll="done"' in done.text
    assert "อปท. ที่ไม่มีใครให้ส่งถึง 2 แห่ง" in done.words


async def test_whoever_was_not_reached_is_named(running: Town) -> None:
    browser = await running.signed_in()
    await post(browser, act="send", officers="1")
    await running.put(lambda tx: tx.execute(update(outbox).values(given_up_at=NOW)) and None)
    page = await browser.get("/broadcasts/1")
    assert "เจ้าหน้าที่ที่ส่งไม่ถึง 1 คน" in page.words
    assert "มานะ ตัวอย่าง" in page.words


async def test_the_same_message_sent_twice_goes_out_once(running: Town) -> None:
    browser = await running.signed_in()
    first, second = [await post(browser, act="send", officers="1") for _ in range(2)]
    assert first.headers["Location"] == second.headers["Location"]
    assert await running.store.read(queued) == 1
    running.clock.move(timedelta(minutes=11))
    assert (await post(browser, act="send", officers="1")).headers["Location"] == "/broadcasts/2"


async def test_the_same_words_to_another_place_go_there_too(running: Town) -> None:
    await running.put(lambda tx: tx.execute(update(chat).values(unreachable_at=None)) and None)
    browser = await running.signed_in()
    sent = [
        (await post(browser, act="send", officers="1", province=one)).headers["Location"]
        for one in ("ลำปาง", "แพร่", "แพร่")
    ]
    assert sent == ["/broadcasts/1", "/broadcasts/2", "/broadcasts/2"]
    assert await running.store.read(queued) == 2


async def test_who_was_not_reached_outside_ones_area_is_not_named(running: Town) -> None:
    await running.put(lambda tx: person(tx, "ลำปาง ประสาน", "coordinator", Reach(("ลำปาง",))) and None)
    browser = await running.signed_in("ลำปาง ประสาน")
    await post(browser, act="send", officers="1")

    def moved(tx: Tx) -> None:
        tx.execute(update(outbox).values(given_up_at=NOW))
        tx.execute(
            update(reviewer).where(reviewer.c.name == "ลำปาง ประสาน").values(scope=Reach(("แพร่",)).to_json())
        )

    await running.put(moved)
    assert "มานะ ตัวอย่าง" not in (await browser.get("/broadcasts/1")).words


async def test_it_does_not_go_to_others_than_those_who_were_named(running: Town) -> None:
    browser = await running.signed_in()
    await post(browser, act="look")
    await running.put(lambda tx: tx.execute(update(chat).values(unreachable_at=None)) and None)
    page = await post(browser, act="send", officers="1")
    assert page.status == 409
    assert "จำนวนผู้รับเปลี่ยนไประหว่างนี้" in page.words
    assert "ถึงเจ้าหน้าที่ 2 คน" in page.words
    assert await running.store.read(queued) == 0
    assert (await post(browser, act="send", officers="2")).status == 303


@pytest.mark.parametrize("officers", ["", "0", "x", "99"])
async def test_nothing_is_sent_without_having_been_looked_over(running: Town, officers: str) -> None:
    browser = await running.signed_in()
    assert (await post(browser, act="send", officers=officers)).status == 409
    assert await running.store.read(queued) == 0


async def test_those_that_have_sent_something_are_not_written_to_as_if_they_had_not(running: Town) -> None:
    def one_sent(tx: Tx) -> None:
        tx.execute(update(chat).values(unreachable_at=None))
        send(tx, Office(1, 1001, LAMPANG), "product")

    await running.put(one_sent)
    browser = await running.signed_in()
    assert "ถึงเจ้าหน้าที่ 1 คน" in (await post(browser, act="look", which="nothing")).words
    assert "ถึงเจ้าหน้าที่ 2 คน" in (await post(browser, act="look", which="lacking")).words
    assert "ถึงเจ้าหน้าที่ 2 คน" in (await post(browser, act="look", which="all")).words
    assert "ถึงเจ้าหน้าที่ 1 คน" in (await post(browser, act="look", which="all", province="แพร่")).words


async def test_words_that_cannot_go_are_said_at_the_field_and_kept(running: Town) -> None:
    browser = await running.signed_in()
    empty = await post(browser, act="look", text="  ")
    assert (empty.status, "พิมพ์ข้อความที่จะส่ง" in empty.words) == (422, True)
    long = await post(browser, act="look", text="ก" * (MOST_WORDS + 1))
    assert long.status == 422
    assert "ก" * (MOST_WORDS + 1) in long.text
    back = await post(browser, act="change", which="all", province="ลำปาง")
    assert back.status == 200
    assert FORM["text"] in back.text
    assert 'value="all" checked' in back.text
    assert "<option selected>ลำปาง" in back.text


async def test_what_is_typed_is_never_markup(running: Town) -> None:
    browser = await running.signed_in()
    assert "<script>alert" not in (await post(browser, act="look", text=NASTY)).text
    await post(browser, act="send", officers="1", text=NASTY)
    assert "<script>alert" not in (await browser.get("/broadcasts/1")).text


async def test_where_nobody_would_get_it_nothing_can_be_sent(running: Town) -> None:
    browser = await running.signed_in()
    page = await post(browser, act="look", province="แพร่")
    assert "ไม่มีเจ้าหน้าที่ที่จะได้รับข้อความนี้" in page.words
    assert 'value="send"' not in page.text


async def test_a_coordinator_writes_only_within_their_reach_and_sees_only_their_own(running: Town) -> None:
    def people(tx: Tx) -> None:
        person(tx, "แพร่ ประสาน", "coordinator", Reach(("แพร่",)))
        tx.execute(update(chat).values(unreachable_at=None))

    await running.put(people)
    admin = await running.signed_in()
    assert (await post(admin, act="send", officers="2")).status == 303
    phrae = await running.signed_in("แพร่ ประสาน")
    assert (await phrae.get("/broadcasts/1")).status == 404
    assert "ถึงเจ้าหน้าที่ 1 คน" in (await post(phrae, act="look")).words
    assert "ถึงเจ้าหน้าที่ 1 คน" not in (await post(phrae, act="look", province="ลำปาง")).words
    assert (await post(phrae, act="send", officers="1")).headers["Location"] == "/broadcasts/2"
    assert (await admin.get("/broadcasts/2")).status == 200
    assert await running.store.read(lambda tx: tx.scalar(select(func.count()).select_from(broadcast))) == 2


async def test_about_a_campaign_that_does_not_run_nothing_is_written(running: Town) -> None:
    await running.put(lambda tx: make(tx, "draft"))
    await running.put(lambda tx: make(tx, "ended"))
    browser = await running.signed_in()
    assert (await browser.get("/campaigns/2/write")).status == 404
    assert (await browser.get("/campaigns/3/write")).status == 404
    for number in ("0", "x", "9" * 30):
        assert (await browser.get(f"/broadcasts/{number}")).status == 404
