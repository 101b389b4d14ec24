"""A bucket of any S3-compatible store that keeps bytes: confirmed by it before anything is confirmed by us."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Final, TypeVar
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    NotFoundError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from obstore.store import S3Store

from flows.core.problem import Problem
from flows.core.text import Facts, T
from storage.bucket import Bucket
from storage.media_store import MediaUnreachable, MediaUnusable, MissingPhoto, checked_key

R = TypeVar("R")

# One request may take so long, and all tries of one call little more: the officer waits for it.
CONNECTING: Final = timedelta(seconds=5)
ONE_REQUEST: Final = timedelta(seconds=30)
ALL_TRIES: Final = timedelta(seconds=20)
RETRIES: Final = 3
FOREVER: Final = "private, max-age=31536000, immutable"
_MISSING = (NotFoundError, FileNotFoundError)  # the library raises Python's own
_FORBIDDEN = (PermissionDeniedError, UnauthenticatedError)


class S3Media:
    """`photo/ab12…/web.jpg` is the object `prefix/photo/ab12…/web.jpg`; a key that is there is never written again.

    `access` holds AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_REGION as far
    as they are set; without a key on Amazon's own endpoint, the role of the machine is used.
    """

    def __init__(self, bucket: Bucket, access: Mapping[str, str]) -> None:
        self.bucket = bucket
        self._endpoint = _endpoint(access)
        with self._telling():
            self._store = _store(bucket, self._endpoint, access)

    def put(self, key: str, data: bytes, content_type: str) -> None:
        attributes = {"Content-Type": content_type, "Cache-Control": FOREVER}
        key = checked_key(key)
        try:
            obstore.put(
                self._store, key, data, attributes=attributes, mode="create", use_multipart=False
            )  # one request, so that the store itself lets only one of several writers win
        except AlreadyExistsError:
            # Some stores also say so while another's writing is under way, which may yet fail.
            if not self.exists(key):
                raise MediaUnreachable("the object is being written by another") from None
        except (BaseError, OSError) as error:
            raise _unreachable(error) from error

    def get(self, key: str) -> bytes:
        return self._asked(key, lambda: obstore.get(self._store, key).bytes().to_bytes())

    def exists(self, key: str) -> bool:
        try:
            self.size(key)
        except MissingPhoto:
            return False
        return True

    def size(self, key: str) -> int:
        return self._asked(key, lambda: obstore.head(self._store, key)["size"])

    def delete(self, key: str) -> None:
        key = checked_key(key)
        try:
            obstore.delete(self._store, key)
        except _MISSING as error:
            if _is_of_the_bucket(error):
                raise _unreachable(error) from error
        except (BaseError, OSError) as error:
            raise _unreachable(error) from error

    def check(self) -> None:
        # The name is new each time: replicas may be trying at the same moment.
        key, data = f"check/{secrets.token_hex(16)}/check.txt", b"can this be kept?"
        with self._telling():
            self.put(key, data, "text/plain")
            try:
                if self.get(key) != data:
                    raise MediaUnreachable("another content was given back")
                self._forbids_nothing_by_missing()
            finally:
                self.delete(key)

    def _forbids_nothing_by_missing(self) -> None:
        """Without the right to list, a store answers "forbidden" for what is only not there."""
        self.exists(f"check/{secrets.token_hex(16)}/missing.txt")

    def _asked(self, key: str, ask: Callable[[], R]) -> R:
        checked_key(key)
        try:
            return ask()
        except _MISSING as error:
            if _is_of_the_bucket(error):
                raise _unreachable(error) from error
            raise MissingPhoto(key) from None
        except (BaseError, OSError) as error:
            raise _unreachable(error) from error

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """What goes wrong becomes one sentence for whoever set the store up; it never holds what the store said."""
        try:
            yield
        except (MediaUnreachable, MissingPhoto, BaseError, ValueError) as error:
            raise MediaUnusable(self._problem(error.__cause__ or error)) from None

    def _problem(self, cause: BaseException) -> Problem:
        facts: Facts = {"bucket": str(self.bucket), "endpoint": self._endpoint or "Amazon S3"}
        if isinstance(cause, _MISSING):
            return Problem("media.no_bucket", NO_BUCKET, facts)
        if isinstance(cause, _FORBIDDEN):
            return Problem("media.no_access", NO_ACCESS, facts)
        if status := _status(cause):
            return Problem("media.refused", REFUSED, {**facts, "status": status})
        return Problem("media.unreachable", UNREACHABLE, facts)


def _store(bucket: Bucket, endpoint: str, access: Mapping[str, str]) -> S3Store:
    names = ("access_key_id", "secret_access_key", "session_token", "region", "default_region")
    given = {name: access[f"AWS_{name.upper()}"] for name in names if access.get(f"AWS_{name.upper()}")}
    if endpoint:
        given["endpoint"] = endpoint
    return S3Store(
        bucket.name,
        prefix=bucket.prefix or None,
        config=given,  # type: ignore[arg-type]  # the names are those of S3Config
        disable_bulk_delete=True,  # a plain DELETE is what every store understands
        virtual_hosted_style_request=not endpoint and "." not in bucket.name,
        client_options={
            "allow_http": endpoint.startswith("http://"),
            "connect_timeout": CONNECTING,
            "timeout": ONE_REQUEST,
        },
        retry_config={"max_retries": RETRIES, "retry_timeout": ALL_TRIES},
    )


def _endpoint(access: Mapping[str, str]) -> str:
    """Where the store is, "" for Amazon's own; refuses what cannot work before anything is asked."""
    endpoint = (access.get("AWS_ENDPOINT_URL_S3") or access.get("AWS_ENDPOINT_URL") or "").strip().rstrip("/")
    if not endpoint:
        return ""
    try:
        parts = urlsplit(endpoint)
        well = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True)
    except ValueError:
        well = False
    if not well or parts.username or parts.query:
        raise MediaUnusable(Problem("media.endpoint", ENDPOINT))
    if not (access.get("AWS_ACCESS_KEY_ID") and access.get("AWS_SECRET_ACCESS_KEY")):
        raise MediaUnusable(Problem("media.no_key", NO_KEY, {"endpoint": endpoint}))
    return endpoint


def _unreachable(error: Exception) -> MediaUnreachable:
    status = _status(error)
    return MediaUnreachable(
        f"the object store answered {status}" if status else "the object store did not answer"
    )


def _status(error: BaseException) -> str:
    """The number that the store answered with, "" when it did not answer."""
    found = re.search(r"status code: (\d{3})", str(error))
    return found[1] if found else ""


def _is_of_the_bucket(error: Exception) -> bool:
    return "<Code>NoSuchBucket</Code>" in str(error)


NO_BUCKET = T(
    "ไม่พบถัง {bucket} ที่ {endpoint} ให้สร้างถังก่อน หรือแก้ชื่อใน THONGTHIN_MEDIA",
    "There is no bucket {bucket} at {endpoint}: make it, or mend its name in THONGTHIN_MEDIA.",
)
NO_ACCESS = T(
    "{endpoint} ไม่ให้ใช้ {bucket} ให้ตรวจ AWS_ACCESS_KEY_ID กับ AWS_SECRET_ACCESS_KEY และให้สิทธิ์เขียน อ่าน ลบ และดูรายชื่อในถังนั้น",
    "{endpoint} does not let {bucket} be used: check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and allow writing, reading, deleting and listing there.",
)
UNREACHABLE = T(
    "ติดต่อที่เก็บรูป {endpoint} ไม่ได้ ให้ตรวจ AWS_ENDPOINT_URL ตรวจเครือข่าย และตรวจว่าที่เก็บเปิดอยู่",
    "The store of the photos at {endpoint} is not reached: check AWS_ENDPOINT_URL, the network, and that the store is running.",
)
REFUSED = T(
    "เก็บรูปที่ {bucket} ไม่ได้ {endpoint} ตอบว่า {status} ให้ตรวจ AWS_REGION และดูบันทึกของที่เก็บ",
    "Photos cannot be kept in {bucket}, {endpoint} answers {status}: check AWS_REGION, and see the log of the store.",
)
ENDPOINT = T(
    "AWS_ENDPOINT_URL ต้องเป็นแบบ https://ชื่อเครื่อง หรือ http://ชื่อเครื่อง:พอร์ต ไม่มีรหัสผ่านอยู่ในนั้น",
    "AWS_ENDPOINT_URL must be like https://host or http://host:port, with no password in it.",
)
NO_KEY = T(
    "ยังไม่ได้ตั้ง AWS_ACCESS_KEY_ID และ AWS_SECRET_ACCESS_KEY ของ {endpoint}",
    "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for {endpoint} are not set.",
)
