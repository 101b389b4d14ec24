"""Photos: collecting, order, cover, crop, warnings."""

from __future__ import annotations

import pytest

from flows.core.chat import Inbound, Json, Pressed, RefusedPhoto, Said
from flows.core.fields import Heard, Hearing
from flows.core.photos import Kept, Photos, alike, kept_of, shown_photos
from flows.core.problem import FlowError, Problem
from flows.core.text import T
from tests.flows.core.answering import NOW, photo

FIELD = Photos("photos", T("รูป", "Photos"))


def hear(partial: Json, inbound: Inbound, field: Photos = FIELD) -> Heard:
    result = field.hear(inbound, Hearing(NOW.date(), partial))
    assert isinstance(result, Heard)
    return result


def sent(*inbounds: Inbound) -> Json:
    partial: Json = None
    for inbound in inbounds:
        partial = hear(partial, inbound).value
    return partial


def refs(partial: Json) -> str:
    return "".join(one.ref for one in kept_of(partial))


def said(result: Heard) -> str:
    return " ".join(line.to("th") for line in result.say)


def test_album_keeps_the_order_it_was_sent_in_whatever_order_it_arrives_in() -> None:
    album = [photo("a", "1", "g"), photo("b", "2", "g"), photo("c", "3", "g")]
    assert refs(sent(album[2], album[0], album[1])) == "123"


def test_single_photos_and_other_albums_stay_where_they_came() -> None:
    partial = sent(
        photo("a", "5"), photo("b", "4"), photo("c", "9", "h"), photo("d", "7", "g"), photo("e", "8", "h")
    )
    assert refs(partial) == "54" + "89" + "7"


def test_same_message_again_is_the_same_photo() -> None:
    partial = sent(photo("a", "1"))
    assert hear(partial, photo("a", "1")).value == partial


def test_sixth_photo_is_refused_and_taken_once_there_is_room() -> None:
    partial = sent(*(photo(name, name) for name in "12345"))
    refused = FIELD.hear(photo("6", "6"), Hearing(NOW.date(), partial))
    assert isinstance(refused, Problem)
    assert refused.code == "photos.too_many"
    partial = hear(partial, Pressed("remove", kept_of(partial)[0].name)).value
    assert refs(hear(partial, photo("6", "6")).value) == "23456"


def test_cover_is_the_first_and_can_be_chosen() -> None:
    partial = sent(photo("a", "1"), photo("b", "2"), photo("c", "3"))
    assert refs(hear(partial, Pressed("cover", kept_of(partial)[2].name)).value) == "312"


@pytest.mark.parametrize(("where", "crop"), [("s", "start"), ("c", "centre"), ("e", "end")])
def test_crop_moves_and_is_shown(where: str, crop: str) -> None:
    partial = sent(photo("a", "1"))
    moved = hear(partial, Pressed("crop", f"{kept_of(partial)[0].name}-{where}")).value
    assert [one.crop for one in shown_photos(moved)] == [crop]


def test_button_for_a_photo_that_is_gone_means_nothing() -> None:
    partial = sent(photo("a", "1"))
    for press in (
        Pressed("remove", "x_9"),
        Pressed("cover", "x_9"),
        Pressed("crop", "x_9-s"),
        Pressed("crop", "x"),
    ):
        assert FIELD.hear(press, Hearing(NOW.date(), partial)) is None


def test_same_picture_twice_are_two_photos_that_can_be_told_apart() -> None:
    partial = sent(photo("a", "1"), photo("a", "2"))
    first, second = kept_of(partial)
    assert first.name != second.name
    assert refs(hear(partial, Pressed("remove", second.name)).value) == "1"


def test_doubtful_photo_is_named_by_its_number_and_can_be_taken_out() -> None:
    partial = sent(photo("a", "1"))
    assert "รูปที่ 2 ค่อนข้างมืด" in said(hear(partial, photo("b", "2", warnings=("dark",))))
    assert "รูปที่ 2 เป็นรูปเดียวกับรูปที่ 1" in said(hear(partial, photo("a", "2")))
    result = hear(partial, photo("b", "2", warnings=("small", "blurred")))
    labels = [button.label.to("th") for row in FIELD.options(result.value) for button in row]
    assert labels == ["เอารูปที่ 2 ออก", "จัดการรูป (2)"]


def test_pictures_that_differ_in_a_few_bits_look_alike() -> None:
    assert alike("ffffffffffffffff", "fffffffffffffff0")
    assert not alike("ffffffffffffffff", "ffffffffffffff00")
    assert not alike("", "")
    assert not alike("", "ffffffffffffffff")


def test_only_a_photo_that_the_frame_cuts_can_be_moved_in_it() -> None:
    assert not Kept("a", 4032, 3024).movable
    assert not Kept("a", 3024, 4032).movable
    assert Kept("a", 1600, 900).movable
    assert Kept("a", 900, 1600).movable


def test_photo_is_read_again_as_it_was_kept() -> None:
    kept = Kept("ab", 10, 20, "end", "0f", ("dark",), (18.2, 99.4), "7", "g")
    assert kept_of([kept.to_json()]) == [kept]
    assert kept_of(None) == kept_of("x") == kept_of([1]) == []


def test_refused_file_says_why_and_words_are_no_photo() -> None:
    broken = Problem("photo.broken", T("เสีย", "Broken"))
    assert FIELD.hear(RefusedPhoto(broken), Hearing(NOW.date())) is broken
    assert FIELD.hear(Said("ไม่มี"), Hearing(NOW.date())) is None


def test_too_few_photos_are_no_answer() -> None:
    two = Photos("photos", T("รูป", "Photos"), least=2)
    refused = two.finish(sent(photo("a", "1")))
    assert isinstance(refused, Problem)
    assert isinstance(two.finish(sent(photo("a", "1"), photo("b", "2"))), Heard)
    assert two.still_reads(sent(photo("a", "1"), photo("b", "2")))
    assert not two.still_reads(sent(photo("a", "1")))


@pytest.mark.parametrize(("least", "most"), [(0, 5), (3, 2), (1, 11)])
def test_impossible_numbers_of_photos_are_refused_at_import(least: int, most: int) -> None:
    with pytest.raises(FlowError):
        Photos("photos", T("รูป", "Photos"), least=least, most=most)
