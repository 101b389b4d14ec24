"""Sentences as Telegram's HTML: facts escaped, lengths counted as Telegram counts, long texts cut in pieces."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.core.chat import Line
from flows.core.text import Fact, Language, said

MOST_TEXT = 4096  # UTF-16 units, after the tags are gone
MOST_CAPTION = 1024

_TOKEN = re.compile(r"</?[a-z]+>|&[^;\s]+;|[^<&]|[<&]", re.DOTALL)
_TAG = re.compile(r"</?[a-z]+>")


def written(lines: Sequence[Line], language: Language) -> str:
    return "\n".join(_line(line, language) for line in lines)


def _line(line: Line, language: Language) -> str:
    if not line.facts:
        return line.say.to(language)
    return line.say.to(language, {name: _escaped(fact, language) for name, fact in line.facts.items()})


def _escaped(fact: Fact, language: Language) -> str:
    # A sentence as a fact too: an answer in both languages is one, and anyone may have typed it.
    return html.escape(said(fact, language), quote=False)


def plain(line: Line, language: Language) -> str:
    """The line for places that know no markup: button labels and toasts."""
    text = _line(line, language)
    return html.unescape(_TAG.sub("", text)) if "<" in text or "&" in text else text


def length(text: str) -> int:
    return sum(units for _, units in _tokens(text))


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """Each tag, reference or character with the UTF-16 units that are left of it once it is parsed."""
    for token in _TOKEN.findall(text):
        if _TAG.fullmatch(token):
            yield token, 0
        else:
            yield token, sum(2 if char > "\uffff" else 1 for char in html.unescape(token))


@dataclass(slots=True)
class _Cut:
    at: int  # in the text
    open_tags: tuple[str, ...]


def pieces(text: str, most: int = MOST_TEXT) -> tuple[str, ...]:
    """The text in as few pieces as need be, cut at line breaks, else at blanks, with tags closed and reopened."""
    done: list[str] = []
    while len(text) > most // 2 and length(text) > most:
        cut = _where(text, most)
        closing = "".join(f"</{tag}>" for tag in reversed(cut.open_tags))
        opening = "".join(f"<{tag}>" for tag in cut.open_tags)
        done.append(text[: cut.at].rstrip() + closing)
        text = opening + text[cut.at :].lstrip()
    return tuple(piece for piece in (*done, text) if _TAG.sub("", piece).strip())


def _where(text: str, most: int) -> _Cut:
    """The last line break in the second half, else the last blank there, else the last whole character."""
    best: dict[str, _Cut] = {}
    at, count, tags = 0, 0, list[str]()
    for token, units in _tokens(text):
        if units == 0:
            tags.pop() if token.startswith("</") else tags.append(token[1:-1])
        elif count + units > most:
            break
        here = _Cut(at, tuple(tags))
        if count and units and not _joins(token):
            best["character"] = here
        if count > most // 2 and token in ("\n", " "):
            best[token] = here
        at, count = at + len(token), count + units
    else:
        raise AssertionError("a short text is not cut")
    hard = _Cut(at, tuple(tags))
    if not _joins(token):
        best["character"] = hard
    return best.get("\n") or best.get(" ") or best.get("character") or hard


def _joins(token: str) -> bool:
    """Whether the character belongs to the one before it, as Thai vowels and tone marks above and below do."""
    return unicodedata.category(html.unescape(token)[0]) in ("Mn", "Me", "Cf", "Mc") or token == "ำ"
