"""What could not be tested on this machine is said so loudly that nobody overlooks it."""

from __future__ import annotations

import pytest

from tests import conftest, postgres


class Screen:
    """Stands for pytest's terminal."""

    def __init__(self) -> None:
        self.said = ""

    def section(self, title: str, **look: object) -> None:
        self.said += title + "\n"

    write_line = section


def summary() -> str:
    screen = Screen()
    conftest.pytest_terminal_summary(screen)  # type: ignore[arg-type]
    return screen.said


def test_a_missing_postgresql_and_a_missing_browser_are_said_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgres, "programs", lambda: None)
    monkeypatch.setattr(conftest, "installed", lambda: None)
    said = summary()
    assert "HALF OF THE STORAGE TESTS DID NOT RUN" in said
    assert "apt-get install postgresql" in said
    assert "NO TEST IN A BROWSER RAN" in said
    assert "apt-get install chromium" in said


def test_nothing_is_said_where_everything_ran(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "programs", lambda: "somewhere")
    monkeypatch.setattr(conftest, "installed", lambda: "somewhere")
    assert summary() == ""
