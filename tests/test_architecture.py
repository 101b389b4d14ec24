"""What the import rules cannot say of the house: its rooms, its sentences, and what stands in no file."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from flows import CATALOGUE
from flows.core.text import T

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "flows", "storage", "admin_web")
FOLDERS = {*PACKAGES, "tests", "docs"}
ROOT_FILES = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "requirements.lock"}
UNTRACKED = {"data", "demo-data", "dist", "node_modules", "__pycache__"}
MARKUP = re.compile(r"<[^>]*>")

# Whose business each library is, by the folder that may import it.
OWNERS = {
    "sqlalchemy": "storage", "alembic": "storage", "psycopg": "storage", "sqlite3": "storage",
    "PIL": "storage", "pi_heif": "storage", "obstore": "storage",
    "telegram": "bot/telegram",
    "jinja2": "admin_web", "markupsafe": "admin_web", "argon2": "admin_web",
    "typer": "bot", "prometheus_client": "bot", "xlsxwriter": "admin_web", "fpdf": "admin_web",
    "uharfbuzz": "storage", "budoux": "storage", "holidays": "storage", "pydantic": "bot", "pydantic_settings": "bot", "dotenv": "bot",
    "phonenumbers": "flows/core", "email_validator": "flows/core",
}  # fmt: skip


@cache
def modules(*folders: str) -> tuple[Path, ...]:
    return tuple(file for folder in folders for file in sorted((ROOT / folder).rglob("*.py")))


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def calls(file: Path, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def test_the_house_has_these_rooms_and_no_other() -> None:
    seen = [one for one in ROOT.iterdir() if not one.name.startswith(".") and one.name not in UNTRACKED]
    assert {one.name for one in seen if one.is_dir() and not one.name.endswith(".egg-info")} == FOLDERS
    assert {one.name for one in seen if one.is_file()} <= ROOT_FILES


@pytest.mark.parametrize("key", CATALOGUE)
def test_a_form_is_a_declaration_and_nothing_else(key: str) -> None:
    body = tree(ROOT / "flows" / f"{key}.py").body
    names = [
        one.targets[0].id
        for one in body
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)
    ]
    others = [one for one in body[1:] if not isinstance(one, ast.Assign | ast.Import | ast.ImportFrom)]
    assert others == []
    assert names.count("FLOW") == 1
    assert all(name.isupper() for name in names)
    assert not [one for one in ast.walk(tree(ROOT / "flows" / f"{key}.py")) if isinstance(one, ast.Lambda)]
    assert all(one.split(".")[0] in ("flows", "__future__") for one in imported(ROOT / "flows" / f"{key}.py"))


def test_every_file_directly_in_flows_is_a_form() -> None:
    assert {file.stem for file in (ROOT / "flows").glob("*.py")} - {"__init__"} == set(CATALOGUE)


@pytest.mark.parametrize("file", modules(*PACKAGES), ids=name_of)
def test_each_library_has_one_owner(file: Path) -> None:
    strays = [
        library
        for library in {one.split(".")[0] for one in imported(file)}
        if library in OWNERS and not name_of(file).startswith(OWNERS[library] + "/")
    ]
    assert strays == []


def test_flows_know_neither_the_clock_nor_chance() -> None:
    for file in modules("flows"):
        assert not {"time", "random", "secrets", "uuid"} & set(imported(file)), name_of(file)
        asked = [
            node.attr
            for node in ast.walk(tree(file))
            if isinstance(node, ast.Attribute) and node.attr in ("now", "today", "utcnow")
            and isinstance(node.value, ast.Name) and node.value.id in ("datetime", "date", "dt")
        ]  # fmt: skip
        assert asked == [], name_of(file)


def test_flows_use_the_standard_library_and_pure_readers_only() -> None:
    allowed = {*sys.stdlib_module_names, "flows", "phonenumbers", "email_validator"}
    assert {one.split(".")[0] for file in modules("flows") for one in imported(file)} <= allowed


@pytest.mark.parametrize("file", modules(*sorted(FOLDERS)), ids=name_of)
def test_each_module_says_in_its_first_line_what_it_is(file: Path) -> None:
    if file.read_text(encoding="utf-8").strip():
        first = (ast.get_docstring(tree(file)) or "").split("\n")[0]
        assert len(first) > 10


def sentences() -> Iterator[tuple[str, T]]:
    """Every sentence written in the code, with the line it stands on."""
    for file in modules(*PACKAGES):
        for call in calls(file, "T"):
            if len(call.args) == 2 and all(isinstance(one, ast.Constant) for one in call.args):
                thai, english = (ast.literal_eval(one) for one in call.args)
                yield f"{name_of(file)}:{call.lineno}", T(thai, english)


def test_every_sentence_is_said_in_both_languages() -> None:
    found = list(sentences())
    assert len(found) > 200
    for place, say in found:
        assert bool(say.th.strip()) == bool(say.en.strip()), place


def test_no_sentence_leaves_its_facts_or_its_tags_open() -> None:
    for place, say in sentences():
        for text in (say.th, say.en):
            facts = dict.fromkeys(T.slots_of(text), "x")
            said = text.format(**facts)
            assert not re.search(r"[{}]", said) or "{{" in text, place
            tags = [tag for tag in MARKUP.findall(text) if not tag.startswith("<token")]
            assert [tag for tag in tags if tag.strip("</>") not in ("b", "i")] == [], place
            assert text.count("<b>") == text.count("</b>"), place
            assert text.count("<i>") == text.count("</i>"), place


def test_thai_sentences_are_polite_without_saying_who_speaks() -> None:
    for place, say in sentences():
        assert not re.search("ครับ|ค่ะ|นะคะ", say.th), place


def test_sentences_fit_into_a_message() -> None:
    for place, say in sentences():
        assert max(len(say.th), len(say.en)) <= 1000, place


def test_a_problem_code_means_one_thing_and_lives_in_one_module() -> None:
    said: dict[str, dict[str, str]] = {}  # code -> sentence -> module
    for file in modules(*PACKAGES):
        for call in calls(file, "Problem"):
            if call.args and isinstance(call.args[0], ast.Constant):
                code = str(call.args[0].value)
                assert re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+", code), f"{name_of(file)}:{call.lineno}"
                if len(call.args) > 1:
                    said.setdefault(code, {})[ast.dump(call.args[1])] = name_of(file)
    assert len(said) > 20
    assert {code: by for code, by in said.items() if len(set(by.values())) > 1} == {}


# --- what stands in no file


def texts() -> Iterator[tuple[str, str]]:
    files = [one for one in ROOT.iterdir() if one.is_file() and one.name in {*ROOT_FILES, ".gitignore"}]
    for folder in (*sorted(FOLDERS), ".ci"):
        files += [
            one for one in (ROOT / folder).rglob("*") if one.is_file() and "__pycache__" not in one.parts
        ]
    for file in files:
        try:
            yield name_of(file), file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


# Written in pieces, so that this file does not name them either.
HOSTS = (
    "pypi" + ".org",
    "python" + "hosted",
    "npm" + "js.",
    "deb." + "debian",
    "/wo" + "rk/",
    "/opt" + "/pypi",
    "/ro" + "ot/",
)
MAKERS = (
    "clau" + "de",
    "anth" + "ropic",
    "chat" + "gpt",
    "open" + "ai",
    "co" + "pilot",
    "sub" + "agent",
    "a language" + " model",
)


@pytest.mark.parametrize("word", [*HOSTS, *MAKERS])
def test_no_file_names_a_registry_a_machine_or_how_it_was_made(word: str) -> None:
    assert [name for name, text in texts() if word in text.lower() and "/vendor/" not in name] == []


def test_the_locks_name_everything_with_hashes_and_no_registry_and_the_services_has_no_tests() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    to_run = [*project["project"]["dependencies"], *groups["install"]]
    for extra in project["project"]["optional-dependencies"].values():
        to_run += extra
    run, tests = pinned("requirements.lock"), pinned("tests/requirements.lock")
    assert names(to_run) - run == set(), "run python -m tests.lock"
    assert names(groups["dev"]) - run - tests == set(), "run python -m tests.lock"
    assert run & tests == set()
    assert names(groups["dev"]) & run == set(), "what only the tests need is in the lock of the service"
    assert not (ROOT / "uv.lock").exists()


def pinned(lock: str) -> set[str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    found = {normal(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)}
    assert text.count("--hash=sha256:") > len(found)
    assert "://" not in text
    return found


def names(wanted: list[str]) -> set[str]:
    return {normal(re.split(r"[\[~<>=! ;]", one)[0]) for one in wanted} - {"thongthin"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
