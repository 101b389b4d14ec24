"""What the doctor says about how messages come in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.finding import Finding
from bot.incoming import incoming
from bot.settings import Settings
from bot.telegram.client import WebhookState
from bot.telegram.webhook import address_for

NOW = datetime(2017, 1, 16, 2, 0, tzinfo=UTC)
BASE, TOKEN, SECRET = "https://bot.example.go.th", "123456789:" + "A" * 35, "s" * 32
MINE = address_for(BASE, SECRET.encode(), TOKEN)
FAILED = "Wrong response from the webhook: 502 Bad Gateway"


def found(webhook: str, url: str, *, failed_at: datetime | None = None, secret: str = SECRET) -> Finding:
    about = {"webhook": webhook} if webhook else {}
    settings = Settings(_env_file=None, telegram_token=TOKEN, **about)  # type: ignore[call-arg, arg-type]
    return incoming(settings, secret, WebhookState(url, 3, failed_at, FAILED if failed_at else ""), NOW)


@pytest.mark.parametrize(
    ("webhook", "url", "ok", "says"),
    [
        ("", "", True, "asks Telegram"),
        ("", MINE, False, "THONGTHIN_WEBHOOK is not set here"),
        (BASE, "", True, "once thongthin serve has started"),
        (BASE, MINE, True, "posts messages to https://bot.example.go.th; 3 wait"),
        (BASE, BASE + "/" + "0" * 32, False, "the same THONGTHIN_SECRET on every machine"),
        (BASE, "https://other.example.com/x", False, "to https://other.example.com and not to"),
    ],
)
def test_one_sentence_with_the_way_out(webhook: str, url: str, ok: bool, says: str) -> None:
    one = found(webhook, url)
    assert one.ok is ok
    assert says in one.say.to("en", one.facts)
    assert MINE not in one.say.to("th", one.facts)


def test_what_telegram_could_not_deliver_lately_is_said_with_its_reason() -> None:
    late = found(BASE, MINE, failed_at=NOW - timedelta(minutes=1))
    assert not late.ok
    assert "502 Bad Gateway" in late.say.to("en", late.facts)
    assert found(BASE, MINE, failed_at=NOW - timedelta(hours=1)).ok


def test_without_the_secret_the_address_is_enough() -> None:
    assert found(BASE, MINE, secret="").ok
