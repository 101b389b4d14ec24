"""A dead letter run again is taken where it still fits; what the officer has done since is never undone by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.chat_service import Arrived, Command, Reachability
from bot.late import handle_again, place_of
from flows.core.chat import Edit, Json, Pressed, Reply, Said, SentPhoto
from flows.core.photos import kept_of
from storage import conversations, dead_letters, outbox
from storage.db import Store, Tx
from tests.bot.talk import Talk, What, fresh_ids, text_of

TAKEN, TOO_LATE = "ได้แล้วตอนนี้", "จึงไม่ได้เปลี่ยนอะไร"


@dataclass
class Late:
    """An officer, one of whose messages was set aside."""

    talk: Talk
    arrived: Arrived | None = None

    def set_aside(self, what: What, *, saved: bool = False, readable: bool = True) -> None:
        talk = self.talk
        talk.now += timedelta(seconds=10)
        self.arrived = Arrived(next(fresh_ids), talk.chat_id, True, "สมศรี", "th", what, again=True)

        def keep(tx: Tx) -> None:
            assert self.arrived
            number = self.arrived.update_id
            place = place_of(tx, talk.chat_id, number, talk.now) if readable else None
            conversations.keep_dead_letter(
                tx, number, talk.chat_id, {"update_id": number}, "KeyError: x", 4, talk.now, place, saved
            )
            if readable:
                conversations.note_handled(tx, number, talk.chat_id, talk.now)

        talk.store.run_now(keep)

    def run_again(self) -> str:
        talk = self.talk
        talk.now += timedelta(hours=5)
        assert self.arrived
        talk.store.run_now(dead_letters.run_again, talk.now, self.arrived.update_id)
        answer = talk.store.run_now(handle_again, [self.arrived], talk.now, "thongthin_bot")
        talk.shown += [one for one in answer.out if isinstance(one, Reply)]
        return "\n".join(text_of(one) for one in answer.out)

    @property
    def left(self) -> int:
        return len(self.talk.store.read_now(dead_letters.newest))

    def answers(self) -> dict[str, Json]:
        [draft] = self.talk.store.read_now(conversations.drafts_of, self.talk.officer.id)
        return {**draft.conversation.partials, **draft.conversation.answers}


@pytest.fixture
def late(store: Store) -> Late:
    talk = Talk(store).joined()
    talk.say("/add").press("เพิ่มสถานที่สำคัญ")
    return Late(talk)


def test_an_answer_whose_question_still_stands_is_taken_once(late: Late) -> None:
    late.set_aside(Said("วัดพระธาตุ", "9"))
    heard = late.run_again()
    assert TAKEN in heard
    assert "«วัดพระธาตุ»" in heard
    assert "ขั้นที่ 2" in heard
    assert late.answers() == {"name": "วัดพระธาตุ"}
    assert late.left == 0
    assert late.run_again() == ""  # as when another process was first
    assert late.talk.store.read_now(conversations.already_handled, [late.arrived.update_id])  # type: ignore[union-attr]
    late.talk.press("2. ")
    assert late.answers()["name"] == "วัดพระธาตุ"


def test_an_answer_is_taken_where_only_a_menu_was_looked_at_since(late: Late) -> None:
    late.set_aside(Said("วัดพระธาตุ"))
    late.talk.say("/help")
    assert TAKEN in late.run_again()
    assert late.answers() == {"name": "วัดพระธาตุ"}


def test_a_newer_answer_to_the_same_question_stays_and_the_officer_is_told(late: Late) -> None:
    late.set_aside(Said("วัดเก่า"))
    late.talk.say("วัดใหม่")
    heard = late.run_again()
    assert TOO_LATE in heard
    assert "«วัดเก่า»" in heard
    assert "ขั้นที่ 2" in heard  # where it stands
    assert late.answers() == {"name": "วัดใหม่"}
    assert late.left == 0
    late.talk.press("2. ")
    assert "ขั้นที่ 3" in late.talk.text


def test_a_newer_answer_stays_even_while_its_question_is_asked_once_more(late: Late) -> None:
    late.set_aside(Said("วัดเก่า"))
    late.talk.say("วัดใหม่").press("ย้อนกลับ")
    assert TOO_LATE in late.run_again()
    assert late.answers()["name"] == "วัดใหม่"


def test_a_question_that_was_skipped_since_is_answered(late: Late) -> None:
    late.talk.say("วัดพระธาตุ").press("2. ")
    late.set_aside(Said("เจดีย์เก่าแก่"))
    late.talk.press("ข้าม")
    heard = late.run_again()
    assert TAKEN in heard
    assert late.answers()["description"] == "เจดีย์เก่าแก่"
    late.talk.photo()
    assert kept_of(late.answers()["photos"])


def test_a_press_while_it_failed_does_not_make_it_answer_another_question(late: Late) -> None:
    talk = late.talk
    talk.say("วัดพระธาตุ").press("2. ")
    number = next(fresh_ids)
    talk.press("ข้าม")  # a later update that was quicker
    late.arrived = Arrived(number, talk.chat_id, True, "สมศรี", "th", Said("เจดีย์เก่าแก่"), again=True)
    place = talk.store.read_now(place_of, talk.chat_id, number, talk.now)
    assert place is not None
    assert place["question"] == "description"


def test_a_photo_is_added_to_those_that_have_come_since(late: Late) -> None:
    late.talk.say("วัดพระธาตุ").press("2. ").press("ข้าม")
    late.set_aside(SentPhoto("b" * 64, 1280, 960, ref="8"))
    late.talk.photo("a", "9").press("เสร็จแล้ว")
    assert TAKEN in late.run_again()
    assert [one.photo[0] for one in kept_of(late.answers()["photos"])] in (["a", "b"], ["b", "a"])


@pytest.mark.parametrize("what", [Command("cancel"), Edit("1", "อื่น"), Pressed("cancel", draft=1)])
def test_a_command_an_edit_or_a_press_is_not_carried_out_after_something_else(late: Late, what: What) -> None:
    late.set_aside(what)
    late.talk.say("วัดใหม่", "1")
    assert TOO_LATE in late.run_again()
    assert late.answers() == {"name": "วัดใหม่"}


def test_a_command_is_carried_out_where_nothing_has_happened_since(late: Late) -> None:
    late.set_aside(Command("menu"))
    heard = late.run_again()
    assert TAKEN in heard
    assert "ต้องการทำอะไร" in heard


def test_an_answer_to_a_form_that_was_sent_since_changes_nothing(late: Late) -> None:
    late.set_aside(Said("วัดเก่า"))
    late.talk.say("วัดพระธาตุ").press("2. ").press("ข้าม").photo().press("เสร็จแล้ว")
    late.talk.say("054-123-456").press("ข้าม").press("ส่งให้ตรวจ")
    assert "L-2560-000001" in late.talk.text
    assert TOO_LATE in late.run_again()
    [label] = [one for one in late.talk.say("/mine").labels if "2560" in one]
    assert "วัดพระธาตุ" in label


def test_what_was_saved_is_not_entered_twice(late: Late) -> None:
    late.talk.say("วัดพระธาตุ")
    late.set_aside(Said("วัดพระธาตุ"), saved=True)
    assert "ขั้นที่ 2" in late.run_again()
    assert late.answers() == {"name": "วัดพระธาตุ"}
    assert late.left == 0


def test_what_could_not_be_read_is_taken_where_nothing_has_happened_since(late: Late) -> None:
    late.set_aside(Said("วัดพระธาตุ"), readable=False)
    assert TAKEN in late.run_again()
    assert late.answers() == {"name": "วัดพระธาตุ"}
    late.set_aside(Said("อื่น"), readable=False)
    late.talk.press("2. ")
    assert TOO_LATE in late.run_again()


def test_an_old_block_does_not_make_somebody_unreachable_who_has_written_since(late: Late) -> None:
    late.set_aside(Reachability(False))
    late.talk.say("วัดพระธาตุ")
    assert late.run_again() == ""
    chat = late.talk.store.read_now(conversations.chat_of, late.talk.chat_id)
    assert chat is not None
    assert chat.unreachable_at is None
    assert late.left == 0


def test_a_reply_that_is_lost_leaves_a_notice(late: Late) -> None:
    late.set_aside(Said("วัดพระธาตุ"))
    late.run_again()
    [notice] = late.talk.store.run_now(outbox.claim, 9, late.talk.now + timedelta(minutes=2))
    assert notice.kind == "resume"


def test_an_error_keeps_the_letter_and_what_was_noted(late: Late, monkeypatch: pytest.MonkeyPatch) -> None:
    late.set_aside(Said("วัดพระธาตุ"))

    def broken(*_: object) -> None:
        raise ValueError

    with monkeypatch.context() as patch:
        patch.setattr("bot.late.handle", broken)
        with pytest.raises(ValueError):
            late.run_again()
    assert late.left == 1
    assert late.arrived
    assert late.talk.store.read_now(conversations.already_handled, [late.arrived.update_id])
    assert TAKEN in late.run_again()
    assert late.left == 0
