"""Passwords and tokens."""

from __future__ import annotations

import unicodedata

import pytest
from argon2 import PasswordHasher

from admin_web.auth import Passwords, hash_password, new_token, password_problem, token_hash
from flows.core.text import LANGUAGES
from tests.admin_web.samples import HASH, PASSWORD


@pytest.mark.parametrize(
    ("password", "name", "code"),
    [
        ("", "", "password.too_short"),
        ("ก" * 9, "", "password.too_short"),
        ("ก" * 300, "", "password.too_long"),
        ("สมหญิง ตรวจดี", "สมหญิง ตรวจดี", "password.is_name"),
        ("SomsriDee2560", "somsri dee", "password.is_name"),
        ("password123", "", "password.guessed"),
        ("1234567890", "", "password.guessed"),
        ("๑๒๓๔๕๖๗๘๙๐", "", "password.guessed"),
        ("aaaaaaaaaaaa", "", "password.guessed"),
    ],
)
def test_a_poor_password_is_told_why_and_a_good_one_is_taken(password: str, name: str, code: str) -> None:
    problem = password_problem(password, name)
    assert problem is not None
    assert problem.code == code
    assert all("{" not in problem.say.to(language, problem.facts) for language in LANGUAGES)
    assert password_problem(PASSWORD, name) is None


async def test_only_the_right_password_fits() -> None:
    passwords = Passwords()
    try:
        assert await passwords.fits(PASSWORD, HASH)
        assert not await passwords.fits(PASSWORD + " ", HASH)
        assert not await passwords.fits("", HASH)
        assert not await passwords.fits(PASSWORD, None)
        assert not await passwords.fits(PASSWORD, "not a hash")
        assert not await passwords.fits("ก" * 100_000, HASH)
        assert await passwords.renewed(PASSWORD, HASH) is None
        weaker = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        stronger = await passwords.renewed(PASSWORD, weaker)
        assert stronger is not None
        assert await passwords.fits(PASSWORD, stronger)
    finally:
        passwords.close()


async def test_a_password_typed_on_another_keyboard_still_fits() -> None:
    composed = hash_password("caféกำแพงสูง")
    passwords = Passwords()
    try:
        assert await passwords.fits(unicodedata.normalize("NFD", "caféกำแพงสูง"), composed)
    finally:
        passwords.close()


def test_a_hash_is_argon2id_as_strong_as_it_should_be() -> None:
    assert HASH.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert len(HASH) <= 200
    assert hash_password(PASSWORD) != HASH


def test_tokens_have_256_bits_and_are_kept_hashed() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) == 43 for token in tokens)
    assert all(token not in token_hash(token) and len(token_hash(token)) == 64 for token in tokens)
