"""The sample dashboard loads, and asks for exactly what the program measures."""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from bot.measurements import Measurements

FILE = Path(__file__).parent.parent / "docs" / "deploy" / "grafana.json"
DASHBOARD: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
PANELS: list[dict[str, Any]] = DASHBOARD["panels"]
DRAWN = [one for one in PANELS if one["type"] != "row"]
SUFFIXES = re.compile(r"_(bucket|sum|count)$")
NAME = re.compile(r"\b((?:thongthin|process)_[a-z_]+)")


def measured() -> dict[str, set[str]]:
    """The labels of each name that a scrape shows, samples of histograms under their own name."""
    told = Measurements()
    told.called("sendMessage", 200)
    told.noticed("verdict", "sent")
    found: dict[str, set[str]] = {}
    for family in told.registry.collect():
        for sample in family.samples:
            if not sample.name.endswith("_created"):
                found.setdefault(SUFFIXES.sub("", sample.name), set()).update(sample.labels)
    return found


def expressions() -> list[str]:
    return [target["expr"] for panel in DRAWN for target in panel["targets"]]


def test_it_has_what_grafana_needs_to_load_it() -> None:
    assert DASHBOARD["schemaVersion"] >= 36
    assert {"title", "uid", "time", "templating", "annotations", "refresh"} <= set(DASHBOARD)
    assert "id" not in DASHBOARD  # Grafana gives it
    assert {one["type"] for one in PANELS} <= {"row", "timeseries", "stat"}
    assert len({one["id"] for one in PANELS}) == len(PANELS)
    for panel in DRAWN:
        assert panel["targets"], panel["title"]
        refs = [one["refId"] for one in panel["targets"]]
        assert len(set(refs)) == len(refs)
        assert panel["fieldConfig"]["defaults"]["unit"]
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}


def test_no_panel_lies_on_another() -> None:
    for one, other in combinations((panel["gridPos"] for panel in PANELS), 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or below, (one, other)
        assert one["x"] + one["w"] <= 24


@pytest.mark.parametrize("expr", expressions())
def test_every_name_and_label_that_it_asks_for_is_measured(expr: str) -> None:
    names = {SUFFIXES.sub("", one) for one in NAME.findall(expr)}
    assert names
    assert names <= set(measured())
    given = set().union(*(measured()[one] for one in names)) | {"job", "instance", "le"}
    for labels in re.findall(r"by \(([^)]*)\)", expr):
        assert {one.strip() for one in labels.split(",")} <= given
    for inside in re.findall(r"\{([^}]*)\}", expr):
        assert set(re.findall(r"(\w+)\s*(?:=~|!=|=)", inside)) <= given


def test_everything_that_is_measured_of_the_service_is_on_it() -> None:
    asked = {SUFFIXES.sub("", one) for expr in expressions() for one in NAME.findall(expr)}
    assert {one for one in measured() if one.startswith("thongthin_")} - asked == set()


def test_its_brackets_close_and_its_variables_are_there() -> None:
    known = {one["name"] for one in DASHBOARD["templating"]["list"]} | {"__rate_interval", "__all"}
    for text in (*expressions(), json.dumps(DASHBOARD["templating"])):
        assert set(re.findall(r"\$\{?(\w+)", text)) <= known
        for opened, closed in ("()", "[]", "{}"):
            assert text.count(opened) == text.count(closed)


def test_names_are_as_prometheus_wants_them() -> None:
    for family in Measurements().registry.collect():
        if family.name.startswith("thongthin_"):
            assert family.documentation
            if family.type == "histogram":
                assert family.name.endswith("_seconds")
