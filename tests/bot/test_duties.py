"""Which parts of the service a process runs."""

from __future__ import annotations

import pytest

from bot.duties import DUTIES, EVERYTHING, duties_of, needs_telegram
from flows.core.problem import Problem


def test_without_a_word_everything_runs() -> None:
    assert duties_of(()) == EVERYTHING
    assert len(EVERYTHING) == len(DUTIES)


@pytest.mark.parametrize("only", [("web", "bot"), ("web,bot",), ("bot, web",), ("web", "web,bot")])
def test_parts_are_named_one_by_one_or_with_commas(only: tuple[str, ...]) -> None:
    assert duties_of(only) == frozenset({"web", "bot"})


@pytest.mark.parametrize(
    ("only", "name"), [(("wep",), "wep"), (("web,bot,polling",), "polling"), (("",), ""), ((",",), "")]
)
def test_an_unknown_part_is_named_with_those_there_are(only: tuple[str, ...], name: str) -> None:
    problem = duties_of(only)
    assert isinstance(problem, Problem)
    assert problem.facts == {"name": name, "duties": "web, bot, delivery"}


def test_only_the_web_can_do_without_telegram() -> None:
    assert not needs_telegram(frozenset({"web"}))
    assert needs_telegram(frozenset({"web", "delivery"}))
    assert needs_telegram(frozenset({"bot"}))
