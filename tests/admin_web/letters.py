"""Campaigns, people and letters for the tests of deadlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

from aiohttp import FormData
from sqlalchemy import insert

from flows.core.campaign import Campaign, Requirement, Scope
from flows.core.dates import BANGKOK
from flows.core.roles import EVERYWHERE, Reach, Role
from storage import campaigns
from storage.db import Tx
from storage.lao import import_laos
from storage.reviewers import Reviewer, add_reviewer
from storage.tables import chat
from tests.admin_web.samples import HASH, KOKHA, LAMPANG, NOW, PHRAE, Office, office

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"

CAMPAIGN = Campaign(
    id=0,
    title="บันทึกข้อมูลท้องถิ่นให้ครบถ้วน",
    letter_number="มท 0810.6/ว 1234",
    letter_date=datetime(2016, 12, 15, tzinfo=BANGKOK).date(),
    deadline=datetime(2017, 1, 31, 16, 30, tzinfo=BANGKOK),
    requirements=(Requirement("product", 1), Requirement("landmark", 1)),
    counts="submitted",
    scope=Scope(),
)
FORM: Mapping[str, str] = {
    "title": CAMPAIGN.title, "letter_number": CAMPAIGN.letter_number, "letter_date": "15 ธ.ค. 2559",
    "deadline": "31 ม.ค. 2560", "hour": "16.30", "owed.news": "0", "owed.product": "1", "owed.landmark": "1",
    "counts": "submitted", "since": "", "before": "30, 14, 7, 3, 1, 0", "after": "1, 7", "opens": "8.30",
    "closes": "16.30", "days_off": "", "wording": "", "version": "0", "act": "save",
}  # fmt: skip


def person(tx: Tx, name: str, role: Role = "coordinator", reach: Reach = EVERYWHERE) -> Reviewer:
    made = add_reviewer(tx, name, HASH, NOW, role, reach)
    assert isinstance(made, Reviewer)
    return made


def make(tx: Tx, state: str = "running", letter: str = "", **changes: Any) -> int:
    """A campaign by the first reviewer, started as far as `state` says."""
    made = campaigns.save_new(tx, replace(CAMPAIGN, **changes), 1, letter, NOW)
    steps: Sequence[Any] = {
        "draft": (),
        "running": ("running",),
        "paused": ("running", "paused"),
        "ended": ("running", "ended"),
    }[state]
    for version, step in enumerate(steps, 1):
        assert campaigns.set_state(tx, made, version, step, NOW) is None
    return made


def offices(tx: Tx) -> Sequence[Office]:
    """Three LAOs in two provinces; nobody has joined for the second one, and the third's officer is unreachable."""
    import_laos(tx, (LAMPANG, KOKHA, PHRAE), NOW)
    joined = [office(tx), office(tx, PHRAE, "บุญมี นามสมมุติ", 1003)]
    for one, gone in zip(joined, (None, NOW), strict=True):
        tx.execute(
            insert(chat).values(id=one.chat_id, language="th", focus={}, unreachable_at=gone, seen_at=NOW)
        )
    return joined


def with_letter(form: Mapping[str, str], csrf: str, content: bytes, name: str = "หนังสือ.pdf") -> FormData:
    data = FormData()
    for key, value in {**form, "csrf": csrf}.items():
        data.add_field(key, value)
    data.add_field("letter", BytesIO(content), filename=name, content_type="application/pdf")
    return data
