"""Updates are kept, given again until confirmed, and delivered by webhook until it says 200."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.simulator import Person, Simulator
from tests.bot.simulator.conftest import Caller, Clock


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_updates_are_given_again_until_an_offset_confirms_them(call: Caller, person: Person) -> None:
    for text in ("หนึ่ง", "สอง", "สาม"):
        await person.say(text)
    first = await call("getUpdates")
    assert texts(first) == texts(await call("getUpdates")) == ["หนึ่ง", "สอง", "สาม"]
    assert [one["update_id"] - first[0]["update_id"] for one in first] == [0, 1, 2]
    assert texts(await call("getUpdates", offset=first[1]["update_id"], limit=1)) == ["สอง"]
    assert texts(await call("getUpdates")) == ["สอง", "สาม"]
    assert await call("getUpdates", offset=first[2]["update_id"] + 1) == []
    assert await call("getUpdates") == []


async def test_a_negative_offset_counts_from_the_end_and_forgets_the_rest(
    call: Caller, person: Person
) -> None:
    for text in ("หนึ่ง", "สอง", "สาม"):
        await person.say(text)
    assert texts(await call("getUpdates", offset=-1)) == ["สาม"]
    assert texts(await call("getUpdates")) == ["สาม"]


async def test_a_long_poll_ends_when_something_comes(call: Caller, person: Person) -> None:
    poll = asyncio.create_task(call("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    await person.say("มาแล้ว")
    async with asyncio.timeout(5):
        assert texts(await poll) == ["มาแล้ว"]


async def test_a_second_poll_ends_the_first_with_a_conflict(call: Caller, person: Person) -> None:
    first = asyncio.create_task(call("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(call("getUpdates", timeout=30))
    words = (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    assert await first == (409, words)
    await person.say("ถึงตัวที่สอง")
    assert texts(await second) == ["ถึงตัวที่สอง"]


async def test_a_poll_whose_caller_left_is_no_conflict(
    call: Caller, person: Person, simulator: Simulator
) -> None:
    poll = asyncio.create_task(call("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    poll.cancel()
    await asyncio.gather(poll, return_exceptions=True)
    await asyncio.sleep(0.05)
    await person.say("ยังอยู่")
    assert texts(await call("getUpdates", timeout=1)) == ["ยังอยู่"]
    assert simulator.refusals == []


async def test_only_what_the_bot_asked_for_is_kept(call: Caller, person: Person) -> None:
    assert await call("getUpdates", allowed_updates=["callback_query"]) == []
    await person.say("ไม่ถูกเก็บ")
    assert await call("getUpdates") == []
    assert await call("getUpdates", allowed_updates=[]) == []
    await person.say("ถูกเก็บ")
    assert texts(await call("getUpdates")) == ["ถูกเก็บ"]


async def test_presses_grow_old_sooner_than_messages(call: Caller, person: Person, clock: Clock) -> None:
    markup = {"inline_keyboard": [[{"text": "ก", "callback_data": "a"}]]}
    await call("sendMessage", chat_id=person.id, text="เลือก", reply_markup=markup)
    await person.press("ก")
    await person.say("สวัสดี")
    assert len(await call("getUpdates")) == 2
    clock.now += 200
    assert texts(await call("getUpdates")) == ["สวัสดี"]


async def test_a_confirmed_update_can_be_delivered_once_more(call: Caller, person: Person) -> None:
    await person.say("อีกที")
    [update] = await call("getUpdates")
    assert await call("getUpdates", offset=update["update_id"] + 1) == []
    await call.sim("POST", "/redeliver", json={"update_id": update["update_id"]})
    assert await call("getUpdates", offset=update["update_id"] + 1) == [update]
    assert await call("getUpdates", offset=update["update_id"] + 1) == []
    assert "error" in await call.sim("POST", "/redeliver", json={"update_id": 1})


class Hook:
    """The bot's side of a webhook; `statuses` are answered first, 200 after them."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.secrets: set[str | None] = set()
        self.statuses: list[int] = []
        self.slow_text = ""

    async def hear(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        if self.slow_text and update.get("message", {}).get("text") == self.slow_text:
            await asyncio.sleep(0.2)
        self.heard.append(update)
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
async def hook() -> AsyncIterator[tuple[Hook, str]]:
    made = Hook()
    app = web.Application()
    app.router.add_post("/hook", made.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield made, f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await runner.cleanup()


async def until(condition: Any) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - another process would have no event to wait for
            await asyncio.sleep(0.01)


async def test_a_webhook_is_asked_again_until_it_agrees(
    call: Caller, person: Person, simulator: Simulator, hook: tuple[Hook, str]
) -> None:
    made, url = hook
    made.statuses = [500, 503]
    await person.say("ก่อนตั้ง")
    assert await call("setWebhook", url=url, secret_token="secret-1")
    await person.say("หลังตั้ง")
    await until(lambda: simulator.pending == 0)
    assert texts(made.heard) == ["ก่อนตั้ง", "ก่อนตั้ง", "ก่อนตั้ง", "หลังตั้ง"]
    assert made.secrets == {"secret-1"}
    info = await call("getWebhookInfo")
    assert (info["url"], info["pending_update_count"]) == (url, 0)
    assert info["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"
    refused = await call("getUpdates")
    words = (
        "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    assert refused == (409, f"Conflict: {words}")
    assert await call("deleteWebhook")
    assert await call("getUpdates") == []


async def test_webhooks_keep_order_within_a_chat_and_presses_overtake(
    call: Caller, person: Person, simulator: Simulator, hook: tuple[Hook, str]
) -> None:
    made, url = hook
    made.slow_text = "หนึ่ง"
    markup = {"inline_keyboard": [[{"text": "ก", "callback_data": "a"}]]}
    await call("sendMessage", chat_id=person.id, text="เลือก", reply_markup=markup)
    await call("setWebhook", url=url)
    for text in ("หนึ่ง", "สอง"):
        await person.say(text)
    await person.press("ก")
    await until(lambda: simulator.pending == 0)
    assert [one.get("message", {}).get("text", "(press)") for one in made.heard] == ["(press)", "หนึ่ง", "สอง"]


async def test_setting_a_webhook_ends_a_poll(call: Caller, hook: tuple[Hook, str]) -> None:
    poll = asyncio.create_task(call("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    assert await call("setWebhook", url=hook[1])
    assert await poll == (409, "Conflict: terminated by setWebhook request")


async def test_faults_are_answered_as_ordered_and_are_no_refusals(
    call: Caller, person: Person, simulator: Simulator
) -> None:
    send = {"chat_id": person.id, "text": "ก"}
    await call.sim("POST", "/faults", json={"method": "sendMessage", "times": 2, "error_code": 429, "description": "", "retry_after": 3})  # fmt: skip
    answer = await call.raw("sendMessage", json=send)
    assert answer["description"] == "Too Many Requests: retry after 3"
    assert answer["parameters"] == {"retry_after": 3}
    assert (await call("sendMessage", **send))[0] == 429
    assert await call("sendMessage", **send)
    simulator.fail("sendMessage", 502)
    assert await call("sendMessage", **send) == (502, "Bad Gateway")
    simulator.delay(0.05, "sendMessage")
    assert await call("sendMessage", **send)
    assert simulator.refusals == []


async def test_a_dropped_answer_leaves_the_message_and_a_dropped_call_does_not(
    call: Caller, person: Person, simulator: Simulator
) -> None:
    simulator.drop_after("sendMessage")
    with pytest.raises(aiohttp.ClientError):
        await call("sendMessage", chat_id=person.id, text="ถึงแล้วแต่ไม่รู้")
    await call.sim("POST", "/faults", json={"method": "*", "times": 2, "drop": "before"})
    with pytest.raises(aiohttp.ClientError):
        await call("sendMessage", chat_id=person.id, text="ไม่ถึง")
    await call.sim("DELETE", "/faults")
    await call("sendMessage", chat_id=person.id, text="ถึง")
    assert [message["text"] for message in person.messages] == ["ถึงแล้วแต่ไม่รู้", "ถึง"]


async def test_a_bot_killed_in_the_middle_of_a_call_has_said_nothing_and_is_no_mistake_of_the_simulator(
    call: Caller, person: Person, simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.simulator")
    body = json.dumps({"chat_id": person.id, "text": "ขาดกลางคัน"}).encode()
    head = f"POST /bot{simulator.token}/sendMessage HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    _, writer = await asyncio.open_connection("127.0.0.1", int(simulator.url.rpartition(":")[2]))
    writer.write(head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body[:20])
    await writer.drain()
    await asyncio.sleep(0.1)
    writer.transport.abort()
    await asyncio.sleep(0.1)
    await call("sendMessage", chat_id=person.id, text="เริ่มใหม่แล้ว")
    assert [message["text"] for message in person.messages] == ["เริ่มใหม่แล้ว"]
    assert simulator.refusals == []
    assert caplog.records == []
