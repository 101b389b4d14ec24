"""Corrections: an earlier message edited, and a photo that comes when its question has been left."""

from __future__ import annotations

from dataclasses import replace

from flows.core import questions as ask
from flows.core.chat import Edit, Json, Out, RefusedPhoto, Said, SentPhoto
from flows.core.conversation import Conversation
from flows.core.fields import Field, Heard, Hearing, Paragraph, parts_of
from flows.core.flow import Flow
from flows.core.photos import Photos, kept_from, kept_of
from flows.core.problem import Problem
from flows.core.text import tidy


def is_answer_to(field: Field, c: Conversation, edit: Edit) -> bool:
    """Whether the edited message is to be heard as a new answer to the question that stands."""
    if isinstance(field, Paragraph):
        return all(part["ref"] != edit.ref for part in _parts_in(field, c))
    return field.several or field.key not in c.answers


def _parts_in(field: Field, c: Conversation) -> list[dict[str, str]]:
    return parts_of((c.partials if field.key in c.partials else c.parts).get(field.key))


def reread(c: Conversation, field: Field, edit: Edit, hearing: Hearing) -> Heard | Problem | None:
    """The answer as the edited message now gives it; None where an edit cannot give it."""
    if not isinstance(field, Paragraph):
        heard = field.hear(Said(edit.text, edit.ref), hearing)
        return field.finish(heard.value) if isinstance(heard, Heard) and not heard.done else heard
    collecting = field.key in c.partials
    parts = _parts_in(field, c)
    if all(part["ref"] != edit.ref for part in parts):
        return None
    changed: list[dict[str, str]] = [
        {"ref": p["ref"], "text": tidy(edit.text) if p["ref"] == edit.ref else p["text"]} for p in parts
    ]
    finished = field.finish(changed)
    return finished if isinstance(finished, Problem) else Heard(changed, done=not collecting)


def corrected(c: Conversation, key: str, heard: Heard) -> Conversation:
    if not heard.done:
        return replace(c, partials={**c.partials, key: heard.value})
    if isinstance(heard.value, list) and key in c.parts:
        text = "\n".join(part["text"] for part in parts_of(heard.value))
        return replace(c, answers={**c.answers, key: text}, parts={**c.parts, key: heard.value})
    return replace(c, answers={**c.answers, key: heard.value})


def album_of(flow: Flow, c: Conversation, inbound: SentPhoto | RefusedPhoto) -> Photos | None:
    """The photos question that a late photo of an album belongs to, when another question stands by now."""
    return next(
        (
            field
            for field in flow.fields
            if isinstance(field, Photos) and field.key != c.at and inbound.group
            if any(one.group == inbound.group for one in kept_of(photos_in(c, field)))
        ),
        None,
    )


def photos_in(c: Conversation, field: Photos) -> Json:
    """What a photos question has: still collecting, or answered."""
    return c.partials[field.key] if field.key in c.partials else c.answers.get(field.key)


def late_photo(
    c: Conversation, field: Photos, inbound: SentPhoto | RefusedPhoto, hearing: Hearing
) -> tuple[Conversation, tuple[Out, ...]]:
    """The late photo at its place in the album, and what is said to it."""
    heard = field.hear(inbound, hearing)
    if isinstance(heard, Heard):
        if field.key in c.partials:
            now = replace(c, partials={**c.partials, field.key: heard.value})
        else:
            now = replace(c.with_answer(field.key, heard.value), pending=c.pending)
        return now, (ask.late_photo(field, heard.value, heard.say, inbound.group),)
    if isinstance(heard, Problem):
        said = (ask.wrong_line(heard),)
        return c, (ask.late_photo(field, photos_in(c, field), said, inbound.group),)
    return c, ()


def collected_for(field: Field, c: Conversation) -> Json:
    """What a question that was left has been given so far, as it would begin with that."""
    if field.key in c.partials:
        return c.partials[field.key]
    if field.key in c.parts:
        return c.parts[field.key]
    return field.start(c.answers[field.key]) if field.key in c.answers else None


def with_overtaken(c: Conversation, field: Field, heard: Heard) -> tuple[Conversation, bool]:
    """The conversation with what was heard for a question that was left meanwhile, and whether it is answered by it."""
    if heard.done:
        return replace(c.with_answer(field.key, heard.value), pending=c.pending), True
    collecting = replace(c, partials={**c.partials, field.key: heard.value})
    finished = field.finish(heard.value)
    if isinstance(finished, Problem) or (field.key in c.partials and field.key not in c.answers):
        return collecting, False
    return replace(collecting.with_answer(field.key, finished.value), pending=c.pending), True


def photo_of(flow: Flow, c: Conversation, ref: str) -> Photos | None:
    """The photos question that the photo of a message answers."""
    return next(
        (
            field
            for field in flow.fields
            if isinstance(field, Photos) and any(one.ref == ref for one in kept_of(photos_in(c, field)))
        ),
        None,
    )


def with_photo(c: Conversation, field: Photos, sent: SentPhoto) -> tuple[Conversation, int]:
    """The photo in the place of the one its message had before, and its number; 0 when it is the same one."""
    kept = kept_of(photos_in(c, field))
    at = next(number for number, one in enumerate(kept) if one.ref == sent.ref)
    if kept[at].photo == sent.photo:
        return c, 0
    kept[at] = kept_from(sent)
    value: Json = [one.to_json() for one in kept]
    if field.key in c.partials:
        return replace(c, partials={**c.partials, field.key: value}), at + 1
    return replace(c, answers={**c.answers, field.key: value}), at + 1
