"""An album that comes photo by photo: each kept at once, one word for all, whatever comes in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot import album, notices
from bot.chat_service import Arrived
from bot.conversation import Answer
from flows.core.chat import Button, Out, RefusedPhoto, Reply, SentPhoto
from flows.core.photos import kept_of
from storage import conversations, officers, outbox
from storage.db import Store
from storage.photo_problems import NOT_AN_IMAGE
from tests.bot.talk import Talk, buttons_of, fresh_ids, text_of

SECOND = timedelta(seconds=1)


@dataclass
class Posting:
    """Photos posted one by one, and what the outbox says afterwards."""

    talk: Talk

    def photo(self, n: int, group: str = "g", *, update_id: int = 0, **about: object) -> str:
        """What is said to it at once; 0 is a file that is no picture."""
        sent: SentPhoto | RefusedPhoto = RefusedPhoto(NOT_AN_IMAGE, "900", group)
        if n:
            facts = {"likeness": f"{n * 0x1111_0000_1111_0000 % 2**64:016x}", **about}
            sent = SentPhoto(str(n) * 64, 1280, 960, ref=str(100 + n), group=group, **facts)  # type: ignore[arg-type]
        arrived = Arrived(update_id or next(fresh_ids), self.talk.chat_id, True, "สมศรี", "th", sent)
        answer = self.talk.store.run_now(album.handle_posted, [arrived], self.talk.now, "bot")
        self.talk.now += SECOND / 2
        return self.text(answer.out)

    def hold(self, n: int) -> None:
        sent = SentPhoto(str(n) * 64, 1, 1, ref=str(n), group="g")
        self.talk.store.run_now(
            album.hold, Arrived(1, self.talk.chat_id, True, "", "th", sent), self.talk.now
        )

    def later(self, after: timedelta = SECOND * 2) -> list[str]:
        """Everything that the outbox says by then, and how many buttons are below it."""
        self.talk.now += after
        said = []
        while claimed := self.talk.store.run_now(outbox.claim, 20, self.talk.now):  # of a chat one at a time
            for waiting in claimed:
                answer = self.talk.store.read_now(notices.said, waiting, self.talk.now)
                if answer is None:
                    self.talk.store.run_now(notices.not_said, waiting, self.talk.now)
                    continue
                assert isinstance(answer, Answer)
                self.talk.store.run_now(notices.note_said, waiting, answer, self.talk.now)
                self.note(answer)
                said.append(self.text(answer.out))
        return said

    def note(self, answer: Answer) -> None:
        self.talk.shown += [one for one in answer.out if isinstance(one, Reply)]

    def text(self, out: Sequence[Out]) -> str:
        return "\n".join(text_of(one, "th") for one in out)

    @property
    def refs(self) -> list[str]:
        [draft] = self.talk.store.read_now(conversations.drafts_of, self.talk.officer.id)
        c = draft.conversation
        return [one.ref for one in kept_of(c.partials.get("photos") or c.answers.get("photos"))]

    @property
    def buttons(self) -> list[Button]:
        return buttons_of(self.talk.shown[-1])


@pytest.fixture
def posting(store: Store) -> Posting:
    """An officer at the photos of a landmark."""
    talk = Talk(store).joined()
    talk.say("/add").press("เพิ่มสถานที่สำคัญ").say("วัดพระธาตุ").press("2. ").press("ข้าม")
    return Posting(talk)


def test_five_photos_are_one_word_with_its_buttons(posting: Posting) -> None:
    assert [posting.photo(n) for n in range(1, 6)] == [""] * 5
    [said] = posting.later()
    assert "ครบ 5 รูป" in said
    assert {"done", "photos", "back"} <= {one.move for one in posting.buttons}
    assert posting.refs == ["101", "102", "103", "104", "105"]
    assert "ขั้นที่ 5" in posting.talk.press("เสร็จแล้ว").text


@pytest.mark.parametrize("order", [(1, 3, 2), (3, 2, 1), (2, 1, 3)])
def test_photos_are_in_the_order_they_were_sent_in_whatever_order_they_come_in(
    posting: Posting, order: Sequence[int]
) -> None:
    for n in order:
        posting.photo(n)
    assert posting.refs == ["101", "102", "103"]


def test_what_was_wrong_is_said_once_with_the_rest(posting: Posting) -> None:
    for n in (1, 0, 0, 2):
        posting.photo(n)
    [said] = posting.later()
    assert said.count("⚠️") == 1
    assert "2 รูป" in said


def test_nothing_but_wrong_files_is_said_with_the_question(posting: Posting) -> None:
    posting.photo(0)
    [said] = posting.later()
    assert said.startswith("⚠️")
    assert {"back", "park"} <= {one.move for one in posting.buttons}
    posting.photo(1)
    assert "1 รูป" in posting.later()[0]


def test_more_than_fit_is_said_once(posting: Posting) -> None:
    for n in range(1, 9):
        posting.photo(n)
    [said] = posting.later()
    assert said.count("ไม่เกิน 5 รูป") == 1
    assert len(posting.refs) == 5


def test_doubts_are_told_with_the_numbers_of_the_end(posting: Posting) -> None:
    posting.photo(3, warnings=("dark",))
    posting.photo(1)
    posting.photo(2)
    [said] = posting.later()
    assert "รูปที่ 3 ค่อนข้างมืด" in said
    assert said.count("ค่อนข้างมืด") == 1


def test_two_alike_are_told_once(posting: Posting) -> None:
    posting.photo(1, likeness="f" * 16)
    posting.photo(2, likeness="f" * 16)
    [said] = posting.later()
    assert "รูปที่ 2 คล้ายรูปที่ 1" in said
    assert "รูปที่ 1 คล้าย" not in said


def test_a_photo_that_comes_when_the_word_is_said_gets_one_of_its_own(posting: Posting) -> None:
    posting.photo(1)
    assert "1 รูป" in posting.later()[0]
    posting.photo(2)
    [said] = posting.later()
    assert "2 รูป" in said


def test_the_word_waits_while_a_photo_is_being_fetched(posting: Posting) -> None:
    posting.photo(1)
    posting.hold(2)
    assert posting.later(SECOND * 5) == []
    posting.photo(2)
    assert len(posting.later()) == 1


def test_a_photo_whose_fetching_never_ends_does_not_hold_the_word_for_ever(posting: Posting) -> None:
    posting.photo(1)
    posting.hold(2)
    assert "1 รูป" in posting.later(album.FETCHING + SECOND)[0]


def test_two_albums_are_two_words(posting: Posting) -> None:
    posting.photo(1, "a")
    posting.photo(2, "b")
    posting.photo(3, "a")
    assert len(posting.later()) == 2


def test_a_photo_alone_is_answered_at_once(posting: Posting) -> None:
    assert "1 รูป" in posting.photo(1, group="")
    assert posting.later() == []


def test_a_photo_posted_twice_is_one_photo_and_one_word(posting: Posting) -> None:
    again = next(fresh_ids)
    assert posting.photo(1, update_id=again) == ""
    assert posting.photo(1, update_id=again) == ""
    assert len(posting.later()) == 1
    assert posting.photo(1, update_id=again) == ""  # and long after
    assert posting.later() == []
    assert posting.refs == ["101"]


def test_a_photo_that_comes_again_does_not_hold_the_word(posting: Posting) -> None:
    again = next(fresh_ids)
    posting.photo(1, update_id=again)
    posting.hold(1)
    posting.photo(1, update_id=again)
    assert "1 รูป" in posting.later()[0]


def test_a_photo_known_from_polling_shows_where_the_chat_stands(posting: Posting) -> None:
    sent = SentPhoto("1" * 64, 1280, 960, ref="101", group="g")
    again = next(fresh_ids)
    posting.talk.hand_over(sent, update_ids=[again])
    assert "1 รูป" in posting.photo(1, update_id=again)


def test_done_pressed_before_the_word_leaves_a_word_without_old_buttons(posting: Posting) -> None:
    posting.photo(1)
    posting.later()
    posting.photo(2)
    posting.talk.press("เสร็จแล้ว")
    [said] = posting.later()
    assert "รวม 2 รูป" in said
    assert posting.buttons == []
    assert "ขั้นที่ 6" in posting.talk.say("054-123-456").text


def test_a_form_put_aside_before_the_word_says_what_was_kept(posting: Posting) -> None:
    posting.photo(1)
    posting.photo(0)
    posting.talk.press("พักไว้")
    [said] = posting.later()
    assert "⚠️" in said
    assert "รวม 1 รูป" in said
    assert posting.buttons == []


def test_a_form_thrown_away_before_the_word_says_only_what_was_wrong(posting: Posting) -> None:
    posting.photo(1)
    posting.photo(0)
    posting.talk.press("ยกเลิก").press("ทิ้ง")
    [said] = posting.later()
    assert said.startswith("⚠️")
    assert "รวม" not in said


def test_of_a_form_thrown_away_nothing_is_left_to_say_about_good_photos(posting: Posting) -> None:
    posting.photo(1)
    posting.talk.press("ยกเลิก").press("ทิ้ง")
    assert posting.later() == []
    assert posting.talk.store.read_now(outbox.waiting_count) == 0


def test_an_officer_who_was_removed_hears_nothing_more(posting: Posting) -> None:
    posting.photo(1)
    posting.talk.store.run_now(officers.remove, posting.talk.officer.id, posting.talk.now)
    assert posting.later() == []


def test_an_album_where_words_are_asked_for_is_refused_once_with_the_question(posting: Posting) -> None:
    posting.talk.photo("9", ref="9").press("เสร็จแล้ว")
    for n in (1, 2, 3):
        assert posting.photo(n) == ""
    [said] = posting.later()
    assert said.count("⚠️") == 1
    assert "เบอร์โทร" in said
    assert "ขั้นที่ 6" in posting.talk.say("054-123-456").text


def test_an_album_where_nothing_is_open_is_answered_at_its_first_photo(posting: Posting) -> None:
    posting.talk.press("พักไว้")
    first = next(fresh_ids)
    said = posting.photo(1, update_id=first)
    assert said
    assert [posting.photo(n) for n in (2, 3)] == ["", ""]
    assert posting.photo(1, update_id=first)  # its answer may have been lost
    assert posting.later() == []


def test_the_language_is_that_of_the_moment(posting: Posting) -> None:
    posting.photo(1)
    posting.talk.store.run_now(conversations.set_language, posting.talk.chat_id, "en")
    posting.talk.now += SECOND * 2
    [waiting] = posting.talk.store.run_now(outbox.claim, 20, posting.talk.now)
    answer = posting.talk.store.read_now(notices.said, waiting, posting.talk.now)
    assert isinstance(answer, Answer)
    assert answer.language == "en"
