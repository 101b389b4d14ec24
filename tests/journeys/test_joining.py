"""Journeys of joining: by link and by code, strangers, groups, commands, and leaving."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from storage import officers
from storage.db import Store
from tests.journeys.steps import begin, said_by_bot, settled
from tests.town import KOKHA, PHRAE, Town, town


async def test_joining_by_the_link_of_an_invitation(store: Store, tmp_path: Path) -> None:
    async with town(store, tmp_path) as t:
        somsri = t.sim.person("สมศรี ตัวอย่าง")
        await somsri.say(f"/start {await t.invitation(PHRAE)}")
        asked = await somsri.hears("ใช่หน่วยงานของท่านหรือไม่")
        assert "องค์การบริหารส่วนตำบลป่าแมต อำเภอเมืองแพร่ จังหวัดแพร่" in asked["text"]
        await somsri.press("ใช่ เข้าร่วม")
        assert "เข้าร่วมแล้ว" in (await somsri.hears("ต้องการทำอะไร"))["text"]
        officer = await store.read(officers.officer_in, somsri.id)
        assert officer is not None
        assert (officer.name, officer.lao.code) == ("สมศรี ตัวอย่าง", PHRAE.code)


async def test_joining_by_a_typed_code_after_a_typing_mistake(embedded: Store, tmp_path: Path) -> None:
    async with town(embedded, tmp_path) as t:
        code = await t.invitation()
        somsri = t.sim.person("สมศรี")
        await somsri.say("/start")
        await somsri.hears("รหัสเชิญ")
        await somsri.say("ABCD-EFGH-JKMN")
        await somsri.hears("ไม่พบรหัสเชิญนี้")
        await somsri.say(code.lower().replace("-", " "))
        await somsri.hears("ใช่หน่วยงานของท่านหรือไม่")
        await somsri.press("ใช่ เข้าร่วม")
        await somsri.hears("ต้องการทำอะไร")


async def test_a_double_tap_on_yes_joins_once(embedded: Store, tmp_path: Path) -> None:
    async with town(embedded, tmp_path) as t:
        somsri = t.sim.person("สมศรี")
        await somsri.say(f"/start {await t.invitation()}")
        asked = await somsri.hears("ใช่หน่วยงานของท่านหรือไม่")
        await somsri.press("ใช่ เข้าร่วม", asked)
        await somsri.press("ใช่ เข้าร่วม", asked)
        await somsri.toast()
        await settled(somsri)
        assert sum("เข้าร่วมแล้ว" in one.get("text", "") for one in somsri.messages) == 1


async def test_a_stranger_who_floods_is_answered_once_and_again_after_a_while(
    embedded: Store, tmp_path: Path
) -> None:
    async with town(embedded, tmp_path) as t:
        stranger = t.sim.person("คนแปลกหน้า")
        await stranger.say("สวัสดี")
        await stranger.hears("ที่ได้รับเชิญ")
        for n in range(30):
            await stranger.say(f"{n}")
        await stranger.send_photos([b"\xff\xd8\xff"], as_file=True)
        await stranger.send_sticker()
        somsri = await t.officer()
        await somsri.say("/menu")
        await somsri.hears("ต้องการทำอะไร")
        await stranger.hears_nothing(0.2)
        t.clock.move(timedelta(minutes=11))
        await stranger.say("ยังอยู่ไหม")
        await stranger.hears("ที่ได้รับเชิญ")


async def test_an_officer_who_moves_finds_the_old_forms_buttons_dead(embedded: Store, tmp_path: Path) -> None:
    async with town(embedded, tmp_path) as t:
        somsri = await t.officer()
        await begin(somsri)
        old = somsri.last
        await somsri.say(f"/start {await t.invitation(KOKHA)}")
        await somsri.hears("จะย้าย")
        await somsri.press("ใช่ เข้าร่วม")
        await somsri.hears("เกาะคา")
        await somsri.press_data(old["reply_markup"]["inline_keyboard"][-1][0]["callback_data"], old)
        assert (await somsri.toast())["text"] == "ปุ่มนี้หมดอายุแล้ว"
        await somsri.hears("ต้องการทำอะไร")


async def test_a_removed_officer_can_do_nothing_more(store: Store, tmp_path: Path) -> None:
    async with town(store, tmp_path) as t:
        somsri = await t.officer()
        await begin(somsri)
        officer = await store.read(officers.officer_in, somsri.id)
        assert officer is not None
        await store.run(officers.remove, officer.id, t.clock())
        await somsri.say("วัดพระธาตุ")
        await somsri.hears("ถูกนำออกจากหน่วยงานแล้ว")
        said = said_by_bot(somsri)
        await somsri.press("ยกเลิก")
        await somsri.toast()
        await somsri.say("/mine")
        await settled(somsri)
        assert said_by_bot(somsri) == said


async def test_in_a_group_it_says_once_that_it_works_in_private(embedded: Store, tmp_path: Path) -> None:
    async with town(embedded, tmp_path) as t:
        somsri = await t.officer()
        group = t.sim.group("อปท. ลำปาง", somsri)
        await group.say("/start@thongthin_bot")
        await group.hears("แชตส่วนตัวเท่านั้น")
        await group.say("/menu@thongthin_bot")
        await group.hears_nothing()
        await somsri.say("/menu")
        await somsri.hears("ต้องการทำอะไร")


async def test_commands_are_set_in_both_languages(embedded: Store, tmp_path: Path) -> None:
    async with town(embedded, tmp_path) as t:
        assert commands(t, "") == commands(t, "th")
        assert commands(t, "th")["drafts"] == "ร่างที่ค้าง"
        assert commands(t, "en")["drafts"] == "Unfinished drafts"
        assert set(commands(t, "en")) == {
            "start", "menu", "add", "drafts", "mine", "cancel", "help", "language",
        }  # fmt: skip


def commands(t: Town, language: str) -> dict[str, str]:
    """As Telegram was told them last."""
    set_ = [one for one in t.sim.log if one.get("method") == "setMyCommands"]
    wanted = [one["parameters"] for one in set_ if one["parameters"].get("language_code", "") == language]
    listed = wanted[-1]["commands"]
    told = json.loads(listed) if isinstance(listed, str) else listed
    return {one["command"]: one["description"] for one in told}
