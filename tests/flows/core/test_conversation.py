"""A conversation as it is stored and read back."""

from __future__ import annotations

import pytest

from flows.core.chat import Json
from flows.core.conversation import MOST_HEARD, Conversation
from tests.flows.core.answering import through_storage

FULL = Conversation(
    "landmark",
    3,
    answers={"name": "วัด", "photos": [{"photo": "ab", "place": [18.2, 99.4]}], "phone": [{"number": "1"}]},
    at="coordinates",
    serial=41,
    skipped=("description",),
    partials={"address": [{"ref": "7", "text": "หมู่ 2"}]},
    parts={"description": [{"ref": "5", "text": "เก่า"}]},
    pending={"latitude": 18.2, "longitude": 99.4, "accuracy": None},
    heard={"9": "name", "10": "photos", "1": "name"},
    detour=True,
    flags={"name": "สะกดผิด"},
    todo=("name",),
)


@pytest.mark.parametrize("c", [FULL, Conversation("news", 1)])
def test_conversation_is_read_back_as_it_was_stored(c: Conversation) -> None:
    assert through_storage(c) == c
    assert list(through_storage(c).heard) == list(c.heard)


def test_conversation_stored_by_an_earlier_release_is_still_read() -> None:
    c = Conversation.from_json({"form": "news", "version": 1, "answers": {"title": "ประชุม"}, "at": "body"})
    assert c == Conversation("news", 1, answers={"title": "ประชุม"}, at="body")


def test_what_is_no_conversation_is_refused_loudly() -> None:
    others: tuple[Json, ...] = (None, [], "news", 3)
    for stored in others:
        with pytest.raises(ValueError, match="object"):
            Conversation.from_json(stored)


def test_answer_ends_what_was_collected_skipped_and_asked_for() -> None:
    c = FULL.with_answer("address", "หมู่ 2")
    assert "address" not in c.partials
    assert c.parts["address"] == FULL.partials["address"]
    assert c.pending is None
    assert FULL.with_answer("name", "วัดใหม่").todo == ()
    assert FULL.with_answer("description", "เก่าแก่").skipped == ()


def test_answer_left_out_is_skipped() -> None:
    c = FULL.without_answer("phone")
    assert "phone" not in c.answers
    assert c.skipped == ("description", "phone")
    assert c.without_answer("phone") == c


def test_oldest_messages_are_forgotten_and_the_newest_still_known() -> None:
    c = Conversation("news", 1)
    for number in range(MOST_HEARD + 5):
        c = c.hearing(str(number), "title")
    assert len(c.heard) == MOST_HEARD
    assert "4" not in c.heard
    assert str(MOST_HEARD + 4) in c.heard
    assert c.hearing("5", "body").heard["5"] == "body"


def test_message_without_a_name_is_not_remembered() -> None:
    assert FULL.hearing("", "name") is FULL
