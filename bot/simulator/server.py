"""The simulator itself: a bot's Telegram on loopback, its people, and what to order of it in a test."""

from __future__ import annotations

import time
from collections.abc import Callable

from aiohttp import web

from bot.simulator.api import Api, Method
from bot.simulator.chats import Chats
from bot.simulator.control import Control
from bot.simulator.editing import Editing
from bot.simulator.faults import Fault, Faults, Flood
from bot.simulator.files import Files, Shrink
from bot.simulator.inbound import Inbound
from bot.simulator.journal import Journal
from bot.simulator.person import Person
from bot.simulator.profile import Profile
from bot.simulator.receiving import Receiving
from bot.simulator.schema import Schema
from bot.simulator.sending import Sending
from bot.simulator.shapes import LogEntry, RefusalEntry, User
from bot.simulator.updates import Updates
from bot.simulator.webhook import Webhook

TOKEN = "1234567890:AAsimulated_token_for_loopback_only"
MOST_BODY = 64 * 2**20


class Simulator:
    """`rate_limit` messages a second over all and about one to each chat, or as many as one likes.

    `now` is the clock by which queries grow old and updates expire, in seconds since 1970.
    `shrink` makes photos smaller; by default the service's own.
    """

    def __init__(
        self,
        token: str = TOKEN,
        bot_username: str = "thongthin_bot",
        bot_name: str = "ท้องถิ่น",
        *,
        rate_limit: float | None = None,
        shrink: Shrink | None = None,
        now: Callable[[], float] = time.time,
        remembered: int = 50_000,
    ) -> None:
        self.token = token
        self.bot = User(id=int(token.split(":")[0]), is_bot=True, first_name=bot_name, username=bot_username)
        self.chats = Chats(self.bot, now)
        self.files = Files(shrink)
        self.updates = Updates(now)
        self.webhook = Webhook(self.updates, now)
        self.profile = Profile(self.chats)
        self._journal = Journal(now, remembered)
        self.updates.on_given = self._journal.given
        sending = Sending(self.chats, self.files, Flood(rate_limit))
        self._editing = Editing(self.chats, sending)
        self.inbound = Inbound(self.chats, self.files, self.updates, self._editing)
        receiving = Receiving(self.updates, self.webhook, self.files)
        methods = _methods(sending, self._editing, receiving, self.profile)
        self._api = Api(token, Schema.load(), methods, receiving, self._journal)
        self._runner: web.AppRunner | None = None
        self.url = ""

    @property
    def faults(self) -> Faults:
        return self._api.faults

    @property
    def refusals(self) -> list[RefusalEntry]:
        """Every 4xx (and 501) answered that was neither ordered as a fault nor the 403 of a blocked chat."""
        return self._journal.refusals

    @property
    def log(self) -> list[LogEntry]:
        return list(self._journal.log)

    @property
    def pending(self) -> int:
        """How many updates the bot has not confirmed."""
        return len(self.updates.waiting)

    @property
    def methods(self) -> set[str]:
        """Those the simulator answers, getUpdates aside."""
        return self._api.methods

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        app = web.Application(client_max_size=MOST_BODY)
        self._api.add_to(app)
        Control(self).add_to(app)
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=1.0
        )  # its lines would hold the token
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        bound_host, bound_port = self._runner.addresses[0][:2]
        self.url = f"http://{bound_host}:{bound_port}"

    async def stop(self) -> None:
        await self.webhook.stop()
        self.updates.end_poll(None)
        for chat in self.chats:
            chat.end()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Simulator:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def person(self, name: str, language_code: str = "th", *, started: bool = False) -> Person:
        """Someone new. Until they have written (or `started`), the bot may not write to them, as in Telegram."""
        user = self.chats.new_user(name, language_code)
        return Person(self, self.chats.open_private(user, started))

    def group(self, name: str, member: Person | None = None) -> Person:
        """A group the bot was just added to, as one member drives it."""
        user = member.user if member else self.chats.new_user(f"สมาชิก{name}", "th")
        chat = self.chats.open_group(name, user)
        self.inbound.enter_group(chat)
        return Person(self, chat)

    def fail(
        self,
        method: str = "*",
        error_code: int = 500,
        description: str = "",
        *,
        times: int = 1,
        retry_after: int | None = None,
    ) -> None:
        """Answer the next calls of a method (or "file", a download) with an error."""
        self.faults.add(Fault(method, times, error_code, description, retry_after))

    def drop_before(self, method: str = "*", *, times: int = 1) -> None:
        """Close the connection of the next calls without doing them."""
        self.faults.add(Fault(method, times, drop="before"))

    def drop_after(self, method: str = "*", *, times: int = 1) -> None:
        """Do the next calls, but close the connection instead of answering."""
        self.faults.add(Fault(method, times, drop="after"))

    def delay(self, seconds: float, method: str = "*", *, times: int = 1) -> None:
        self.faults.add(Fault(method, times, delay=seconds))

    def redeliver(self, update_id: int) -> None:
        """Deliver an update once more, even if it was confirmed; raises KeyError for an unknown one."""
        if not self.updates.again(update_id, self.webhook.active):
            raise KeyError(update_id)


def _methods(sending: Sending, editing: Editing, receiving: Receiving, profile: Profile) -> dict[str, Method]:
    """Every method of the schema but getUpdates, which needs its connection too."""
    return {
        "getMe": profile.get_me,
        "getChat": profile.get_chat,
        "getFile": receiving.get_file,
        "setWebhook": receiving.set_webhook,
        "deleteWebhook": receiving.delete_webhook,
        "getWebhookInfo": receiving.webhook_info,
        "sendMessage": sending.send_message,
        "sendPhoto": sending.send_photo,
        "sendDocument": sending.send_document,
        "sendMediaGroup": sending.send_media_group,
        "sendLocation": sending.send_location,
        "sendVenue": sending.send_venue,
        "sendChatAction": sending.send_chat_action,
        "editMessageText": editing.edit_text,
        "editMessageCaption": editing.edit_caption,
        "editMessageMedia": editing.edit_media,
        "editMessageReplyMarkup": editing.edit_markup,
        "deleteMessage": editing.delete,
        "deleteMessages": editing.delete_many,
        "answerCallbackQuery": editing.answer_callback,
        "setMyCommands": profile.set_commands,
        "getMyCommands": profile.get_commands,
        "deleteMyCommands": profile.delete_commands,
        "setMyName": profile.set_name,
        "getMyName": profile.get_name,
        "setMyDescription": profile.set_description,
        "getMyDescription": profile.get_description,
        "setMyShortDescription": profile.set_short_description,
        "getMyShortDescription": profile.get_short_description,
        "setChatMenuButton": profile.set_menu_button,
        "getChatMenuButton": profile.get_menu_button,
    }
