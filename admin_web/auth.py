"""Passwords as they are kept and checked, and the tokens of those who are signed in."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Final
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from flows.core.problem import Problem
from flows.core.text import T, folded

_CLEAR: Final = "23456789abcdefghjkmnpqrtuvwxyz"  # no letter that reads like another
LEAST_PASSWORD: Final = 10
MOST_PASSWORD: Final = 256

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# Long enough to be let through otherwise, and the first that anybody would try.
_WORST: Final = frozenset(
    [
        "1234567890",
        "0123456789",
        "0987654321",
        "12345678910",
        "123456789a",
        "1q2w3e4r5t",
        "1qaz2wsx3edc",
        "qwertyuiop",
        "qwerty1234",
        "qwerty12345",
        "password12",
        "password123",
        "password1234",
        "passw0rd123",
        "p@ssw0rd123",
        "administrator",
        "admin12345",
        "admin123456",
        "iloveyou123",
        "letmein1234",
        "welcome123",
        "welcome1234",
        "changeme123",
        "thailand123",
        "bangkok123",
        "1111111111",
        "0000000000",
        "abcdefghij",
        "abcd123456",
        "abc1234567",
        "thongthin123",
        "thongthin1",
        "asdfghjkl123",
        "zxcvbnm123",
        "รหัสผ่าน1234",
        "ท้องถิ่น1234",
    ]
)

NO_PASSWORD_TOO_SHORT: Final = T(
    "รหัสผ่านสั้นเกินไป กรุณาใช้อย่างน้อย {least} ตัวอักษร", "The password is too short: use at least {least} characters"
)
PASSWORD_TOO_LONG: Final = T(
    "รหัสผ่านยาวเกินไป กรุณาใช้ไม่เกิน {most} ตัวอักษร", "The password is too long: use at most {most} characters"
)
PASSWORD_IS_NAME: Final = T(
    "รหัสผ่านต้องไม่ใช่ชื่อของผู้ตรวจสอบ กรุณาใช้คำอื่น", "The password must not be the reviewer's name: use other words"
)
PASSWORD_GUESSED: Final = T(
    "รหัสผ่านนี้เดาง่ายเกินไป ลองใช้คำหลายคำต่อกัน", "That password is too easily guessed: try several words together"
)


def password_problem(password: str, name: str = "") -> Problem | None:
    """Why this password cannot be the one of the reviewer of that name, None where it can."""
    bare = folded(password)
    if len(password) < LEAST_PASSWORD:
        return Problem("password.too_short", NO_PASSWORD_TOO_SHORT, {"least": LEAST_PASSWORD})
    if len(password) > MOST_PASSWORD:
        return Problem("password.too_long", PASSWORD_TOO_LONG, {"most": MOST_PASSWORD})
    if name and bare.replace(" ", "").strip("0123456789") == folded(name).replace(" ", "").strip(
        "0123456789"
    ):
        return Problem("password.is_name", PASSWORD_IS_NAME)
    if bare in _WORST or len(set(bare)) < 4:
        return Problem("password.guessed", PASSWORD_GUESSED)
    return None


def hash_password(password: str) -> str:
    """What is kept of a password; takes some 30 ms of processor and 19 MiB."""
    return _HASHER.hash(_as_typed(password))


def _as_typed(password: str) -> str:
    # Phones and computers put the same Thai or accented letters together differently.
    return normalize("NFKC", password)


class Passwords:
    """Checks passwords two at a time in threads of its own, so that a flood of guesses fills neither core nor memory."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="password")
        self._nobody = hash_password(secrets.token_hex())

    async def fits(self, password: str, kept: str | None) -> bool:
        """Whether it is the password kept as `kept`; None, for an unknown name, takes just as long."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._fits, password, kept)

    async def renewed(self, password: str, kept: str) -> str | None:
        """A new hash of a password that fitted, where the kept one is weaker than today's."""
        if not _HASHER.check_needs_rehash(kept):
            return None
        return await asyncio.get_running_loop().run_in_executor(self._threads, hash_password, password)

    async def hashed(self, password: str) -> str:
        """What is kept of a new password."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, hash_password, password)

    def close(self) -> None:
        self._threads.shutdown()

    def _fits(self, password: str, kept: str | None) -> bool:
        if len(password) > MOST_PASSWORD:
            password, kept = "", None
        try:
            return _HASHER.verify(kept or self._nobody, _as_typed(password)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def new_password() -> str:
    """A password to begin with, such as `k7wm-x3ra-9hdt-c4pe`: 77 bits."""
    return "-".join("".join(secrets.choice(_CLEAR) for _ in range(4)) for _ in range(4))


def new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of a session's token."""
    return sha256(token.encode()).hexdigest()


def same(a: str, b: str) -> bool:
    """Compares secrets without telling by the time taken how far they agree."""
    return hmac.compare_digest(a.encode(), b.encode())
