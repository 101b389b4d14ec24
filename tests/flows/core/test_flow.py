"""A form as a declaration: what it may say, and what it knows of its answers."""

from __future__ import annotations

import pytest

from flows.core.chat import Json
from flows.core.fields import Choice, Email, Field, Is, Text
from flows.core.flow import Flow
from flows.core.photos import Photos
from flows.core.places import Place
from flows.core.problem import FlowError
from flows.core.text import T

A_T = T("ข้อ", "Field")
NAME, MAIL = Text("name", A_T), Email("email", A_T, later=True)
KIND = Choice("category", A_T, (("spa", A_T), ("park", A_T)))
LICENCE = Text("licence", A_T, only_if=Is("category", "spa"))


def form(*fields: Field, key: str = "trial", headline: str = "{name}") -> Flow:
    return Flow(key, T("ทดลอง", "Trial"), "X", "🧪", headline, fields)


@pytest.mark.parametrize(
    "fields",
    [(), (MAIL,), (NAME, NAME), (LICENCE, KIND, NAME), (NAME, Text("x", A_T, only_if=Is("y", "z")))],
)
def test_form_that_cannot_work_is_refused_at_import(fields: tuple[Field, ...]) -> None:
    with pytest.raises(FlowError):
        form(*fields, headline="")


def test_key_of_a_form_is_a_short_word() -> None:
    for key in ("", "two words", "a" * 21):
        with pytest.raises(FlowError):
            form(NAME, key=key)


def test_headline_of_a_field_that_is_not_there_is_refused_at_import() -> None:
    with pytest.raises(FlowError):
        form(NAME, headline="{title}")


def test_what_is_asked_depends_on_the_answers_and_leaves_out_what_is_later() -> None:
    flow = form(KIND, LICENCE, NAME, MAIL)
    spa: dict[str, Json] = {"category": "spa"}
    assert flow.asked(spa) == [KIND, LICENCE, NAME]
    assert flow.asked({}) == [KIND, NAME]
    assert flow.applying({}) == [KIND, NAME, MAIL]


def test_headline_is_empty_until_it_is_answered() -> None:
    flow = form(NAME, KIND)
    assert flow.headline_of({}) == ""
    assert flow.headline_of({"name": "วัด {x}"}) == "วัด {x}"
    assert flow.category_of({"category": "spa"}) == "spa"
    assert flow.category_of({}) == ""


def test_form_knows_its_photos_and_its_place() -> None:
    photos, place = Photos("photos", A_T), Place("coordinates", A_T)
    assert form(NAME, photos, place).photos is photos
    assert form(NAME, photos, place).place is place
    assert form(NAME).photos is None
    assert form(NAME).place is None
