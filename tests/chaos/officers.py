"""People who fill in forms: they look at the question before they answer, wait when nothing comes, and press again."""

from __future__ import annotations

import asyncio
import hashlib
import random
import re
import time
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from PIL import Image

from bot.simulator import Person
from bot.simulator.person import said
from bot.simulator.shapes import Message
from flows.core.chat import Json
from flows.core.dates import BANGKOK
from tests.chaos.ledger import POISON, Filled, Ledger, Vain
from tests.storage.pictures import saved, scene

AGAIN = 20.0  # seconds after which a button is pressed once more
PATIENCE = 150.0  # seconds until an answer counts as lost
PIN: Json = {
    "latitude": 18.217, "longitude": 99.3896, "source": "pin", "accuracy": 12, "district": "เกาะคา",
    "province": "ลำปาง",
}  # fmt: skip
NUMBER = re.compile(r"[LPN]-\d{4}-\d{6}")
# Where the reply to /add was lost with the process that had it, what stands in the chat is said again: the menu.
WHAT_TO_ADD = re.compile("จะเพิ่มอะไร|ต้องการทำอะไร")


class Unanswered(Exception):
    """The bot has said nothing more for longer than anybody would wait."""


def pictures(chance: random.Random) -> list[Image.Image]:
    return [scene(chance.randrange(1000), 640, 480) for _ in range(6)]


class Officer:
    def __init__(
        self, person: Person, ledger: Ledger, chance: random.Random, scenes: Sequence[Image.Image]
    ) -> None:
        self.person = person
        self._ledger = ledger
        self._chance = chance
        self._scenes = scenes
        self._count = 0
        self._left: set[str] = set()  # forms of which a draft stands
        self._fixed: set[int] = set()  # notices that were dealt with

    async def work(self, code: str, until: asyncio.Event) -> None:
        """Joins, and fills in one form after another, at least one; the last one is finished whatever happens."""
        try:
            await self._join(code)
            begun = False
            while not (begun and until.is_set()):
                begun = True
                await self._fix()
                fills = {"landmark": self._landmark, "product": self._product, "news": self._news}
                await fills[self._chance.choice(sorted(fills.keys() - self._left))]()
                await asyncio.sleep(self._chance.uniform(0, 2))
            await self._fix()
        except Unanswered as lost:
            self._ledger.unanswered.append(Vain(self.person.id, self._in_vain(lost)))

    async def poison(self, code: str) -> None:
        """Sends what the service cannot stand, hears so, and goes on."""
        try:
            await self._join(code)
            filled = await self._begin("landmark", "สถานที่สำคัญ", "name")
            words = f"{POISON} {self.person.id}"
            self._ledger.poisonous.append(words)
            await self._say(words, "บันทึก")
            await self._say(self._set(filled, "name", self._unique("วัด")), "ขั้นที่ 2 ")
        except Unanswered as lost:
            self._ledger.unanswered.append(Vain(self.person.id, self._in_vain(lost)))

    async def _join(self, code: str) -> None:
        await self._say(f"/start {code}", "ใช่หน่วยงานของท่านหรือไม่")
        await self._press("ใช่ เข้าร่วม", "ต้องการทำอะไร")

    # --- the forms

    async def _landmark(self) -> None:
        filled = await self._begin("landmark", "สถานที่สำคัญ", "name")
        await self._say(self._set(filled, "name", self._unique("วัด")), "ขั้นที่ 2 ")
        filled.answers["category"] = "sacred"
        await self._press("2. สถานที่ศักดิ์สิทธิ์", "ขั้นที่ 3 ")
        await self._paragraphs(filled, "description", "ขั้นที่ 4 ")
        await self._photos(filled, "ขั้นที่ 5 ")
        await self._say(self._phone(filled), "ขั้นที่ 6 ")
        if self._chance.random() < 0.5:
            self._ledger.messages += 1
            before = self._mark()
            await self.person.send_location(18.2170, 99.3896, 12)
            filled.answers["coordinates"] = PIN
            await self._until(before, "ยังไม่ได้ส่ง")
        else:
            await self._press("ข้าม", "ยังไม่ได้ส่ง")
        await self._finish(filled)

    async def _product(self) -> None:
        filled = await self._begin("product", "สินค้าท้องถิ่น", "name")
        await self._say(self._set(filled, "name", self._unique("ข้าวแต๋น")), "ขั้นที่ 2 ")
        filled.answers["category"] = "food"
        await self._press("1. อาหาร", "ขั้นที่ 3 ")
        await self._paragraphs(filled, "description", "ขั้นที่ 4 ")
        await self._photos(filled, "ขั้นที่ 5 ")
        await self._say(self._set(filled, "producer", self._unique("กลุ่มแม่บ้าน")), "ขั้นที่ 6 ")
        if self._chance.random() < 0.3:  # back, and on again
            # Not the same question as it was asked before, said once more by another process.
            await self._press("ย้อนกลับ", f"ตอบไว้แล้ว: {filled.answers['producer']}")
            await self._say(self._set(filled, "producer", self._unique("กลุ่มเกษตรกร")), "ขั้นที่ 6 ")
        await self._say(self._phone(filled), "ขั้นที่ 7 ")
        price = self._chance.randrange(10, 900)
        filled.answers["price"] = {"low": str(price), "high": None, "unit": "ชุด"}
        await self._say(f"{price} บาท/ชุด", "ขั้นที่ 8 ")
        await self._press("ข้าม", "ยังไม่ได้ส่ง")
        await self._finish(filled)

    async def _news(self) -> None:
        filled = await self._begin("news", "ข่าวประชาสัมพันธ์", "title")
        filled.answers["category"] = "activity"
        await self._press("1. ข่าวกิจกรรม", "ขั้นที่ 2 ")
        await self._say(self._set(filled, "title", self._unique("โครงการ")), "ขั้นที่ 3 ")
        await self._paragraphs(filled, "body", "ขั้นที่ 4 ")
        await self._press("วันนี้", "ขั้นที่ 5 ")
        filled.answers["date"] = datetime.now(BANGKOK).date().isoformat()
        await self._photos(filled, "ยังไม่ได้ส่ง")
        await self._finish(filled)

    async def _begin(self, form: str, title: str, name_key: str) -> Filled:
        filled = Filled(self.person.id, form, name_key)
        self._ledger.forms.append(filled)
        await self._say("/add", WHAT_TO_ADD)
        await self._press(f"เพิ่ม{title}", "ขั้นที่ 1 ")
        return filled

    async def _paragraphs(self, filled: Filled, key: str, then: str) -> None:
        """One to three messages, now and then two at once without waiting, or done at once with the last one."""
        parts = [self._unique("ย่อหน้า") for _ in range(self._chance.randrange(1, 4))]
        filled.answers[key] = "\n".join(parts)
        impatient, hasty = self._chance.random() < 0.4, self._chance.random() < 0.4
        for number, part in enumerate(parts):
            last = number + 1 == len(parts)
            before = self._mark()
            self._ledger.messages += 1
            await self.person.say(part)
            # There is a button to be done with once the first part was heard.
            if (number == 0 and hasty) or (not hasty if last else not impatient):
                letters = f"({len(chr(10).join(parts[: number + 1]))} จาก"
                await self._until(before, letters)
        await self._press("เสร็จแล้ว", then)

    async def _photos(self, filled: Filled, then: str) -> None:
        """An album, a single photo, or both; as photos or as files."""
        sizes = self._chance.choice(((1,), (3,), (2, 1), (5,), (1, 2), (4, 1)))
        hasty = self._chance.random() < 0.3 and filled.form != "news"  # there they would be sent without them
        for number, size in enumerate(sizes):
            photos = [self._photo() for _ in range(size)]
            filled.photos += [hashlib.sha256(one).hexdigest() for one in photos]
            self._ledger.photos |= {hashlib.sha256(one).hexdigest(): one for one in photos}
            self._ledger.messages += size
            before = self._mark()
            await self.person.send_photos(photos, as_file=self._chance.random() < 0.3)
            if hasty and number:
                continue
            whole = "ได้รับครบ 5 รูป" if len(filled.photos) == 5 else f"ได้รับแล้ว {len(filled.photos)} รูป"
            await self._until(before, whole)
        await self._press("เสร็จแล้ว", then)

    def _phone(self, filled: Filled) -> str:
        number = f"08{self._chance.randrange(10**8):08}"
        filled.answers["phone"] = [{"number": number, "extension": ""}]
        return f"{number[:3]}-{number[3:6]}-{number[6:]}"

    async def _finish(self, filled: Filled) -> None:
        """At the summary: perhaps a message is corrected, then it is sent, now and then with two taps."""
        if self._chance.random() < 0.25 and filled.form != "news":
            told = next(
                one for one in reversed(self.person.messages)
                if one.get("text") == filled.name and not one["from"]["is_bot"]
            )  # fmt: skip
            before = self._mark()
            self._ledger.messages += 1
            await self.person.edit(told, self._set(filled, filled.name_key, self._unique("แก้ชื่อ")))
            await self._until(before, filled.name)
        if self._chance.random() < 0.1 and len(self._left) < 2:
            self._left.add(filled.form)
            await self._press("พักไว้ก่อน", "ต้องการทำอะไร")
            return
        # Not the number of an entry sent before, which a verdict or a reply that comes late may name just now.
        sent = re.compile(rf"ส่งแล้ว เลขที่ ({NUMBER.pattern})\n{re.escape(filled.name)}")
        words = await self._press("ส่งให้ตรวจ", sent, taps=self._chance.choice((1, 1, 2)))
        filled.number = sent.findall(words)[0]

    async def _fix(self) -> None:
        """Whatever a reviewer has asked for since: the name is written anew."""
        for notice in list(self.person.messages):
            text = said(notice)
            if "ขอให้แก้ไข 1 ข้อ" not in text or notice["message_id"] in self._fixed:
                continue
            self._fixed.add(notice["message_id"])
            number = NUMBER.findall(text)[0]
            filled = next(one for one in self._ledger.forms if one.number == number)
            if not any("แก้ ชื่อ" in label or "แก้ หัวข้อ" in label for label in self.person.buttons(notice)):
                continue  # the same notice, twice: dealt with already
            if any(number in said(one) and one["message_id"] in self._fixed - {notice["message_id"]}
                   for one in self.person.messages):  # fmt: skip
                continue
            await self._press("แก้ ", "ผู้ตรวจขอให้แก้: ", notice)
            name = self._unique("ชื่อใหม่")
            before = self._mark()
            self._ledger.messages += 1
            await self.person.say(name)
            self._set(filled, filled.name_key, name)
            await self._until(before, number)

    def _in_vain(self, lost: Unanswered) -> str:
        return f"{self.person.name}: {lost}\n{self.person.transcript()[-2500:]}"

    # --- what people do

    def _unique(self, word: str) -> str:
        self._count += 1
        return f"{word} {self.person.id}-{self._count}"

    @staticmethod
    def _set(filled: Filled, key: str, value: str) -> str:
        filled.answers[key] = value
        return value

    def _photo(self) -> bytes:
        """No two have the same bytes."""
        self._count += 1
        image = self._chance.choice(self._scenes).copy()
        image.putpixel((self._count % 640, self.person.id % 480), (255, 0, 0))
        out = BytesIO(saved(image))
        return out.getvalue() + f"{self.person.id}-{self._count}".encode()

    def _mark(self) -> int:
        return len(self.person.chat.happened)

    async def _say(self, text: str, then: str | re.Pattern[str]) -> str:
        before = self._mark()
        self._ledger.messages += 1
        await self.person.say(text)
        return await self._until(before, then)

    async def _press(
        self, label: str, then: str | re.Pattern[str], message: Message | None = None, taps: int = 1
    ) -> str:
        """A press is not kept for long by Telegram: where nothing comes of it, people press again."""
        before = self._mark()
        for attempt in range(int(PATIENCE // AGAIN)):
            try:
                for _ in range(taps):
                    self._ledger.messages += 1
                    await self.person.press(label, message)
            except AssertionError:
                pass  # it is gone: it was pressed, and what comes of it is on its way
            self._ledger.pressed_again += attempt > 0
            try:
                return await self._until(before, then, AGAIN)
            except Unanswered:
                taps = 1
        raise Unanswered(f"pressed «{label}», waited for {then!r}")

    async def _until(self, since: int, wanted: str | re.Pattern[str], patience: float = PATIENCE) -> str:
        """What the bot says with these words in it, after so many events of the chat."""
        chat, at, began = self.person.chat, since, time.monotonic()
        try:
            async with asyncio.timeout(patience):
                while True:
                    for at in range(at, len(chat.happened)):  # noqa: B020
                        event = chat.happened[at]
                        if (
                            event["type"] not in ("message", "edited")
                            or not event["message"]["from"]["is_bot"]
                        ):
                            continue
                        words = said(event["message"])
                        if wanted in words if isinstance(wanted, str) else wanted.search(words):
                            self._ledger.waited.append(time.monotonic() - began)
                            return words
                    at = len(chat.happened)
                    await chat.more_than(len(chat.happened))
        except TimeoutError:
            raise Unanswered(f"waited for {wanted!r}") from None
