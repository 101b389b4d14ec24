"""Journeys with the photos in a bucket: the same as with a folder, also when the store goes away in mid-work."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.simulator.person import said
from storage.db import Store
from storage.media import open_media
from tests.journeys.steps import ANOTHER, PHOTO, entries, number_in, settled, to_photos
from tests.s3 import Server
from tests.town import town

SORRY_NOT_YET = "ไม่ต้องส่งซ้ำ"


async def test_photos_sent_while_the_store_is_away_are_taken_once_it_is_back(
    store: Store, tmp_path: Path, s3: Server
) -> None:
    bucket = s3.bucket()
    media = await asyncio.to_thread(open_media, f"s3://{bucket}/thongthin", s3.access)
    async with town(store, tmp_path, media=media) as t:
        o = await t.officer()
        await to_photos(o)
        await asyncio.to_thread(s3.stop)
        await o.send_photos([PHOTO, ANOTHER])
        await o.hears(SORRY_NOT_YET)
        await asyncio.to_thread(s3.start)
        await o.hears("2 รูป", within=10)
        assert sum(SORRY_NOT_YET in said(one) for one in o.messages) == 1
        await o.press("เสร็จแล้ว")
        await o.hears("ขั้นที่ 5")
        await o.say("054-123-456")
        await o.hears("ขั้นที่ 6")
        await o.press("ข้าม")
        await o.hears("ส่งให้ตรวจ")
        await o.press("ส่งให้ตรวจ")
        number = number_in(said(await o.hears("L-2560-")))
        await settled(o)
        assert [one.number for one in await entries(t)] == [number]
        names = await asyncio.to_thread(s3.files, bucket)
        assert sorted(name.rsplit("/", 1)[-1] for name in names) == sorted(
            ["info-centre.jpg", "thumbnail.jpg", "web.jpg"] * 2
        )
    assert not (tmp_path / "media").exists()
