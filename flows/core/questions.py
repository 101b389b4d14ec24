"""How the engine puts its questions: the words and buttons of a step, the summary, and what is said in between."""

from __future__ import annotations

from collections.abc import Sequence

from flows.core.chat import Button, Json, Line, Out, Pressed, Reply, ShownPhoto
from flows.core.conversation import Conversation
from flows.core.coordinates import LatLon, inside_thailand
from flows.core.fields import Field, Paragraph
from flows.core.flow import Flow
from flows.core.photos import PROGRESS, Kept, Photos, kept_of, shown_photos
from flows.core.places import Place
from flows.core.problem import Problem
from flows.core.review import reason_in
from flows.core.text import Facts, T

Rows = tuple[tuple[Button, ...], ...]
SHOWN_SHORT = 300  # characters of an earlier answer that are shown above a question


def told(say: T, facts: Facts | None = None) -> Reply:
    return Reply((Line(say, facts or {}),))


def wrong(problem: Problem) -> Reply:
    return Reply((wrong_line(problem),))


def wrong_line(problem: Problem) -> Line:
    return Line(T("⚠️ " + problem.say.th, "⚠️ " + problem.say.en), problem.facts)


# --- a question


def question(flow: Flow, c: Conversation) -> tuple[Out, ...]:
    """The question that stands, with its buttons."""
    field = flow.by_key[c.at]
    lines = [*_step(flow, c, field)]
    if field.key in c.flags:
        reason = c.flags[field.key]
        lines.append(Line(FLAGGED, {"reason": _sentence(reason_in(reason, "th"), reason_in(reason, "en"))}))
    lines.append(Line(ASK, {"ask": field.question}))
    if field.example:
        lines.append(Line(EXAMPLE, {"example": field.example}))
    if field.key in c.answers and not field.several:
        lines.append(Line(ANSWERED_BEFORE, {"answer": Shown(field, c.answers[field.key])}))
    elif field.key in c.answers and isinstance(field, Paragraph):
        lines.append(Line(ANSWERED_BEFORE, {"answer": _cut(str(c.answers[field.key]))}))
    lines += field.progress(c.partial)
    place = True if isinstance(field, Place) else None
    return (_form_reply(c, tuple(lines), _rows(flow, c, field), field, place=place),)


def again(flow: Flow, c: Conversation, say: tuple[Line, ...], album: str = "") -> tuple[Out, ...]:
    """What was wrong, or what was done meanwhile, and the standing question in short: its name and its buttons."""
    if c.pending is not None:
        return confirm_again(flow, c, say)
    field = flow.by_key[c.at]
    lines = (*say, _name(field), *field.progress(c.partial))
    return (_form_reply(c, lines, _rows(flow, c, field), field, slot=f"album:{album}" if album else ""),)


def _rows(flow: Flow, c: Conversation, field: Field) -> Rows:
    return (*_gps(flow, c, field), *field.options(c.partial), *_ways_on(c, field), *_ways_out(flow, c, field))


def Shown(field: Field, answer: Json) -> T:
    """An answer as a sentence of its own, so that it can stand in another one in either language."""
    return _sentence(_cut(field.shown(answer, "th")), _cut(field.shown(answer, "en")))


def _sentence(th: str, en: str) -> T:
    """What a person typed, as a sentence: its braces mark no facts."""
    return T(*(text.replace("{", "{{").replace("}", "}}") for text in (th, en)))


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_SHORT else text[: SHOWN_SHORT - 1].rstrip() + "…"


def _step(flow: Flow, c: Conversation, field: Field) -> tuple[Line, ...]:
    asked = [one.key for one in flow.asked(c.answers)]
    name = _name(field)
    if c.flags and field.key in c.flags:
        done = len(c.flags) - len(c.todo)
        return (Line(FIX, {"n": min(done + 1, len(c.flags)), "of": len(c.flags)}), name)
    if c.detour or field.key not in asked:
        return (Line(CHANGING if field.key in c.answers else ADDING, {"form": flow.title}), name)
    return (Line(STEP, {"n": asked.index(field.key) + 1, "of": len(asked), "form": flow.title}), name)


def _name(field: Field) -> Line:
    return Line(REQUIRED if field.required else OPTIONAL, {"title": field.title})


def _ways_on(c: Conversation, field: Field) -> Rows:
    """Buttons that finish the question: done, keep the old answer, skip."""
    rows: list[tuple[Button, ...]] = []
    if field.several and c.partial:
        done = [Button(Line(DONE), "done")]
        if isinstance(field, Paragraph):
            done.append(Button(Line(TYPE_AGAIN), "again"))
        rows.append(tuple(done))
    elif field.key in c.answers and not isinstance(field, Photos):
        rows.append((Button(Line(KEEP), "keep"),))
    if not field.required and not c.partial:
        rows.append((Button(Line(LEAVE_OUT if field.key in c.answers else SKIP), "skip"),))
    return tuple(rows)


def _ways_out(flow: Flow, c: Conversation, field: Field) -> Rows:
    first = not c.detour and flow.asked(c.answers)[0].key == field.key
    back = () if first else (Button(Line(TO_SUMMARY if c.detour else BACK), "back"),)
    return ((*back, Button(Line(PARK), "park"), Button(Line(CANCEL), "cancel")),)


def _gps(flow: Flow, c: Conversation, field: Field) -> Rows:
    """A button for the first photo that carries a place, where that is in Thailand."""
    if not isinstance(field, Place) or flow.photos is None:
        return ()
    kept = kept_of(c.answers.get(flow.photos.key))
    return tuple(
        (Button(Line(FROM_PHOTO, {"n": n}), "gps", f"{one.place[0]:.6f}_{one.place[1]:.6f}"),)
        for n, one in enumerate(kept, 1)
        if one.place and inside_thailand(LatLon(*one.place))
    )[:1]


def _form_reply(
    c: Conversation,
    lines: tuple[Line, ...],
    rows: Rows,
    field: Field | None,
    *,
    photos: tuple[ShownPhoto, ...] = (),
    slot: str = "",
    place: bool | None = None,
) -> Reply:
    wants = field.wants if field else "choice"
    return Reply(lines, rows, photos, wants, slot, place, serial=c.serial)


def collected(
    flow: Flow, c: Conversation, say: tuple[Line, ...], album: str, *, replaces: bool = False
) -> tuple[Out, ...]:
    """What a question that takes several parts says after each of them; one message for a whole album."""
    field = flow.by_key[c.at]
    slot = "pressed" if replaces else f"album:{album}" if album else ""
    head = (*_step(flow, c, field), Line(ASK, {"ask": field.question})) if replaces else ()
    rows = _rows(flow, c, field)
    lines = (*head, *say, *field.progress(c.partial)) or (Line(ASK, {"ask": field.question}),)
    return (_form_reply(c, lines, rows, field, slot=slot),)


def confirm(flow: Flow, c: Conversation, say: tuple[Line, ...], ask: Line) -> tuple[Out, ...]:
    rows = ((Button(Line(YES), "yes"), Button(Line(NO), "no")),)
    return (_form_reply(c, (*say, ask), rows, flow.by_key[c.at]),)


def confirm_again(flow: Flow, c: Conversation, say: tuple[Line, ...] = ()) -> tuple[Out, ...]:
    field = flow.by_key[c.at]
    head = say or _step(flow, c, field)
    lines = (*head, Line(IS_THIS_RIGHT, {"answer": Shown(field, c.pending)}))
    return (_form_reply(c, lines, ((Button(Line(YES), "yes"), Button(Line(NO), "no")),), field),)


def corrected(field: Field, answer: Json) -> Line:
    """`answer` is None as long as the question is still collecting."""
    if answer is None:
        return Line(CORRECTED_SO_FAR, {"field": field.title})
    return Line(CORRECTED, {"field": field.title, "answer": Shown(field, answer)})


def late_photo(field: Photos, answer: Json, say: tuple[Line, ...], album: str) -> Reply:
    facts: Facts = {"field": field.title, "count": len(kept_of(answer))}
    return Reply((*say, Line(LATE_PHOTO, facts)), slot=f"late:{album}" if album else "")


# --- photos, one by one


def arrange(flow: Flow, c: Conversation) -> tuple[Out, ...]:
    """All photos as they will be kept, and a button for each."""
    field, kept = flow.by_key[c.at], kept_of(c.partial)
    if not kept:
        return question(flow, c)
    numbers = tuple(
        Button(Line(COVER_N if n == 1 else PHOTO_N, {"n": n}), "photo", one.name)
        for n, one in enumerate(kept, 1)
    )
    rows = (*(numbers[at : at + 3] for at in range(0, len(numbers), 3)), (Button(Line(DONE), "done"),))
    return (_form_reply(c, (Line(WHICH_PHOTO),), rows, field, photos=shown_photos(c.partial)),)


def one_photo(flow: Flow, c: Conversation, name: str, say: tuple[Line, ...] = ()) -> tuple[Out, ...]:
    """One photo in INFO's frame, with what can be done to it."""
    kept = kept_of(c.partial)
    found = next(((n, one) for n, one in enumerate(kept, 1) if one.name == name), None)
    if found is None:
        return arrange(flow, c)
    n, one = found
    rows: list[tuple[Button, ...]] = [_crops(one)] if one.movable else []
    cover = () if n == 1 else (Button(Line(MAKE_COVER), "cover", name),)
    rows.append((*cover, Button(Line(TAKE_OUT), "remove", name)))
    rows.append((Button(Line(ALL_PHOTOS), "photos"), Button(Line(DONE), "done")))
    lines = (*say, Line(PHOTO_N_OF, {"n": n, "of": len(kept)}))
    photos = (ShownPhoto(one.photo, "info", one.crop),)
    return (_form_reply(c, lines, tuple(rows), flow.by_key[c.at], photos=photos),)


def _crops(one: Kept) -> tuple[Button, ...]:
    sideways = one.width / one.height > (4 / 3 if one.width >= one.height else 3 / 4)
    labels = (LEFT, MIDDLE, RIGHT) if sideways else (TOP, MIDDLE, BOTTOM)
    return tuple(
        Button(Line(HERE if here == one.crop else THERE, {"where": label}), "crop", f"{one.name}-{here[0]}")
        for label, here in zip(labels, ("start", "centre", "end"), strict=True)
    )


def photo_changed(flow: Flow, c: Conversation, press: Pressed, say: tuple[Line, ...]) -> tuple[Out, ...]:
    name = press.arg.partition("-")[0]
    if press.move == "crop":
        return one_photo(flow, c, name, say)
    return collected(flow, c, say, "")


# --- the summary


def summary(flow: Flow, c: Conversation, *, photos: bool = True) -> tuple[Out, ...]:
    """All answers as they will be seen, a button to change each one and to add each optional one, then send."""
    applying = flow.applying(c.answers)
    answered = [one for one in applying if one.key in c.answers]
    lines = [Line(SUMMARY, {"form": flow.title}), Line(BLANK)]
    for one in answered:
        lines.append(Line(ANSWER, {"title": one.title, "answer": whole(one, c.answers[one.key])}))
    lines.append(Line(BLANK))
    if c.todo:
        titles = [flow.by_key[key].title for key in c.todo]
        lines.append(Line(STILL_TO_FIX, {"fields": _listed(titles)}))
    lines.append(Line(NOT_SENT_YET))
    shown = shown_photos(c.answers.get(flow.photos.key)) if photos and flow.photos else ()
    return (_form_reply(c, tuple(lines), _summary_rows(flow, c), None, photos=shown),)


def summary_again(flow: Flow, c: Conversation, say: Line) -> tuple[Out, ...]:
    """The summary's buttons without all its answers, after a message that it had no use for."""
    return (_form_reply(c, (say,), _summary_rows(flow, c), None),)


def _summary_rows(flow: Flow, c: Conversation) -> Rows:
    applying = flow.applying(c.answers)
    answered = [one for one in applying if one.key in c.answers]
    absent = [one for one in applying if one.key not in c.answers and not one.required]
    return (
        (Button(Line(SEND), "send"),),
        *_pairs([Button(Line(CHANGE, {"title": one.title}), "change", one.key) for one in answered]),
        *_pairs([Button(Line(ADD, {"title": one.title}), "change", one.key) for one in absent]),
        (Button(Line(PARK), "park"), Button(Line(CANCEL), "cancel")),
    )


def whole(field: Field, answer: Json) -> T:
    """An answer in full, as a sentence of its own in both languages."""
    return _sentence(field.shown(answer, "th"), field.shown(answer, "en"))


def _pairs(buttons: Sequence[Button]) -> Rows:
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


# --- leaving


def really_cancel(flow: Flow, c: Conversation) -> tuple[Out, ...]:
    rows = (
        (Button(Line(GO_ON), "stay"),),
        (Button(Line(PARK), "park"),),
        (Button(Line(DROP), "drop"),),
    )
    say = REALLY_CANCEL_CHANGES if c.reopened else REALLY_CANCEL
    return (_form_reply(c, (Line(say, {"form": flow.title}),), rows, None),)


def dropped() -> Reply:
    return told(DROPPED)


def parked(flow: Flow, c: Conversation) -> Reply:
    return told(PARKED, {"form": flow.title})


def form_changed(lost: Sequence[T], *, shorter: bool) -> Reply:
    """`lost`: questions to be answered again. `shorter`: answered ones that the form has no longer."""
    if lost:
        return told(FORM_CHANGED_AND, {"lost": _listed(lost)})
    return told(FORM_SHORTER if shorter else FORM_CHANGED)


def _listed(titles: Sequence[T]) -> T:
    return T(", ".join(one.th for one in titles), ", ".join(one.en for one in titles))


STEP = T("ขั้นที่ {n} จาก {of} · {form}", "Step {n} of {of} · {form}")
CHANGING = T("แก้ไข · {form}", "Changing · {form}")
ADDING = T("เพิ่มข้อมูล · {form}", "Adding · {form}")
FIX = T("แก้ตามที่ผู้ตรวจขอ ข้อที่ {n} จาก {of}", "What the reviewer asked for: {n} of {of}")
REQUIRED = T("<b>{title} *</b>", "<b>{title} *</b>")
OPTIONAL = T("<b>{title}</b> (ไม่บังคับ)", "<b>{title}</b> (optional)")
FLAGGED = T("ผู้ตรวจขอให้แก้: <i>{reason}</i>", "The reviewer asks: <i>{reason}</i>")
ASK = T("{ask}", "{ask}")
EXAMPLE = T("ตัวอย่าง: <i>{example}</i>", "Example: <i>{example}</i>")
ANSWERED_BEFORE = T("ตอบไว้แล้ว: {answer}", "Answered before: {answer}")
FROM_PHOTO = T("📍 ใช้พิกัดจากรูปที่ {n}", "📍 Use the place of photo {n}")

DONE = T("✅ เสร็จแล้ว", "✅ Done")
TYPE_AGAIN = T("พิมพ์ใหม่ทั้งหมด", "Start over")
KEEP = T("ใช้คำตอบเดิม", "Keep this answer")
SKIP = T("ข้าม", "Skip")
LEAVE_OUT = T("ไม่ใส่ข้อนี้", "Leave it out")
BACK = T("‹ ย้อนกลับ", "‹ Back")
TO_SUMMARY = T("‹ หน้าสรุป", "‹ To the summary")
PARK = T("พักไว้ก่อน", "Later")
CANCEL = T("ยกเลิก", "Cancel")
YES = T("ใช่", "Yes")
NO = T("ไม่ใช่ ส่งใหม่", "No, again")
IS_THIS_RIGHT = T("{answer} ใช่จุดที่ต้องการหรือไม่", "{answer}. Is it the right place?")

LATE_PHOTO = T(
    "รูปที่ตามมาอยู่ใน «{field}» แล้ว รวม {count} รูป", "The photos that came late are in “{field}”, {count} in all"
)
WHICH_PHOTO = T("เลือกรูปที่ต้องการจัดการ (★ คือรูปปก)", "Which photo? (★ is the cover)")
COVER_N = T("★ รูปที่ {n}", "★ Photo {n}")
PHOTO_N = T("รูปที่ {n}", "Photo {n}")
PHOTO_N_OF = T(
    "รูปที่ {n} จาก {of} ในกรอบ 640×480 ตามที่จะบันทึก", "Photo {n} of {of}, in its 640×480 frame as it will be kept"
)
MAKE_COVER = T("ตั้งเป็นรูปปก", "Make it the cover")
TAKE_OUT = T("เอาออก", "Take it out")
ALL_PHOTOS = T("รูปทั้งหมด", "All photos")
LEFT = T("ซ้าย", "Left")
RIGHT = T("ขวา", "Right")
MIDDLE = T("กลาง", "Middle")
TOP = T("บน", "Top")
BOTTOM = T("ล่าง", "Bottom")
HERE = T("● {where}", "● {where}")
THERE = T("{where}", "{where}")

SUMMARY = T("<b>สรุป{form}</b>", "<b>{form}: summary</b>")
ANSWER = T("<b>{title}:</b> {answer}", "<b>{title}:</b> {answer}")
BLANK = T("", "")
NOT_SENT_YET = T("ยังไม่ได้ส่ง ตรวจดูแล้วกด «ส่งให้ตรวจ»", "Not sent yet: look it over, then press “Send for review”")
STILL_TO_FIX = T("ที่ผู้ตรวจขอให้แก้ ยังเหลือ: {fields}", "Still to change, as the reviewer asks: {fields}")
SEND = T("📨 ส่งให้ตรวจ", "📨 Send for review")
CHANGE = T("✏️ {title}", "✏️ {title}")
ADD = T("➕ {title}", "➕ {title}")
STILL_MISSING = T("ยังขาด {field} จึงยังส่งไม่ได้", "{field} is still missing, so it cannot be sent yet")
ON_SUMMARY = T(
    "กรอกครบแล้ว ถ้าจะแก้ข้อไหนให้กดปุ่มของข้อนั้น หรือกด «ส่งให้ตรวจ»",
    "Everything is filled in: to change something, press its button, or press “Send for review”",
)

REALLY_CANCEL = T(
    "จะทิ้ง «{form}» ที่กรอกไว้หรือไม่ ถ้าทิ้ง คำตอบทั้งหมดจะหายไป",
    "Throw away what you filled in for “{form}”? All its answers would be gone",
)
REALLY_CANCEL_CHANGES = T(
    "จะทิ้งการแก้ไข «{form}» นี้หรือไม่ รายการที่ส่งไว้แล้วยังอยู่เหมือนเดิม",
    "Throw away these changes to “{form}”? What was sent before stays as it is",
)
GO_ON = T("กรอกต่อ", "Go on")
DROP = T("🗑 ทิ้ง", "🗑 Throw it away")
DROPPED = T("ทิ้งรายการที่กรอกไว้แล้ว", "What you filled in is thrown away")
PARKED = T(
    "พัก «{form}» ไว้แล้ว คำตอบอยู่ครบ กลับมาทำต่อได้ที่ /drafts",
    "{form} is put aside with all its answers: go on with /drafts",
)
EXPIRED = T("ปุ่มนี้หมดอายุแล้ว", "This button has expired")
FIRST_QUESTION = T("นี่คือข้อแรกแล้ว", "This is the first question")
CORRECTED = T("แก้ «{field}» แล้ว เป็น {answer}", "“{field}” is now {answer}")
CORRECTED_SO_FAR = T("แก้ข้อความใน «{field}» แล้ว", "“{field}” is put right")
PHOTO_REPLACED = T("เปลี่ยนรูปที่ {n} แล้ว", "Photo {n} has been replaced")
OLD_ANSWER_STAYS = T("คำตอบเดิมของ «{field}» ยังอยู่", "The earlier answer to “{field}” stays")
EDIT_NOT_TAKEN = T("แก้ «{field}» ด้วยข้อความไม่ได้ ใช้ปุ่มแทน", "“{field}” is not changed by text: use its buttons")
FORM_CHANGED = T(
    "แบบฟอร์มนี้ปรับปรุงใหม่ คำตอบเดิมยังอยู่ครบ", "This form has changed since; all your answers are still here"
)
FORM_SHORTER = T(
    "แบบฟอร์มนี้ปรับปรุงใหม่และตัดบางข้อออก คำตอบข้ออื่นยังอยู่ครบ",
    "This form has changed and asks less than before; all your other answers are still here",
)
FORM_CHANGED_AND = T(
    "แบบฟอร์มนี้ปรับปรุงใหม่ คำตอบเดิมยังอยู่ ยกเว้น {lost} ที่ต้องตอบใหม่",
    "This form has changed since; your answers are still here, but for {lost}, to be answered again",
)

# Of an album's messages only the last one says these.
SAID_ONCE = (*PROGRESS, REQUIRED, OPTIONAL, LATE_PHOTO)
