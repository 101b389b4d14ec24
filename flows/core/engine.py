"""The engine: one answer in, the next state and what to say out. Every form is asked by it alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, assert_never

from flows.core import questions as ask
from flows.core.chat import (
    Around,
    Edit,
    Inbound,
    Json,
    Line,
    Out,
    Pressed,
    RefusedPhoto,
    Reply,
    Said,
    SentContact,
    SentOther,
    SentPhoto,
    SentPlace,
    Toast,
)
from flows.core.conversation import Conversation
from flows.core.coordinates import LatLon
from flows.core.fields import Field, Heard, Hearing, Paragraph, parts_of
from flows.core.flow import Flow
from flows.core.photos import PROGRESS, Photos, kept_of
from flows.core.places import Given, Place, given_in
from flows.core.problem import Problem

# What the shell has to do besides saving: nothing, send the entry in, keep the draft aside, or throw it away.
Effect = Literal["none", "submit", "park", "discard"]


@dataclass(frozen=True, slots=True)
class Turn:
    conversation: Conversation
    out: tuple[Out, ...] = ()
    effect: Effect = "none"


# Stands where only what is said matters.
NOWHERE = Conversation("", 0)


def begin(flow: Flow) -> Conversation:
    """An empty form at its first question."""
    return Conversation(flow.key, flow.version, at=flow.asked({})[0].key)


def reopen(flow: Flow, answers: Mapping[str, Json], flags: Mapping[str, str], at: str = "") -> Conversation:
    """An entry sent before, to be changed: on its summary, or on the field a reviewer asked to have changed."""
    todo = tuple(one.key for one in flow.applying(answers) if one.key in flags)
    opened = Conversation(flow.key, flow.version, answers=dict(answers), flags=dict(flags), todo=todo)
    return at_field(flow, opened, at)


def at_field(flow: Flow, c: Conversation, key: str) -> Conversation:
    """The conversation moved to one of its fields, to change it; elsewhere it stays where it is."""
    return _ask_at(flow, c, key) if key in flow.by_key else c


def question(flow: Flow, c: Conversation, *, photos: bool = True) -> tuple[Out, ...]:
    """What stands: the current question or the summary, said again without changing anything."""
    if not c.at:
        return ask.summary(flow, c, photos=photos)
    if c.pending is not None:
        return ask.confirm_again(flow, c)
    return ask.question(flow, c)


def fitted(flow: Flow, c: Conversation) -> tuple[Conversation, tuple[Out, ...]]:
    """A draft of an earlier version of its form: what still reads is kept, and what does not is said."""
    if c.version == flow.version:
        return c, ()
    kept = {k: v for k, v in c.answers.items() if k in flow.by_key and flow.by_key[k].still_reads(v)}
    lost = [flow.by_key[k].title for k in c.answers if k not in kept and k in flow.by_key]
    now = replace(
        c, version=flow.version, answers=kept, pending=None, serial=c.serial + 1, detour=False,
        partials={k: v for k, v in c.partials.items() if k in flow.by_key},
        todo=tuple(k for k in c.todo if k in flow.by_key),
    )  # fmt: skip
    now = replace(now, at=_next(flow, now))
    return now, (ask.form_changed(lost),)


def given_place(flow: Flow, c: Conversation, inbound: Inbound, near: LatLon | None) -> Given | None:
    """The place in this message, if the standing question asks for one: look up what lies around it first."""
    field = _field_of(flow, c, inbound)
    if not isinstance(field, Place):
        return None
    given = given_in(Said(inbound.text) if isinstance(inbound, Edit) else inbound, near)
    return given if isinstance(given, Given) else None


def _field_of(flow: Flow, c: Conversation, inbound: Inbound) -> Field | None:
    key = c.heard.get(inbound.ref, c.at) if isinstance(inbound, Edit) else c.at
    return flow.by_key.get(key)


def advance(
    flow: Flow, c: Conversation, inbound: Inbound, now: datetime, around: Around | None = None
) -> Turn:
    """The one step: a message or a press, and what it makes of the conversation.

    `now` is an aware moment; days are those of Thailand. `around`: what is known of the place in this message.
    """
    turn = _advance(flow, c, inbound, (now + timedelta(hours=7)).date(), around)
    return _without_place_button(flow, c, turn)


def _without_place_button(flow: Flow, before: Conversation, turn: Turn) -> Turn:
    """Whoever leaves a question about a place finds the phone's location button gone."""
    was, now = flow.by_key.get(before.at), flow.by_key.get(turn.conversation.at)
    if not isinstance(was, Place) or (isinstance(now, Place) and turn.effect == "none"):
        return turn
    first = turn.out[0] if turn.out else None
    if isinstance(first, Reply) and not first.buttons and not first.photos:
        return replace(turn, out=(replace(first, place_button=False), *turn.out[1:]))
    return replace(turn, out=(replace(ask.told(ask.GOING_ON), place_button=False), *turn.out))


def _advance(flow: Flow, c: Conversation, inbound: Inbound, today: date, around: Around | None) -> Turn:
    match inbound:
        case Pressed():
            return _pressed(flow, c, inbound, Hearing(today, c.partial, around))
        case Edit():
            return _edited(flow, c, inbound, Hearing(today, None, around))
        case SentPhoto() | RefusedPhoto() if late := _album_of(flow, c, inbound):
            return _late_photo(flow, c, late, inbound, Hearing(today, c.answers.get(late.key)))
        case Said() | SentPhoto() | RefusedPhoto() | SentPlace() | SentContact() | SentOther():
            return _answered(flow, c, inbound, Hearing(today, c.partial, around))
        case _:
            assert_never(inbound)


# --- answers


def _answered(flow: Flow, c: Conversation, inbound: Inbound, hearing: Hearing) -> Turn:
    if not c.at:
        return Turn(c, (ask.told(ask.ON_SUMMARY), *question(flow, c, photos=False)))
    field = flow.by_key[c.at]
    heard = field.hear(inbound, hearing)
    ref = "" if isinstance(inbound, Pressed) else inbound.ref
    if heard is None:
        return Turn(c, (ask.told(field.wrong_kind), *question(flow, c)))
    if isinstance(heard, Problem):
        return Turn(c.hearing(ref, field.key), _refused(flow, c, field, heard, inbound))
    return _take(flow, c.hearing(ref, field.key), field, heard, inbound)


def _refused(
    flow: Flow, c: Conversation, field: Field, problem: Problem, inbound: Inbound
) -> tuple[Out, ...]:
    """Why an answer was not taken, and the question that goes on standing, in short."""
    if field.several:
        album = inbound.group if isinstance(inbound, SentPhoto | RefusedPhoto) else ""
        return ask.collected(flow, c, (ask.wrong_line(problem),), album)
    return (ask.wrong(problem), *ask.question(flow, c, short=True))


def _take(flow: Flow, c: Conversation, field: Field, heard: Heard, inbound: Inbound) -> Turn:
    if heard.confirm is not None:
        waiting = replace(c, pending=heard.value, serial=c.serial + 1)
        return Turn(waiting, ask.confirm(flow, waiting, heard.say, heard.confirm))
    if not heard.done:
        now = c.with_partial(heard.value)
        if isinstance(inbound, Pressed):
            if isinstance(field, Photos):
                return Turn(now, ask.photo_changed(flow, now, inbound, heard.say))
            return Turn(now, ask.collected(flow, now, heard.say, "", replaces=True))
        album = inbound.group if isinstance(inbound, SentPhoto) else ""
        return Turn(now, ask.collected(flow, now, heard.say, album))
    return _go_on(flow, c.with_answer(field.key, heard.value), field, heard.say)


def _go_on(flow: Flow, c: Conversation, field: Field, say: tuple[Line, ...] = ()) -> Turn:
    """After an answer: to the next flagged field, back to the summary, or to the next open question."""
    taken: tuple[Out, ...] = (Reply(say),) if say else ()
    if c.flags and not c.todo and field.key in c.flags and _first_missing(flow, c) is None:
        return Turn(replace(c, at="", detour=False, serial=c.serial + 1), taken, "submit")
    if c.flags and c.todo:
        now = _ask_at(flow, c, c.todo[0])
    elif c.detour:
        now = replace(c, at="", detour=False, serial=c.serial + 1)
    else:
        now = replace(c, at=_next(flow, c), serial=c.serial + 1)
    show_photos = isinstance(field, Photos) or not c.detour
    return Turn(now, (*taken, *question(flow, now, photos=show_photos)))


def _next(flow: Flow, c: Conversation) -> str:
    """The first question of the line that is neither answered nor skipped, "" when there is none."""
    open_ = (
        one.key for one in flow.asked(c.answers) if one.key not in c.answers and one.key not in c.skipped
    )
    return next(open_, "")


def _ask_at(flow: Flow, c: Conversation, key: str) -> Conversation:
    """The conversation moved to one question out of its turn."""
    partials = dict(c.partials)
    if key in c.answers and key not in partials:
        started = flow.by_key[key].start(c.answers[key])
        if started is not None:
            partials[key] = started
    return replace(c, at=key, detour=True, pending=None, partials=partials, serial=c.serial + 1)


def _first_missing(flow: Flow, c: Conversation) -> Field | None:
    return next((one for one in flow.applying(c.answers) if one.required and one.key not in c.answers), None)


# --- presses


def _pressed(flow: Flow, c: Conversation, press: Pressed, hearing: Hearing) -> Turn:
    if press.serial != c.serial:
        return Turn(c, (Toast(Line(ask.EXPIRED)), *question(flow, c)))
    match press.move:
        case "cancel":
            return Turn(c, ask.really_cancel(flow, c))
        case "drop":
            return Turn(c, (ask.dropped(),), "discard")
        case "stay":
            return Turn(c, question(flow, c))
        case "park":
            return Turn(c, (ask.parked(flow, c),), "park")
        case "yes" | "no" if c.pending is not None:
            return _confirmed(flow, c, yes=press.move == "yes")
    return _at_summary(flow, c, press) if not c.at else _at_question(flow, c, press, hearing)


def _at_summary(flow: Flow, c: Conversation, press: Pressed) -> Turn:
    match press.move:
        case "send":
            missing = _first_missing(flow, c)
            if missing is None:
                return Turn(c, (), "submit")
            now = _ask_at(flow, c, missing.key)
            return Turn(now, (ask.told(ask.STILL_MISSING, {"field": missing.title}), *question(flow, now)))
        case "change" if press.arg in flow.by_key:
            now = _ask_at(flow, c, press.arg)
            return Turn(now, question(flow, now))
        case "back" if asked := flow.asked(c.answers):
            now = _ask_at(flow, c, asked[-1].key)
            return Turn(now, question(flow, now))
        case _:
            return Turn(c, (Toast(Line(ask.EXPIRED)), *question(flow, c)))


def _at_question(flow: Flow, c: Conversation, press: Pressed, hearing: Hearing) -> Turn:
    field = flow.by_key[c.at]
    match press.move:
        case "back":
            return _back(flow, c)
        case "skip" if not field.required:
            return _skipped(flow, c, field)
        case "keep" if c.at in c.answers:
            kept = replace(c, partials={k: v for k, v in c.partials.items() if k != c.at})
            return _go_on(flow, replace(kept, todo=tuple(k for k in c.todo if k != c.at)), field)
        case "again" if isinstance(field, Paragraph):
            now = c.with_partial([])
            return Turn(now, question(flow, now))
        case "done" if field.several:
            finished = field.finish(c.partial)
            if isinstance(finished, Problem):
                return Turn(c, (ask.wrong(finished), *ask.question(flow, c, short=True)))
            return _take(flow, c, field, finished, press)
        case "photos" if isinstance(field, Photos):
            return Turn(c, ask.arrange(flow, c))
        case "photo" if isinstance(field, Photos):
            return Turn(c, ask.one_photo(flow, c, press.arg))
    heard = field.hear(press, hearing)
    if heard is None or isinstance(heard, Problem):
        return Turn(c, (Toast(Line(ask.EXPIRED)), *question(flow, c)))
    return _take(flow, c, field, heard, press)


def _back(flow: Flow, c: Conversation) -> Turn:
    asked = [one.key for one in flow.asked(c.answers)]
    if c.detour or c.at not in asked:
        now = replace(c, at="", detour=False, pending=None, serial=c.serial + 1)
        return Turn(now, question(flow, now, photos=False))
    here = asked.index(c.at)
    if here == 0:
        return Turn(c, (ask.told(ask.FIRST_QUESTION), *question(flow, c)))
    now = replace(_ask_at(flow, c, asked[here - 1]), detour=False)
    return Turn(now, question(flow, now))


def _skipped(flow: Flow, c: Conversation, field: Field) -> Turn:
    if parts_of(c.partial) or kept_of(c.partial):
        # An older "skip" pressed after something was sent: what was sent stays.
        return Turn(c, (Toast(Line(ask.EXPIRED)), *ask.collected(flow, c, (), "")))
    return _go_on(flow, c.without_answer(field.key), field)


def _confirmed(flow: Flow, c: Conversation, *, yes: bool) -> Turn:
    field = flow.by_key[c.at]
    if yes:
        return _go_on(flow, c.with_answer(c.at, c.pending), field)
    now = replace(c, pending=None, serial=c.serial + 1)
    return Turn(now, question(flow, now))


# --- corrections


def _edited(flow: Flow, c: Conversation, edit: Edit, hearing: Hearing) -> Turn:
    """A message was edited: the answer it gave is corrected, and the question that stands goes on standing."""
    key = c.heard.get(edit.ref)
    if key is None or key not in flow.by_key:
        return Turn(c, ())
    field = flow.by_key[key]
    if key == c.at and key not in c.answers and not isinstance(field, Paragraph):
        return _answered(flow, c, Said(edit.text, edit.ref), replace(hearing, partial=c.partial))
    heard = _reread(c, field, edit, hearing)
    if heard is None:
        return Turn(
            c, (ask.told(ask.EDIT_NOT_TAKEN, {"field": field.title}), *question(flow, c, photos=False))
        )
    if isinstance(heard, Problem):
        return Turn(
            c,
            (
                ask.wrong(heard),
                ask.told(ask.OLD_ANSWER_STAYS, {"field": field.title}),
                *question(flow, c, photos=False),
            ),
        )
    now = _corrected(c, key, heard)
    return Turn(now, (ask.corrected(field, now.answers.get(key)), *question(flow, now, photos=False)))


def _reread(c: Conversation, field: Field, edit: Edit, hearing: Hearing) -> Heard | Problem | None:
    if not isinstance(field, Paragraph):
        return field.hear(Said(edit.text, edit.ref), hearing)
    collecting = field.key in c.partials
    parts = parts_of(c.partials.get(field.key) if collecting else c.parts.get(field.key))
    changed: list[dict[str, str]] = [
        {"ref": p["ref"], "text": edit.text.strip() if p["ref"] == edit.ref else p["text"]} for p in parts
    ]
    finished = field.finish(changed)
    return finished if isinstance(finished, Problem) else Heard(changed, done=not collecting)


def _corrected(c: Conversation, key: str, heard: Heard) -> Conversation:
    if not heard.done:
        return replace(c, partials={**c.partials, key: heard.value})
    if isinstance(heard.value, list) and key in c.parts:
        text = "\n".join(part["text"] for part in parts_of(heard.value))
        return replace(c, answers={**c.answers, key: text}, parts={**c.parts, key: heard.value})
    return replace(c, answers={**c.answers, key: heard.value})


def _album_of(flow: Flow, c: Conversation, inbound: SentPhoto | RefusedPhoto) -> Photos | None:
    """The photos question that a late photo of an album belongs to, when another question stands by now."""
    return next(
        (
            field
            for field in flow.fields
            if isinstance(field, Photos) and field.key != c.at and inbound.group
            if any(one.group == inbound.group for one in kept_of(c.answers.get(field.key)))
        ),
        None,
    )


def _late_photo(
    flow: Flow, c: Conversation, field: Photos, inbound: SentPhoto | RefusedPhoto, hearing: Hearing
) -> Turn:
    heard = field.hear(inbound, hearing)
    if isinstance(heard, Heard):
        now = replace(c, answers={**c.answers, field.key: heard.value})
        return Turn(now, (ask.late_photo(field, now.answers[field.key], heard.say, inbound.group),))
    if isinstance(heard, Problem):
        return Turn(
            c, (ask.late_photo(field, c.answers[field.key], (ask.wrong_line(heard),), inbound.group),)
        )
    return Turn(c)


def together(turns: Sequence[Turn]) -> tuple[Out, ...]:
    """What several turns in a row have to say, one message for each album."""
    said: list[Out] = []
    for out in (out for turn in turns for out in turn.out):
        before = said[-1] if said else None
        if isinstance(out, Reply) and isinstance(before, Reply) and out.slot and out.slot == before.slot:
            earlier = [one for one in before.lines if one not in out.lines and one.say not in PROGRESS]
            said[-1] = replace(out, lines=(*earlier, *out.lines))
        else:
            said.append(out)
    return tuple(said)
