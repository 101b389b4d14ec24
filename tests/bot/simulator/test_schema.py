"""The distilled Bot API against the methods that are there and, where it is given, against the published one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bot.simulator import Simulator
from bot.simulator.distil import METHODS, distilled
from bot.simulator.schema import DISTILLED, Schema

PUBLISHED = os.environ.get("THONGTHIN_BOTAPI_JSON", "")


def test_every_method_of_the_schema_is_answered() -> None:
    assert Simulator().methods | {"getUpdates"} == set(METHODS.split()) == set(Schema.load().spec["methods"])


@pytest.mark.skipif(not PUBLISHED, reason="THONGTHIN_BOTAPI_JSON does not name the published Bot API as data")
def test_the_distilled_api_is_that_of_the_published_one() -> None:
    published = json.loads(Path(PUBLISHED).read_text("utf-8"))
    assert json.loads(DISTILLED.read_text("utf-8")) == distilled(published)
