"""Kills the real service again and again while officers fill in forms, and checks that nothing is lost."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys

from tests.chaos.faults import KINDS
from tests.chaos.report import written
from tests.chaos.run import Plan, run


def main() -> int:
    reads = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    reads.add_argument(
        "--seed", type=int, help="what was chosen by chance is chosen again; default: a new one"
    )
    reads.add_argument("--officers", type=int, default=100)
    reads.add_argument("--seconds", type=float, default=120.0, help="how long there is trouble")
    reads.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    reads.add_argument("--transport", choices=("polling", "webhook"), default="polling")
    reads.add_argument(
        "--replicas", type=int, default=1, help="processes behind a balancer, with webhook and postgresql"
    )
    reads.add_argument(
        "--without", action="append", default=[], choices=KINDS, help="a kind of fault that is left out"
    )
    reads.add_argument(
        "--no-small-disk", action="store_true", help="a full disk is played by what files may hold"
    )
    given = reads.parse_args()
    if given.replicas > 1 and (given.transport, given.database) != ("webhook", "postgresql"):
        reads.error("several processes need --transport webhook --database postgresql")
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    plan = Plan(
        seed, given.officers, given.seconds, given.database, given.transport, given.replicas,
        tuple(given.without), not given.no_small_disk,
    )  # fmt: skip
    report = asyncio.run(run(plan))
    print(written(report))
    return 0 if report.well else 1


if __name__ == "__main__":
    sys.exit(main())
