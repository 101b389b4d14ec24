"""Finding LAOs, looking at one, inviting its officers, and printing invitations for a district."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from time import perf_counter
from urllib.parse import quote

import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import insert, select

from admin_web.app import make_app
from flows.core.problem import Problem
from flows.core.roles import EVERYWHERE, Reach
from storage import invitations, lao_list
from storage.db import Tx
from storage.lao import Lao, import_laos
from storage.lao_list import PAGE
from storage.reviewers import add_reviewer
from storage.tables import chat, invitation
from tests.admin_web import samples
from tests.admin_web.conftest import Answer, Browser, Town
from tests.admin_web.samples import HASH, KOKHA, LAMPANG, NASTY, NOW, PHRAE, office

CODE = re.compile(r'<p class="code[^"]*">([0-9A-Z-]{14})</p>')
NEAR = tuple(
    Lao(f"55201{n:02}", f"เทศบาลตำบลสมมุติ{n}", "เทศบาลตำบล", "ลำปาง", "เมืองลำปาง") for n in range(20, 23)
)
DISTRICT = {"place": "ลำปาง/เมืองลำปาง", "which": "every", "days": "30", "uses": "2"}


@pytest.fixture
async def boss(town: Town) -> Browser:
    """An administrator, in a town of six LAOs and two officers, one of whom cannot be reached."""

    def put(tx: Tx) -> None:
        import_laos(tx, (*NEAR, PHRAE), NOW)
        office(tx)
        office(tx, KOKHA, "จันทร์เพ็ญ สมมุติ", 1002)
        for number, lost in ((1001, None), (1002, NOW - timedelta(days=2))):
            row = {"id": number, "language": "th", "focus": {}, "seen_at": NOW - timedelta(days=3)}
            tx.execute(insert(chat).values(**row, unreachable_at=lost))

    await town.store.run(put)
    return await town.signed_in()


@pytest.fixture
async def linked(town: Town, boss: Browser) -> AsyncIterator[Browser]:
    """The same site once Telegram has told the bot's name."""
    app = make_app(
        town.store, town.photos, secret=b"s" * 32, public_url="http://127.0.0.1", tiles=None, now=town.clock,
        bot_name=lambda: "example_bot",
    )  # fmt: skip
    async with TestServer(app) as server:
        boss.url = f"http://127.0.0.1:{server.port}"
        yield boss


async def codes_open(town: Town, answer: Answer) -> list[str]:
    """The LAOs that the codes on the page open."""
    found = [await town.store.read(invitations.look_up, code, NOW) for code in CODE.findall(answer.text)]
    assert not [one for one in found if isinstance(one, Problem)]
    return [str(one.lao_code) for one in found if not isinstance(one, Problem)]


async def test_the_list_says_who_has_joined_since_when_and_who_cannot_be_reached(boss: Browser) -> None:
    page = await boss.get("/laos")
    assert "6 แห่ง มีเจ้าหน้าที่เข้าร่วมแล้ว 2 แห่ง" in page.words
    assert "มานะ ตัวอย่าง เข้าร่วม 16 ม.ค. 2560 09:00 น. · ใช้งานล่าสุด 13 ม.ค. 2560" in page.words
    assert "ติดต่อไม่ได้ตั้งแต่ 14 ม.ค. 2560" in page.words
    assert page.words.count("ยังไม่มีเจ้าหน้าที่ ") >= 4


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=ต้นธงชัย", {"มานะ"}),
        ("q=5520401", {"จันทร์เพ็ญ"}),
        ("province=แพร่", set()),
        ("province=ลำปาง&district=เกาะคา", {"จันทร์เพ็ญ"}),
        ("joined=yes", {"มานะ", "จันทร์เพ็ญ"}),
        ("joined=no", set()),
        ("joined=unreachable", {"จันทร์เพ็ญ"}),
        ("type=องค์การบริหารส่วนตำบล", set()),
        ("page=999&joined=bogus", {"มานะ", "จันทร์เพ็ญ"}),
    ],
)
async def test_the_list_is_narrowed_by_words_place_type_and_who_joined(
    boss: Browser, query: str, names: set[str]
) -> None:
    page = await boss.get(f"/laos?{quote(query, safe='=&')}")
    assert {one for one in ("มานะ", "จันทร์เพ็ญ") if one in page.words} == names


async def test_a_search_without_a_match_says_so_and_leads_back_to_all(boss: Browser) -> None:
    page = await boss.get(f"/laos?q={quote(NASTY)}")
    assert "ไม่พบ อปท. ตามตัวกรองนี้" in page.words
    assert "<script>alert" not in page.text
    assert 'href="/laos">ล้างตัวกรอง' in page.text
    assert "ต้นธงชัย" in (await boss.get("/laos")).words


async def test_long_lists_go_page_by_page_and_miss_nobody(town: Town, boss: Browser) -> None:
    many = [Lao(f"9{n:05}", f"อบต.ตัวอย่าง {n}", "อบต.", "กระบี่", f"อำเภอ{n % 7}") for n in range(PAGE * 2)]
    await town.store.run(import_laos, many, NOW)
    seen: list[str] = []
    path = "/laos"
    while path:
        page = await boss.get(path)
        seen += re.findall(r'class="entry-link" href="/laos/([^"]+)"', page.text)
        following = re.search(r'rel="next" href="([^"]+)"', page.text)
        path = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == PAGE * 2 + 6


async def test_one_lao_shows_its_officers_entries_and_open_invitations(town: Town, boss: Browser) -> None:
    def put(tx: Tx) -> None:
        by = office(tx, LAMPANG, "สุดา คนก่อน", 1009)
        samples.send(tx, by)
        samples.remove(tx, by)
        invitations.invite(tx, LAMPANG.code, NOW)

    await town.store.run(put)
    page = await boss.get(f"/laos/{LAMPANG.code}")
    assert "มานะ ตัวอย่าง" in page.words
    assert "เจ้าหน้าที่เดิม (1) สุดา คนก่อน" in page.words
    assert "สถานที่สำคัญ 1 ยังไม่ตรวจสอบข้อมูล 1" in page.words
    assert "ใช้ได้อีก 3 คน ถึง 30 ม.ค. 2560" in page.words
    assert (await boss.get("/laos/nothing")).status == 404


async def test_an_invitation_is_shown_once_with_its_link_and_qr_code(town: Town, linked: Browser) -> None:
    await linked.get(f"/laos/{LAMPANG.code}")
    made = await linked.post(f"/laos/{LAMPANG.code}/invitations", {"days": "๓๐", "uses": "2"})
    assert made.status == 200
    code = CODE.findall(made.text)[0]
    assert f"https://t.me/example_bot?start={code}" in made.text
    assert "<svg role=" in made.text
    assert "style=" not in made.text
    assert await codes_open(town, made) == [LAMPANG.code]
    assert "ใช้ได้ 2 คน ถึง 15 ก.พ. 2560" in made.words
    again = await linked.get(f"/laos/{LAMPANG.code}")
    assert code not in again.text
    assert "ใช้ได้อีก 2 คน" in again.words


async def test_while_the_bots_name_is_not_known_the_code_is_given_to_be_typed(boss: Browser) -> None:
    await boss.get(f"/laos/{LAMPANG.code}")
    made = await boss.post(f"/laos/{LAMPANG.code}/invitations", {"days": "14", "uses": "3"})
    assert "ยังไม่ทราบชื่อบอต" in made.words
    assert "t.me" not in made.text
    assert CODE.findall(made.text)


@pytest.mark.parametrize("uses", ["", "0", "-1", "51", "สาม", "99999999"])
async def test_a_number_that_makes_no_sense_makes_no_code_and_the_next_try_does(
    town: Town, boss: Browser, uses: str
) -> None:
    await boss.get(f"/laos/{LAMPANG.code}")
    refused = await boss.post(f"/laos/{LAMPANG.code}/invitations", {"days": "14", "uses": uses})
    assert refused.status == 422
    assert "ใส่จำนวนตั้งแต่ 1 ถึง 50" in refused.words
    assert not await town.store.read(lambda tx: tx.execute(select(invitation)).all())
    boss.last = refused
    made = await boss.post(f"/laos/{LAMPANG.code}/invitations", {"days": "14", "uses": "3"})
    assert await codes_open(town, made) == [LAMPANG.code]


async def test_a_withdrawn_invitation_opens_nothing(town: Town, boss: Browser) -> None:
    await boss.get(f"/laos/{LAMPANG.code}")
    made = await boss.post(f"/laos/{LAMPANG.code}/invitations", {"days": "14", "uses": "3"})
    page = await boss.get(f"/laos/{LAMPANG.code}")
    action = re.search(r'action="([^"]+/revoke)"', page.text)
    assert action
    wrong_lao = action[1].replace(LAMPANG.code, KOKHA.code)
    await boss.post(wrong_lao)
    assert await codes_open(town, made) == [LAMPANG.code]
    done = await boss.post(action[1])
    assert "ยกเลิกรหัสเชิญแล้ว" in (await boss.get(done.headers["Location"])).words
    assert await town.store.read(invitations.look_up, CODE.findall(made.text)[0], NOW) == invitations.REVOKED
    assert (await boss.post(action[1])).status == 303  # a second tap changes nothing


async def test_a_whole_district_is_printed_at_once_a_sheet_and_a_code_for_each_lao(
    town: Town, linked: Browser
) -> None:
    await linked.get("/invitations")
    made = await linked.post("/invitations", DISTRICT)
    assert made.text.count('<article class="sheet">') == 4
    assert made.text.count("<svg role=") == 4
    opened = await codes_open(town, made)
    assert sorted(opened) == sorted([LAMPANG.code, *(one.code for one in NEAR)])
    assert len(set(CODE.findall(made.text))) == 4
    assert KOKHA.name not in made.text


async def test_only_laos_without_an_officer_get_a_code_unless_all_are_asked_for(
    town: Town, boss: Browser
) -> None:
    await boss.get("/invitations")
    made = await boss.post("/invitations", {**DISTRICT, "which": "empty"})
    assert LAMPANG.code not in await codes_open(town, made)
    full = await boss.post("/invitations", {**DISTRICT, "place": "ลำปาง/เกาะคา", "which": "empty"})
    assert full.status == 422
    assert "ทุกแห่งใน เกาะคา มีเจ้าหน้าที่แล้ว" in full.words
    boss.last = full
    made = await boss.post("/invitations", {**DISTRICT, "place": "ลำปาง/เกาะคา"})
    assert await codes_open(town, made) == [KOKHA.code]


async def test_without_a_district_nothing_is_made_and_what_was_chosen_stays(
    town: Town, boss: Browser
) -> None:
    await boss.get("/invitations")
    for place in ("", "ลำปาง", "/เมืองลำปาง", "ลำปาง/ไม่มี"):
        refused = await boss.post("/invitations", {**DISTRICT, "place": place, "days": "45"})
        assert refused.status == 422, place
        assert 'value="45"' in refused.text
    assert not await town.store.read(lambda tx: tx.execute(select(invitation)).all())


async def test_printing_again_can_withdraw_what_was_printed_before(town: Town, boss: Browser) -> None:
    await boss.get("/invitations")
    first = await boss.post("/invitations", DISTRICT)
    kept = await boss.post("/invitations", DISTRICT)
    assert len(await codes_open(town, first)) == len(await codes_open(town, kept)) == 4
    last = await boss.post("/invitations", {**DISTRICT, "close_earlier": "yes"})
    for code in CODE.findall(first.text) + CODE.findall(kept.text):
        assert await town.store.read(invitations.look_up, code, NOW) == invitations.REVOKED
    assert len(await codes_open(town, last)) == 4


async def test_a_coordinator_of_one_district_prints_only_their_own(town: Town, boss: Browser) -> None:
    one = Reach((), (("ลำปาง", "เกาะคา"),))
    await town.store.run(add_reviewer, "อรุณ เกาะคา", HASH, NOW, "coordinator", one)
    browser = await town.signed_in("อรุณ เกาะคา")
    form = await browser.get("/invitations")
    assert re.findall(r'<option value="([^"]+)"', form.text) == ["ลำปาง/เกาะคา"]
    assert (await browser.post("/invitations", DISTRICT)).status == 422
    made = await browser.post("/invitations", {**DISTRICT, "place": "ลำปาง/เกาะคา"})
    assert await codes_open(town, made) == [KOKHA.code]


async def test_the_list_stays_quick_with_every_lao_of_the_country(town: Town) -> None:
    every = [
        Lao(f"8{n:06}", f"องค์การบริหารส่วนตำบลตัวอย่าง {n}", "อบต.", f"จังหวัด {n % 77}", f"อำเภอ {n % 12}")
        for n in range(7849)
    ]
    await town.store.run(import_laos, every, NOW)
    began = perf_counter()
    page = await town.store.read(lao_list.lao_page, lao_list.LaoFilters(), EVERYWHERE, 300)
    assert perf_counter() - began < 2.0
    assert page.count == 7849
    assert len(page.rows) == PAGE
