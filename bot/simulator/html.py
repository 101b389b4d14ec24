"""Telegram's HTML: text with tags becomes plain text and entities, whose offsets count UTF-16 units."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.simulator.refusal import bad_request
from bot.simulator.shapes import Entity

_KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "tg-spoiler": "spoiler", "span": "spoiler", "tg-emoji": "custom_emoji",
    "a": "text_link", "pre": "pre", "code": "code", "blockquote": "blockquote",
}  # fmt: skip
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,8})|#([0-9]{1,8})|([a-zA-Z]+));?")
_SPECIAL = re.compile(r"[<&]")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=>]*")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_BLANKS = re.compile(r"\s*")


def utf16(text: str) -> int:
    """How many UTF-16 units the text has: what Telegram counts offsets and lengths in."""
    return len(text) + sum(char > "\uffff" for char in text)


def parse_html(text: str) -> tuple[str, list[Entity]]:
    """Plain text and its entities, or the refusal `can't parse entities: …` with a byte offset."""
    if not _SPECIAL.search(text):
        return text, []
    return _Parser(text).parse()


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int  # UTF-16 units
    index: int  # where its text begins among the pieces


@dataclass(slots=True)
class _Parser:
    source: str
    at: int = 0
    pieces: list[str] = field(default_factory=list)
    offset: int = 0
    opened: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def parse(self) -> tuple[str, list[Entity]]:
        while special := _SPECIAL.search(self.source, self.at):
            self._add(self.source[self.at : special.start()])
            self.at = special.start()
            if special.group() == "&":
                self._reference()
            elif self.source.startswith("</", self.at):
                self._end_tag()
            else:
                self._start_tag()
        self._add(self.source[self.at :])
        if self.opened:
            raise _cannot(f'Can\'t find end tag corresponding to start tag "{self.opened[-1].tag}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.pieces), self.entities

    def _add(self, text: str) -> None:
        if text:
            self.pieces.append(text)
            self.offset += utf16(text)

    def _reference(self) -> None:
        char, self.at = _referred(self.source, self.at)
        self._add(char)

    def _start_tag(self) -> None:
        begin = self.at
        tag, after = self._word(_TAG_NAME, begin + 1)
        tag = tag.lower()
        if after >= len(self.source):
            raise self._cannot_at("Unclosed start tag", begin)
        if tag not in _KINDS:
            raise self._cannot_at(f'Unsupported start tag "{tag}"', begin)
        self.at = after
        argument = self._attributes(tag, begin)
        if tag == "span" and argument != "tg-spoiler":
            raise self._cannot_at('Tag "span" must have class "tg-spoiler"', begin)
        self.opened.append(_Open(tag, argument, self.offset, len(self.pieces)))

    def _attributes(self, tag: str, begin: int) -> str:
        """Reads up to the closing `>`; returns the one attribute that matters for the tag."""
        wanted = {"a": "href", "code": "class", "span": "class", "tg-emoji": "emoji-id"}.get(tag)
        argument = ""
        while True:
            self._skip_blanks(begin)
            if self.source[self.at] == ">":
                self.at += 1
                return argument
            name, value = self._attribute(tag, begin)
            if name == wanted:
                argument = value
            elif tag == "blockquote" and name == "expandable":
                argument = "expandable"

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        name, self.at = self._word(_ATTRIBUTE_NAME, self.at)
        if not name:
            raise self._cannot_at(f'Empty attribute name in the tag "{tag}"', begin)
        if tag == "blockquote" and name == "expandable" and self.source[self.at : self.at + 1] != "=":
            return name, ""
        self._skip_blanks(begin)
        if self.source[self.at] != "=":
            words = f'Expected equal sign in declaration of an attribute of the tag "{tag}"'
            raise self._cannot_at(words, begin)
        self.at += 1
        self._skip_blanks(begin)
        quote = self.source[self.at]
        value = self._quoted(quote, begin) if quote in "'\"" else self._token()
        return name, value

    def _quoted(self, quote: str, begin: int) -> str:
        end = self.source.find(quote, self.at + 1)
        if end < 0 or end + 1 >= len(self.source):
            raise self._cannot_at("Unclosed start tag", begin)
        raw, self.at = self.source[self.at + 1 : end], end + 1
        return _REFERENCE.sub(lambda match: _referred(match.group(), 0)[0], raw)

    def _token(self) -> str:
        begin = self.at
        token, self.at = self._word(_TOKEN, self.at)
        if not (self.source[self.at : self.at + 1].isspace() or self.source.startswith(">", self.at)):
            raise self._cannot_at("Unexpected end of name token", begin)
        return token.lower()

    def _end_tag(self) -> None:
        begin = self.at
        if not self.opened:
            raise self._cannot_at("Unexpected end tag", begin)
        tag, after = self._word(_TAG_NAME, begin + 2)
        _, after = self._word(_BLANKS, after)
        if not self.source.startswith(">", after):
            raise self._cannot_at("Unclosed end tag", begin)
        opened, tag = self.opened[-1], tag.lower()
        if tag and tag != opened.tag:
            words = f'expected "</{opened.tag}>", found "</{tag}>"'
            raise _cannot(f"Unmatched end tag at byte offset {self._bytes(begin)}, {words}")
        self.opened.pop()
        self.at = after + 1
        if self.offset > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity = Entity(type=_KINDS[opened.tag], offset=opened.offset, length=self.offset - opened.offset)
        match opened.tag:
            case "a":
                entity["url"] = opened.argument or "".join(self.pieces[opened.index :])
                if not _looks_like_a_link(entity["url"]):
                    return
            case "tg-emoji":
                if not opened.argument.isdecimal():
                    raise _cannot("Invalid custom emoji identifier specified")
                entity["custom_emoji_id"] = opened.argument
            case "blockquote" if opened.argument:
                entity["type"] = "expandable_blockquote"
            case "pre" if self.entities and self._same_place(entity):
                entity |= {"language": self.entities.pop().get("language", "")}
                if not entity["language"]:
                    del entity["language"]
            case "code" if opened.argument.startswith("language-"):
                entity["language"] = opened.argument.removeprefix("language-")
        self.entities.append(entity)

    def _same_place(self, entity: Entity) -> bool:
        last = self.entities[-1]
        return last["type"] == "code" and all(last[key] == entity[key] for key in ("offset", "length"))

    def _word(self, pattern: re.Pattern[str], at: int) -> tuple[str, int]:
        match = pattern.match(self.source, at)
        return (match.group(), match.end()) if match else ("", at)

    def _skip_blanks(self, begin: int) -> None:
        _, self.at = self._word(_BLANKS, self.at)
        if self.at >= len(self.source):
            raise self._cannot_at("Unclosed start tag", begin)

    def _bytes(self, at: int) -> int:
        return len(self.source[:at].encode())

    def _cannot_at(self, words: str, at: int) -> Exception:
        return _cannot(f"{words} at byte offset {self._bytes(at)}")


def _referred(source: str, at: int) -> tuple[str, int]:
    """The character a reference such as `&amp;` or `&#33;` at `at` stands for, and where it ends."""
    match = _REFERENCE.match(source, at)
    if match is None:
        return "&", at + 1
    hexadecimal, decimal, name = match.groups()
    if name:
        return (_NAMED[name], match.end()) if name in _NAMED else ("&", at + 1)
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if not 0 < code < 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return "&", at + 1
    return chr(code), match.end()


def _looks_like_a_link(url: str) -> bool:
    return "." in url or url.startswith(("tg://", "ton://"))


def _cannot(words: str) -> Exception:
    return bad_request(f"can't parse entities: {words}")
