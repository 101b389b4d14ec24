"""Where updates come in: photos fetched and kept first, then one transaction, then the replies."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic

from bot import album, late, texts
from bot.chat_service import Arrived, ChatService, FileSent, FileTooLarge, TryAgain, Unreachable
from bot.conversation import HANDLE, Answer, Came, wants_files
from bot.measurements import Measurements, Outcome
from flows.core.chat import Json, Out, RefusedPhoto, SentPhoto
from flows.core.problem import Problem
from flows.core.questions import told
from storage import conversations, dead_letters, outbox
from storage.causes import caused_by, of_update
from storage.db import StorageUnavailable, Store, Tx
from storage.photo_problems import too_large_file, warnings
from storage.photos import Photos, Prepared

MOST_FILE = 20 * 1024 * 1024  # bytes: what Telegram hands out to bots
PATIENCE = 20.0  # seconds of trying to send a reply before the outbox takes over
POSTED_PATIENCE = 8.0  # the same while Telegram waits for our answer to its posting
FIRST_PAUSE, MOST_PAUSE = 0.5, 5.0
FETCHING = timedelta(minutes=10)  # of trying before the officer is asked to send a photo again
NOT_FETCHED = Problem("photo.not_fetched", texts.PHOTO_NOT_FETCHED)
log = logging.getLogger("thongthin.reception")


class Reception:
    """`receive`, `give_up` and `apologise` are what an Inbox or a Postbox needs.

    `posted`: updates come one by one and whoever posts them waits, so that an album is acknowledged by the outbox,
    and so is a reply that takes long.
    """

    def __init__(
        self,
        store: Store,
        photos: Photos,
        service: ChatService,
        bot_name: str,
        now: Callable[[], datetime],
        *,
        posted: bool = False,
        measurements: Measurements | None = None,
    ) -> None:
        self._measured = measurements or Measurements()
        self._store = store
        self._photos = photos
        self._service = service
        self._bot_name = bot_name
        self._now = now
        self._posted = posted
        self._failing: dict[str, datetime] = {}  # files that could not be fetched, and since when

    async def receive(self, batch: Sequence[Arrived]) -> None:
        """Handles updates of one chat that belong together. Returns once they may be acknowledged."""
        again = batch[0].again
        if self._posted and album.group_of(batch[0]) and not again:
            await self._store.run(album.hold, batch[0], self._now())
        if any(isinstance(one.what, FileSent) for one in batch) and await self._store.read(
            wants_files, batch[0].chat_id
        ):
            batch = await asyncio.gather(*(self._fetched(one) for one in batch))
        answer = await self._answer(batch)
        self._measured.committed(batch)
        log.debug("committed")
        outcome = await self._answered(batch, answer)
        if again and outcome != "unreachable":
            await self._store.run(outbox.withdraw, late.key_of(batch[0]))
        self._measured.ended(batch, outcome)
        log.debug("done", extra={"outcome": outcome})

    async def _answer(self, batch: Sequence[Arrived]) -> Answer:
        now, bot_name = self._now(), self._bot_name
        if batch[0].again:
            return await self._store.run(late.handle_again, batch, now, bot_name)
        if self._posted and album.group_of(batch[0]):
            return await self._store.run(album.handle_posted, batch, now, bot_name)
        return await self._store.run_grouped(HANDLE, Came(batch, now, bot_name))

    async def _answered(self, batch: Sequence[Arrived], answer: Answer) -> Outcome:
        try:
            async with asyncio.timeout(POSTED_PATIENCE if self._posted else None):
                return await self._reply(batch, answer)
        except TimeoutError:
            await self._store.run(_say_later, batch, self._now())
            return "said_later"
        except StorageUnavailable:
            raise
        except Exception as error:
            # Our own mistake, but the answer is saved: handling it again would not show it either.
            log.error("a reply could not be said", extra={"updates": _ids(batch)}, exc_info=error)
            await self._say(batch[-1].chat_id, batch[-1], (told(texts.SAVED_NOT_SHOWN),))
            return "not_shown"

    async def _fetched(self, arrived: Arrived) -> Arrived:
        if not isinstance(arrived.what, FileSent):
            return arrived
        with caused_by(of_update(arrived.update_id)):
            return replace(arrived, what=await self._photo(arrived.what))

    async def _photo(self, sent: FileSent) -> SentPhoto | RefusedPhoto:
        if sent.size is not None and sent.size > MOST_FILE:
            return RefusedPhoto(too_large_file(sent.size), sent.ref, sent.group, sent.edited)
        try:
            prepared = await self._kept(await self._service.fetch(sent.file_id))
        except FileTooLarge:
            prepared = too_large_file(sent.size or MOST_FILE + 1)
        except TryAgain:
            # Telegram shows at most a hundred updates at a time: one file that never comes must not block them all.
            since = self._failing_since(sent.file_id)
            if self._now() - since < FETCHING:
                raise
            prepared = NOT_FETCHED
        self._failing.pop(sent.file_id, None)
        if isinstance(prepared, Problem):
            return RefusedPhoto(prepared, sent.ref, sent.group, sent.edited)
        return _sent_photo(prepared, sent)

    async def _kept(self, data: bytes) -> Prepared | Problem:
        begun = monotonic()
        prepared = await self._photos.keep(data)
        self._measured.photo_kept(monotonic() - begun)
        log.debug("a photo is kept", extra={"seconds": round(monotonic() - begun, 3)})
        return prepared

    def _failing_since(self, file_id: str) -> datetime:
        now = self._now()
        if file_id not in self._failing:
            # Another process may have had more luck with some, and then they are never asked for here again.
            self._failing = {one: at for one, at in self._failing.items() if now - at < 6 * FETCHING}
        return self._failing.setdefault(file_id, now)

    async def _reply(self, batch: Sequence[Arrived], answer: Answer) -> Outcome:
        """Says the answer; where that does not succeed for long, the outbox says later where things stand."""
        last = batch[-1]
        said, pause, waited = 0, FIRST_PAUSE, 0.0
        while True:
            try:
                if answer.out or last.press_id:
                    await self._service.send(
                        last.chat_id,
                        answer.out,
                        answer.language,
                        press_id=last.press_id,
                        pressed_ref=last.pressed_ref,
                        said=said,
                    )
                return "answered"
            except Unreachable:
                await self._store.run(conversations.set_reachable, last.chat_id, False, self._now())
                return "unreachable"
            except TryAgain as error:
                said = error.said
                log.warning(
                    "a reply is tried again", extra={"error": type(error.__cause__ or error).__name__}
                )
                pause = error.after if error.after is not None else min(pause * 2, MOST_PAUSE)
            if waited + pause > PATIENCE:
                await self._store.run(_say_later, batch, self._now())
                return "said_later"
            waited += pause
            await asyncio.sleep(pause)

    async def give_up(self, batch: Sequence[Arrived], error: Exception, attempts: int) -> None:
        """Our own mistake: the updates are kept with it, the officer is told, and the queue goes on."""
        log.error(
            "updates set aside",
            extra={
                "updates": _ids(batch),
                "error": type(error).__name__,
                "attempts": attempts,
            },
            exc_info=error,
        )
        places = [await self._place(one) for one in batch]
        saved = await self._store.run(_set_aside, batch, places, error, attempts, self._now())
        self._measured.ended(batch, "set_aside")
        if batch[0].again:
            return  # the officer has been told before, and may have done something else since
        say = texts.COULD_NOT_ANSWER if saved else texts.COULD_NOT_SAVE
        await self._say(batch[-1].chat_id, batch[-1], (told(say),))

    async def _place(self, arrived: Arrived) -> Mapping[str, Json] | None:
        """What it was an answer to; None where that cannot be told, as the mistake may be in that very place."""
        try:
            return await self._store.read(late.place_of, arrived.chat_id, arrived.update_id, self._now())
        except Exception as trouble:
            log.error("the place of an update is not known", extra={"error": type(trouble).__name__})
            return None

    async def apologise(self, chat_id: int) -> None:
        """The last answer cannot be saved at the moment; it is tried again by itself."""
        await self._say(chat_id, None, (told(texts.NOT_SAVED_YET),))

    async def keep_unreadable(self, update_id: int, raw: Json, error: Exception) -> None:
        """An update that cannot even be read is kept aside, so that it does not block the others."""
        log.error("unreadable update set aside", extra={"error": type(error).__name__})
        await self._store.run(
            conversations.keep_dead_letter, update_id, None, raw, _named(error), 1, self._now()
        )
        self._measured.passed_over("unreadable")

    async def unreadable_again(self, update_id: int, error: Exception) -> None:
        """A dead letter that still cannot be read."""
        log.error("unreadable update set aside again", extra={"error": type(error).__name__})
        await self._store.run(dead_letters.failed_again, update_id, _named(error), 1)
        self._measured.passed_over("unreadable")

    async def _say(self, chat_id: int, arrived: Arrived | None, out: tuple[Out, ...]) -> None:
        try:
            chat = await self._store.read(conversations.chat_of, chat_id)
            language = chat.language if chat else "th"
        except StorageUnavailable:
            language = "th"
        try:
            await self._service.send(chat_id, out, language, press_id=arrived.press_id if arrived else "")
        except Exception as error:  # it must not become a failure of its own
            log.warning("a word about a failure could not be said", extra={"error": type(error).__name__})


def _sent_photo(prepared: Prepared, sent: FileSent) -> SentPhoto:
    doubts = tuple(one.code for one in warnings(prepared))
    return SentPhoto(
        prepared.photo, prepared.width, prepared.height,
        (*doubts, "animated") if prepared.animated else doubts,
        f"{prepared.likeness & 0xFFFF_FFFF_FFFF_FFFF:016x}", prepared.place, sent.ref, sent.group, sent.edited,
    )  # fmt: skip


def _say_later(tx: Tx, batch: Sequence[Arrived], now: datetime) -> None:
    last = batch[-1]
    outbox.put(tx, f"resume:{last.update_id}", last.chat_id, "resume", {}, now)


def _set_aside(
    tx: Tx,
    batch: Sequence[Arrived],
    places: Sequence[Mapping[str, Json] | None],
    error: Exception,
    attempts: int,
    now: datetime,
) -> bool:
    """Whether what they said had been saved all the same, so that only the answer to them failed."""
    done = conversations.already_handled(tx, [one.update_id for one in batch])
    for one, place in zip(batch, places, strict=True):
        if one.again:
            dead_letters.failed_again(tx, one.update_id, _named(error), attempts)
            continue
        saved = one.update_id in done
        conversations.keep_dead_letter(
            tx, one.update_id, one.chat_id, one.raw, _named(error), attempts, now, place, saved
        )
        if not saved:
            conversations.note_handled(tx, one.update_id, one.chat_id, now)
    return len(done) == len(batch)


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _ids(batch: Sequence[Arrived]) -> list[int]:
    return [one.update_id for one in batch]
