"""Settings are checked before anything starts, and a wrong one is told in one line that gives no secret away."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from pathlib import Path

import pytest

from bot.settings import TELEGRAM, Settings, kept_secret, lines, load_settings
from storage.bucket import Bucket

TOKEN = "123456789:" + "A" * 35


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def loaded(**given: object) -> Settings:
    settings = load_settings(**given)  # type: ignore[arg-type]
    assert isinstance(settings, Settings), settings
    return settings


def wrong(**given: object) -> list[str]:
    problems = load_settings(**given)  # type: ignore[arg-type]
    assert isinstance(problems, list)
    return lines(problems)


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    settings = loaded()
    assert settings.telegram_api == TELEGRAM
    assert settings.database == f"sqlite:///{tmp_path}/data/thongthin.sqlite3"
    assert settings.media == tmp_path / "data" / "media"
    assert settings.public_url == "http://127.0.0.1:8080"
    assert settings.trusted_proxies == ()


def test_variables_go_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text(f"THONGTHIN_WEB_PORT=9001\nTHONGTHIN_TELEGRAM_TOKEN={TOKEN}\nOTHER=1\n")
    monkeypatch.setenv("THONGTHIN_WEB_PORT", "9002")
    assert loaded().web_port == 9002
    assert loaded(web_port=9003).web_port == 9003
    assert loaded().telegram_token == TOKEN


def test_the_way_to_a_bucket_is_read_from_the_variables_and_from_the_file_and_shown_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(
        "THONGTHIN_MEDIA=s3://photos\nAWS_SECRET_ACCESS_KEY=hunter2\nAWS_REGION=th-1\nOTHER=1\n"
    )
    monkeypatch.setenv("AWS_REGION", "th-2")
    settings = loaded()
    assert settings.media_access == {"AWS_SECRET_ACCESS_KEY": "hunter2", "AWS_REGION": "th-2"}
    assert "hunter2" not in repr(settings) + str(settings)


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGTHIN_TELEGRAM_TOKEN", "")
    monkeypatch.setenv("THONGTHIN_WEB_PORT", "")
    assert loaded().telegram_token == ""


@pytest.mark.parametrize(
    ("name", "written", "read"),
    [
        ("telegram_api", "http://127.0.0.1:8081/", "http://127.0.0.1:8081"),
        ("public_url", "https://lao.example.go.th/", "https://lao.example.go.th"),
        ("database", "postgres://me:secret@db/thongthin", "postgresql://me:secret@db/thongthin"),
        ("tiles", "https://tiles.example.org/{z}/{x}/{y}.png", "https://tiles.example.org/{z}/{x}/{y}.png"),
        ("trusted_proxies", "127.0.0.1, 10.0.0.0/8,", (ip_network("127.0.0.1"), ip_network("10.0.0.0/8"))),
        ("web_host", "::1", "::1"),
        ("media", "/srv/photos", Path("/srv/photos")),
        ("webhook", "https://bot.example.go.th/", "https://bot.example.go.th"),
        ("webhook", "https://example.go.th:8443/bot/", "https://example.go.th:8443/bot"),
        ("webhook", "http://127.0.0.1:8081", "http://127.0.0.1:8081"),
        ("media", "s3://photos/thongthin/", Bucket("photos", "thongthin")),
    ],
)
def test_a_right_value_is_read(
    name: str, written: str, read: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"THONGTHIN_{name.upper()}", f" {written}")
    assert getattr(loaded(), name) == read


@pytest.mark.parametrize(
    ("name", "bad", "good"),
    [
        ("telegram_token", "hunter2-hunter2", TOKEN),
        ("telegram_token", "12345:short", TOKEN),
        ("telegram_api", "api.telegram.org", TELEGRAM),
        ("telegram_api", "http://host:99999", TELEGRAM),
        ("database", "mysql://me:hunter2@db/x", "postgresql://me:hunter2@db/x"),
        ("database", "thongthin.db", "sqlite:///thongthin.db"),
        ("database", "sqlite://", "sqlite:////srv/thongthin.db"),
        ("media", "s3://", "s3://bucket"),
        ("media", "s3://Bucket", "media"),
        ("media", "gs://bucket", "s3://bucket/prefix"),
        ("media", "s3://key:hunter2@bucket", "s3://bucket"),
        ("web_port", "0", "1"),
        ("web_port", "http", "80"),
        ("web_port", "70000", "65535"),
        ("web_host", "http://0.0.0.0", "0.0.0.0"),
        ("public_url", "lao.example.go.th", "https://lao.example.go.th"),
        ("public_url", "https://lao.example.go.th/admin", "https://lao.example.go.th"),
        ("webhook", "bot.example.go.th", "https://bot.example.go.th"),
        ("webhook", "http://bot.example.go.th", "https://bot.example.go.th"),
        ("webhook", "https://me:hunter2@bot.example.go.th", "https://bot.example.go.th"),
        ("webhook", "https://bot.example.go.th/?a=1", "https://bot.example.go.th/a"),
        ("webhook_port", "0", "8081"),
        ("secret", "hunter2", "x" * 32),
        ("tiles", "https://tiles.example.org/map.png", "https://tiles.example.org/{z}/{x}/{y}.png"),
        ("trusted_proxies", "proxy.example.org", "10.0.0.1"),
    ],
)
def test_a_wrong_value_is_told_in_one_line_and_the_right_one_is_taken(
    name: str, bad: str, good: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = f"THONGTHIN_{name.upper()}"
    monkeypatch.setenv(variable, bad)
    (line,) = wrong()
    assert line.startswith(f"{variable}: ")
    assert "\n" not in line
    assert "hunter2" not in line
    monkeypatch.setenv(variable, good)
    loaded()


def test_every_wrong_variable_has_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGTHIN_WEB_PORT", "x")
    monkeypatch.setenv("THONGTHIN_TELEGRAM_TOKEN", "x")
    monkeypatch.setenv("THONGTHIN_TELEGRAM_TOKN", TOKEN)
    told = wrong()
    assert [line.split(":")[0] for line in told] == [
        "THONGTHIN_TELEGRAM_TOKEN", "THONGTHIN_WEB_PORT", "THONGTHIN_TELEGRAM_TOKN",
    ]  # fmt: skip
    assert "THONGTHIN_TELEGRAM_TOKEN" in told[2]
    assert TOKEN not in told[2]


def test_a_misspelled_variable_in_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("THONGTHIN_DATABSE=sqlite:///x.db\n")
    (line,) = wrong()
    assert "THONGTHIN_DATABASE" in line
    (tmp_path / ".env").write_text("THONGTHIN_DATABASE=sqlite:///x.db\n")
    assert loaded().database == "sqlite:///x.db"


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    (line,) = wrong()
    assert line.startswith(".env: ")


def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGTHIN_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("THONGTHIN_DATABASE", "postgresql://me:hunter2@db/x")
    monkeypatch.setenv("THONGTHIN_SECRET", "hunter2" * 6)
    shown = f"{loaded()!r} {loaded()}"
    assert TOKEN not in shown
    assert "hunter2" not in shown


def test_a_secret_is_made_once_and_kept_for_its_owner_only(tmp_path: Path) -> None:
    first = loaded()
    assert len(first.secret) >= 32
    assert loaded().secret == first.secret
    assert stat.S_IMODE(first.secret_file.stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["secret"]


def test_two_first_starts_at_once_agree_on_the_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as starting:
        assert len(set(starting.map(kept_secret, [tmp_path / "data" / "secret"] * 16))) == 1


def test_looking_only_makes_nothing(tmp_path: Path) -> None:
    assert loaded(keep_secret=False).secret == ""
    assert list(tmp_path.iterdir()) == []


def test_a_data_folder_that_cannot_be_made_is_told_and_another_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("THONGTHIN_DATA", str(tmp_path / "file"))
    (line,) = wrong()
    assert line.startswith("THONGTHIN_DATA: ")
    monkeypatch.setenv("THONGTHIN_DATA", str(tmp_path / "folder"))
    assert loaded().secret_file == tmp_path / "folder" / "secret"


def test_a_cut_off_secret_is_told_and_made_anew_once_deleted(tmp_path: Path) -> None:
    file = tmp_path / "data" / "secret"
    file.parent.mkdir()
    file.write_text("short")
    (line,) = wrong()
    assert str(file) in line
    file.unlink()
    assert len(loaded().secret) >= 32
