"""My entries: the list and its filters, one entry, hiding, deleting, restoring, changing and fixing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from flows.core.problem import Problem
from flows.core.review import Verdict
from storage import conversations, reviews, submissions
from storage.db import Store, Tx
from storage.reviewers import add_reviewer, reviewer_named
from storage.submissions import Entry
from tests.bot.talk import KOKHA, Talk


@pytest.fixture
def talk(store: Store) -> Talk:
    return Talk(store).joined()


def judge(
    talk: Talk, entry: Entry, verdict: Verdict, note: str = "", flags: Mapping[str, str] | None = None
) -> None:
    """A verdict on the newest revision, as the admin web gives it."""

    def decide(tx: Tx) -> None:
        who = reviewer_named(tx, "ผู้ตรวจ") or add_reviewer(tx, "ผู้ตรวจ", "", talk.now)
        assert not isinstance(who, Problem)
        newest = submissions.entry_of(tx, entry.id)
        assert newest is not None
        made = reviews.decide(tx, entry.id, newest.revision, who.id, verdict, flags or {}, note, talk.now)
        assert not isinstance(made, Problem), made

    talk.store.run_now(decide)


def fresh(talk: Talk, entry: Entry) -> Entry:
    now = talk.store.read_now(submissions.entry_of, entry.id)
    assert now is not None
    return now


def entries_listed(talk: Talk) -> list[str]:
    return [label for label in talk.labels if "-2560-" in label]


# --- the list


def test_no_entries_is_said_and_no_filter_is_offered(talk: Talk) -> None:
    talk.say("/mine")
    assert "ยังไม่มีรายการ" in talk.text
    assert not any("สถานะ" in label for label in talk.labels)


def test_the_newest_comes_first_with_its_status(talk: Talk) -> None:
    old = talk.sent("landmark")
    talk.now += timedelta(minutes=1)
    talk.sent("news")
    judge(talk, old, "approve")
    talk.say("/mine")
    assert entries_listed(talk) == [
        "🕓 N-2560-000001 รณรงค์ป้องกันไข้เลือดออก",
        "✅ L-2560-000001 วัดพระธาตุลำปางหลวง",
    ]


def test_ten_a_page_forwards_and_back_in_the_same_message(talk: Talk) -> None:
    for n in range(23):
        talk.sent(name=f"วัดที่ {n}")
        talk.now += timedelta(seconds=1)
    pages = [entries_listed(talk.say("/mine"))]
    assert "หน้า 1 จาก 3" in talk.text
    assert not any("ก่อนหน้า" in label for label in talk.labels)
    for _ in range(2):
        pages.append(entries_listed(talk.press("ถัดไป")))
        assert talk.shown[-1].slot == "pressed"
    assert not any("ถัดไป" in label for label in talk.labels)
    assert [len(page) for page in pages] == [10, 10, 3]
    assert len({label for page in pages for label in page}) == 23
    assert entries_listed(talk.press("ก่อนหน้า")) == pages[1]


def test_each_press_on_a_filter_goes_to_the_next_choice(talk: Talk) -> None:
    talk.sent("landmark")
    approved = talk.sent("news")
    talk.sent("product")
    judge(talk, approved, "approve")
    talk.say("/mine")
    seen = [entries_listed(talk.press("ประเภท:"))[0].split()[1][0] for _ in range(3)]
    assert seen == ["L", "N", "P"]
    assert len(entries_listed(talk.press("ประเภท:"))) == 3
    assert len(entries_listed(talk.press("สถานะ:"))) == 2
    assert entries_listed(talk.press("สถานะ:")) == ["✅ N-2560-000001 รณรงค์ป้องกันไข้เลือดออก"]
    talk.press("สถานะ:")
    assert "ไม่พบรายการตามที่เลือก" in talk.text
    talk.press("สถานะ:").press("สถานะ:")
    assert len(entries_listed(talk)) == 3


def test_filters_are_kept_together(talk: Talk) -> None:
    hidden = talk.sent("landmark", name="วัดซ่อน")
    talk.sent("landmark")
    talk.sent("news")
    talk.say("/mine").press(hidden.number).press("ไม่แสดงรายการนี้").say("/mine")
    talk.press("ประเภท:").press("การแสดง:").press("การแสดง:")
    assert entries_listed(talk) == ["🕓🙈 L-2560-000001 วัดซ่อน"]
    assert "ประเภท: สถานที่สำคัญ" in talk.labels
    assert "การแสดง: ไม่แสดง" in talk.labels


def test_words_of_the_title_narrow_the_list_until_they_are_cleared(talk: Talk) -> None:
    talk.sent(name="น้ำตกแม่ก้ำ")
    talk.sent(name="วัดพระธาตุ ๑๐๐%")
    talk.say("/mine").press("ค้นหา")
    assert "พิมพ์คำ" in talk.text
    typed = "น้\u0e4d\u0e32ตก"  # looks the same, and is written with other letters
    assert entries_listed(talk.say(typed)) == ["🕓 L-2560-000001 น้ำตกแม่ก้ำ"]
    assert typed in "".join(talk.labels)
    assert len(entries_listed(talk.press("เลิกค้น"))) == 2
    assert entries_listed(talk.press("ค้นหา").say("100%")) == ["🕓 L-2560-000002 วัดพระธาตุ ๑๐๐%"]
    assert "ไม่พบรายการ" in talk.say("/mine").press("ค้นหา").say("_").text
    assert len(entries_listed(talk.press("เลิกค้น"))) == 2


def test_looking_for_words_is_left_by_a_command_or_a_button(talk: Talk) -> None:
    talk.sent()
    talk.say("/add").press("เพิ่มข่าว").say("/mine").press("ค้นหา").press("เมนู")
    talk.press("กรอกข่าว").say("1")
    assert "ขั้นที่ 2" in talk.text


def test_an_lao_sees_all_its_officers_sent_and_nothing_of_others(talk: Talk) -> None:
    entry = talk.sent()
    colleague = Talk(talk.store, chat_id=7_000_000_002).joined()
    assert len(entries_listed(colleague.say("/mine"))) == 1
    stranger = Talk(talk.store, chat_id=7_000_000_003).joined(KOKHA)
    assert entries_listed(stranger.say("/mine")) == []
    stranger.shown = colleague.shown
    assert "ไม่พบรายการนี้แล้ว" in stranger.press(entry.number).text
    assert entry.headline not in stranger.text


# --- one entry


def test_an_entry_is_shown_whole_with_photos_and_the_reviewers_words(talk: Talk) -> None:
    entry = talk.sent(description="เก่าแก่ {น่าเที่ยว}")
    judge(talk, entry, "changes", "ดีมาก เหลืออีกนิด", {"phone": "เบอร์ {นี้} ไม่มีคนรับ"})
    talk.say("/mine").press(entry.number)
    for words in ("L-2560-000001", "ให้แก้ไข", "เก่าแก่ {น่าเที่ยว}", "ดีมาก เหลืออีกนิด", "เบอร์ {นี้} ไม่มีคนรับ"):
        assert words in talk.text
    assert [one.photo for one in talk.shown[-1].photos] == ["a" * 64]


def test_a_common_reason_is_read_in_the_officers_own_language(talk: Talk) -> None:
    entry = talk.sent()
    judge(talk, entry, "reject", "เป็นการทดลองส่ง ไม่ใช่ข้อมูลจริง")
    talk.say("/language").press("English").say("/mine").press(entry.number)
    assert "It was a trial, not real information" in talk.text


def test_hiding_and_showing_needs_no_new_review(talk: Talk) -> None:
    entry = talk.sent()
    judge(talk, entry, "approve")
    talk.say("/mine").press(entry.number).press("ไม่แสดงรายการนี้")
    assert (fresh(talk, entry).shown, fresh(talk, entry).status) == (False, "approved")
    talk.press("แสดงรายการนี้")
    assert (fresh(talk, entry).shown, fresh(talk, entry).status) == (True, "approved")
    assert [one.what for one in talk.store.read_now(submissions.history_of, entry.id)][-2:] == [
        "hidden",
        "shown",
    ]


def test_deleting_asks_first_and_can_be_undone_for_thirty_days(talk: Talk) -> None:
    entry = talk.sent()
    talk.say("/mine").press(entry.number).press("🗑 ลบ")
    assert fresh(talk, entry).deleted_at is None
    talk.press("ไม่ลบ")
    assert fresh(talk, entry).deleted_at is None
    talk.press("🗑 ลบ").press("ลบเลย")
    assert entries_listed(talk) == []
    talk.now += timedelta(days=29)
    talk.say("/mine").press("ที่ลบไว้").press(entry.number).press("กู้คืน")
    assert "กู้คืนแล้ว" in talk.text
    assert len(entries_listed(talk.say("/mine"))) == 1


def test_after_thirty_days_restoring_is_refused(talk: Talk) -> None:
    entry = talk.sent()
    talk.say("/mine").press(entry.number).press("🗑 ลบ").press("ลบเลย").press("ที่ลบไว้").press(entry.number)
    talk.now += timedelta(days=30)
    assert "เกิน 30 วันแล้ว" in talk.press("กู้คืน").text
    assert fresh(talk, entry).deleted_at is not None
    assert entries_listed(talk.press("ที่ลบไว้")) == []


def test_an_old_fix_button_of_a_deleted_entry_shows_that_it_is_deleted(talk: Talk) -> None:
    entry = talk.sent()
    judge(talk, entry, "changes", "", {"phone": "ผิด"})
    talk.say("/mine").press(entry.number)
    fix = talk.button("แก้ เบอร์โทร")
    talk.press("🗑 ลบ").press("ลบเลย")
    talk.hand_over(fix)
    assert "ลบแล้วเมื่อ" in talk.text
    assert "↩️ กู้คืน" in talk.labels


# --- changing


def test_a_change_of_an_approved_entry_is_a_new_revision_and_the_approved_one_stays_published(
    talk: Talk,
) -> None:
    entry = talk.sent()
    judge(talk, entry, "approve")
    talk.say("/mine").press(entry.number).press("แก้ไข").press("✏️ ชื่อสถานที่สำคัญ").say("วัดใหม่").press("ส่งให้ตรวจ")
    assert entry.number in talk.text
    now = fresh(talk, entry)
    assert (now.status, now.revision, now.published_revision, now.headline) == ("pending", 2, 1, "วัดใหม่")
    assert "ยังแสดงอยู่" in talk.say("/mine").press(entry.number).text
    judge(talk, entry, "approve")
    assert fresh(talk, entry).published_revision == 2


def test_an_unsent_change_leaves_the_entry_as_it_was_and_is_found_among_the_drafts(talk: Talk) -> None:
    entry = talk.sent()
    talk.say("/mine").press(entry.number).press("แก้ไข").press("✏️ ชื่อสถานที่สำคัญ").say("วัดใหม่").press("พักไว้ก่อน")
    assert fresh(talk, entry).headline == entry.headline
    assert f"✏️ แก้ {entry.number}" in "".join(talk.say("/drafts").labels)
    talk.press(f"✏️ แก้ {entry.number}").press("ส่งให้ตรวจ")
    assert fresh(talk, entry).headline == "วัดใหม่"


def test_changing_while_a_form_is_open_asks_which_to_go_on_with(talk: Talk) -> None:
    entry = talk.sent()
    talk.say("/add").press("เพิ่มข่าว").say("1").say("/mine").press(entry.number).press("✏️ แก้ไข")
    assert "จะทำอันไหนต่อ" in talk.text
    talk.press(f"พักไว้ แล้วแก้ {entry.number}")
    assert "ส่งให้ตรวจ" in "".join(talk.labels)
    assert len(talk.store.read_now(conversations.drafts_of, talk.officer.id)) == 2


def test_after_the_last_fix_it_goes_back_by_itself(talk: Talk) -> None:
    entry = talk.sent()
    judge(talk, entry, "changes", "", {"name": "สะกดผิด", "phone": "ไม่มีคนรับ"})
    talk.say("/mine").press(entry.number).press("แก้ ชื่อสถานที่สำคัญ")
    assert "สะกดผิด" in talk.text
    talk.say("วัดพระธาตุลำปางหลวง ๒")
    assert "ไม่มีคนรับ" in talk.text
    assert fresh(talk, entry).status == "changes_requested"
    talk.say("054-999-888")
    assert entry.number in talk.text
    now = fresh(talk, entry)
    assert (now.status, now.revision, now.headline) == ("pending", 2, "วัดพระธาตุลำปางหลวง ๒")
    assert "ไม่ได้รอแก้ไขแล้ว" in talk.press("แก้ ชื่อสถานที่สำคัญ").text


def test_a_change_begun_before_the_verdict_takes_up_what_the_reviewer_asks(talk: Talk) -> None:
    entry = talk.sent()
    talk.say("/mine").press(entry.number).press("✏️ แก้ไข").press("พักไว้ก่อน")
    judge(talk, entry, "changes", "", {"phone": "ไม่มีคนรับ"})
    talk.say("/mine").press(entry.number).press("แก้ เบอร์โทร")
    assert "ไม่มีคนรับ" in talk.text
    talk.say("054-999-888")
    assert (fresh(talk, entry).status, fresh(talk, entry).revision) == ("pending", 2)


def test_sending_a_change_of_an_entry_that_was_deleted_meanwhile_brings_it_back(talk: Talk) -> None:
    entry = talk.sent()
    talk.say("/mine").press(entry.number).press("✏️ แก้ไข")
    send = talk.button("ส่งให้ตรวจ")
    talk.say("/mine").press(entry.number).press("🗑 ลบ").press("ลบเลย")
    assert entry.number in talk.hand_over(send).text
    now = fresh(talk, entry)
    assert (now.deleted_at, now.status, now.revision) == (None, "pending", 2)


def test_a_change_of_an_entry_deleted_long_ago_is_not_sent_into_nowhere(talk: Talk) -> None:
    entry = talk.sent()
    talk.say("/mine").press(entry.number).press("✏️ แก้ไข")
    send = talk.button("ส่งให้ตรวจ")
    talk.say("/mine").press(entry.number).press("🗑 ลบ").press("ลบเลย")
    talk.now += timedelta(days=31)
    assert "เกิน 30 วันแล้ว" in talk.hand_over(send).text
    assert len(talk.store.read_now(conversations.drafts_of, talk.officer.id)) == 1
