"""The engine: what a message or a press makes of a conversation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows import CATALOGUE
from flows.core import engine
from flows.core import questions as ask
from flows.core.chat import (
    Around,
    Edit,
    Inbound,
    Line,
    Reply,
    Said,
    SentOther,
    SentPlace,
    Toast,
)
from flows.core.coordinates import LatLon
from flows.core.engine import advance, begin, reopen
from flows.core.flow import Flow
from flows.core.photos import Photos, kept_of
from flows.core.places import Place
from tests.flows.core.answering import (
    NOW,
    answer,
    filled,
    good,
    moves,
    photo,
    play,
    press,
    texts,
)

LANDMARK, NEWS, PRODUCT = CATALOGUE["landmark"], CATALOGUE["news"], CATALOGUE["product"]


# --- old buttons and second taps


def test_button_of_an_earlier_question_changes_nothing_and_shows_the_question_again() -> None:
    first = filled(LANDMARK, "category")
    later = filled(LANDMARK, "photos", first)
    turn = play(LANDMARK, later, press(first, "pick", "spa"))
    assert turn.conversation == later
    assert turn.out[0] == Toast(Line(ask.EXPIRED))
    assert turn.out[1:] == engine.question(LANDMARK, later)
    assert play(LANDMARK, later, photo("b", "9")).conversation.partial


def test_button_that_means_nothing_here_is_an_expired_one() -> None:
    c = filled(LANDMARK, "name")
    for move in ("done", "skip", "keep", "photos", "photo", "again", "tick", "yes", "no", "send", "gps", ""):
        turn = play(LANDMARK, c, press(c, move, "x"))
        assert turn.conversation == c
        assert isinstance(turn.out[0], Toast)
    summary = filled(LANDMARK)
    for move in ("done", "skip", "pick", "change", "yes", ""):
        assert isinstance(play(LANDMARK, summary, press(summary, move, "x")).out[0], Toast)


def test_second_tap_on_skip_after_words_were_sent_loses_no_word() -> None:
    c = filled(LANDMARK, "description")
    turn = play(LANDMARK, c, Said("วัดเก่าแก่", "5"), press(c, "skip"))
    assert turn.conversation.at == "description"
    assert isinstance(turn.out[0], Toast)
    done = play(LANDMARK, turn.conversation, press(turn.conversation, "done")).conversation
    assert done.answers["description"] == "วัดเก่าแก่"


def test_second_tap_on_skip_after_a_box_was_ticked_loses_no_tick() -> None:
    c = engine.at_field(PRODUCT, filled(PRODUCT), "standards")
    turn = play(PRODUCT, c, press(c, "tick", "gap"), press(c, "skip"))
    assert turn.conversation.partial == ["gap"]


def test_second_tap_on_a_choice_does_not_answer_the_next_question() -> None:
    c = filled(LANDMARK, "category")
    turn = play(LANDMARK, c, press(c, "pick", "spa"), press(c, "pick", "spa"))
    assert turn.conversation.at == "description"
    assert turn.conversation.answers["category"] == "spa"


def test_second_tap_on_take_out_takes_out_no_other_photo() -> None:
    c = filled(LANDMARK, "photos")
    c = play(LANDMARK, c, photo("a", "5"), photo("b", "6")).conversation
    name = kept_of(c.partial)[0].name
    turn = play(LANDMARK, c, press(c, "remove", name), press(c, "remove", name))
    assert [one.photo[:2] for one in kept_of(turn.conversation.partial)] == ["62"]
    assert isinstance(turn.out[0], Toast)


# --- typing instead of pressing


def test_label_of_a_button_may_be_typed() -> None:
    c = play(
        LANDMARK, filled(LANDMARK, "description"), Said("วัดเก่าแก่", "5"), Said("เสร็จแล้ว", "6")
    ).conversation
    assert c.answers["description"] == "วัดเก่าแก่"
    assert c.at == "photos"
    assert play(LANDMARK, filled(LANDMARK, "coordinates"), Said("ข้าม", "7")).conversation.at == ""
    assert play(LANDMARK, filled(LANDMARK), Said("send for review", "7")).effect == "submit"


def test_label_of_a_button_that_is_not_there_is_an_answer() -> None:
    c = play(LANDMARK, begin(LANDMARK), Said("ย้อนกลับ", "1")).conversation
    assert c.answers["name"] == "ย้อนกลับ"


def test_typing_cancel_asks_before_anything_is_thrown_away() -> None:
    c = filled(LANDMARK, "phone")
    turn = play(LANDMARK, c, Said("ยกเลิก", "9"))
    assert turn.effect == "none"
    assert moves(turn.out) == {"stay", "park", "drop"}
    assert play(LANDMARK, turn.conversation, Said("ทิ้ง", "10")).effect == "none"


# --- wrong kinds


@pytest.mark.parametrize("flow", CATALOGUE.values(), ids=lambda flow: flow.key)
def test_wrong_kind_of_message_gets_one_short_message_and_the_question_stands(flow: Flow) -> None:
    for field in flow.fields:
        c = engine.at_field(flow, filled(flow), field.key)
        wrong: list[Inbound] = [SentOther("sticker"), SentOther("voice"), SentOther("video")]
        wrong += [Said("ไม่มี")] if isinstance(field, Photos) else [photo("z")]
        wrong += [] if isinstance(field, Place) else [SentPlace(18.2, 99.4)]
        for inbound in wrong:
            turn = play(flow, c, inbound)
            assert turn.conversation == c
            assert len(turn.out) == 1
            assert texts(turn.out).count("\n") <= 2
            assert field.title.th in texts(turn.out)
            assert {"back", "park", "cancel"} <= moves(turn.out)


def test_album_where_words_are_asked_is_refused_once() -> None:
    c = filled(LANDMARK, "phone")
    turns = []
    for name in "xyz":
        turns.append(advance(LANDMARK, c, photo(name, "9", "g"), NOW))
    assert len(engine.together(turns)) == 1


# --- back


def test_back_on_the_first_question_says_so() -> None:
    c = begin(NEWS)
    turn = play(NEWS, c, press(c, "back"))
    assert turn.conversation == c
    assert "ข้อแรก" in texts(turn.out)


def test_back_from_the_second_question_keeps_what_was_being_collected() -> None:
    c = play(NEWS, filled(NEWS, "body"), Said("ย่อหน้าแรก", "5")).conversation
    c = play(NEWS, c, press(c, "back")).conversation
    assert c.at == "title"
    c = play(NEWS, c, press(c, "keep")).conversation
    assert c.at == "body"
    assert play(NEWS, c, press(c, "done")).conversation.answers["body"] == "ย่อหน้าแรก"


def test_photo_added_from_the_summary_counts_without_done() -> None:
    c = engine.at_field(LANDMARK, filled(LANDMARK), "photos")
    c = play(LANDMARK, c, photo("b", "9")).conversation
    c = play(LANDMARK, c, press(c, "back")).conversation
    assert len(kept_of(c.answers["photos"])) == 2
    assert not c.partials


def test_photo_added_counts_when_another_question_is_opened_from_outside() -> None:
    c = engine.at_field(LANDMARK, filled(LANDMARK), "photos")
    c = play(LANDMARK, c, photo("b", "9")).conversation
    c = engine.at_field(LANDMARK, c, "name")
    assert c.at == "name"
    assert len(kept_of(c.answers["photos"])) == 2


def test_taking_out_every_photo_and_leaving_keeps_the_earlier_photos() -> None:
    c = engine.at_field(LANDMARK, filled(LANDMARK), "photos")
    name = kept_of(c.partial)[0].name
    c = play(LANDMARK, c, press(c, "remove", name)).conversation
    refused = play(LANDMARK, c, press(c, "done"))
    assert "ยังไม่มีรูป" in texts(refused.out)
    c = play(LANDMARK, c, press(c, "back")).conversation
    assert len(kept_of(c.answers["photos"])) == 1
    again = engine.at_field(LANDMARK, c, "photos")
    assert len(kept_of(again.partial)) == 1


# --- the phone's location button


@pytest.mark.parametrize("move", ["skip", "back", "park"])
def test_leaving_a_place_takes_the_location_button_away_without_a_word_of_its_own(move: str) -> None:
    c = filled(LANDMARK, "coordinates")
    assert [one.place_button for one in engine.question(LANDMARK, c) if isinstance(one, Reply)] == [True]
    turn = play(LANDMARK, c, press(c, move))
    replies = [one for one in turn.out if isinstance(one, Reply)]
    assert [one.place_button for one in replies] == [False] + [None] * (len(replies) - 1)
    assert len(replies) == 1


def test_wrong_answer_leaves_the_location_button_where_it_is() -> None:
    c = filled(LANDMARK, "coordinates")
    turn = play(LANDMARK, c, Said("หลังตลาด"))
    assert [one.place_button for one in turn.out if isinstance(one, Reply)] == [None]


# --- places


def test_far_place_is_taken_after_a_yes_and_not_before() -> None:
    c, far = filled(LANDMARK, "coordinates"), Around("เมืองเชียงใหม่", "เชียงใหม่", 75.8, (18.3, 99.5), False)
    asked = advance(LANDMARK, c, SentPlace(18.79, 98.99), NOW, far)
    assert "coordinates" not in asked.conversation.answers
    assert moves(asked.out) == {"yes", "no"}
    for yes in (press(asked.conversation, "yes"), Said("ใช่")):
        assert "coordinates" in play(LANDMARK, asked.conversation, yes).conversation.answers
    for no in (press(asked.conversation, "no"), Said("ไม่ใช่"), Said("ไม่")):
        turn = play(LANDMARK, asked.conversation, no)
        assert turn.conversation.pending is None
        assert turn.conversation.at == "coordinates"


def test_other_message_while_a_far_place_waits_asks_the_same_again() -> None:
    c, far = filled(LANDMARK, "coordinates"), Around("เมืองเชียงใหม่", "เชียงใหม่", 75.8, (18.3, 99.5), False)
    waiting = advance(LANDMARK, c, SentPlace(18.79, 98.99), NOW, far).conversation
    for inbound in (SentOther("sticker"), Said("ไม่แน่ใจ"), photo("z")):
        turn = play(LANDMARK, waiting, inbound)
        assert moves(turn.out) == {"yes", "no"}
        assert turn.conversation.pending is not None


def test_place_of_a_photo_taken_abroad_is_not_offered() -> None:
    c = filled(LANDMARK, "photos")
    c = play(LANDMARK, c, photo("a", "5", place=(48.85, 2.29))).conversation
    c = filled(LANDMARK, "coordinates", play(LANDMARK, c, press(c, "done")).conversation)
    assert "gps" not in moves(engine.question(LANDMARK, c))
    assert play(LANDMARK, c, press(c, "gps", "48.85_2.29")).conversation.answers == c.answers


def test_place_in_a_message_is_looked_up_only_where_a_place_is_asked() -> None:
    near = LatLon(18.3, 99.5)
    asked, other = filled(LANDMARK, "coordinates"), filled(LANDMARK, "name")
    given = engine.given_place(LANDMARK, asked, Said("18.2170, 99.3896"), near)
    assert given is not None
    assert given.point == LatLon(18.217, 99.3896)
    assert engine.given_place(LANDMARK, other, Said("18.2170, 99.3896"), near) is None
    assert engine.given_place(LANDMARK, asked, Said("หลังตลาด"), near) is None
    edited = engine.given_place(LANDMARK, other.hearing("7", "coordinates"), Edit("7", "18.2, 99.4"), near)
    assert edited is not None


# --- the summary and sending


@pytest.mark.parametrize("flow", CATALOGUE.values(), ids=lambda flow: flow.key)
def test_form_answered_by_its_own_examples_can_be_sent(flow: Flow) -> None:
    c = filled(flow)
    for field in flow.fields:
        if field.later:
            now = play(flow, c, press(c, "change", field.key)).conversation
            c = answer(flow, now, good(field, "90")).conversation
    assert set(c.answers) == set(flow.by_key)
    assert c.at == ""
    turn = play(flow, c, press(c, "send"))
    assert turn.effect == "submit"


def test_sending_with_a_required_answer_missing_asks_for_it() -> None:
    c = filled(LANDMARK)
    c = replace(c, answers={k: v for k, v in c.answers.items() if k != "phone"})
    turn = play(LANDMARK, c, press(c, "send"))
    assert turn.effect == "none"
    assert turn.conversation.at == "phone"
    assert "ยังขาด เบอร์โทร" in texts(turn.out)
    c = play(LANDMARK, turn.conversation, Said("081-234-5678")).conversation
    assert play(LANDMARK, c, press(c, "send")).effect == "submit"


def test_stray_message_on_the_summary_does_not_repeat_every_answer() -> None:
    c = filled(LANDMARK)
    turn = play(LANDMARK, c, Said("ขอบคุณ"))
    assert turn.conversation == c
    assert "send" in moves(turn.out)
    assert texts(turn.out).count("\n") == 0


def test_summary_shows_markup_and_braces_as_they_were_typed() -> None:
    c = play(LANDMARK, begin(LANDMARK), Said("วัด <b> & {name} </i>", "1")).conversation
    turn = play(LANDMARK, c, press(c, "back"))
    said = [line.to("th") for one in turn.out if isinstance(one, Reply) for line in one.lines]
    assert "ตอบไว้แล้ว: วัด <b> & {name} </i>" in said


# --- changes asked by a reviewer


@pytest.mark.parametrize("flow", CATALOGUE.values(), ids=lambda flow: flow.key)
def test_entry_goes_back_by_itself_after_the_last_fix(flow: Flow) -> None:
    flagged = [one.key for one in flow.fields if not one.several][:3]
    c = reopen(flow, filled(flow).answers, dict.fromkeys(flagged, "ไม่ถูกต้อง"), flagged[0])
    for n, key in enumerate(flagged, 1):
        assert c.at == key
        assert f"ข้อที่ {n} จาก {len(flagged)}" in texts(engine.question(flow, c))
        turn = play(flow, c, good(flow.by_key[key]))
        assert turn.effect == ("submit" if n == len(flagged) else "none")
        c = turn.conversation


def test_common_reason_of_a_reviewer_is_read_in_the_officers_language() -> None:
    c = reopen(LANDMARK, filled(LANDMARK).answers, {"photos": "รูปมืดหรือไม่ชัด"}, "photos")
    assert "The reviewer asks: " in texts(engine.question(LANDMARK, c), "en")


def test_summary_names_what_the_reviewer_still_waits_for() -> None:
    c = reopen(LANDMARK, filled(LANDMARK).answers, {"name": "สะกดผิด", "phone": "โทรไม่ติด"}, "name")
    c = play(LANDMARK, c, Said("วัดพระธาตุ")).conversation
    turn = play(LANDMARK, c, press(c, "back"))
    assert "ยังเหลือ: เบอร์โทร" in texts(turn.out)


def test_looking_at_flagged_photos_without_changing_them_is_no_fix() -> None:
    c = reopen(LANDMARK, filled(LANDMARK).answers, {"photos": "มืด"}, "photos")
    c = play(LANDMARK, c, press(c, "back")).conversation
    assert c.todo == ("photos",)


def test_reopened_entry_without_a_field_named_stands_on_its_summary() -> None:
    answers = filled(LANDMARK).answers
    assert reopen(LANDMARK, answers, {}).at == ""
    assert reopen(LANDMARK, answers, {}, "no_such_field").at == ""
