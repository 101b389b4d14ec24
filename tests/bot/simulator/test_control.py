"""The control API that the page and other processes use."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

import aiohttp
from PIL import Image

from bot.simulator import Simulator
from tests.bot.simulator.conftest import Caller, picture


async def test_a_chat_from_first_word_to_edited_answer(call: Caller, simulator: Simulator) -> None:
    chat = await call.sim("POST", "/chats", json={"name": "สมหญิง"})
    assert chat | {"id": 0} == {"id": 0, "name": "สมหญิง", "type": "private", "language_code": "th", "unread": 0, "blocked": False}  # fmt: skip
    at = f"/chats/{chat['id']}"
    async with call.session.get(f"{simulator.url}/sim{at}/events") as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        said = await call.sim("POST", f"{at}/send", json={"text": "/start"})
        assert said["out"] is True
        assert said["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
        markup = {"inline_keyboard": [[{"text": "ก", "callback_data": "a"}]]}
        sent = await call("sendMessage", chat_id=chat["id"], text="เลือก", reply_markup=markup)
        query = await call.sim("POST", f"{at}/press", json={"message_id": sent["message_id"], "data": "a"})
        await call("answerCallbackQuery", **query, text="ได้", show_alert=True)
        await call("editMessageText", chat_id=chat["id"], message_id=sent["message_id"], text="แล้ว")
        keyboard = {"keyboard": [[{"text": "เมนู"}]], "input_field_placeholder": "พิมพ์ที่นี่"}
        await call("sendMessage", chat_id=chat["id"], text="เมนู", reply_markup=keyboard)
        await call("sendChatAction", chat_id=chat["id"], action="typing")
        await call("deleteMessage", chat_id=chat["id"], message_id=sent["message_id"])
        events = [await event(stream) for _ in range(8)]
    assert [one["type"] for one in events] == ["message", "message", "toast", "edited", "message", "keyboard", "action", "deleted"]  # fmt: skip
    assert [one["message"]["out"] for one in events[:2]] == [True, False]
    assert events[2] == {"type": "toast", "text": "ได้", "alert": True} | query
    below = {"keyboard": keyboard, "placeholder": "พิมพ์ที่นี่", "hidden": False}
    assert events[5] == {"type": "keyboard"} | below
    shown = await call.sim("GET", f"{at}/messages")
    assert [message["text"] for message in shown["messages"]] == ["/start", "เมนู"]
    assert (shown["keyboard"], shown["input_placeholder"]) == (keyboard, "พิมพ์ที่นี่")
    await call.sim("POST", f"{at}/edit", json={"message_id": said["message_id"], "text": "/help"})
    kinds = [list(update)[1] for update in await call("getUpdates")]
    assert kinds == ["message", "callback_query", "edited_message"]
    assert await call.sim("GET", "/refusals") == []
    logged = [one.get("method", one["kind"]) for one in await call.sim("GET", "/log")]
    assert logged[0] == "sendMessage"
    assert "update" in logged


async def event(stream: aiohttp.ClientResponse) -> dict[str, Any]:
    async with asyncio.timeout(5):
        while not (line := await stream.content.readline()).startswith(b"data: "):
            pass
    return dict(json.loads(line.removeprefix(b"data: ")))


async def test_an_album_of_photos_is_made_smaller_and_loses_its_metadata(
    call: Caller, simulator: Simulator
) -> None:
    chat = await call.sim("POST", "/chats", json={"name": "สมชาย"})
    form = aiohttp.FormData({"as": "photo", "caption": "งานบุญ"})
    for number in range(2):
        form.add_field("file", picture(1600, 1200), filename=f"{number}.jpg", content_type="image/jpeg")
    first, second = await call.sim("POST", f"/chats/{chat['id']}/files", data=form)
    assert (first["caption"], "caption" in second) == ("งานบุญ", False)
    assert first["media_group_id"] == second["media_group_id"]
    assert [size["width"] for size in first["photo"]] == [90, 320, 800, 1280]
    assert len(await call("getUpdates")) == 2
    largest = first["photo"][-1]["file_id"]
    async with call.session.get(f"{simulator.url}/sim/file/{largest}") as answer:
        assert answer.content_type == "image/jpeg"
        image = Image.open(io.BytesIO(await answer.read()))
    assert image.size == (1280, 960)
    assert not image.getexif()


async def test_a_document_keeps_its_bytes_name_and_type(call: Caller, simulator: Simulator) -> None:
    chat = await call.sim("POST", "/chats", json={"name": "สมชาย"})
    data = picture()
    form = aiohttp.FormData({"as": "document"}, quote_fields=False)
    form.add_field("file", data, filename="ภาพ.jpg", content_type="image/jpeg")
    [sent] = await call.sim("POST", f"/chats/{chat['id']}/files", data=form)
    assert (sent["document"]["file_name"], sent["document"]["mime_type"]) == ("ภาพ.jpg", "image/jpeg")
    file = await call("getFile", file_id=sent["document"]["file_id"])
    async with call.session.get(f"{simulator.url}/file/bot{simulator.token}/{file['file_path']}") as answer:
        assert await answer.read() == data


async def test_everything_that_can_be_sent_and_what_cannot(call: Caller) -> None:
    chat = await call.sim("POST", "/chats", json={"name": "สมชาย"})
    send = f"/chats/{chat['id']}/send"
    for content in (
        {"location": {"latitude": 18.7, "longitude": 99.0, "horizontal_accuracy": 30.5, "live_period": 900}},
        {"venue": {"latitude": 18.7, "longitude": 99.0, "title": "วัด", "address": "ลำพูน"}},
        {"contact": {"phone_number": "0812345678", "first_name": "สมชาย"}},
        {"sticker": True},
        {"voice": True},
        {"video": True},
    ):
        sent = await call.sim("POST", send, json=content)
        assert next(iter(content)) in sent
    nonsense: list[object] = [{}, {"text": " "}, {"venue": {"latitude": 1}}, []]
    for wrong in nonsense:
        assert "error" in await call.sim("POST", send, json=wrong)
    assert "error" in await call.sim("POST", "/chats/1/send", json={"text": "ก"})
    assert "error" in await call.sim("POST", "/chats", json={"name": ""})
    assert len(await call("getUpdates")) == 6


async def test_blocking_and_writing_again(call: Caller) -> None:
    chat = await call.sim("POST", "/chats", json={"name": "สมชาย"})
    at = f"/chats/{chat['id']}"
    await call.sim("POST", f"{at}/send", json={"text": "/start"})
    assert (await call.sim("POST", f"{at}/block", json={"blocked": True}))["blocked"] is True
    assert (await call("sendMessage", chat_id=chat["id"], text="ก"))[0] == 403
    await call.sim("POST", f"{at}/send", json={"text": "กลับมาแล้ว"})
    assert await call("sendMessage", chat_id=chat["id"], text="ก")
    assert [one["unread"] for one in await call.sim("GET", "/chats")] == [1]
    changes = [one["my_chat_member"] for one in await call("getUpdates") if "my_chat_member" in one]
    assert [one["new_chat_member"]["status"] for one in changes] == ["kicked", "member"]
