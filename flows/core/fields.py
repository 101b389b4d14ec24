"""The kinds of answers: how each is asked for, read, said back, and read again from storage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar

from flows.core import dates, links, phones, prices
from flows.core.chat import Around, Button, Inbound, Json, Line, Pressed, Said, SentContact, Wants
from flows.core.problem import FlowError, Problem
from flows.core.text import Language, T, folded, one_line, tidy


@dataclass(frozen=True, slots=True)
class Is:
    """A condition as data: the earlier choice `key` was answered with `code`."""

    key: str
    code: str

    def holds(self, answers: Mapping[str, Json]) -> bool:
        return answers.get(self.key) == self.code


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a field may know when it hears an answer."""

    today: date
    partial: Json = None  # what this question has collected so far
    around: Around | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer that was understood. Not `done`: more may come, `value` is what there is so far."""

    value: Json
    done: bool = True
    say: tuple[Line, ...] = ()
    confirm: Line | None = None  # ask this before taking it


WORDS_WANTED = T("ข้อนี้ต้องตอบเป็นข้อความ กรุณาพิมพ์คำตอบ", "This question needs words: please type the answer")


@dataclass(frozen=True, slots=True)
class Field:
    """One question. Required unless `optional` (asked, with a skip button) or `later` (only from the summary)."""

    key: str
    title: T
    optional: bool = field(default=False, kw_only=True)
    later: bool = field(default=False, kw_only=True)
    only_if: Is | None = field(default=None, kw_only=True)
    ask: T | None = field(default=None, kw_only=True)
    example: T | None = field(default=None, kw_only=True)

    wants: ClassVar[Wants] = "text"
    several: ClassVar[bool] = False  # collects parts until "done" is pressed
    wrong_kind: ClassVar[T] = WORDS_WANTED

    def __post_init__(self) -> None:
        if len(self.key) > 20 or not self.key.isidentifier():
            raise FlowError(f"{self.key!r}: a field's key is a short word")

    @property
    def required(self) -> bool:
        return not (self.optional or self.later)

    @property
    def question(self) -> T:
        return self.ask or T("พิมพ์คำตอบแล้วกดส่ง", "Type the answer and send it")

    def hear(self, inbound: Inbound, hearing: Hearing) -> Heard | Problem | None:
        """The answer, what is wrong with it, or None where this kind of message answers nothing."""
        return self.read(inbound.text, hearing) if isinstance(inbound, Said) else None

    def read(self, text: str, hearing: Hearing) -> Heard | Problem:
        raise NotImplementedError

    def finish(self, partial: Json) -> Heard | Problem:
        """The answer made of what was collected, when the officer says that it is all."""
        return Heard(partial)

    def start(self, answer: Json) -> Json:
        """What the question begins with when it is asked again over an earlier answer."""
        return None

    def progress(self, partial: Json) -> tuple[Line, ...]:
        """What has been collected so far, in words."""
        return ()

    def options(self, partial: Json) -> tuple[tuple[Button, ...], ...]:
        return ()

    def shown(self, answer: Json, language: Language) -> str:
        return str(answer)

    def still_reads(self, answer: Json) -> bool:
        """Whether an answer stored by an earlier version of the form still fits."""
        return isinstance(answer, str) and not isinstance(self.read(answer, Hearing(date.max)), Problem)


@dataclass(frozen=True, slots=True)
class Text(Field):
    """One line of text; `least` and `most` in characters."""

    least: int = field(default=2, kw_only=True)
    most: int = field(default=200, kw_only=True)

    def read(self, text: str, hearing: Hearing) -> Heard | Problem:
        line = one_line(text)
        if len(line) < self.least or not any(letter.isalnum() for letter in line):
            return Problem("text.too_short", TOO_SHORT, {"least": self.least, "count": len(line)})
        if len(line) > self.most:
            return Problem("text.too_long", TOO_LONG, {"most": self.most, "count": len(line)})
        return Heard(line)


TOO_SHORT = T(
    "คำตอบสั้นเกินไป ({count} ตัวอักษร) กรุณาพิมพ์อย่างน้อย {least} ตัวอักษร",
    "That is too short ({count} characters): please type at least {least}",
)
TOO_LONG = T(
    "คำตอบยาวเกินไป ({count} ตัวอักษร) กรุณาย่อให้ไม่เกิน {most} ตัวอักษร",
    "That is too long ({count} characters): please keep it to {most}",
)


@dataclass(frozen=True, slots=True)
class Paragraph(Field):
    """Text over as many messages as it takes. While collected: a list of {"ref", "text"}; answered: one text."""

    least: int = field(default=2, kw_only=True)
    most: int = field(default=4000, kw_only=True)
    several: ClassVar[bool] = True

    @property
    def question(self) -> T:
        return self.ask or T(
            "พิมพ์ได้หลายข้อความ ครบแล้วกด «เสร็จแล้ว»", "Type it in as many messages as you like, then press “Done”"
        )

    def hear(self, inbound: Inbound, hearing: Hearing) -> Heard | Problem | None:
        if not isinstance(inbound, Said):
            return None
        text = tidy(inbound.text)
        parts = [*parts_of(hearing.partial), {"ref": inbound.ref, "text": text}]
        count = len(joined(parts))
        if not text:
            return Problem("text.too_short", TOO_SHORT, {"least": self.least, "count": 0})
        if count > self.most:
            return Problem(
                "paragraph.too_long", PARAGRAPH_TOO_LONG, {"most": self.most, "over": count - self.most}
            )
        return Heard(parts, done=False)

    def read(self, text: str, hearing: Hearing) -> Heard | Problem:
        return self.finish([{"ref": "", "text": tidy(text)}])

    def finish(self, partial: Json) -> Heard | Problem:
        text = joined(parts_of(partial))
        if len(text) < self.least:
            return Problem("text.too_short", TOO_SHORT, {"least": self.least, "count": len(text)})
        if len(text) > self.most:
            return Problem("text.too_long", TOO_LONG, {"most": self.most, "count": len(text)})
        return Heard(text)

    def progress(self, partial: Json) -> tuple[Line, ...]:
        parts = parts_of(partial)
        if not parts:
            return ()
        return (Line(PARAGRAPH_SO_FAR, {"count": len(joined(parts)), "most": self.most}),)


PARAGRAPH_SO_FAR = T(
    "รับข้อความแล้ว ({count} จากไม่เกิน {most} ตัวอักษร) ครบแล้วกด «เสร็จแล้ว» หรือพิมพ์ต่อได้เลย",
    "Received ({count} of at most {most} characters). Press “Done” when it is all, or just go on typing",
)
PARAGRAPH_TOO_LONG = T(
    "ข้อความนี้ทำให้ยาวเกินไป {over} ตัวอักษร (ได้ไม่เกิน {most}) จึงยังไม่ได้รับไว้ กรุณาย่อแล้วส่งใหม่",
    "That would be {over} characters too long (at most {most}), so it was not taken: please send it shorter",
)


def parts_of(partial: Json) -> list[dict[str, str]]:
    """The messages a paragraph has been collected from."""
    if not isinstance(partial, Sequence) or isinstance(partial, str):
        return []
    return [
        {"ref": str(p["ref"]), "text": str(p["text"])}
        for p in partial
        if isinstance(p, Mapping) and "text" in p
    ]


def joined(parts: Sequence[Mapping[str, str]]) -> str:
    return "\n".join(part["text"] for part in parts)


@dataclass(frozen=True, slots=True)
class Choice(Field):
    """One of a list of (code, label): by button, by its number, or by typing the label."""

    choices: Sequence[tuple[str, T]] = field(default=())
    wants: ClassVar[Wants] = "choice"
    wrong_kind: ClassVar[T] = T(
        "ข้อนี้ให้กดเลือกหนึ่งปุ่มด้านล่าง", "This one is chosen with the buttons below: please press one"
    )

    @property
    def question(self) -> T:
        return self.ask or T("กดเลือกหนึ่งข้อ", "Press one")

    def hear(self, inbound: Inbound, hearing: Hearing) -> Heard | Problem | None:
        match inbound:
            case Pressed(move="pick", arg=code) if code in dict(self.choices):
                return Heard(code)
            case Said(text=text):
                return self.read(text, hearing)
            case _:
                return None

    def read(self, text: str, hearing: Hearing) -> Heard | Problem:
        code = self.code_of(text)
        return Heard(code) if code else Problem("choice.unknown", CHOICE_UNKNOWN, {"last": len(self.choices)})

    def code_of(self, text: str) -> str | None:
        """The code of the choice that was typed as its label, number or code."""
        typed = folded(text).rstrip(".")
        for n, (code, label) in enumerate(self.choices, 1):
            labels = [folded(words).rstrip(".") for words in (label.th, label.en)]
            if typed in (str(n), code, *labels, *(f"{n}. {words}" for words in labels)):
                return code
        near = [code for code, label in self.choices if len(typed) > 2 and typed in folded(label.th)]
        return near[0] if len(near) == 1 else None

    def options(self, partial: Json) -> tuple[tuple[Button, ...], ...]:
        return tuple(
            (Button(Line(NUMBERED, {"n": n, "label": label}), "pick", code),)
            for n, (code, label) in enumerate(self.choices, 1)
        )

    def shown(self, answer: Json, language: Language) -> str:
        label = dict(self.choices).get(str(answer))
        return label.to(language) if label else str(answer)

    def still_reads(self, answer: Json) -> bool:
        return isinstance(answer, str) and answer in dict(self.choices)


NUMBERED = T("{n}. {label}", "{n}. {label}")
CHOICE_UNKNOWN = T(
    "ไม่มีตัวเลือกนี้ กรุณากดปุ่มด้านล่าง หรือพิมพ์หมายเลข 1–{last}",
    "There is no such choice: please press a button below, or type a number from 1 to {last}",
)


@dataclass(frozen=True, slots=True)
class Choices(Choice):
    """Any number of a list of (code, label), ticked one by one. Answered: the codes in the list's order."""

    several: ClassVar[bool] = True
    wrong_kind: ClassVar[T] = T("ข้อนี้ให้กดเลือกจากปุ่มด้านล่าง", "This one is chosen with the buttons below")

    @property
    def question(self) -> T:
        return self.ask or T("เลือกได้หลายข้อ ครบแล้วกด «เสร็จแล้ว»", "Choose any number, then press “Done”")

    def hear(self, inbound: Inbound, hearing: Hearing) -> Heard | Problem | None:
        chosen = codes_of(hearing.partial)
        match inbound:
            case Pressed(move="tick", arg=code) if code in dict(self.choices):
                return self._so_far({*chosen, code})
            case Pressed(move="untick", arg=code):
                return self._so_far(set(chosen) - {code})
            case Said(text=text):
                whole = self.code_of(text)
                more = [whole] if whole else [self.code_of(one) for one in text.replace("\n", ",").split(",")]
                if not more or None in more:
                    return Problem("choice.unknown", CHOICE_UNKNOWN, {"last": len(self.choices)})
                return self._so_far({*chosen, *(code for code in more if code)})
            case _:
                return None

    def _so_far(self, chosen: set[str]) -> Heard:
        return Heard([code for code, _ in self.choices if code in chosen], done=False)

    def finish(self, partial: Json) -> Heard | Problem:
        chosen = codes_of(partial)
        return Heard(chosen) if chosen else Problem("choices.none", CHOICES_NONE)

    def start(self, answer: Json) -> Json:
        return answer

    def options(self, partial: Json) -> tuple[tuple[Button, ...], ...]:
        chosen = codes_of(partial)
        return tuple(
            (
                Button(
                    Line(TICKED if code in chosen else UNTICKED, {"label": label}),
                    "untick" if code in chosen else "tick",
                    code,
                ),
            )
            for code, label in self.choices
        )

    def shown(self, answer: Json, language: Language) -> str:
        labels = dict(self.choices)
        return ", ".join(labels[code].to(language) if code in labels else code for code in codes_of(answer))

    def still_reads(self, answer: Json) -> bool:
        return (
            isinstance(answer, list)
            and bool(answer)
            and all(str(code) in dict(self.choices) for code in answer)
        )


TICKED = T("☑ {label}", "☑ {label}")
UNTICKED = T("☐ {label}", "☐ {label}")
CHOICES_NONE = T("ยังไม่ได้เลือก กรุณาเลือกอย่างน้อยหนึ่งข้อ", "Nothing is chosen yet: please choose at least one")


def codes_of(value: Json) -> list[str]:
    return [str(code) for code in value] if isinstance(value, Sequence) and not isinstance(value, str) else []


@dataclass(frozen=True, slots=True)
class Date(Field):
    """A day. Answered: ISO 8601, Christian era."""

    wants: ClassVar[Wants] = "date"
    wrong_kind: ClassVar[T] = T(
        "ข้อนี้ให้ตอบเป็นวันที่ กดปุ่มด้านล่าง หรือพิมพ์ เช่น 31 ม.ค. 2560",
        "This question needs a date: press a button below, or type one, such as 31 Jan 2017",
    )

    @property
    def question(self) -> T:
        return self.ask or T("กดเลือก หรือพิมพ์วันที่", "Press one, or type the date")

    def hear(self, inbound: Inbound, hearing: Hearing) -> Heard | Problem | None:
        match inbound:
            case Pressed(move="pick", arg=word) if word in DAYS:
                return self.read(DAYS[word].th, hearing)
            case Said(text=text):
                return self.read(text, hearing)
            case _:
                return None

    def read(self, text: str, hearing: Hearing) -> Heard | Problem:
        day = dates.read_date(text, hearing.today)
        return day if isinstance(day, Problem) else Heard(day.isoformat())

    def options(self, partial: Json) -> tuple[tuple[Button, ...], ...]:
        return (tuple(Button(Line(label), "pick", word) for word, label in DAYS.items()),)

    def shown(self, answer: Json, language: Language) -> str:
        return dates.shown(date.fromisoformat(str(answer)), language)

    def still_reads(self, answer: Json) -> bool:
        try:
            return isinstance(answer, str) and bool(date.fromisoformat(answer))
        except ValueError:
            return False


DAYS = {"today": T("วันนี้", "Today"), "yesterday": T("เมื่อวาน", "Yesterday")}


@dataclass(frozen=True, slots=True)
class Phones(Field):
    """One or several telephone numbers. Answered: a list of {"number", "extension"}."""

    wants: ClassVar[Wants] = "phone"

    @property
    def question(self) -> T:
        return self.ask or T(
            "พิมพ์เบอร์โทร หลายเบอร์ให้คั่นด้วยจุลภาค (,)", "Type the phone number; several, with commas between"
        )

    def hear(self, inbound: Inbound, hearing: Hearing) -> Heard | Problem | None:
        match inbound:
            case Said(text=text) | SentContact(number=text):
                return self.read(text, hearing)
            case _:
                return None

    def read(self, text: str, hearing: Hearing) -> Heard | Problem:
        numbers = phones.read_phones(text)
        if isinstance(numbers, Problem):
            return numbers
        return Heard([{"number": one.number, "extension": one.extension} for one in numbers])

    def shown(self, answer: Json, language: Language) -> str:
        return ", ".join(phones.shown(one) for one in phones_of(answer))

    def still_reads(self, answer: Json) -> bool:
        return bool(phones_of(answer))


def phones_of(answer: Json) -> list[phones.Phone]:
    if not isinstance(answer, Sequence) or isinstance(answer, str):
        return []
    return [
        phones.Phone(str(one["number"]), str(one.get("extension", "")))
        for one in answer
        if isinstance(one, Mapping) and "number" in one
    ]


@dataclass(frozen=True, slots=True)
class Amount(Field):
    """A price in baht, a range of prices, and the unit sold. Answered: {"low", "high", "unit"}, decimals as text."""

    @property
    def question(self) -> T:
        return self.ask or T("พิมพ์ราคาเป็นบาท และหน่วยที่ขาย", "Type the price in baht and the unit sold")

    def read(self, text: str, hearing: Hearing) -> Heard | Problem:
        price = prices.read_price(text)
        if isinstance(price, Problem):
            return price
        high = None if price.high is None else str(price.high)
        return Heard({"low": str(price.low), "high": high, "unit": price.unit})

    def shown(self, answer: Json, language: Language) -> str:
        price = price_of(answer)
        return prices.shown(price, language) if price else ""

    def still_reads(self, answer: Json) -> bool:
        return price_of(answer) is not None


def price_of(answer: Json) -> prices.Price | None:
    if not isinstance(answer, Mapping) or "low" not in answer:
        return None
    high = answer.get("high")
    return prices.Price(
        Decimal(str(answer["low"])),
        None if high is None else Decimal(str(high)),
        str(answer.get("unit", "")),
    )


@dataclass(frozen=True, slots=True)
class Email(Field):
    def read(self, text: str, hearing: Hearing) -> Heard | Problem:
        return _heard(links.read_email(text))


@dataclass(frozen=True, slots=True)
class Url(Field):
    def read(self, text: str, hearing: Hearing) -> Heard | Problem:
        return _heard(links.read_url(text))


@dataclass(frozen=True, slots=True)
class Facebook(Field):
    def read(self, text: str, hearing: Hearing) -> Heard | Problem:
        return _heard(links.read_facebook(text))


@dataclass(frozen=True, slots=True)
class Twitter(Field):
    def read(self, text: str, hearing: Hearing) -> Heard | Problem:
        return _heard(links.read_twitter(text))


@dataclass(frozen=True, slots=True)
class Google(Field):
    def read(self, text: str, hearing: Hearing) -> Heard | Problem:
        return _heard(links.read_google(text))


def _heard(link: str | Problem) -> Heard | Problem:
    return link if isinstance(link, Problem) else Heard(link)
