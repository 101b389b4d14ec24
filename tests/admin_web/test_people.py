"""Web accounts: added, changed, shut, and one's own password."""

from __future__ import annotations

import re

import pytest

from flows.core.problem import Problem
from flows.core.roles import EVERYWHERE, Reach
from storage import invitations, reviewers
from storage.lao import import_laos
from storage.reviewers import Reviewer, add_reviewer
from tests.admin_web.conftest import Browser, Town
from tests.admin_web.samples import HASH, KOKHA, LAMPANG, NOW, PASSWORD, PHRAE

SHOWN = re.compile(r'id="copy-password"[^>]*>([^<]+)</textarea>')
NEW = "ต้นไม้ ใบหญ้า 44"
PERSON = [
    ("name", "วิชัย มาใหม่"),
    ("role", "reviewer"),
    ("where", "some"),
    ("province", "แพร่"),
    ("district", "ลำปาง/เกาะคา"),
]


@pytest.fixture
async def boss(town: Town) -> Browser:
    await town.store.run(import_laos, (LAMPANG, KOKHA, PHRAE), NOW)
    return await town.signed_in()


async def named(town: Town, name: str = "วิชัย มาใหม่") -> Reviewer:
    found = await town.store.read(lambda tx: reviewers.reviewer_named(tx, name, disabled=True))
    assert found is not None
    return found


async def test_an_added_account_signs_in_with_the_password_that_was_shown_once(
    town: Town, boss: Browser
) -> None:
    await boss.get("/people/new")
    added = await boss.post("/people/new", PERSON)
    password = SHOWN.findall(added.text)[0]
    who = await named(town)
    assert (who.role, who.reach) == ("reviewer", Reach(("แพร่",), (("ลำปาง", "เกาะคา"),)))
    assert password not in (await boss.get(f"/people/{who.id}")).text
    assert (await town.browser().sign_in("วิชัย มาใหม่", password)).status == 303
    listed = await boss.get("/people")
    assert "วิชัย มาใหม่ ผู้ตรวจสอบ แพร่, เกาะคา (ลำปาง)" in listed.words


async def test_an_added_account_can_be_given_its_first_password(town: Town, boss: Browser) -> None:
    await boss.get("/people/new")
    added = await boss.post("/people/new", [*PERSON, ("password", NEW)])
    assert added.status == 303
    assert (await town.browser().sign_in("วิชัย มาใหม่", NEW)).status == 303


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "ใส่ชื่อ"),
        ({"name": "สมหญิง ตรวจดี"}, "อยู่แล้ว"),
        ({"role": "king"}, "เลือกบทบาทของบัญชีนี้"),
        ({"province": "", "district": "นรก/ชั้นเจ็ด"}, "เลือกอย่างน้อยหนึ่งจังหวัด"),
        ({"password": "สั้น"}, "รหัสผ่านสั้นเกินไป"),
    ],
)
async def test_an_account_that_cannot_be_is_refused_in_one_sentence_and_then_added(
    town: Town, boss: Browser, change: dict[str, str], sentence: str
) -> None:
    await boss.get("/people/new")
    refused = await boss.post("/people/new", {**dict(PERSON), **change})
    assert refused.status == 422
    assert sentence in refused.words
    boss.last = refused
    assert SHOWN.findall((await boss.post("/people/new", PERSON)).text)


async def test_an_administrator_reaches_everywhere_whatever_was_ticked(town: Town, boss: Browser) -> None:
    await boss.get("/people/new")
    await boss.post("/people/new", {**dict(PERSON), "role": "admin"})
    assert (await named(town)).reach == EVERYWHERE


async def test_role_and_area_are_changed_and_shown_as_they_are(town: Town, boss: Browser) -> None:
    await boss.get("/people/new")
    await boss.post("/people/new", PERSON)
    who = await named(town)
    page = await boss.get(f"/people/{who.id}")
    assert 'name="province" value="แพร่" checked' in page.text
    assert 'name="district" value="ลำปาง/เกาะคา" checked' in page.text
    done = await boss.post(f"/people/{who.id}/role", {"role": "coordinator", "where": "everywhere"})
    assert "เปลี่ยนบทบาทและพื้นที่แล้ว" in (await boss.get(done.headers["Location"])).words
    assert ((await named(town)).role, (await named(town)).reach) == ("coordinator", EVERYWHERE)


async def test_a_disabled_account_is_shut_at_once_and_can_be_opened_again(town: Town, boss: Browser) -> None:
    other = await town.signed_in("ประสิทธิ์ ละเอียด")
    who = await named(town, "ประสิทธิ์ ละเอียด")
    await boss.get(f"/people/{who.id}")
    done = await boss.post(f"/people/{who.id}/disable")
    assert "ปิดใช้บัญชีแล้ว" in (await boss.get(done.headers["Location"])).words
    assert (await other.get("/")).status == 303
    assert (await other.sign_in("ประสิทธิ์ ละเอียด")).status == 422
    await boss.get(f"/people/{who.id}")
    await boss.post(f"/people/{who.id}/enable")
    assert (await other.sign_in("ประสิทธิ์ ละเอียด")).status == 303


async def test_the_last_administrator_can_neither_be_disabled_nor_made_less(
    town: Town, boss: Browser
) -> None:
    me, other = await named(town, "สมหญิง ตรวจดี"), await named(town, "ประสิทธิ์ ละเอียด")
    await boss.get("/people")
    await boss.get(f"/people/{other.id}")
    assert (await boss.post(f"/people/{other.id}/disable")).status == 303
    for path, form in (("disable", {}), ("role", {"role": "viewer", "where": "everywhere"})):
        refused = await boss.post(f"/people/{me.id}/{path}", form)
        assert refused.status == 409
        assert "สมหญิง ตรวจดี เป็นผู้ดูแลระบบคนสุดท้าย" in refused.words
    await boss.post(f"/people/{other.id}/enable")
    assert (await boss.post(f"/people/{me.id}/role", {"role": "viewer", "where": "everywhere"})).status == 303
    assert (await boss.get("/people")).status == 403


async def test_a_reset_password_is_shown_once_and_signs_everybody_out(town: Town, boss: Browser) -> None:
    other = await town.signed_in("ประสิทธิ์ ละเอียด")
    who = await named(town, "ประสิทธิ์ ละเอียด")
    await boss.get(f"/people/{who.id}")
    password = SHOWN.findall((await boss.post(f"/people/{who.id}/password")).text)[0]
    assert (await other.get("/")).status == 303
    assert (await other.sign_in("ประสิทธิ์ ละเอียด", PASSWORD)).status == 422
    assert (await other.sign_in("ประสิทธิ์ ละเอียด", password)).status == 303


async def test_an_administrator_can_sign_somebody_out_everywhere(town: Town, boss: Browser) -> None:
    other = await town.signed_in("ประสิทธิ์ ละเอียด")
    who = await named(town, "ประสิทธิ์ ละเอียด")
    await boss.get(f"/people/{who.id}")
    await boss.post(f"/people/{who.id}/sign-out")
    assert (await other.get("/")).status == 303
    assert (await boss.get("/")).status == 200


@pytest.mark.parametrize("number", ["0", "999", "x", "9" * 30])
async def test_an_account_that_is_not_there_is_not_found(boss: Browser, number: str) -> None:
    assert (await boss.get(f"/people/{number}")).status == 404


# --- one's own account


async def test_ones_own_password_is_changed_here_and_other_browsers_are_signed_out(town: Town) -> None:
    here, elsewhere = await town.signed_in(), await town.signed_in()
    await here.get("/me")
    done = await here.post("/me/password", {"current": PASSWORD, "new": NEW, "again": NEW})
    assert done.headers["Location"] == "/me?done=password"
    assert "เปลี่ยนรหัสผ่านแล้ว" in (await here.get("/me?done=password")).words
    assert (await elsewhere.get("/me")).status == 303
    assert (await elsewhere.sign_in(password=PASSWORD)).status == 422
    assert (await elsewhere.sign_in(password=NEW)).status == 303


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"current": "ผิดแน่นอน 1234", "new": NEW, "again": NEW}, "รหัสผ่านปัจจุบันไม่ถูกต้อง"),
        ({"current": PASSWORD, "new": NEW, "again": NEW + "1"}, "สองช่องไม่ตรงกัน"),
        ({"current": PASSWORD, "new": "สั้น", "again": "สั้น"}, "รหัสผ่านสั้นเกินไป"),
    ],
)
async def test_a_password_that_cannot_be_changed_says_why_and_then_can(
    town: Town, form: dict[str, str], sentence: str
) -> None:
    here = await town.signed_in()
    await here.get("/me")
    refused = await here.post("/me/password", form)
    assert refused.status == 422
    assert sentence in refused.words
    assert NEW not in refused.text
    assert (await here.post("/me/password", {"current": PASSWORD, "new": NEW, "again": NEW})).status == 303


async def test_guesses_at_the_current_password_are_slowed_down_as_at_signing_in(town: Town) -> None:
    here = await town.signed_in()
    await here.get("/me")
    wrong = {"current": "เดาไปเรื่อย 1234", "new": NEW, "again": NEW}
    statuses = [(await here.post("/me/password", wrong)).status for _ in range(7)]
    assert statuses[0] == 422
    assert statuses[-1] == 429


async def test_a_coordinator_makes_a_code_for_their_own_chat_and_a_reviewer_cannot(town: Town) -> None:
    await town.store.run(add_reviewer, "อรุณ ประสาน", HASH, NOW, "coordinator", Reach(("ลำปาง",)))
    await town.store.run(add_reviewer, "เรณู ตรวจ", HASH, NOW, "reviewer", Reach(("ลำปาง",)))
    browser = await town.signed_in("อรุณ ประสาน")
    await browser.get("/me")
    made = await browser.post("/me/chat")
    code = re.findall(r'<p class="code[^"]*">([0-9A-Z-]{14})</p>', made.text)[0]
    found = await town.store.read(invitations.look_up, code, NOW)
    assert not isinstance(found, Problem)
    assert (found.kind, found.reviewer_id) == ("coordinator", (await named(town, "อรุณ ประสาน")).id)
    reviewer = await town.signed_in("เรณู ตรวจ")
    assert "สร้างรหัสเชื่อมแชต" not in (await reviewer.get("/me")).words
    assert (await reviewer.post("/me/chat")).status == 403
