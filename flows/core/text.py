"""Sentences for people, Thai first and English second, and how Thai text is compared."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["th", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
TO_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_INVISIBLE = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"))


@dataclass(frozen=True, slots=True)
class T:
    """One sentence in both languages; `{name}` marks a fact to fill in, `<b>`/`<i>` are the only markup."""

    th: str
    en: str

    def __post_init__(self) -> None:
        if not _has_braces(self.th) and not _has_braces(self.en):
            return
        if self.slots_of(self.th) != self.slots_of(self.en):
            raise ValueError(f"the two languages name different facts: {self.th!r} / {self.en!r}")

    @staticmethod
    def slots_of(template: str) -> frozenset[str]:
        return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)

    def to(self, language: Language, facts: Facts | None = None) -> str:
        """The sentence in one language, its facts filled in as they are (escape them before, for HTML)."""
        template = self.th if language == "th" else self.en
        if not facts and not _has_braces(template):
            return template
        return template.format(**{name: said(fact, language) for name, fact in (facts or {}).items()})


def _has_braces(template: str) -> bool:
    return "{" in template or "}" in template


Fact = str | int | float | T
Facts = Mapping[str, Fact]


def said(fact: Fact, language: Language) -> str:
    """A fact as people write it: whole numbers with thousands separators, sentences in their language."""
    match fact:
        case str():
            return fact
        case T():
            return fact.to(language)
        case bool():
            return str(fact)
        case int():
            return f"{fact:,}"
        case float():
            return f"{fact:,.1f}"


def arabic_digits(text: str) -> str:
    """The text with Thai digits turned into 0-9."""
    return text.translate(THAI_DIGITS)


def tidy(text: str) -> str:
    """What was typed, without control and invisible characters and blank edges; line breaks stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_INVISIBLE)
    if not text.replace("\n", "").isprintable():
        text = "".join(
            c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")
        )
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def one_line(text: str) -> str:
    """The text with every run of blanks and line breaks made one blank."""
    return " ".join(tidy(text).split())


_AM_BEFORE_TONE = re.compile("\u0e4d([\u0e48-\u0e4b])(?=\u0e32)")


def folded(text: str) -> str:
    """The text as it is compared and searched: every way of writing sara am, digits and case made the same."""
    parted = unicodedata.normalize("NFKC", one_line(text))
    return arabic_digits(_AM_BEFORE_TONE.sub("\\1\u0e4d", parted)).casefold()
