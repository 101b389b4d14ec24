"""What the README says is so."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from bot import texts
from bot.command_line import app
from bot.settings import PREFIX, Settings
from flows import CATALOGUE
from flows.core.photos import Photos
from storage.photo_problems import LARGEST_FILE

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> dict[str, Any]:
    """Every command by its words."""
    found: dict[str, Any] = {}
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found |= {f"{name} {one}": below for one, below in inner.items()} if inner else {name: command}
    return found


def written_commands() -> list[str]:
    """Every call of `thongthin` in the README, in blocks and in sentences."""
    blocks = re.findall(r"```sh\n(.*?)```", README, re.S)
    lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    inline = re.findall(r"`(thongthin [^`]+)`", README)
    return [one[one.index("thongthin ") :] for one in (*lines, *inline) if "thongthin " in one]


@pytest.mark.parametrize("written", written_commands())
def test_every_command_in_the_readme_exists_with_its_options(written: str) -> None:
    words = shlex.split(written)[1:]
    names = commands()
    two, one = " ".join(words[:2]), words[0]
    command = names[two] if two in names else names[one]
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_every_command_is_in_the_readme() -> None:
    told = " ".join((*written_commands(), "python3 -m bot demo".replace("python3 -m bot", "thongthin")))
    assert [name for name in commands() if f"thongthin {name}" not in told] == []


def test_the_table_of_settings_is_that_of_the_program() -> None:
    told = set(re.findall(r"^\| `(THONGTHIN_[A-Z_]+)`", README, re.M))
    assert told == {PREFIX + name.upper() for name in Settings.model_fields}


def test_every_chat_command_in_the_readme_is_one_of_the_bots() -> None:
    addresses = {"healthz", "readyz", "metrics"}  # for machines
    told = set(re.findall(r"`/([a-z]+)`", README)) - addresses
    # /progress is for coordinators alone, so it is not in the menu of everybody.
    assert told == {name for name, _ in texts.COMMANDS} - {"start"} | {"progress"}


def test_the_number_and_size_of_photos_are_as_told() -> None:
    limits = {
        (one.least, one.most) for flow in CATALOGUE.values() for one in flow.fields if isinstance(one, Photos)
    }
    assert limits == {(1, 5)}
    assert "1–5 รูป" in README
    assert f"ไม่เกิน {LARGEST_FILE // 1_000_000} MB" in README


@pytest.mark.parametrize("path", re.findall(r"\]\(([^)#:]+)\)", README))
def test_every_file_that_the_readme_shows_is_there(path: str) -> None:
    assert (ROOT / path).is_file()


@pytest.mark.parametrize("module", re.findall(r"`python3? -m ([a-z_.]+)", README))
def test_every_module_that_the_readme_runs_is_there(module: str) -> None:
    path = ROOT / module.replace(".", "/")
    assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()


@pytest.mark.parametrize("key", ["a", "c", "r", "j", "k", "/", "?"])
def test_every_key_that_the_readme_names_does_something(key: str) -> None:
    scripts = "".join(one.read_text(encoding="utf-8") for one in (ROOT / "admin_web" / "static").glob("*.js"))
    assert f"'{key}'" in scripts or f'"{key}"' in scripts
