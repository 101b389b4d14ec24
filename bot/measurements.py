"""What is measured of a running process, under the names that Prometheus reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import nan
from time import monotonic
from typing import Literal, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot.chat_service import Arrived
from storage.census import Backlog

# answered: the reply was said. said_later: the outbox says it. unreachable: the officer has blocked the bot. not_shown:
# saved, and our own mistake in showing it. set_aside and unreadable: dead letters. ignored: it asks nothing of us.
Outcome = Literal["answered", "said_later", "unreachable", "not_shown", "set_aside", "unreadable", "ignored"]
CallOutcome = Literal["ok", "too_many_requests", "refused", "failed", "unanswered"]
NoticeOutcome = Literal["sent", "later", "unreachable", "not_needed", "failed"]

QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)  # seconds
SLOW = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Measurements:
    """One for a process; its registry is its own, so that several can live in one test."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)  # memory, processor time, open files
        self._of_updates(self.registry)
        self._of_photos_and_calls(self.registry)
        self._of_notices(self.registry)

    def _of_updates(self, registry: CollectorRegistry) -> None:
        handled = Counter(
            "thongthin_updates_handled", "Updates, by how they ended.", ["outcome"], registry=registry
        )
        self._handled: dict[Outcome, Counter] = {one: handled.labels(one) for one in get_args(Outcome)}
        self._commit = Histogram(
            "thongthin_update_commit_seconds", "From an update's receipt to its durable commit.",
            buckets=QUICK, registry=registry,
        )  # fmt: skip
        self._reply = Histogram(
            "thongthin_update_reply_seconds", "From an update's receipt to its reply, as Telegram took it.",
            buckets=QUICK, registry=registry,
        )  # fmt: skip
        self._inbox = Gauge("thongthin_inbox_depth", "Updates received and not done.", registry=registry)
        self._dead = Gauge(
            "thongthin_dead_letters", "Updates that are set aside, of all processes.", registry=registry
        )

    def _of_photos_and_calls(self, registry: CollectorRegistry) -> None:
        self._photo = Histogram(
            "thongthin_photo_seconds", "Making a photo's sizes and keeping them durably.", buckets=SLOW, registry=registry
        )  # fmt: skip
        self._calls = Counter(
            "thongthin_telegram_calls", "Calls of the Bot API, by method and how they ended.",
            ["method", "outcome"], registry=registry,
        )  # fmt: skip
        self._call: dict[tuple[str, CallOutcome], Counter] = {}
        self._too_many = Counter(
            "thongthin_telegram_too_many_requests", "Calls that Telegram answered by 429.", registry=registry
        )

    def _of_notices(self, registry: CollectorRegistry) -> None:
        self._notices = Counter(
            "thongthin_notices_sent", "Tries to send what waits in the outbox, by kind and how they ended.",
            ["kind", "outcome"], registry=registry,
        )  # fmt: skip
        self._notice: dict[tuple[str, NoticeOutcome], Counter] = {}
        self._waiting = Gauge(
            "thongthin_outbox_waiting", "Notices that wait to be sent, of all processes.", registry=registry
        )
        self._oldest = Gauge(
            "thongthin_outbox_oldest_seconds",
            "For how long the oldest of them has been due.",
            registry=registry,
        )

    # --- updates

    def received_by(self, depth: Callable[[], int]) -> None:
        """`depth`: how many updates are in hand, asked for when somebody looks; from a thread too."""
        self._inbox.set_function(depth)

    def committed(self, batch: Sequence[Arrived]) -> None:
        now = monotonic()
        for one in batch:
            self._commit.observe(now - one.received)

    def ended(self, batch: Sequence[Arrived], outcome: Outcome) -> None:
        self._handled[outcome].inc(len(batch))
        if outcome == "answered":
            now = monotonic()
            for one in batch:
                self._reply.observe(now - one.received)

    def passed_over(self, outcome: Literal["unreadable", "ignored"]) -> None:
        """An update that nothing could be read from, or that asks nothing of us."""
        self._handled[outcome].inc()

    # --- photos, Telegram, notices

    def photo_kept(self, seconds: float) -> None:
        self._photo.observe(seconds)

    def called(self, method: str, status: int) -> None:
        """A call of the Bot API; `status` is HTTP's, 0 where no answer came."""
        outcome = _outcome(status)
        known = self._call.get((method, outcome))
        if known is None:
            known = self._call[method, outcome] = self._calls.labels(method, outcome)
        known.inc()
        if status == 429:
            self._too_many.inc()

    def noticed(self, kind: str, outcome: NoticeOutcome) -> None:
        known = self._notice.get((kind, outcome))
        if known is None:
            known = self._notice[kind, outcome] = self._notices.labels(kind, outcome)
        known.inc()

    # --- what somebody who looks is told

    def found(self, backlog: Backlog | None) -> None:
        """What the database says of all processes together; None where it does not answer."""
        self._waiting.set(backlog.waiting if backlog else nan)
        self._oldest.set(backlog.oldest_seconds if backlog else nan)
        self._dead.set(backlog.dead_letters if backlog else nan)

    def told(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self.registry)


def _outcome(status: int) -> CallOutcome:
    match status:
        case 0:
            return "unanswered"
        case 429:
            return "too_many_requests"
        case _ if status < 400:
            return "ok"
        case _:
            return "refused" if status < 500 else "failed"
