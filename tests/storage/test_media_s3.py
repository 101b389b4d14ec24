"""The bucket of photos: what a store that fails, refuses or goes away does, and that the work goes on after it."""

from __future__ import annotations

import multiprocessing
import socket
import threading
import time
from datetime import timedelta
from multiprocessing.queues import Queue

import obstore
import pytest

from bot.trouble import is_outside
from storage.bucket import Bucket
from storage.media import Media, MediaUnreachable, MediaUnusable, MissingPhoto, open_media
from storage.media_s3 import FOREVER, S3Media
from storage.photos import Photos, Prepared
from tests.s3 import KEY as ACCESS_KEY
from tests.s3 import SECRET, Server
from tests.storage.pictures import saved, scene

KEY = f"photo/{'ab' * 32}/web.jpg"


@pytest.fixture
def bucket(s3: Server) -> str:
    return s3.bucket()


@pytest.fixture
def media(s3: Server, bucket: str) -> Media:
    return open_media(f"s3://{bucket}/thongthin", s3.access)


def test_an_object_lies_under_the_prefix_with_its_kind_and_may_be_cached_for_ever(
    s3: Server, bucket: str, media: Media
) -> None:
    media.put(KEY, b"bytes", "image/jpeg")
    assert s3.files(bucket) == {f"thongthin/{KEY}": b"bytes"}
    attributes = obstore.get(s3.store(bucket), f"thongthin/{KEY}").attributes
    assert attributes == {"Content-Type": "image/jpeg", "Cache-Control": FOREVER}


def test_a_bucket_without_a_prefix_is_used_whole(s3: Server, bucket: str) -> None:
    open_media(f"s3://{bucket}", s3.access).put(KEY, b"bytes", "image/jpeg")
    assert s3.files(bucket) == {KEY: b"bytes"}


def test_the_bucket_is_named_in_the_path_where_the_endpoint_is_our_own(
    s3: Server, bucket: str, media: Media
) -> None:
    s3.asked.clear()
    media.exists(KEY)
    assert s3.asked == [("HEAD", f"/{bucket}/thongthin/{KEY}")]


async def test_a_server_that_goes_away_in_mid_work_loses_nothing_and_the_same_photo_is_kept_once_it_is_back(
    s3: Server, bucket: str, media: Media
) -> None:
    photos, data = Photos(media), saved(scene(1))
    before = await photos.keep(saved(scene(2)))
    assert isinstance(before, Prepared)
    s3.stop()
    with pytest.raises(MediaUnreachable) as raised:
        await photos.keep(data)
    assert is_outside(raised.value)
    for use in (media.get, media.exists, media.size, media.delete):
        with pytest.raises(MediaUnreachable):
            use(KEY)
    s3.start()
    kept = await photos.keep(data)
    assert isinstance(kept, Prepared)
    assert await photos.read(kept.photo, "web") == kept.web
    assert await photos.read(before.photo, "web") == before.web
    assert len(s3.files(bucket)) == 6
    photos.close()


def test_a_short_trouble_is_got_over_without_anybody_noticing(s3: Server, media: Media) -> None:
    s3.stop()
    back = threading.Timer(0.15, s3.start)
    back.start()
    media.put(KEY, b"bytes", "image/jpeg")
    back.join()
    assert media.get(KEY) == b"bytes"


def test_a_store_that_never_answers_is_given_up_after_a_bounded_time(
    bucket: str, s3: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.media_s3.ONE_REQUEST", timedelta(seconds=0.3))
    monkeypatch.setattr("storage.media_s3.ALL_TRIES", timedelta(seconds=0.5))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(16)
        access = s3.access | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{silent.getsockname()[1]}"}
        began = time.monotonic()
        with pytest.raises(MediaUnreachable):
            S3Media(Bucket(bucket), access).put(KEY, b"bytes", "image/jpeg")
        assert time.monotonic() - began < 5


def test_a_put_that_is_said_to_be_there_and_is_not_is_never_confirmed(
    s3: Server, media: Media, bucket: str
) -> None:
    with s3.failing("PUT", "412 Precondition Failed"), pytest.raises(MediaUnreachable):
        media.put(KEY, b"bytes", "image/jpeg")
    media.put(KEY, b"bytes", "image/jpeg")
    assert s3.files(bucket) == {f"thongthin/{KEY}": b"bytes"}


def _keep(setting: str, access: dict[str, str], data: bytes, said: Queue[str]) -> None:
    media = open_media(setting, access)
    for key in ("thumbnail", "info-centre", "web"):
        media.put(f"photo/{'cd' * 32}/{key}.jpg", data, "image/jpeg")
    said.put("kept")


def test_two_processes_putting_the_same_photo_at_once_both_keep_it(s3: Server, bucket: str) -> None:
    apart = multiprocessing.get_context("spawn")  # no thread of this one may come along
    said: Queue[str] = apart.Queue()
    data = bytes(range(256)) * 2_000
    setting = f"s3://{bucket}/thongthin"
    both = [apart.Process(target=_keep, args=(setting, s3.access, data, said)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    assert [one.exitcode for one in both] == [0, 0]
    assert set(s3.files(bucket).values()) == {data}
    assert len(s3.files(bucket)) == 3
    said.close()


# --- at opening


def refused(setting: str, access: dict[str, str]) -> MediaUnusable:
    with pytest.raises(MediaUnusable) as raised:
        open_media(setting, access)
    problem = raised.value.problem
    for said in (problem.say.to("th", problem.facts), problem.say.to("en", problem.facts)):
        assert "\n" not in said
        assert SECRET not in said
        assert "<" not in said
    assert raised.value.__cause__ is None  # what the store said stays out of a trace too
    return raised.value


def test_a_missing_bucket_is_named_and_opens_once_it_is_made(s3: Server, bucket: str) -> None:
    error = refused("s3://no-such-bucket/x", s3.access)
    assert error.problem.code == "media.no_bucket"
    assert "s3://no-such-bucket/x" in str(error)
    open_media(f"s3://{bucket}/x", s3.access)


def test_a_wrong_key_is_told_without_the_key_and_the_right_one_opens(s3: Server, bucket: str) -> None:
    with s3.asking_for_keys():
        error = refused(f"s3://{bucket}", s3.access)
    assert error.problem.code == "media.no_access"
    assert "AWS_SECRET_ACCESS_KEY" in str(error)
    assert ACCESS_KEY not in str(error)
    open_media(f"s3://{bucket}", s3.access)


def test_a_key_that_is_withdrawn_later_is_an_outside_failure_not_a_missing_photo(
    s3: Server, media: Media
) -> None:
    media.put(KEY, b"bytes", "image/jpeg")
    with s3.asking_for_keys():
        for use in (media.get, media.exists, media.size, media.delete):
            with pytest.raises(MediaUnreachable):
                use(KEY)
    assert media.get(KEY) == b"bytes"


def test_a_bucket_that_is_gone_is_an_outside_failure_not_a_missing_photo(s3: Server) -> None:
    gone = S3Media(Bucket("gone-bucket"), s3.access)
    with pytest.raises(MediaUnreachable):
        gone.get(KEY)
    with pytest.raises(MediaUnreachable) as raised:
        gone.put(KEY, b"bytes", "image/jpeg")
    assert is_outside(raised.value)


def test_a_store_that_is_not_running_is_told_and_opens_once_it_runs(s3: Server, bucket: str) -> None:
    s3.stop()
    error = refused(f"s3://{bucket}", s3.access)
    assert error.problem.code == "media.unreachable"
    assert s3.url in str(error)
    s3.start()
    open_media(f"s3://{bucket}", s3.access).check()


@pytest.mark.parametrize("method", ["PUT", "GET", "HEAD", "DELETE"])
def test_a_store_that_refuses_one_kind_of_request_is_told_with_its_number(
    s3: Server, bucket: str, method: str
) -> None:
    with s3.failing(method, "501 Not Implemented"):
        error = refused(f"s3://{bucket}", s3.access)
    assert error.problem.code == "media.refused"
    assert "501" in str(error)


def test_without_the_right_to_list_what_is_missing_looks_forbidden_and_that_is_told(
    s3: Server, bucket: str
) -> None:
    with s3.failing("HEAD", "403 Forbidden"):
        error = refused(f"s3://{bucket}", s3.access)
    assert error.problem.code == "media.no_access"
    assert "listing" in str(error)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"AWS_ENDPOINT_URL": "127.0.0.1:9000"}, "media.endpoint"),
        ({"AWS_ENDPOINT_URL": "http://me:hunter2@127.0.0.1:9000"}, "media.endpoint"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:nine"}, "media.endpoint"),
        ({"AWS_ACCESS_KEY_ID": ""}, "media.no_key"),
        ({"AWS_SECRET_ACCESS_KEY": ""}, "media.no_key"),
    ],
)
def test_what_cannot_work_is_told_before_anything_is_asked(
    s3: Server, bucket: str, wrong: dict[str, str], code: str
) -> None:
    s3.asked.clear()
    error = refused(f"s3://{bucket}", s3.access | wrong)
    assert error.problem.code == code
    assert "hunter2" not in str(error)
    assert s3.asked == []
    open_media(f"s3://{bucket}", s3.access)


def test_http_is_taken_only_where_the_endpoint_says_so(s3: Server, bucket: str) -> None:
    https = s3.access | {"AWS_ENDPOINT_URL": s3.url.replace("http:", "https:")}
    s3.asked.clear()
    assert refused(f"s3://{bucket}", https).problem.code == "media.unreachable"
    assert s3.asked == []
    open_media(f"s3://{bucket}", s3.access)


def test_a_photo_that_is_not_there_is_missing_and_is_found_once_it_is(media: Media) -> None:
    with pytest.raises(MissingPhoto):
        media.get(KEY)
    media.put(KEY, b"bytes", "image/jpeg")
    assert media.get(KEY) == b"bytes"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("s3://photos", Bucket("photos")),
        ("s3://photos/", Bucket("photos")),
        ("s3://photos.example.org/thongthin/2560", Bucket("photos.example.org", "thongthin/2560")),
    ],
)
def test_a_bucket_is_read_and_written_back(written: str, read: Bucket) -> None:
    assert Bucket.read(written) == read
    assert str(read) == written.rstrip("/")


@pytest.mark.parametrize(
    "wrong",
    ["s3://", "s3://b", "s3:///x", "s3://Photos", "s3://photos//x", "s3://photos/../x", "s3://a..b", "s3://k:s@photos", "s3://photos/" + "x" * 600],
)  # fmt: skip
def test_what_names_no_bucket_is_not_read(wrong: str) -> None:
    assert Bucket.read(wrong) is None
