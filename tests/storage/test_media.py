"""What every store of bytes promises, shown on a folder and on a bucket."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.trouble import is_outside
from storage.media import Media, MediaUnusable, MissingPhoto, open_media
from tests.storage.conftest import Shelf

KEY = f"photo/{'ab' * 32}/web.jpg"


def test_what_was_put_is_read_back_even_by_another_process(shelf: Shelf) -> None:
    shelf.media.put(KEY, b"bytes", "image/jpeg")
    media = shelf.again()
    assert media.get(KEY) == b"bytes"
    assert media.exists(KEY)
    assert media.size(KEY) == 5


def test_putting_a_key_again_changes_nothing(shelf: Shelf) -> None:
    shelf.media.put(KEY, b"first", "image/jpeg")
    shelf.media.put(KEY, b"second", "image/jpeg")
    assert shelf.media.get(KEY) == b"first"
    assert shelf.files() == {KEY: b"first"}


def test_of_many_that_put_one_key_at_once_one_wins_and_all_are_confirmed(shelf: Shelf) -> None:
    stores, ready = [shelf.again() for _ in range(8)], threading.Barrier(8)

    def put(number: int) -> None:
        ready.wait()
        stores[number].put(KEY, b"%d" % number * 100_000, "image/jpeg")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, range(8)))
    kept = shelf.media.get(KEY)
    assert kept in {b"%d" % number * 100_000 for number in range(8)}
    assert {store.get(KEY) for store in stores} == {kept}


def test_large_and_empty_contents_are_kept_whole(media: Media) -> None:
    for number, data in enumerate((b"", bytes(range(256)) * 48_000)):
        key = f"letter/{number}/letter.pdf"
        media.put(key, data, "application/pdf")
        assert media.get(key) == data
        assert media.size(key) == len(data)


def test_what_is_missing_is_said_to_be_missing_until_it_is_put(media: Media) -> None:
    assert not media.exists(KEY)
    for read in (media.get, media.size):
        with pytest.raises(MissingPhoto):
            read(KEY)
    media.put(KEY, b"bytes", "image/jpeg")
    assert media.get(KEY) == b"bytes"


def test_deleting_is_done_once_and_asked_as_often_as_one_likes(media: Media) -> None:
    media.put(KEY, b"bytes", "image/jpeg")
    media.delete(KEY)
    media.delete(KEY)
    assert not media.exists(KEY)
    media.put(KEY, b"bytes", "image/jpeg")
    assert media.exists(KEY)


@pytest.mark.parametrize(
    "key",
    [
        *("", "web.jpg", "/etc/passwd", "../secret/x", "photo/../x", "photo/./x", "photo//x", "photo/x/"),
        *(
            "photo/.unfinished",
            ".unfinished/x",
            "Photo/X",
            "photo/a b",
            "photo/a\n",
            "photo/a\0",
            "photo\\a/b",
        ),
        "photo/" + "a" * 200,
    ],
)
def test_a_key_cannot_lead_out_of_the_store(shelf: Shelf, key: str) -> None:
    media = shelf.media
    for use in (media.get, media.exists, media.size, media.delete):
        with pytest.raises(ValueError, match="not a key"):
            use(key)
    with pytest.raises(ValueError, match="not a key"):
        media.put(key, b"x", "image/jpeg")
    assert shelf.files() == {}


def test_a_full_store_is_an_outside_failure_and_the_next_try_succeeds(shelf: Shelf) -> None:
    with shelf.full(0), pytest.raises(OSError) as raised:
        shelf.media.put(KEY, b"bytes", "image/jpeg")
    assert is_outside(raised.value)
    assert not shelf.media.exists(KEY)
    assert shelf.files() == {}
    shelf.media.put(KEY, b"bytes", "image/jpeg")
    assert shelf.media.get(KEY) == b"bytes"


def test_a_check_leaves_nothing_and_tells_when_there_is_no_room(shelf: Shelf) -> None:
    shelf.media.check()
    with shelf.full(0), pytest.raises(MediaUnusable) as raised:
        shelf.media.check()
    assert raised.value.problem.say.th
    shelf.media.check()
    assert shelf.files() == {}


@pytest.mark.parametrize(
    "setting", ["ftp://example.org/photos", "gs://bucket", "s3://", "s3://UPPER/x", "s3://b/../c"]
)
def test_an_unknown_kind_of_place_is_refused_with_what_would_be_right(setting: str) -> None:
    with pytest.raises(MediaUnusable, match=rf"{setting.partition('://')[0]}://.*folder.*s3://bucket/prefix"):
        open_media(setting)
