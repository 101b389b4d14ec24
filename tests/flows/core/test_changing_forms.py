"""Forms that change: by an answer that brings a question or takes it away, and by a new version."""

from __future__ import annotations

from flows.core import engine
from flows.core.chat import (
    Pressed,
    Said,
    Toast,
)
from flows.core.conversation import Conversation
from flows.core.engine import begin, fitted
from flows.core.fields import Choice, Field, Is, Paragraph, Text
from flows.core.flow import Flow
from flows.core.photos import Photos
from flows.core.text import T
from tests.flows.core.answering import (
    photo,
    play,
    press,
    texts,
)

A_T = T("ข้อความ", "Text")


def form(*fields: Field, version: int = 1) -> Flow:
    return Flow("trial", T("ทดลอง", "Trial"), "X", "🧪", f"{{{fields[0].key}}}", fields, version=version)


# --- conditions

SPA = form(
    Choice("category", A_T, (("spa", T("สปา", "Spa")), ("park", T("สวน", "Park")))),
    Text("licence", T("เลขใบอนุญาต", "Licence"), only_if=Is("category", "spa")),
    Text("name", T("ชื่อ", "Name")),
)


def test_question_with_a_condition_is_asked_only_where_it_holds() -> None:
    assert play(SPA, begin(SPA), Said("สปา")).conversation.at == "licence"
    assert play(SPA, begin(SPA), Said("สวน")).conversation.at == "name"
    assert "ขั้นที่ 2 จาก 2" in texts(play(SPA, begin(SPA), Said("สวน")).out)


def test_changed_condition_asks_what_it_brings_and_hides_what_it_takes_away() -> None:
    c = play(SPA, begin(SPA), Said("สวน"), Said("สวนสาธารณะ")).conversation
    c = play(SPA, c, press(c, "change", "category"), Said("สปา")).conversation
    turn = play(SPA, c, press(c, "send"))
    assert turn.effect == "none"
    assert turn.conversation.at == "licence"
    c = play(SPA, turn.conversation, Said("12345")).conversation
    c = play(SPA, c, press(c, "change", "category"), Said("สวน")).conversation
    assert "12345" not in texts(engine.question(SPA, c))
    assert play(SPA, c, press(c, "send")).effect == "submit"


# --- versions

OLD = form(
    Text("name", A_T), Text("house", A_T, optional=True), Choice("kind", A_T, (("a", A_T), ("b", A_T)))
)
NEW = form(
    Text("name", T("ชื่อ", "Name")),
    Choice("kind", T("ประเภท", "Kind"), (("b", A_T), ("c", A_T))),
    Text("owner", T("เจ้าของ", "Owner")),
    version=2,
)


def old_draft(kind: str) -> Conversation:
    return play(OLD, begin(OLD), Said("วัด"), Said("เลขที่ 1"), Pressed("pick", kind, 3)).conversation


def test_draft_of_the_same_version_is_left_alone() -> None:
    c = old_draft("a")
    assert fitted(OLD, c) == (c, ())


def test_draft_of_an_earlier_version_keeps_what_still_reads_and_names_what_does_not() -> None:
    c, out = fitted(NEW, old_draft("a"))
    assert c.answers == {"name": "วัด"}
    assert (c.version, c.at) == (2, "kind")
    assert "ยกเว้น ประเภท" in texts(out)
    c = play(NEW, c, Said("2"), Said("สมชาย")).conversation
    assert play(NEW, c, press(c, "send")).effect == "submit"


def test_draft_of_an_earlier_version_whose_answers_all_read_loses_none() -> None:
    c, out = fitted(NEW, old_draft("b"))
    assert c.answers == {"name": "วัด", "kind": "b"}
    assert c.at == "owner"
    assert "ตัดบางข้อออก คำตอบข้ออื่นยังอยู่ครบ" in texts(out)


def test_buttons_of_the_earlier_version_are_expired() -> None:
    before = old_draft("a")
    c, _ = fitted(NEW, before)
    assert isinstance(play(NEW, c, press(before, "pick", "b")).out[0], Toast)


def test_draft_of_a_form_that_only_grew_keeps_every_answer() -> None:
    grown = form(*OLD.fields, Text("owner", T("เจ้าของ", "Owner")), version=2)
    c, out = fitted(grown, old_draft("a"))
    assert c.answers == old_draft("a").answers
    assert c.at == "owner"
    assert "คำตอบเดิมยังอยู่ครบ" in texts(out)


def test_half_collected_answer_whose_question_became_another_kind_is_asked_anew() -> None:
    before = form(Text("name", A_T), Photos("proof", A_T))
    after = form(Text("name", A_T), Paragraph("proof", A_T), version=2)
    c, _ = fitted(after, play(before, begin(before), Said("วัด"), photo("a", "5")).conversation)
    assert c.at == "proof"
    c = play(after, c, Said("ใบอนุญาต", "6")).conversation
    assert play(after, c, press(c, "done")).conversation.answers["proof"] == "ใบอนุญาต"
