"""Says replies in a chat: new messages, edits of earlier ones, answers to presses, each step once."""

from __future__ import annotations

import asyncio
import html
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeVar, assert_never

import telegram
from telegram import InputMediaPhoto
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.chat_service import TryAgain
from bot.telegram.calls import Calls
from bot.telegram.failures import is_hiccup, is_not_modified, is_too_old, is_wrong_file, told_apart
from bot.telegram.html import plain
from bot.telegram.limiting import InNoHurry, in_no_hurry
from bot.telegram.recent import Recent
from bot.telegram.replies import Album, Keyboard, Made, Message, Picture, Words, messages_of
from flows.core.chat import Drawing, Listing, Out, Reply, ShownPhoto, Toast
from flows.core.text import Language, T

R = TypeVar("R")
Step = Callable[[], Awaitable[None]]
ReadPhoto = Callable[[ShownPhoto], Awaitable[bytes]]
Make = Callable[[Drawing | Listing, Language], Awaitable[bytes | None]]  # None when its reader may not see it

MOST_TOAST = 200
LISTING_NAME = T("อปท-ที่ยังขาด", "still-lacking")
TALL = 1_600  # pixels: Telegram shrinks photos to 1,280, and a taller one could not be read; a file stays as it is
HICCUP = 0.2  # seconds
MAKING = 30.0  # seconds until what goes with a notice is made; the rest of its time is for sending it


class Sending:
    """Not `alone`, other processes say and edit messages in the same chats: what this one remembers of how a message
    looks may be wrong then, and only Telegram knows.
    """

    def __init__(
        self, bot: Calls, read_photo: ReadPhoto, make: Make | None = None, *, alone: bool = True
    ) -> None:
        self._bot = bot
        self._read_photo = read_photo
        self._make = make
        self._making = asyncio.Semaphore()  # a list of the whole country is seconds of work
        self._alone = alone
        self._slots: Recent[tuple[int, str], int] = Recent()
        self._looks: Recent[tuple[int, int], tuple[int, bool]] = (
            Recent()
        )  # each message's hash; has it buttons
        self._files: Recent[ShownPhoto, str] = Recent(2_000)  # photos that Telegram has already

    async def send(
        self,
        chat_id: int,
        out: Sequence[Out],
        language: Language,
        press_id: str,
        pressed_ref: str,
        hurry: bool,
        said: int,
    ) -> None:
        in_no_hurry.set(None if hurry else InNoHurry())  # for this task, so until its next `send`
        pressed = int(pressed_ref) if pressed_ref.isdigit() else None
        steps, bare = self._plan(chat_id, out, language, press_id, pressed)
        for number, step in enumerate(steps[said:], said):
            try:
                with told_apart():
                    await step()
            except TryAgain as error:
                raise TryAgain(str(error), error.after, number, unsure=error.unsure) from error
        for message_id in bare:
            await self._without_buttons(chat_id, message_id)

    def _plan(
        self, chat_id: int, out: Sequence[Out], language: Language, press_id: str, pressed: int | None
    ) -> tuple[list[Step], list[int]]:
        """What to do, in an order and number that only `out` decides, and which old messages lose their buttons."""
        query_id, _, of_form = press_id.partition("/")
        steps: list[Step] = []
        if query_id:
            toast = next((plain(one.line, language) for one in out if isinstance(one, Toast)), "")
            steps.append(partial(self._answer, query_id, toast))
        replaced: set[int] = set()
        left: set[int] = {pressed} if pressed is not None and of_form else set()
        for one in out:
            match one:
                case Toast():
                    if not query_id:
                        words = Words(html.escape(plain(one.line, language), quote=False))
                        steps.append(partial(self._say, chat_id, "", words, language))
                case Reply():
                    target = pressed if one.slot == "pressed" else self._slots.get((chat_id, one.slot))
                    said, edits = self._reply(chat_id, one, language, target)
                    steps += said
                    if one.slot and target is not None:
                        (replaced if edits else left).add(target)
                case _:
                    assert_never(one)
        return steps, sorted(left - replaced)

    def _reply(
        self, chat_id: int, reply: Reply, language: Language, target: int | None
    ) -> tuple[list[Step], bool]:
        """A step for each message, and whether one of them edits the target: only a single one can."""
        messages = messages_of(reply, language)
        own = [message for message in messages if _can_replace(message)]
        edits = reply.slot != "" and target is not None and len(own) == 1
        if not own:
            self._slots.drop(
                (chat_id, reply.slot)
            )  # what comes next in it must not edit something further up
        steps: list[Step] = []
        for message in messages:
            if edits and target is not None and message is own[0]:
                steps.append(partial(self._replace, chat_id, reply.slot, message, target, language))
            else:
                steps.append(partial(self._say, chat_id, reply.slot, message, language))
        return steps, edits

    async def _answer(self, query_id: str, text: str) -> None:
        try:
            await self._steadily(lambda: self._bot.answer_press(query_id, _shortened(text)))
        except BadRequest as error:
            if not is_too_old(error):
                raise

    async def _say(self, chat_id: int, slot: str, message: Message, language: Language) -> None:
        match message:
            case Words():
                sent = await self._steadily(lambda: self._bot.say(chat_id, message.text, message.keyboard))
            case Picture():
                sent = (await self._say_picture(chat_id, message)).message_id
            case Album():
                await self._say_album(chat_id, message)
                return
            case Made():
                await self._say_made(chat_id, message, language)
                return
            case _:
                assert_never(message)
        if _can_replace(message):
            self._looks.put((chat_id, sent), _look(message))
            if slot and slot != "pressed":
                self._slots.put((chat_id, slot), sent)

    async def _say_picture(self, chat_id: int, picture: Picture) -> telegram.Message:
        async def sent() -> telegram.Message:
            return await self._bot.send_photo(
                chat_id,
                await self._media(picture.photo),
                picture.caption or None,
                parse_mode=ParseMode.HTML,
                filename="photo.jpg",
                api_kwargs=_with(picture.keyboard),
            )

        message = await self._steadily(sent, (picture.photo,))
        self._keep_file(picture.photo, message)
        return message

    async def _say_album(self, chat_id: int, album: Album) -> None:
        async def sent() -> tuple[telegram.Message, ...]:
            media = [InputMediaPhoto(await self._media(one), filename="photo.jpg") for one in album.photos]
            return await self._bot.send_media_group(chat_id, media)

        for photo, message in zip(album.photos, await self._steadily(sent, album.photos), strict=False):
            self._keep_file(photo, message)

    async def _say_made(self, chat_id: int, made: Made, language: Language) -> None:
        content = await self._made(made.what, language)
        if content is None and isinstance(made.what, Listing):
            return  # its words only tell what the file has
        if content is None:
            await self._steadily(lambda: self._bot.say(chat_id, made.caption, made.keyboard))
            return
        is_photo = isinstance(made.what, Drawing) and _height(content) <= TALL
        send = self._bot.send_photo if is_photo else self._bot.send_document
        await self._steadily(
            lambda: send(
                chat_id, content, caption=made.caption or None, parse_mode=ParseMode.HTML,
                filename=_file_name(made.what, language), api_kwargs=_with(made.keyboard),
            )
        )  # fmt: skip

    async def _made(self, what: Drawing | Listing, language: Language) -> bytes | None:
        """What is in no hurry is made one by one, and later where that takes too long: nothing was said yet."""
        if self._make is None or in_no_hurry.get() is None:
            return await self._make(what, language) if self._make else None
        try:
            async with asyncio.timeout(MAKING), self._making:
                return await self._make(what, language)
        except TimeoutError as error:
            raise TryAgain("what goes with the message takes too long to make") from error

    async def _replace(self, chat_id: int, slot: str, message: Message, old: int, language: Language) -> None:
        """Edits the old message; where that cannot be, says it anew and takes the old one's buttons off."""
        if self._alone and self._looks.get((chat_id, old)) == _look(message):
            return
        try:
            await self._edit(chat_id, message, old)
        except BadRequest as error:
            if not is_not_modified(error):
                await self._say(chat_id, slot, message, language)
                if not _is_gone(error):
                    await self._without_buttons(chat_id, old)
                return
        self._looks.put((chat_id, old), _look(message))

    async def _edit(self, chat_id: int, message: Message, old: int) -> None:
        match message:
            case Words(text, keyboard):
                await self._steadily(lambda: self._bot.say_instead(chat_id, old, text, keyboard))
            case Picture(photo, caption, keyboard):

                async def edited() -> telegram.Message | bool:
                    media = InputMediaPhoto(
                        await self._media(photo), caption or None, ParseMode.HTML, filename="photo.jpg"
                    )
                    return await self._bot.edit_message_media(media, chat_id, old, api_kwargs=_with(keyboard))

                shown = await self._steadily(edited, (photo,))
                if isinstance(shown, telegram.Message):
                    self._keep_file(photo, shown)
            case Album() | Made():
                raise AssertionError("an album or a file is not edited")
            case _:
                assert_never(message)

    async def _without_buttons(self, chat_id: int, message_id: int) -> None:
        look = self._looks.get((chat_id, message_id))
        if self._alone and look and not look[1]:
            return
        with suppress(TelegramError):
            await self._bot.take_buttons(chat_id, message_id)
        self._looks.put((chat_id, message_id), (0, False))

    async def _media(self, photo: ShownPhoto) -> str | bytes:
        # A string would be opened as a file if one had that name: it is only ever an id that Telegram gave.
        return self._files.get(photo) or await self._read_photo(photo)

    def _keep_file(self, photo: ShownPhoto, message: telegram.Message) -> None:
        if message.photo:
            self._files.put(photo, message.photo[-1].file_id)

    async def _steadily(self, call: Callable[[], Awaitable[R]], photos: Sequence[ShownPhoto] = ()) -> R:
        """The call, once more when its connection broke or when Telegram has forgotten a photo.

        What is in no hurry is not: whoever sends it knows whether it may be said twice.
        """
        try:
            return await call()
        except BadRequest as error:
            if not is_wrong_file(error) or not any(self._files.get(photo) for photo in photos):
                raise
            for photo in photos:
                self._files.drop(photo)
        except TelegramError as error:
            if in_no_hurry.get() is not None or not is_hiccup(error):
                raise
            await asyncio.sleep(HICCUP)
        return await call()


def _can_replace(message: Message) -> bool:
    """Telegram edits messages without a keyboard or with one of their own, and no albums."""
    match message:
        case Words(_, keyboard) | Picture(_, _, keyboard):
            return keyboard is None or not keyboard.below
        case Album() | Made():
            return False


def _with(keyboard: Keyboard | None) -> dict[str, str] | None:
    """For the library's own calls, which pass on what is JSON already."""
    return None if keyboard is None else {"reply_markup": keyboard.json}


def _look(message: Message) -> tuple[int, bool]:
    return hash(message), not isinstance(message, Album) and message.keyboard is not None


def _height(png: bytes) -> int:
    return int.from_bytes(png[20:24], "big")


def _file_name(what: Drawing | Listing, language: Language) -> str:
    if isinstance(what, Drawing):
        return "progress.png"
    return "-".join(filter(None, (LISTING_NAME.to(language), what.province))) + ".xlsx"


def _is_gone(error: BadRequest) -> bool:
    return "not found" in error.message.lower()


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_TOAST else text[: MOST_TOAST - 1] + "…"
