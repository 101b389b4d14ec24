"""Journeys through whole forms: all three, in both languages, left and resumed, corrected, with restarts in between."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.simulator.person import said
from storage.db import Store
from tests.journeys.steps import (
    ANOTHER,
    PHOTO,
    begin,
    entries,
    said_by_bot,
    sends_landmark,
    settled,
    to_photos,
    to_summary,
)
from tests.town import town


async def test_a_landmark_from_the_menu_to_its_number(store: Store, tmp_path: Path) -> None:
    async with town(store, tmp_path) as t:
        o = await t.officer()
        await o.press("เพิ่มสถานที่สำคัญ")
        await o.hears("ขั้นที่ 1 จาก 6")
        await o.say("วัดพระธาตุลำปางหลวง")
        await o.hears("ขั้นที่ 2")
        await o.say("๒")
        await o.hears("ขั้นที่ 3")
        await o.say("วัดเก่าแก่คู่เมือง")
        await o.hears("เสร็จแล้ว")
        await o.say("เปิดทุกวัน")
        await o.hears("เสร็จแล้ว")
        await o.press("เสร็จแล้ว")
        await o.hears("ขั้นที่ 4")
        await o.send_photos([PHOTO, ANOTHER])
        await o.hears("2 รูป")
        await o.press("เสร็จแล้ว")
        await o.hears("ขั้นที่ 5")
        await o.say("๐๕๔-๑๒๓-๔๕๖ ต่อ ๑, 081 234 5678")
        await o.hears("ขั้นที่ 6")
        await o.send_location(18.3200, 99.5000)
        await o.hears("อำเภอเมืองลำปาง")
        summary = await o.hears("ส่งให้ตรวจ")
        for words in ("วัดพระธาตุลำปางหลวง", "สถานที่ศักดิ์สิทธิ์", "วัดเก่าแก่คู่เมือง\nเปิดทุกวัน", "081-234-5678", "18.32"):
            assert words in said(summary)
        await o.press("➕ อีเมล")
        await o.hears("อีเมล")
        await o.say("info@example.go.th")
        await o.hears("info@example.go.th")
        await o.press("ส่งให้ตรวจ")
        await o.hears("L-2560-000001")
        [entry] = await entries(t)
        assert set(entry.answers) == {
            "name", "category", "description", "photos", "phone", "coordinates", "email",
        }  # fmt: skip
        assert o.keyboard == []


async def test_a_product_from_the_menu_to_its_number(store: Store, tmp_path: Path) -> None:
    async with town(store, tmp_path) as t:
        o = await t.officer()
        await begin(o, "สินค้าท้องถิ่น")
        await o.say("ข้าวแต๋นน้ำแตงโม")
        await o.hears("ขั้นที่ 2")
        await o.press("1. อาหาร")
        await o.hears("ขั้นที่ 3")
        await o.say("กรอบ หวานน้อย")
        await o.hears("เสร็จแล้ว")
        await o.press("เสร็จแล้ว")
        await o.hears("ขั้นที่ 4")
        await o.send_photos([PHOTO], as_file=True)
        await o.hears("1 รูป")
        await o.press("เสร็จแล้ว")
        await o.hears("ขั้นที่ 5")
        await o.say("กลุ่มแม่บ้านทุ่งม่าน")
        await o.hears("ขั้นที่ 6")
        await o.send_contact("+66812345678", "สมหญิง")
        await o.hears("ขั้นที่ 7")
        await o.say("๑๒๐ บาท/ชุด")
        await o.hears("ขั้นที่ 8")
        await o.press("ข้าม")
        await o.hears("ส่งให้ตรวจ")
        await o.press("➕ มาตรฐานที่ได้รับ")
        await o.hears("เลือกได้หลายข้อ")
        await o.press("☐ อย.")
        await o.toast()
        await o.press("☐ ฮาลาล")
        await o.toast()
        await o.press("เสร็จแล้ว")
        assert "อย., ฮาลาล" in said(await o.hears("ส่งให้ตรวจ"))
        await o.press("ส่งให้ตรวจ")
        await o.hears("P-2560-000001")
        [entry] = await entries(t)
        assert entry.answers["standards"] == ["fda", "halal"]


async def test_news_from_the_menu_to_its_number(store: Store, tmp_path: Path) -> None:
    async with town(store, tmp_path) as t:
        o = await t.officer()
        await begin(o, "ข่าวประชาสัมพันธ์")
        await o.press("1. ข่าวกิจกรรม")
        await o.hears("ขั้นที่ 2")
        await o.say("รณรงค์ป้องกันไข้เลือดออก")
        await o.hears("ขั้นที่ 3")
        await o.say("เทศบาลร่วมกับชุมชน")
        await o.hears("เสร็จแล้ว")
        await o.press("เสร็จแล้ว")
        await o.hears("ขั้นที่ 4")
        await o.say("๓๑/๑/๖๐")
        await o.hears("ภาพข่าว")
        await o.send_photos([PHOTO])
        await o.hears("1 รูป")
        await o.press("เสร็จแล้ว")
        assert "31 ม" in said(await o.hears("ส่งให้ตรวจ"))
        await o.press("ส่งให้ตรวจ")
        await o.hears("N-2560-000001")
        [entry] = await entries(t)
        assert entry.answers["date"] == "2017-01-31"


async def test_a_whole_form_in_english(embedded: Store, tmp_path: Path) -> None:
    async with town(embedded, tmp_path) as t:
        o = t.sim.person("Somsri", "en-GB")
        await o.say(f"/start {await t.invitation()}")
        await o.hears("Is this your office?")
        await o.press("Yes, join")
        await o.hears("What would you like to do?")
        await o.press("Add: Landmark")
        await o.hears("Step 1 of 6")
        await o.say("Wat Phra That")
        await o.hears("Step 2")
        await o.press("2. Sacred place")
        await o.hears("Step 3")
        await o.press("Skip")
        await o.hears("Step 4")
        await o.send_photos([PHOTO])
        await o.hears("1 received")
        await o.press("Done")
        await o.hears("Step 5")
        await o.say("ยังไม่มี")
        await o.hears("⚠️")
        assert not any("\u0e01" <= letter <= "\u0e2e" for letter in without_example(said(o.last)))
        await o.say("054-123-456")
        await o.hears("Step 6")
        await o.press("Skip")
        await o.hears("Send for review")
        await o.press("Send for review")
        await o.hears("Sent: number L-2560-000001")


def without_example(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if "ต่อ" not in line)


async def test_a_restart_at_every_step_loses_nothing(store: Store, tmp_path: Path) -> None:
    async with town(store, tmp_path) as t:
        o = await t.officer()
        await begin(o)

        await t.stop()
        await o.say("วัดพระธาตุ")
        await t.start()
        await o.hears("ขั้นที่ 2")
        await t.stop()
        await o.press("2. สถานที่ศักดิ์สิทธิ์")
        await t.start()
        await o.hears("ขั้นที่ 3")
        await t.stop()
        await o.say("เล่าเรื่องวัด")
        await t.start()
        await o.hears("เสร็จแล้ว")
        await t.stop()
        await o.press("เสร็จแล้ว")
        await t.start()
        await o.hears("ขั้นที่ 4")
        await t.stop()
        await o.send_photos([PHOTO, ANOTHER])
        await t.start()
        await o.hears("2 รูป")
        await t.stop()
        await o.press("เสร็จแล้ว")
        await t.start()
        await o.hears("ขั้นที่ 5")
        await t.stop()
        await o.say("054-123-456")
        await t.start()
        await o.hears("ขั้นที่ 6")
        await t.stop()
        await o.send_location(18.32, 99.5)
        await t.start()
        await o.hears("ส่งให้ตรวจ")
        await t.stop()
        await o.press("ส่งให้ตรวจ")
        await t.start()
        await o.hears("L-2560-000001")
        [entry] = await entries(t)
        assert len(entry.answers["photos"]) == 2  # type: ignore[arg-type]


async def test_days_later_the_officer_is_where_they_left(embedded: Store, tmp_path: Path) -> None:
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        await to_photos(o)
        await t.stop()
        t.clock.move(timedelta(days=12))
        await t.start()
        await o.send_photos([PHOTO])
        await o.hears("1 รูป")


async def test_two_forms_at_once_are_both_sent(embedded: Store, tmp_path: Path) -> None:
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        await to_photos(o, "วัดแรก")
        await o.say("/add")
        await o.hears("จะเพิ่มอะไร")
        await o.press("เพิ่มข่าวประชาสัมพันธ์")
        await o.hears("จะทำอันไหนต่อ")
        await o.press("พักไว้ แล้วเริ่ม")
        await o.hears("ขั้นที่ 1")
        await o.press("1. ข่าวกิจกรรม")
        await o.hears("ขั้นที่ 2")
        await o.press("พักไว้ก่อน")
        await o.hears("ต้องการทำอะไร")
        await o.press("ร่างที่ค้าง (2)")
        await o.hears("ร่างที่ค้างอยู่")
        await o.press("วัดแรก")
        await o.hears("ขั้นที่ 4")
        await o.send_photos([PHOTO])
        await o.hears("1 รูป")


async def test_help_in_mid_form_keeps_the_place(embedded: Store, tmp_path: Path) -> None:
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        await to_photos(o)
        await o.say("/help")
        await o.hears("วิธีใช้")
        await o.hears("ขั้นที่ 4")
        await o.say("/mine")
        await o.hears("รายการของ")
        await o.send_photos([PHOTO])
        await o.hears("1 รูป")


async def test_every_wrong_kind_is_told_and_the_right_one_taken(embedded: Store, tmp_path: Path) -> None:
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        await begin(o)
        for wrong in (o.send_sticker, o.send_voice, o.send_video):
            await wrong()
            await o.hears("⚠️")
        await o.send_contact("0812345678", "สมหญิง")
        await o.hears("⚠️")
        await o.send_location(18.3, 99.5)
        await o.hears("⚠️")
        await o.send_photos([PHOTO])
        await o.hears("⚠️")
        await o.say("วัดพระธาตุ")
        await o.hears("ขั้นที่ 2")
        assert len([one for one in o.messages if one.get("text", "").startswith("⚠️")]) == 6


async def test_an_edited_message_corrects_its_answer(embedded: Store, tmp_path: Path) -> None:
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        await begin(o)
        sent = await o.say("วัดพระทาด")
        await o.hears("ขั้นที่ 2")
        await o.edit(sent, "วัดพระธาตุ")
        await o.hears("วัดพระธาตุ")
        await o.press("2. สถานที่ศักดิ์สิทธิ์")
        await o.hears("ขั้นที่ 3")
        await o.press("ข้าม")
        await o.hears("ขั้นที่ 4")
        await o.send_photos([PHOTO])
        await o.hears("1 รูป")
        await o.press("เสร็จแล้ว")
        await o.hears("ขั้นที่ 5")
        await o.say("054-123-456")
        await o.hears("ขั้นที่ 6")
        await o.press("ข้าม")
        summary = await o.hears("ส่งให้ตรวจ")
        assert "วัดพระธาตุ" in said(summary)
        await o.edit(sent, "วัดพระธาตุใหญ่")
        await o.hears("วัดพระธาตุใหญ่")


async def test_old_buttons_say_so_and_show_the_question(embedded: Store, tmp_path: Path) -> None:
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        await begin(o)
        await o.say("วัดพระธาตุ")
        types = await o.hears("ขั้นที่ 2")
        await o.press("2. สถานที่ศักดิ์สิทธิ์")
        await o.hears("ขั้นที่ 3")
        await o.press("3. ธรรมชาติ", types)
        assert (await o.toast())["text"] == "ปุ่มนี้หมดอายุแล้ว"
        await o.hears("ขั้นที่ 3")
        await o.press("ข้าม")
        await o.hears("ขั้นที่ 4")


@pytest.mark.parametrize("label", ["ข้าม", "ส่งให้ตรวจ", "พักไว้ก่อน", "ย้อนกลับ"])
async def test_a_double_tap_does_one_thing(embedded: Store, tmp_path: Path, label: str) -> None:
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        if label == "ส่งให้ตรวจ":
            await to_summary(o)
        else:
            await begin(o)
            await o.say("วัดพระธาตุ")
            await o.hears("ขั้นที่ 2")
            await o.press("2. สถานที่ศักดิ์สิทธิ์")
            await o.hears("ขั้นที่ 3")
        tapped = o.last
        before = said_by_bot(o)
        await o.press(label, tapped)
        await o.press(label, tapped)
        await o.toast()
        await settled(o)
        assert len(await entries(t)) == (label == "ส่งให้ตรวจ")
        assert said_by_bot(o) - before == 1
        assert "ปุ่มนี้หมดอายุแล้ว" not in "".join(one["text"] for one in o.toasts)


async def test_what_looks_like_markup_is_shown_as_it_was_typed(store: Store, tmp_path: Path) -> None:
    typed = "วัด <b> & {x} </i> \\ %s 🙂 “ก”"
    async with town(store, tmp_path) as t:
        o = await t.officer()
        number = await sends_landmark(o, typed)
        assert typed in said(o.last)
        await o.say("/mine")
        await o.hears("รายการของ")
        await o.press(number)
        await o.hears(typed)


async def test_very_long_texts_are_taken_and_shown_whole(embedded: Store, tmp_path: Path) -> None:
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        await begin(o, "ข่าวประชาสัมพันธ์")
        await o.press("1. ข่าวกิจกรรม")
        await o.hears("ขั้นที่ 2")
        await o.say("รณรงค์ป้องกันไข้เลือดออก")
        await o.hears("ขั้นที่ 3")
        for part in ("ก" * 3900, "ข" * 3900):
            await o.say(part)
            await o.hears("เสร็จแล้ว")
        await o.say("ค" * 900)
        await o.hears("⚠️")
        await o.press("เสร็จแล้ว")
        await o.hears("ขั้นที่ 4")
        await o.press("วันนี้")
        await o.hears("ภาพข่าว")
        await o.send_photos([PHOTO])
        await o.hears("1 รูป")
        await o.press("เสร็จแล้ว")
        await o.hears("ส่งให้ตรวจ")
        await o.press("ส่งให้ตรวจ")
        await o.hears("N-2560-000001")
