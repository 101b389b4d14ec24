"""The engine: one answer in, the next state and what to say out. Every form is asked by it alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Literal, assert_never

from flows.core import corrections
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
from flows.core.fields import Field, Heard, Hearing, Paragraph
from flows.core.flow import Flow
from flows.core.photos import Photos
from flows.core.places import Given, Place, given_in
from flows.core.problem import Problem
from flows.core.text import LANGUAGES, folded

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
    opened = Conversation(
        flow.key, flow.version, answers=dict(answers), flags=dict(flags), todo=todo, reopened=True
    )
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
    return now, (ask.form_changed(lost, shorter=any(k not in flow.by_key for k in c.answers)),)


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


def overtaken(
    flow: Flow, c: Conversation, key: str, inbound: Inbound, now: datetime, around: Around | None = None
) -> Turn:
    """A message that a press has overtaken on its way: it answers the question `key`, which stood when it was sent."""
    field = flow.by_key.get(key)
    stood = replace(c, at=key)
    if field is None or key == c.at or isinstance(inbound, Pressed | Edit):
        return advance(flow, c, inbound, now, around)
    if isinstance(inbound, Said) and _typed_press(flow, stood, inbound.text):
        return Turn(c, question(flow, c))  # a button's label: the press went before
    hearing = Hearing((now + timedelta(hours=7)).date(), corrections.collected_for(field, c), around)
    if isinstance(field, Photos) and isinstance(inbound, SentPhoto | RefusedPhoto):
        return Turn(*corrections.late_photo(c, field, inbound, hearing))
    return _heard_late(flow, c, field, inbound, field.hear(inbound, hearing))


def _heard_late(
    flow: Flow, c: Conversation, field: Field, inbound: Inbound, heard: Heard | Problem | None
) -> Turn:
    if heard is None:
        heard = Problem("kind.wrong", field.wrong_kind)
    if isinstance(heard, Problem):
        stays = [Line(ask.OLD_ANSWER_STAYS, {"field": field.title})] if field.key in c.answers else []
        return Turn(c, _meanwhile(flow, c, ask.wrong_line(heard), *stays))
    c = c if isinstance(inbound, Pressed) else c.hearing(inbound.ref, field.key)
    if heard.confirm is not None:
        waiting = replace(c, at=field.key, pending=heard.value, detour=not c.at, serial=c.serial + 1)
        return Turn(waiting, ask.confirm(flow, waiting, heard.say, heard.confirm))
    now, answered = corrections.with_overtaken(c, field, heard)
    say = (*heard.say, ask.corrected(field, now.answers.get(field.key) if answered else None))
    return Turn(now, _meanwhile(flow, now, *say))


def _without_place_button(flow: Flow, before: Conversation, turn: Turn) -> Turn:
    """Whoever leaves a question about a place finds the phone's location button gone."""
    was, now = flow.by_key.get(before.at), flow.by_key.get(turn.conversation.at)
    if not isinstance(was, Place) or (isinstance(now, Place) and turn.effect == "none"):
        return turn
    first = next((n for n, out in enumerate(turn.out) if isinstance(out, Reply)), -1)
    said = (
        replace(out, place_button=False) if n == first and isinstance(out, Reply) else out
        for n, out in enumerate(turn.out)
    )  # fmt: skip
    return replace(turn, out=tuple(said))


def _advance(flow: Flow, c: Conversation, inbound: Inbound, today: date, around: Around | None) -> Turn:
    match inbound:
        case Pressed():
            return _pressed(flow, c, inbound, Hearing(today, c.partial, around))
        case Edit():
            return _edited(flow, c, inbound, Hearing(today, None, around))
        case SentPhoto(edited=True) | RefusedPhoto(edited=True):
            return _photo_replaced(flow, c, inbound)
        case SentPhoto() | RefusedPhoto() if late := corrections.album_of(flow, c, inbound):
            return Turn(
                *corrections.late_photo(c, late, inbound, Hearing(today, corrections.photos_in(c, late)))
            )
        case Said() if typed := _typed_press(flow, c, inbound.text):
            return _pressed(flow, c, typed, Hearing(today, c.partial, around))
        case Said() | SentPhoto() | RefusedPhoto() | SentPlace() | SentContact() | SentOther():
            return _answered(flow, c, inbound, Hearing(today, c.partial, around))
        case _:
            assert_never(inbound)


# Buttons that may as well be typed; anything that throws away is pressed.
TYPED = ("send", "done", "keep", "skip", "back", "park", "cancel", "yes", "no")
LABELS = (
    ask.SEND, ask.DONE, ask.KEEP, ask.SKIP, ask.LEAVE_OUT, ask.BACK, ask.TO_SUMMARY, ask.PARK, ask.CANCEL,
    ask.YES, ask.NO,
)  # fmt: skip
NO = ("ไม่", "ไม่ใช่", "no")


def _typed_press(flow: Flow, c: Conversation, text: str) -> Pressed | None:
    """The press meant by someone who types a button's label instead of pressing it."""
    typed = folded(text)
    if c.pending is not None and typed in NO:
        return Pressed("no", serial=c.serial)
    if typed not in _bare_labels():
        return None  # as nearly always: no need to look which buttons stand
    buttons = (b for out in question(flow, c) if isinstance(out, Reply) for row in out.buttons for b in row)
    return next(
        (
            Pressed(one.move, one.arg, c.serial)
            for one in buttons
            if one.move in TYPED and typed in (_bare(one.label.to(language)) for language in LANGUAGES)
        ),
        None,
    )


@cache
def _bare_labels() -> frozenset[str]:
    return frozenset(_bare(say.to(language)) for say in LABELS for language in LANGUAGES)


@cache  # of the few labels that there are
def _bare(label: str) -> str:
    """A label without the sign in front of it."""
    return folded(label.lstrip("✅📨‹ "))


# --- answers


def _answered(flow: Flow, c: Conversation, inbound: Inbound, hearing: Hearing) -> Turn:
    if not c.at:
        return Turn(c, ask.summary_again(flow, c, Line(ask.ON_SUMMARY)))
    field = flow.by_key[c.at]
    heard = field.hear(inbound, hearing)
    ref = "" if isinstance(inbound, Pressed) else inbound.ref
    album = inbound.group if isinstance(inbound, SentPhoto | RefusedPhoto) else ""
    if heard is None:
        return Turn(c, ask.again(flow, c, (ask.wrong_line(Problem("kind.wrong", field.wrong_kind)),), album))
    if isinstance(heard, Problem):
        return Turn(c.hearing(ref, field.key), ask.again(flow, c, (ask.wrong_line(heard),), album))
    return _take(flow, c.hearing(ref, field.key), field, heard, inbound)


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
    c = _left(flow, c)
    partials = dict(c.partials)
    if key in c.answers and key not in partials:
        started = flow.by_key[key].start(c.answers[key])
        if started is not None:
            partials[key] = started
    return replace(c, at=key, detour=True, pending=None, partials=partials, serial=c.serial + 1)


def _left(flow: Flow, c: Conversation) -> Conversation:
    """Leaving a question that was answered before: what it has collected since then is its answer now.

    Where that does not make an answer, the earlier one stays.
    """
    field = flow.by_key.get(c.at)
    if field is None or c.at not in c.answers or c.at not in c.partials:
        return c
    finished = field.finish(c.partial)
    if isinstance(finished, Problem) or finished.value == c.answers[c.at]:
        return replace(c, partials={k: v for k, v in c.partials.items() if k != c.at})
    return c.with_answer(c.at, finished.value)


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
                return Turn(c, ask.again(flow, c, (ask.wrong_line(finished),)))
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
        now = replace(_left(flow, c), at="", detour=False, pending=None, serial=c.serial + 1)
        return Turn(now, question(flow, now, photos=False))
    here = asked.index(c.at)
    if here == 0:
        return Turn(c, (ask.told(ask.FIRST_QUESTION), *question(flow, c)))
    now = replace(_ask_at(flow, c, asked[here - 1]), detour=False)
    return Turn(now, question(flow, now))


def _skipped(flow: Flow, c: Conversation, field: Field) -> Turn:
    if c.partial:
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
    if key == c.at and corrections.is_answer_to(field, c, edit):
        return _answered(flow, c, Said(edit.text, edit.ref), replace(hearing, partial=c.partial))
    heard = corrections.reread(c, field, edit, hearing)
    title = {"field": field.title}
    if heard is None:
        return Turn(c, _meanwhile(flow, c, Line(ask.EDIT_NOT_TAKEN, title)))
    if isinstance(heard, Problem):
        return Turn(c, _meanwhile(flow, c, ask.wrong_line(heard), Line(ask.OLD_ANSWER_STAYS, title)))
    if heard.confirm is not None:
        waiting = replace(c, at=key, pending=heard.value, detour=not c.at, serial=c.serial + 1)
        return Turn(waiting, ask.confirm(flow, waiting, heard.say, heard.confirm))
    now = corrections.corrected(c, key, heard)
    said = ask.corrected(field, now.answers.get(key) if heard.done else None)
    return Turn(now, _meanwhile(flow, now, *heard.say, said))


def _photo_replaced(flow: Flow, c: Conversation, inbound: SentPhoto | RefusedPhoto) -> Turn:
    """A message with a photo was edited: another photo in it takes the old one's place, other words change nothing."""
    field = corrections.photo_of(flow, c, inbound.ref)
    if field is None:
        return Turn(c)
    if isinstance(inbound, RefusedPhoto):
        stays = Line(ask.OLD_ANSWER_STAYS, {"field": field.title})
        return Turn(c, _meanwhile(flow, c, ask.wrong_line(inbound.problem), stays))
    now, number = corrections.with_photo(c, field, inbound)
    return Turn(now, _meanwhile(flow, now, Line(ask.PHOTO_REPLACED, {"n": number})) if number else ())


def _meanwhile(flow: Flow, c: Conversation, *say: Line) -> tuple[Out, ...]:
    """What was done elsewhere in the form, and what stands."""
    return ask.again(flow, c, say) if c.at else (Reply(say), *question(flow, c, photos=False))


def together(turns: Sequence[Turn]) -> tuple[Out, ...]:
    """What several turns in a row have to say, one message for each album."""
    said: list[Out] = []
    for out in (out for turn in turns for out in turn.out):
        before = said[-1] if said else None
        if isinstance(out, Reply) and isinstance(before, Reply) and out.slot and out.slot == before.slot:
            earlier = [one for one in before.lines if one not in out.lines and one.say not in ask.SAID_ONCE]
            said[-1] = replace(out, lines=(*earlier, *out.lines))
        else:
            said.append(out)
    return tuple(said)
