"""Replies become messages that Telegram takes: escaped, measured, cut, with the right keyboard."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.simulator.html import parse_html, utf16
from bot.telegram.buttons import read_press, write_press
from bot.telegram.html import length, pieces, plain, written
from bot.telegram.replies import (
    LOCATION_OFFER,
    LOCATION_PUT_AWAY,
    PUT_AWAY,
    Album,
    Keyboard,
    Picture,
    Words,
    messages_of,
)
from flows.core.chat import Button, Line, Pressed, Reply, ShownPhoto
from flows.core.places import LOCATION_BUTTON
from flows.core.problem import FlowError
from flows.core.text import T

HELLO = Line(T("สวัสดี <b>{name}</b>", "Hello <b>{name}</b>"), {"name": "<i>&'"})
NEXT = Button(Line(T("ต่อไป", "Next")), "next")
PHOTO = ShownPhoto("a" * 64)


def same(text: str) -> Line:
    return Line(T("{text}", "{text}"), {"text": text})


def shown(keyboard: Keyboard | None) -> dict[str, Any]:
    assert keyboard is not None
    read: dict[str, Any] = json.loads(keyboard.json)
    assert keyboard.below == ("inline_keyboard" not in read)
    return read


def test_sentences_keep_their_markup_and_facts_are_escaped() -> None:
    assert written([HELLO], "th") == "สวัสดี <b>&lt;i&gt;&amp;'</b>"
    nested = Line(T("<b>{a}</b> {b}", "<b>{a}</b> {b}"), {"a": T("<ก>", "<a> & co"), "b": 12345})
    assert written([nested, HELLO], "en") == "<b>&lt;a&gt; &amp; co</b> 12,345\nHello <b>&lt;i&gt;&amp;'</b>"


def test_labels_are_plain() -> None:
    assert plain(HELLO, "th") == "สวัสดี <i>&'"


def test_a_press_reads_as_it_was_written() -> None:
    reply = Reply(serial=3, draft=12)
    assert write_press(Button(Line(T("ก", "a")), "pick", "a.b"), reply) == "12.3.pick.a.b"
    assert read_press("12.3.pick.a.b") == Pressed("pick", "a.b", 3, 12)
    for wrong in ("", "12.3.pick", "12.x.pick.", "-1.3.pick.", "1.2..a", "๑.2.pick.a"):
        assert read_press(wrong) is None


def test_a_button_that_means_too_much_is_a_loud_mistake() -> None:
    fits = Button(NEXT.label, "pick", "ก" * 18)
    write_press(fits, Reply())
    for wrong in (Button(NEXT.label, "pick", "ก" * 19), Button(NEXT.label, "a.b"), Button(NEXT.label)):
        with pytest.raises(FlowError):
            write_press(wrong, Reply())


def test_buttons_stand_under_the_text() -> None:
    page = Button(Line(T("เปิด", "Open")), url="https://example.org/a")
    (words,) = messages_of(Reply((HELLO,), ((NEXT, page), ())), "th")
    assert isinstance(words, Words)
    first = {"text": "ต่อไป", "callback_data": "0.0.next."}
    second = {"text": "เปิด", "url": "https://example.org/a"}
    assert shown(words.keyboard) == {"inline_keyboard": [[first, second]]}


def test_a_photo_carries_its_words_where_they_fit() -> None:
    (picture,) = messages_of(Reply((HELLO,), ((NEXT,),), (PHOTO,)), "th")
    assert isinstance(picture, Picture)
    assert picture.caption.startswith("สวัสดี")
    assert picture.keyboard is not None
    first, second = messages_of(Reply((same("ก" * 1025),), ((NEXT,),), (PHOTO,)), "th")
    assert first == Picture(PHOTO)
    assert isinstance(second, Words)
    assert second.keyboard is not None


def test_an_album_comes_before_its_words() -> None:
    photos = (PHOTO, ShownPhoto("b" * 64))
    assert messages_of(Reply((), (), photos), "th") == (Album(photos),)
    album, words = messages_of(Reply((HELLO,), ((NEXT,),), photos), "th")
    assert album == Album(photos)
    assert isinstance(words, Words)
    with pytest.raises(FlowError):
        messages_of(Reply((HELLO,), (), (PHOTO,) * 11), "th")


def test_a_reply_without_words_is_a_loud_mistake() -> None:
    for reply in (Reply(), Reply((same(" "),)), Reply((), ((NEXT,),), (PHOTO, PHOTO))):
        with pytest.raises(FlowError):
            messages_of(reply, "th")


def test_the_location_button_gets_a_message_of_its_own_beside_other_buttons() -> None:
    (alone,) = messages_of(Reply((HELLO,), place_button=True), "th")
    assert isinstance(alone, Words)
    key = {"text": LOCATION_BUTTON.th, "request_location": True}
    assert shown(alone.keyboard) == {"keyboard": [[key]], "resize_keyboard": True}
    first, second = messages_of(Reply((HELLO,), ((NEXT,),), place_button=True), "en")
    assert isinstance(first, Words)
    assert "inline_keyboard" in shown(first.keyboard)
    assert isinstance(second, Words)
    assert second.text == LOCATION_OFFER.en
    assert "keyboard" in shown(second.keyboard)


def test_the_location_button_is_put_away_first() -> None:
    (alone,) = messages_of(Reply((HELLO,), place_button=False), "th")
    assert isinstance(alone, Words)
    assert alone.keyboard == PUT_AWAY
    assert shown(PUT_AWAY) == {"remove_keyboard": True}
    away, words = messages_of(Reply((HELLO,), ((NEXT,),), place_button=False), "th")
    assert isinstance(away, Words)
    assert (away.text, away.keyboard) == (LOCATION_PUT_AWAY.th, PUT_AWAY)
    assert isinstance(words, Words)
    assert "inline_keyboard" in shown(words.keyboard)


def test_a_long_text_is_cut_at_line_breaks_with_the_buttons_under_the_last_part() -> None:
    lines = tuple(same(f"<{number}> " + "ก" * 90) for number in range(100))
    parts = messages_of(Reply(lines, ((NEXT,),)), "th")
    assert len(parts) == 3
    for part in parts:
        assert isinstance(part, Words)
        assert length(part.text) <= 4096
        assert (part.keyboard is not None) == (part is parts[-1])
        assert part.text.startswith("&lt;")
    assert "\n".join(part.text for part in parts if isinstance(part, Words)) == written(lines, "th")


def test_tags_are_closed_and_opened_again_where_a_text_is_cut() -> None:
    text = "<b>" + "ก " * 10 + "</b>"
    assert pieces(text, 11) == ("<b>ก ก ก ก ก</b>", "<b>ก ก ก ก ก </b>")


def test_lengths_count_as_telegram_counts_them() -> None:
    assert length("<b>&lt;</b>😀ก") == 4


def test_a_cut_does_not_part_a_letter_from_its_marks() -> None:
    for most in range(4, 12):
        for piece in pieces("กำนันที่นี่น้ำใจ", most):
            assert piece[0] not in "ำัี่้"


def test_nothing_but_marks_is_cut_too() -> None:
    assert "".join(pieces("\u0e48" * 9000)) == "\u0e48" * 9000


TOKENS = st.sampled_from(["ก", "ที่", "a", " ", "\n", "😀", "&amp;", "&lt;", "<b>x", "</b>", "<i>y", "</i>"])


@given(st.lists(TOKENS, max_size=60), st.integers(5, 30))
@settings(max_examples=200, deadline=None)
def test_pieces_parse_and_fit_and_lose_only_blanks(tokens: list[str], most: int) -> None:
    text, open_tags = "", list[str]()
    for token in tokens:
        if token.startswith("</"):
            if not open_tags or open_tags[-1] != token[2]:
                continue
            open_tags.pop()
        elif token.startswith("<"):
            open_tags.append(token[1])
        text += token
    text += "".join(f"</{tag}>" for tag in reversed(open_tags))
    parsed = [parse_html(piece)[0] for piece in pieces(text, most)]
    assert all(piece.strip() and utf16(piece) <= most for piece in parsed)
    assert "".join("".join(parsed).split()) == "".join(parse_html(text)[0].split())


def test_a_press_that_nobody_can_have_written_is_not_read() -> None:
    for data in ("1.2.skip.\0", "1.2.sk\0ip.x", "1.2.skip.a\nb"):
        assert read_press(data) is None
