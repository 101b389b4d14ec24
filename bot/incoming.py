"""How officers' messages come in, as the doctor sees it: asked for, or posted to the webhook, and what is in the way."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.finding import Finding
from bot.settings import Settings
from bot.telegram.client import WebhookState
from bot.telegram.webhook import address_for
from flows.core.text import Facts, T

LATELY = timedelta(minutes=10)


def incoming(settings: Settings, secret: str, state: WebhookState, now: datetime) -> Finding:
    """`secret` is "" where it is not known here. The address is said without its last part, which is secret too."""
    facts: Facts = {
        "address": settings.webhook, "other": _host(state.url), "waiting": state.waiting, "why": state.why,
    }  # fmt: skip
    if not settings.webhook:
        return Finding(False, LEFT_OVER, facts) if state.url else Finding(True, ASKED_FOR, facts)
    if not state.url:
        return Finding(True, NOT_YET, facts)
    if state.url.rpartition("/")[0] != settings.webhook:
        return Finding(False, OTHER_ADDRESS, facts)
    if secret and state.url != address_for(settings.webhook, secret.encode(), settings.telegram_token):
        return Finding(False, OTHER_SECRET, facts)
    if state.failed_at is not None and now - state.failed_at < LATELY:
        return Finding(False, FAILING, facts)
    return Finding(True, POSTED, facts)


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if url else ""


ASKED_FOR = T(
    "บอตไปรับข้อความจาก Telegram เอง มี {waiting} ข้อความรออยู่",
    "The bot asks Telegram for messages by itself; {waiting} wait there",
)
POSTED = T(
    "Telegram ส่งข้อความมาที่ {address} มี {waiting} ข้อความรออยู่",
    "Telegram posts messages to {address}; {waiting} wait there",
)
NOT_YET = T(
    "Telegram จะส่งข้อความมาที่ {address} เมื่อเปิด thongthin serve มี {waiting} ข้อความรออยู่",
    "Telegram will post messages to {address} once thongthin serve has started; {waiting} wait there",
)
LEFT_OVER = T(
    "Telegram ส่งข้อความไปที่ {other} แต่เครื่องนี้ไม่ได้ตั้ง THONGTHIN_WEBHOOK ตั้งให้ตรงกัน หรือเปิด thongthin serve ใหม่เพื่อไปรับเอง",
    "Telegram posts messages to {other}, but THONGTHIN_WEBHOOK is not set here; set it, or restart thongthin serve to ask for them",
)
OTHER_ADDRESS = T(
    "Telegram ส่งข้อความไปที่ {other} ไม่ใช่ {address} ปิดโปรแกรมอื่นที่ใช้โทเคนนี้ แล้วเปิด thongthin serve ใหม่",
    "Telegram posts messages to {other} and not to {address}; stop whatever else uses this token, then restart thongthin serve",
)
OTHER_SECRET = T(
    "Telegram ส่งข้อความมาที่ {address} ด้วยกุญแจอื่น ตั้ง THONGTHIN_SECRET ให้เหมือนกันทุกเครื่อง แล้วเปิด thongthin serve ใหม่",
    "Telegram posts messages to {address} with another key; set the same THONGTHIN_SECRET on every machine, then restart thongthin serve",
)
FAILING = T(
    "Telegram ส่งข้อความมาที่ {address} ไม่ได้ ({why}) มี {waiting} ข้อความรออยู่ ตรวจว่า thongthin serve เปิดอยู่ และพร็อกซีส่งต่อมาที่ THONGTHIN_WEBHOOK_PORT",
    "Telegram cannot post messages to {address} ({why}); {waiting} wait. Check that thongthin serve is running and that the proxy passes on to THONGTHIN_WEBHOOK_PORT",
)
