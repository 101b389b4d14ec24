"""A form played in the terminal, without Telegram and without keeping anything: to see how it asks."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import assert_never

from bot.console import now as by_the_clock
from flows.core.chat import Around, Button, Inbound, Out, Pressed, RefusedPhoto, Reply, Said, SentPhoto, Toast
from flows.core.conversation import Conversation
from flows.core.engine import advance, begin, given_place, question, together
from flows.core.flow import Flow
from flows.core.problem import Problem
from flows.core.text import Language, T, arabic_digits
from storage.photos import Prepared, prepare, warnings

Show = Callable[[str], None]
Hear = Callable[[], str]
_MARKUP = re.compile(r"</?[bi]>")
MOST_FILE = 20 * 2**20  # bytes, as in the chat


@dataclass(frozen=True, slots=True)
class Standing:
    """The buttons that can be pressed now, and the asking that they belong to."""

    buttons: tuple[Button, ...] = ()
    serial: int = 0


def play(
    flow: Flow, language: Language = "th", show: Show = print, hear: Hear = input,
    now: Callable[[], datetime] = by_the_clock,
) -> Conversation:  # fmt: skip
    """Asks until the form is sent, put aside or dropped. `hear` gives one typed line; EOFError ends it."""
    c, numbers = begin(flow), count(1)
    show(HOW.to(language))
    standing = say(question(flow, c), Standing(), language, show)
    while True:
        turns = []
        for inbound in _inbound(hear(), standing, numbers):
            turns.append(advance(flow, c, inbound, now(), _around(flow, c, inbound)))
            c = turns[-1].conversation
        standing = say(together(turns), standing, language, show)
        match turns[-1].effect:
            case "none":
                continue
            case "submit":
                show("\n" + SENT.to(language))
            case "park" | "discard":
                pass
            case never:
                assert_never(never)
        return c


def say(out: Sequence[Out], before: Standing, language: Language, show: Show) -> Standing:
    """Shows what is said, and numbers the buttons under it; those shown before stand while there are no new ones."""
    buttons: list[Button] = []
    serial = before.serial
    for one in out:
        match one:
            case Toast(line=line):
                show(f"\n  ({plain(line.to(language))})")
            case Reply():
                show("\n" + "\n".join(plain(line.to(language)) for line in one.lines))
                if one.photos:
                    show("  🖼  " + ", ".join(f"{photo.photo[:8]} ({photo.crop})" for photo in one.photos))
                for row in one.buttons:
                    show("  " + "   ".join(_labels(row, len(buttons), language)))
                    buttons += row
                serial = one.serial if one.buttons else serial
    return Standing(tuple(buttons), serial) if buttons else before


def _labels(row: Sequence[Button], before: int, language: Language) -> Iterator[str]:
    for n, button in enumerate(row, before + 1):
        yield f"[{n}] {plain(button.label.to(language))}"


def plain(text: str) -> str:
    return _MARKUP.sub("", text)


def _inbound(typed: str, standing: Standing, numbers: Iterator[int]) -> list[Inbound]:
    """What a typed line means: a button's number, paths of photos, or words; after = always words."""
    ref = str(next(numbers))
    if typed.startswith("="):
        return [Said(typed[1:], ref)]
    number = arabic_digits(typed.strip())
    if re.fullmatch(r"[0-9]{1,2}", number) and 1 <= int(number) <= len(standing.buttons):
        button = standing.buttons[int(number) - 1]
        return [Pressed(button.move, button.arg, standing.serial)]
    files = _files(typed)
    album = f"album {ref}" if len(files) > 1 else ""
    return [_photo(file, f"{ref}.{n}", album) for n, file in enumerate(files)] or [Said(typed, ref)]


def _files(typed: str) -> list[Path]:
    """The files that a line names, if it names nothing else; spaces are quoted, as a dropped file's are."""
    try:
        paths = [Path(word).expanduser() for word in shlex.split(typed)]
        return paths if paths and all(path.is_file() for path in paths) else []
    except (ValueError, OSError, RuntimeError):
        return []


def _photo(file: Path, ref: str, album: str) -> SentPhoto | RefusedPhoto:
    with file.open("rb") as opened:
        content = opened.read(MOST_FILE + 1)
    if len(content) > MOST_FILE:
        return RefusedPhoto(Problem("terminal.file_too_large", TOO_LARGE), ref, album)
    prepared = prepare(content)
    if isinstance(prepared, Problem):
        return RefusedPhoto(prepared, ref, album)
    return _sent(prepared, ref, album)


def _sent(prepared: Prepared, ref: str, album: str) -> SentPhoto:
    doubts = [one.code for one in warnings(prepared)] + (["animated"] if prepared.animated else [])
    likeness = f"{prepared.likeness & 0xFFFF_FFFF_FFFF_FFFF:016x}"
    return SentPhoto(
        prepared.photo, prepared.width, prepared.height, tuple(doubts), likeness, prepared.place, ref, album
    )


def _around(flow: Flow, c: Conversation, inbound: Inbound) -> Around | None:
    """Without a database nothing is known of what lies around a place."""
    return Around() if given_place(flow, c, inbound, None) else None


HOW = T(
    "พิมพ์คำตอบแล้วกด Enter · กดปุ่มโดยพิมพ์หมายเลขของปุ่ม · ส่งรูปโดยพิมพ์ที่อยู่ไฟล์ · "
    "ถ้าคำตอบเป็นตัวเลขที่ซ้ำกับปุ่ม ให้พิมพ์ = นำหน้า · เลิกด้วย Ctrl-C",
    "Type an answer and press Enter · type a button's number to press it · type a file's path to send a photo · "
    "put = before an answer that is also a button's number · leave with Ctrl-C",
)
SENT = T("ส่งแล้ว (นี่เป็นการลอง จึงไม่ได้บันทึกไว้)", "Sent (this was a trial, so nothing is kept)")
TOO_LARGE = T("ไฟล์ใหญ่เกิน 20 MB ส่งรูปที่เล็กกว่านี้", "The file is larger than 20 MB; send a smaller one")
