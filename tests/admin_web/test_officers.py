"""Removing an officer, and handing over the post."""

from __future__ import annotations

import re

import pytest

from flows.core.problem import Problem
from storage import invitations, officers
from tests.admin_web.conftest import Browser, Town
from tests.admin_web.samples import LAMPANG, NOW, Office, office, send

CODE = re.compile(r'<p class="code[^"]*">([0-9A-Z-]{14})</p>')


@pytest.fixture
async def mana(town: Town) -> Office:
    return await town.store.run(office)


async def test_an_officer_is_removed_after_confirming_and_their_entries_stay(
    town: Town, mana: Office
) -> None:
    entry = await town.store.run(lambda tx: send(tx, mana))
    browser = await town.signed_in()
    page = await browser.get(f"/officers/{mana.officer_id}")
    assert "นำ มานะ ตัวอย่าง ออกจากหน้าที่ ใช่หรือไม่" in page.words
    done = await browser.post(f"/officers/{mana.officer_id}/remove")
    assert done.headers["Location"] == f"/laos/{LAMPANG.code}?done=removed"
    lao = await browser.get(done.headers["Location"])
    assert "นำเจ้าหน้าที่ออกจากหน้าที่แล้ว" in lao.words
    assert "เจ้าหน้าที่เดิม (1) มานะ ตัวอย่าง" in lao.words
    assert await town.store.read(officers.officer_in, mana.chat_id) is None
    assert "มานะ ตัวอย่าง (พ้นหน้าที่แล้ว)" in (await browser.get(f"/entries/{entry.number}")).words


async def test_a_second_tap_on_remove_is_told_and_changes_nothing(town: Town, mana: Office) -> None:
    browser = await town.signed_in()
    await browser.get(f"/officers/{mana.officer_id}")
    await browser.post(f"/officers/{mana.officer_id}/remove")
    again = await browser.post(f"/officers/{mana.officer_id}/remove")
    assert again.status == 409
    assert "มานะ ตัวอย่าง พ้นหน้าที่ไปก่อนแล้ว" in again.words
    assert "ยืนยันนำออก" not in again.words


async def test_handing_over_shows_a_code_once_for_one_successor(town: Town, mana: Office) -> None:
    browser = await town.signed_in()
    await browser.get(f"/officers/{mana.officer_id}")
    made = await browser.post(f"/officers/{mana.officer_id}/hand-over")
    assert "ส่งรหัสนี้ให้ผู้รับหน้าที่ต่อจาก มานะ ตัวอย่าง เท่านั้น" in made.words
    code = CODE.findall(made.text)[0]
    found = await town.store.read(invitations.look_up, code, NOW)
    assert not isinstance(found, Problem)
    assert (found.kind, found.officer_id, found.uses_left) == ("handover", mana.officer_id, 1)
    lao = await browser.get(f"/laos/{LAMPANG.code}")
    assert "ส่งมอบหน้าที่ต่อจาก มานะ ตัวอย่าง" in lao.words
    assert code not in lao.text
    revoke = re.search(r'action="([^"]+/revoke)"', lao.text)
    assert revoke
    await browser.post(revoke[1])
    assert await town.store.read(invitations.look_up, code, NOW) == invitations.REVOKED


async def test_nobody_can_take_over_from_an_officer_who_was_removed(town: Town, mana: Office) -> None:
    await town.store.run(officers.remove, mana.officer_id, NOW)
    browser = await town.signed_in()
    page = await browser.get(f"/officers/{mana.officer_id}")
    assert "พ้นหน้าที่ 16 ม.ค. 2560" in page.words
    assert (await browser.post(f"/officers/{mana.officer_id}/hand-over")).status == 409


@pytest.mark.parametrize("number", ["0", "999", "x", "9" * 30])
async def test_an_officer_who_is_not_there_is_not_found(town: Town, number: str) -> None:
    browser: Browser = await town.signed_in()
    assert (await browser.get(f"/officers/{number}")).status == 404
    await browser.get("/me")
    for act in ("remove", "hand-over"):
        assert (await browser.post(f"/officers/{number}/{act}")).status == 404
