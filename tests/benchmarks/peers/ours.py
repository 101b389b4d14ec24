"""The whole service with a form of the same eight questions, and officers who have joined: API TOKEN DATABASE FOLDER CHATS.

On SIGUSR1 it makes ten photos of the file FOLDER/photo.jpg ready, again and again until SIGUSR2.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import insert

import flows
from flows.core.fields import Text
from flows.core.flow import Flow
from flows.core.text import T
from storage.db import Store, Tx
from storage.lao import Lao, import_laos
from storage.photos import Prepared
from storage.tables import chat, officer
from tests.benchmarks.peers.questions import QUESTIONS
from tests.benchmarks.stub import FIRST_CHAT

FORM = Flow(
    key="benchmark",
    title=T("แบบทดสอบ", "Benchmark"),
    letter="B",
    icon="⏱",
    headline="{q0}",
    fields=[Text(f"q{n}", T(words, words), most=200) for n, words in enumerate(QUESTIONS)],
)
SCRIPT = ("/add", "[แบบทดสอบ]", *(f"คำตอบที่ {n} ของ {{n}}" for n in range(len(QUESTIONS))), "[ส่งให้ตรวจ]")
LAOS = 50


def furnish(tx: Tx, chats: int, now: datetime) -> None:
    """Officers who have joined, a few at each LAO."""
    laos = [Lao(f"{n:07}", f"ทต.ทดสอบ {n}", "เทศบาลตำบล", "ลำปาง", "เมืองลำปาง", "") for n in range(LAOS)]
    import_laos(tx, laos, now)
    ids = range(FIRST_CHAT, FIRST_CHAT + chats)
    tx.execute(insert(chat), [{"id": one, "language": "th", "focus": {}, "seen_at": now} for one in ids])
    tx.execute(
        insert(officer),
        [{"lao_code": f"{one % LAOS:07}", "chat_id": one, "name": "ตัวอย่าง", "joined_at": now} for one in ids],
    )


async def main(api: str, token: str, database: str, folder: str, chats: str) -> None:
    flows.CATALOGUE = MappingProxyType({**flows.CATALOGUE, FORM.key: FORM})
    from bot import garbage
    from bot.service import Parts, running, until_told_to_stop, utc_now
    from storage.media import open_media

    told = until_told_to_stop()
    store = Store(database)
    store.run_now(furnish, int(chats), datetime.now(UTC))
    parts = Parts(
        token=token, api=api, store=store, media=open_media(f"{folder}/media"), secret=b"s" * 32,
        public_url="http://127.0.0.1", now=utc_now, rate=0,
    )  # fmt: skip
    garbage.look_seldom()  # as the command line does
    async with running(parts) as service:
        loop, making = asyncio.get_running_loop(), asyncio.Event()
        loop.add_signal_handler(signal.SIGUSR1, making.set)
        loop.add_signal_handler(signal.SIGUSR2, making.clear)

        async def make_photos() -> None:
            photo = Path(folder) / "photo.jpg"
            while await making.wait():
                data = await asyncio.to_thread(photo.read_bytes)
                made = await asyncio.gather(*(service.photos.keep(data) for _ in range(10)))
                assert all(isinstance(one, Prepared) for one in made), made

        photos = asyncio.create_task(make_photos())
        stopped = asyncio.create_task(told.wait())
        await asyncio.wait({photos, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if photos.done():
            photos.result()  # whatever was measured would be worth nothing
        photos.cancel()
    store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
