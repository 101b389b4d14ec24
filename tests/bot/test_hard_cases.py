"""What goes wrong between two people, two versions and two tries, and how the officer comes out of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from types import MappingProxyType

import pytest

from bot.chat_service import FileSent
from bot.conversation import where_it_stands
from flows import CATALOGUE
from flows.core.chat import Out, Pressed, SentPhoto, SentPlace
from flows.core.flow import Flow
from flows.core.photos import kept_of
from storage import submissions
from storage.db import Store
from tests.bot.talk import Talk, text_of


def test_of_two_officers_who_change_an_entry_the_second_is_told_and_overwrites_nothing(store: Store) -> None:
    first, second = Talk(store).joined(), Talk(store, chat_id=7_000_000_002).joined()
    entry = first.sent()
    for talk, name in ((first, "ชื่อจากคนแรก"), (second, "ชื่อจากคนที่สอง")):
        talk.now = max(first.now, second.now)
        talk.hand_over(Pressed("edit", str(entry.id))).press("✏️ ชื่อ").say(name)
    first.now = second.now
    first.press("ส่งให้ตรวจ")
    assert "ส่งฉบับแก้ไข" in first.text
    second.now = first.now
    second.press("ส่งให้ตรวจ")
    assert "มีผู้ส่งฉบับใหม่" in second.text
    assert first_name(store, entry.id) == "ชื่อจากคนแรก"
    second.press("ส่งฉบับของฉันแทน")
    assert "ส่งฉบับแก้ไข" in second.text
    assert first_name(store, entry.id) == "ชื่อจากคนที่สอง"


def said(out: Sequence[Out]) -> str:
    return "\n".join(text_of(one, "th") for one in out)


def first_name(store: Store, entry_id: int) -> object:
    entry = store.read_now(submissions.entry_of, entry_id)
    assert entry is not None
    return entry.answers["name"]


def test_a_number_whose_message_was_lost_is_said_again(store: Store) -> None:
    talk = Talk(store).joined()
    talk.say("/add").press("สถานที่สำคัญ").say("วัดพระธาตุ").press("ศิลปะ").press("ข้าม").photo().press("เสร็จแล้ว")
    talk.say("054-123-456").press("ข้าม").press("ส่งให้ตรวจ")
    again = store.read_now(where_it_stands, talk.chat_id, talk.now)
    assert again is not None
    assert "L-2560-000001" in said(again.out)
    talk.say("/menu")
    later = store.read_now(where_it_stands, talk.chat_id, talk.now)
    assert later is not None
    assert "L-2560-000001" not in said(later.out)


def test_an_open_form_whose_question_is_gone_in_a_new_version_goes_on_at_the_next(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = Talk(store).joined()
    talk.say("/add").press("สถานที่สำคัญ").say("วัดพระธาตุ").press("ศิลปะ")
    assert "คำอธิบาย" in talk.text
    old = CATALOGUE["landmark"]
    fields = [one for one in old.fields if one.key != "description"]
    newer = Flow("landmark", old.title, "L", old.icon, old.headline, fields, version=2)
    fresh = MappingProxyType({**CATALOGUE, "landmark": newer})
    for module in ("bot.conversation", "bot.desk", "bot.screens", "bot.entries"):
        monkeypatch.setattr(f"{module}.CATALOGUE", fresh)
    talk.say("คำอธิบายที่พิมพ์ไว้")
    assert "แบบฟอร์ม" in talk.text
    assert "รูปสถานที่สำคัญ" in talk.text
    talk.photo().press("เสร็จแล้ว")
    assert "เบอร์โทร" in talk.text


@pytest.mark.parametrize("arg", ["²", "9" * 40, "-1", "x", "", "1²"])
@pytest.mark.parametrize("move", ["join", "nojoin", "go", "fresh", "entry", "mine", "over", "edit", "fix"])
def test_a_forged_button_is_answered_like_an_old_one(store: Store, move: str, arg: str) -> None:
    Talk(store).hand_over(Pressed(move, arg))
    talk = Talk(store, chat_id=7_000_000_003).joined()
    talk.hand_over(Pressed(move, arg))
    assert talk.say("/menu").labels


def test_an_outsider_who_presses_and_presses_is_not_answered_with_messages(store: Store) -> None:
    talk = Talk(store)
    talk.say("สวัสดี")
    for number in range(6):
        talk.hand_over(Pressed("language", "en" if number % 2 else "th"))
        assert not talk.labels
        assert talk.text == talk.toast
        assert talk.hand_over(Pressed("nojoin", str(number))).text == ""


def test_a_place_moved_far_away_by_an_edit_is_asked_about_like_any_other(store: Store) -> None:
    talk = Talk(store).joined()
    talk.say("/add").press("สถานที่สำคัญ").say("วัดพระธาตุ").press("ศิลปะ").press("ข้าม").photo().press("เสร็จแล้ว")
    talk.say("054-123-456").say("18.3171, 99.5106", ref="50")
    assert "ยังไม่ได้ส่ง" in talk.text
    talk.edit("50", "18.7953, 98.9986")
    assert "ใช่จุดที่ต้องการหรือไม่" in talk.text
    talk.press("ไม่ใช่").hand_over(SentPlace(18.3171, 99.5106))
    assert "ยังไม่ได้ส่ง" in talk.text


def test_a_clock_that_goes_back_swallows_no_press(store: Store) -> None:
    talk = Talk(store).joined()
    menu = talk.say("/menu").button("รายการของฉัน")
    talk.hand_over(menu)
    talk.now -= timedelta(hours=1)
    assert talk.hand_over(menu).labels


@pytest.mark.parametrize("name", ["\u200e\u200e", "\u202e\u202e", "\u3164\u3164", "\u2800\u2800", ".."])
def test_a_name_that_nobody_can_see_is_refused(store: Store, name: str) -> None:
    talk = Talk(store).joined().say("/add").press("สถานที่สำคัญ").say(name)
    assert "สั้นเกินไป" in talk.text
    assert "ขั้นที่ 2" in talk.say("วัดพระธาตุ").text


def test_words_are_looked_for_within_what_the_list_was_narrowed_to(store: Store) -> None:
    talk = Talk(store).joined()
    talk.sent()
    talk.say("/mine").press("ประเภท").press("ค้นหา").say("ไม่มีคำนี้")
    assert "ประเภท: สถานที่สำคัญ" in talk.labels


def test_a_photo_put_into_a_message_sent_before_takes_the_old_ones_place(store: Store) -> None:
    talk = Talk(store).joined()
    talk.say("/add").press("สถานที่สำคัญ").say("วัดพระธาตุ").press("ศิลปะ").press("ข้าม")
    talk.photo("a", ref="60").photo("b", ref="61").press("เสร็จแล้ว")
    talk.hand_over(SentPhoto("a" * 64, 1280, 960, ref="60", edited=True))
    assert talk.text == ""  # only its words were changed
    talk.hand_over(SentPhoto("c" * 64, 1280, 960, ref="60", edited=True))
    assert "เปลี่ยนรูปที่ 1 แล้ว" in talk.text
    assert "เบอร์โทร" in talk.text
    talk.say("054-123-456").press("ข้าม").press("ส่งให้ตรวจ")
    entry = store.read_now(submissions.entry_of, 1)
    assert entry is not None
    assert [one.photo[0] for one in kept_of(entry.answers["photos"])] == ["c", "b"]
    talk.hand_over(FileSent("f", 10, ref="60", edited=True))
    assert talk.text == ""
