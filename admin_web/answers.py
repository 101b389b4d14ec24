"""Answers as reviewers read them: labelled, in INFO's order, and side by side with what was there before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from admin_web.photo_addresses import PhotoAddresses, PhotoSet
from flows.core.chat import Json
from flows.core.fields import Facebook, Field, Google, Twitter, Url
from flows.core.flow import Flow
from flows.core.photos import Kept, Photos, kept_of
from flows.core.places import Place
from flows.core.text import Language
from storage.reviews import Revision


@dataclass(frozen=True, slots=True)
class Row:
    """One field of an entry; without words and photos it was left out."""

    key: str
    title: str
    required: bool
    words: str
    photos: Sequence[PhotoSet] = ()
    link: str = ""
    is_place: bool = False
    field: Field | None = None

    @property
    def given(self) -> bool:
        return bool(self.words)


@dataclass(frozen=True, slots=True)
class Change:
    """A field before and now."""

    before: Row
    now: Row
    differs: bool


def rows_of(
    flow: Flow | None, answers: Mapping[str, Json], language: Language, addresses: PhotoAddresses
) -> list[Row]:
    """Every field of the form, then what an earlier version of it asked and this one does not."""
    known = (
        []
        if flow is None
        else [_row(field, answers, language, addresses) for field in flow.applying(answers)]
    )
    others = [key for key in answers if key not in {row.key for row in known}]
    return known + [Row(key, key, False, _plain(answers[key])) for key in others]


def _row(field: Field, answers: Mapping[str, Json], language: Language, addresses: PhotoAddresses) -> Row:
    answer = answers.get(field.key)
    words = "" if answer in (None, "", []) else _shown(field, answer, language)
    return Row(
        field.key, field.title.to(language), field.required, words,
        [addresses.of(one) for one in kept_of(answer)] if isinstance(field, Photos) else (),
        words if isinstance(field, Url | Facebook | Twitter | Google) and _opens(words) else "",
        isinstance(field, Place), field,
    )  # fmt: skip


def _shown(field: Field, answer: Json, language: Language) -> str:
    try:
        return field.shown(answer, language)
    except (ValueError, TypeError, KeyError, ArithmeticError):
        # Stored under an earlier version of the form: as it is, rather than not at all.
        return _plain(answer)


def _plain(answer: Json) -> str:
    match answer:
        case None:
            return ""
        case str():
            return answer
        case Mapping():
            return ", ".join(f"{key}: {_plain(value)}" for key, value in answer.items())
        case Sequence():
            return ", ".join(_plain(value) for value in answer)
        case _:
            return str(answer)


def _opens(words: str) -> bool:
    return words.startswith(("https://", "http://"))


def compared(
    flow: Flow | None, before: Revision, now: Revision, language: Language, addresses: PhotoAddresses
) -> list[Change]:
    """Every field of either revision, side by side."""
    old = {row.key: row for row in rows_of(flow, before.answers, language, addresses)}
    new = {row.key: row for row in rows_of(flow, now.answers, language, addresses)}
    order = [*new, *(key for key in old if key not in new)]
    return [
        Change(
            old.get(key) or _without(new[key]),
            new.get(key) or _without(old[key]),
            _differs(before.answers.get(key), now.answers.get(key)),
        )
        for key in order
    ]


def _without(row: Row) -> Row:
    return Row(row.key, row.title, row.required, "", field=row.field)


def _differs(old: Json, new: Json) -> bool:
    """Whether a reader would see a difference: photos are compared by picture and frame, not by how they came."""
    pictures = [[(one.photo, one.crop) for one in _pictures(answer)] for answer in (old, new)]
    if pictures[0] or pictures[1]:
        return pictures[0] != pictures[1]
    return old != new


def _pictures(answer: Json) -> list[Kept]:
    is_photos = isinstance(answer, Sequence) and all(
        isinstance(one, Mapping) and "photo" in one for one in answer
    )
    return list(kept_of(answer)) if is_photos else []
