"""What docs/deploy says is so, as far as it can be seen without a container engine."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from bot.service import GRACE
from bot.settings import PREFIX, Settings, load_settings
from storage import review_queue
from storage.db import Store
from storage.review_queue import Filters
from storage.upgrade import upgrade
from tests import postgres
from tests.conftest import Postgres
from tests.nginx import NGINX, WITHOUT_NGINX, check, make_certificate
from tests.storage.deadline_town import DeadlineTown
from tests.storage.test_search_index import sends
from tests.test_readme import commands

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "docs" / "deploy"
GUIDE = (DEPLOY / "README.md").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
PROXY = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
ONE_MACHINE = (DEPLOY / "nginx-one-machine.conf").read_text(encoding="utf-8")
ENV = (DEPLOY / "env.example").read_text(encoding="utf-8")
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
UNITS = {one.name: one.read_text(encoding="utf-8") for one in DEPLOY.glob("thongthin*.*")}
KNOWN = {PREFIX + name.upper() for name in Settings.model_fields}
REPLICAS = ("one", "two")

# What an operator would fill in.
FILLED = {
    "THONGTHIN_TELEGRAM_TOKEN": "123456789:AAexample_of_a_token_that_is_not_one",
    "THONGTHIN_WEBHOOK": "https://thongthin.example.go.th/telegram",
    "THONGTHIN_PUBLIC_URL": "https://thongthin.example.go.th",
    "THONGTHIN_SECRET": "0123456789abcdef" * 4,
    "POSTGRES_PASSWORD": "abc123",
    "AWS_ACCESS_KEY_ID": "thongthin",
    "AWS_SECRET_ACCESS_KEY": "abc456",
}


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """`${NAME}`, `${NAME:-default}` and `${NAME:?why}` as compose reads them."""

    def value(found: re.Match[str]) -> str:
        name, otherwise = found[1], found[2] or ""
        if otherwise.startswith(":-"):
            return values.get(name) or otherwise[2:]
        return values[name]

    return re.sub(r"\$\{([A-Z_]+)((?::[-?])[^}]*)?\}", value, text)


def environment(service: str, values: Mapping[str, str] = FILLED) -> dict[str, str]:
    return {
        name: filled_in(str(text), values)
        for name, text in COMPOSE["services"][service]["environment"].items()
    }


def uncommented(env: str) -> dict[str, str]:
    """Every variable of env.example, those that are commented out as well."""
    return dict(re.findall(r"^#?([A-Z_]+)=(.*)$", env, re.M))


def settings_of(monkeypatch: pytest.MonkeyPatch, values: Mapping[str, str]) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    settings = load_settings(None, keep_secret=False)
    assert isinstance(settings, Settings), settings
    return settings


@pytest.mark.parametrize("file", sorted(one.name for one in DEPLOY.iterdir() if one.suffix != ".json"))
def test_every_setting_that_a_file_names_is_one(file: str) -> None:
    named = set(re.findall(r"THONGTHIN_[A-Z_]+", (DEPLOY / file).read_text(encoding="utf-8")))
    assert named <= KNOWN


def test_the_example_names_every_setting_and_holds_no_secret() -> None:
    told = uncommented(ENV)
    assert {name for name in told if name.startswith(PREFIX)} == KNOWN
    secret = {"THONGTHIN_TELEGRAM_TOKEN", "THONGTHIN_SECRET", "POSTGRES_PASSWORD", "AWS_SECRET_ACCESS_KEY"}
    assert {name: told[name] for name in secret} == dict.fromkeys(secret, "")


def test_the_example_is_read_as_it_stands_and_filled_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / ".env"
    for text in (ENV, re.sub(r"^#([A-Z_]+=)", r"\1", ENV, flags=re.M)):
        file.write_text(text, encoding="utf-8")
        settings = load_settings(file, keep_secret=False)
        assert isinstance(settings, Settings), settings
        assert settings.public_url == "https://thongthin.example.go.th"


def test_every_variable_that_compose_asks_for_is_in_the_example() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    asked = set(re.findall(r"\$\{([A-Z_]+)", text))
    assert asked <= set(uncommented(ENV))
    assert set(FILLED) == set(re.findall(r"\$\{([A-Z_]+):\?", text))


@pytest.mark.parametrize("replica", REPLICAS)
def test_a_replica_reads_the_settings_that_compose_gives(
    replica: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = environment(replica)
    settings = settings_of(monkeypatch, given)
    assert settings.database == "postgresql://thongthin:abc123@database:5432/thongthin"
    assert str(settings.media) == "s3://thongthin/photos"
    assert settings.webhook == FILLED["THONGTHIN_WEBHOOK"]
    assert settings.web_host == "0.0.0.0"
    assert given == environment(REPLICAS[0])  # one secret, one webhook, one of everything
    assert {name for name in given if name.startswith(PREFIX)} <= KNOWN


def test_the_parts_of_compose_agree_with_each_other() -> None:
    services = COMPOSE["services"]
    replica, database, bucket = environment("one"), environment("database"), environment("bucket")
    user = (
        f"{database['POSTGRES_USER']}:{database['POSTGRES_PASSWORD']}@database:5432/{database['POSTGRES_DB']}"
    )
    assert replica["THONGTHIN_DATABASE"] == f"postgresql://{user}"
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"):
        assert replica[name] == bucket[name]
    [made] = re.findall(r"create-bucket --bucket (\S+)", services["bucket"]["command"][0])
    assert replica["THONGTHIN_MEDIA"].startswith(f"s3://{made}/")
    keys = yaml.safe_load(filled_in(COMPOSE["configs"]["keys"]["content"], FILLED))
    [identity] = keys["identities"]
    assert identity["credentials"] == [
        {"accessKey": FILLED["AWS_ACCESS_KEY_ID"], "secretKey": FILLED["AWS_SECRET_ACCESS_KEY"]}
    ]
    for one in services.values():
        assert set(one.get("depends_on", {})) <= set(services)
        assert "healthcheck" in one or one is services["bucket"]
    assert int(services["one"]["stop_grace_period"].rstrip("s")) > GRACE


def test_the_images_are_pinned_and_of_no_host_by_name() -> None:
    images = [one["image"] for name, one in COMPOSE["services"].items() if name not in REPLICAS]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.M)
    assert len(images) == 6
    for image in images:
        name, tag = image.split(":")
        assert "." not in name
        assert re.match(r"[0-9]+\.[0-9]+", tag)


def test_the_proxy_passes_on_to_the_ports_and_addresses_that_the_replicas_have() -> None:
    services = COMPOSE["services"]
    addresses = [services[one]["networks"]["inside"]["ipv4_address"] for one in REPLICAS]
    replica = environment("one")
    for upstream, port in (("web", "THONGTHIN_WEB_PORT"), ("webhook", "THONGTHIN_WEBHOOK_PORT")):
        [block] = re.findall(rf"upstream {upstream} \{{(.*?)\}}", PROXY, re.S)
        assert re.findall(r"server (\S+)", block) == [f"{one}:{replica[port]}" for one in addresses]
        assert Settings.model_fields[port.removeprefix(PREFIX).lower()].default == int(replica[port])
        assert replica[port] in re.findall(r"^EXPOSE (.*)", DOCKERFILE, re.M)[0].split()
    proxy = services["proxy"]
    assert replica["THONGTHIN_TRUSTED_PROXIES"] == f"{proxy['networks']['inside']['ipv4_address']}/32"
    listened = re.findall(r"listen ([0-9]+)", PROXY)
    assert [one.split(":")[1] for one in proxy["ports"]] == listened
    assert f"location {FILLED['THONGTHIN_WEBHOOK'].removeprefix(FILLED['THONGTHIN_PUBLIC_URL'])}/" in PROXY


def directives(text: str, name: str) -> set[str]:
    return {" ".join(one.split()) for one in re.findall(rf"^\s*({name}\b[^;{{]*);", text, re.M)}


@pytest.mark.parametrize(
    "name", ["client_max_body_size", "proxy_set_header", "proxy_read_timeout", "access_log"]
)
def test_on_one_machine_the_proxy_does_the_same_as_before_many(name: str) -> None:
    assert directives(ONE_MACHINE, name) == directives(PROXY, name) != set()


def test_on_one_machine_the_proxy_passes_on_to_the_ports_of_the_settings() -> None:
    fields = Settings.model_fields
    ports = {fields["webhook_port"].default, fields["web_port"].default}
    assert directives(ONE_MACHINE, "proxy_pass") == {f"proxy_pass http://127.0.0.1:{port}" for port in ports}


@pytest.mark.skipif(NGINX is None, reason=WITHOUT_NGINX)
def test_nginx_understands_the_configuration_of_one_machine(tmp_path: Path) -> None:
    make_certificate(tmp_path)
    one = ONE_MACHINE.replace("/etc/nginx/tls", str(tmp_path)).replace(
        "listen 80;", f"listen unix:{tmp_path}/a;"
    )
    one = one.replace("listen 443 ssl;", f"listen unix:{tmp_path}/b ssl;")
    file = tmp_path / "nginx.conf"
    file.write_text(f"pid {tmp_path}/pid;\nerror_log {tmp_path}/log;\nevents {{}}\nhttp {{\n{one}}}\n")
    check(file)


def test_the_image_has_what_runs_without_what_tests_and_what_builds() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    [words] = re.findall(r"uninstall --yes (.*)", DOCKERFILE)
    gone = set(words.split()) - {"pip"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert gone == {one.split("~")[0] for one in project["dependency-groups"]["install"]}
    assert [one for one in gone if not re.search(rf"^{one}==", lock, re.M)] == []
    assert re.findall(r"-r (\S+)", DOCKERFILE) == ["requirements.lock"]
    for folder in re.findall(r"^COPY ([a-z_]+) \1$", DOCKERFILE, re.M):
        assert (ROOT / folder / "__init__.py").is_file()


# --- the guide


def written_commands() -> list[str]:
    """Every call of `thongthin` in the guide and the units, whatever stands before it."""
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE, re.S)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    lines += re.findall(r"`([^`\n]+)`", GUIDE)
    lines += [line for unit in UNITS.values() for line in unit.splitlines() if line.startswith("ExecStart")]
    before = r"(?:^thongthin|-u thongthin thongthin|/bin/thongthin|(?:exec|run --rm|exec -T) one thongthin|^THONGTHIN_\w+=\S+ thongthin)"
    found = [re.search(rf"{before} ([a-z-][^#|;&]*)", line.strip()) for line in lines]
    return [one[1].replace("'", "").strip() for one in found if one]


@pytest.mark.parametrize("written", sorted(set(written_commands())))
def test_every_command_in_the_guide_exists_with_its_options(written: str) -> None:
    words = shlex.split(written)
    names = commands()
    two, one = " ".join(words[:2]), words[0]
    if one == "--help":
        return
    command = names[two] if two in names else names[one]
    options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    assert {word for word in words if word.startswith("--")} <= options


def test_the_guide_names_each_step() -> None:
    told = {one.split()[0] for one in written_commands()}
    assert told >= {"serve", "doctor", "lao", "reviewer", "invite", "backup", "restore", "db"}


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([^)#:]+)\)", GUIDE))))
def test_every_file_that_the_guide_shows_is_there(path: str) -> None:
    assert (DEPLOY / path).exists()


@pytest.mark.parametrize("file", sorted(one.name for one in DEPLOY.iterdir() if one.name != "README.md"))
def test_every_file_is_told_of_in_the_guide(file: str) -> None:
    assert file in GUIDE or file == "Dockerfile.dockerignore"


# --- the units


def test_the_service_is_given_longer_to_stop_than_it_takes() -> None:
    unit = UNITS["thongthin.service"]
    [seconds] = re.findall(r"^TimeoutStopSec=([0-9]+)$", unit, re.M)
    assert int(seconds) > GRACE
    assert "KillSignal=SIGTERM" in unit
    assert f"THONGTHIN_DATA=/var/lib/{re.findall(r'^StateDirectory=(.*)$', unit, re.M)[0]}" in ENV


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed")
    program = tmp_path / "thongthin"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for name, text in UNITS.items():
        (tmp_path / name).write_text(text.replace("/opt/thongthin/.venv/bin/thongthin", str(program)))
    made = subprocess.run(
        [analyze, "verify", "--man=no", *(str(tmp_path / name) for name in UNITS)], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    ours = [line for line in (made.stdout + made.stderr).splitlines() if "thongthin" in line]
    assert ours == []


# --- PostgreSQL's own tools


RESTORING = ("--clean", "--if-exists", "--single-transaction", "--exit-on-error")


def test_what_pg_dump_keeps_pg_restore_brings_back_with_all_indexes(
    postgres_server: Postgres, now: datetime, tmp_path: Path
) -> None:
    """As docs/deploy/README.md says it, into a database that has tables already."""
    server, programs, dump = postgres_server.server, postgres.programs(), tmp_path / "thongthin.dump"
    assert programs is not None
    kept, empty = (server.make() for _ in range(2))
    for name in (kept, empty):
        upgrade(server.setting(name))
    with closing(Store(server.setting(kept))) as store:
        sends(DeadlineTown(store, now), "จักสานไม้ไผ่", "วัดพระแก้ว")
    for program, *options in (
        ("pg_dump", "--format=custom", f"--file={dump}", server.setting(kept)),
        ("pg_restore", f"--dbname={server.setting(empty)}", *RESTORING, str(dump)),
    ):
        subprocess.run([programs / program, *options], check=True, capture_output=True)
    assert " ".join(RESTORING) in GUIDE
    upgrade(server.setting(empty))
    with closing(Store(server.setting(empty))) as store:
        page = store.read_now(review_queue.queue, Filters(words="จักสาน", province="ลำปาง"))
        indexes = sa.text("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
        restored = store.read_now(lambda tx: list(tx.scalars(indexes)))
    with closing(Store(server.setting(kept))) as store:
        assert store.read_now(lambda tx: list(tx.scalars(indexes))) == restored
    assert [one.headline for one in page.entries] == ["จักสานไม้ไผ่"]
    for name in (kept, empty):
        server.drop(name)
