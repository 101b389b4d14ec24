"""A fast stand-in for Telegram in a process of its own, with people who answer as soon as they are asked.

`python -m tests.benchmarks.stub PLAN` prints the port, plays the plan with the bot that asks it for updates, and
prints what it measured as JSON. It speaks only as much HTTP as Telegram's clients do, so that it is not what is
measured; every bot meets the same one.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import parse_qs

BOT: dict[str, Any] = {"id": 123456789, "is_bot": True, "first_name": "Bot", "username": "benchmark_bot"}
FIRST_CHAT = 1000
MOST_UPDATES = 100
REPLIES = frozenset({"sendMessage", "editMessageText"})
REST = 1.0  # seconds between a bot's first question for updates and the first update
PATIENCE = 5.0  # seconds without any reply after which what is not answered counts as lost


@dataclass(frozen=True, slots=True)
class Plan:
    """`script`: what a person says for one form, again and again; a step "[…]" presses the button with these words.

    `rate` 0: everybody answers at once, for `seconds`; else so many messages a second over all chats. `delay` is
    how long Telegram takes to answer each message sent. What comes in the first `warm` seconds is not measured.
    """

    script: tuple[str, ...]
    chats: int = 200
    seconds: float = 5.0
    warm: float = 2.0
    rate: float = 0.0
    delay: float = 0.0


@dataclass(slots=True)
class Outcome:
    """`updates`: answered in the time measured; `given`: in all; `latencies` in milliseconds, sorted."""

    updates: int = 0
    seconds: float = 0.0
    given: int = 0
    answered: int = 0
    lost: int = 0
    forms: int = 0
    unexpected: str = ""
    latencies: list[float] = field(default_factory=list)


@dataclass(slots=True)
class _Person:
    chat: int
    step: int = 0
    form: int = 0
    message: int = 0
    asked_at: float = 0.0  # 0: not waiting for a reply
    markup: str = ""
    said: int = 0  # message id of the reply


class Stub:
    def __init__(self, plan: Plan, asked: Callable[[float], None]) -> None:
        """`asked` hears when the bot asked for updates for the first time, by the monotonic clock."""
        self._plan = plan
        self._listening, self._asked = asked, False
        self._people = [_Person(FIRST_CHAT + n) for n in range(plan.chats)]
        self._waiting: deque[tuple[int, bytes]] = deque()  # not confirmed
        self._asking: tuple[int, Callable[[bytes], None]] | None = None
        self._next_id, self._next_message = 1, 1
        self._free = deque(self._people)
        self._began = 0.0
        self._over = False
        self.outcome = Outcome()
        self.done, self._all_answered = asyncio.Event(), asyncio.Event()

    # --- what the bot calls

    def call(self, method: str, body: bytes, answer: Callable[[bytes], None]) -> None:
        if method == "getUpdates":
            self._updates(parse_qs(body.decode()), answer)
        elif method in REPLIES:
            chat, markup = _said(body)
            loop = asyncio.get_running_loop()
            message = self._next_message = self._next_message + 1
            said = _ok({"message_id": message, "date": 1, "chat": _chat(chat), "from": BOT, "text": "…"})
            if self._plan.delay:
                loop.call_later(self._plan.delay, answer, said)
            else:
                answer(said)
            self._heard(self._people[chat - FIRST_CHAT], message, markup)
        elif method == "getMe":
            answer(_ok(BOT))
        else:
            answer(b'{"ok":true,"result":true}')

    def _updates(self, asked: dict[str, list[str]], answer: Callable[[bytes], None]) -> None:
        offset = int(asked.get("offset", ["0"])[0])
        while self._waiting and self._waiting[0][0] < offset:
            self._waiting.popleft()
        wait = float(asked.get("timeout", ["0"])[0])
        if self._waiting or not wait:
            self._give(answer)
        else:
            self._asking = (self._next_id, answer)
            asyncio.get_running_loop().call_later(wait, self._nothing_came, self._asking)
        if not self._asked:
            self._asked = True
            self._listening(time.monotonic())
            asyncio.get_running_loop().call_later(REST, self._begin)

    def _nothing_came(self, asking: tuple[int, Callable[[bytes], None]]) -> None:
        if self._asking is asking:
            self._asking = None
            asking[1](b'{"ok":true,"result":[]}')

    def _give(self, answer: Callable[[bytes], None]) -> None:
        """The oldest that are not confirmed; as with Telegram, what is not confirmed comes again."""
        batch = [raw for _, raw in list(self._waiting)[:MOST_UPDATES]]
        answer(b'{"ok":true,"result":[' + b",".join(batch) + b"]}")

    # --- the people

    def _begin(self) -> None:
        self._began = time.perf_counter()
        loop = asyncio.get_running_loop()
        loop.call_later(self._plan.warm + self._plan.seconds, self._end)
        if self._plan.rate:
            loop.call_soon(self._tick, 0)
            return
        for person in self._people:
            self._say(person)

    def _tick(self, sent: int) -> None:
        """As many as are due by now, each by whoever has waited longest since the last answer."""
        if self._over:
            return
        due = int((time.perf_counter() - self._began) * self._plan.rate)
        while sent < due and self._free:
            self._say(self._free.popleft())
            sent += 1
        asyncio.get_running_loop().call_later(0.5 / self._plan.rate, self._tick, sent)

    def _say(self, person: _Person) -> None:
        step = self._plan.script[person.step]
        update_id = self._next_id
        if step.startswith("["):
            update = self._press(person, step[1:-1], update_id)
            if update is None:
                self.outcome.unexpected = f"no button {step} in {person.markup[:300]}"
                return
        else:
            update = self._message(person, step.format(n=f"{person.chat} {person.form}"), update_id)
        self._next_id += 1
        person.asked_at = time.perf_counter()
        self.outcome.given += 1
        self._waiting.append((update_id, json.dumps(update).encode()))
        if self._asking is not None:
            answer, self._asking = self._asking[1], None
            # Telegram collects for a moment, too: else each update would travel alone.
            asyncio.get_running_loop().call_soon(self._give, answer)

    def _message(self, person: _Person, text: str, update_id: int) -> dict[str, Any]:
        self._next_message += 1
        message: dict[str, Any] = {
            "message_id": self._next_message, "date": 1_800_000_000, "chat": _chat(person.chat),
            "from": _user(person.chat), "text": text,
        }  # fmt: skip
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        return {"update_id": update_id, "message": message}

    def _press(self, person: _Person, label: str, update_id: int) -> dict[str, Any] | None:
        rows = json.loads(person.markup or "{}").get("inline_keyboard", [])
        data = next((one["callback_data"] for row in rows for one in row if label in one["text"]), None)
        if data is None:
            return None
        message = {"message_id": person.said, "date": 1_800_000_000, "chat": _chat(person.chat), "from": BOT,
                   "text": "…"}  # fmt: skip
        return {
            "update_id": update_id,
            "callback_query": {
                "id": str(update_id), "from": _user(person.chat), "chat_instance": "1", "data": data,
                "message": message,
            },
        }  # fmt: skip

    def _heard(self, person: _Person, message: int, markup: str) -> None:
        person.said = message
        if markup:
            person.markup = markup
        if not person.asked_at:
            return
        now = time.perf_counter()
        self.outcome.answered += 1
        begun = self._began + self._plan.warm
        if begun <= now and not self._over:
            self.outcome.updates += 1
        if (
            begun <= person.asked_at <= begun + self._plan.seconds
        ):  # also those that are answered after the end
            self.outcome.latencies.append((now - person.asked_at) * 1000)
        person.asked_at = 0.0
        person.step += 1
        if person.step == len(self._plan.script):
            person.step, person.form = 0, person.form + 1
            self.outcome.forms += 1
        if self._over:
            if not self._unanswered():
                self._all_answered.set()
            return
        if self._plan.rate:
            self._free.append(person)
        elif self._plan.delay:
            # The person reads it when Telegram has it.
            asyncio.get_running_loop().call_later(self._plan.delay, self._say_unless_over, person)
        else:
            self._say(person)

    def _say_unless_over(self, person: _Person) -> None:
        if not self._over:
            self._say(person)

    def _unanswered(self) -> int:
        return sum(bool(one.asked_at) for one in self._people)

    def _end(self) -> None:
        self._over = True
        self.outcome.seconds = time.perf_counter() - self._began - self._plan.warm
        asyncio.get_running_loop().create_task(self._settle())

    async def _settle(self) -> None:
        before = -1
        while self._unanswered() and self.outcome.answered != before:
            before = self.outcome.answered
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._all_answered.wait(), PATIENCE)
        self.outcome.lost = self._unanswered()
        begun = self._began + self._plan.warm
        self.outcome.latencies += [
            math.inf for one in self._people if begun <= one.asked_at <= begun + self._plan.seconds
        ]
        self.outcome.latencies.sort()
        self.done.set()


def _chat(number: int) -> dict[str, Any]:
    return {"id": number, "type": "private", "first_name": "เจ้าหน้าที่"}


def _user(number: int) -> dict[str, Any]:
    return {"id": number, "is_bot": False, "first_name": "เจ้าหน้าที่", "language_code": "th"}


def _said(body: bytes) -> tuple[int, str]:
    """The chat and the keyboard of a message, from JSON or from a form."""
    if body.startswith(b"{"):
        asked = json.loads(body)
        return int(asked["chat_id"]), json.dumps(asked["reply_markup"]) if "reply_markup" in asked else ""
    form = parse_qs(body.decode())
    return int(form["chat_id"][0]), form.get("reply_markup", [""])[0]


def _ok(result: object) -> bytes:
    return b'{"ok":true,"result":' + json.dumps(result).encode() + b"}"


class _Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive and bodies of a known length."""

    def __init__(self, stub: Stub) -> None:
        self._stub = stub
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            at = head.lower().find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self._buffer) < end + 4 + length:
                if b"expect: 100-continue" in head.lower() and self._transport:
                    self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                return
            body = self._buffer[end + 4 : end + 4 + length]
            self._buffer = self._buffer[end + 4 + length :]
            path = head.split(b" ", 2)[1].split(b"?", 1)[0]
            self._stub.call(path.rsplit(b"/", 1)[1].decode(), body, self._answer)

    def _answer(self, body: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(
                body
            )
            self._transport.write(head + body)


async def play(plan: Plan, listening: Callable[[int], None], asked: Callable[[float], None]) -> Outcome:
    """`listening` is told the port, `asked` the moment at which a bot first asked for updates."""
    stub = Stub(plan, asked)
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(stub), "127.0.0.1", 0)
    listening(server.sockets[0].getsockname()[1])
    await stub.done.wait()
    server.close()
    return stub.outcome


def _print(number: float) -> None:
    print(number, flush=True)


def main(arguments: Sequence[str]) -> None:
    given = json.loads(arguments[0])
    plan = Plan(**(given | {"script": tuple(given["script"])}))
    outcome = asyncio.run(play(plan, _print, _print))
    print(json.dumps(asdict(outcome)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
