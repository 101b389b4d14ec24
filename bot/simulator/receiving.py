"""The methods by which a bot hears: getUpdates, webhooks, and the files people sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from aiohttp import web

from bot.simulator.files import MOST_DOWN, Files
from bot.simulator.refusal import bad_request, conflict
from bot.simulator.sending import Uploads
from bot.simulator.shapes import Json
from bot.simulator.updates import Updates
from bot.simulator.webhook import Address, Webhook

_WEBHOOK_IS_ON = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


@dataclass(frozen=True, slots=True)
class Receiving:
    updates: Updates
    webhook: Webhook
    files: Files

    async def get_updates(self, call: Json, request: web.Request) -> list[Json]:
        if self.webhook.active:
            raise conflict(_WEBHOOK_IS_ON)
        self.updates.allow(call.get("allowed_updates"))
        limit = min(max(call.get("limit", 100), 1), 100)
        timeout = min(max(call.get("timeout", 0), 0), 50)
        return await self.updates.get(request, call.get("offset", 0), limit, timeout)

    async def set_webhook(self, call: Json, uploads: Uploads) -> Literal[True]:
        self.updates.end_poll(conflict("terminated by setWebhook request"))
        self.updates.allow(call.get("allowed_updates"))
        if call.get("drop_pending_updates"):
            self.updates.forget_all()
        secret = call.get("secret_token", "")
        if not all(char.isascii() and (char.isalnum() or char in "_-") for char in secret):
            raise bad_request("secret token contains unallowed characters")
        connections = min(max(call.get("max_connections", 40), 1), 100)
        await self.webhook.set(Address(call["url"], secret, connections))
        return True

    async def delete_webhook(self, call: Json, uploads: Uploads) -> Literal[True]:
        await self.webhook.stop()
        if call.get("drop_pending_updates"):
            self.updates.forget_all()
        return True

    async def webhook_info(self, call: Json, uploads: Uploads) -> Json:
        return self.webhook.info()

    async def get_file(self, call: Json, uploads: Uploads) -> Json:
        kept = self.files.get(call["file_id"])
        if kept is None:
            raise bad_request("invalid file_id")
        if len(kept.data) > MOST_DOWN:
            raise bad_request("file is too big")
        kept.asked_for = True
        return {
            "file_id": kept.file_id,
            "file_unique_id": kept.unique_id,
            "file_size": len(kept.data),
            "file_path": kept.path,
        }
