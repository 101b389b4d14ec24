"""Every command says what it did or, in one line, what was wrong; and the right call then works."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
import typer

from bot.command_line import app, run
from bot.console import now
from bot.simulator import Simulator
from flows.core.roles import EVERYWHERE, Reach
from storage import lao_file, officers
from storage.db import Store
from storage.invitations import Invitation, look_up
from storage.lao import Lao, import_laos
from storage.places import places
from storage.reviewers import every_reviewer
from storage.upgrade import head, upgrade
from tests.s3 import SECRET, Server

SAMPLE = Path(lao_file.__file__).parent / "samples" / "lao.csv"
TOKEN = "123456789:" + "A" * 35
PASSWORD = "น้ำตกวังแก้ว 2560"
Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    upgrade(f"sqlite:///{tmp_path}/data/thongthin.sqlite3")
    opened = Store(f"sqlite:///{tmp_path}/data/thongthin.sqlite3")
    yield opened
    opened.close()


def complaint(said: Said) -> str:
    """The one line on standard error."""
    err = said.readouterr().err
    assert err.startswith("thongthin: ")
    assert err.count("\n") == 1, err
    return err


@contextmanager
def telegram() -> Iterator[Simulator]:
    """A Bot API on loopback, in a thread of its own: the commands have their own event loops."""
    loop, simulator = asyncio.new_event_loop(), Simulator()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(simulator.start("127.0.0.1", 0), loop).result(10)
        yield simulator
    finally:
        asyncio.run_coroutine_threadsafe(simulator.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture
def port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def every_command() -> list[list[str]]:
    group = typer.main.get_command(app)
    found: list[list[str]] = []
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found += [[name, one] for one in inner] if inner else [[name]]
    return found


def test_the_commands_are_those_of_the_manual() -> None:
    assert sorted(" ".join(one) for one in every_command()) == [
        "backup", "db upgrade", "dead-letter drop", "dead-letter list", "dead-letter retry", "dead-letter show",
        "demo", "doctor", "form", "invite", "lao import", "officer list", "officer remove", "restore",
        "reviewer add", "serve",
    ]  # fmt: skip


@pytest.mark.parametrize("command", every_command(), ids=" ".join)
def test_help_shows_an_example_in_both_languages(command: list[str], capsys: Said) -> None:
    assert run([*command, "--help"]) == 0
    said = capsys.readouterr().out
    assert f"Example: thongthin {' '.join(command)}" in said or f"… thongthin {' '.join(command)}" in said
    assert re.search("[ก-๙]", said)


def test_help_needs_nothing_heavy() -> None:
    look = "import sys; from bot.command_line import run; run(['--help']); print([m for m in ('sqlalchemy', 'telegram', 'aiohttp', 'PIL') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")


@pytest.mark.parametrize(
    "wrong",
    [
        ["zork"],
        ["invite"],
        ["invite", "1", "--days", "x"],
        ["invite", "1", "--days", "0"],
        ["serve", "--fast"],
    ],
)
def test_a_wrong_call_is_one_line_and_code_2(wrong: list[str], capsys: Said) -> None:
    assert run(wrong) == 2
    complaint(capsys)


def test_a_wrong_setting_is_one_line_and_the_right_one_works(
    monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.setenv("THONGTHIN_WEB_PORT", "eighty")
    assert run(["db", "upgrade"]) == 2
    assert "THONGTHIN_WEB_PORT" in complaint(capsys)
    monkeypatch.setenv("THONGTHIN_WEB_PORT", "80")
    assert run(["db", "upgrade"]) == 0
    assert head() in capsys.readouterr().out


def test_a_database_that_cannot_be_made_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("THONGTHIN_DATABASE", f"sqlite:///{tmp_path}/file/x.sqlite3")
    assert run(["db", "upgrade"]) == 1
    assert "doctor" in complaint(capsys)


def test_a_file_that_is_no_database_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    (tmp_path / "notes.txt").write_text("not a database, but a text of some length\n" * 200)
    monkeypatch.setenv("THONGTHIN_DATABASE", f"sqlite:///{tmp_path}/notes.txt")
    assert run(["db", "upgrade"]) == 1
    complaint(capsys)


# --- LAOs


def test_importing_twice_updates(capsys: Said) -> None:
    assert run(["lao", "import", str(SAMPLE)]) == 0
    assert "64 new, 0 updated, 0 unchanged" in capsys.readouterr().out
    assert run(["lao", "import", str(SAMPLE)]) == 0
    assert "0 new, 0 updated, 64 unchanged" in capsys.readouterr().out


def test_bad_rows_are_named_by_line_and_nothing_is_imported(
    tmp_path: Path, store: Store, capsys: Said
) -> None:
    file = tmp_path / "lao.csv"
    text = (
        SAMPLE.read_text(encoding="utf-8")
        .replace("5201002,", ",")
        .replace("18.3360,99.5160", "99.5160,18.3360")
    )
    file.write_text(text, encoding="utf-8")
    assert run(["lao", "import", str(file)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert "Line 6:" in lines[0]
    assert "Line 9:" in lines[1]
    assert "Nothing was imported" in lines[2]
    assert run(["invite", "5201005"]) == 1
    assert "lao import" in complaint(capsys)
    assert run(["lao", "import", str(SAMPLE)]) == 0


def test_a_file_that_is_bad_all_over_does_not_fill_the_screen(tmp_path: Path, capsys: Said) -> None:
    file = tmp_path / "lao.csv"
    file.write_text("code,name,province,district\n" + ",a,b,c\n" * 500)
    assert run(["lao", "import", str(file)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 22
    assert "480 more lines" in lines[20]


@pytest.mark.parametrize("file", ["missing.csv", "."])
def test_a_file_that_cannot_be_read_is_one_line(file: str, capsys: Said) -> None:
    assert run(["lao", "import", file]) == 2
    assert file in complaint(capsys)


# --- invitations


@pytest.fixture
def with_lao(store: Store) -> Store:
    lao = Lao("5201005", "เทศบาลตำบลต้นธงชัย", "เทศบาลตำบล", "ลำปาง", "เมืองลำปาง")
    store.run_now(import_laos, [lao], now())
    return store


def invited(said: Said) -> tuple[str, str]:
    out = said.readouterr().out
    found = re.search(r"Invitation: ([0-9A-Z-]+)", out)
    assert found
    return found[1], out


def test_an_invitation_without_telegram_is_a_code_to_type(with_lao: Store, capsys: Said) -> None:
    assert run(["invite", "5201005", "--days", "2", "--uses", "7"]) == 0
    code, out = invited(capsys)
    assert "เทศบาลตำบลต้นธงชัย อำเภอเมืองลำปาง จังหวัดลำปาง" in out
    assert "t.me" not in out
    found = with_lao.read_now(look_up, code, now())
    assert isinstance(found, Invitation)
    assert found.uses_left == 7
    assert "7 คน" in out


def test_an_invitation_with_telegram_is_a_link_and_a_qr_code(
    with_lao: Store, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    with telegram() as simulator:
        monkeypatch.setenv("THONGTHIN_TELEGRAM_TOKEN", simulator.token)
        monkeypatch.setenv("THONGTHIN_TELEGRAM_API", simulator.url)
        assert run(["invite", "5201005"]) == 0
        code, out = invited(capsys)
        assert re.search(rf"https://t\.me/\w+\?start={code}\n", out)
        assert out.count("█") > 100


def test_a_token_that_telegram_does_not_know_still_gives_a_code(
    with_lao: Store, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    with telegram() as simulator:
        monkeypatch.setenv("THONGTHIN_TELEGRAM_TOKEN", TOKEN)
        monkeypatch.setenv("THONGTHIN_TELEGRAM_API", simulator.url)
        assert run(["invite", "5201005"]) == 0
    said = capsys.readouterr()
    assert "THONGTHIN_TELEGRAM_TOKEN" in said.err
    assert TOKEN not in said.err + said.out
    assert "Invitation: " in said.out


def test_an_invitation_is_withdrawn_by_its_code(with_lao: Store, capsys: Said) -> None:
    run(["invite", "5201005"])
    code, _ = invited(capsys)
    assert run(["invite", "--revoke", "AAAA-AAAA-AAAA"]) == 1
    complaint(capsys)
    assert run(["invite", "--revoke", code.lower()]) == 0
    assert "withdrawn" in capsys.readouterr().out


# --- reviewers


def test_a_reviewer_is_added_with_a_password_from_standard_input(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert run(["reviewer", "add", "สมศรี", "--password-stdin"]) == 1
    assert "short" not in complaint(capsys).replace("too short", "")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert run(["reviewer", "add", "สมศรี", "--password-stdin"]) == 0
    said = capsys.readouterr()
    assert PASSWORD not in said.out + said.err
    assert [one.name for one in store.read_now(every_reviewer)] == ["สมศรี"]
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert run(["reviewer", "add", "สมศรี", "--password-stdin"]) == 1
    complaint(capsys)


def test_an_account_gets_its_role_and_its_area(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    assert run(["lao", "import", str(SAMPLE)]) == 0
    some = store.read_now(places, EVERYWHERE).provinces
    province, other = list(some)[:2]
    district = f"{other}/{some[other][0]}"
    command = ["reviewer", "add", "สมศรี", "--password-stdin", "--role", "coordinator"]
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert run([*command, "--province", province, "--district", district]) == 0
    (made,) = store.read_now(every_reviewer)
    assert (made.role, made.reach) == ("coordinator", Reach((province,), ((other, some[other][0]),)))
    assert "coordinator" in capsys.readouterr().out


def test_an_account_without_a_role_is_a_reviewer_everywhere_and_never_an_administrator(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert run(["reviewer", "add", "สมศรี", "--password-stdin"]) == 0
    (made,) = store.read_now(every_reviewer)
    assert (made.role, made.reach) == ("reviewer", EVERYWHERE)


@pytest.mark.parametrize(
    "wrong", [["--role", "king"], ["--province", "แดนสนธยา"], ["--district", "เกาะคา"], ["--district", "ก/ข"]]
)
def test_a_role_or_place_that_is_not_there_adds_nobody_and_the_right_one_does(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: Said, wrong: list[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert run(["reviewer", "add", "สมศรี", "--password-stdin", *wrong]) == 2
    assert wrong[1] in complaint(capsys)
    assert store.read_now(every_reviewer) == []
    assert run(["reviewer", "add", "สมศรี", "--password-stdin", "--role", "viewer"]) == 0


def test_without_a_terminal_the_password_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert run(["reviewer", "add", "สมศรี"]) == 2
    assert "--password-stdin" in complaint(capsys)


# --- forms, doctor, serve


def test_a_form_is_played_to_the_end_of_typing(monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("น้ำตกวังแก้ว\n"))
    assert run(["form", "landmark", "--english"]) == 130
    assert "Step 2 of" in capsys.readouterr().out


def test_an_unknown_form_is_told_with_those_there_are(capsys: Said) -> None:
    assert run(["form", "zork"]) == 2
    assert "landmark" in complaint(capsys)


def test_the_doctor_says_what_is_missing_and_then_that_all_is_well(
    monkeypatch: pytest.MonkeyPatch, port: str, capsys: Said
) -> None:
    monkeypatch.setenv("THONGTHIN_WEB_PORT", port)
    assert run(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "✗" in said
    assert "thongthin db upgrade" in said
    with telegram() as simulator:
        monkeypatch.setenv("THONGTHIN_TELEGRAM_TOKEN", simulator.token)
        monkeypatch.setenv("THONGTHIN_TELEGRAM_API", simulator.url)
        run(["lao", "import", str(SAMPLE)])
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
        run(["reviewer", "add", "สมศรี", "--password-stdin"])
        capsys.readouterr()
        assert run(["doctor"]) == 0
        said = capsys.readouterr().out
        assert "✗" not in said
        assert "บอตไปรับข้อความจาก Telegram เอง" in said
        assert simulator.token not in said
        monkeypatch.setenv("THONGTHIN_WEBHOOK", "https://bot.example.go.th")
        assert run(["doctor"]) == 0
        assert "https://bot.example.go.th เมื่อเปิด thongthin serve" in capsys.readouterr().out


def test_the_doctor_says_that_the_secret_lies_open(tmp_path: Path, store: Store, capsys: Said) -> None:
    secret = tmp_path / "data" / "secret"
    secret.write_text("x" * 43)
    secret.chmod(0o644)
    run(["doctor"])
    assert f"chmod 600 {secret}" in capsys.readouterr().out
    secret.chmod(0o600)
    run(["doctor"])
    assert "chmod" not in capsys.readouterr().out
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600


def test_the_doctor_says_whether_photos_can_be_kept_in_the_bucket(
    tmp_path: Path, s3: Server, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    bucket = s3.bucket()
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in s3.access.items()))
    monkeypatch.setenv("THONGTHIN_MEDIA", "s3://no-such-bucket/photos")
    run(["doctor"])
    said = capsys.readouterr().out
    assert "✗ ไม่พบถัง s3://no-such-bucket/photos" in said
    assert SECRET not in said
    monkeypatch.setenv("THONGTHIN_MEDIA", f"s3://{bucket}/photos")
    run(["doctor"])
    said = capsys.readouterr().out
    assert f"✓ เก็บรูปใน s3://{bucket}/photos ได้" in said
    assert "free on the disk" not in said
    assert s3.files(bucket) == {}


def test_serve_with_a_bucket_that_is_not_there_ends_with_one_line(
    s3: Server, port: str, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    for name, value in s3.access.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("THONGTHIN_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("THONGTHIN_WEB_PORT", port)
    monkeypatch.setenv("THONGTHIN_MEDIA", "s3://no-such-bucket")
    assert run(["serve"]) == 1
    err = capsys.readouterr().err
    assert "no-such-bucket" in err.splitlines()[-1]
    assert "Traceback" not in err


def test_serve_without_a_token_says_how_to_get_one(capsys: Said) -> None:
    assert run(["serve"]) == 2
    assert "@BotFather" in complaint(capsys)


def test_serve_with_an_unknown_token_ends_with_one_line(tmp_path: Path, port: str) -> None:
    with telegram() as simulator:
        done = subprocess.run(
            [sys.executable, "-m", "bot.__main__", "serve"], capture_output=True, text=True, check=False, timeout=60,
            env=os.environ | {"THONGTHIN_TELEGRAM_TOKEN": TOKEN, "THONGTHIN_TELEGRAM_API": simulator.url,
                              "THONGTHIN_WEB_PORT": port, "THONGTHIN_DATA": str(tmp_path)},
        )  # fmt: skip
    assert done.returncode == 1
    assert "THONGTHIN_TELEGRAM_TOKEN" in done.stderr
    assert "Traceback" not in done.stderr
    assert TOKEN not in done.stderr + done.stdout


def test_serve_stops_cleanly_when_told_to(tmp_path: Path, port: str) -> None:
    with telegram() as simulator:
        running = subprocess.Popen(
            [sys.executable, "-m", "bot.__main__", "serve"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=os.environ | {"THONGTHIN_TELEGRAM_TOKEN": simulator.token, "THONGTHIN_TELEGRAM_API": simulator.url,
                              "THONGTHIN_WEB_PORT": port, "THONGTHIN_DATA": str(tmp_path)},
        )  # fmt: skip
        assert running.stdout
        assert port in running.stdout.readline()
        time.sleep(0.2)
        running.send_signal(signal.SIGTERM)
        out, err = running.communicate(timeout=30)
    assert running.returncode == 0, err
    assert "Traceback" not in err
    assert "Stopping" in out


def test_an_officer_is_listed_and_removed_by_number(store: Store, capsys: Said) -> None:
    store.run_now(import_laos, [Lao("5201005", "เทศบาลตำบลทดสอบ", "เทศบาลตำบล", "ลำปาง", "เกาะคา")], now())
    joined = store.run_now(officers.join, 7, "สมศรี ตัวอย่าง", "5201005", now())
    assert run(["officer", "remove", "99"]) == 1
    assert "99" in complaint(capsys)
    assert run(["officer", "list", "5201005"]) == 0
    assert f"{joined.id}  สมศรี ตัวอย่าง" in capsys.readouterr().out
    assert run(["officer", "remove", str(joined.id)]) == 0
    assert store.read_now(officers.officer_in, 7) is None
    capsys.readouterr()
    assert run(["officer", "list", "5201005"]) == 0
    assert "ยังไม่มีเจ้าหน้าที่" in capsys.readouterr().out


@pytest.mark.parametrize(
    "setting", ["postgresql://u:p@127.0.0.1:port/x", "sqlite:///:memory:", "sqlite:////x?mode=ro"]
)
def test_a_database_that_cannot_be_is_one_line(
    setting: str, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THONGTHIN_DATABASE", setting)
    assert run(["db", "upgrade"]) == 2
    assert "THONGTHIN_DATABASE" in complaint(capsys)


def test_letters_that_cannot_be_read_are_one_line(capsys: Said) -> None:
    assert run(["invite", "\udcff"]) == 2
    assert "ตัวอักษร" in complaint(capsys)


def test_a_password_that_is_no_text_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\udcff\udcfe0123456789abc\n"))
    assert run(["reviewer", "add", "q", "--password-stdin"]) == 2
    complaint(capsys)


def test_a_web_host_that_is_not_known_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    monkeypatch.setenv("THONGTHIN_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("THONGTHIN_WEB_HOST", "no.such.host.invalid")
    assert run(["serve"]) == 1
    assert "THONGTHIN_WEB_HOST" in capsys.readouterr().err


# --- a part of the service


def test_serve_names_a_part_that_there_is_not(capsys: Said) -> None:
    assert run(["serve", "--only", "web,polling"]) == 2
    said = complaint(capsys)
    assert "polling" in said
    assert "web, bot, delivery" in said


def test_a_part_that_chats_needs_a_token(capsys: Said) -> None:
    assert run(["serve", "--only", "web", "--only", "delivery"]) == 2
    assert "THONGTHIN_TELEGRAM_TOKEN" in complaint(capsys)


@contextmanager
def serving(tmp_path: Path, *arguments: str, **settings: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A service in a process of its own, and the first line that it says; stopped as an operator does."""
    running = subprocess.Popen(
        [sys.executable, "-m", "bot.__main__", "serve", *arguments], stdout=subprocess.PIPE, text=True,
        stderr=subprocess.PIPE, env={**os.environ, **settings, "PYTHONPATH": str(Path(__file__).parents[2])}, cwd=tmp_path,
    )  # fmt: skip
    try:
        assert running.stdout
        yield running, running.stdout.readline()
    finally:
        running.send_signal(signal.SIGTERM)
        _, err = running.communicate(timeout=30)
        assert running.returncode == 0, err


def test_the_web_alone_runs_without_a_token(tmp_path: Path, port: str) -> None:
    with serving(tmp_path, "--only", "web", THONGTHIN_WEB_PORT=port) as (_, said):
        assert f"http://127.0.0.1:{port}" in said
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            assert answer.status == 200


def test_a_part_alone_tells_its_numbers_and_whether_it_is_ready(tmp_path: Path, port: str) -> None:
    about = {"THONGTHIN_METRICS_PORT": port, "THONGTHIN_LOG": "steps"}
    with telegram() as simulator:
        about |= {"THONGTHIN_TELEGRAM_TOKEN": simulator.token, "THONGTHIN_TELEGRAM_API": simulator.url}
        with serving(tmp_path, "--only", "delivery", **about) as (_, said):
            assert "https://t.me/thongthin_bot" in said
            for path, wanted in (
                ("metrics", "thongthin_outbox_waiting 0.0"), ("healthz", "running"), ("readyz", '"database": "ok"'),
            ):  # fmt: skip
                with urlopen(f"http://127.0.0.1:{port}/{path}", timeout=10) as answer:
                    assert wanted in answer.read().decode()


def test_a_wrong_port_or_log_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    for name, wrong in (("THONGTHIN_METRICS_PORT", "0"), ("THONGTHIN_LOG", "loud")):
        with monkeypatch.context() as patch:
            patch.setenv(name, wrong)
            assert run(["serve"]) == 2
        assert name in complaint(capsys)
    assert run(["serve"]) == 2
    assert "THONGTHIN_TELEGRAM_TOKEN" in complaint(capsys)


def test_the_bot_alone_opens_no_web_and_hears_what_officers_write(tmp_path: Path, port: str) -> None:
    with telegram() as simulator:
        about = {"THONGTHIN_TELEGRAM_TOKEN": simulator.token, "THONGTHIN_TELEGRAM_API": simulator.url}
        with serving(tmp_path, "--only", "bot", THONGTHIN_WEB_PORT=port, **about) as (_, said):
            assert "https://t.me/thongthin_bot" in said
            with pytest.raises(URLError):
                urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5)
            chat = ordered(f"{simulator.url}/sim/chats", name="สมศรี")["id"]
            ordered(f"{simulator.url}/sim/chats/{chat}/send", text="สวัสดี")
            until = time.monotonic() + 10
            while not any(one.get("method") == "sendMessage" for one in simulator.log):
                assert time.monotonic() < until
                time.sleep(0.05)


def ordered(url: str, **what: str) -> dict[str, Any]:
    """What the simulator's page would order."""
    asked = Request(url, json.dumps(what).encode(), {"Content-Type": "application/json"})
    with urlopen(asked, timeout=5) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def test_delivery_alone_never_asks_for_updates(tmp_path: Path, port: str) -> None:
    with telegram() as simulator:
        about = {"THONGTHIN_TELEGRAM_TOKEN": simulator.token, "THONGTHIN_TELEGRAM_API": simulator.url}
        with serving(tmp_path, "--only", "delivery", THONGTHIN_WEB_PORT=port, **about) as (_, said):
            assert "https://t.me/thongthin_bot" in said
            time.sleep(0.5)
        assert {one.get("method") for one in simulator.log} == {"getMe"}
