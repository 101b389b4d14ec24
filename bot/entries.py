"""My entries: the LAO's own list, one entry with the reviewer's words, and what its officer may do with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot import screens, texts
from bot.desk import Desk, number_of
from flows import CATALOGUE
from flows.core import dates, engine
from flows.core.chat import Button, Line, Out, Pressed, Reply, Toast
from flows.core.conversation import Conversation
from flows.core.flow import Flow
from flows.core.photos import shown_photos
from flows.core.questions import ANSWER, BLANK, EXPIRED, told, whole
from flows.core.review import STATUS_LABELS, reason_in
from flows.core.text import LANGUAGES, T, one_line
from storage import conversations, submissions
from storage.submissions import Entry, Filter, Happening, Page

Rows = tuple[tuple[Button, ...], ...]
MARKS = {"pending": "🕓", "approved": "✅", "changes_requested": "✏️", "rejected": "❌"}
MOST_IN_BUTTON = 40


# --- the list. A list's button carries its filter: "form,status,shown,page"; "x" for the deleted ones.


def listed(desk: Desk, narrow: Filter, page: int, *, replaces: bool = False) -> tuple[Out, ...]:
    """A page of the LAO's entries, whoever of its officers sent them."""
    narrow = replace(narrow, words=desk.focus.words)
    found = submissions.entries_of(desk.tx, desk.an_officer.lao.code, narrow, page, desk.now)
    lines, rows = _list_lines(desk, narrow, found), _list_rows(desk, narrow, found)
    return (Reply(lines, rows, slot="pressed" if replaces else ""),)


def _list_lines(desk: Desk, narrow: Filter, found: Page) -> tuple[Line, ...]:
    deleted = Line(texts.ENTRIES_DELETED, {"total": found.total})
    all_ = Line(texts.ENTRIES, {"lao": desk.an_officer.lao.name, "total": found.total})
    lines = [deleted if narrow.deleted else all_]
    if not found.entries:
        lines.append(Line(texts.NO_ENTRIES if narrow == Filter() else texts.NONE_MATCH))
    if found.pages > 1:
        lines.append(Line(texts.PAGE_OF, {"n": found.page + 1, "of": found.pages}))
    return tuple(lines)


def _list_rows(desk: Desk, narrow: Filter, found: Page) -> Rows:
    rows: list[tuple[Button, ...]] = [
        (Button(_entry_line(one), "entry", str(one.id)),) for one in found.entries
    ]
    turn = []
    if found.page > 0:
        turn.append(Button(Line(texts.PREVIOUS), "mine", packed(narrow, found.page - 1)))
    if found.page + 1 < found.pages:
        turn.append(Button(Line(texts.NEXT), "mine", packed(narrow, found.page + 1)))
    rows.append(tuple(turn))
    if narrow.deleted:
        rows.append((Button(Line(texts.TO_LIST), "mine"),))
    elif found.total or narrow != Filter():
        rows += _filter_rows(desk, narrow)
    rows.append((Button(Line(texts.TO_MENU), "menu"),))
    return tuple(row for row in rows if row)


def _filter_rows(desk: Desk, narrow: Filter) -> list[tuple[Button, ...]]:
    """Each press goes to the next choice, round and round: no screen more."""
    forms = ["", *CATALOGUE]
    statuses = ["", *STATUS_LABELS]
    form = CATALOGUE[narrow.form].title if narrow.form else texts.ALL
    status = label_of(narrow.status)
    shown = {None: texts.ALL, True: texts.SHOWN, False: texts.HIDDEN}[narrow.shown]
    next_shown = {None: True, True: False, False: None}[narrow.shown]
    next_form, next_status = _after(forms, narrow.form), _after(statuses, narrow.status)
    words = (
        Button(Line(texts.CLEAR_WORDS, {"words": _short(desk.focus.words)}), "nowords", packed(narrow, 0))
        if desk.focus.words
        else Button(Line(texts.BY_WORDS), "find", packed(narrow, 0))
    )
    return [
        (
            Button(Line(texts.BY_FORM, {"what": form}), "mine", packed(replace(narrow, form=next_form), 0)),
            Button(
                Line(texts.BY_STATUS, {"what": status}),
                "mine",
                packed(replace(narrow, status=next_status), 0),
            ),
        ),
        (
            Button(
                Line(texts.BY_SHOWN, {"what": shown}), "mine", packed(replace(narrow, shown=next_shown), 0)
            ),
            words,
        ),
        (Button(Line(texts.TRASH), "mine", "x"),),
    ]


def label_of(status: str) -> T:
    return next((label for one, label in STATUS_LABELS.items() if one == status), texts.ALL)


def _after(choices: list[str], chosen: str) -> str:
    return choices[(choices.index(chosen) + 1) % len(choices)] if chosen in choices else ""


def packed(narrow: Filter, page: int) -> str:
    if narrow.deleted:
        return f"x{page or ''}"
    shown = {None: "", True: "1", False: "0"}[narrow.shown]
    status = narrow.status[:1]  # p, a, c, r
    return f"{narrow.form},{status},{shown},{page}"


def unpacked(arg: str) -> tuple[Filter, int]:
    """The filter and page of a list's button; anything unreadable is the whole list."""
    if arg.startswith("x"):
        return Filter(deleted=True), number_of(arg[1:])
    form, status, shown, page = (*arg.split(","), "", "", "", "")[:4]
    letters = {one[:1]: one for one in STATUS_LABELS}
    return (
        Filter(
            form=form if form in CATALOGUE else "",
            status=letters.get(status, ""),
            shown={"1": True, "0": False}.get(shown),
        ),
        number_of(page),
    )


def _entry_line(entry: Entry) -> Line:
    mark = MARKS.get(entry.status, "") + ("" if entry.shown else "🙈")
    facts = {"mark": mark, "number": entry.number, "headline": _short(entry.headline)}
    return Line(texts.ENTRY_LINE, facts)


def _short(text: str) -> str:
    return text if len(text) <= MOST_IN_BUTTON else text[: MOST_IN_BUTTON - 1] + "…"


def found(desk: Desk, text: str) -> tuple[Out, ...]:
    """The words that were typed to narrow the list by."""
    narrow, _ = unpacked(desk.focus.narrow)
    desk.focus = replace(desk.focus, finding=False, narrow="", words=one_line(text)[:100])
    return listed(desk, narrow, 0)


# --- presses


def pressed(desk: Desk, press: Pressed) -> tuple[Out, ...]:
    match press.move:
        case "mine":
            if not press.arg:
                desk.focus = replace(desk.focus, words="")
            return listed(desk, *unpacked(press.arg), replaces=bool(press.arg))
        case "nowords":
            desk.focus = replace(desk.focus, words="")
            return listed(desk, *unpacked(press.arg), replaces=True)
        case "find":
            desk.focus = replace(desk.focus, finding=True, narrow=press.arg)
            return (told(texts.TYPE_WORDS),)
    act = ACTS.get(press.move)
    number, _, key = press.arg.partition("_")
    entry = submissions.entry_of(desk.tx, number_of(number), desk.an_officer.lao.code)
    if act is None:
        return (Toast(Line(EXPIRED)), *screens.standing_or_menu(desk))
    if entry is None:
        return (told(texts.GONE), *listed(desk, Filter(), 0))
    return act(desk, entry, key)


def opened(desk: Desk, entry: Entry, key: str = "") -> tuple[Out, ...]:
    """One entry as it was sent, with its photos and the reviewer's words."""
    flow = CATALOGUE[entry.form]
    head = Line(texts.ENTRY_HEAD, {"number": entry.number, "form": flow.title, "headline": entry.headline})
    label = label_of(entry.status)
    shown = texts.SHOWN if entry.shown else texts.HIDDEN
    at = T(dates.shown_at(entry.sent_at, "th"), dates.shown_at(entry.sent_at, "en"))
    lines = [
        head,
        Line(texts.ENTRY_STATUS, {"status": label, "shown": shown}),
        Line(texts.ENTRY_SENT, {"at": at}),
        *_state_lines(entry),
        *_verdict_lines(desk, entry),
        Line(BLANK),
        *(
            Line(ANSWER, {"title": one.title, "answer": whole(one, entry.answers[one.key])})
            for one in flow.fields
            if one.key in entry.answers
        ),
    ]
    photos = shown_photos(entry.answers.get(flow.photos.key)) if flow.photos else ()
    return (Reply(tuple(lines), _entry_rows(desk, entry), photos),)


def _state_lines(entry: Entry) -> list[Line]:
    if entry.deleted_at is not None:
        at = T(dates.shown_at(entry.deleted_at, "th"), dates.shown_at(entry.deleted_at, "en"))
        return [Line(texts.ENTRY_DELETED, {"at": at})]
    published = entry.published_revision
    return [Line(texts.ENTRY_PUBLISHED)] if published and published != entry.revision else []


def _verdict_lines(desk: Desk, entry: Entry) -> list[Line]:
    """The reviewer's words on this revision, or on the one before where this one still waits."""
    verdict = submissions.last_verdict(desk.tx, entry.id)
    return reviewer_words(verdict, entry.form) if verdict else []


def reviewer_words(verdict: Happening, form: str) -> list[Line]:
    lines = [Line(texts.REVIEWER_SAID, {"note": in_words(verdict.note)})] if verdict.note else []
    fields = CATALOGUE[form].by_key
    for key, reason in verdict.flags.items():
        if key in fields:
            facts = {"field": fields[key].title, "reason": in_words(reason)}
            lines.append(Line(texts.REVIEWER_FLAGGED, facts))
    return lines


def in_words(reason: str) -> T:
    """A reviewer's reason as a sentence of its own: a common one has both languages."""
    th, en = (reason_in(reason, language).replace("{", "{{").replace("}", "}}") for language in LANGUAGES)
    return T(th, en)


def _entry_rows(desk: Desk, entry: Entry) -> Rows:
    number = str(entry.id)
    if entry.deleted_at is not None:
        return ((Button(Line(texts.RESTORE), "restore", number),), (Button(Line(texts.TO_LIST), "mine"),))
    switch = (
        Button(Line(texts.HIDE), "hide", number) if entry.shown else Button(Line(texts.SHOW), "show", number)
    )
    return (
        *fix_rows(desk, entry),
        (Button(Line(texts.CHANGE_ENTRY), "edit", number),),
        (switch,),
        (Button(Line(texts.DELETE), "delete", number), Button(Line(texts.TO_LIST), "mine")),
    )


def fix_rows(desk: Desk, entry: Entry) -> Rows:
    """One button for each field that the reviewer asks to have changed."""
    verdict = submissions.last_verdict(desk.tx, entry.id) if entry.status == "changes_requested" else None
    fields = CATALOGUE[entry.form].by_key
    return tuple(
        (Button(Line(texts.FIX_FIELD, {"field": fields[key].title}), "fix", f"{entry.id}_{key}"),)
        for key in (verdict.flags if verdict else ())
        if key in fields
    )


# --- what an officer may do with an entry


def _edit(desk: Desk, entry: Entry, key: str) -> tuple[Out, ...]:
    return _change(desk, entry, "", f"{entry.id}", "edit2")


def _fix(desk: Desk, entry: Entry, key: str) -> tuple[Out, ...]:
    if entry.status != "changes_requested":
        return (told(texts.ALREADY_FIXED, {"number": entry.number}), *opened(desk, entry))
    return _change(desk, entry, key, f"{entry.id}_{key}", "fix2")


def _anyway(
    move: Callable[[Desk, Entry, str], tuple[Out, ...]],
) -> Callable[[Desk, Entry, str], tuple[Out, ...]]:
    def put_aside(desk: Desk, entry: Entry, key: str) -> tuple[Out, ...]:
        desk.close_form()
        return move(desk, entry, key)

    return put_aside


def _change(desk: Desk, entry: Entry, key: str, arg: str, anyway: str) -> tuple[Out, ...]:
    """Opens the entry's draft at a field, or at its summary; another open form is asked about first."""
    if entry.deleted_at is not None:
        return opened(desk, entry)
    flow = CATALOGUE[entry.form]
    instead = Button(Line(texts.INSTEAD_FIX, {"number": entry.number}), anyway, arg)
    verdict = submissions.last_verdict(desk.tx, entry.id) if entry.status == "changes_requested" else None
    flags = verdict.flags if verdict else {}
    draft = conversations.draft_for_submission(desk.tx, desk.an_officer.id, entry.id)
    if draft is None:
        fresh = engine.reopen(flow, entry.answers, flags, key)
        officer = desk.an_officer
        draft = conversations.new_draft(desk.tx, officer.id, officer.lao.code, fresh, desk.now, entry.id)
    elif key or flags != draft.conversation.flags:
        moved = engine.at_field(flow, _asked_meanwhile(flow, draft.conversation, flags), key)
        conversations.save_draft(desk.tx, draft.id, moved, desk.now)
        draft = replace(draft, conversation=moved)
    return screens.open_or_ask(desk, draft, instead)


def _asked_meanwhile(flow: Flow, c: Conversation, flags: Mapping[str, str]) -> Conversation:
    """A change that was begun before the reviewer's verdict, with what the reviewer asks for now."""
    if flags == c.flags:
        return c
    todo = tuple(one.key for one in flow.applying(c.answers) if one.key in flags)
    return replace(c, flags=dict(flags), todo=todo)


def _switch(shown: bool) -> Callable[[Desk, Entry, str], tuple[Out, ...]]:
    def switch(desk: Desk, entry: Entry, key: str) -> tuple[Out, ...]:
        submissions.set_shown(desk.tx, entry, shown, desk.an_officer.id, desk.now)
        say = texts.NOW_SHOWN if shown else texts.NOW_HIDDEN
        return (told(say), *opened(desk, replace(entry, shown=shown)))

    return switch


def _delete(desk: Desk, entry: Entry, key: str) -> tuple[Out, ...]:
    yes = Button(Line(texts.YES_DELETE), "delete2", str(entry.id))
    no = Button(Line(texts.NO_DELETE), "entry", str(entry.id))
    facts = {"number": entry.number, "headline": entry.headline}
    return (Reply((Line(texts.REALLY_DELETE, facts),), ((no,), (yes,))),)


def _really_delete(desk: Desk, entry: Entry, key: str) -> tuple[Out, ...]:
    submissions.delete_entry(desk.tx, entry, desk.an_officer.id, desk.now)
    return (told(texts.NOW_DELETED, {"number": entry.number}), *listed(desk, Filter(), 0))


def _restore(desk: Desk, entry: Entry, key: str) -> tuple[Out, ...]:
    if not submissions.restore_entry(desk.tx, entry, desk.an_officer.id, desk.now):
        return (told(texts.TOO_LATE_TO_RESTORE), *listed(desk, Filter(), 0))
    return (told(texts.NOW_RESTORED), *opened(desk, replace(entry, deleted_at=None)))


ACTS: dict[str, Callable[[Desk, Entry, str], tuple[Out, ...]]] = {
    "entry": opened,
    "edit": _edit,
    "edit2": _anyway(_edit),
    "fix": _fix,
    "fix2": _anyway(_fix),
    "hide": _switch(False),
    "show": _switch(True),
    "delete": _delete,
    "delete2": _really_delete,
    "restore": _restore,
}
