"""The commands. What they need is imported when they run, so that --help answers at once."""

from __future__ import annotations

import asyncio
import errno
import re
import socket
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from flows.core.problem import Problem
from flows.core.text import T

app = typer.Typer(
    name="thongthin",
    help="ท้องถิ่น: เจ้าหน้าที่ อปท. ส่งข่าว สินค้า และสถานที่สำคัญทางแชต / Officers send news, products and landmarks by chat.",
    epilog="เริ่มลองใช้ / To try it: thongthin demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
lao = typer.Typer(help="รายชื่อ อปท. / The LAOs.", no_args_is_help=True)
reviewer = typer.Typer(help="ผู้ตรวจสอบ / The reviewers.", no_args_is_help=True)
officer = typer.Typer(help="เจ้าหน้าที่ของ อปท. / The LAOs' officers.", no_args_is_help=True)
db = typer.Typer(help="ฐานข้อมูล / The database.", no_args_is_help=True)
dead_letter = typer.Typer(
    help="ข้อความที่ประมวลผลไม่ได้ / Messages that could not be handled.", no_args_is_help=True
)
app.add_typer(lao, name="lao")
app.add_typer(reviewer, name="reviewer")
app.add_typer(officer, name="officer")
app.add_typer(db, name="db")
app.add_typer(dead_letter, name="dead-letter")

Code = Annotated[str, typer.Argument(metavar="CODE", show_default=False)]
Number = Annotated[int, typer.Argument(metavar="NUMBER", show_default=False)]
Port = Annotated[int, typer.Option(min=1, max=65535)]


def run(arguments: Sequence[str]) -> int:
    """Runs one command; a mistake is one line on standard error. Returns the exit code."""
    if any("\udc80" <= letter <= "\udcff" for word in arguments for letter in word):
        typer.echo(f"thongthin: {NOT_TEXT.th} / {NOT_TEXT.en}", err=True)
        return 2
    command = typer.main.get_command(app)
    try:
        code = command.main(list(arguments), prog_name="thongthin", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except (KeyboardInterrupt, EOFError, typer.Abort):
        typer.echo("", err=True)
        return 130
    except TyperException as error:
        if said := error.format_message():
            typer.echo(f"thongthin: {said} (thongthin --help)", err=True)
        return error.exit_code


@app.command(epilog="ตัวอย่าง / Example: thongthin demo --port 8300")
def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="พอร์ตของหน้าแชต / The chat page's port.")] = 8300,
    web_port: Annotated[
        int, typer.Option(min=0, max=65535, help="พอร์ตของเว็บผู้ตรวจ / The reviewers' port.")
    ] = 8301,
    host: Annotated[str, typer.Option(help="ที่อยู่ที่เปิดรับ / The address to listen on.")] = "127.0.0.1",
) -> None:
    """ลองทุกอย่างบนเครื่องนี้ ไม่ต้องตั้งค่าอะไร / Try everything on this machine; nothing to set up."""
    from bot import logs
    from bot.demo import demo as run_demo

    logs.to_stderr(quiet=True)
    _until_stopped(run_demo(port, web_port, host, typer.echo))


@app.command(epilog="ตัวอย่าง / Example: THONGTHIN_TELEGRAM_TOKEN=123456789:AA… thongthin serve")
def serve(
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PART",
            help="เปิดเฉพาะส่วน ใส่ได้หลายครั้ง / Run a part only, may be repeated: web, bot, delivery.",
        ),
    ] = None,
) -> None:
    """เปิดให้บริการจริง ตามค่าใน THONGTHIN_* หรือ .env / Run the service, set by THONGTHIN_* or .env."""
    from bot import console, logs
    from bot.duties import duties_of, needs_telegram
    from bot.service import serve as run_service
    from bot.telegram.client import BadToken
    from storage.media import MediaUnusable
    from storage.occupancy import InUse, shared
    from storage.upgrade import DatabaseIsNewer

    duties = duties_of(only or ())
    if isinstance(duties, Problem):
        console.fail(duties, 2)
    settings = console.settings_or_fail()
    if not settings.telegram_token and needs_telegram(duties):
        console.fail(NO_TOKEN, 2)
    logs.to_stderr(steps=settings.log == "steps")
    try:
        with shared(settings.data):
            _until_stopped(run_service(settings, typer.echo, duties))
    except InUse:
        console.fail(RESTORING, folder=str(settings.data))
    except BadToken:
        console.fail(BAD_TOKEN)
    except DatabaseIsNewer:
        console.fail(console.NEWER)
    except MediaUnusable as error:
        console.fail(error.problem)


@app.command(epilog="ตัวอย่าง / Example: thongthin form landmark")
def form(
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False, help="news, product, landmark")],
    english: Annotated[bool, typer.Option("--english", help="ถามเป็นภาษาอังกฤษ / Ask in English.")] = False,
) -> None:
    """ลองกรอกแบบฟอร์มในหน้าจอนี้ ไม่ต้องใช้ Telegram / Fill in a form in the terminal, without Telegram."""
    from bot import console, terminal
    from flows import CATALOGUE

    if name not in CATALOGUE:
        console.fail(NO_SUCH_FORM, 2, name=name, forms=", ".join(CATALOGUE))
    terminal.play(CATALOGUE[name], "en" if english else "th")


@app.command(epilog="ตัวอย่าง / Example: thongthin doctor")
def doctor() -> None:
    """บอกว่าอะไรพร้อมและอะไรยังไม่พร้อม / Say what is set, reachable and writable, and what is not."""
    from bot import doctor as checks

    raise typer.Exit(0 if checks.report(typer.echo) else 1)


@app.command(epilog="ตัวอย่าง / Example: thongthin backup /srv/backup/thongthin-2560-01-31.tar")
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
    replace: Annotated[
        bool, typer.Option("--replace", help="เขียนทับไฟล์เดิม / Write over an older file.")
    ] = False,
) -> None:
    """สำรองฐานข้อมูล รูป และกุญแจลับลงไฟล์เดียว ขณะให้บริการอยู่ก็ได้ / Back up database, photos and secret into one file, also while serving."""
    from bot import backups

    backups.back_up(file, replace)


@app.command(epilog="ตัวอย่าง / Example: thongthin restore /srv/backup/thongthin-2560-01-31.tar")
def restore(file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]) -> None:
    """กู้คืนจากไฟล์สำรองลงในโฟลเดอร์ข้อมูลที่ว่าง / Restore a backup into an empty data folder."""
    from bot import backups

    backups.restore(file)


@db.command("upgrade", epilog="ตัวอย่าง / Example: thongthin db upgrade")
def db_upgrade() -> None:
    """ปรับฐานข้อมูลให้ตรงกับโปรแกรมรุ่นนี้ / Bring the database to this version's tables."""
    from bot import administration

    administration.upgrade_database()


@lao.command("import", epilog="ตัวอย่าง / Example: thongthin lao import lao.csv")
def lao_import(file: Annotated[Path, typer.Argument(metavar="FILE.csv", show_default=False)]) -> None:
    """นำเข้ารายชื่อ อปท. จากไฟล์ CSV / Import the LAOs of a CSV file.

    หัวตาราง: รหัส, ชื่อ อปท., ประเภท, จังหวัด, อำเภอ, ตำบล, ละติจูด, ลองจิจูด, เบอร์โทรศัพท์ /
    Headings: code, name, type, province, district, subdistrict, latitude, longitude, phone.
    นำเข้าซ้ำได้ ระบบปรับปรุงตามรหัส / Importing again updates by code.
    """
    from bot import administration

    administration.import_file(file)


@app.command(epilog="ตัวอย่าง / Example: thongthin invite 5201005 --days 14 --uses 3")
def invite(
    code: Code,
    days: Annotated[int, typer.Option(min=1, max=365, help="ใช้ได้กี่วัน / Days until it expires.")] = 14,
    uses: Annotated[int, typer.Option(min=1, max=1000, help="ใช้ได้กี่คน / People it is for.")] = 3,
    revoke: Annotated[
        bool, typer.Option("--revoke", help="ยกเลิกรหัสเชิญ CODE / Withdraw the invitation CODE.")
    ] = False,
) -> None:
    """สร้างลิงก์เชิญเจ้าหน้าที่ของ อปท. รหัส CODE / Make an invitation for the officers of the LAO with that code."""
    from bot import administration

    if revoke:
        administration.revoke_invitation(code)
    else:
        administration.make_invitation(code, days, uses)


@reviewer.command(
    "add", epilog="ตัวอย่าง / Example: thongthin reviewer add สมศรี --role coordinator --province ลำปาง"
)
def reviewer_add(
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)],
    role: Annotated[
        str, typer.Option(help="บทบาท / Role: admin, coordinator, reviewer, viewer.", metavar="ROLE")
    ] = "reviewer",
    province: Annotated[
        list[str] | None,
        typer.Option(
            help="จังหวัดที่ดูแล ใส่ได้หลายครั้ง ถ้าไม่ใส่คือทั่วประเทศ / A province; may be repeated; none: everywhere."
        ),
    ] = None,
    district: Annotated[
        list[str] | None,
        typer.Option(help="อำเภอที่ดูแล เช่น ลำปาง/เกาะคา / A district, as PROVINCE/DISTRICT; may be repeated."),
    ] = None,
    password_stdin: Annotated[
        bool,
        typer.Option("--password-stdin", help="อ่านรหัสผ่านจาก stdin / Read the password from standard input."),
    ] = False,
) -> None:
    """เพิ่มบัญชีผู้ใช้เว็บ / Add a web account; the password is asked for twice."""
    from bot import administration

    administration.add_reviewer_named(
        name, from_stdin=password_stdin, role=role, provinces=province or [], districts=district or []
    )


@officer.command("list", epilog="ตัวอย่าง / Example: thongthin officer list 5201005")
def officer_list(code: Code) -> None:
    """แสดงเจ้าหน้าที่ของ อปท. รหัส CODE พร้อมหมายเลข / List the officers of the LAO with that code, with their numbers."""
    from bot import administration

    administration.list_officers(code)


@officer.command("remove", epilog="ตัวอย่าง / Example: thongthin officer remove 12")
def officer_remove(
    number: Annotated[int, typer.Argument(metavar="NUMBER", show_default=False)],
) -> None:
    """นำเจ้าหน้าที่ออก รายการที่ส่งไว้ยังอยู่กับ อปท. / Remove an officer; what was sent stays with the LAO."""
    from bot import administration

    administration.remove_officer(number)


@dead_letter.command("list", epilog="ตัวอย่าง / Example: thongthin dead-letter list")
def dead_letter_list() -> None:
    """แสดงข้อความที่ประมวลผลไม่ได้ ใหม่สุดก่อน ไม่แสดงเนื้อความ / List them, the newest first, without what they say."""
    from bot import dead_letters

    dead_letters.list_all()


@dead_letter.command("show", epilog="ตัวอย่าง / Example: thongthin dead-letter show 123456789")
def dead_letter_show(number: Number) -> None:
    """แสดงทุกอย่างของข้อความหนึ่ง รวมทั้งสิ่งที่เจ้าหน้าที่พิมพ์ / Show all of one, what the officer wrote too."""
    from bot import dead_letters

    dead_letters.show(number)


@dead_letter.command("retry", epilog="ตัวอย่าง / Example: thongthin dead-letter retry --all")
def dead_letter_retry(
    number: Annotated[int | None, typer.Argument(metavar="NUMBER", show_default=False)] = None,
    every: Annotated[bool, typer.Option("--all", help="ทุกข้อความ / Every one of them.")] = False,
) -> None:
    """ให้ thongthin serve ประมวลผลอีกครั้ง / Let thongthin serve run one, or all, again.

    คำตอบใหม่กว่าที่เจ้าหน้าที่ส่งมาแล้วไม่ถูกเขียนทับ / What the officer has answered since is not overwritten.
    """
    from bot import dead_letters

    dead_letters.retry(number, every=every)


@dead_letter.command("drop", epilog="ตัวอย่าง / Example: thongthin dead-letter drop 123456789")
def dead_letter_drop(number: Number) -> None:
    """ลบข้อความหนึ่งทิ้ง กู้คืนไม่ได้ / Drop one for good."""
    from bot import dead_letters

    dead_letters.drop(number)


def _until_stopped(running: Coroutine[object, object, None]) -> None:
    from bot import console, garbage
    from storage.db import StorageUnavailable

    garbage.look_seldom()
    try:
        asyncio.run(running)
    except StorageUnavailable:
        console.fail(console.UNAVAILABLE)
    except OSError as error:
        if isinstance(error, socket.gaierror):
            console.fail(NO_SUCH_HOST)
        if error.errno in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
            port = re.search(r"', (\d+)", str(error))
            console.fail(PORT_TAKEN, port=port[1] if port else "")
        raise


RESTORING = T(
    "กำลังกู้คืนข้อมูลลงใน {folder} รอให้เสร็จแล้วสั่งอีกครั้ง",
    "A restore into {folder} is under way; wait for its end and run this again",
)
NO_TOKEN = T(
    "ยังไม่ได้ตั้ง THONGTHIN_TELEGRAM_TOKEN ขอโทเคนจาก @BotFather หรือลองก่อนด้วย thongthin demo",
    "THONGTHIN_TELEGRAM_TOKEN is not set; get a token from @BotFather, or try thongthin demo first",
)
BAD_TOKEN = T(
    "Telegram ไม่รู้จักโทเคนนี้ ตรวจ THONGTHIN_TELEGRAM_TOKEN กับ @BotFather",
    "Telegram does not know this token; check THONGTHIN_TELEGRAM_TOKEN with @BotFather",
)
NO_SUCH_FORM = T("ไม่มีแบบฟอร์มชื่อ {name} มี: {forms}", "There is no form called {name}; there are: {forms}")
NO_SUCH_HOST = T(
    "ไม่รู้จักชื่อเครื่องใน THONGTHIN_WEB_HOST ใช้ 127.0.0.1 หรือ 0.0.0.0 แทนได้",
    "The host in THONGTHIN_WEB_HOST is not known; 127.0.0.1 or 0.0.0.0 will do",
)
NOT_TEXT = T("ตัวอักษรในคำสั่งอ่านไม่ได้ พิมพ์คำสั่งใหม่", "The command has letters that cannot be read; type it again")
PORT_TAKEN = T(
    "เปิดพอร์ต {port} ไม่ได้ อาจมีโปรแกรมอื่นใช้อยู่ เลือกพอร์ตอื่นด้วย --port, --web-port, THONGTHIN_WEB_PORT หรือ THONGTHIN_METRICS_PORT",
    "Port {port} cannot be opened, perhaps another program has it; choose another by --port, --web-port, THONGTHIN_WEB_PORT or THONGTHIN_METRICS_PORT",
)
