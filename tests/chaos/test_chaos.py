"""The short form of `python -m tests.chaos`: the real service, killed while officers fill in forms."""

from __future__ import annotations

import pytest

from tests import postgres
from tests.chaos.faults import kinds
from tests.chaos.report import written
from tests.chaos.run import Plan, run
from tests.conftest import WITHOUT_POSTGRES

PLANS = {
    "sqlite": Plan(seed=139, officers=6, seconds=18, between=0.8),
    "postgresql": Plan(
        seed=135, officers=6, seconds=19, between=0.8, database="postgresql", transport="webhook", replicas=2
    ),
}


@pytest.mark.chaos
@pytest.mark.parametrize("database", PLANS)
async def test_nothing_is_lost_whatever_befalls_the_service(database: str) -> None:
    if database == "postgresql" and postgres.programs() is None:
        pytest.skip(WITHOUT_POSTGRES)
    report = await run(PLANS[database])
    assert report.well, written(report)
    assert report.outcome.entries
    assert report.outcome.photos
    befell = {what.partition(",")[0] for _, what in report.happened}
    plan = PLANS[database]
    assert befell >= set(kinds(plan.database, plan.transport))
