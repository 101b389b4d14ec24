"""Every kind of update is read for what the officer did, and what asks nothing is let pass."""

from __future__ import annotations

from typing import Any

import pytest

from bot.chat_service import Arrived, Command, FileSent, Reachability
from bot.telegram.updates import ALLOWED_UPDATES, UnreadableUpdate, _read_whole, read_update
from flows.core.chat import Edit, Pressed, Said, SentContact, SentOther, SentPlace

PERSON = {"id": 7, "is_bot": False, "first_name": "สมหญิง", "last_name": "ใจดี", "language_code": "th"}
PRIVATE = {"id": 7, "type": "private", "first_name": "สมหญิง"}
GROUP = {"id": -100, "type": "supergroup", "title": "กลุ่ม"}


def update(kind: str = "message", sender: dict[str, Any] = PERSON, **fields: Any) -> dict[str, Any]:
    message = {"message_id": 5, "date": 1, "chat": PRIVATE, "from": sender} | fields
    return {"update_id": 99, kind: message}


def read(raw: dict[str, Any]) -> Arrived:
    arrived = read_update(raw)
    assert arrived is not None
    return arrived


def sizes(*widths: int) -> list[dict[str, Any]]:
    return [
        {"file_id": f"f{w}", "file_unique_id": f"u{w}", "width": w, "height": w, "file_size": w}
        for w in widths
    ]


def document(name: str = "a.heic", mime: str = "image/heic") -> dict[str, Any]:
    return {"file_id": "d", "file_unique_id": "u", "file_name": name, "mime_type": mime, "file_size": 9}


def location(**more: Any) -> dict[str, Any]:
    return {"latitude": 18.79, "longitude": 98.98} | more


def test_text_is_read_with_who_and_where() -> None:
    raw = update(text="สวัสดี")
    assert read(raw) == Arrived(99, 7, True, "สมหญิง ใจดี", "th", Said("สวัสดี", "5"), raw=raw)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/start", Command("start")),
        ("/start AB-12cd", Command("start", "AB-12cd")),
        ("/Help@thongthin_bot", Command("help")),
        ("/nonsense", Command("nonsense")),
        ("/add  ข่าว  ", Command("add", "ข่าว")),
        ("ดู /help", Said("ดู /help", "5")),
        ("/ถนน", Said("/ถนน", "5")),
        ("/home/me", Said("/home/me", "5")),
        ("12/3", Said("12/3", "5")),
        ("📍 ส่งตำแหน่งที่อยู่ตอนนี้", Said("📍 ส่งตำแหน่งที่อยู่ตอนนี้", "5")),
    ],
)
def test_a_command_is_one_only_at_the_beginning(text: str, expected: Said | Command) -> None:
    assert read(update(text=text)).what == expected


@pytest.mark.parametrize(
    ("code", "language"), [(None, "th"), ("th", "th"), ("en", "en"), ("en-GB", "en"), ("my", "th")]
)
def test_the_language_is_guessed_from_the_phones(code: str | None, language: str) -> None:
    person = (
        {**PERSON, "language_code": code} if code else {k: v for k, v in PERSON.items() if "lang" not in k}
    )
    assert read(update(text="a", sender=person)).language == language


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"photo": sizes(90, 1280, 320)}, FileSent("f1280", 1280, ref="5")),
        (
            {"photo": sizes(90), "media_group_id": "g", "caption": "หน้าวัด"},
            FileSent("f90", 90, ref="5", group="g", caption="หน้าวัด"),
        ),
        ({"document": document()}, FileSent("d", 9, "a.heic", "5")),
        ({"document": document("a.pdf", "application/pdf")}, FileSent("d", 9, "a.pdf", "5")),
        ({"location": location(horizontal_accuracy=12.5)}, SentPlace(18.79, 98.98, 12.5, "pin", ref="5")),
        ({"location": location(live_period=900)}, SentPlace(18.79, 98.98, None, "live", ref="5")),
        (
            {"location": location(), "venue": {"location": location(), "title": "วัด", "address": "เชียงใหม่"}},
            SentPlace(18.79, 98.98, None, "venue", "วัด", "5"),
        ),
        ({"contact": {"phone_number": "+66812345678", "first_name": "ก"}}, SentContact("+66812345678", "5")),
        ({"dice": {"emoji": "🎲", "value": 3}}, SentOther("other", "5")),
    ],
)
def test_what_was_sent_is_read(fields: dict[str, Any], expected: object) -> None:
    assert read(update(**fields)).what == expected


MEDIA = {"file_id": "m", "file_unique_id": "m", "duration": 1, "width": 9, "height": 9, "length": 9}


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("voice", "voice"),
        ("video", "video"),
        ("video_note", "video"),
        ("audio", "audio"),
        ("sticker", "sticker"),
    ],
)
def test_other_kinds_are_named(field: str, kind: str) -> None:
    media = MEDIA | {"is_animated": False, "is_video": False, "type": "regular"}
    assert read(update(**{field: media})).what == SentOther(kind, "5")  # type: ignore[arg-type]


def test_a_moving_gif_is_a_file_and_a_silent_video_is_not() -> None:
    gif = update(animation=MEDIA, document=document("a.gif", "image/gif"))
    assert read(gif).what == FileSent("d", 9, "a.gif", "5")
    assert read(update(animation=MEDIA, document=document("a.mp4", "video/mp4"))).what == SentOther(
        "animation", "5"
    )


def test_an_edited_text_names_the_message_it_was() -> None:
    assert read(update("edited_message", text="ใหม่", edit_date=2)).what == Edit("5", "ใหม่")
    assert read(update("edited_message", text="/help", edit_date=2)).what == Edit("5", "/help")


@pytest.mark.parametrize(
    "raw",
    [
        update("edited_message", location=location(live_period=900), edit_date=2),
        update("channel_post", text="ข่าว"),
        update(new_chat_members=[PERSON]),
        update(pinned_message={"message_id": 4, "date": 0, "chat": PRIVATE}),
        update(text="a", sender={**PERSON, "is_bot": True}),
        {"update_id": 99},
        {"update_id": 99, "a_kind_of_tomorrow": {"x": 1}},
    ],
)
def test_what_asks_nothing_is_let_pass(raw: dict[str, Any]) -> None:
    assert read_update(raw) is None


def test_a_photo_put_in_the_place_of_another_is_told_apart_from_a_new_one() -> None:
    edited = read(update("edited_message", photo=sizes(90), caption="ใหม่", edit_date=2)).what
    assert isinstance(edited, FileSent)
    assert edited.edited
    assert edited.ref == "5"


def test_a_group_is_told_apart_from_a_private_chat() -> None:
    arrived = read(update(text="/help@thongthin_bot", chat=GROUP))
    assert (arrived.chat_id, arrived.private) == (-100, False)


def press(data: str, **message: Any) -> dict[str, Any]:
    shown = {"message_id": 6, "date": 1, "chat": PRIVATE} | message
    return {
        "update_id": 99,
        "callback_query": {"id": "q1", "from": PERSON, "chat_instance": "x", "data": data, "message": shown},
    }


def test_a_press_is_read_with_the_message_it_was_on() -> None:
    arrived = read(press("12.3.pick.a.b", text="?"))
    assert arrived.what == Pressed("pick", "a.b", 3, 12)
    assert (arrived.press_id.split("/")[0], arrived.pressed_ref, arrived.chat_id) == ("q1", "6", 7)


def test_a_press_on_a_message_too_old_to_be_shown_is_read_too() -> None:
    arrived = read(press("0.0.menu.", date=0))
    assert arrived.what == Pressed("menu")
    assert arrived.pressed_ref == "6"


def test_a_button_of_another_making_is_a_move_that_nobody_knows() -> None:
    assert read(press("whatever")).what == Pressed("")


@pytest.mark.parametrize(
    "raw",
    [
        update(text="สวัสดี"),
        update(text="/start AB-12cd", chat=GROUP),
        update(text="a", sender={**PERSON, "is_bot": True}),
        update(text="a", sender={"id": 7, "is_bot": False, "first_name": "Ann", "language_code": "en-GB"}),
        press("12.3.pick.a.b", text="?"),
        press("0.0.menu.", date=0),
        press("whatever", chat=GROUP),
    ],
)
def test_at_sight_the_same_is_read_as_by_the_library(raw: dict[str, Any]) -> None:
    assert read_update(raw) == _read_whole(raw)


@pytest.mark.parametrize(("status", "reachable"), [("kicked", False), ("member", True)])
def test_blocking_the_bot_and_letting_it_back_in_is_read(status: str, reachable: bool) -> None:
    bot = {"id": 1, "is_bot": True, "first_name": "bot"}
    member = {"user": bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})
    change = {"chat": PRIVATE, "from": PERSON, "date": 1, "old_chat_member": {"user": bot, "status": "left"}}
    raw = {"update_id": 99, "my_chat_member": change | {"new_chat_member": member}}
    assert read(raw).what == Reachability(reachable)


@pytest.mark.parametrize(
    "raw",
    [
        {"update_id": 99, "message": {"message_id": 1}},
        update(text=5),
        update(location="here"),
        {"message": {}},
    ],
)
def test_what_cannot_be_parsed_is_said_so(raw: dict[str, Any]) -> None:
    with pytest.raises(UnreadableUpdate):
        read_update(raw)


def test_only_what_is_read_is_asked_for() -> None:
    assert set(ALLOWED_UPDATES) == {"message", "edited_message", "callback_query", "my_chat_member"}
