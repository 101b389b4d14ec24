"""Some LAOs of two provinces with officers who send entries, and a reviewer who decides them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event

from flows import CATALOGUE
from flows.core.campaign import Campaign, Counts, Requirement, Scope, State
from flows.core.problem import Problem
from flows.core.review import Verdict
from storage import campaigns, conversations, officers, reviews, submissions
from storage.db import Store, Tx
from storage.lao import Lao, import_laos
from storage.officers import Officer
from storage.reviewers import Reviewer, add_reviewer
from storage.submissions import Entry
from tests.bot.talk import ANSWERS

LAOS = [
    Lao("5520107", "เทศบาลตำบลต้นธงชัย", "เทศบาลตำบล", "ลำปาง", "เมืองลำปาง"),
    Lao("5520108", "องค์การบริหารส่วนตำบลบ้านแลง", "องค์การบริหารส่วนตำบล", "ลำปาง", "เมืองลำปาง"),
    Lao("5520401", "เทศบาลตำบลเกาะคา", "เทศบาลตำบล", "ลำปาง", "เกาะคา"),
    Lao("5540101", "เทศบาลเมืองแพร่", "เทศบาลเมือง", "แพร่", "เมืองแพร่"),
    Lao("5540201", "เทศบาลตำบลร้องกวาง", "เทศบาลตำบล", "แพร่", "ร้องกวาง"),
]
TONTHONGCHAI, BANLAENG, KOKHA, PHRAE, RONGKWANG = (one.code for one in LAOS)
DEADLINE = datetime(2017, 1, 31, 9, 30, tzinfo=UTC)
LETTER = Campaign(
    0, "บันทึกข้อมูลท้องถิ่น", "มท 0810.7/ว 123", None, DEADLINE,
    (Requirement("landmark", 2), Requirement("product", 1)), "submitted", Scope(),
)  # fmt: skip


@dataclass
class DeadlineTown:
    store: Store
    now: datetime
    reviewer_id: int = 0

    def __post_init__(self) -> None:
        self.store.run_now(import_laos, LAOS, self.now)
        self.reviewer_id = self.account("ผู้ประสานงาน").id

    def account(self, name: str, **more: Any) -> Reviewer:
        made = self.store.run_now(add_reviewer, name, "-", self.now, **more)
        assert isinstance(made, Reviewer)
        return made

    def officer(self, lao_code: str, chat_id: int, name: str = "สมศรี") -> Officer:
        def join(tx: Tx) -> Officer:
            conversations.lock_chat(tx, chat_id, "th", self.now)
            return officers.join(tx, chat_id, name, lao_code, self.now)

        return self.store.run_now(join)

    def sends(self, officer: Officer, form: str = "landmark", at: datetime | None = None) -> Entry:
        return self.store.run_now(
            submissions.submit, CATALOGUE[form], ANSWERS[form], officer.id, officer.lao.code, at or self.now
        )

    def sends_again(self, officer: Officer, entry: Entry) -> Entry:
        return self.store.run_now(
            submissions.submit_again,
            CATALOGUE[entry.form],
            entry.id,
            ANSWERS[entry.form],
            officer.id,
            self.now,
        )

    def decides(self, entry: Entry, verdict: Verdict) -> None:
        flags = {"photos": "รูปไม่ชัด"} if verdict == "changes" else {}
        note = "ซ้ำ" if verdict == "reject" else ""
        newest = self.entry(entry)
        done = self.store.run_now(
            reviews.decide, entry.id, newest.revision, self.reviewer_id, verdict, flags, note, self.now
        )
        assert not isinstance(done, Problem), done

    def deletes(self, officer: Officer, entry: Entry) -> None:
        self.store.run_now(submissions.delete_entry, self.entry(entry), officer.id, self.now)

    def restores(self, officer: Officer, entry: Entry) -> None:
        assert self.store.run_now(submissions.restore_entry, self.entry(entry), officer.id, self.now)

    def entry(self, entry: Entry) -> Entry:
        found = self.store.read_now(submissions.entry_of, entry.id)
        assert found is not None
        return found

    # --- campaigns

    def draft(self, campaign: Campaign = LETTER) -> Campaign:
        return self.campaign(self.store.run_now(campaigns.save_new, campaign, self.reviewer_id, "", self.now))

    def running(self, campaign: Campaign = LETTER) -> Campaign:
        return self.step(self.draft(campaign), "running")

    def step(self, campaign: Campaign, state: State) -> Campaign:
        problem = self.store.run_now(
            campaigns.set_state, campaign.id, self.version(campaign), state, self.now
        )
        assert problem is None, problem
        return self.campaign(campaign.id)

    def changed(self, campaign: Campaign) -> Campaign:
        problem = self.store.run_now(
            campaigns.change, campaign.id, self.version(campaign), campaign, self.now
        )
        assert problem is None, problem
        return self.campaign(campaign.id)

    def campaign(self, campaign_id: int) -> Campaign:
        found = self.store.read_now(campaigns.campaign_of, campaign_id)
        assert found is not None
        return found

    def version(self, campaign: Campaign) -> int:
        return self.store.read_now(campaigns.version_of, campaign.id)

    def numbers(self, campaign: Campaign, lao_code: str, form: str = "landmark") -> tuple[int, ...]:
        """Submitted, waiting, returned, approved, rejected."""
        [found] = [
            one.by_form[form]
            for one in self.store.read_now(campaigns.standings, campaign)
            if one.lao_code == lao_code
        ]
        return found.submitted, found.waiting, found.returned, found.approved, found.rejected


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """Every statement that the store's engine runs meanwhile."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE")):
            seen.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


def letter(counts: Counts = "submitted", **more: Any) -> Campaign:
    return replace(LETTER, counts=counts, **more)
