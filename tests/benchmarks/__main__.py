"""Measures everything beside what others would use: `python -m tests.benchmarks --readme` takes about half an hour."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import tests.benchmarks
from tests.benchmarks import table
from tests.benchmarks.environment import KEPT, ROOT
from tests.benchmarks.row import Row


def found() -> Mapping[str, Callable[[bool], list[Row]]]:
    """Every module here that measures something."""
    names = [one.name for one in iter_modules(tests.benchmarks.__path__) if one.name != "__main__"]
    modules = {name: import_module(f"tests.benchmarks.{name}") for name in names}
    return {name: module.run for name, module in modules.items() if hasattr(module, "run")}


def main() -> int:
    measures = found()
    reads = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    reads.add_argument(
        "--only",
        default=",".join(measures),
        help=f"of {', '.join(measures)}; the others stay as measured before",
    )
    reads.add_argument(
        "--quick", action="store_true", help="one round each: shows that it works, not how fast"
    )
    reads.add_argument("--json", type=Path, default=KEPT / "results.json", help="where the numbers go")
    reads.add_argument("--readme", action="store_true", help="put the table into README.md")
    given = reads.parse_args()
    wanted = given.only.split(",")
    if unknown := set(wanted) - set(measures):
        reads.error(f"there is no {', '.join(sorted(unknown))}")
    if given.readme:
        table.into(
            (ROOT / "README.md").read_text(encoding="utf-8"), ""
        )  # fails now rather than in half an hour
    today = datetime.now(UTC).date()
    given.json.parent.mkdir(exist_ok=True)
    rows: list[Row] = []
    if given.json.exists():
        rows = table.others(given.json.read_text(encoding="utf-8"), wanted, today)
    for name in wanted:
        print(f"… {name}", file=sys.stderr, flush=True)
        rows = sorted(
            [*rows, *measures[name](given.quick)], key=lambda row: list(measures).index(row.measure)
        )
        # After each, so that one that fails at the end costs no half hour.
        given.json.write_text(table.as_json(rows, today), encoding="utf-8")
    print(table.written(rows, today))
    if given.readme:
        readme = ROOT / "README.md"
        readme.write_text(
            table.into(readme.read_text(encoding="utf-8"), table.written(rows, today)), encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
