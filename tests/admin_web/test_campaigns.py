"""Making campaigns, changing them, their letters, and starting, pausing and ending them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest

from flows.core.campaign import Campaign, Requirement, Scope
from flows.core.dates import BANGKOK
from flows.core.roles import Reach
from storage import campaigns
from storage.lao import import_laos
from storage.letters import MOST_BYTES
from storage.media import content_name
from tests.admin_web.conftest import Answer, Browser, Town
from tests.admin_web.letters import FORM, PDF, make, offices, person, with_letter
from tests.admin_web.samples import KOKHA, LAMPANG, NASTY, NOW, PHRAE

LAMPANG_ONLY = Reach(("ลำปาง",))


async def the(town: Town, number: int = 1) -> Campaign:
    found = await town.store.read(campaigns.campaign_of, number)
    assert found is not None
    return found


async def places(town: Town) -> None:
    await town.put(lambda tx: import_laos(tx, (LAMPANG, KOKHA, PHRAE), town.clock()))


async def fill_in(browser: Browser, path: str = "/campaigns/new", **changes: str) -> Answer:
    page = await browser.get(path)
    assert page.status == 200, page.words
    form = {**FORM, **{name.replace("owed_", "owed."): value for name, value in changes.items()}}
    return await browser.post(path, form)


async def send_letter(
    browser: Browser, content: bytes, path: str = "/campaigns/new", **changes: str
) -> Answer:
    page = await browser.get(path)
    data = with_letter({**FORM, **changes}, page.csrf, content)
    async with browser.http.post(
        browser.url + path, data=data, headers={"Origin": browser.url}, allow_redirects=False
    ) as response:
        text = await response.text() if response.content_type.startswith("text/") else ""
        return Answer(response.status, text, response.headers.copy(), path)


async def steer(browser: Browser, act: str, version: int, number: int = 1) -> Answer:
    await browser.get(f"/campaigns/{number}")
    return await browser.post(f"/campaigns/{number}/state", {"act": act, "version": str(version)})


async def test_a_campaign_is_made_as_a_draft_started_paused_resumed_and_ended(town: Town) -> None:
    await town.put(offices)
    browser = await town.signed_in()
    made = await fill_in(browser, wording="ขอความร่วมมือทุกแห่ง", owed_news="๒")
    assert (made.status, made.headers["Location"]) == (303, "/campaigns/1?done=draft")
    kept = await the(town)
    assert kept.deadline == datetime(2017, 1, 31, 16, 30, tzinfo=BANGKOK)
    assert kept.letter_date == date(2016, 12, 15)
    assert Requirement("news", 2) in kept.requirements
    draft = await browser.get("/campaigns/1?done=draft")
    assert "บันทึกร่างแล้ว" in draft.words
    assert "อปท. ที่จะต้องส่ง 3 แห่ง" in draft.words
    for version, (act, state) in enumerate(
        [("start", "running"), ("pause", "paused"), ("resume", "running"), ("end", "ended")], 1
    ):
        answer = await steer(browser, act, version)
        assert answer.headers["Location"] == f"/campaigns/1?done={state}"
        assert (await the(town)).state == state
    ended = await browser.get("/campaigns/1")
    assert "/campaigns/1/edit" not in ended.text
    assert "ปิดแล้ว" in (await browser.get("/campaigns")).words


async def test_while_it_is_counted_the_page_says_so_and_offers_no_step(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.campaign_tallies.LAOS_AT_ONCE", 1)
    await town.put(offices)
    browser = await town.signed_in()
    await fill_in(browser)
    await town.put(lambda tx: campaigns.set_state(tx, 1, 1, "running", NOW))  # and the process is killed
    page = await browser.get("/campaigns/1")
    assert "ระบบกำลังนับรายการ" in page.words
    assert 'name="act"' not in page.text
    assert "อปท. ที่จะต้องส่ง" not in page.words
    await campaigns.count_out(town.store, 1)
    page = await browser.get("/campaigns/1")
    assert "ระบบกำลังนับรายการ" not in page.words
    assert 'value="pause"' in page.text


@pytest.mark.parametrize("typed", ["31 มกราคม 2560", "๓๑/๑/๖๐", "2017-01-31", "31 ม.ค. 60", "31 Jan 2017"])
async def test_a_deadline_goes_round_through_page_and_database_as_the_same_day(
    town: Town, typed: str
) -> None:
    await places(town)
    browser = await town.signed_in()
    assert (await fill_in(browser, deadline=typed, since=typed, days_off=typed)).status == 303
    for version in (1, 2, 3):
        page = await browser.get("/campaigns/1/edit")
        assert page.text.count("31 มกราคม 2560") >= 3
        shown = {"deadline": "31 มกราคม 2560", "since": "31 มกราคม 2560", "days_off": "31 มกราคม 2560"}
        assert (await fill_in(browser, "/campaigns/1/edit", **shown, version=str(version))).status == 303
        kept = await the(town)
        assert kept.deadline_day == kept.since == date(2017, 1, 31)
        assert kept.extra_days_off == {date(2017, 1, 31)}


async def test_what_is_wrong_is_said_beside_its_field_and_everything_typed_stays(town: Town) -> None:
    await places(town)
    browser = await town.signed_in()
    page = await fill_in(
        browser,
        title=NASTY,
        deadline="30 ก.พ. 2560",
        wording="ขอบคุณทุกแห่ง",
        district="ลำปาง/เกาะคา",
        counts="approved",
    )
    assert page.status == 422
    assert "กุมภาพันธ์ 2560 มี 28 วัน" in page.words
    assert 'aria-describedby="wrong-deadline' in page.text
    assert 'value="30 ก.พ. 2560"' in page.text
    assert "ขอบคุณทุกแห่ง" in page.text
    assert 'value="ลำปาง/เกาะคา" checked' in page.text
    assert 'value="approved" checked' in page.text
    assert "<script>alert" not in page.text
    assert await town.store.read(campaigns.campaigns) == []
    again = await fill_in(browser, title=NASTY, deadline="28 ก.พ. 2560", district="ลำปาง/เกาะคา")
    assert again.status == 303
    assert (await the(town)).scope == Scope((), (("ลำปาง", "เกาะคา"),))
    for path in ("/campaigns", "/campaigns/1", "/campaigns/1/edit"):
        assert "<script>alert" not in (await browser.get(path)).text


async def test_the_preview_says_what_the_chat_will_say_and_keeps_nothing(town: Town) -> None:
    await places(town)
    browser = await town.signed_in()
    page = await fill_in(browser, act="preview", wording="เรียน <b>ทุกท่าน</b>", owed_news="0")
    assert page.status == 200
    bubble = page.text[page.text.index("chat-bubble") :]
    assert "เรียน &lt;b&gt;ทุกท่าน&lt;/b&gt;" in bubble
    assert "<b>บันทึกข้อมูลท้องถิ่นให้ครบถ้วน</b>" in bubble
    assert "หนังสือที่ มท 0810.6/ว 1234 ลงวันที่ 15 ธันวาคม 2559" in bubble
    assert "ขาด: สถานที่สำคัญ 1 รายการ, สินค้าท้องถิ่น 1 รายการ" in bubble
    assert "เตือนพรุ่งนี้" in bubble
    assert await town.store.read(campaigns.campaigns) == []


async def test_reminding_days_avoid_weekends_holidays_and_days_added(town: Town) -> None:
    await places(town)
    browser = await town.signed_in()
    # 13 and 14 April 2017 are public holidays; 12 April is added.
    page = await fill_in(
        browser, act="preview", deadline="17 เม.ย. 2560", before="4", after="", days_off="12 เม.ย. 60"
    )
    days = page.words[page.words.index("วันที่จะเตือน") :]
    assert days.startswith("วันที่จะเตือน 11 เมษายน 2560 แทน 13 เมษายน 2560 ซึ่งเป็นวันหยุด วันหยุดในช่วงนี้")


async def test_days_off_among_the_days_of_reminding_are_named(town: Town) -> None:
    await places(town)
    browser = await town.signed_in()
    asked = {"deadline": "20 เม.ย. 2560", "before": "10", "after": "1", "days_off": "11 เม.ย. 60"}
    page = await fill_in(browser, act="preview", **asked)
    days = page.words[page.words.index("วันหยุดในช่วงนี้") :]
    assert "11 เมษายน 2560 วันหยุดที่เพิ่มเอง 13 เมษายน 2560 วันสงกรานต์ 14 เมษายน 2560 วันสงกรานต์" in days
    assert "17 เมษายน 2560 ชดเชยวันสงกรานต์" in days
    assert "15 เมษายน 2560" not in days, "a Saturday is no working day anyway"
    assert "6 เมษายน 2560" not in days, "before the first day of reminding"
    assert "พฤษภาคม" not in days


async def test_two_people_who_change_a_campaign_do_not_overwrite_each_other(town: Town) -> None:
    await places(town)
    await town.put(make)
    first, second = await town.signed_in(), await town.signed_in("ประสิทธิ์ ละเอียด")
    version = str(await town.store.read(campaigns.version_of, 1))
    assert (await fill_in(first, "/campaigns/1/edit", title="ชื่อใหม่", version=version)).status == 303
    late = await fill_in(second, "/campaigns/1/edit", title="อีกชื่อ", wording="พิมพ์ไว้", version=version)
    assert late.status == 409
    assert "พิมพ์ไว้" in late.text
    assert (await the(town)).title == "ชื่อใหม่"
    newest = str(await town.store.read(campaigns.version_of, 1))
    assert f'name="version" value="{newest}"' in late.text
    assert (await fill_in(second, "/campaigns/1/edit", title="อีกชื่อ", version=newest)).status == 303
    assert (await the(town)).title == "อีกชื่อ"


async def test_a_deadline_that_is_moved_while_it_runs_is_noted(town: Town) -> None:
    await places(town)
    await town.put(make)
    browser = await town.signed_in()
    assert "แจ้งกำหนดใหม่หนึ่งครั้ง" in (await browser.get("/campaigns/1/edit")).words
    moved = await fill_in(browser, "/campaigns/1/edit", deadline="15 ก.พ. 2560", version="2")
    assert moved.headers["Location"] == "/campaigns/1?done=moved"
    assert (await the(town)).moved_at == town.clock()
    assert "เจ้าหน้าที่จะได้รับแจ้งหนึ่งครั้ง" in (await browser.get("/campaigns/1?done=moved")).words


async def test_a_campaign_whose_deadline_has_passed_does_not_start_until_it_is_moved(town: Town) -> None:
    await town.put(offices)
    await town.put(lambda tx: make(tx, "draft"))
    browser = await town.signed_in()
    town.clock.move(timedelta(days=20))
    browser = await town.signed_in()
    refused = await steer(browser, "start", 1)
    assert refused.status == 409
    assert "เลยกำหนดส่งแล้ว กรุณาแก้กำหนดก่อนเริ่ม" in refused.words
    assert (await fill_in(browser, "/campaigns/1/edit", deadline="28 ก.พ. 60", version="1")).status == 303
    assert (await steer(browser, "start", 2)).status == 303


async def test_an_old_page_cannot_start_or_end_what_has_changed_since(town: Town) -> None:
    await town.put(make)
    browser = await town.signed_in()
    assert (await steer(browser, "end", 1)).status == 409
    assert (await the(town)).state == "running"
    assert (await steer(browser, "end", 2)).status == 303
    assert (await steer(browser, "resume", 3)).status == 409
    assert (await steer(browser, "delete", 3)).status == 400


# --- the letter


async def test_a_letter_is_kept_under_its_content_and_served_to_those_signed_in(town: Town) -> None:
    await places(town)
    browser = await town.signed_in()
    assert (await send_letter(browser, PDF)).status == 303
    assert await town.store.read(campaigns.letter_file, 1) == content_name(PDF)
    async with browser.http.get(f"{browser.url}/campaigns/1/letter") as response:
        assert response.content_type == "application/pdf"
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert await response.read() == PDF
    stranger = await town.browser().get("/campaigns/1/letter")
    assert stranger.status == 303
    # Saved again without a file it stays, and is taken out only when that is asked for.
    assert (
        await fill_in(browser, "/campaigns/1/edit", letter_kept=content_name(PDF), version="1")
    ).status == 303
    assert await town.store.read(campaigns.letter_file, 1) == content_name(PDF)
    out = {"letter_kept": content_name(PDF), "letter_out": "yes"}
    assert (await fill_in(browser, "/campaigns/1/edit", **out, version="2")).status == 303
    assert (await browser.get("/campaigns/1/letter")).status == 404


WRONG_FILES: Mapping[str, tuple[bytes, str]] = {
    "a picture called PDF": (b"\xff\xd8\xff\xe0" + b"x" * 2000, "ไฟล์นี้ไม่ใช่ PDF"),
    "a page called PDF": (b"<html><script>alert(1)</script></html>", "ไฟล์นี้ไม่ใช่ PDF"),
    "half a letter": (PDF[:-8] + b" " * 2000, "ไฟล์ PDF นี้ไม่ครบ"),
    "too much": (PDF.replace(b"%%EOF", b"x" * MOST_BYTES + b"\n%%EOF"), "ไฟล์ใหญ่เกิน 10 MB"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG_FILES)
async def test_what_is_no_letter_is_said_at_its_field_and_the_right_one_is_taken_next(
    town: Town, case: str
) -> None:
    await places(town)
    browser, (content, sentence) = await town.signed_in(), WRONG_FILES[case]
    page = await send_letter(browser, content, wording="พิมพ์ไว้")
    assert page.status == 422
    assert sentence in page.words
    assert "พิมพ์ไว้" in page.text
    assert (await send_letter(browser, PDF)).status == 303


async def test_a_good_letter_need_not_be_attached_again_where_something_else_was_wrong(town: Town) -> None:
    await places(town)
    browser = await town.signed_in()
    page = await send_letter(browser, PDF, title="")
    assert page.status == 422
    assert "แนบหนังสือไว้แล้ว" in page.words
    assert f'name="letter_kept" value="{content_name(PDF)}"' in page.text
    assert (await fill_in(browser, letter_kept=content_name(PDF))).status == 303
    assert await town.store.read(campaigns.letter_file, 1) == content_name(PDF)


async def test_a_letter_that_is_not_kept_cannot_be_named(town: Town) -> None:
    await places(town)
    browser = await town.signed_in()
    for name in ("../../x", "a" * 64, "photo"):
        await fill_in(browser, letter_kept=name)
    assert {await town.store.read(campaigns.letter_file, n) for n in (1, 2, 3)} == {""}


async def test_far_too_large_a_file_is_a_calm_page(town: Town) -> None:
    browser = await town.signed_in()
    page = await send_letter(browser, b"%PDF-" + b"x" * (13 * 1024 * 1024))
    assert page.status == 413
    assert (await browser.get("/campaigns")).status == 200


# --- who may


async def test_a_coordinator_changes_only_what_lies_within_their_reach(town: Town) -> None:
    await places(town)

    def put(tx: object) -> None:
        person(tx, "อำเภอ ประสาน", "coordinator", LAMPANG_ONLY)  # type: ignore[arg-type]
        make(tx)  # type: ignore[arg-type]
        make(tx, scope=Scope(("แพร่",)), title="ของแพร่")  # type: ignore[arg-type]

    await town.put(put)
    browser = await town.signed_in("อำเภอ ประสาน")
    assert "ของแพร่" not in (await browser.get("/campaigns")).words
    assert (await browser.get("/campaigns/2")).status == 404
    everywhere = await browser.get("/campaigns/1")
    assert everywhere.status == 200
    assert "/campaigns/1/edit" not in everywhere.text
    for path in ("/campaigns/1/edit", "/campaigns/2/edit"):
        assert (await browser.get(path)).status in (403, 404)
    await browser.get("/campaigns")
    assert (await browser.post("/campaigns/1/state", {"act": "end", "version": "2"})).status == 403
    form = await browser.get("/campaigns/new")
    assert "แพร่" not in form.text[form.text.index('id="provinces"') : form.text.index('name="type"')]
    assert (await fill_in(browser, province="แพร่")).status == 422
    assert (await fill_in(browser)).status == 303
    assert (await the(town, 3)).scope == Scope(("ลำปาง",))
    assert (await browser.get("/campaigns/3/edit")).status == 200


@pytest.mark.parametrize("role", ["reviewer", "viewer"])
async def test_those_who_only_look_make_and_change_nothing(town: Town, role: str) -> None:
    await town.put(offices)
    await town.put(lambda tx: person(tx, "ผู้ดู เท่านั้น", role))  # type: ignore[arg-type]
    await town.put(make)
    await town.put(lambda tx: make(tx, "draft", title="ร่างลับ"))
    browser = await town.signed_in("ผู้ดู เท่านั้น")
    listed = await browser.get("/campaigns")
    assert "ร่างลับ" not in listed.words
    assert "/campaigns/new" not in listed.text
    assert (await browser.get("/campaigns/2")).status == 404
    assert (await browser.get("/campaigns/1")).status == 200
    for path in ("/campaigns/new", "/campaigns/1/edit", "/campaigns/1/write"):
        assert (await browser.get(path)).status == 403
    await browser.get("/campaigns")
    for path in ("/campaigns/new", "/campaigns/1/edit", "/campaigns/1/state", "/campaigns/1/write"):
        assert (await browser.post(path, {**FORM, "act": "end", "version": "2"})).status == 403
    assert (await the(town)).state == "running"


@pytest.mark.parametrize("number", ["0", "99", "x", "-1", "9" * 30, "๑"])
async def test_a_campaign_that_is_none_is_a_page_with_the_way_out(town: Town, number: str) -> None:
    browser = await town.signed_in()
    assert (await browser.get(f"/campaigns/{number}")).status == 404
