"""Each thing Telegram refuses, in its exact words; the same call put right then succeeds."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

import aiohttp
import pytest

from bot.simulator import Person, Simulator
from tests.bot.simulator.conftest import Caller, Clock

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def key(text: str = "ก", **more: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": text, **more}]]}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": "  \n "}, "message text is empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "ก" * 4097}, "message is too long"),
        ({"text": "<b>ก</i>", "parse_mode": "html"}, 'can\'t parse entities: Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
        ({"parse_mode": "RTF"}, "unsupported parse_mode"),
        ({"chat_id": 1}, "chat not found"),
        ({"chat_id": "@nobody_here"}, "chat not found"),
        ({"chat_id": ""}, "chat_id is empty"),
        ({"txt": "ก"}, 'unknown parameter "txt" of sendMessage, which Telegram silently ignores'),
        ({"reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"reply_markup": [1]}, "object expected as reply markup"),
        ({"reply_markup": {"inline_keyboard": [{"text": "ก"}]}}, 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'),
        ({"reply_markup": {"keyboard": ["ก"]}}, 'field "keyboard" must be an Array of Arrays'),
        ({"reply_markup": {"remove_keyboard": "yes"}}, 'field "remove_keyboard" must be of type Boolean'),
        ({"reply_markup": key()}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"reply_markup": key(callback_data="")}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"reply_markup": {"inline_keyboard": [["ก"]]}}, "can't parse inline keyboard button: InlineKeyboardButton must be an Object"),
        ({"reply_markup": {"inline_keyboard": [[{"url": "x"}]]}}, 'can\'t parse inline keyboard button: Can\'t find field "text"'),
        ({"reply_markup": key(callback_data=7)}, 'can\'t parse inline keyboard button: Field "callback_data" must be of type String'),
        ({"reply_markup": key(calback_data="a")}, 'can\'t parse inline keyboard button: unknown field "calback_data" of InlineKeyboardButton, which Telegram silently ignores'),
        ({"reply_markup": key(callback_data="ก" * 22)}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": key(url="http://localhost:8080/x")}, "inline keyboard button URL 'http://localhost:8080/x' is invalid: Wrong HTTP URL"),
        ({"reply_markup": {"inline_keyboard": [[{"text": "ก", "callback_data": "a"}]] * 101}}, "reply markup is too long"),
        ({"reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"disable_notification": "perhaps"}, 'field "disable_notification" must be of type Boolean'),
    ],
)  # fmt: skip
async def test_a_wrong_message_is_refused_and_the_right_one_sent(
    call: Caller, person: Person, simulator: Simulator, wrong: dict[str, Any], words: str
) -> None:
    right = {"chat_id": person.id, "text": "สวัสดี"}
    assert await call("sendMessage", **(right | wrong)) == (400, f"Bad Request: {words}")
    assert [one["description"] for one in simulator.refusals] == [f"Bad Request: {words}"]
    assert person.messages == []
    assert (await call("sendMessage", **right))["text"] == "สวัสดี"


async def test_the_longest_text_data_and_caption_pass(call: Caller, person: Person, photo: bytes) -> None:
    markup = key(callback_data="ก" * 21 + "x")
    text = "<b>" + "ก" * 4096 + "</b>"
    assert await call("sendMessage", chat_id=person.id, text=text, parse_mode="HTML", reply_markup=markup)
    form = aiohttp.FormData({"chat_id": str(person.id), "caption": "ก" * 1024})
    form.add_field("photo", photo, filename="a.jpg")
    assert (await call.raw("sendPhoto", data=form))["ok"]


async def test_captions_over_1024_are_refused(call: Caller, person: Person) -> None:
    refused = await call("sendPhoto", chat_id=person.id, photo="x", caption="ก" * 1025)
    assert refused == (400, "Bad Request: message caption is too long")


async def test_tokens_and_methods_that_are_not_there(call: Caller, simulator: Simulator) -> None:
    for path, answer in {
        "bot1:wrong/getMe": (401, "Unauthorized"),
        "botnonsense/getMe": (404, "Not Found"),
        "file/bot1:wrong/a": (401, "Unauthorized"),
        f"bot{simulator.token}/getYou": (404, "Not Found"),
        f"bot{simulator.token}/sendPoll": (501, "Not Implemented: the simulator does not know sendPoll yet"),
        f"file/bot{simulator.token}/photos/file_1.jpg": (404, "Not Found"),
    }.items():
        async with call.session.get(f"{simulator.url}/{path}") as response:
            body = await response.json()
            assert (body["error_code"], body["description"]) == answer
            assert response.status == answer[0]
    assert len(simulator.refusals) == 6
    assert simulator.token not in json.dumps([simulator.log, simulator.refusals])
    assert (await call("GETME"))["username"] == "thongthin_bot"


async def test_edits_that_change_nothing_or_find_nothing(call: Caller, person: Person) -> None:
    at = {"chat_id": person.id, "message_id": (await call("sendMessage", chat_id=person.id, text="หนึ่ง", reply_markup=key(callback_data="a")))["message_id"]}  # fmt: skip
    same = {"text": "หนึ่ง", "reply_markup": key(callback_data="a")}
    assert await call("editMessageText", **at, **same) == (400, NOT_MODIFIED)
    assert await call("editMessageReplyMarkup", **at, reply_markup=key(callback_data="a")) == (
        400,
        NOT_MODIFIED,
    )
    refused = await call("editMessageText", **(at | {"message_id": 99}), text="ข")
    assert refused == (400, "Bad Request: message to edit not found")
    assert await call("editMessageText", **at, text="ข" * 4097) == (400, "Bad Request: MESSAGE_TOO_LONG")
    refused = await call("editMessageCaption", **at, caption="ข")
    assert refused == (400, "Bad Request: there is no caption in the message to edit")
    refused = await call("editMessageText", **at, text="ข", reply_markup={"keyboard": [["ก"]]})
    assert refused == (400, "Bad Request: inline keyboard expected")
    edited = await call("editMessageText", **at, text="หนึ่ง")
    assert "reply_markup" not in edited, "an edit without buttons takes them away"
    assert person.last["text"] == "หนึ่ง"


async def test_only_the_bots_own_messages_without_a_keyboard_can_be_edited(
    call: Caller, person: Person
) -> None:
    theirs = await person.say("ของฉัน")
    under = await call("sendMessage", chat_id=person.id, text="ก", reply_markup={"keyboard": [["ก"]]})
    for message in (theirs, under):
        refused = await call("editMessageText", chat_id=person.id, message_id=message["message_id"], text="ข")
        assert refused == (400, "Bad Request: message can't be edited")
    assert person.keyboard == [["ก"]]


async def test_a_press_is_answered_once_and_in_time(call: Caller, person: Person, clock: Clock) -> None:
    await call("sendMessage", chat_id=person.id, text="เลือก", reply_markup=key(callback_data="a"))
    query = await person.press("ก")
    assert await call("answerCallbackQuery", callback_query_id=query, text="ได้") is True
    assert (await person.toast())["text"] == "ได้"
    assert await call("answerCallbackQuery", callback_query_id=query) == (400, TOO_OLD)
    late = await person.press("ก")
    clock.now += 16
    assert await call("answerCallbackQuery", callback_query_id=late) == (400, TOO_OLD)
    again = await person.press("ก")
    assert await call("answerCallbackQuery", callback_query_id=again) is True


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "there are no messages to send"),
        (1, "media must include 2-10 items"),
        (11, "too many messages to send as an album"),
    ],
)
async def test_albums_have_two_to_ten_items(
    call: Caller, person: Person, photo: bytes, count: int, words: str
) -> None:
    [sent] = await person.send_photos([photo])
    media = [{"type": "photo", "media": sent["photo"][-1]["file_id"]}]
    refused = await call("sendMediaGroup", chat_id=person.id, media=media * count)
    assert refused == (400, f"Bad Request: {words}")
    album = await call("sendMediaGroup", chat_id=person.id, media=media * 10)
    assert len({message["media_group_id"] for message in album}) == 1


async def test_albums_do_not_mix_documents_and_photos(call: Caller, person: Person, photo: bytes) -> None:
    [sent], [filed] = await person.send_photos([photo]), await person.send_photos([photo], as_file=True)
    photos = {"type": "photo", "media": sent["photo"][-1]["file_id"]}
    documents = {"type": "document", "media": filed["document"]["file_id"]}
    refused = await call("sendMediaGroup", chat_id=person.id, media=[photos, documents])
    assert refused == (400, "Bad Request: document can't be mixed with other media types")
    assert len(await call("sendMediaGroup", chat_id=person.id, media=[documents, documents])) == 2


async def test_files_that_are_not_there_or_no_pictures(
    call: Caller, person: Person, simulator: Simulator
) -> None:
    wrong = {
        "nonsense": "wrong file identifier/HTTP URL specified",
        "https://example.com/a.jpg": "failed to get HTTP URL content",
        "attach://missing": "there is no photo in the request",
    }
    for given, words in wrong.items():
        assert await call("sendPhoto", chat_id=person.id, photo=given) == (400, f"Bad Request: {words}")
    refused = await call("sendPhoto", chat_id=person.id)
    assert refused == (400, "Bad Request: there is no photo in the request")
    form = aiohttp.FormData({"chat_id": str(person.id), "photo": "attach://a"})
    form.add_field("a", b"no picture", filename="a.jpg")
    assert (await call.raw("sendPhoto", data=form))["description"] == "Bad Request: IMAGE_PROCESS_FAILED"
    assert await call("getFile", file_id="nonsense") == (400, "Bad Request: invalid file_id")
    assert len(simulator.refusals) == 6


async def test_a_file_over_20_mb_is_received_but_cannot_be_downloaded(call: Caller, person: Person) -> None:
    big, small = await person.send_photos([b"x" * (20 * 2**20 + 1), b"y"], as_file=True)
    refused = await call("getFile", file_id=big["document"]["file_id"])
    assert refused == (400, "Bad Request: file is too big")
    assert (await call("getFile", file_id=small["document"]["file_id"]))["file_size"] == 1


async def test_uploads_have_limits(call: Caller, person: Person) -> None:
    def form(field: str, size: int) -> aiohttp.FormData:
        made = aiohttp.FormData({"chat_id": str(person.id)})
        made.add_field(field, io.BytesIO(b"x" * size), filename="a.jpg")
        return made

    answer = await call.raw("sendPhoto", data=form("photo", 10 * 2**20 + 1))
    words = "file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes"
    assert answer["description"] == f"Bad Request: {words}"
    answer = await call.raw("sendDocument", data=form("document", 50 * 2**20 + 1))
    assert (answer["error_code"], answer["description"]) == (413, "Request Entity Too Large")
    answer = await call.raw("sendDocument", data=form("document", 0))
    assert answer["description"] == "Bad Request: file must be non-empty"
    assert (await call.raw("sendDocument", data=form("document", 10 * 2**20 + 1)))["ok"]


async def test_who_never_wrote_or_blocked_the_bot_gets_nothing(call: Caller, simulator: Simulator) -> None:
    stranger = simulator.person("คนแปลกหน้า")
    refused = await call("sendMessage", chat_id=stranger.id, text="ก")
    assert refused == (403, "Forbidden: bot can't initiate conversation with a user")
    await stranger.say("/start")
    assert await call("sendMessage", chat_id=stranger.id, text="ก")
    await stranger.block()
    refused = await call("sendMessage", chat_id=stranger.id, text="ก")
    assert refused == (403, "Forbidden: bot was blocked by the user")
    assert len(simulator.refusals) == 1, "a blocked chat is no mistake of the bot"
    await stranger.block(False)
    assert await call("sendMessage", chat_id=stranger.id, text="ข")
    kinds = [next(key for key in update if key != "update_id") for update in await call("getUpdates")]
    assert kinds == ["message", "my_chat_member", "my_chat_member"]


async def test_commands_have_rules_and_are_kept_by_scope_and_language(call: Caller) -> None:
    right = [{"command": "start", "description": "เริ่ม"}]
    wrong = {
        "BOT_COMMAND_INVALID": [{"command": "Start!", "description": "เริ่ม"}],
        "BOT_COMMAND_DESCRIPTION_INVALID": [{"command": "start", "description": ""}],
        "BOT_COMMANDS_TOO_MUCH": right * 101,
        "can't parse BotCommand: Can't find field \"description\"": [{"command": "start"}],
    }
    for words, commands in wrong.items():
        assert await call("setMyCommands", commands=commands) == (400, f"Bad Request: {words}")
    scope = {"type": "all_private_chats"}
    assert await call("setMyCommands", commands=right, scope=scope, language_code="th")
    assert await call("getMyCommands", scope=scope, language_code="th") == right
    assert await call("getMyCommands", scope=scope) == []
    refused = await call("getMyCommands", scope={"type": "everywhere"})
    assert refused == (400, 'Bad Request: can\'t parse BotCommandScope: type "everywhere" is unsupported')
    assert (await call.sim("GET", "/bot"))["commands"] == {"th": right}
    assert await call("deleteMyCommands", scope=scope, language_code="th")
    assert await call("getMyCommands", scope=scope, language_code="th") == []


async def test_enforced_limits_answer_429_with_the_seconds_to_wait() -> None:
    async with Simulator(rate_limit=30) as simulator, aiohttp.ClientSession() as session:
        call, person = Caller(simulator, session), simulator.person("สมชาย", started=True)
        for _ in range(3):
            assert await call("sendMessage", chat_id=person.id, text="ก")
        answer = await call.raw("sendMessage", json={"chat_id": person.id, "text": "ก"})
        assert answer["description"] == "Too Many Requests: retry after 1"
        assert answer["parameters"] == {"retry_after": 1}
        other = simulator.person("สมหญิง", started=True)
        assert await call("sendMessage", chat_id=other.id, text="ก")


async def test_the_limit_over_all_chats_refuses_whoever_comes_next_and_takes_it_a_second_later() -> None:
    async with Simulator(rate_limit=5) as simulator, aiohttp.ClientSession() as session:
        call = Caller(simulator, session)
        people = [simulator.person(f"คนที่ {n}", started=True) for n in range(12)]

        async def taken() -> list[int]:
            answers = [await call.raw("sendMessage", json={"chat_id": one.id, "text": "ก"}) for one in people]
            return [one["result"]["chat"]["id"] for one in answers if one["ok"]]

        assert 5 <= len(first := await taken()) < 9
        assert first == [one.id for one in people[: len(first)]]
        await asyncio.sleep(1.2)
        assert 5 <= len(await taken()) < 9


async def test_parameters_are_taken_from_json_forms_multipart_and_queries(
    call: Caller, person: Person, simulator: Simulator
) -> None:
    markup = json.dumps(key(callback_data="a"))
    given = {
        "chat_id": str(person.id),
        "text": "สวัสดี",
        "reply_markup": markup,
        "disable_notification": "true",
    }
    form = aiohttp.FormData(given)
    form.add_field("unused", b"x", filename="x")
    results = [
        await call.raw("sendMessage", json=given),
        await call.raw("sendMessage", data=given),
        await call.raw("sendMessage", data=form),
        await call.raw("sendMessage", params=given),
    ]
    assert [one["result"]["reply_markup"] for one in results] == [key(callback_data="a")] * 4
    assert (await call.raw("sendMessage", data=b"{", headers={"Content-Type": "application/json"}))[
        "error_code"
    ] == 400


async def test_a_location_outside_the_world_is_refused(call: Caller, person: Person) -> None:
    refused = await call("sendLocation", chat_id=person.id, latitude=91, longitude=100)
    assert refused == (400, "Bad Request: wrong location specified")
    sent = await call("sendVenue", chat_id=person.id, latitude=18.7, longitude=99, title="วัด", address="ลำพูน")
    assert sent["venue"]["title"] == "วัด"


async def test_deleting_what_is_not_there(call: Caller, person: Person) -> None:
    sent = await call("sendMessage", chat_id=person.id, text="ก")
    refused = await call("deleteMessage", chat_id=person.id, message_id=99)
    assert refused == (400, "Bad Request: message to delete not found")
    assert await call("deleteMessages", chat_id=person.id, message_ids=[99, sent["message_id"]])
    assert person.messages == []
    assert await call("deleteMessages", chat_id=person.id, message_ids="x") == (400, "Bad Request: can't parse message_ids JSON object")  # fmt: skip
