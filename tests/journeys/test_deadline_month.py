"""A month with a deadline, played on the simulated Telegram: exactly who hears what on which day."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import func, select

from bot.reminding import Reminding
from bot.simulator import Person
from bot.simulator.person import said
from bot.simulator.shapes import Json
from flows import CATALOGUE
from flows.core.campaign import Campaign, Requirement, Scope
from flows.core.dates import BANGKOK
from flows.core.problem import Problem
from flows.core.roles import Reach
from storage import campaigns, invitations, outbox, submissions
from storage.db import Store, Tx
from storage.lao import Lao, import_laos
from storage.officers import officer_in
from storage.reviewers import Reviewer, add_reviewer
from storage.tables import outbox as rows
from tests.bot.talk import ANSWERS
from tests.town import CHIANGMAI, KOKHA, PHRAE, TONTHONGCHAI, Town, town

NGAO = Lao("5520501", "เทศบาลตำบลหลวงเหนือ", "เทศบาลตำบล", "ลำปาง", "งาว", "หลวงเหนือ")
FIRST_DAY, LAST_DAY = date(2017, 1, 4), date(2017, 2, 15)
LOOKS = (time(7, 0), time(9, 0), time(15, 0), time(20, 0))  # the hours are 8:30 to 16:30
LETTER = Campaign(
    0, "บันทึกข้อมูลท้องถิ่น", "มท 0810.7/ว 123", date(2016, 12, 15), datetime(2017, 1, 31, 16, 30, tzinfo=BANGKOK),
    (Requirement("landmark", 1), Requirement("product", 1)), "submitted", Scope(provinces=("ลำปาง", "แพร่")),
    extra_days_off=frozenset({date(2017, 1, 24)}),
)  # fmt: skip

# The deadline is Tuesday 31 January, and from the 26th on Friday 3 February; the 24th is a local day off.
EXPECTED: Mapping[str, Mapping[str, list[str]]] = {
    "2017-01-04": {name: ["27 left"] for name in ("early", "one", "other", "away", "tired")},
    "2017-01-10": {"early": ["thanks"]},
    "2017-01-17": {"one": ["14 left"], "other": ["14 left"], "tired": ["14 left"]},
    "2017-01-23": {"other": ["8 left"]},
    "2017-01-26": {"other": ["moved"]},
    "2017-01-27": {"other": ["7 left"]},
    "2017-01-30": {"other": ["4 left"]},
    "2017-01-31": {"other": ["3 left"], "away": ["moved"], "boss": ["digest 2"]},
    "2017-02-01": {"boss": ["digest 2"]},
    "2017-02-03": {"one": ["thanks"], "other": ["today", "thanks"], "away": ["today"], "boss": ["digest 2"]},
    "2017-02-06": {"away": ["3 over"], "tired": ["moved"], "boss": ["digest 1"]},
    "2017-02-07": {"boss": ["digest 1"]},
    "2017-02-08": {"boss": ["digest 1"]},
    "2017-02-09": {"boss": ["digest 1"]},
    "2017-02-10": {"away": ["7 over"], "tired": ["7 over"], "boss": ["digest 1"]},
}


@dataclass
class Month:
    t: Town
    people: dict[str, Person] = field(default_factory=dict)
    heard: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    campaign_id: int = 0
    boss: Reviewer | None = None
    up: bool = True
    seen: dict[int, int] = field(default_factory=dict)  # chat -> events that lie behind

    def set(self, day: date, at: time) -> None:
        self.t.clock.move(datetime.combine(day, at, BANGKOK) - self.t.clock())

    async def look(self, day: date, at: time) -> None:
        """Another process looks as well as the service's own, and everything due goes out."""
        self.set(day, at)
        if not self.up:
            return
        await Reminding(self.t.store, self.t.clock).look()
        for _ in range(500):
            due, in_hand = await self.t.store.read(_left)
            if not in_hand and (due is None or due > self.t.clock()):
                break
            await asyncio.sleep(0.02)
        for name, person in self.people.items():
            if news := [short(said(one["message"])) for one in self.new(person) if one["type"] == "message"]:
                self.heard.setdefault(str(day), {}).setdefault(name, []).extend(news)
        self.skip()

    def new(self, person: Person) -> list[Json]:
        return person.chat.happened[self.seen.get(person.id, 0) :]

    def skip(self) -> None:
        """What has been said so far answered what people did: nobody was reminded by it."""
        self.seen = {person.id: len(person.chat.happened) for person in self.people.values()}

    async def sends_everything(self, name: str) -> None:
        officer = await self.t.store.read(officer_in, self.people[name].id)
        assert officer is not None
        for form in ("landmark", "product"):
            await self.t.store.run(
                submissions.submit,
                CATALOGUE[form],
                ANSWERS[form],
                officer.id,
                officer.lao.code,
                self.t.clock(),
            )


def short(words: str) -> str:
    """What a message was, in a word or two."""
    if "เปลี่ยนกำหนดส่งเป็น 3 ก.พ. 2560 16:30 น." in words:
        return "moved"
    for pattern, meaning in (
        (r"ณ วันที่[\s\S]*ยังไม่ครบ (\d+) แห่ง", "digest {}"), (r"เหลืออีก (\d+) วัน", "{} left"), (r"เลยกำหนดส่งมา (\d+) วัน", "{} over"),
        (r"ครบกำหนดพรุ่งนี้()", "tomorrow"), (r"ครบกำหนดวันนี้()", "today"), (r"ส่งครบแล้ว()", "thanks"),
    ):  # fmt: skip
        if found := re.search(pattern, words):
            return meaning.format(found[1])
    return words


# --- what people do, at ten in the morning


async def start(m: Month) -> None:
    t = m.t
    await t.store.run(import_laos, [NGAO], t.clock())
    who = await t.store.run(
        add_reviewer, "วิชัย", "-", t.clock(), role="coordinator", reach=Reach(provinces=("ลำปาง",))
    )
    assert not isinstance(who, Problem)
    m.boss = who
    for name, lao in (
        ("early", TONTHONGCHAI), ("one", KOKHA), ("other", KOKHA), ("away", PHRAE), ("tired", NGAO),
        ("outside", CHIANGMAI),
    ):  # fmt: skip
        m.people[name] = await t.officer(name, lao)
    code, _ = await t.store.run(invitations.invite_coordinator, who.id, t.clock())
    boss = m.people["boss"] = t.sim.person("boss")
    await boss.say(f"/start {code}")
    await boss.hears("ผู้ประสานงานจังหวัดลำปาง")
    await boss.press("ใช่ ฉันเอง")
    await boss.hears("ผูกแชตนี้กับ")
    m.skip()
    m.campaign_id = await t.store.run(campaigns.save_new, LETTER, who.id, "", t.clock())
    assert await t.store.run(campaigns.set_state, m.campaign_id, 1, "running", t.clock()) is None


async def early_is_done(m: Month) -> None:
    await m.sends_everything("early")


async def away_blocks(m: Month) -> None:
    await m.people["away"].block()


async def tired_and_begun(m: Month) -> None:
    tired, other = m.people["tired"], m.people["other"]
    await tired.press("ไม่ต้องเตือนเรื่องนี้อีก")
    await tired.hears("จะไม่เตือนเรื่องนี้อีก")
    await other.press("เริ่ม: สินค้าท้องถิ่น")
    await other.hears("ขั้นที่ 1")
    await other.say("ข้าวแต๋นน้ำแตงโม")
    await other.hears("ขั้นที่ 2")
    m.skip()


async def deadline_moves(m: Month) -> None:
    now = await m.t.store.read(campaigns.campaign_of, m.campaign_id)
    version = await m.t.store.read(campaigns.version_of, m.campaign_id)
    assert now is not None
    later = replace(now, deadline=datetime(2017, 2, 3, 16, 30, tzinfo=BANGKOK))
    assert await m.t.store.run(campaigns.change, m.campaign_id, version, later, m.t.clock()) is None


async def tomorrow_please(m: Month) -> None:
    other = m.people["other"]
    await other.press("เตือนพรุ่งนี้")
    await other.hears("จะเตือนอีกครั้งวันที่ 30 มกราคม 2560")
    m.skip()


async def away_is_back(m: Month) -> None:
    await m.people["away"].block(False)
    await asyncio.sleep(0.2)


async def power_cut(m: Month) -> None:
    m.up = False
    await m.t.stop()


async def power_back(m: Month) -> None:
    m.set(date(2017, 2, 3), time(13, 0))
    m.up = True
    m.skip()
    await m.t.start()
    await m.people["other"].hears("ครบกำหนดวันนี้")
    for _ in range(500):
        if m.new(m.people["boss"]):
            break  # the digest comes before another one is complete
        await asyncio.sleep(0.02)
    await m.sends_everything("other")


def _left(tx: Tx) -> tuple[datetime | None, int]:
    """When the next message is due, and how many are being said: a reminder is noted before it is."""
    being_said = select(func.count()).where(rows.c.claim.is_not(None))
    return outbox.next_due(tx), tx.scalar(being_said) or 0


async def tired_no_more(m: Month) -> None:
    tired, boss = m.people["tired"], m.people["boss"]
    await tired.press("เตือนเรื่องนี้ตามเดิม")
    await tired.hears("ขาด")
    await boss.say("/progress")
    picture = await boss.hears("ครบแล้ว 2 จาก 3 แห่ง")
    assert "photo" in picture or "document" in picture
    m.skip()


async def ended(m: Month) -> None:
    version = await m.t.store.read(campaigns.version_of, m.campaign_id)
    assert await m.t.store.run(campaigns.set_state, m.campaign_id, version, "ended", m.t.clock()) is None


ACTS: Mapping[str, Callable[[Month], Awaitable[None]]] = {
    "2017-01-10": early_is_done,
    "2017-01-12": away_blocks,
    "2017-01-17": tired_and_begun,
    "2017-01-26": deadline_moves,
    "2017-01-27": tomorrow_please,
    "2017-01-31": away_is_back,
    "2017-02-01": power_cut,
    "2017-02-03": power_back,
    "2017-02-06": tired_no_more,
    "2017-02-10": ended,
}


async def test_a_month_with_a_deadline(embedded: Store, tmp_path: Path) -> None:
    async with town(embedded, tmp_path) as t:
        m = Month(t)
        m.set(FIRST_DAY, time(6, 0))
        await start(m)
        day = FIRST_DAY
        while day <= LAST_DAY:
            for at in LOOKS:
                if at == time(15, 0) and (act := ACTS.get(str(day))):
                    m.set(day, time(10, 0))
                    await act(m)
                await m.look(day, at)
            day += timedelta(days=1)
    assert m.heard == EXPECTED
