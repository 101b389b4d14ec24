"""What notices say: the verdict with the reviewer's words, made of what is true when it is sent."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot import notices
from bot.conversation import Answer
from flows.core.chat import Reply
from flows.core.review import Verdict
from storage import officers, outbox
from storage.db import Store
from storage.outbox import Waiting
from tests.bot.talk import KOKHA, Talk, buttons_of, text_of
from tests.bot.test_entries import judge


@pytest.fixture
def talk(store: Store) -> Talk:
    return Talk(store).joined()


def waiting(talk: Talk) -> Waiting:
    return talk.store.run_now(outbox.claim, 20, talk.now)[0]


def notice(
    talk: Talk, verdict: Verdict, note: str = "", flags: Mapping[str, str] | None = None
) -> tuple[str, list[str]]:
    """What the officer is told of a verdict on a new entry, and the buttons below."""
    judge(talk, talk.sent(), verdict, note, flags)
    answer = talk.store.read_now(notices.said, waiting(talk), talk.now)
    assert isinstance(answer, Answer)
    return told(answer)


def told(answer: Answer) -> tuple[str, list[str]]:
    [reply] = answer.out
    assert isinstance(reply, Reply)
    return text_of(reply, answer.language), [one.label.to(answer.language) for one in buttons_of(reply)]


def test_an_approval_names_the_entry(talk: Talk) -> None:
    text, _ = notice(talk, "approve")
    assert "L-2560-000001" in text
    assert "ผ่านการตรวจแล้ว" in text
    assert "วัดพระธาตุลำปางหลวง" in text


def test_an_approval_may_carry_words(talk: Talk) -> None:
    assert "ขอบคุณมาก" in notice(talk, "approve", "ขอบคุณมาก")[0]


def test_a_rejection_says_why(talk: Talk) -> None:
    text, _ = notice(talk, "reject", "ซ้ำกับรายการที่มีอยู่แล้ว: ดู {L-2560-000009} <b>")
    assert "ไม่ผ่าน" in text
    assert "ซ้ำกับรายการที่มีอยู่แล้ว: ดู {L-2560-000009} <b>" in text


def test_asked_changes_have_a_button_for_each_flagged_field(talk: Talk) -> None:
    flags = {"phone": "ไม่มีคนรับสาย", "photos": "มืดไป"}
    text, labels = notice(talk, "changes", "เกือบครบแล้ว", flags)
    for words in ("L-2560-000001", "2 ข้อ", "ไม่มีคนรับสาย", "มืดไป", "เกือบครบแล้ว", "เบอร์โทร", "รูปสถานที่สำคัญ"):
        assert words in text
    assert sorted(label for label in labels if "แก้" in label) == ["✏️ แก้ รูปสถานที่สำคัญ", "✏️ แก้ เบอร์โทร"]


def test_common_reasons_come_in_the_officers_language(store: Store) -> None:
    talk = Talk(store, language="en").joined()
    text, labels = notice(talk, "changes", "", {"phone": "เบอร์โทรไม่ถูกต้องหรือติดต่อไม่ได้: ลองแล้ว"})
    assert "The number is wrong or cannot be reached: ลองแล้ว" in text
    assert labels == ["✏️ Fix: Phone"]


def test_what_was_fixed_meanwhile_has_no_button_any_more(talk: Talk) -> None:
    entry = talk.sent()
    judge(talk, entry, "changes", "", {"phone": "ไม่มีคนรับสาย"})
    talk.say("/mine").press(entry.number).press("แก้ เบอร์โทร").say("054-999-888")
    answer = talk.store.read_now(notices.said, waiting(talk), talk.now)
    assert isinstance(answer, Answer)
    text, labels = told(answer)
    assert "ไม่มีคนรับสาย" in text
    assert labels == []


def test_who_is_at_another_lao_now_is_told_nothing(talk: Talk) -> None:
    judge(talk, talk.sent(), "approve")
    talk.store.run_now(officers.remove, talk.officer.id, talk.now)
    assert talk.store.read_now(notices.said, waiting(talk), talk.now) is None
    talk.joined(KOKHA)
    talk.now += outbox.CLAIM * 2
    assert talk.store.read_now(notices.said, waiting(talk), talk.now) is None


def test_an_unknown_kind_of_notice_is_a_loud_mistake(talk: Talk) -> None:
    talk.store.run_now(outbox.put, "k", talk.chat_id, "weather", {}, talk.now)
    message = waiting(talk)
    with pytest.raises(ValueError, match="weather"):
        talk.store.read_now(notices.said, message, talk.now)
