"""One bot process against the stand-in for Telegram, and which bots there are to compare."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg

from storage.upgrade import upgrade
from tests import postgres
from tests.benchmarks.environment import AIOGRAM, PTB, ROOT, redis_server
from tests.benchmarks.peers.ours import SCRIPT
from tests.benchmarks.peers.questions import QUESTIONS
from tests.benchmarks.stub import Outcome, Plan

TOKEN = "123456789:AAbenchmark-of-bots-on-one-machine-only"
PEERS = Path(__file__).with_name("peers")
GUIDE = ("/start", *(f"answer {n} of {{n}}" for n in range(len(QUESTIONS))))
ECHO = ("answer of {n}",)
DURABLE = ("ours, SQLite", "ours, PostgreSQL")


@dataclass(frozen=True, slots=True)
class Bot:
    """`command` takes the API's address, a fresh folder and how many people there will be."""

    name: str
    script: tuple[str, ...]
    command: Callable[[str, Path, int], list[str]]
    kept: Callable[[Path], tuple[int, int]] | None = None  # updates and entries in the database afterwards


@dataclass(frozen=True, slots=True)
class Run:
    outcome: Outcome
    start: float  # seconds from the process's start to its first question for updates
    memory: float  # MB resident when it was at rest
    processor: float  # milliseconds for each update, its share of the start left out
    kept: tuple[int, int] | None


def _ptb_guide(api: str, folder: Path, people: int) -> list[str]:
    return [str(PTB.python()), str(PEERS / "ptb_guide.py"), api, TOKEN, str(folder / "kept.pickle")]


def _echo(*options: str) -> Callable[[str, Path, int], list[str]]:
    python = PTB.python if not options else lambda: Path(sys.executable)
    return lambda api, folder, people: [str(python()), str(PEERS / "ptb_echo.py"), api, TOKEN, *options]


def _aiogram(api: str, folder: Path, people: int) -> list[str]:
    return [str(AIOGRAM.python()), str(PEERS / "aiogram_form.py"), api, TOKEN]


def _ours(database: Callable[[Path], str]) -> Callable[[str, Path, int], list[str]]:
    def command(api: str, folder: Path, people: int) -> list[str]:
        setting = database(folder)
        upgrade(setting)
        return [
            sys.executable,
            "-m",
            "tests.benchmarks.peers.ours",
            api,
            TOKEN,
            setting,
            str(folder),
            str(people),
        ]

    return command


def _sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / 'ours.sqlite3'}"


COUNTED = "SELECT (SELECT count(*) FROM handled), (SELECT count(*) FROM submission)"


def _kept_in_sqlite(folder: Path) -> tuple[int, int]:
    import sqlite3

    with contextlib.closing(sqlite3.connect(folder / "ours.sqlite3")) as connection:
        updates, entries = connection.execute(COUNTED).fetchone()
        return int(updates), int(entries)


@contextlib.contextmanager
def bots(only: frozenset[str] | None = None) -> Iterator[list[Bot]]:
    """Every bot that can be had on this machine; a database server and Redis run as long as this is open."""
    with contextlib.ExitStack() as stack:
        found = [
            Bot("python-telegram-bot, as its guide shows", GUIDE, _ptb_guide),
            Bot("aiogram, state in memory", GUIDE, _aiogram),
            Bot("ours, SQLite", SCRIPT, _ours(_sqlite), _kept_in_sqlite),
            Bot("echo: python-telegram-bot on httpx", ECHO, _echo()),
            Bot("echo on our transport, one by one", ECHO, _echo("aiohttp")),
            Bot("echo on our transport, side by side", ECHO, _echo("aiohttp", "concurrent")),
        ]
        if folder := postgres.programs():
            server = stack.enter_context(postgres.server(folder, postgres.DURABLE))
            found.insert(3, _on_postgres(server))
        else:
            _say("PostgreSQL is not installed: ours on PostgreSQL is left out")
        if program := redis_server():
            address = stack.enter_context(_redis(program))
            found.insert(
                2, Bot("aiogram, state in Redis", GUIDE, lambda a, f, n: [*_aiogram(a, f, n), address])
            )
        else:
            _say("Redis is not installed: aiogram with its state in Redis is left out")
        yield [one for one in found if only is None or one.name in only]


def _on_postgres(server: postgres.Server) -> Bot:
    names: dict[Path, str] = {}

    def database(folder: Path) -> str:
        names[folder] = server.make()
        return server.setting(names[folder])

    def kept(folder: Path) -> tuple[int, int]:
        name = names.pop(folder)
        with contextlib.closing(psycopg.connect(server.setting(name))) as connection:
            row = connection.execute(COUNTED).fetchone()
        server.drop(name)
        assert row is not None
        return int(row[0]), int(row[1])

    return Bot("ours, PostgreSQL", SCRIPT, _ours(database), kept)


@contextlib.contextmanager
def _redis(program: str) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with _process(command, Path(tempfile.gettempdir())) as process:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        assert process.poll() is None, "redis-server did not start"
        yield f"redis://127.0.0.1:{port}/0"


def play(bot: Bot, plan: Plan, meanwhile: Callable[[int, Path], None] | None = None) -> Run:
    """Plays the plan once. `meanwhile(pid, folder)` is called when the bot has begun."""
    folder = Path(tempfile.mkdtemp(prefix="thongthin-benchmark-", dir=ROOT.parent if os.getuid() else None))
    given = json.dumps(asdict(plan) | {"script": bot.script})
    try:
        stub = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.stub", given],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        try:
            assert stub.stdout is not None
            api = f"http://127.0.0.1:{int(stub.stdout.readline())}"
            command = bot.command(api, folder, plan.chats)
            began = time.monotonic()
            with _process(command, folder) as process:
                asked = float(stub.stdout.readline())  # the monotonic clock is the machine's
                memory, idle = _resident(process.pid), _processor(process.pid)
                if meanwhile is not None:
                    meanwhile(process.pid, folder)
                said = stub.stdout.readline()
                busy = _processor(process.pid) - idle
            if not said:
                raise RuntimeError(f"{bot.name}: {(folder / 'log').read_text()[-2000:]}")
        finally:
            stub.kill()
            stub.communicate()
        outcome = Outcome(**json.loads(said))
        if outcome.unexpected:
            raise RuntimeError(f"{bot.name}: {outcome.unexpected}")
        return Run(
            outcome,
            asked - began,
            memory,
            busy * 1000 / max(1, outcome.answered),
            bot.kept(folder) if bot.kept else None,
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _process(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("THONGTHIN_")}
    environment["PYTHONPATH"] = str(ROOT)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # or each start would compile everything anew
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT, env=environment)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _resident(pid: int) -> float:
    """MB of memory a moment after the start."""
    time.sleep(0.5)
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _processor(pid: int) -> float:
    """Seconds of processor that the process has used; 0 when it has ended by itself."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _say(sentence: str) -> None:
    print(f"! {sentence}", file=sys.stderr, flush=True)
