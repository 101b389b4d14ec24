"""The kinds of answers: what each takes, refuses, shows and reads again."""

from __future__ import annotations

from datetime import date

import pytest

from flows.core.chat import Inbound, Json, Pressed, Said, SentContact, SentOther, SentPhoto
from flows.core.fields import (
    Amount,
    Choice,
    Choices,
    Date,
    Email,
    Facebook,
    Field,
    Google,
    Heard,
    Hearing,
    Is,
    Paragraph,
    Phones,
    Text,
    Twitter,
    Url,
    parts_of,
)
from flows.core.photos import Photos
from flows.core.places import Place
from flows.core.problem import FlowError, Problem
from flows.core.text import T

TODAY = date(2017, 1, 16)
A_T = T("ข้อ", "Field")
KINDS = (
    ("fda", T("อย.", "FDA")),
    ("gap", T("GAP", "GAP")),
    ("tcps", T("มผช.", "TCPS")),
    ("other", T("อื่น ๆ", "Other")),
)


def hear(field: Field, inbound: Inbound | str, partial: Json = None) -> Heard | Problem | None:
    return field.hear(Said(inbound) if isinstance(inbound, str) else inbound, Hearing(TODAY, partial))


def taken(field: Field, inbound: Inbound | str, partial: Json = None) -> Json:
    result = hear(field, inbound, partial)
    assert isinstance(result, Heard), result
    return result.value


def refused(field: Field, inbound: Inbound | str, partial: Json = None) -> str:
    result = hear(field, inbound, partial)
    assert isinstance(result, Problem), result
    assert result.say.to("th", result.facts)
    assert result.say.to("en", result.facts)
    return result.code


EVERY_KIND: tuple[tuple[Field, str, str], ...] = (
    (Text("x", A_T), "วัดพระธาตุ", "วัดพระธาตุ"),
    (Choice("x", A_T, KINDS), "อย.", "อย."),
    (Date("x", A_T), "๓๑/๑/๖๐", "31 มกราคม 2560"),
    (Phones("x", A_T), "๐๕๔-๑๒๓-๔๕๖ ต่อ ๑", "054-123-456 ต่อ 1"),
    (Amount("x", A_T), "๑๐๐-๑๕๐ บาท/ชุด", "100–150 บาท / ชุด"),
    (Email("x", A_T), "info@example.go.th", "info@example.go.th"),
    (Url("x", A_T), "www.example.go.th", "https://www.example.go.th"),
    (Facebook("x", A_T), "facebook.com/thongthin", "https://www.facebook.com/thongthin"),
    (Twitter("x", A_T), "@thongthin", "https://x.com/thongthin"),
    (Google("x", A_T), "https://maps.app.goo.gl/AbC123", "https://maps.app.goo.gl/AbC123"),
)


@pytest.mark.parametrize(("field", "typed", "shown"), EVERY_KIND, ids=lambda one: type(one).__name__)
def test_answer_is_shown_as_people_write_it_and_reads_again(field: Field, typed: str, shown: str) -> None:
    value = taken(field, typed)
    assert field.shown(value, "th") == shown
    assert field.shown(value, "en")
    assert field.still_reads(value)


@pytest.mark.parametrize("field", [one for one, _, _ in EVERY_KIND], ids=lambda one: type(one).__name__)
def test_stickers_and_photos_answer_no_question_of_words(field: Field) -> None:
    assert hear(field, SentOther("sticker")) is None
    assert hear(field, SentPhoto("ab", 1, 1)) is None


PLACE: Json = {"latitude": 18.2, "longitude": 99.4, "source": "pin"}
PHOTO: Json = {"photo": "ab", "width": 10, "height": 20}
STORED: tuple[tuple[Json, str], ...] = (
    ("วัด", "Text Facebook Paragraph"),
    ("gap", "Choice Text Facebook Twitter Paragraph"),
    (["gap", "fda"], "Choices"),
    ([{"number": "0812345678", "extension": ""}], "Phones"),
    ({"low": "120", "high": None, "unit": "ชุด"}, "Amount"),
    (PLACE, "Place"),
    ([PHOTO], "Photos"),
    ([{"x": 1}], ""),
    ([[]], ""),
    (None, ""),
    (3, ""),
    (True, ""),
)
KIND_OF_EACH = (
    *(one for one, _, _ in EVERY_KIND), Choices("x", A_T, KINDS), Paragraph("x", A_T), Place("x", A_T), Photos("x", A_T),
)  # fmt: skip


@pytest.mark.parametrize(("stored", "kinds"), STORED, ids=str)
def test_answer_is_read_again_only_by_the_kinds_it_fits(stored: Json, kinds: str) -> None:
    """A form may make a field another kind of question: what was answered before is then asked again."""
    assert {type(one).__name__ for one in KIND_OF_EACH if one.still_reads(stored)} == set(kinds.split())


# --- text


def test_line_of_text_is_counted_without_its_blanks() -> None:
    field = Text("x", A_T, least=2, most=5)
    assert taken(field, "  ก \n ข ") == "ก ข"
    assert refused(field, " ก ") == "text.too_short"
    assert refused(field, "กขคงจฉ") == "text.too_long"
    assert taken(field, "กขคงจ") == "กขคงจ"


def test_text_is_collected_over_messages_up_to_its_limit() -> None:
    field = Paragraph("x", A_T, most=10)
    partial = taken(field, Said("กขคง", "1"))
    partial = taken(field, Said(" จฉชซ ", "2"), partial)
    assert parts_of(partial) == [{"ref": "1", "text": "กขคง"}, {"ref": "2", "text": "จฉชซ"}]
    assert refused(field, Said("ก", "3"), partial) == "paragraph.too_long"
    finished = field.finish(partial)
    assert isinstance(finished, Heard)
    assert finished.value == "กขคง\nจฉชซ"


def test_text_of_nothing_but_invisible_characters_is_too_short() -> None:
    assert refused(Paragraph("x", A_T), "\u200b \u200b") == "text.too_short"
    assert isinstance(Paragraph("x", A_T).finish([]), Problem)


# --- choices


@pytest.mark.parametrize(
    ("typed", "code"),
    [("1", "fda"), ("๒", "gap"), ("อย", "fda"), ("อย.", "fda"), ("1. อย.", "fda"), ("gap", "gap"), ("tcps", "tcps"), ("4.", "other"),
     ("อื่น", "other"), (" อื่น  ๆ ", "other")],
)  # fmt: skip
def test_choice_takes_its_number_its_label_and_its_beginning(typed: str, code: str) -> None:
    assert taken(Choice("x", A_T, KINDS), typed) == code


@pytest.mark.parametrize("typed", ["0", "5", "ก", "ไม่มี", "ผช"])
def test_choice_that_is_not_there_is_refused_with_the_numbers_there_are(typed: str) -> None:
    field = Choice("x", A_T, KINDS)
    assert refused(field, typed) == "choice.unknown"
    assert hear(field, Pressed("pick", typed)) is None
    assert taken(field, Pressed("pick", "gap")) == "gap"


def test_words_that_fit_two_choices_choose_neither() -> None:
    field = Choice(
        "x", A_T, (("a", T("ผ้าไหม", "Silk")), ("b", T("ผ้าไหมพรม", "Wool")), ("c", T("ดอกผ้าไหม", "Flower")))
    )
    assert taken(field, "ผ้าไหม") == "a"
    assert refused(field, "ผ้าไ") == "choice.unknown"


def test_boxes_are_ticked_one_by_one_or_typed_together() -> None:
    field = Choices("x", A_T, KINDS)
    partial = taken(field, Pressed("tick", "gap"))
    partial = taken(field, "มผช., อย.", partial)
    assert partial == ["fda", "gap", "tcps"]
    partial = taken(field, Pressed("untick", "fda"), partial)
    assert refused(field, "อย., ไม่มี", partial) == "choice.unknown"
    assert field.shown(partial, "th") == "GAP, มผช."
    finished = field.finish(partial)
    assert isinstance(finished, Heard)
    assert isinstance(field.finish([]), Problem)


def test_boxes_of_an_earlier_version_read_while_all_are_there() -> None:
    field = Choices("x", A_T, KINDS)
    assert field.still_reads(["gap", "fda"])
    for stored in ([], ["gap", "gone"], "gap", None):
        assert not field.still_reads(stored)


# --- the others


def test_day_is_chosen_by_a_button_or_typed() -> None:
    field = Date("x", A_T)
    assert taken(field, Pressed("pick", "today")) == taken(field, "วันนี้") == "2017-01-16"
    assert taken(field, Pressed("pick", "yesterday")) == "2017-01-15"
    assert hear(field, Pressed("pick", "tomorrow")) is None
    assert refused(field, "31 ก.พ. 2560").startswith("date.")
    assert not field.still_reads("31 ม.ค. 2560")


def test_number_is_typed_or_comes_as_a_contact() -> None:
    field = Phones("x", A_T)
    assert taken(field, SentContact("+66812345678")) == taken(field, "081-234-5678")
    assert refused(field, "1").startswith("phone.")
    assert hear(field, SentOther("voice")) is None


def test_price_keeps_its_decimals() -> None:
    assert taken(Amount("x", A_T), "1,250.50 บาท/ชิ้น") == {"low": "1250.50", "high": None, "unit": "ชิ้น"}


def test_long_key_is_refused_at_import() -> None:
    for key in ("a" * 21, "two words", "1st", ""):
        with pytest.raises(FlowError):
            Text(key, A_T)


def test_optional_and_later_questions_are_not_required() -> None:
    assert Text("x", A_T).required
    assert not Text("x", A_T, optional=True).required
    assert not Text("x", A_T, later=True).required


def test_condition_looks_at_one_answer() -> None:
    assert Is("kind", "spa").holds({"kind": "spa"})
    assert not Is("kind", "spa").holds({"kind": "arts"})
    assert not Is("kind", "spa").holds({})
