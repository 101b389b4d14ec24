"""Scripts, styles and fonts, and what the pages bring along."""

from __future__ import annotations

import base64
import hashlib
import re
import tarfile
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest

from admin_web import (
    broadcast_texts,
    campaign_problems,
    campaign_texts,
    lao_texts,
    people_texts,
    progress_texts,
    progress_words,
    texts,
    vendor,
)
from admin_web.static_files import FOLDER, StaticFiles
from flows.core.text import LANGUAGES, T
from tests.admin_web.conftest import Town

TEMPLATES = sorted((Path(vendor.__file__).parent / "templates").glob("*.html"))


async def test_a_file_is_kept_forever_under_an_address_that_changes_with_its_content(
    town: Town, tmp_path: Path
) -> None:
    files = StaticFiles()
    browser = town.browser()
    async with browser.http.get(town.url + files.address("app.css")) as response:
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response.headers["Content-Encoding"] == "gzip"
        assert await response.read() == (FOLDER / "app.css").read_bytes()
    async with browser.http.get(town.url + "/static/older/app.css") as response:
        assert (response.status, response.headers["Cache-Control"]) == (200, "no-cache")
    (tmp_path / "a.css").write_text("a {}")
    before = StaticFiles(tmp_path).address("a.css")
    (tmp_path / "a.css").write_text("a { color: red }")
    assert StaticFiles(tmp_path).address("a.css") != before
    with pytest.raises(KeyError):
        files.address("gone.css")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("app.css", "text/css"),
        ("app.js", "text/javascript"),
        ("icon.svg", "image/svg+xml"),
        ("vendor/sarabun/sarabun-thai-400-normal.woff2", "font/woff2"),
        ("vendor/leaflet/images/layers.png", "image/png"),
        ("vendor/leaflet/LICENSE", "text/plain"),
    ],
)
async def test_files_say_what_they_are(town: Town, name: str, kind: str) -> None:
    async with town.browser().http.get(town.url + StaticFiles().address(name)) as response:
        assert (response.status, response.content_type) == (200, kind)


def test_everything_a_style_or_script_names_is_there() -> None:
    for sheet in FOLDER.rglob("*.css"):
        for name in re.findall(r"url\(([^)#]+)\)", sheet.read_text(encoding="utf-8")):
            assert name.startswith("data:") or (sheet.parent / name.strip("\"'")).is_file(), (sheet, name)
    for script in FOLDER.glob("*.js"):
        for name in re.findall(r'from "(.+?)"', script.read_text(encoding="utf-8")):
            assert (FOLDER / name).is_file()
    for template in TEMPLATES:
        for name in re.findall(r"static\('([^']+)'\)", template.read_text(encoding="utf-8")):
            assert (FOLDER / name).is_file(), name


def test_what_is_brought_along_is_all_there_with_its_licences_and_nothing_else() -> None:
    listed = {
        target
        for package in vendor.PACKAGES
        if package.folder == vendor.FOLDER
        for target in package.files.values()
    }
    kept = {path.relative_to(vendor.FOLDER).as_posix() for path in vendor.FOLDER.rglob("*") if path.is_file()}
    assert kept == listed
    assert "BSD 2-Clause" in (vendor.FOLDER / "leaflet/LICENSE").read_text()
    assert "Open Font License" in (vendor.FOLDER / "sarabun/LICENSE").read_text()
    assert "1.9.4" in (vendor.FOLDER / "leaflet/leaflet.js").read_text(encoding="utf-8")[:200]


def archive(path: Path, name: str, content: bytes) -> str:
    with tarfile.open(path, "w:gz") as tar:
        info = tarfile.TarInfo(f"package/{name}")
        info.size = len(content)
        tar.addfile(info, BytesIO(content))
    return base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()


def test_only_the_archive_that_was_pinned_is_unpacked(tmp_path: Path) -> None:
    file = tmp_path / "x.tgz"
    digest = archive(file, "LICENSE", b"free")
    package = vendor.Package("x", "1.0.0", digest, {"LICENSE": "x/LICENSE"})
    vendor.unpack(package, file, tmp_path / "out")
    assert (tmp_path / "out/x/LICENSE").read_bytes() == b"free"
    archive(file, "LICENSE", b"planted")
    with pytest.raises(ValueError, match="pinned"):
        vendor.unpack(package, file, tmp_path / "out")
    assert (tmp_path / "out/x/LICENSE").read_bytes() == b"free"


# --- sentences


def every_sentence() -> dict[str, T]:
    found: dict[str, T] = {}
    for name, value in vars(texts).items():
        if isinstance(value, T):
            found[name] = value
        elif name == "EVENTS":
            found |= {f"{name}[{key}]": one for key, one in value.items()}
    return found | {f"KEY_LIST[{keys}]": one for keys, one in texts.KEY_LIST}


def test_every_sentence_is_there_in_both_languages_without_markup() -> None:
    for name, sentence in every_sentence().items():
        for language in LANGUAGES:
            words = sentence.to(language, dict.fromkeys(T.slots_of(sentence.th), "x"))
            assert words.strip() == words != "", name
            assert "<" not in words, name


def test_every_sentence_is_said_somewhere_and_every_one_that_is_said_is_there() -> None:
    root = Path(vendor.__file__).parent
    sources = "".join(path.read_text(encoding="utf-8") for path in [*TEMPLATES, *root.glob("*.py")])
    said = set(re.findall(r"(?<!\w)texts\.([A-Z_]+)", sources))
    there = {name for name in vars(texts) if name.isupper() and name != "T"}
    assert said == there


@pytest.mark.parametrize(
    "module",
    [
        broadcast_texts,
        campaign_problems,
        campaign_texts,
        lao_texts,
        people_texts,
        progress_texts,
        progress_words,
    ],
    ids=lambda module: module.__name__,
)
def test_every_sentence_of_a_page_of_its_own_is_said_on_it(module: ModuleType) -> None:
    root = Path(vendor.__file__).parent
    sources = "".join(path.read_text(encoding="utf-8") for path in [*TEMPLATES, *root.glob("*.py")])
    names = {name for name, value in vars(module).items() if name.isupper() and isinstance(value, T)}
    assert {name for name in names if not re.search(rf"\.{name}\b", sources)} == set()
