"""Plays a conversation written as plain text: what the officer does, line by line, and all that is said to it.

A line that begins with `> ` is the officer's; the rest is the service's, and is written by playing.

    > วัดพระธาตุ                        says it (`ก×300`: that letter 300 times, `⏎`: a line break)
    > [ข้าม]                            presses the newest button with that label
    > (รูป a.jpg 800x600 มืด พิกัด 18.2,99.4)   a photo: มืด เบลอ เล็ก เคลื่อนไหว, and where it was taken
    > (อัลบั้ม 1: b.jpg, a.jpg เบลอ)       photos at once, in the order they arrive; their letters are the order they were sent in
    > (ไฟล์เสีย)                         a file that is no photo
    > (ตำแหน่ง 18.29 99.49 หมุด)          a place: หมุด ปุ่ม ร้าน สด, and with `คลาด 900` how many metres it may be off
    > (สติกเกอร์) (เสียง) (วิดีโอ) (รายชื่อ 081-234-5678)
    > (แก้ «วัดพระธาต») วัดพระธาตุ          edits the message that said so
    > (กลับมาทำต่อ)                       opens the parked draft again
    > (ผู้ตรวจขอให้แก้ phone: โทรไม่ติด; name: สะกดผิด)   reopens what was sent
    > (แก้ไขรายการ)                       the officer reopens what was sent
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from flows import CATALOGUE
from flows.core import engine
from flows.core.chat import (
    Around,
    Edit,
    Inbound,
    Line,
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
from flows.core.coordinates import LatLon, distance_km
from flows.core.flow import Flow
from flows.core.problem import Problem
from flows.core.text import Language, T, said

NOW = datetime(2017, 1, 16, 2, 0, tzinfo=UTC)  # Monday 16 January 2560, nine in the morning in Thailand
OFFICE = LatLon(18.3171, 99.5106)
DISTRICTS = (
    ("เมืองลำปาง", "ลำปาง", LatLon(18.2888, 99.4928)),
    ("เกาะคา", "ลำปาง", LatLon(18.1925, 99.3942)),
    ("พระนคร", "กรุงเทพมหานคร", LatLon(13.7563, 100.5018)),
    ("เมืองเชียงใหม่", "เชียงใหม่", LatLon(18.7953, 98.9986)),
)
EFFECTS = {"submit": "== ส่งเข้าตรวจ", "park": "== พักไว้", "discard": "== ทิ้ง"}
WARNINGS = {"มืด": "dark", "เบลอ": "blurred", "เล็ก": "small", "เคลื่อนไหว": "animated"}
NOT_A_PHOTO = Problem(
    "photo.unreadable",
    T("ไฟล์นี้เปิดเป็นรูปไม่ได้ กรุณาส่งรูป jpg หรือ png", "This file is no photo: please send a jpg or png"),
)
Source = Literal["button", "pin", "venue", "live"]
SOURCES: dict[str, Source] = {"ปุ่ม": "button", "หมุด": "pin", "ร้าน": "venue", "สด": "live"}
Kind = Literal["sticker", "voice", "video"]
KINDS: dict[str, Kind] = {"สติกเกอร์": "sticker", "เสียง": "voice", "วิดีโอ": "video"}


def around(point: LatLon) -> Around:
    district, province, _ = min(DISTRICTS, key=lambda one: distance_km(one[2], point))
    office = (OFFICE.latitude, OFFICE.longitude)
    return Around(district, province, round(distance_km(OFFICE, point), 1), office, province == "ลำปาง")


def digest(name: str) -> str:
    """The same name is the same photo."""
    return hashlib.sha256(name.encode()).hexdigest()


def photo(words: str, ref: str, group: str = "") -> SentPhoto:
    """`a.jpg 800x600 มืด พิกัด 18.2,99.4`"""
    size = re.search(r"(\d+)x(\d+)", words)
    place = re.search(r"พิกัด ([\d.]+),([\d.]+)", words)
    name = words.split()[0]
    return SentPhoto(
        photo=digest(name),
        width=int(size[1]) if size else 1600,
        height=int(size[2]) if size else 1200,
        warnings=tuple(code for word, code in WARNINGS.items() if word in words),
        likeness=digest(name)[8:24],
        place=(float(place[1]), float(place[2])) if place else None,
        ref=ref,
        group=group,
    )


@dataclass
class Player:
    flow: Flow
    language: Language
    conversation: Conversation
    shown: list[Reply] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # of photos, by what names them in the answers
    said: dict[str, str] = field(default_factory=dict)  # the ref of what was said
    slots: set[str] = field(default_factory=set)
    refs: int = 0
    ended: bool = False

    def begin(self) -> Iterator[str]:
        yield from self._written(engine.question(self.flow, self.conversation))

    def play(self, did: str) -> Iterator[str]:
        """What the service says when the officer does this."""
        stored = json.dumps(self.conversation.to_json(), ensure_ascii=False)
        again = Conversation.from_json(json.loads(stored))
        assert again == self.conversation, "a conversation is read back as it was written"
        self.conversation = again
        if reopened := self._reopened(did):
            self.conversation, self.ended = reopened, False
            yield from self._written(engine.question(self.flow, reopened))
            return
        assert not self.ended, f"the form is closed when the officer does {did!r}"
        self.slots -= {"pressed"}
        turns = [self._turn(inbound) for inbound in self._inbounds(did)]
        yield from self._written(engine.together(turns))
        effect = turns[-1].effect
        if effect != "none":
            self.ended = True
            yield EFFECTS[effect]
        if effect == "submit":
            yield from self._sent()

    def _turn(self, inbound: Inbound) -> engine.Turn:
        given = engine.given_place(self.flow, self.conversation, inbound, OFFICE)
        known = around(given.point) if given else None
        turn = engine.advance(self.flow, self.conversation, inbound, NOW, known)
        self.conversation = turn.conversation
        return turn

    def _reopened(self, did: str) -> Conversation | None:
        answers = self.conversation.answers
        if did == "(กลับมาทำต่อ)":
            return self.conversation
        if did == "(แก้ไขรายการ)":
            return engine.reopen(self.flow, answers, {})
        if flagged := re.fullmatch(r"\(ผู้ตรวจขอให้แก้ (.+)\)", did):
            pairs = [one.split(": ", 1) for one in flagged[1].split("; ")]
            flags = {key.strip(): reason for key, reason in pairs}
            return engine.reopen(self.flow, answers, flags, next(iter(flags)))
        return None

    # --- what the officer does

    def _inbounds(self, did: str) -> list[Inbound]:
        self.refs += 1
        ref = str(self.refs)
        if pressed := re.fullmatch(r"\[(.+)\]", did):
            return [self._press(pressed[1])]
        if edited := re.fullmatch(r"\(แก้ «(.+?)»\) (.+)", did):
            return [Edit(self.said[edited[1]], _spelt(edited[2]))]
        if album := re.fullmatch(r"\(อัลบั้ม (\d+): (.+)\)", did):
            return [self._in_album(int(album[1]), one.strip()) for one in album[2].split(", ")]
        if notation := re.fullmatch(r"\((\S+) ?(.*)\)", did):
            return [self._sent_kind(notation[1], notation[2], ref)]
        self.said[did] = ref
        return [Said(_spelt(did), ref)]

    def _in_album(self, number: int, words: str) -> SentPhoto:
        return self._named(words, photo(words, str(number * 1000 + ord(words[0])), f"album{number}"))

    def _named(self, words: str, sent: SentPhoto) -> SentPhoto:
        self.names[sent.photo] = words.split()[0]
        return sent

    def _sent_kind(self, kind: str, words: str, ref: str) -> Inbound:
        if kind in KINDS:
            return SentOther(KINDS[kind], ref)
        match kind:
            case "รูป":
                return self._named(words, photo(words, ref))
            case "ไฟล์เสีย":
                return RefusedPhoto(NOT_A_PHOTO, ref)
            case "รายชื่อ":
                return SentContact(words, ref)
            case "ตำแหน่ง":
                latitude, longitude, source, *rest = words.split()
                off = float(rest[1]) if rest else None
                return SentPlace(float(latitude), float(longitude), off, SOURCES[source], ref=ref)
            case _:
                raise AssertionError(f"nobody knows what ({kind} …) is")

    def _press(self, label: str) -> Pressed:
        for reply in reversed(self.shown):
            for button in (button for row in reply.buttons for button in row):
                if self._plain(button.label) == label:
                    return Pressed(button.move, button.arg, reply.serial)
        raise AssertionError(f"there is no button [{label}]")

    # --- what the service says

    def _written(self, out: tuple[Reply | Toast, ...]) -> Iterator[str]:
        for one in out:
            lines = self._reply(one) if isinstance(one, Reply) else [f"(แจ้งสั้น ๆ) {self._plain(one.line)}"]
            yield from (("< " if n == 0 else "  ") + line for n, line in enumerate(lines))

    def _reply(self, reply: Reply) -> list[str]:
        self.shown.append(reply)
        lines = [part for line in reply.lines for part in self._plain(line).split("\n")]
        if reply.slot and reply.slot in self.slots:
            lines.insert(0, "(แทนข้อความเดิม)")
        if reply.slot:
            self.slots.add(reply.slot)
        if reply.photos:
            names = " ".join(self._photo_name(one.photo, one.crop) for one in reply.photos)
            lines.append(f"(รูป {len(reply.photos)} รูป: {names})")
        lines += [" ".join(f"[{self._plain(one.label)}]" for one in row) for row in reply.buttons]
        if reply.place_button is not None:
            lines.append("(ปุ่มส่งตำแหน่งขึ้น)" if reply.place_button else "(เก็บปุ่มส่งตำแหน่ง)")
        return lines

    def _photo_name(self, named: str, crop: str) -> str:
        return self.names[named] + {"start": " ต้น", "centre": "", "end": " ท้าย"}[crop]

    def _sent(self) -> Iterator[str]:
        answers = self.conversation.answers
        for one in self.flow.fields:
            if one.key in answers:
                yield f"   {one.key}: {one.shown(answers[one.key], self.language)}".replace("\n", "⏎")

    def _plain(self, line: Line) -> str:
        facts = {
            name: html.escape(said(fact, self.language), quote=False) for name, fact in line.facts.items()
        }
        return html.unescape(re.sub(r"</?[bi]>", "", line.say.to(self.language, facts)))


def _spelt(text: str) -> str:
    repeated = re.fullmatch(r"(.)×(\d+)", text)
    return repeated[1] * int(repeated[2]) if repeated else text.replace("⏎", "\n")


def played(script: str) -> str:
    """The whole conversation, from the officer's lines, the headings and the two lines at the top."""
    head = dict(re.findall(r"^(form|language): (\w+)$", script, re.MULTILINE))
    flow = CATALOGUE[head["form"]]
    player = Player(flow, "en" if head.get("language") == "en" else "th", engine.begin(flow))
    lines = [f"{name}: {value}" for name, value in head.items()] + ["", *player.begin()]
    for line in script.split("\n"):
        if line.startswith("# "):
            lines += ["", line]
        elif line.startswith("> "):
            lines += ["", line, *player.play(line[2:])]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def record(file: Path) -> None:
    """Plays the officer's lines again and writes down what is said now: read it before keeping it."""
    file.write_text(played(file.read_text(encoding="utf-8")), encoding="utf-8")
