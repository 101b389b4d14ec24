"""The use case over a transaction: answers durable, each update once, old buttons, second taps, corrections, sending."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.chat_service import Command, FileSent, Reachability
from bot.conversation import wants_files, where_it_stands
from flows import CATALOGUE
from flows.core.chat import Pressed, RefusedPhoto, Said, SentContact, SentOther, SentPhoto, SentPlace
from flows.core.photos import kept_of
from storage import conversations, invitations, submissions
from storage.conversations import Draft
from storage.db import Store
from storage.photo_problems import NOT_AN_IMAGE
from storage.tables import draft
from tests.bot.talk import Talk, fresh_ids, text_of

EXPIRED = "ปุ่มนี้หมดอายุแล้ว"


@pytest.fixture
def talk(store: Store) -> Talk:
    return Talk(store).joined()


def begun(talk: Talk, form: str = "สถานที่สำคัญ") -> Talk:
    return talk.say("/add").press(f"เพิ่ม{form}")


def on_summary(talk: Talk, name: str = "วัดพระธาตุลำปางหลวง") -> Talk:
    begun(talk).say(name, "n1").press("2. ").press("ข้าม").photo(ref="p1").press("เสร็จแล้ว")
    return talk.say("054-123-456", "t1").press("ข้าม")


def drafts(talk: Talk) -> list[Draft]:
    return talk.store.read_now(conversations.drafts_of, talk.officer.id)


# --- answers


def test_every_answer_is_kept_before_it_is_confirmed(talk: Talk) -> None:
    begun(talk).say("วัดพระธาตุ")
    [kept] = drafts(talk)
    assert kept.conversation.answers == {"name": "วัดพระธาตุ"}
    talk.press("2. ")
    assert drafts(talk)[0].conversation.answers["category"] == "sacred"


def test_days_later_the_officer_is_where_they_left(talk: Talk) -> None:
    begun(talk).say("วัดพระธาตุ").press("2. ")
    talk.now += timedelta(days=40)
    again = Talk(talk.store, now=talk.now).say("เล่าเรื่องวัด")
    assert "เสร็จแล้ว" in "".join(again.labels)
    assert "ขั้นที่ 4" in again.press("เสร็จแล้ว").text


def test_an_update_that_comes_again_is_not_taken_twice(talk: Talk) -> None:
    begun(talk)
    talk.hand_over(Said("วัดพระธาตุ"), update_ids=[90_001])
    first = talk.text
    talk.press("2. ")
    talk.hand_over(Said("วัดพระธาตุ"), update_ids=[90_001])
    assert "ขั้นที่ 2" in first
    assert "ขั้นที่ 3" in talk.text
    assert drafts(talk)[0].conversation.answers == {"name": "วัดพระธาตุ", "category": "sacred"}


def test_a_command_that_comes_again_shows_where_the_officer_is(talk: Talk) -> None:
    begun(talk)
    talk.hand_over(Command("menu"), update_ids=[90_002])
    talk.hand_over(Command("menu"), update_ids=[90_002])
    assert "ขั้นที่ 1" in talk.text


def test_an_invitation_that_comes_again_asks_again(store: Store) -> None:
    officer = Talk(store).joined()
    code, _ = store.run_now(invitations.invite, officer.officer.lao.code, officer.now)
    new = Talk(store, chat_id=7_000_000_009)
    new.hand_over(Command("start", code), update_ids=[90_003])
    assert "ใช่หน่วยงานของท่านหรือไม่" in new.hand_over(Command("start", code), update_ids=[90_003]).text
    assert new.hand_over(Said("สวัสดี"), update_ids=[90_004]).out
    stranger = Talk(store, chat_id=7_000_000_010)
    stranger.hand_over(Said("สวัสดี"), update_ids=[90_005])
    assert stranger.hand_over(Said("สวัสดี"), update_ids=[90_005]).out == ()


def test_an_album_is_acknowledged_once_and_kept_in_order(talk: Talk) -> None:
    begun(talk).say("วัด").press("2. ").press("ข้าม")
    album = [SentPhoto(f"{n:064x}", 1280, 960, ref=str(n), group="g") for n in (12, 11, 13)]
    talk.hand_over(*album)
    assert len(talk.out) == 1
    photos = kept_of(drafts(talk)[0].conversation.partials["photos"])
    assert [one.ref for one in photos] == ["11", "12", "13"]


def test_an_album_where_no_photo_is_asked_for_is_answered_once(talk: Talk) -> None:
    album = [SentPhoto(f"{n:064x}", 1280, 960, ref=str(n), group="g") for n in (11, 12, 13)]
    assert len(talk.hand_over(*album).out) == 1
    begun(talk).hand_over(*album)
    assert len(talk.out) == 1
    assert "ชื่อสถานที่สำคัญ" in talk.text
    stranger = Talk(talk.store, chat_id=7_000_000_009)
    assert len(stranger.hand_over(*album).out) == 1


def test_a_photo_of_an_album_that_came_before_is_not_kept_twice(talk: Talk) -> None:
    begun(talk).say("วัด").press("2. ").press("ข้าม")
    album = [SentPhoto(f"{n:064x}", 1280, 960, ref=str(n), group="g") for n in (11, 12)]
    talk.hand_over(album[0], update_ids=[90_011])
    talk.hand_over(*album, update_ids=[90_011, 90_012])
    assert len(kept_of(drafts(talk)[0].conversation.partials["photos"])) == 2


@pytest.mark.parametrize(
    "what",
    [
        SentOther("sticker"),
        SentOther("voice"),
        SentOther("video"),
        SentContact("0812345678"),
        SentPhoto("b" * 64, 800, 600),
        SentPlace(18.3, 99.5),
        RefusedPhoto(NOT_AN_IMAGE),
        FileSent("file", 10),
    ],
)
def test_a_wrong_kind_of_message_is_told_and_the_question_stands(talk: Talk, what: SentOther) -> None:
    begun(talk).hand_over(what)
    assert talk.text.startswith("⚠️")
    assert "ชื่อสถานที่สำคัญ" in talk.text
    assert len(talk.out) == 1
    assert "ขั้นที่ 2" in talk.say("วัดพระธาตุ").text


def test_a_wrong_answer_is_told_in_one_sentence_and_the_next_one_is_taken(talk: Talk) -> None:
    begun(talk).say("ว")
    why, *what_stands = talk.text.splitlines()
    assert why.startswith("⚠️")
    assert "ชื่อสถานที่สำคัญ" in "".join(what_stands)
    assert "ขั้นที่ 2" in talk.say("วัดพระธาตุ").text


@pytest.mark.parametrize("text", ["<b>วัด</b> & {name}", "</i>", "{0}", "%s {", "`*_[วัด](x)"])
def test_what_is_typed_is_text_and_never_markup_nor_a_template(talk: Talk, text: str) -> None:
    on_summary(talk, text)
    assert text in talk.text
    assert text in talk.press("ส่งให้ตรวจ").text
    talk.say("/mine").press("L-2560").press("แก้ไข").press("ชื่อสถานที่สำคัญ")
    assert text in talk.text


# --- buttons


def test_an_old_button_says_so_and_shows_the_question_that_stands(talk: Talk) -> None:
    begun(talk).say("วัดพระธาตุ").press("2. ")
    for _ in range(2):  # as often as it is pressed
        assert talk.press("3. ").toast == EXPIRED
        assert "ขั้นที่ 3" in talk.text
    assert drafts(talk)[0].conversation.answers["category"] == "sacred"
    assert "ขั้นที่ 4" in talk.press("ข้าม").text


def test_a_button_of_a_form_thrown_away_does_nothing_to_the_next_one(talk: Talk) -> None:
    begun(talk).say("วัดเก่า")
    old = talk.button("2. ")
    talk.press("ยกเลิก").press("🗑 ทิ้ง")
    begun(talk).say("วัดใหม่")
    assert talk.hand_over(old).toast == EXPIRED
    assert "category" not in drafts(talk)[0].conversation.answers


def test_a_button_of_another_making_is_an_expired_one(talk: Talk) -> None:
    assert talk.hand_over(Pressed("")).toast == EXPIRED
    assert "ต้องการทำอะไร" in talk.text
    begun(talk)
    assert talk.hand_over(Pressed("nonsense", "ก")).toast == EXPIRED
    assert "ขั้นที่ 1" in talk.text


@pytest.mark.parametrize("label", ["ข้าม", "พักไว้ก่อน", "ย้อนกลับ"])
def test_a_second_tap_does_nothing(talk: Talk, label: str) -> None:
    begun(talk).say("วัด").press("2. ").press(label)
    before = drafts(talk)[0].conversation
    assert talk.press(label, again=True).out == ()
    assert drafts(talk)[0].conversation == before


def test_second_tap_on_send_does_not_submit_twice(talk: Talk) -> None:
    on_summary(talk)
    send = talk.button("ส่งให้ตรวจ")
    talk.hand_over(send)
    assert "L-2560-000001" in talk.text
    talk.now -= timedelta(seconds=9.5)
    assert talk.hand_over(send).out == ()
    assert talk.hand_over(send).toast == EXPIRED
    page = talk.store.read_now(
        submissions.entries_of, talk.officer.lao.code, submissions.Filter(), 0, talk.now
    )
    assert page.total == 1


def test_done_may_be_pressed_again_at_once_after_something_was_sent(talk: Talk) -> None:
    begun(talk).say("วัด").press("2. ").press("ข้าม").photo(ref="p1")
    done = talk.button("เสร็จแล้ว")
    talk.press("จัดการรูป").press("รูปที่ 1").press("เอาออก")
    talk.now -= timedelta(seconds=9.9)
    talk.hand_over(done)
    assert "ขั้นที่ 5" not in talk.text
    talk.now -= timedelta(seconds=9.9)
    talk.photo("b", ref="p2")
    talk.now -= timedelta(seconds=9.9)
    assert "ขั้นที่ 5" in talk.hand_over(done).text


# --- corrections


def test_editing_a_sent_message_corrects_that_answer(talk: Talk) -> None:
    begun(talk).say("วัดพระทาด", "m1").press("2. ")
    talk.edit("m1", "วัดพระธาตุ")
    assert "วัดพระธาตุ" in talk.text
    assert "คำอธิบาย" in talk.text
    assert drafts(talk)[0].conversation.answers["name"] == "วัดพระธาตุ"


def test_a_wrong_correction_leaves_the_answer_as_it_was(talk: Talk) -> None:
    begun(talk).say("วัดพระธาตุ", "m1").press("2. ").edit("m1", "ว")
    assert text_of(talk.out[0]).startswith("⚠️")
    assert drafts(talk)[0].conversation.answers["name"] == "วัดพระธาตุ"
    talk.edit("m1", "วัดใหญ่")
    assert drafts(talk)[0].conversation.answers["name"] == "วัดใหญ่"


def test_editing_any_other_message_is_answered_and_loses_nothing(talk: Talk) -> None:
    assert "/mine" in talk.edit("m9", "อะไรก็ได้").text
    begun(talk).edit("m9", "อะไรก็ได้")
    assert "ขั้นที่ 1" in talk.text


# --- leaving and sending


def test_cancelling_asks_first_and_throws_away_only_after_a_yes(talk: Talk) -> None:
    begun(talk).say("วัดพระธาตุ").say("/cancel")
    assert len(drafts(talk)) == 1
    assert "ขั้นที่ 2" in talk.press("กรอกต่อ").text
    talk.press("ยกเลิก").press("🗑 ทิ้ง")
    assert drafts(talk) == []
    assert "ต้องการทำอะไร" in talk.text


def test_sending_gives_a_number_and_says_what_happens_next(talk: Talk) -> None:
    on_summary(talk).press("ส่งให้ตรวจ")
    assert "L-2560-000001" in talk.text
    assert "แชตนี้" in talk.text
    assert len(talk.out) == 1
    assert drafts(talk) == []
    [entry] = talk.store.read_now(
        submissions.entries_of, talk.officer.lao.code, submissions.Filter(), 0, talk.now
    ).entries
    assert (entry.status, entry.shown, entry.headline) == ("pending", True, "วัดพระธาตุลำปางหลวง")
    assert "ขั้นที่ 1" in talk.press("➕ เพิ่มสถานที่สำคัญอีก").text


@pytest.mark.parametrize(("form", "letter"), [("landmark", "L"), ("product", "P"), ("news", "N")])
def test_numbers_run_for_each_letter_and_buddhist_year(talk: Talk, form: str, letter: str) -> None:
    assert CATALOGUE[form].letter == letter
    talk.now = datetime(2017, 12, 31, 16, 59, tzinfo=UTC)  # 23:59 in Bangkok
    numbers = [talk.sent(form).number, talk.sent(form).number]
    talk.now += timedelta(minutes=1)
    numbers.append(talk.sent(form).number)
    assert numbers == [f"{letter}-2560-000001", f"{letter}-2560-000002", f"{letter}-2561-000001"]


def test_what_a_later_officer_of_the_lao_sends_runs_on(talk: Talk) -> None:
    colleague = Talk(talk.store, chat_id=7_000_000_002).joined()
    assert [talk.sent().number, colleague.sent().number] == ["L-2560-000001", "L-2560-000002"]


# --- a form that has changed since


def test_a_draft_of_an_older_version_goes_on_with_what_still_reads(talk: Talk) -> None:
    begun(talk).say("วัดพระธาตุ").press("พักไว้ก่อน")
    [kept] = drafts(talk)
    stored = {
        **kept.conversation.to_json(),
        "version": 0,
        "answers": {"name": "วัดพระธาตุ", "category": "castle"},
    }
    talk.store.run_now(lambda tx: tx.execute(sa.update(draft).values(conversation=stored)))
    talk.say("/drafts").press("วัดพระธาตุ")
    assert len(talk.out) == 2
    assert "ขั้นที่ 2" in talk.text
    assert drafts(talk)[0].conversation.answers == {"name": "วัดพระธาตุ"}


# --- around it


def test_only_photos_that_may_be_answers_are_fetched(talk: Talk) -> None:
    stranger = Talk(talk.store, chat_id=7_000_000_009).say("สวัสดี")
    assert not talk.store.read_now(wants_files, stranger.chat_id)
    assert not talk.store.read_now(wants_files, 12345)
    assert not talk.store.read_now(wants_files, talk.chat_id)
    begun(talk)
    assert talk.store.read_now(wants_files, talk.chat_id)


def test_where_it_stands_is_the_question_the_menu_or_nothing(talk: Talk) -> None:
    def stands(chat_id: int) -> str:
        answer = talk.store.read_now(where_it_stands, chat_id, talk.now)
        return "".join(map(text_of, answer.out)) if answer else ""

    assert "ต้องการทำอะไร" in stands(talk.say("/menu").chat_id)
    assert "ขั้นที่ 1" in stands(begun(talk).chat_id)
    assert stands(12345) == ""
    stranger = Talk(talk.store, chat_id=7_000_000_009).say("สวัสดี")
    assert stands(stranger.chat_id) == ""


def test_whoever_blocks_the_bot_is_noted_until_they_write(talk: Talk) -> None:
    def unreachable() -> bool:
        chat = talk.store.read_now(conversations.chat_of, talk.chat_id)
        return chat is not None and chat.unreachable_at is not None

    talk.hand_over(Reachability(False))
    assert unreachable()
    talk.say("/menu")
    assert not unreachable()
    talk.hand_over(Reachability(False), update_ids=[90_021])
    talk.hand_over(Reachability(False), update_ids=[90_021])
    assert unreachable()
    talk.hand_over(Reachability(True))
    assert not unreachable()


# --- what a press has overtaken on its way


def overtaken(talk: Talk, button: str, what: Said | SentPhoto | RefusedPhoto | SentPlace) -> Talk:
    """The press is handled first, although the message was sent before it."""
    sent, pressed = next(fresh_ids), next(fresh_ids)
    talk.hand_over(talk.button(button), update_ids=[pressed])
    return talk.hand_over(what, update_ids=[sent])


def test_a_text_that_a_press_has_overtaken_answers_the_question_it_was_sent_to(talk: Talk) -> None:
    begun(talk).say("วัดพระธาตุ").press("2. ")
    overtaken(talk, "ข้าม", Said("เล่าเรื่องวัด", "9"))
    [kept] = drafts(talk)
    assert kept.conversation.answers["description"] == "เล่าเรื่องวัด"
    assert kept.conversation.at == "photos"
    assert "เล่าเรื่องวัด" in talk.text
    assert "1 รูป" in talk.photo(ref="p1").text
    talk.press("เสร็จแล้ว").say("054-123-456").press("ข้าม").press("ส่งให้ตรวจ")
    assert "L-2560-000001" in talk.text


def test_the_last_part_of_a_paragraph_that_done_has_overtaken_is_added_to_it(talk: Talk) -> None:
    begun(talk).say("วัดพระธาตุ").press("2. ").say("หนึ่ง", "1").say("สอง", "2")
    overtaken(talk, "เสร็จแล้ว", Said("สาม", "3"))
    [kept] = drafts(talk)
    assert kept.conversation.answers["description"] == "หนึ่ง\nสอง\nสาม"
    talk.edit("3", "สี่")  # and its message is edited like the others
    assert drafts(talk)[0].conversation.answers["description"] == "หนึ่ง\nสอง\nสี่"
    assert drafts(talk)[0].conversation.at == "photos"


def test_a_photo_that_done_has_overtaken_is_with_the_others(talk: Talk) -> None:
    begun(talk).say("วัดพระธาตุ").press("2. ").press("ข้าม").photo("a", ref="1")
    overtaken(talk, "เสร็จแล้ว", SentPhoto("b" * 64, 1280, 960, ref="2"))
    assert "รวม 2 รูป" in talk.text
    c = drafts(talk)[0].conversation
    assert [one.ref for one in kept_of(c.answers["photos"])] == ["1", "2"]
    assert c.at == "phone"
    assert "ขั้นที่ 6" in talk.say("054-123-456").text


def test_a_photo_too_many_or_unreadable_that_done_has_overtaken_is_said_so(talk: Talk) -> None:
    begun(talk).say("วัดพระธาตุ").press("2. ").press("ข้าม").photo("a", ref="1")
    overtaken(talk, "เสร็จแล้ว", RefusedPhoto(NOT_AN_IMAGE, "2"))
    assert "⚠️" in talk.text
    assert "ขั้นที่ 6" in talk.say("054-123-456").text


def test_a_text_overtaken_by_two_presses_belongs_to_the_question_before_both(talk: Talk) -> None:
    begun(talk).say("วัดพระธาตุ").press("2. ")
    sent = next(fresh_ids)
    talk.hand_over(talk.button("ข้าม"), update_ids=[next(fresh_ids)])
    talk.hand_over(talk.button("ย้อนกลับ"), update_ids=[next(fresh_ids)])
    talk.hand_over(talk.button("ข้าม"), update_ids=[next(fresh_ids)])
    talk.hand_over(Said("เล่าเรื่องวัด"), update_ids=[sent])
    assert drafts(talk)[0].conversation.answers["description"] == "เล่าเรื่องวัด"


def test_a_wrong_answer_that_was_overtaken_is_said_and_changes_nothing(talk: Talk) -> None:
    begun(talk).say("วัดพระธาตุ").press("2. ").press("ข้าม").photo(ref="p1").press("เสร็จแล้ว")
    overtaken(talk, "ย้อนกลับ", Said("ไม่มีเบอร์", "9"))
    assert "⚠️" in talk.text
    c = drafts(talk)[0].conversation
    assert (c.at, "phone" in c.answers) == ("photos", False)
    assert "ขั้นที่ 6" in talk.press("เสร็จแล้ว").say("054-123-456").text


def test_a_place_that_skip_has_overtaken_is_taken_or_asked_about(talk: Talk) -> None:
    begun(talk).say("วัด").press("2. ").press("ข้าม").photo(ref="p1").press("เสร็จแล้ว").say("054-123-456", "t1")
    overtaken(talk, "ข้าม", SentPlace(18.3171, 99.5106, ref="9"))
    c = drafts(talk)[0].conversation
    assert c.pending is not None or "coordinates" in c.answers
    if c.pending is not None:
        talk.press("ใช่")
    assert "coordinates" in drafts(talk)[0].conversation.answers
    assert "L-2560-000001" in talk.press("ส่งให้ตรวจ").text


def test_a_message_sent_after_the_press_answers_what_stands(talk: Talk) -> None:
    begun(talk).say("วัดพระธาตุ").press("2. ").press("ข้าม")
    assert "⚠️" in talk.say("เล่าเรื่องวัด").text  # photos are asked for
    assert "description" not in drafts(talk)[0].conversation.answers


def test_after_a_quiet_week_lower_numbers_are_no_sign_of_having_been_overtaken(talk: Talk) -> None:
    begun(talk).say("วัดพระธาตุ").press("2. ")
    sent, pressed = next(fresh_ids), next(fresh_ids)
    talk.hand_over(talk.button("ข้าม"), update_ids=[pressed])
    talk.now += timedelta(days=8)
    talk.hand_over(Said("เล่าเรื่องวัด"), update_ids=[sent])
    assert "description" not in drafts(talk)[0].conversation.answers
