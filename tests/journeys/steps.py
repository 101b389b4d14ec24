"""The steps that many journeys share: filling in each form, sending it, and a reviewer's verdict on it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bot.simulator import Person
from bot.simulator.person import said
from flows.core.problem import Problem
from flows.core.review import Verdict
from storage import reviews, submissions
from storage.db import Tx
from storage.reviewers import add_reviewer, reviewer_named
from storage.submissions import Entry, Filter
from tests.storage.pictures import saved, scene
from tests.town import Town

PHOTO = saved(scene(1, 800, 600))
ANOTHER = saved(scene(2, 800, 600))


async def begin(o: Person, form: str = "สถานที่สำคัญ") -> None:
    await o.say("/add")
    await o.hears("จะเพิ่มอะไร")
    await o.press(f"เพิ่ม{form}")
    await o.hears("ขั้นที่ 1")


async def to_photos(o: Person, name: str = "วัดพระธาตุลำปางหลวง") -> None:
    """A landmark up to its photos."""
    await begin(o)
    await o.say(name)
    await o.hears("ขั้นที่ 2")
    await o.press("2. สถานที่ศักดิ์สิทธิ์")
    await o.hears("ขั้นที่ 3")
    await o.press("ข้าม")
    await o.hears("ขั้นที่ 4")


async def to_place(o: Person, name: str = "วัดพระธาตุลำปางหลวง") -> None:
    """A landmark up to its coordinates."""
    await to_photos(o, name)
    await o.send_photos([PHOTO])
    await o.hears("1 รูป")
    await o.press("เสร็จแล้ว")
    await o.hears("ขั้นที่ 5")
    await o.say("054-123-456 ต่อ ๑")
    await o.hears("ขั้นที่ 6")


async def to_summary(o: Person, name: str = "วัดพระธาตุลำปางหลวง") -> None:
    await to_place(o, name)
    await o.press("ข้าม")
    await o.hears("ส่งให้ตรวจ")


async def sends_landmark(o: Person, name: str = "วัดพระธาตุลำปางหลวง") -> str:
    """The number that a new landmark was given."""
    await to_summary(o, name)
    await o.press("ส่งให้ตรวจ")
    return number_in(said(await o.hears("L-2560-")))


def said_by_bot(o: Person) -> int:
    """How many messages; one that was edited is the same."""
    return sum(one["from"]["is_bot"] for one in o.messages)


async def settled(o: Person) -> None:
    """Returns when nothing has happened in the chat for a little while."""
    seen = -1
    while seen != len(o.chat.happened):
        seen = len(o.chat.happened)
        await asyncio.sleep(0.25)


def number_in(text: str) -> str:
    return next(word for word in text.split() if "-2560-" in word)


async def entries(t: Town, narrow: Filter | None = None, lao: str = "5520107") -> tuple[Entry, ...]:
    """All of them, however many pages they fill."""
    found: list[Entry] = []
    while True:
        n = len(found) // submissions.PAGE
        page = await t.store.read(submissions.entries_of, lao, narrow or Filter(), n, t.clock())
        found += page.entries
        if n + 1 >= page.pages:
            return tuple(found)


async def judge(
    t: Town, number: str, verdict: Verdict, note: str = "", flags: Mapping[str, str] | None = None
) -> None:
    """A verdict on the newest revision, as the admin web gives it."""

    def decide(tx: Tx) -> None:
        who = reviewer_named(tx, "ผู้ตรวจ") or add_reviewer(tx, "ผู้ตรวจ", "", t.clock())
        entry = reviews.entry(tx, number)
        assert entry is not None
        assert not isinstance(who, Problem)
        made = reviews.decide(tx, entry.id, entry.newest.n, who.id, verdict, flags or {}, note, t.clock())
        assert not isinstance(made, Problem), made

    await t.store.run(decide)
