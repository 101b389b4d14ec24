"""Outside the forms: joining by an invitation, outsiders, the menu, drafts, language and help."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.chat_service import Command, Reachability
from bot.texts import COMMANDS
from flows.core.chat import SentOther
from flows.core.text import TO_THAI_DIGITS
from storage import invitations, officers
from storage.db import Store
from storage.lao import Lao, import_laos
from storage.tables import invitation
from tests.bot.talk import KOKHA, TONTHONGCHAI, Talk

ISITYOURS = "ใช่หน่วยงานของท่านหรือไม่"
NEED = "ถ้ามีรหัสเชิญ พิมพ์ส่งมาได้เลย"


@pytest.fixture
def talk(store: Store) -> Talk:
    talk = Talk(store)
    store.run_now(import_laos, [TONTHONGCHAI, KOKHA], talk.now)
    return talk


def invite(talk: Talk, lao: Lao = TONTHONGCHAI, uses: int = 3, days: int = 14) -> str:
    code, _ = talk.store.run_now(invitations.invite, lao.code, talk.now, days=days, uses=uses)
    return code


def joined_lao(talk: Talk) -> str | None:
    officer = talk.store.read_now(officers.officer_in, talk.chat_id)
    return officer.lao.code if officer else None


# --- joining


def test_the_lao_of_an_invitation_is_named_in_full_before_anything_is_bound(talk: Talk) -> None:
    talk.say(f"/start {invite(talk)}")
    assert "เทศบาลตำบลต้นธงชัย อำเภอเมืองลำปาง จังหวัดลำปาง" in talk.text
    assert ISITYOURS in talk.text
    assert joined_lao(talk) is None
    talk.press("ใช่ เข้าร่วม")
    assert "เข้าร่วมแล้ว" in talk.text
    assert len(talk.out) == 1
    assert joined_lao(talk) == TONTHONGCHAI.code
    assert [label for label in talk.labels if "เพิ่ม" in label] == [
        "🏞 เพิ่มสถานที่สำคัญ", "📰 เพิ่มข่าวประชาสัมพันธ์", "🧺 เพิ่มสินค้าท้องถิ่น",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    [
        "{code}",
        "{bare}",
        "{lower}",
        "{thai}",
        "{spaced}",
        " {code}\n",
        "https://t.me/thongthin_bot?start={code}",
        "เข้าร่วมที่ https://t.me/thongthin_bot?start={bare} นะคะ",
    ],
)
def test_a_code_may_be_typed_in_any_usual_way(talk: Talk, typed: str) -> None:
    code = invite(talk)
    written = {
        "code": code, "bare": code.replace("-", ""), "lower": code.lower(),
        "thai": code.translate(TO_THAI_DIGITS), "spaced": code.replace("-", " "),
    }  # fmt: skip
    assert ISITYOURS in talk.say(typed.format(**written)).text
    talk.press("ใช่ เข้าร่วม")
    assert joined_lao(talk) == TONTHONGCHAI.code


def test_whoever_says_no_is_not_bound_and_can_join_with_the_right_code(talk: Talk) -> None:
    talk.say(invite(talk, KOKHA)).press("ไม่ใช่")
    assert "ยังไม่ได้เข้าร่วม" in talk.text
    assert joined_lao(talk) is None
    assert "ต้นธงชัย" in talk.say(invite(talk)).text
    talk.press("ใช่ เข้าร่วม")
    assert joined_lao(talk) == TONTHONGCHAI.code


def test_a_second_tap_on_join_says_nothing_more(talk: Talk) -> None:
    talk.say(invite(talk)).press("ใช่ เข้าร่วม")
    assert talk.press("ใช่ เข้าร่วม", again=True).out == ()
    assert "ปุ่มนี้หมดอายุแล้ว" in talk.press("ใช่ เข้าร่วม").toast
    assert "ต้องการทำอะไร" in talk.text


def test_an_unknown_code_is_told_so_and_the_right_one_goes_through(talk: Talk) -> None:
    assert "ไม่พบรหัสเชิญนี้" in talk.say("AAAA-BBBB-CCCC").text
    assert ISITYOURS in talk.say(invite(talk)).text


def test_a_mistyped_code_may_be_put_right_by_editing_the_message(talk: Talk) -> None:
    code = invite(talk)
    talk.say("AAAA-BBBB-CCCC", "m1").edit("m1", code).press("ใช่ เข้าร่วม")
    assert joined_lao(talk) == TONTHONGCHAI.code


def test_an_expired_code_is_told_so(talk: Talk) -> None:
    code = invite(talk, days=1)
    talk.now += timedelta(days=1)
    assert "รหัสเชิญนี้หมดอายุแล้ว" in talk.say(code).text
    assert ISITYOURS in talk.say(invite(talk)).text


def test_a_withdrawn_code_is_told_so(talk: Talk) -> None:
    code = invite(talk)
    talk.store.run_now(invitations.revoke, code, talk.now)
    assert "รหัสเชิญนี้ถูกยกเลิกแล้ว" in talk.say(code).text
    assert ISITYOURS in talk.say(invite(talk)).text


def test_a_code_lets_no_more_people_in_than_it_was_made_for(talk: Talk) -> None:
    code = invite(talk, uses=1)
    colleague = Talk(talk.store, chat_id=7_000_000_002)
    colleague.say(code)
    talk.say(code).press("ใช่ เข้าร่วม")
    assert "รหัสเชิญนี้ใช้ไม่ได้แล้ว" in colleague.press("ใช่ เข้าร่วม").text
    assert joined_lao(colleague) is None
    assert "ใช้ครบจำนวนคนแล้ว" in colleague.say(code).text
    colleague.say(invite(talk)).press("ใช่ เข้าร่วม")
    assert joined_lao(colleague) == TONTHONGCHAI.code


def test_guesses_are_throttled_and_an_hour_later_the_right_code_is_taken(talk: Talk) -> None:
    code = invite(talk)
    talk.say("สวัสดี")
    for _ in range(invitations.MOST_GUESSES - 1):
        assert "ไม่พบรหัสเชิญนี้" in talk.say("AAAA-BBBB-CCCC").text
        assert "ใส่รหัสผิดหลายครั้ง" not in talk.text
    assert "ใส่รหัสผิดหลายครั้งแล้ว รออีก 60 นาที" in talk.say("AAAA-BBBB-CCCC").text
    assert talk.say(code).out == ()
    talk.now += timedelta(minutes=11)
    assert "ใส่รหัสผิดหลายครั้งแล้ว รออีก" in talk.say(code).text
    assert joined_lao(talk) is None
    talk.now += timedelta(hours=1)
    talk.say(code).press("ใช่ เข้าร่วม")
    assert joined_lao(talk) == TONTHONGCHAI.code


def test_a_code_is_kept_only_as_its_hash(talk: Talk) -> None:
    code = invite(talk)
    row = talk.store.read_now(lambda tx: tx.execute(sa.select(invitation)).one())
    assert not any(code in str(value) or code.replace("-", "") in str(value) for value in row)


# --- outsiders and those who were removed


def test_an_outsider_is_answered_once_then_left_alone_then_answered_again(talk: Talk) -> None:
    assert NEED in talk.say("สวัสดี").text
    for what in ("ทำไมไม่ตอบ", "/menu", "/add", "/mine", "/help", "/cancel", "/language"):
        assert talk.say(what).out == ()
    assert talk.photo().out == ()
    assert talk.hand_over(SentOther("sticker")).out == ()
    talk.now += timedelta(minutes=10)
    assert NEED in talk.say("/menu").text


def test_an_outsider_can_read_it_in_english(talk: Talk) -> None:
    talk.say("hello").press("English")
    assert "if you have an invitation code" in talk.text.lower()
    assert talk.press("English").out == ()


def test_a_phone_set_to_english_is_answered_in_english(store: Store) -> None:
    talk = Talk(store, language="en").say("/start")
    assert "invitation code" in talk.text


def test_a_removed_officer_is_told_so_and_can_do_nothing_more(talk: Talk) -> None:
    talk.joined().say("/add").press("เพิ่มสถานที่สำคัญ").say("วัดพระธาตุ")
    entry = talk.sent()
    talk.say("/mine").press(entry.number)
    talk.store.run_now(officers.remove, talk.officer.id, talk.now)
    assert "บัญชีนี้ถูกนำออกจากหน่วยงานแล้ว" in talk.press("🗑 ลบ").text
    for label in ("แก้ไข", "ข้าม", "เพิ่มสถานที่สำคัญ", "รายการของฉัน", "วัฒนธรรม"):
        if any(label in one for reply in talk.shown for one in talk._labels(reply)):
            assert talk.press(label).out == ()
    assert talk.say("วัดใหม่").out == ()
    talk.now += timedelta(minutes=10)
    assert "บัญชีนี้ถูกนำออกจากหน่วยงานแล้ว" in talk.say("/menu").text
    talk.say(invite(talk)).press("ใช่ เข้าร่วม")
    assert "ร่างที่ค้าง (1)" in "".join(talk.labels)
    assert "ขั้นที่ 2" in talk.press("กรอกสถานที่สำคัญต่อ").text


def test_an_officer_moves_to_another_lao_only_after_a_yes(talk: Talk) -> None:
    talk.joined()
    talk.say("/add").press("เพิ่มสถานที่สำคัญ").say("วัดพระธาตุ")
    talk.say(f"/start {invite(talk, KOKHA)}")
    assert "ตอนนี้ท่านอยู่ เทศบาลตำบลต้นธงชัย" in talk.text
    assert "เกาะคา" in talk.text
    assert joined_lao(talk) == TONTHONGCHAI.code
    talk.press("ใช่ เข้าร่วม")
    assert joined_lao(talk) == KOKHA.code
    assert not any("ร่าง" in label for label in talk.labels)
    assert "ปุ่มนี้หมดอายุแล้ว" in talk.press("1. ศิลปะ").toast
    # What was begun at the first LAO is there again for whoever comes back to it.
    talk.say(invite(talk)).press("ใช่ เข้าร่วม")
    assert "📝 ร่างที่ค้าง (1)" in talk.labels


def test_an_officer_who_does_not_want_to_move_stays(talk: Talk) -> None:
    talk.joined().say(f"/start {invite(talk, KOKHA)}").press("ไม่ใช่")
    assert "เทศบาลตำบลต้นธงชัย" in talk.text
    assert joined_lao(talk) == TONTHONGCHAI.code


def test_the_invitation_of_ones_own_lao_costs_no_use(talk: Talk) -> None:
    code = invite(talk.joined(), uses=1)
    assert "ท่านอยู่หน่วยงานนี้อยู่แล้ว" in talk.say(f"/start {code}").text
    colleague = Talk(talk.store, chat_id=7_000_000_002).say(code)
    assert ISITYOURS in colleague.text


# --- groups


def test_in_a_group_it_says_once_that_it_works_in_private(talk: Talk) -> None:
    group = Talk(talk.store, chat_id=-4_700_000_001, private=False)
    assert group.say("สวัสดีทุกคน").out == ()
    assert "แชตส่วนตัวเท่านั้น" in group.say("/start").text
    assert group.shown[-1].buttons[0][0].url == "https://t.me/thongthin_bot"
    assert group.say("/menu").out == ()
    group.now += timedelta(minutes=10)
    assert "แชตส่วนตัวเท่านั้น" in group.say("/menu").text


def test_a_code_shown_in_a_group_binds_nobody(talk: Talk) -> None:
    group = Talk(talk.store, chat_id=-4_700_000_001, private=False)
    assert ISITYOURS not in group.say(f"/start {invite(talk)}").text
    assert joined_lao(group) is None


# --- menu, language, help


@pytest.mark.parametrize("name", [name for name, _ in COMMANDS])
def test_every_command_of_the_menu_is_known(talk: Talk, name: str) -> None:
    talk.joined().hand_over(Command(name))
    assert talk.out
    assert "ไม่มีคำสั่งนี้" not in talk.text


def test_the_commands_are_those_that_were_promised() -> None:
    promised = {"start", "menu", "add", "drafts", "mine", "cancel", "help", "language"}
    assert {name for name, _ in COMMANDS} == promised


def test_words_without_an_open_form_are_answered_with_what_to_do(talk: Talk) -> None:
    talk.joined().say("วัดพระธาตุ")
    assert "กดเลือกก่อน" in talk.text
    assert len(talk.out) == 1
    assert "ขั้นที่ 1" in talk.press("เพิ่มสถานที่สำคัญ").text


def test_a_photo_without_an_open_form_is_answered_with_what_to_do(talk: Talk) -> None:
    assert "กดเลือกก่อน" in talk.joined().photo().text


def test_the_language_is_chosen_and_kept(talk: Talk) -> None:
    talk.joined().say("/language").press("English")
    assert "English from now on" in talk.text
    assert "What would you like to do?" in talk.text
    talk.say("/add").press("Add: Landmark")
    assert "Step 1 of 6" in talk.text
    talk.say("/language").press("ไทย")
    assert "ขั้นที่ 1 จาก 6" in talk.text


def test_help_and_unknown_commands_in_mid_form_do_not_lose_the_place(talk: Talk) -> None:
    talk.joined().say("/add").press("เพิ่มสถานที่สำคัญ").say("วัดพระธาตุ")
    for command, says in (("/help", "วิธีใช้"), ("/weather", "ไม่มีคำสั่งนี้")):
        talk.say(command)
        assert says in talk.text
        assert "ขั้นที่ 2 จาก 6" in talk.text
    talk.say("/menu").press("วิธีใช้")
    assert "ขั้นที่ 2 จาก 6" in talk.text
    assert "ขั้นที่ 3 จาก 6" in talk.press("2. สถานที่ศักดิ์สิทธิ์").text


def test_the_menu_in_mid_form_leads_back_to_it(talk: Talk) -> None:
    talk.joined().say("/add").press("เพิ่มสินค้าท้องถิ่น").say("ข้าวแต๋น").say("/menu")
    assert talk.labels[0] == "▶️ กรอกสินค้าท้องถิ่นต่อ"
    assert "ขั้นที่ 2" in talk.press("กรอกสินค้าท้องถิ่นต่อ").text


def test_cancel_without_a_form_says_so(talk: Talk) -> None:
    assert "ไม่มีแบบฟอร์มที่กำลังกรอกอยู่" in talk.joined().say("/cancel").text


def test_a_second_tap_on_the_menu_does_not_begin_two_forms(talk: Talk) -> None:
    talk.joined().say("/add").press("เพิ่มข่าว")
    assert "ขั้นที่ 1" in talk.text
    assert talk.press("เพิ่มข่าว", again=True).out == ()
    assert "📝 ร่างที่ค้าง (1)" in talk.say("/menu").labels


# --- drafts


def test_a_form_put_aside_is_found_again_where_it_was_left(talk: Talk) -> None:
    talk.joined().say("/add").press("เพิ่มสถานที่สำคัญ").say("วัดพระธาตุ").press("พักไว้ก่อน")
    assert "/drafts" in talk.text
    assert "ต้องการทำอะไร" in talk.text
    assert len(talk.out) == 1
    talk.now += timedelta(days=9)
    assert "🏞 สถานที่สำคัญ: วัดพระธาตุ" in talk.say("/drafts").labels
    assert "ขั้นที่ 2" in talk.press("วัดพระธาตุ").text


def test_starting_another_form_asks_which_to_keep_on(talk: Talk) -> None:
    talk.joined().say("/add").press("เพิ่มสถานที่สำคัญ").say("วัดพระธาตุ")
    talk.say("/add").press("เพิ่มข่าว")
    assert "จะทำอันไหนต่อ" in talk.text
    talk.press("กรอกสถานที่สำคัญต่อ")
    assert "ขั้นที่ 2 จาก 6 · สถานที่สำคัญ" in talk.text
    talk.say("/add").press("เพิ่มข่าว").press("พักไว้ แล้วเริ่ม")
    assert "ขั้นที่ 1 จาก 5 · ข่าวประชาสัมพันธ์" in talk.text
    assert len([label for label in talk.say("/drafts").labels if ":" in label]) == 2
    assert "ขั้นที่ 2 จาก 6 · สถานที่สำคัญ" in talk.press("วัดพระธาตุ").text


def test_a_draft_of_the_same_form_is_gone_on_with_or_begun_anew(talk: Talk) -> None:
    talk.joined().say("/add").press("เพิ่มสถานที่สำคัญ").say("วัดพระธาตุ").press("พักไว้ก่อน")
    talk.say("/add").press("เพิ่มสถานที่สำคัญ")
    assert "มีร่างสถานที่สำคัญค้างอยู่: วัดพระธาตุ" in talk.text
    assert "ขั้นที่ 2" in talk.press("ทำร่างเดิมต่อ").text
    talk.press("พักไว้ก่อน")
    talk.say("/add").press("เพิ่มสถานที่สำคัญ").press("ทิ้งร่างเดิม")
    assert "ขั้นที่ 1" in talk.text
    assert "ตอบไว้แล้ว" not in talk.text


def test_an_old_start_anew_throws_no_later_draft_away(talk: Talk) -> None:
    talk.joined().say("/add").press("เพิ่มสถานที่สำคัญ").say("วัดพระธาตุ").press("พักไว้ก่อน")
    talk.say("/add").press("เพิ่มสถานที่สำคัญ").press("ทิ้งร่างเดิม")
    talk.say("วัดใหม่")
    assert "ปุ่มนี้หมดอายุแล้ว" in talk.press("ทิ้งร่างเดิม").toast
    assert "ขั้นที่ 2" in talk.text


def test_no_drafts_is_said_with_the_menu(talk: Talk) -> None:
    assert "ไม่มีร่างที่ค้างอยู่" in talk.joined().say("/drafts").text


def test_somebody_elses_draft_opens_for_nobody(talk: Talk) -> None:
    talk.joined().say("/add").press("เพิ่มสถานที่สำคัญ").say("วัดพระธาตุ").say("/drafts")
    other = Talk(talk.store, chat_id=7_000_000_002).joined(KOKHA)
    other.shown = talk.shown
    assert "ปุ่มนี้หมดอายุแล้ว" in other.press("วัดพระธาตุ").toast
    assert "วัดพระธาตุ" not in other.text


def test_blocking_and_coming_back_asks_for_no_answer(talk: Talk) -> None:
    talk.joined().hand_over(Reachability(False))
    assert talk.out == ()
    talk.hand_over(Reachability(True))
    assert talk.out == ()
    assert "ต้องการทำอะไร" in talk.say("/start").text
