"""docs/deploy/nginx.conf in front of two replicas in processes of their own, one of which is killed in mid-journey."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot.simulator import Simulator
from storage import invitations
from storage.db import Store
from storage.lao import import_laos
from tests.journeys.steps import PHOTO, begin
from tests.nginx import NGINX, WITHOUT_NGINX, check, make_certificate
from tests.town import LAOS, TONTHONGCHAI

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "docs" / "deploy" / "nginx.conf"
OURS = "172.28.57."  # the network of compose.yaml, here one on loopback


@asynccontextmanager
async def process(*words: str, cwd: Path, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    running = await asyncio.create_subprocess_exec(
        *words, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **settings}
    )
    try:
        yield running
    finally:
        if running.returncode is None:
            running.send_signal(signal.SIGTERM)
        await asyncio.wait_for(running.wait(), 30)


def replica(
    address: str, folder: Path, settings: Mapping[str, str]
) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
    return process(
        sys.executable,
        "-m",
        "bot",
        "serve",
        cwd=folder,
        PYTHONPATH=str(ROOT),
        THONGTHIN_WEB_HOST=address,
        **settings,
    )


def proxy_in(folder: Path, network: str, port: int) -> Path:
    """The configuration as it is, but for the addresses; Telegram's posts come without TLS as well."""
    make_certificate(folder)
    text = CONFIG.read_text(encoding="utf-8").replace(OURS, network).replace("/etc/nginx/tls", str(folder))
    plain = f"listen {network}2:{port};\n        listen {network}2:{port + 1} ssl default_server;"
    text = text.replace("listen 443 ssl default_server;", plain)
    text = text.replace("listen 80 default_server;", f"listen {network}2:{port + 2} default_server;")
    places = "".join(
        f"{one}_temp_path {folder / one};\n" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    text = text.replace("http {", f"http {{\n{places}", 1)
    file = folder / "nginx.conf"
    file.write_text(
        f"pid {folder / 'nginx.pid'};\nerror_log {folder / 'error.log'};\n{text}", encoding="utf-8"
    )
    check(file)
    return file


async def answers(url: str, within: float = 40) -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(within):
        while True:
            try:
                async with session.get(url, ssl=_unchecked()) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)


def _unchecked() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@pytest.mark.skipif(NGINX is None, reason=WITHOUT_NGINX)
async def test_an_officer_notices_nothing_of_a_replica_that_is_killed_behind_the_proxy(
    embedded_setting: str, tmp_path: Path
) -> None:
    assert NGINX
    network, port = f"127.57.{random.randrange(1, 255)}.", 18443
    config = await asyncio.to_thread(proxy_in, tmp_path, network, port)
    store, now = Store(embedded_setting), datetime.now(UTC)
    await store.run(import_laos, LAOS, now)
    code, _ = await store.run(invitations.invite, TONTHONGCHAI.code, now)
    async with Simulator() as sim:
        settings = {
            "THONGTHIN_TELEGRAM_TOKEN": sim.token, "THONGTHIN_TELEGRAM_API": sim.url,
            "THONGTHIN_WEBHOOK": f"http://{network}2:{port}/telegram", "THONGTHIN_SECRET": "s" * 32,
            "THONGTHIN_DATABASE": embedded_setting, "THONGTHIN_DATA": str(tmp_path),
            "THONGTHIN_PUBLIC_URL": f"https://{network}2:{port + 1}",
            "THONGTHIN_TRUSTED_PROXIES": f"{network}2/32",
        }  # fmt: skip
        async with (
            replica(f"{network}11", tmp_path, settings) as one,
            replica(f"{network}12", tmp_path, settings),
            process(NGINX, "-c", str(config), "-p", str(tmp_path), "-g", "daemon off;", cwd=tmp_path),
        ):
            for number in (11, 12):
                await answers(f"http://{network}{number}:8080/healthz")
                await answers(f"http://{network}{number}:8081/healthz")
            await answers(f"https://{network}2:{port + 1}/healthz")
            o = sim.person("สมศรี ตัวอย่าง")
            await o.say(f"/start {code}")
            await o.hears("ใช่หน่วยงานของท่านหรือไม่")
            await o.press("ใช่ เข้าร่วม")
            await o.hears("ต้องการทำอะไร")
            await begin(o)
            await o.say("วัดพระธาตุลำปางหลวง")
            await o.hears("ขั้นที่ 2")
            one.kill()
            await one.wait()
            await o.press("2. สถานที่ศักดิ์สิทธิ์")
            await o.hears("ขั้นที่ 3")
            await o.press("ข้าม")
            await o.hears("ขั้นที่ 4")
            await answers(f"https://{network}2:{port + 1}/healthz", within=5)
            await o.send_photos([PHOTO])
            await o.hears("1 รูป")
            async with replica(f"{network}11", tmp_path, settings):
                await answers(f"http://{network}11:8081/healthz")
                await o.press("เสร็จแล้ว")
                await o.hears("ขั้นที่ 5")
                await o.say("054-123-456")
                await o.hears("ขั้นที่ 6")
                await o.press("ข้าม")
                await o.hears("ส่งให้ตรวจ")
                await o.press("ส่งให้ตรวจ")
                await o.hears(" L-")
        assert sim.refusals == []
    store.close()
