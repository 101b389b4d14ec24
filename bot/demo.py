"""Everything on one machine to try it: the service, the admin web, sample LAOs, and a phone in a web page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from admin_web.auth import hash_password
from bot.service import Parts, running, until_told_to_stop, utc_now
from bot.simulator import Simulator
from storage.db import Store, Tx
from storage.invitations import invite
from storage.lao import import_laos
from storage.lao_file import read_laos
from storage.media import open_media
from storage.reviewers import add_reviewer
from storage.upgrade import upgrade

REVIEWER, PASSWORD = "reviewer", "thongthin-demo"


async def demo(
    chat_port: int, web_port: int, host: str, say: Callable[[str], None], started: asyncio.Event | None = None
) -> None:
    """Runs until told to stop; everything entered is gone then."""
    told = until_told_to_stop()
    with TemporaryDirectory(prefix="thongthin-demo-") as folder:
        database = f"sqlite:///{Path(folder) / 'demo.sqlite3'}"
        await asyncio.to_thread(upgrade, database)
        store = Store(database)
        simulator = Simulator()
        try:
            invited = store.run_now(_furnish)
            await simulator.start(host, chat_port)
            parts = Parts(
                token=simulator.token, api=simulator.url, store=store, media=open_media(str(Path(folder) / "media")),
                secret=b"only for the demonstration, on this machine", public_url=f"http://{host}:{web_port}",
                web_host=host, web_port=web_port,
            )  # fmt: skip
            async with running(parts) as service:
                for line in _addresses(simulator, service.web_port, host, invited):
                    say(line)
                if started is not None:
                    started.set()
                await told.wait()
                say("กำลังหยุด / Stopping")
        finally:
            await simulator.stop()
            await asyncio.to_thread(store.close)


def _furnish(tx: Tx) -> list[tuple[str, str]]:
    """The sample LAOs, a reviewer, and an invitation for some of them: (name, code)."""
    now = utc_now()
    sample = read_laos(files("storage").joinpath("samples/lao.csv").read_bytes())
    import_laos(tx, sample.laos, now, sample.has_phones)
    add_reviewer(tx, REVIEWER, hash_password(PASSWORD), now)
    some = [one for one in sample.laos if one.office is not None and one.type == "เทศบาลตำบล"][:3]
    return [(one.full_name, invite(tx, one.code, now, uses=50)[0]) for one in some]


def _addresses(simulator: Simulator, web_port: int, host: str, invited: list[tuple[str, str]]) -> list[str]:
    return [
        "",
        "  แชตของเจ้าหน้าที่ / the officer's chat (a phone in a web page):",
        *(f"    {simulator.url}/?start={code}   {name}" for name, code in invited),
        "",
        "  เว็บของผู้ตรวจ / the reviewer's web:",
        f"    http://{host}:{web_port}   ชื่อ / name: {REVIEWER}   รหัสผ่าน / password: {PASSWORD}",
        "",
        "  หยุด / stop: Ctrl-C   (ข้อมูลทดลองจะหายไป / what was entered is gone then)",
        "",
    ]
