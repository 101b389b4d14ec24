"""What each role may do, and that nothing from outside one's area is ever seen, counted, exported or changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import quote

import pytest
from sqlalchemy import insert, select

from admin_web.photo_addresses import PhotoAddresses
from admin_web.routes import ROUTES, Route
from flows.core.campaign import Campaign, Requirement, Scope
from flows.core.chat import Json
from flows.core.roles import EVERYWHERE, ROLES, Reach, Role, may
from storage import broadcasts, campaigns, coordinators, invitations, reviewers, reviews
from storage.broadcasts import BroadcastFilter
from storage.db import Tx
from storage.lao import Lao
from storage.reviewers import Reviewer, add_reviewer
from storage.tables import chat, metadata, outbox, web_session
from tests.admin_web.conftest import Answer, Browser, Town
from tests.admin_web.samples import HASH, KOKHA, LAMPANG, NOW, PHRAE, kept, office, send
from tests.coordinator_chat import answers as chat_answers
from tests.coordinator_chat import forged

HERE = Reach(("ลำปาง",))
CHAT = 5005  # the coordinator's
NAMES: Mapping[Role, str] = {
    "admin": "อำนาจ ดูแล", "coordinator": "อรุณ ประสาน", "reviewer": "เรณู ตรวจ", "viewer": "วิไล ดู",
}  # fmt: skip
# Of the other province; the place's own name may stand where the reader has typed it.
SECRETS = ("บุญมี ลับแพร่", "น้ำตกห้วยโรง", "ป่าแมต", "หนังสือลับของแพร่", "สมปอง ประกาศแพร่", "ถ้อยคำลับถึงแพร่")
PLACE = ("แพร่", "เมืองแพร่")
ELSEWHERE = f"province={quote(PLACE[0])}&district={quote(PLACE[1])}"


@dataclass(frozen=True, slots=True)
class Things:
    """What there is in one province, by which addresses are made."""

    number: str
    photo: str
    lao_code: str
    officer: int
    invitation: int
    campaign: int
    broadcast: int
    person: int

    def address(self, route: Route, reach: Reach) -> str:
        """An address of the route about these things; a route that is new must be added here."""
        photo = PhotoAddresses(b"s" * 32, reach).address(self.photo, "thumbnail")
        parts = {
            "number": self.number, "code": self.lao_code, "officer": self.officer, "invitation": self.invitation,
            "id": self.broadcast if route.path.startswith("/broadcasts") else self.campaign, "person": self.person,
        }  # fmt: skip
        if route.path.startswith("/photos/"):
            return photo
        return re.sub(r"\{(\w+)\}", lambda found: str(parts[found[1]]), route.path)


def campaign(title: str, scope: Scope) -> Campaign:
    deadline = datetime(2017, 1, 31, 9, 30, tzinfo=UTC)
    return Campaign(0, title, "มท 0810/1", None, deadline, (Requirement("landmark", 2),), "submitted", scope)


def things(
    tx: Tx, lao: Lao, officer: str, chat_id: int, titles: tuple[str, str, str], photo: Mapping[str, Json], person: int
) -> Things:  # fmt: skip
    """One entry with a photo, one officer, one open invitation, one running campaign, one broadcast."""
    by = office(tx, lao, officer, chat_id)
    tx.execute(insert(chat).values(id=chat_id, language="th", focus={}, seen_at=NOW))
    entry = send(tx, by, name=titles[0], photos=[dict(photo)])
    invitations.invite(tx, lao.code, NOW)
    made = campaigns.save_new(tx, campaign(titles[1], Scope((lao.province,))), person, "", NOW)
    assert campaigns.set_state(tx, made, campaigns.version_of(tx, made), "running", NOW) is None
    reach = Reach((lao.province,))
    chosen = broadcasts.audience(tx, reach, BroadcastFilter())
    sent = broadcasts.send(tx, person, made, titles[2], chosen, NOW)
    invitation = tx.execute(select(metadata.tables["invitation"].c.id).where(metadata.tables["invitation"].c.lao_code == lao.code)).scalar_one()  # fmt: skip
    return Things(entry.number, str(photo["photo"]), lao.code, by.officer_id, invitation, made, sent, person)


def people(tx: Tx) -> dict[Role, Reviewer]:
    made = {role: add_reviewer(tx, NAMES[role], HASH, NOW, role, HERE) for role in ROLES}
    return {role: one for role, one in made.items() if isinstance(one, Reviewer)}


@pytest.fixture
async def here(town: Town) -> Things:
    """Lampang, where everybody is at home, and a campaign of the whole country."""
    photo = await kept(town.photos, 1)

    def put(tx: Tx) -> Things:
        who = people(tx)
        everywhere = campaigns.save_new(tx, campaign("หนังสือถึงทุกจังหวัด", Scope()), who["admin"].id, "", NOW)
        assert campaigns.set_state(tx, everywhere, 1, "running", NOW) is None
        office(tx, KOKHA, "จันทร์เพ็ญ สมมุติ", 1002)
        tx.execute(insert(chat).values(id=1002, language="th", focus={}, seen_at=NOW))
        titles = ("วัดเจดีย์ซาวหลัง", "หนังสือของลำปาง", "ถึงลำปาง")
        return things(tx, LAMPANG, "มานะ ตัวอย่าง", 1001, titles, photo, who["coordinator"].id)

    return await town.store.run(put)


async def there(town: Town) -> Things:
    """The other province, with all that must not be seen."""
    photo = await kept(town.photos, 2)

    def put(tx: Tx) -> Things:
        other = add_reviewer(tx, "สมปอง ประกาศแพร่", HASH, NOW, "coordinator", Reach(("แพร่",)))
        assert isinstance(other, Reviewer)
        titles = (SECRETS[1], SECRETS[3], SECRETS[5])
        return things(tx, PHRAE, SECRETS[0], 2001, titles, photo, other.id)

    return await town.store.run(put)


# New LAOs anywhere have every campaign counted anew, and so raise its version: that tells nothing of them.
VOLATILE = re.compile(
    r'name="csrf" value="[^"]+"|name="version" value="[0-9]+"|/static/[0-9a-f]+/|เลขอ้างอิง [0-9a-f]{8}'
)


async def seen(browser: Browser, path: str) -> tuple[int, str]:
    """What a page, a sheet, a picture or a report holds, as far as it is the same each time."""
    async with browser.http.get(browser.url + path, allow_redirects=False) as response:
        body = await response.read()
        if response.content_type.startswith("text/"):
            return response.status, VOLATILE.sub("", body.decode())
        return response.status, sha256(body).hexdigest()


def everything(tx: Tx) -> str:
    """All that is kept, sessions and drafts of letters aside."""
    tables = [one for one in metadata.sorted_tables if one is not web_session]
    return repr([(one.name, sorted(map(repr, tx.execute(select(one))))) for one in tables])


GETS = [route for route in ROUTES if route.method == "GET" and not route.open]
POSTS = [route for route in ROUTES if route.method == "POST" and not route.open]
OWN = {"/language", "/sign-out", "/sign-out-everywhere", "/me", "/me/password"}


async def test_a_person_from_another_province_finds_nothing_of_it_at_any_address(
    town: Town, here: Things
) -> None:
    """Every address with every role, exports and pictures among them, and all that a coordinator's chat answers.

    What they see is the same to the last number as if the other province were not there.
    """
    roles: list[Role] = ["coordinator", "reviewer", "viewer"]
    browsers = {role: await town.signed_in(NAMES[role]) for role in roles}
    whole = here.campaign - 1
    queries = (
        "",
        f"?{ELSEWHERE}",
        f"?province={quote('ลำปาง')}",
        f"?q={quote('น้ำตก')}&status=all",
        "?by=name&falling=1",
        "?status=all&joined=yes",
    )
    own = [here.address(route, HERE) for route in GETS] + [
        here.address(route, HERE).replace(str(here.campaign), str(whole))
        for route in GETS
        if "{id}" in route.path
    ]
    # What a role sees does not hang on the query: one role tries them all.
    asked = {role: queries if role == "coordinator" else queries[:1] for role in roles}
    paths = [(role, path + query) for role in roles for path in own for query in asked[role]]
    before = {(role, path): await seen(browsers[role], path) for role, path in paths}
    assert {status for status, _ in before.values()} == {200, 403, 404}
    for file in ("picture", "sheet", "report", "phone/sheet"):
        assert [one for one, (status, _) in before.items() if status == 200 and f"/{whole}/{file}?" in one[1]]
    await town.store.run(coordinators.join, CHAT, here.person, NAMES["coordinator"], NOW)
    in_chat = await chat_answers(town.store, CHAT, town.clock())
    assert len([one for one in in_chat if one.startswith("ลำปาง: ")]) == 2, "a picture of each campaign"
    assert any("ยังไม่ครบ 2 แห่ง" in one for one in in_chat), "a digest"

    other = await there(town)
    for role, path in paths:
        status, body = await seen(browsers[role], path)
        assert (status, body) == before[role, path], (role, path)
        assert not [one for one in SECRETS if one in body], (role, path)
    for role in roles:
        for route in GETS:
            for reach in (EVERYWHERE, Reach(("แพร่",))):
                path = other.address(route, reach)
                if "{" in route.path:
                    status, body = await seen(browsers[role], path)
                    assert status in (403, 404), (role, path)
                    assert not [one for one in SECRETS if one in body], (role, path)

    assert await chat_answers(town.store, CHAT, town.clock()) == in_chat
    for number in (whole, here.campaign, other.campaign):
        said = await forged(town.store, CHAT, number, PLACE[0], town.clock())
        assert not [one for one in SECRETS if one in said]

    town_before = await town.store.read(everything)
    for role in roles:
        for route in POSTS:
            if route.path not in OWN and (route.path != "/me/chat") and route.path != "/campaigns/new":
                answer = await _try(browsers[role], other.address(route, HERE), other)
                assert answer.status in (403, 404, 422), (role, route.path, answer.status)
                assert not [one for one in SECRETS if one in answer.text], (role, route.path)
    assert await town.store.read(everything) == town_before

    boss = await town.signed_in(NAMES["admin"])
    for path in (f"/entries/{other.number}", f"/laos/{other.lao_code}", f"/campaigns/{other.campaign}"):
        assert (await boss.get(path)).status == 200


async def _try(browser: Browser, path: str, about: Things) -> Answer:
    await browser.get("/me")
    form = {
        "verdict": "approve", "revision": "1", "shown": "no", "days": "14", "uses": "3", "place": "/".join(PLACE), "which": "every",
        "province": PLACE[0], "district": "/".join(PLACE), "act": "send", "text": "ถึงทุกแห่ง", "officers": "1",
        "version": "2", "role": "viewer", "where": "everywhere", "name": "ใครก็ได้", "title": "เรื่องใหม่",
    }  # fmt: skip
    return await browser.post(path, form)


async def test_each_role_is_told_in_one_sentence_what_is_not_for_it_and_changes_nothing(
    town: Town, here: Things
) -> None:
    before = await town.store.read(everything)
    for role in ROLES:
        browser = await town.signed_in(NAMES[role])
        for route in (*GETS, *POSTS):
            if route.act is None or may(role, route.act):
                continue
            path = here.address(route, HERE)
            answer = await browser.get(path) if route.method == "GET" else await _try(browser, path, here)
            assert answer.status == 403, (role, route.path)
            assert "บทบาทของบัญชีนี้ไม่รวมการทำสิ่งนี้" in answer.words, (role, route.path)
    assert await town.store.read(everything) == before


async def test_each_role_opens_every_page_that_is_for_it(town: Town, here: Things) -> None:
    for role in ROLES:
        browser = await town.signed_in(NAMES[role])
        reach = EVERYWHERE if role == "admin" else HERE
        for route in GETS:
            if route.act is None or may(role, route.act):
                query = f"?province={quote('ลำปาง')}" if route.path.endswith("/picture") else ""
                answer = await browser.get(here.address(route, reach) + query)
                # There is no letter to this campaign.
                assert answer.status == (404 if route.path.endswith("/letter") else 200), (role, route.path)


def test_every_closed_address_names_the_act_it_needs_but_for_ones_own_account() -> None:
    assert {route.path for route in (*GETS, *POSTS) if route.act is None} == OWN


async def test_a_message_to_everybody_goes_to_nobody_outside_the_senders_area(
    town: Town, here: Things
) -> None:
    await there(town)
    browser = await town.signed_in(NAMES["coordinator"])
    whole = here.campaign - 1
    page = await browser.post(f"/campaigns/{whole}/write", {"which": "all", "text": "ถึงทุกแห่ง", "act": "look", "csrf": (await browser.get("/me")).csrf})  # fmt: skip
    officers = re.search(r'name="officers" value="([^"]+)"', page.text)
    assert officers, page.words
    sent = await browser.post(f"/campaigns/{whole}/write", {"which": "all", "text": "ถึงทุกแห่ง", "act": "send", "officers": officers[1]})  # fmt: skip
    assert sent.status == 303
    chats = await town.store.read(lambda tx: set(tx.scalars(select(outbox.c.chat_id).where(outbox.c.kind == "broadcast", outbox.c.key.like("broadcast:3:%")))))  # fmt: skip
    assert chats == {1001, 1002}


async def test_a_coordinator_and_a_viewer_see_an_entry_without_a_verdict_to_give(
    town: Town, here: Things
) -> None:
    for role in ("coordinator", "viewer"):
        browser = await town.signed_in(NAMES[role])
        page = await browser.get(f"/entries/{here.number}")
        assert "วัดเจดีย์ซาวหลัง" in page.words
        assert 'name="verdict"' not in page.text
        assert (await browser.verdict(here.number, {"verdict": "approve"})).status == 403
    reviewer = await town.signed_in(NAMES["reviewer"])
    assert (await reviewer.verdict(here.number, {"verdict": "approve"})).status == 303
    entry = await town.store.read(reviews.entry, here.number)
    assert entry is not None
    assert entry.status == "approved"


async def test_a_reviewer_of_one_district_goes_on_to_the_next_entry_of_it_and_no_other(town: Town) -> None:
    def put(tx: Tx) -> list[str]:
        add_reviewer(tx, "กมล อำเภอเดียว", HASH, NOW, "reviewer", Reach((), (("ลำปาง", "เกาะคา"),)))
        a, b = office(tx), office(tx, KOKHA, "จันทร์เพ็ญ สมมุติ", 1002)
        moments = [NOW - timedelta(hours=n) for n in (4, 3, 2, 1)]
        return [send(tx, by, at=at).number for by, at in zip((b, a, b, a), moments, strict=True)]

    first, hidden, second, _ = await town.store.run(put)
    browser = await town.signed_in("กมล อำเภอเดียว")
    queue = await browser.get("/")
    assert "2 รายการ" in queue.words
    assert hidden not in queue.text
    decided = await browser.verdict(first, {"verdict": "approve"})
    assert decided.headers["Location"].startswith(f"/entries/{second}")
    last = await browser.verdict(second, {"verdict": "approve"})
    assert last.headers["Location"].startswith("/?")
    assert "ไม่มีรายการรอตรวจ" in (await browser.get("/")).words


async def test_a_changed_area_holds_from_the_next_page_on_without_signing_in_again(
    town: Town, here: Things
) -> None:
    browser = await town.signed_in(NAMES["reviewer"])
    assert (await browser.get(f"/entries/{here.number}")).status == 200
    who = await town.store.read(reviewers.reviewer_named, NAMES["reviewer"])
    assert who is not None
    await town.store.run(reviewers.set_role, who.id, "reviewer", Reach(("แพร่",)), NOW)
    assert (await browser.get(f"/entries/{here.number}")).status == 404
    await town.store.run(reviewers.set_role, who.id, "viewer", HERE, NOW)
    assert (await browser.get(f"/entries/{here.number}")).status == 200


async def test_an_area_of_nothing_sees_an_empty_queue_and_no_laos(town: Town, here: Things) -> None:
    await town.store.run(add_reviewer, "ยังไม่มีพื้นที่", HASH, NOW, "viewer", Reach())
    browser = await town.signed_in("ยังไม่มีพื้นที่")
    assert "ไม่มีรายการรอตรวจ" in (await browser.get("/")).words
    assert "ยังไม่มี อปท. ในพื้นที่ของบัญชีนี้" in (await browser.get("/laos")).words
    assert (await browser.get(f"/laos/{here.lao_code}")).status == 404
