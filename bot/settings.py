"""The settings of a running service: THONGTHIN_* variables or a .env file, checked before anything starts."""

from __future__ import annotations

import difflib
import os
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, TypeVar
from urllib.parse import SplitResult, urlsplit

from dotenv import dotenv_values
from pydantic import BeforeValidator, Field, PrivateAttr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from flows.core.problem import Problem
from flows.core.text import T
from storage.bucket import Bucket

PREFIX = "THONGTHIN_"
ACCESS = "AWS_"  # how every program is told where an S3-compatible store is, and the key to it
TELEGRAM = "https://api.telegram.org"
Network = IPv4Network | IPv6Network
V = TypeVar("V")


class _Wrong(ValueError):
    """A value that cannot be; `say` tells what it should be, and never what it is: it may be a secret."""

    def __init__(self, say: T) -> None:
        super().__init__(say.en)
        self.say = say


def _given(read: Callable[[str], V]) -> BeforeValidator:
    """Reads what stands in a variable; a value that has its type already is taken as it is."""
    return BeforeValidator(lambda value: read(value.strip()) if isinstance(value, str) else value)


def _token(text: str) -> str:
    if not re.fullmatch(r"[0-9]{5,16}:[A-Za-z0-9_-]{30,60}", text):
        raise _Wrong(TOKEN)
    return text


def _parts(text: str, say: T) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise _Wrong(say) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", text):
        raise _Wrong(say)
    return parts


def _api(text: str) -> str:
    parts = _parts(text, API)
    if parts.query or parts.fragment or parts.username:
        raise _Wrong(API)
    return text.rstrip("/")


def _public_url(text: str) -> str:
    parts = _parts(text, PUBLIC_URL)
    if parts.query or parts.fragment or parts.username or parts.path.strip("/"):
        raise _Wrong(PUBLIC_URL)
    return f"{parts.scheme}://{parts.netloc}"


def _webhook(text: str) -> str:
    parts = _parts(text, WEBHOOK)
    safe = parts.scheme == "https" or is_this_machine(parts.hostname or "")
    if not safe or parts.query or parts.fragment or parts.username:
        raise _Wrong(WEBHOOK)
    return text.rstrip("/")


def is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _tiles(text: str) -> str:
    _parts(text.replace("{s}", "a"), TILES)
    if not all(part in text for part in ("{z}", "{x}", "{y}")):
        raise _Wrong(TILES)
    return text


def _database(text: str) -> str:
    scheme, separator, rest = text.partition("://")
    if scheme == "sqlite" and re.fullmatch(r"/[^?:][^?]*", rest):
        return text
    if scheme in ("postgresql", "postgres") and separator and rest.strip("/"):
        with suppress(ValueError):
            _ = urlsplit(text).port
            return f"postgresql://{rest}"
    raise _Wrong(DATABASE)


def _folder(text: str) -> Path:
    if "://" in text or "\0" in text:
        raise _Wrong(FOLDER)
    return Path(text).expanduser()


def _media(text: str) -> Path | Bucket:
    if not text.startswith("s3:"):
        if "://" in text or "\0" in text:
            raise _Wrong(MEDIA)
        return Path(text).expanduser()
    if bucket := Bucket.read(text):
        return bucket
    raise _Wrong(MEDIA)


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise _Wrong(PORT)
    return int(text)


def _host(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:_-]+", text) or "://" in text:
        raise _Wrong(HOST)
    return text


def _secret(text: str) -> str:
    if len(text) < 32:
        raise _Wrong(SECRET)
    return text


def _log(text: str) -> str:
    if text not in ("info", "steps"):
        raise _Wrong(LOG)
    return text


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(one.strip()) for one in text.split(",") if one.strip())
    except ValueError:
        raise _Wrong(PROXIES) from None


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, validate_default=False
    )

    telegram_token: Annotated[str, _given(_token)] = Field("", repr=False)  # empty: no Telegram
    telegram_api: Annotated[str, _given(_api)] = TELEGRAM
    webhook: Annotated[str, _given(_webhook)] = ""  # empty: Telegram is asked for updates
    webhook_port: Annotated[int, _given(_port)] = 8081
    data: Annotated[Path, _given(_folder)] = Path("data")
    database: Annotated[str, _given(_database)] = Field("", repr=False)  # may hold a password
    media: Annotated[Path | Bucket, _given(_media)] = Path()
    web_host: Annotated[str, _given(_host)] = "127.0.0.1"
    web_port: Annotated[int, _given(_port)] = 8080
    metrics_port: Annotated[int, _given(_port)] = 0  # 0: none is opened
    public_url: Annotated[str, _given(_public_url)] = ""
    secret: Annotated[str, _given(_secret)] = Field("", repr=False)
    log: Annotated[str, _given(_log)] = "info"
    tiles: Annotated[str, _given(_tiles)] = ""  # empty: positions are shown without a map
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode, _given(_networks)] = ()

    _media_access: dict[str, str] = PrivateAttr(default_factory=dict)

    @property
    def secret_file(self) -> Path:
        return self.data / "secret"

    @property
    def media_access(self) -> dict[str, str]:
        """The AWS_* variables, for photos in a bucket: of the process, and of the .env file."""
        return self._media_access


def load_settings(
    dotenv: Path | None = Path(".env"), *, keep_secret: bool = True, **given: object
) -> Settings | list[Problem]:
    """The settings, with every default filled in; else one Problem for each variable that is wrong.

    `given` goes before the variables, the variables before the file. With `keep_secret`, a secret is made and kept
    in the data folder when none is set, so that sessions outlive a restart.
    """
    try:
        settings = Settings(_env_file=dotenv, **given)  # type: ignore[call-arg, arg-type]
    except ValidationError as error:
        return [*map(_problem, error.errors()), *unknown_variables(dotenv)]
    except (UnicodeDecodeError, OSError):
        return [Problem("settings.dotenv", DOTENV, {"variable": str(dotenv)})]
    if unknown := unknown_variables(dotenv):
        return unknown
    settings = _with_defaults(settings)
    settings._media_access = _access(dotenv)
    return _with_secret(settings) if keep_secret else settings


def _access(dotenv: Path | None) -> dict[str, str]:
    kept = dotenv_values(dotenv) if dotenv and dotenv.is_file() else {}
    return {
        name: value for name, value in {**kept, **os.environ}.items() if name.startswith(ACCESS) and value
    }


def unknown_variables(dotenv: Path | None) -> list[Problem]:
    """The variables that begin with THONGTHIN_ and are none: a misspelled one would be silently left out."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    named = set(os.environ) | set(dotenv_values(dotenv) if dotenv and dotenv.is_file() else ())
    return [
        Problem("settings.unknown", UNKNOWN, {"variable": name, "like": _like(name, known)})
        for name in sorted(named)
        if name.upper().startswith(PREFIX) and name.upper() not in known
    ]


def lines(problems: list[Problem]) -> list[str]:
    """Each problem in one line, in both languages: whoever sets up the machine may read only one."""
    return [f"{p.say.to('th', p.facts)} / {p.say.to('en', p.facts)}" for p in problems]


def kept_secret(file: Path) -> str:
    """The secret of the data folder, made at the first start; of two that start at once, one makes it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        own = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as made:
            made.write(secrets.token_urlsafe(32))
            made.flush()
            os.fsync(made.fileno())
        try:
            os.link(own, file)  # fails when another process was first: its secret is the one
        except FileExistsError:
            pass
        finally:
            own.unlink()
    return file.read_text(encoding="utf-8").strip()


def _with_defaults(settings: Settings) -> Settings:
    data = settings.data.absolute()
    host = f"[{settings.web_host}]" if ":" in settings.web_host else settings.web_host
    shown = "127.0.0.1" if host in ("0.0.0.0", "[::]") else host
    return settings.model_copy(
        update={
            "data": data,
            "database": settings.database or f"sqlite:///{data / 'thongthin.sqlite3'}",
            "media": _absolute(settings.media) if settings.media != Path() else data / "media",
            "public_url": settings.public_url or f"http://{shown}:{settings.web_port}",
        }
    )


def _absolute(media: Path | Bucket) -> Path | Bucket:
    return media.absolute() if isinstance(media, Path) else media


def _with_secret(settings: Settings) -> Settings | list[Problem]:
    if settings.secret:
        return settings
    try:
        secret = kept_secret(settings.secret_file)
    except OSError:
        return [
            Problem(
                "settings.secret_file",
                SECRET_FILE,
                {"variable": "THONGTHIN_DATA", "file": str(settings.secret_file)},
            )
        ]
    if len(secret) < 32:
        return [Problem("settings.secret_short", SECRET_SHORT, {"variable": str(settings.secret_file)})]
    return settings.model_copy(update={"secret": secret})


def _problem(error: object) -> Problem:
    assert isinstance(error, dict)
    name = str(error["loc"][0])
    wrong = error.get("ctx", {}).get("error")
    say = wrong.say if isinstance(wrong, _Wrong) else UNREADABLE
    return Problem(
        f"settings.{name}",
        T(f"{{variable}}: {say.th}", f"{{variable}}: {say.en}"),
        {"variable": PREFIX + name.upper()},
    )


def _like(name: str, known: set[str]) -> str:
    return (difflib.get_close_matches(name.upper(), sorted(known), 1, 0.0) or [""])[0]


TOKEN = T(
    "โทเคนของบอตไม่ถูกรูปแบบ คัดลอกทั้งบรรทัดที่ BotFather ให้มา เช่น 123456789:AA…",
    "this is not a bot token; copy the whole line that BotFather gave, such as 123456789:AA…",
)
API = T(
    "ที่อยู่ของ Bot API ต้องเป็นแบบ http://เครื่อง:พอร์ต ถ้าใช้ของ Telegram ให้เว้นว่าง",
    "the address of the Bot API must be like http://host:port; leave it empty for Telegram's own",
)
PUBLIC_URL = T(
    "ที่อยู่หน้าเว็บต้องเป็นแบบ https://ชื่อเครื่อง ไม่มีอะไรต่อท้าย",
    "the web address must be like https://host with nothing after it",
)
WEBHOOK = T(
    "ที่อยู่ที่ Telegram ส่งข้อความมาให้ต้องเป็นแบบ https://ชื่อเครื่อง ถ้าให้บอตไปรับเองให้เว้นว่าง",
    "the address that Telegram posts to must be like https://host; leave it empty and the bot asks by itself",
)
TILES = T(
    "ที่อยู่ภาพแผนที่ต้องขึ้นต้นด้วย https:// และมี {{z}} {{x}} {{y}}",
    "the map's address must begin with https:// and contain {{z}}, {{x}} and {{y}}",
)
DATABASE = T(
    "ฐานข้อมูลต้องเป็น sqlite:///ที่อยู่ไฟล์ หรือ postgresql://ผู้ใช้:รหัสผ่าน@เครื่อง/ชื่อฐานข้อมูล",
    "the database must be sqlite:///path or postgresql://user:password@host/name",
)
FOLDER = T(
    "ต้องเป็นที่อยู่ของโฟลเดอร์ เช่น /srv/thongthin", "this must be the path of a folder, such as /srv/thongthin"
)
MEDIA = T(
    "ต้องเป็นโฟลเดอร์ เช่น /srv/thongthin/media หรือ s3://ชื่อถัง/คำนำหน้า",
    "this must be the path of a folder, such as /srv/thongthin/media, or s3://bucket/prefix",
)
PORT = T("พอร์ตต้องเป็นตัวเลข 1 ถึง 65535 เช่น 8080", "the port must be a number from 1 to 65535, such as 8080")
HOST = T(
    "ต้องเป็นชื่อเครื่องหรือหมายเลขเครือข่าย เช่น 127.0.0.1 หรือ 0.0.0.0 ไม่มี http:// นำหน้า",
    "this must be a host's name or address, such as 127.0.0.1 or 0.0.0.0, without http://",
)
SECRET = T(
    "ต้องยาว 32 ตัวอักษรขึ้นไป ถ้าเว้นว่างระบบจะสร้างและเก็บไว้ให้",
    "it must have at least 32 characters; leave it empty and one is made and kept",
)
LOG = T(
    "ต้องเป็น info หรือ steps (ทุกขั้นตอนของทุกข้อความ)", "this must be info or steps (each step of each message)"
)
PROXIES = T(
    "ต้องเป็นหมายเลขเครือข่าย คั่นด้วยจุลภาค เช่น 127.0.0.1, 10.0.0.0/8",
    "these must be network addresses, parted by commas, such as 127.0.0.1, 10.0.0.0/8",
)
UNREADABLE = T("อ่านค่านี้ไม่ได้", "this value cannot be read")
DOTENV = T(
    "{variable}: อ่านไฟล์ไม่ได้ ต้องเป็นข้อความ UTF-8", "{variable}: the file cannot be read; it must be UTF-8 text"
)
UNKNOWN = T(
    "{variable}: ไม่มีตัวแปรชื่อนี้ หมายถึง {like} หรือไม่", "{variable}: there is no such variable; was {like} meant?"
)
SECRET_FILE = T(
    "{variable}: อ่านหรือสร้างไฟล์ {file} ไม่ได้ ตั้งโฟลเดอร์ที่โปรแกรมเขียนได้",
    "{variable}: {file} can be neither read nor made; name a folder that the program may write to",
)
SECRET_SHORT = T(
    "{variable}: ไฟล์นี้สั้นเกินไป ลบทิ้งแล้วระบบจะสร้างให้ใหม่",
    "{variable}: this file is too short; delete it and a new one is made",
)
