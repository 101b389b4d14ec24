"""A campaign and standings of real LAOs with invented numbers, for the tests of progress and what shows it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from flows.core.campaign import Campaign, Requirement, Scope
from flows.core.dates import BANGKOK
from flows.core.progress import STAGES, FormStanding, Stage, Standing

NOW = datetime(2017, 1, 19, 7, 5, tzinfo=UTC)
OWED = {"news": 2, "product": 1}
CAMPAIGN = Campaign(
    id=1,
    title="บันทึกข้อมูลข่าวสารท้องถิ่น สินค้าหนึ่งตำบลหนึ่งผลิตภัณฑ์ และสถานที่สำคัญให้ครบถ้วน",
    letter_number="มท 0810.6/ว 1234",
    letter_date=date(2016, 12, 15),
    deadline=datetime(2017, 1, 31, 16, 30, tzinfo=BANGKOK),
    requirements=tuple(Requirement(form, count) for form, count in OWED.items()),
    counts="approved",
    scope=Scope(provinces=("ลำปาง",)),
    state="running",
    started_at=datetime(2016, 12, 20, 2, 0, tzinfo=UTC),
)
_FORMS: Mapping[Stage, Mapping[str, FormStanding]] = {
    "complete": {"news": FormStanding(2, 3, approved=3), "product": FormStanding(1, 1, approved=1)},
    "waiting": {"news": FormStanding(2, 2, waiting=1, approved=1), "product": FormStanding(1, 1, waiting=1)},
    "partly": {"news": FormStanding(2, 1, returned=1), "product": FormStanding(1, 1, approved=1)},
    "nothing": {form: FormStanding(owed) for form, owed in OWED.items()},
    "nobody": {form: FormStanding(owed) for form, owed in OWED.items()},
}


def standing(
    stage: Stage, name: str = "เทศบาลตำบลต้นธงชัย", district: str = "เมืองลำปาง", number: int = 0
) -> Standing:
    return Standing(
        lao_code=f"52{number:05}",
        lao_name=name,
        type="เทศบาลตำบล",
        district=district,
        province="ลำปาง",
        by_form=_FORMS[stage],
        officers_joined=0 if stage == "nobody" else 1,
        reachable=stage not in ("nobody", "nothing"),
    )


def standings(count: int, districts: int = 10) -> list[Standing]:
    """LAOs of every stage, spread over districts of invented names."""
    return [
        standing(STAGES[number % len(STAGES)], f"องค์การบริหารส่วนตำบลบ้านน้ำซึ้งที่ {number}",
                 f"อำเภอตัวอย่าง {number % districts}", number)
        for number in range(count)
    ]  # fmt: skip
