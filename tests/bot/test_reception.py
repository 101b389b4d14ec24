"""Reception: photos fetched and kept first, one transaction, the reply, and what happens where one of them fails."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.chat_service import Arrived, FileSent, FileTooLarge, TryAgain, Unreachable
from bot.reception import MOST_FILE, Reception
from flows.core.chat import Json, Said
from flows.core.photos import kept_of
from storage import conversations, outbox
from storage.db import StorageUnavailable, Store
from storage.media import FolderMedia
from storage.photos import Photos
from storage.tables import dead_letter
from tests.bot.fake_chat import FakeChat
from tests.bot.talk import Talk, What
from tests.storage.pictures import HEIC, saved, scene

_ids = count(500_001)


@dataclass
class Office:
    talk: Talk
    chat: FakeChat
    reception: Reception

    def arrived(self, what: What, press_id: str = "") -> Arrived:
        return Arrived(
            next(_ids), self.talk.chat_id, True, "สมศรี", "th", what, press_id, raw={"update_id": 1}
        )

    async def receives(self, *whats: What) -> str:
        """What the officer hears after updates that belong together."""
        before = len(self.chat.said)
        await self.reception.receive([self.arrived(what) for what in whats])
        return "\n".join(text for _, text in self.chat.said[before:])

    def answers(self) -> dict[str, Json]:
        [draft] = self.talk.store.read_now(conversations.drafts_of, self.talk.officer.id)
        return {**draft.conversation.partials, **draft.conversation.answers}


@pytest.fixture
async def office(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    """An officer at the photos of a landmark; waiting costs no time."""

    async def no_time(seconds: float) -> None:
        pass

    monkeypatch.setattr("bot.reception.asyncio.sleep", no_time)
    talk, chat = Talk(store).joined(), FakeChat()
    talk.say("/add").press("เพิ่มสถานที่สำคัญ").say("วัดพระธาตุ").press("2. ").press("ข้าม")
    photos = Photos(FolderMedia(tmp_path / "media"))
    yield Office(talk, chat, Reception(store, photos, chat, "thongthin_bot", lambda: talk.now))
    photos.close()


async def test_a_photo_is_kept_before_it_is_an_answer(office: Office, tmp_path: Path) -> None:
    office.chat.files = {"f": saved(scene(1, 800, 600))}
    assert "1 รูป" in await office.receives(FileSent("f", 1000, ref="7"))
    [photo] = kept_of(office.answers()["photos"])
    assert photo.width == 800
    assert list((tmp_path / "media").rglob("web.jpg"))


async def test_an_album_is_answered_once(office: Office) -> None:
    office.chat.files = {f"f{n}": saved(scene(n, 800, 600)) for n in range(3)}
    heard = await office.receives(*[FileSent(f"f{n}", 1000, ref=str(n), group="g") for n in range(3)])
    assert len(office.chat.said) == 1
    assert "3 รูป" in heard


async def test_one_bad_file_of_an_album_does_not_take_the_others_along(office: Office) -> None:
    office.chat.files = {"good": saved(scene(1, 800, 600)), "bad": b"%PDF-1.4"}
    heard = await office.receives(
        FileSent("good", 9, ref="1", group="g"), FileSent("bad", 9, ref="2", group="g")
    )
    assert "⚠️" in heard
    assert "1 รูป" in heard
    assert len(office.chat.said) == 1


@pytest.mark.parametrize("announced", [MOST_FILE + 1, None])
async def test_a_file_too_large_is_told_how_to_be_sent(office: Office, announced: int | None) -> None:
    office.chat.files = {"f": FileTooLarge("f"), "g": saved(scene(1, 800, 600))}
    assert 'ส่งเป็น "รูปภาพ"' in await office.receives(FileSent("f", announced, "big.png", "7"))
    assert office.chat.fetched == ([] if announced else ["f"])
    assert "1 รูป" in await office.receives(FileSent("g", 1000, ref="8"))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"%PDF-1.4 hello", "PDF"),
        (b"not a picture", "ไม่ใช่รูปภาพ"),
        (saved(scene(1, 800, 600))[:4000], "เสียหาย"),
        (saved(scene(1, 40, 30)), "เล็ก"),
    ],
)
async def test_what_is_no_usable_picture_is_told_so(office: Office, data: bytes, says: str) -> None:
    office.chat.files = {"f": data, "g": saved(scene(2, 800, 600))}
    assert says in await office.receives(FileSent("f", len(data), ref="7"))
    assert "1 รูป" in await office.receives(FileSent("g", 1000, ref="8"))


async def test_a_photo_of_an_iphone_is_taken(office: Office) -> None:
    office.chat.files = {"f": HEIC}
    assert "1 รูป" in await office.receives(FileSent("f", 1000, "IMG_1.HEIC", "7"))


async def test_files_from_strangers_are_not_even_fetched(office: Office) -> None:
    office.talk = Talk(office.talk.store, chat_id=7_000_000_009)
    await office.receives(FileSent("f", 1000))
    assert office.chat.fetched == []


# --- Telegram fails


async def test_a_file_that_cannot_be_fetched_now_leaves_everything_as_it_was(office: Office) -> None:
    office.chat.files = {"f": TryAgain("502")}
    update = office.arrived(FileSent("f", 1000, ref="7"))
    with pytest.raises(TryAgain):
        await office.reception.receive([update])
    office.chat.files = {"f": saved(scene(1, 800, 600))}
    await office.reception.receive([update])
    assert "1 รูป" in office.chat.heard(office.talk.chat_id)[-1]


async def test_a_reply_is_tried_again_from_the_step_it_came_to(office: Office) -> None:
    office.chat.files = {"f": saved(scene(1, 800, 600))}
    office.chat.troubles = [TryAgain("429", 3, said=0), TryAgain("502", None, said=1)]
    await office.receives(FileSent("f", 1000, ref="7"))
    assert office.chat.begun_at == [0, 0, 1]
    assert len(office.chat.said) == 1


async def test_a_reply_that_cannot_be_said_for_long_is_left_to_the_outbox(office: Office) -> None:
    office.chat.troubles = [TryAgain("502")] * 99
    await office.receives(Said("สวัสดี"))
    assert office.chat.said == []
    [message] = office.talk.store.run_now(outbox.claim, 9, office.talk.now)
    assert (message.kind, message.chat_id) == ("resume", office.talk.chat_id)


async def test_a_reply_to_somebody_who_blocked_the_bot_is_not_tried_again(office: Office) -> None:
    office.chat.troubles = [Unreachable("blocked")]
    await office.receives(Said("สวัสดี"))
    assert office.chat.begun_at == [0]
    chat = office.talk.store.read_now(conversations.chat_of, office.talk.chat_id)
    assert chat is not None
    assert chat.unreachable_at is not None


# --- our own mistakes


async def test_what_cannot_be_handled_is_kept_and_the_officer_told(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    update = office.arrived(Said("ความลับ"))
    with caplog.at_level(logging.DEBUG):
        await office.reception.give_up([update], KeyError("ความลับ"), 4)
    assert "ไม่ได้บันทึก" in office.chat.heard(office.talk.chat_id)[0]
    row = office.talk.store.read_now(lambda tx: tx.execute(sa.select(dead_letter)).one())
    assert (row.update_id, row.attempts, row.raw) == (update.update_id, 4, {"update_id": 1})
    assert office.talk.store.read_now(conversations.already_handled, [update.update_id])
    office.chat.files = {"f": saved(scene(1, 800, 600))}
    assert "1 รูป" in await office.receives(FileSent("f", 1000, ref="8"))


async def test_that_it_was_not_saved_is_said_when_it_comes_again_after_a_crash(office: Office) -> None:
    update = office.arrived(Said("ความลับ"))
    office.chat.troubles = [TryAgain("the process died here")]
    await office.reception.give_up([update], KeyError("ความลับ"), 4)
    await office.reception.receive([update])
    said, asked = office.chat.heard(office.talk.chat_id)
    assert "ไม่ได้บันทึก" in said
    assert "รูปสถานที่สำคัญ" in asked
    office.chat.files = {"f": saved(scene(1, 800, 600))}
    assert "1 รูป" in await office.receives(FileSent("f", 1000, ref="8"))


async def test_it_is_kept_even_where_the_mistake_is_in_the_draft_itself(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("ความลับ")

    with monkeypatch.context() as patch:
        patch.setattr("bot.late.place_of", broken)
        await office.reception.give_up([office.arrived(Said("ความลับ"))], KeyError("ความลับ"), 4)
    row = office.talk.store.read_now(lambda tx: tx.execute(sa.select(dead_letter)).one())
    assert row.place is None
    await office.reception.give_up([office.arrived(Said("ความลับ"))], KeyError("ความลับ"), 4)
    rows = office.talk.store.read_now(
        lambda tx: tx.execute(sa.select(dead_letter).order_by(dead_letter.c.update_id)).all()
    )
    assert rows[1].place["question"] == "photos"


async def test_an_answer_that_was_saved_is_not_said_to_be_lost(office: Office) -> None:
    update = office.arrived(FileSent("f", 1000, ref="7"))
    office.chat.files = {"f": saved(scene(1, 800, 600))}
    await office.reception.receive([update])
    await office.reception.give_up([update], ValueError("reply"), 4)
    assert "บันทึกไว้แล้ว" in office.chat.heard(office.talk.chat_id)[-1]
    assert (
        office.talk.store.read_now(lambda tx: tx.execute(sa.select(dead_letter)).one()).error
        == "ValueError: reply"
    )


async def test_an_apology_that_cannot_be_said_troubles_nobody(office: Office) -> None:
    office.chat.troubles = [TryAgain("down")]
    await office.reception.apologise(office.talk.chat_id)
    office.chat.troubles = [Unreachable("blocked")]
    await office.reception.apologise(office.talk.chat_id)
    assert office.chat.said == []
    await office.reception.apologise(office.talk.chat_id)
    assert "ไม่ต้องส่งซ้ำ" in office.chat.heard(office.talk.chat_id)[0]


async def test_an_apology_needs_no_database(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise StorageUnavailable("locked")

    monkeypatch.setattr(office.talk.store, "read", away)
    await office.reception.apologise(office.talk.chat_id)
    assert "ไม่ต้องส่งซ้ำ" in office.chat.heard(office.talk.chat_id)[0]


async def test_an_unreadable_update_is_kept_aside_once(office: Office) -> None:
    for _ in range(2):
        await office.reception.keep_unreadable(77, {"update_id": 77, "message": 5}, TypeError("no message"))
    row = office.talk.store.read_now(lambda tx: tx.execute(sa.select(dead_letter)).one())
    assert (row.update_id, row.chat_id, row.raw["message"]) == (77, None, 5)
