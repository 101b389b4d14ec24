"""The forms themselves: every field, every sentence, every example; and what a fourth form takes."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

import pytest

import flows.core
from flows import CATALOGUE
from flows.core import engine
from flows.core.chat import Said
from flows.core.engine import advance, begin
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
    Paragraph,
    Phones,
    Text,
    Twitter,
    Url,
)
from flows.core.flow import Flow
from flows.core.photos import Photos
from flows.core.places import Place
from flows.core.problem import Problem
from flows.core.text import LANGUAGES, T
from tests.flows.core.answering import NOW, answer, filled, fits_telegram, good, moves, press, texts

FIELDS = [(flow, field) for flow in CATALOGUE.values() for field in flow.fields]
NAMES = [f"{flow.key}.{field.key}" for flow, field in FIELDS]
every_field = pytest.mark.parametrize(("flow", "field"), FIELDS, ids=NAMES)

# As agreed with the national system: key, kind, * required, + asked with a skip button, o only from the summary.
TABLE = {
    "landmark": """
        name         text       *  2-200
        category     choice     *  10
        description  paragraph  +  4000
        photos       photos     *  1-5
        phone        phones     *
        coordinates  place      +
        address      paragraph  o
        email        email      o
        url          url        o
        facebook     facebook   o
        twitter      twitter    o
        google       google     o
    """,
    "product": """
        name           text       *  2-200
        category       choice     *  5
        description    paragraph  *  4000
        photos         photos     *  1-5
        producer       text       *
        phone          phones     *
        price          amount     +
        coordinates    place      +
        address        paragraph  o
        producer_type  choice     o  3
        standards      choices    o  9
        stars          choice     o  5
        email          email      o
        url            url        o
        facebook       facebook   o
        twitter        twitter    o
        google         google     o
    """,
    "news": """
        category     choice     *  7
        title        text       *  5-250
        body         paragraph  *  8000
        date         date       *
        photos       photos     *  1-5
        coordinates  place      o
        place        text       o
        phone        phones     o
        email        email      o
        url          url        o
        facebook     facebook   o
    """,
}  # fmt: skip
CODES = {
    "landmark": "arts sacred nature living recreation spa royal shopping vineyard academic",
    "product": "food drink textile household herb",
    "news": "activity notice announcement tourism procurement jobs other",
}
LETTERS = {"landmark": "L", "product": "P", "news": "N"}


def test_forms_are_the_three_that_were_agreed() -> None:
    assert set(CATALOGUE) == set(TABLE)
    assert {key: flow.letter for key, flow in CATALOGUE.items()} == LETTERS


@pytest.mark.parametrize("form", TABLE)
def test_form_asks_what_was_agreed_in_that_order(form: str) -> None:
    agreed = [line.split() for line in TABLE[form].strip().split("\n")]
    fields = CATALOGUE[form].fields
    assert [one.key for one in fields] == [row[0] for row in agreed]
    for row, field in zip(agreed, fields, strict=True):
        assert type(field).__name__.lower() == row[1], field.key
        assert ("*" if field.required else "o" if field.later else "+") == row[2], field.key
        if len(row) > 3:
            assert _limit(field) == row[3], field.key


def _limit(field: Field) -> str:
    match field:
        case Text() | Photos():
            return f"{field.least}-{field.most}"
        case Paragraph():
            return str(field.most)
        case Choice():
            return str(len(field.choices))
        case _:
            raise AssertionError(f"{field.key} has no limit")


@pytest.mark.parametrize("form", CODES)
def test_categories_are_those_agreed(form: str) -> None:
    field = CATALOGUE[form].by_key["category"]
    assert isinstance(field, Choice)
    assert [code for code, _ in field.choices] == CODES[form].split()


# --- every field


@every_field
def test_example_of_a_field_is_a_good_answer_to_it(flow: Flow, field: Field) -> None:
    if isinstance(field, Choice | Photos):
        assert field.example is None
        return
    assert field.example is not None
    for language in LANGUAGES:
        heard = field.hear(Said(field.example.to(language), "1"), Hearing(NOW.date()))
        assert isinstance(heard, Heard), (language, heard)
        finished = field.finish(heard.value) if not heard.done else heard
        assert isinstance(finished, Heard)
        assert field.still_reads(finished.value)
        assert field.shown(finished.value, language)


@every_field
def test_label_of_each_choice_reads_as_that_choice(flow: Flow, field: Field) -> None:
    if not isinstance(field, Choice):
        return
    for number, (code, label) in enumerate(field.choices, 1):
        for typed in (label.th, label.en, f"{number}", f"{number}. {label.th}", label.th.rstrip("."), code):
            assert field.code_of(typed) == code, typed
        assert field.shown([code] if isinstance(field, Choices) else code, "th") == label.th


@every_field
def test_field_can_be_asked_first_hand_and_from_the_summary(flow: Flow, field: Field) -> None:
    c = engine.at_field(flow, filled(flow), field.key)
    out = engine.question(flow, c)
    fits_telegram(out)
    assert field.title.th in texts(out)
    assert field.title.en in texts(out, "en")
    assert ("skip" in moves(out)) is not field.required
    assert answer(flow, c, good(field)).conversation.at == ""


# --- every sentence


def _sentences_of(value: object, seen: set[int]) -> Iterator[T]:
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, T):
        yield value
    elif isinstance(value, Problem):
        yield value.say
    elif isinstance(value, dict):
        for one in value.values():
            yield from _sentences_of(one, seen)
    elif isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from _sentences_of(one, seen)
    elif isinstance(value, Flow | Field):
        for name in dir(value):
            if not name.startswith("__"):
                yield from _sentences_of(getattr(value, name), seen)
    elif isinstance(value, type) and issubclass(value, Field):
        yield value.wrong_kind


def sentences() -> list[tuple[str, T]]:
    names = [f"flows.core.{one.name}" for one in iter_modules(flows.core.__path__)]
    names += [f"flows.{key}" for key in CATALOGUE]
    found: dict[tuple[str, str], str] = {}
    for name in names:
        for say in _sentences_of(dict(vars(import_module(name))), set()):
            found.setdefault((say.th, say.en), name)
    return [(name, T(th, en)) for (th, en), name in found.items()]


SENTENCES = sentences()
SIGNS = set("·•★●☐☑✅✏️➕‹›📍📨🗑⚠️ ")


def test_the_walk_finds_the_sentences() -> None:
    assert len(SENTENCES) > 200
    assert {"flows.core.questions", "flows.core.photos", "flows.news"} <= {name for name, _ in SENTENCES}


def test_every_sentence_is_written_in_both_languages_and_fills_in() -> None:
    for name, say in SENTENCES:
        assert bool(say.th.strip()) == bool(say.en.strip()), (name, say)
        assert T.slots_of(say.th) == T.slots_of(say.en), (name, say)
        facts = dict.fromkeys(T.slots_of(say.th), "x")
        for language in LANGUAGES:
            text = say.to(language, facts)
            assert "{" not in text, (name, text)
            assert text.count("<b>") == text.count("</b>"), (name, text)
            assert text.count("<i>") == text.count("</i>"), (name, text)
            assert len(text) < 400, (name, text)


def test_no_sentence_speaks_as_a_man_or_a_woman() -> None:
    for name, say in SENTENCES:
        assert not any(word in say.th for word in ("ครับ", "ค่ะ", "คะ ")), (name, say.th)


def test_every_english_sentence_has_thai_beside_it() -> None:
    """The Thai column is Thai, but for names that are the same in every language."""
    for name, say in SENTENCES:
        thai = any("ก" <= letter <= "๛" for letter in say.th)
        assert thai or say.th == say.en or T.slots_of(say.th), (name, say)
        assert not any(
            "ก" <= letter <= "ฮ"
            for letter in say.en.replace("มผช.", "").replace("อย.", "").replace("มอก.", "")
        ) or _quotes_thai(say), (name, say.en)


def _quotes_thai(say: T) -> bool:
    return "ต่อ" in say.en


# --- a fourth form

WEBSITE = Flow(
    key="website",
    title=T("เว็บไซต์หน่วยงาน", "Website"),
    letter="W",
    icon="🌐",
    headline="{name}",
    fields=(
        Text("name", T("ชื่อเว็บไซต์", "Name"), example=T("เว็บไซต์เทศบาล", "Municipal website")),
        Url("url", T("ที่อยู่เว็บไซต์", "Address"), example=T("www.example.go.th", "www.example.go.th")),
        Date("opened", T("วันที่เปิด", "Opened"), optional=True, example=T("31 ม.ค. 2560", "31 Jan 2017")),
        Email("email", T("อีเมล", "Email"), later=True, example=T("info@example.go.th", "info@example.go.th")),
    ),
)


def test_fourth_form_is_a_dozen_lines_and_goes_through_the_whole_engine() -> None:
    c = begin(WEBSITE)
    assert "ขั้นที่ 1 จาก 3 · เว็บไซต์หน่วยงาน" in texts(engine.question(WEBSITE, c))
    c = filled(WEBSITE)
    assert moves(engine.question(WEBSITE, c)) == {"send", "change", "park", "cancel"}
    c = answer(
        WEBSITE, advance(WEBSITE, c, press(c, "change", "email"), NOW).conversation, Said("a@example.go.th")
    ).conversation
    turn = advance(WEBSITE, c, press(c, "send"), NOW)
    assert turn.effect == "submit"
    assert WEBSITE.headline_of(turn.conversation.answers) == "เว็บไซต์เทศบาล"
    again = engine.reopen(WEBSITE, c.answers, {"url": "เปิดไม่ได้"}, "url")
    assert advance(WEBSITE, again, Said("www.example.org"), NOW).effect == "submit"


def test_every_kind_of_field_is_used_by_some_form() -> None:
    kinds = {
        Amount,
        Choice,
        Choices,
        Date,
        Email,
        Facebook,
        Google,
        Paragraph,
        Phones,
        Photos,
        Place,
        Text,
        Twitter,
        Url,
    }
    assert {type(field) for _, field in FIELDS} == kinds
