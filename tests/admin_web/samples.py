"""Entries as invented officers of real LAOs might send them, and a reviewer to look at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw
from sqlalchemy import insert, update

from admin_web.auth import hash_password
from flows import CATALOGUE
from flows.core.chat import Json
from flows.core.coordinates import LatLon
from flows.core.photos import Kept
from storage import review_queue, reviews, submissions
from storage.db import Store, Tx
from storage.lao import Lao, import_laos
from storage.photos import Photos, Prepared
from storage.review_queue import Filters
from storage.reviewers import Reviewer, add_reviewer, reviewer_named
from storage.tables import officer, outbox

NOW = datetime(2017, 1, 16, 2, 0, tzinfo=UTC)
PASSWORD = "ดอกไม้ สีเหลือง 9"
HASH = hash_password(PASSWORD)

LAMPANG = Lao(
    "5520107", "เทศบาลตำบลต้นธงชัย", "เทศบาลตำบล", "ลำปาง", "เมืองลำปาง", "ต้นธงชัย", LatLon(18.3171, 99.5106)
)
KOKHA = Lao(
    "5520401", "เทศบาลตำบลเกาะคา", "เทศบาลตำบล", "ลำปาง", "เกาะคา", "เกาะคา", LatLon(18.1925, 99.3942)
)
PHRAE = Lao("5400101", "องค์การบริหารส่วนตำบลป่าแมต", "องค์การบริหารส่วนตำบล", "แพร่", "เมืองแพร่", "ป่าแมต")

NASTY = "<script>alert(1)</script> \"><img src=x onerror=alert(2)> ' \u202eซ่อน\u202c {{7*7}}"


@dataclass(frozen=True, slots=True)
class Office:
    """An officer and the LAO that they send for."""

    officer_id: int
    chat_id: int
    lao: Lao


def reviewer(tx: Tx, name: str = "สมหญิง ตรวจดี") -> Reviewer:
    made = add_reviewer(tx, name, HASH, NOW)
    assert isinstance(made, Reviewer)
    return made


def office(tx: Tx, lao: Lao = LAMPANG, name: str = "มานะ ตัวอย่าง", chat_id: int = 1001) -> Office:
    import_laos(tx, (lao,), NOW)
    made = tx.execute(
        insert(officer)
        .values(lao_code=lao.code, chat_id=chat_id, name=name, joined_at=NOW)
        .returning(officer.c.id)
    ).scalar_one()
    return Office(made, chat_id, lao)


def waiting_titles(tx: Tx, filters: Filters | None = None) -> list[str]:
    return [one.headline for one in review_queue.queue(tx, filters or Filters()).entries]


def remove(tx: Tx, one: Office) -> None:
    tx.execute(update(officer).where(officer.c.id == one.officer_id).values(removed_at=NOW))


def send(
    tx: Tx, by: Office, form: str = "landmark", at: datetime = NOW, **answers: Json
) -> submissions.Entry:
    return submissions.submit(
        tx, CATALOGUE[form], {**SIMPLE[form], **answers}, by.officer_id, by.lao.code, at
    )


def send_again(
    tx: Tx, entry: submissions.Entry, by: Office, at: datetime = NOW, **changes: Json
) -> submissions.Entry:
    answers = {**entry.answers, **changes}
    return submissions.submit_again(tx, CATALOGUE[entry.form], entry.id, answers, by.officer_id, at)


SIMPLE: Mapping[str, dict[str, Json]] = {
    "landmark": {
        "name": "วัดเจดีย์ซาวหลัง",
        "category": "sacred",
        "description": "วัดเก่าแก่คู่เมืองลำปาง มีเจดีย์ยี่สิบองค์ตั้งเรียงกันบนเนินดิน",
        "photos": [],
        "phone": [{"number": "054223456", "extension": "1"}],
        "coordinates": {
            "latitude": 18.3262, "longitude": 99.5177, "source": "pin", "accuracy": None,
            "district": "เมืองลำปาง", "province": "ลำปาง", "office_km": 1.3,
        },
    },
    "product": {
        "name": "ชามตราไก่",
        "category": "household",
        "description": "ชามเซรามิกเขียนลายไก่ด้วยมือ เผาที่อุณหภูมิสูง ใช้กับไมโครเวฟได้",
        "photos": [],
        "producer": "กลุ่มเซรามิกบ้านศาลาดอน",
        "phone": [{"number": "0812345678", "extension": ""}],
        "price": {"low": "120", "high": "150", "unit": "ใบ"},
    },
    "news": {
        "category": "tourism",
        "title": "ขอเชิญร่วมงานหลวงเวียงละกอน ประจำปี ๒๕๖๐",
        "body": "ขอเชิญประชาชนและนักท่องเที่ยวร่วมงานหลวงเวียงละกอน ชมขบวนแห่และการแสดงพื้นบ้าน",
        "date": "2017-02-03",
        "photos": [],
    },
}  # fmt: skip


@cache
def picture(seed: int, width: int = 1600, height: int = 1200) -> bytes:
    """A drawn scene of hills and a chedi, so that pages of the tests and the README show something."""
    hue = (seed * 47) % 60
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for y in range(height):
        share = y / height
        draw.line(
            (0, y, width, y), fill=(int(120 + 110 * share), int(170 + 50 * share), int(225 - 20 * share))
        )
    for step, shade in enumerate((150, 115, 80)):
        base, rise = height * (0.55 + step * 0.12), height * (0.22 - step * 0.05)
        points = [
            (x, base - rise * abs(((x * (step + 1) / width * 2 + seed * 0.37) % 2) - 1))
            for x in range(0, width + 40, 40)
        ]
        draw.polygon(
            [(0, height), *points, (width, height)],
            fill=(shade - hue // 2, shade + 40, shade - 20 + hue // 2),
        )
    middle, foot = width * (0.35 + (seed % 4) * 0.1), height * 0.82
    for n in range(6):
        half, top = width * (0.12 - n * 0.018), foot - height * 0.07 * (n + 1)
        draw.rectangle(
            (middle - half, top, middle + half, top + height * 0.071),
            fill=(235 - n * 6, 205 - n * 9, 130 - n * 8),
        )
    tip = foot - height * 0.62
    draw.polygon(
        [
            (middle - width * 0.025, foot - height * 0.42),
            (middle, tip),
            (middle + width * 0.025, foot - height * 0.42),
        ],
        fill=(212, 168, 60),
    )
    out = BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


async def kept(photos: Photos, seed: int, width: int = 1600, height: int = 1200) -> dict[str, Json]:
    """One photo of an answer, truly kept."""
    made = await photos.keep(picture(seed, width, height))
    assert isinstance(made, Prepared)
    return Kept(made.photo, made.width, made.height).to_json()


async def fill(store: Store, photos: Photos, now: datetime = NOW, people: bool = True) -> None:
    """A whole working day: entries of every form, one sent again after changes were asked, one hidden, one not told."""
    pictures = [await kept(photos, n, *((1600, 1200), (1200, 1600), (1920, 1080))[n % 3]) for n in range(6)]

    def put(tx: Tx) -> None:
        if people:
            reviewer(tx)
            reviewer(tx, "ประสิทธิ์ ละเอียด")
        who = reviewer_named(tx, "ประสิทธิ์ ละเอียด")
        assert who is not None
        a, b = office(tx), office(tx, KOKHA, "จันทร์เพ็ญ สมมุติ", 1002)
        c = office(tx, PHRAE, "บุญมี นามสมมุติ", 1003)

        def ago(minutes: int) -> datetime:
            return now - timedelta(minutes=minutes)

        first = send(tx, a, at=ago(3000), photos=pictures[:3], email="info@example.go.th")
        reviews.decide(
            tx, first.id, 1, who.id, "changes",
            {"photos": "รูปไม่ชัดหรือมืดเกินไป กรุณาส่งรูปใหม่", "description": "รายละเอียดน้อยเกินไป กรุณาเพิ่มรายละเอียด: ขอเวลาเปิด-ปิดด้วย"},
            "เกือบครบแล้ว ขอบคุณที่ส่งมา", ago(2900),
        )  # fmt: skip
        tx.execute(update(outbox).values(sent_at=ago(2899)))
        description = f"{first.answers['description']}\nเปิดให้เข้าชมทุกวัน เวลา 08.00–17.00 น. ไม่เสียค่าเข้าชม"
        send_again(
            tx, first, a, ago(600), photos=[pictures[3], pictures[1], pictures[2]], description=description
        )
        send(tx, b, "product", ago(500), photos=pictures[1:4])
        send(tx, b, "news", ago(480), photos=pictures[4:])
        send(tx, c, "landmark", ago(300), name="น้ำตกห้วยโรง", category="nature", photos=pictures[2:3], coordinates={
            "latitude": 18.4712, "longitude": 100.4823, "source": "button", "accuracy": 450.0,
            "district": "ร้องกวาง", "province": "แพร่", "office_km": None,
        })  # fmt: skip
        for n, name in enumerate(("ผ้าทอลายเชียงแสน", "ข้าวแต๋นน้ำแตงโม", "ไม้แกะสลักบ้านหลุก", "น้ำผึ้งป่าเดือนห้า")):
            send(tx, (a, b)[n % 2], "product", ago(200 - n * 9), name=name, photos=pictures[n : n + 1])
        hidden = send(
            tx, a, at=ago(100), name="สวนสาธารณะเขลางค์นคร", category="recreation", photos=pictures[:1]
        )
        submissions.set_shown(tx, hidden, False, a.officer_id, ago(90))
        for n in range(6):
            send(
                tx,
                b,
                "news",
                ago(60 - n),
                title=f"ประชาสัมพันธ์โครงการฉีดวัคซีนป้องกันโรคพิษสุนัขบ้า หมู่ที่ {n + 1}",
                category="notice",
            )
        lost = send(
            tx, c, "product", ago(4000), name="หม้อห้อมเมืองแพร่", category="textile", photos=pictures[:1]
        )
        reviews.decide(tx, lost.id, 1, who.id, "approve", {}, "", ago(3500))
        tx.execute(update(outbox).where(outbox.c.submission_id == lost.id).values(given_up_at=ago(3400)))

    await store.run(put)
