"""Corrections: an earlier message edited, and photos that come after the question was left."""

from __future__ import annotations

from flows import CATALOGUE
from flows.core import engine
from flows.core.chat import (
    Edit,
    RefusedPhoto,
    Said,
)
from flows.core.engine import advance, begin
from flows.core.photos import kept_of
from flows.core.problem import Problem
from flows.core.text import T
from tests.flows.core.answering import (
    NOW,
    filled,
    photo,
    play,
    press,
    texts,
)

LANDMARK, NEWS, PRODUCT = CATALOGUE["landmark"], CATALOGUE["news"], CATALOGUE["product"]


def test_edit_of_a_message_that_was_no_answer_changes_nothing() -> None:
    c = filled(LANDMARK, "phone")
    assert play(LANDMARK, c, Edit("999", "อะไรก็ได้")) == engine.Turn(c)


def test_edit_of_an_earlier_answer_corrects_it_and_the_question_stands() -> None:
    c = filled(LANDMARK, "phone")
    turn = play(LANDMARK, c, Edit("1", "วัดใหม่"))
    assert turn.conversation.answers["name"] == "วัดใหม่"
    assert turn.conversation.at == "phone"
    assert "แก้ «ชื่อสถานที่สำคัญ» แล้ว เป็น วัดใหม่" in texts(turn.out)


def test_edit_that_does_not_read_leaves_the_answer() -> None:
    c = filled(LANDMARK, "phone")
    turn = play(LANDMARK, c, Edit("1", "ว"))
    assert turn.conversation.answers == c.answers
    assert "คำตอบเดิมของ «ชื่อสถานที่สำคัญ» ยังอยู่" in texts(turn.out)
    assert play(LANDMARK, c, Edit("1", "วัด")).conversation.answers["name"] == "วัด"


def test_edit_of_a_refused_answer_is_a_new_try() -> None:
    c = play(LANDMARK, begin(LANDMARK), Said("ว", "1"), Edit("1", "วัด")).conversation
    assert c.answers["name"] == "วัด"


def test_edit_of_a_message_that_was_too_long_is_taken_as_part_of_the_text() -> None:
    c = filled(LANDMARK, "description")
    c = play(LANDMARK, c, Said("แรก", "5"), Said("ก" * 4000, "6"), Edit("6", "สอง")).conversation
    assert play(LANDMARK, c, press(c, "done")).conversation.answers["description"] == "แรก\nสอง"


def test_edit_of_one_part_of_a_text_keeps_the_others() -> None:
    c = play(LANDMARK, filled(LANDMARK, "description"), Said("แรก", "5"), Said("สอง", "6")).conversation
    c = play(LANDMARK, c, Edit("5", "หนึ่ง")).conversation
    c = play(LANDMARK, c, press(c, "done"), Edit("6", "สาม")).conversation
    assert c.answers["description"] == "หนึ่ง\nสาม"


def test_edit_of_typed_boxes_replaces_the_answer() -> None:
    c = engine.at_field(PRODUCT, filled(PRODUCT), "standards")
    c = play(PRODUCT, c, Said("GAP", "50")).conversation
    c = play(PRODUCT, c, press(c, "done"), Edit("50", "ฮาลาล")).conversation
    assert c.answers["standards"] == ["halal"]
    assert not c.partials


def test_edit_of_a_photos_caption_changes_no_photo() -> None:
    c = play(LANDMARK, filled(LANDMARK, "photos"), photo("a", "5")).conversation
    c = play(LANDMARK, c, press(c, "done")).conversation
    turn = play(LANDMARK, c, Edit("5", "คำบรรยาย"))
    assert turn.conversation == c
    assert "ใช้ปุ่มแทน" in texts(turn.out)


# --- photos


def test_photo_of_an_album_that_comes_after_done_is_not_lost() -> None:
    c = play(LANDMARK, filled(LANDMARK, "photos"), photo("a", "1", "g"), photo("c", "3", "g")).conversation
    c = play(LANDMARK, c, press(c, "done")).conversation
    turn = play(LANDMARK, c, photo("b", "2", "g"))
    assert [one.ref for one in kept_of(turn.conversation.answers["photos"])] == ["1", "2", "3"]
    assert turn.conversation.at == "phone"
    assert play(LANDMARK, turn.conversation, photo("b", "2", "g")).conversation == turn.conversation


def test_photo_of_an_album_that_comes_after_back_is_not_lost() -> None:
    c = play(LANDMARK, filled(LANDMARK, "photos"), photo("a", "1", "g")).conversation
    c = play(LANDMARK, c, press(c, "back"), photo("b", "2", "g")).conversation
    assert c.at == "description"
    assert len(kept_of(c.partials["photos"])) == 2


def test_sixth_photo_that_comes_late_is_refused_in_words() -> None:
    c = play(LANDMARK, filled(LANDMARK, "photos"), *(photo(n, n, "g") for n in "12345")).conversation
    c = play(LANDMARK, c, press(c, "done")).conversation
    turn = play(LANDMARK, c, photo("6", "6", "g"))
    assert turn.conversation == c
    assert "ไม่เกิน 5 รูป" in texts(turn.out)


def test_refused_file_of_an_album_is_told_beside_the_others() -> None:
    c, broken = filled(LANDMARK, "photos"), Problem("photo.broken", T("ไฟล์เสีย", "Broken file"))
    turns = []
    for inbound in (photo("a", "1", "g"), RefusedPhoto(broken, "2", "g"), photo("c", "3", "g")):
        turns.append(advance(LANDMARK, c, inbound, NOW))
        c = turns[-1].conversation
    out = engine.together(turns)
    assert len(out) == 1
    assert "ไฟล์เสีย" in texts(out)
    assert "2 รูป" in texts(out)
    assert texts(out).count("ได้รับแล้ว") == 1
