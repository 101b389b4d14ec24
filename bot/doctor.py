"""What is set, reachable and writable, and what is not: one line each, with the way out."""

from __future__ import annotations

import errno
import shutil
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from bot import console
from bot.administration import bot_name, webhook_state
from bot.dead_letters import LINE, facts_of
from bot.finding import Finding
from bot.incoming import incoming
from bot.search_words import SLOW_SEARCHES
from bot.settings import Settings, is_this_machine, lines, load_settings
from flows.core.text import Facts, T
from storage import dead_letters
from storage.census import Census, census
from storage.db import StorageUnavailable, Store
from storage.durability import settings_that_lose
from storage.media import MediaUnusable, open_media
from storage.search_index import searching
from storage.upgrade import readiness

SHOWN = 3  # dead letters
LEAST_ROOM = 2**30  # bytes free: some thousand photos


def report(say: Callable[[str], None]) -> bool:
    """Says every finding; True when nothing is wrong."""
    settings = load_settings(keep_secret=False)
    if not isinstance(settings, Settings):
        for line in lines(settings):
            say(f"✗ {line}")
        return False
    well = True
    for one in findings(settings):
        say(f"{'✓' if one.ok else '✗'} {console.both(one.say, one.facts)}")
        well = well and one.ok
    return well


def findings(settings: Settings) -> Iterator[Finding]:
    yield Finding(True, SETTINGS)
    yield secret(settings)
    yield from database(settings)
    yield media(settings)
    if isinstance(settings.media, Path):
        yield room(settings.media)
    yield from telegram(settings)
    yield web_port(settings)
    yield public_url(settings)


def secret(settings: Settings) -> Finding:
    file = settings.secret_file
    if settings.secret:
        return Finding(True, SECRET_SET)
    if not file.exists():
        return Finding(True, SECRET_LATER, {"file": str(file)})
    open_to_others = stat.S_IMODE(file.stat().st_mode) & 0o077
    return Finding(not open_to_others, SECRET_OPEN if open_to_others else SECRET_KEPT, {"file": str(file)})


def database(settings: Settings) -> Iterator[Finding]:
    match readiness(settings.database):
        case "ready":
            yield Finding(True, DATABASE_READY)
        case "newer":
            yield Finding(False, console.NEWER)
            return
        case "unreachable":
            yield Finding(False, DATABASE_UNREACHABLE)
            return
        case "empty" | "older":
            yield Finding(False, DATABASE_BEHIND)
            return
    store = Store(settings.database)
    try:
        yield from _counted(store.read_now(census, console.now()))
        yield from _set_aside(store)
        yield _writable(store)
        yield from kept(store)
        yield searches(store)
    finally:
        store.close()


def _set_aside(store: Store) -> Iterator[Finding]:
    """The newest few, without what they say."""
    for letter in store.read_now(dead_letters.newest, SHOWN):
        yield Finding(False, LINE, facts_of(letter))


def _writable(store: Store) -> Finding:
    try:
        store.run_now(lambda tx: None)
    except StorageUnavailable:
        return Finding(False, DATABASE_LOCKED)
    return Finding(True, DATABASE_WRITABLE)


def kept(store: Store) -> Iterator[Finding]:
    """Whether what was confirmed outlives a crash of the database's machine."""
    losing = store.read_now(settings_that_lose)
    for name in losing:
        yield Finding(False, MAY_LOSE, {"name": name})
    if not losing:
        yield Finding(True, KEPT)


def searches(store: Store) -> Finding:
    """Whether titles are searched by an index; where not, searches work all the same, only slowly."""
    slow = SLOW_SEARCHES.get(store.read_now(searching))
    return Finding(slow is None, slow or SEARCH_BY_INDEX)


def _counted(found: Census) -> Iterator[Finding]:
    yield Finding(
        found.laos > 0, LAOS if found.laos else NO_LAOS, {"laos": found.laos, "offices": found.offices}
    )
    yield Finding(
        found.reviewers > 0, REVIEWERS if found.reviewers else NO_REVIEWERS, {"reviewers": found.reviewers}
    )
    yield Finding(True, OFFICERS if found.officers else NO_OFFICERS, {"officers": found.officers})
    late = found.late_notices
    yield Finding(not late, NOTICES_LATE if late else NOTICES, {"notices": found.notices, "late": late})
    yield Finding(
        not found.dead_letters,
        DEAD_LETTERS if found.dead_letters else NO_DEAD_LETTERS,
        {"n": found.dead_letters},
    )


def media(settings: Settings) -> Finding:
    try:
        open_media(str(settings.media), settings.media_access).check()
    except MediaUnusable as error:
        return Finding(False, error.problem.say, error.problem.facts)
    return Finding(True, MEDIA, {"folder": str(settings.media)})


def room(media: Path) -> Finding:
    folder = _existing(media)
    free = shutil.disk_usage(folder).free
    facts: Facts = {"folder": str(folder), "gigabytes": free / 2**30}
    return Finding(free >= LEAST_ROOM, ROOM if free >= LEAST_ROOM else LITTLE_ROOM, facts)


def _existing(folder: Path) -> Path:
    return next(one for one in (folder, *folder.parents) if one.exists())


def telegram(settings: Settings) -> Iterator[Finding]:
    if not settings.telegram_token:
        yield Finding(False, NO_TOKEN)
        return
    name = bot_name(settings)
    facts = {"name": name, "address": settings.telegram_api}
    yield Finding(bool(name), TELEGRAM if name else NO_TELEGRAM, facts)
    state = webhook_state(settings) if name else None
    if state is not None:
        yield incoming(settings, _secret_in(settings), state, console.now())


def _secret_in(settings: Settings) -> str:
    """The secret, "" where there is none yet or this person may not read it."""
    try:
        return settings.secret or settings.secret_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def web_port(settings: Settings) -> Finding:
    facts = {"address": f"{settings.web_host}:{settings.web_port}", "port": str(settings.web_port)}
    family = socket.AF_INET6 if ":" in settings.web_host else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((settings.web_host, settings.web_port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                return Finding(False, PORT_CLOSED, facts)
        else:
            return Finding(True, PORT_FREE, facts)
    return Finding(True, RUNNING, facts) if _answers(settings) else Finding(False, PORT_TAKEN, facts)


def _answers(settings: Settings) -> bool:
    """Whether what listens there is this service."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.web_host, settings.web_host)
    host = f"[{host}]" if ":" in host.strip("[]") and not host.startswith("[") else host
    try:
        with urlopen(f"http://{host}:{settings.web_port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except HTTPError as error:
        error.close()
        return False
    except (URLError, OSError, ValueError):
        return False


def public_url(settings: Settings) -> Finding:
    parts = urlsplit(settings.public_url)
    safe = parts.scheme == "https" or is_this_machine(parts.hostname or "")
    return Finding(safe, PUBLIC_URL if safe else NOT_HTTPS, {"address": settings.public_url})


SETTINGS = T("ค่าที่ตั้งไว้อ่านได้ทุกค่า", "Every setting reads")
SECRET_SET = T("ตั้ง THONGTHIN_SECRET แล้ว", "THONGTHIN_SECRET is set")
SECRET_KEPT = T("มีกุญแจลับใน {file}", "The secret is kept in {file}")
SECRET_LATER = T(
    "กุญแจลับจะสร้างไว้ที่ {file} เมื่อเปิดครั้งแรก", "The secret will be made in {file} at the first start"
)
SECRET_OPEN = T("ผู้อื่นอ่าน {file} ได้ ให้สั่ง: chmod 600 {file}", "Others can read {file}; run: chmod 600 {file}")
DATABASE_READY = T("ฐานข้อมูลเปิดได้และเป็นรุ่นเดียวกับโปรแกรม", "The database opens and fits this version")
DATABASE_WRITABLE = T("เขียนฐานข้อมูลได้", "The database can be written")
KEPT = T(
    "สิ่งที่ยืนยันแล้วไม่หายแม้เครื่องฐานข้อมูลดับกะทันหัน",
    "What was confirmed is kept, also where the database's machine fails",
)
MAY_LOSE = T(
    "PostgreSQL นี้ตั้ง {name} = off ถ้าเครื่องดับกะทันหัน สิ่งที่ยืนยันกับเจ้าหน้าที่แล้วอาจหายหรือเสีย ให้ผู้ดูแลฐานข้อมูลสั่ง "
    "ALTER SYSTEM SET {name} = on; แล้ว SELECT pg_reload_conf();",
    "This PostgreSQL is set to {name} = off: where its machine fails, what officers were told is saved may be lost "
    "or spoilt. Have the database's administrator run ALTER SYSTEM SET {name} = on; then SELECT pg_reload_conf();",
)
SEARCH_BY_INDEX = T("ค้นหาชื่อรายการด้วยดัชนี", "Titles are searched by an index")
DATABASE_LOCKED = T(
    "เขียนฐานข้อมูลไม่ได้ ตรวจสิทธิ์ของไฟล์และพื้นที่ดิสก์",
    "The database cannot be written; check the file's permissions and the disk",
)
DATABASE_BEHIND = T(
    "ฐานข้อมูลยังไม่พร้อม ให้สั่ง: thongthin db upgrade", "The database is not ready; run: thongthin db upgrade"
)
DATABASE_UNREACHABLE = T(
    "เปิดฐานข้อมูลไม่ได้ ตรวจ THONGTHIN_DATABASE และตรวจว่าฐานข้อมูลทำงานอยู่",
    "The database cannot be opened; check THONGTHIN_DATABASE and that the database is running",
)
LAOS = T("มี อปท. {laos} แห่ง ({offices} แห่งมีพิกัด)", "{laos} LAOs ({offices} with coordinates)")
NO_LAOS = T(
    "ยังไม่มี อปท. ให้สั่ง: thongthin lao import FILE.csv", "There are no LAOs; run: thongthin lao import FILE.csv"
)
REVIEWERS = T("มีผู้ตรวจสอบ {reviewers} คน", "{reviewers} reviewers")
NO_REVIEWERS = T(
    "ยังไม่มีผู้ตรวจสอบ ให้สั่ง: thongthin reviewer add NAME",
    "There are no reviewers; run: thongthin reviewer add NAME",
)
OFFICERS = T("มีเจ้าหน้าที่ {officers} คน", "{officers} officers")
NO_OFFICERS = T(
    "ยังไม่มีเจ้าหน้าที่เข้าร่วม เชิญด้วย: thongthin invite CODE",
    "No officer has joined yet; invite them: thongthin invite CODE",
)
NOTICES = T("ข้อความรอส่ง {notices} ข้อความ", "{notices} notices wait to be sent")
NOTICES_LATE = T(
    "ข้อความรอส่ง {notices} ข้อความ ค้างนาน {late} ตรวจว่า thongthin serve เปิดอยู่และติดต่อ Telegram ได้",
    "{notices} notices wait, {late} for long; check that thongthin serve is running and reaches Telegram",
)
NO_DEAD_LETTERS = T("ไม่มีข้อความที่ประมวลผลไม่ได้", "No message had to be set aside")
DEAD_LETTERS = T(
    "มีข้อความที่ประมวลผลไม่ได้ {n} ข้อความ แจ้งผู้พัฒนาพร้อมบรรทัดในบันทึกการทำงาน แก้แล้วสั่ง: thongthin dead-letter retry --all",
    "{n} messages were set aside; tell the developers, with the lines of the log. Once it is mended: thongthin dead-letter retry --all",
)
MEDIA = T("เก็บรูปใน {folder} ได้", "Photos can be kept in {folder}")
ROOM = T("ดิสก์ของ {folder} ว่าง {gigabytes} GB", "{gigabytes} GB are free on the disk of {folder}")
LITTLE_ROOM = T(
    "ดิสก์ของ {folder} เหลือ {gigabytes} GB เพิ่มพื้นที่หรือย้าย THONGTHIN_MEDIA",
    "Only {gigabytes} GB are free on the disk of {folder}; make room or move THONGTHIN_MEDIA",
)
NO_TOKEN = T(
    "ยังไม่ได้ตั้ง THONGTHIN_TELEGRAM_TOKEN ขอจาก @BotFather",
    "THONGTHIN_TELEGRAM_TOKEN is not set; get one from @BotFather",
)
TELEGRAM = T("ติดต่อ Telegram ได้ บอตชื่อ @{name}", "Telegram is reached, the bot is @{name}")
NO_TELEGRAM = T(
    "ติดต่อ {address} ด้วยโทเคนนี้ไม่ได้ ตรวจโทเคนและอินเทอร์เน็ต",
    "{address} is not reached with this token; check the token and the network",
)
PORT_FREE = T("เปิดเว็บที่ {address} ได้", "The web can open {address}")
RUNNING = T("บริการเปิดอยู่ที่ {address}", "The service is running at {address}")
PORT_TAKEN = T(
    "โปรแกรมอื่นใช้พอร์ต {port} อยู่ ตั้ง THONGTHIN_WEB_PORT เป็นพอร์ตอื่น",
    "Another program has port {port}; set THONGTHIN_WEB_PORT to another",
)
PORT_CLOSED = T(
    "เปิดเว็บที่ {address} ไม่ได้ ตรวจ THONGTHIN_WEB_HOST และ THONGTHIN_WEB_PORT",
    "The web cannot open {address}; check THONGTHIN_WEB_HOST and THONGTHIN_WEB_PORT",
)
PUBLIC_URL = T("ผู้ตรวจสอบเข้าใช้ที่ {address}", "Reviewers sign in at {address}")
NOT_HTTPS = T(
    "{address} ไม่เข้ารหัส รหัสผ่านจะถูกดักอ่านได้ ตั้งพร็อกซี https และ THONGTHIN_PUBLIC_URL",
    "{address} is not encrypted and passwords can be read on the way; put an https proxy before it and set THONGTHIN_PUBLIC_URL",
)
