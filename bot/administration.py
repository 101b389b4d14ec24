"""The commands of whoever keeps the service: LAOs, invitations, reviewers, the database."""

from __future__ import annotations

import asyncio
import contextlib
import io
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import segno
import typer

from bot import console, logs
from bot.console import fail, tell
from bot.settings import Settings
from flows.core.dates import shown_at
from flows.core.problem import Problem
from flows.core.roles import EVERYWHERE, ROLES, Reach
from flows.core.text import T, arabic_digits

if TYPE_CHECKING:
    from bot.telegram.client import Telegram, WebhookState

R = TypeVar("R")
MOST_BAD_ROWS = 20  # that are named; a whole column in the wrong place need not fill the screen
MOST_FILE = 50 * 2**20  # bytes
PATIENCE = 10.0  # seconds for Telegram to tell the bot's name


def upgrade_database() -> None:
    from storage.upgrade import revision_of

    settings = console.settings_or_fail()
    with console.opened(settings) as store:
        tell(UPGRADED, revision=store.read_now(revision_of) or "")


def import_file(file: Path) -> None:
    from storage.campaigns import counting, fill_further
    from storage.lao import import_laos
    from storage.lao_file import read_laos

    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_FILE + 1)
    except OSError:
        fail(NO_FILE, 2, file=str(file))
    if len(content) > MOST_FILE:
        fail(FILE_TOO_LARGE, 2, file=str(file), megabytes=MOST_FILE // 2**20)
    read = read_laos(content)
    if read.problems:
        _refuse(read.problems)
    with console.opened(console.settings_or_fail()) as store:
        done = store.run_now(import_laos, read.laos, console.now(), read.has_phones)
        for number in store.read_now(counting):
            while store.run_now(fill_further, number):
                pass
    tell(IMPORTED, new=done.new, updated=done.updated, unchanged=done.unchanged)


def _refuse(problems: tuple[Problem, ...]) -> None:
    for problem in problems[:MOST_BAD_ROWS]:
        console.complain(console.both(problem.say, problem.facts))
    if len(problems) > MOST_BAD_ROWS:
        console.complain(console.both(MORE_BAD_ROWS, {"more": len(problems) - MOST_BAD_ROWS}))
    fail(NOTHING_IMPORTED)


def make_invitation(lao_code: str, days: int, uses: int) -> None:
    from storage.invitations import invite
    from storage.lao import lao_of

    lao_code, settings = arabic_digits(lao_code), console.settings_or_fail()
    with console.opened(settings) as store:
        lao = store.read_now(lao_of, lao_code)
        if lao is None:
            fail(NO_SUCH_LAO, lao=lao_code)
        username = bot_name(settings)  # asked first: a code that nobody has seen should not exist
        code, expires_at = store.run_now(invite, lao_code, console.now(), days, uses)
    typer.echo(f"\n{lao.full_name}\n")
    if username:
        link = f"https://t.me/{username}?start={code}"
        typer.echo(f"{link}\n\n{qr(link)}")
    else:
        tell(NO_LINK)
    tell(CODE_IS, code=code)
    typer.echo(f"{EXPIRES.to('th', {'at': shown_at(expires_at, 'th'), 'uses': uses})}")
    typer.echo(f"{EXPIRES.to('en', {'at': shown_at(expires_at, 'en'), 'uses': uses})}")
    tell(HOW_TO_REVOKE, code=code)


def revoke_invitation(code: str) -> None:
    from storage.invitations import revoke

    with console.opened(console.settings_or_fail()) as store:
        problem = store.run_now(revoke, code, console.now())
    if problem is not None:
        fail(problem)
    tell(REVOKED)


def list_officers(lao_code: str) -> None:
    from storage.lao import lao_of
    from storage.officers import officers_of

    with console.opened(console.settings_or_fail()) as store:
        if store.read_now(lao_of, lao_code) is None:
            fail(NO_SUCH_LAO, lao=lao_code)
        found = store.read_now(officers_of, lao_code)
    for one in found:
        typer.echo(f"{one.id:>6}  {one.name}")
    if not found:
        tell(NO_OFFICERS)


def remove_officer(officer_id: int) -> None:
    from storage.officers import officer_of, remove

    with console.opened(console.settings_or_fail()) as store:
        officer = store.read_now(officer_of, officer_id)
        if officer is None:
            fail(NO_SUCH_OFFICER, number=officer_id)
        store.run_now(remove, officer_id, console.now())
    tell(OFFICER_REMOVED, name=officer.name, lao=officer.lao.name)


def bot_name(settings: Settings) -> str:
    """The bot's user name as Telegram tells it; "" where there is no token, or Telegram cannot be reached."""

    async def name(telegram: Telegram) -> str:
        return telegram.username

    return _asked(settings, name) or ""


def webhook_state(settings: Settings) -> WebhookState | None:
    """Where Telegram posts updates to; None where it does not tell."""

    async def state(telegram: Telegram) -> WebhookState:
        return await telegram.webhook()

    return _asked(settings, state)


def _asked(settings: Settings, question: Callable[[Telegram], Awaitable[R]]) -> R | None:
    from bot.chat_service import TryAgain
    from bot.telegram.client import BadToken, Telegram
    from flows.core.chat import ShownPhoto

    if not settings.telegram_token:
        return None
    logs.to_stderr(quiet=True)

    async def no_photo(shown: ShownPhoto) -> bytes:
        raise LookupError(shown.photo)

    async def ask() -> R:
        telegram = Telegram(settings.telegram_token, settings.telegram_api, read_photo=no_photo)
        try:
            await asyncio.wait_for(telegram.start(), PATIENCE)
            return await question(telegram)
        finally:
            with contextlib.suppress(Exception):
                await telegram.stop()

    try:
        return asyncio.run(ask())
    except BadToken:
        console.complain(console.both(TOKEN_UNKNOWN))
    except (TimeoutError, TryAgain):
        console.complain(console.both(NO_TELEGRAM))
    return None


def qr(link: str) -> str:
    drawn = io.StringIO()
    segno.make(link, error="m").terminal(out=drawn, compact=True)
    return drawn.getvalue()


def add_reviewer_named(
    name: str, *, from_stdin: bool, role: str = "reviewer", provinces: Sequence[str] = (),
    districts: Sequence[str] = (),
) -> None:  # fmt: skip
    """`districts` are written `ลำปาง/เกาะคา`; without any place the account reaches everywhere."""
    from admin_web.auth import hash_password, password_problem
    from storage.reviewers import add_reviewer

    settings = console.settings_or_fail()
    known_role = next((one for one in ROLES if one == role), None)
    if known_role is None:
        fail(NO_SUCH_ROLE, 2, role=role)
    reach = _reach_named(settings, provinces, districts)
    password = _from_stdin() if from_stdin else _asked_twice()
    if problem := password_problem(password, name):
        fail(problem)
    with console.opened(settings) as store:
        added = store.run_now(add_reviewer, name, hash_password(password), console.now(), known_role, reach)
    if isinstance(added, Problem):
        fail(added)
    tell(ADDED, name=added.name, role=added.role, address=settings.public_url)


def _reach_named(settings: Settings, provinces: Sequence[str], districts: Sequence[str]) -> Reach:
    """Where the account may act; a place without any LAO is more likely mistyped than meant."""
    from storage.places import places

    if not provinces and not districts:
        return EVERYWHERE
    with console.opened(settings) as store:
        known = store.read_now(places, EVERYWHERE)
    for one in provinces:
        if not known.has(one):
            fail(NO_SUCH_PLACE, 2, place=one)
    pairs = []
    for one in districts:
        province, _, district = one.partition("/")
        if not district or not known.has(province, district):
            fail(NO_SUCH_PLACE, 2, place=one)
        pairs.append((province, district))
    return Reach(tuple(provinces), tuple(pairs))


def _from_stdin() -> str:
    try:
        line = sys.stdin.readline().rstrip("\r\n")
        line.encode()  # bytes that are no text come in as half letters
        return line
    except UnicodeError:
        fail(NOT_TEXT, 2)


def _asked_twice() -> str:
    if not sys.stdin.isatty():
        fail(NO_TERMINAL, 2)
    first: str = typer.prompt("รหัสผ่าน / Password", hide_input=True)
    if first != typer.prompt("อีกครั้ง / Again", hide_input=True):
        fail(NOT_THE_SAME)
    return first


UPGRADED = T("ฐานข้อมูลพร้อมแล้ว (รุ่น {revision})", "The database is ready (revision {revision})")
NO_FILE = T("เปิดไฟล์ {file} ไม่ได้", "{file} cannot be opened")
FILE_TOO_LARGE = T("ไฟล์ {file} ใหญ่เกิน {megabytes} MB", "{file} is larger than {megabytes} MB")
MORE_BAD_ROWS = T("และอีก {more} บรรทัด", "and {more} more lines")
NOTHING_IMPORTED = T(
    "ยังไม่ได้นำเข้าอะไรเลย แก้ไฟล์แล้วสั่งอีกครั้ง", "Nothing was imported; mend the file and run the command again"
)
IMPORTED = T(
    "นำเข้าแล้ว: ใหม่ {new} ปรับปรุง {updated} เหมือนเดิม {unchanged}",
    "Imported: {new} new, {updated} updated, {unchanged} unchanged",
)
NO_OFFICERS = T("ยังไม่มีเจ้าหน้าที่เข้าร่วม", "Nobody has joined yet")
NO_SUCH_ROLE = T(
    "ไม่มีบทบาท {role} มี admin, coordinator, reviewer, viewer",
    "There is no role {role}; there are admin, coordinator, reviewer, viewer",
)
NO_SUCH_PLACE = T(
    "ไม่พบ {place} ในรายชื่อ อปท. เขียนจังหวัด เช่น ลำปาง และอำเภอ เช่น ลำปาง/เกาะคา",
    "{place} is not among the LAOs; write a province like ลำปาง and a district like ลำปาง/เกาะคา",
)
NO_SUCH_OFFICER = T(
    "ไม่มีเจ้าหน้าที่หมายเลข {number} ดูหมายเลขได้ด้วย thongthin officer list CODE",
    "There is no officer number {number}; thongthin officer list CODE shows the numbers",
)
OFFICER_REMOVED = T(
    "นำ {name} ออกจาก{lao}แล้ว รายการที่ส่งไว้ยังอยู่กับ อปท.",
    "{name} has been removed from {lao}; what was sent stays with the LAO",
)
NO_SUCH_LAO = T(
    "ไม่มี อปท. รหัส {lao} นำเข้ารายชื่อก่อนด้วย thongthin lao import FILE.csv",
    "There is no LAO with the code {lao}; import the list first: thongthin lao import FILE.csv",
)
NO_LINK = T(
    "ให้เจ้าหน้าที่เปิดแชตกับบอต กดเริ่ม แล้วพิมพ์รหัสนี้",
    "The officer opens a chat with the bot, presses Start and types this code",
)
CODE_IS = T("รหัสเชิญ: {code}", "Invitation: {code}")
EXPIRES = T("ใช้ได้ {uses} คน ถึง {at}", "For {uses} people, until {at}")
HOW_TO_REVOKE = T(
    "ยกเลิกด้วย: thongthin invite --revoke {code}", "To withdraw it: thongthin invite --revoke {code}"
)
REVOKED = T("ยกเลิกรหัสเชิญแล้ว", "The invitation is withdrawn")
TOKEN_UNKNOWN = T(
    "Telegram ไม่รู้จักโทเคนใน THONGTHIN_TELEGRAM_TOKEN จึงทำลิงก์ไม่ได้",
    "Telegram does not know the token of THONGTHIN_TELEGRAM_TOKEN, so there is no link",
)
NO_TELEGRAM = T("ติดต่อ Telegram ไม่ได้ จึงทำลิงก์ไม่ได้", "Telegram cannot be reached, so there is no link")
ADDED = T("เพิ่ม {name} ({role}) แล้ว เข้าใช้ได้ที่ {address}", "{name} is added ({role}) and signs in at {address}")
NOT_TEXT = T("รหัสผ่านต้องเป็นข้อความ UTF-8", "The password must be UTF-8 text")
NO_TERMINAL = T(
    "ไม่มีหน้าจอให้พิมพ์รหัสผ่าน ใช้ --password-stdin",
    "There is no terminal to type a password in; use --password-stdin",
)
NOT_THE_SAME = T("รหัสผ่านสองครั้งไม่ตรงกัน ลองอีกครั้ง", "The two passwords differ; try again")
