"""Reviewers, their sessions, and the brake on guessing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from flows.core.problem import Problem
from storage import reviewers
from storage.db import Store
from storage.reviewers import (
    ABSOLUTE,
    FREE_FOR_ADDRESS,
    FREE_FOR_NAME,
    FREE_FOR_PAIR,
    IDLE,
    Reviewer,
    Session,
)


async def added(store: Store, name: str, now: datetime) -> Reviewer:
    made = await store.run(reviewers.add_reviewer, name, "hash", now)
    assert isinstance(made, Reviewer)
    return made


async def test_a_reviewer_is_found_however_the_name_is_typed(store: Store, now: datetime) -> None:
    made = await added(store, "  Somsri   ดำรง ", now)
    assert made.name == "Somsri ดำรง"
    for typed in ("somsri ดำรง", "SOMSRI  ดํารง"):
        found = await store.read(reviewers.reviewer_named, typed)
        assert found is not None
        assert found.id == made.id
    assert await store.read(reviewers.reviewer_named, "somchai") is None


@pytest.mark.parametrize(
    ("name", "code"),
    [(" ", "reviewer.no_name"), ("ก" * 81, "reviewer.name_too_long"), ("สมศรี ดํารง", "reviewer.name_taken")],
)
async def test_a_name_that_cannot_be_taken_is_told_and_another_one_is(
    store: Store, now: datetime, name: str, code: str
) -> None:
    await added(store, "สมศรี ดำรง", now)
    refused = await store.run(reviewers.add_reviewer, name, "hash", now)
    assert isinstance(refused, Problem)
    assert refused.code == code
    await added(store, "สมชาย", now)


async def test_a_disabled_reviewer_is_signed_out_and_not_found(store: Store, now: datetime) -> None:
    made = await added(store, "สมศรี", now)
    await store.run(reviewers.open_session, made.id, "t", "c", now)
    await store.run(reviewers.disable, made.id, now)
    assert await store.read(reviewers.reviewer_named, "สมศรี") is None
    assert await store.read(reviewers.session_of, "t", now) is None
    refused = await store.run(reviewers.add_reviewer, "สมศรี", "hash", now)
    assert isinstance(refused, Problem)


# --- sessions


async def session(store: Store, now: datetime) -> Session | None:
    return await store.read(reviewers.session_of, "t", now)


async def test_a_session_that_is_not_used_ends(store: Store, now: datetime) -> None:
    made = await added(store, "สมศรี", now)
    await store.run(reviewers.open_session, made.id, "t", "c", now)
    just_before = await session(store, now + IDLE - timedelta(seconds=1))
    assert just_before is not None
    assert (just_before.reviewer.name, just_before.csrf) == ("สมศรี", "c")
    assert await session(store, now + IDLE) is None


async def test_a_session_in_use_goes_on_but_never_past_its_absolute_end(store: Store, now: datetime) -> None:
    made = await added(store, "สมศรี", now)
    await store.run(reviewers.open_session, made.id, "t", "c", now)
    end = now + ABSOLUTE
    while now < end:
        found = await session(store, now)
        assert found is not None
        if reviewers.needs_touch(found, now):
            await store.run(reviewers.touch_session, found, now)
        now += timedelta(hours=5)
    assert await session(store, end) is None


async def test_a_session_is_not_written_again_at_every_page(store: Store, now: datetime) -> None:
    made = await added(store, "สมศรี", now)
    await store.run(reviewers.open_session, made.id, "t", "c", now)
    found = await session(store, now)
    assert found is not None
    assert not reviewers.needs_touch(found, now + timedelta(minutes=1))
    assert reviewers.needs_touch(found, now + timedelta(minutes=6))


async def test_signing_out_everywhere_ends_every_session_of_that_reviewer_only(
    store: Store, now: datetime
) -> None:
    one, other = await added(store, "หนึ่ง", now), await added(store, "สอง", now)
    for who, token in ((one, "a"), (one, "b"), (other, "c")):
        await store.run(reviewers.open_session, who.id, token, "c", now)
    await store.run(reviewers.close_every_session, one.id)
    alive = [token for token in "abc" if await store.read(reviewers.session_of, token, now)]
    assert alive == ["c"]


async def test_a_new_password_signs_out_everywhere(store: Store, now: datetime) -> None:
    made = await added(store, "สมศรี", now)
    await store.run(reviewers.open_session, made.id, "t", "c", now)
    await store.run(reviewers.set_password, made.id, "other")
    assert await session(store, now) is None
    found = await store.read(reviewers.reviewer_named, "สมศรี")
    assert found is not None
    assert found.password_hash == "other"


async def test_the_language_is_kept_with_the_reviewer(store: Store, now: datetime) -> None:
    made = await added(store, "สมศรี", now)
    await store.run(reviewers.open_session, made.id, "t", "c", now)
    await store.run(reviewers.set_language, made.id, "en")
    found = await session(store, now)
    assert found is not None
    assert found.reviewer.language == "en"


# --- guesses


async def guess(store: Store, name: str, address: str, now: datetime) -> datetime | None:
    return await store.run(reviewers.begin_attempt, name, address, now)


async def test_after_five_wrong_guesses_one_waits_and_longer_each_time(store: Store, now: datetime) -> None:
    for _ in range(FREE_FOR_PAIR):
        assert await guess(store, "สมศรี", "203.0.113.4", now) is None
    waits = []
    for _ in range(8):
        until = await guess(store, "สมศรี", "203.0.113.4", now)
        assert until is not None
        waits.append(round((until - now).total_seconds() / 60))
        now = until
        assert await guess(store, "สมศรี", "203.0.113.4", now) is None
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


async def test_being_told_to_wait_does_not_make_the_wait_longer(store: Store, now: datetime) -> None:
    for _ in range(FREE_FOR_PAIR):
        await guess(store, "สมศรี", "203.0.113.4", now)
    until = {await guess(store, "สมศรี", "203.0.113.4", now) for _ in range(20)}
    assert until == {now + timedelta(minutes=1)}


async def test_the_same_reviewer_elsewhere_and_another_one_here_may_still_sign_in(
    store: Store, now: datetime
) -> None:
    for _ in range(FREE_FOR_PAIR):
        await guess(store, "สมศรี", "203.0.113.4", now)
    assert await guess(store, "สมศรี", "203.0.113.4", now) is not None
    assert await guess(store, "สมศรี", "198.51.100.7", now) is None
    assert await guess(store, "สมชาย", "203.0.113.4", now) is None


async def test_one_name_is_not_guessed_from_many_addresses(store: Store, now: datetime) -> None:
    tried = [await guess(store, "สมศรี", f"203.0.113.{n}", now) for n in range(FREE_FOR_NAME + 1)]
    assert tried[-1] is not None
    assert tried[:-1] == [None] * FREE_FOR_NAME


async def test_one_address_does_not_guess_at_many_names(store: Store, now: datetime) -> None:
    tried = [await guess(store, f"ชื่อ {n}", "203.0.113.4", now) for n in range(FREE_FOR_ADDRESS + 1)]
    assert tried[-1] is not None
    assert tried[:-1] == [None] * FREE_FOR_ADDRESS


async def test_a_right_password_takes_its_own_count_back_but_not_those_for_other_names(
    store: Store, now: datetime
) -> None:
    for n in range(FREE_FOR_ADDRESS - 1):
        await guess(store, f"ชื่อ {n}", "203.0.113.4", now)
    assert await guess(store, "สมศรี", "203.0.113.4", now) is None
    await store.run(reviewers.forget_attempts, "สมศรี", "203.0.113.4", now)
    assert await guess(store, "ใหม่", "203.0.113.4", now) is None
    assert await guess(store, "ใหม่กว่า", "203.0.113.4", now) is not None


async def test_guesses_are_forgotten_after_a_day(store: Store, now: datetime) -> None:
    for _ in range(FREE_FOR_PAIR):
        await guess(store, "สมศรี", "203.0.113.4", now)
    assert await guess(store, "สมศรี", "203.0.113.4", now + timedelta(hours=24)) is None


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.4", "203.0.113.4", True),
        ("203.0.113.4", "203.0.113.5", False),
        ("", "", True),
    ],
)
def test_an_ipv6_customer_counts_as_one(a: str, b: str, same: bool) -> None:
    assert (reviewers.network_of(a) == reviewers.network_of(b)) is same
