"""Random campaigns lived through minute by minute: outages, wrong clocks, holidays and officers as they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.core.campaign import Campaign, Requirement, Scope
from flows.core.dates import BANGKOK
from flows.core.reminders import THANKS, Owing, Reminder, due, due_again_check

START = datetime(2017, 1, 2, 0, 0, tzinfo=BANGKOK)
DAYS = 24
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LAOS = {1: "A", 2: "A", 3: "B"}  # officer -> LAO

OF_OFFICERS = ("join", "block", "unblock", "off", "on", "draft", "drop", "enter", "leave", "say", "tomorrow")
OF_LAOS = ("submit", "lack", "return", "fix")
OF_CAMPAIGN = ("pause", "resume", "move")


@dataclass(frozen=True)
class Happening:
    minute: int
    what: str
    officer: int
    days: int  # by how many the deadline moves


@dataclass(frozen=True)
class Month:
    campaign: Campaign
    days_off: frozenset[date]
    joined: frozenset[int]  # from the beginning
    happenings: tuple[Happening, ...]
    asleep: tuple[tuple[int, int], ...]  # the process: from minute, for so many
    jumps: tuple[tuple[int, int], ...]  # the clock: from minute on, wrong by so many
    slow: int  # looks that a queued message waits before it is sent
    step: int  # minutes between two looks


MINUTES = st.integers(0, DAYS * 1440)
SPANS = st.lists(st.tuples(MINUTES, st.integers(10, 6 * 1440)), max_size=3).map(tuple)
JUMPS = st.lists(st.tuples(MINUTES, st.integers(-8 * 1440, 8 * 1440)), max_size=3).map(
    lambda x: tuple(sorted(x))
)
OFTEN = ("move", "tomorrow", "tomorrow", "say", "enter")  # what the rules find hardest
HAPPENINGS = st.lists(
    st.builds(
        lambda day, minute, what, officer, days: Happening(day * 1440 + minute, what, officer, days),
        st.integers(0, DAYS),
        st.integers(6 * 60, 18 * 60),
        st.sampled_from((*OF_OFFICERS, *OF_LAOS, *OF_CAMPAIGN, *OFTEN)),
        st.sampled_from(sorted(LAOS)),
        st.integers(-9, 20),
    ),
    min_size=6,
    max_size=30,
).map(lambda x: tuple(sorted(x, key=lambda one: one.minute)))


def campaigns() -> st.SearchStrategy[Campaign]:
    ends = st.builds(
        lambda day, minute: START + day * DAY + minute * MINUTE, st.integers(3, DAYS), st.integers(0, 1439)
    )
    return st.builds(
        lambda deadline, before, after, opens, hours: Campaign(
            1, "", "", None, deadline, (Requirement("product", 1),), "submitted", Scope(),
            tuple(before), tuple(after), time(opens), time(opens + hours), state="running", started_at=START,
        ),
        ends,
        st.sets(st.integers(0, 30), min_size=1, max_size=6),
        st.sets(st.integers(1, 9), max_size=3),
        st.integers(6, 12),
        st.integers(1, 9),
    )  # fmt: skip


def months(jumps: st.SearchStrategy[tuple[tuple[int, int], ...]]) -> st.SearchStrategy[Month]:
    return st.builds(
        Month,
        campaigns(),
        st.frozensets(st.integers(-3, DAYS + 9).map(lambda n: START.date() + n * DAY), max_size=9),
        st.frozensets(st.sampled_from(sorted(LAOS)), min_size=1),
        HAPPENINGS,
        SPANS,
        jumps,
        st.integers(0, 3),
        st.sampled_from((17, 45, 110)),
    )


@dataclass
class Person:
    """An officer as the database knows one; `rows` are reminders queued or sent, by key, with their deadline."""

    lao: str
    joined: bool
    reachable: bool = True
    off: bool = False
    in_form: bool = False
    holds_draft: bool = False
    silent_since: datetime | None = None
    again_on: date | None = None
    rows: dict[str, datetime] = field(default_factory=dict)


@dataclass
class Run:
    """A service living through a month: every look queues what is due, and sends what has waited."""

    month: Month
    campaign: Campaign
    people: dict[int, Person]
    lacks: dict[str, int]
    returned: dict[str, bool]
    now: datetime = START
    queued_at: dict[tuple[int, str], datetime] = field(default_factory=dict)
    queue: list[tuple[int, int, Reminder]] = field(default_factory=list)  # look at which it is sent, officer
    heard: dict[int, list[tuple[datetime, Reminder]]] = field(default_factory=lambda: {n: [] for n in LAOS})
    then: dict[tuple[int, str], Campaign] = field(
        default_factory=dict
    )  # the campaign as it was when it was said

    def owing(self, number: int, without: str = "") -> Owing:
        one = self.people[number]
        deadlines = [deadline for key, deadline in one.rows.items() if key not in (without, THANKS)]
        lacks = (("product", self.lacks[one.lao]),) if self.lacks[one.lao] else ()
        return Owing(
            number, one.lao, lacks, ("P-1",) if self.returned[one.lao] else (), one.reachable, one.silent_since,
            one.in_form, one.holds_draft and bool(lacks), one.off, one.again_on, frozenset(one.rows),
            deadlines[-1] if deadlines else None,
        )  # fmt: skip

    def live(self) -> None:
        todo = list(self.month.happenings)
        for look, minute in enumerate(range(0, (DAYS + 9) * 1440, self.month.step)):
            wrong = [by for since, by in self.month.jumps if since <= minute]
            self.now = START + minute * MINUTE + (wrong[-1] * MINUTE if wrong else timedelta())
            while todo and todo[0].minute <= minute:
                self.happen(todo.pop(0))
            if not any(since <= minute < since + span for since, span in self.month.asleep):
                self.look(look)

    def look(self, number: int) -> None:
        self.send(number)
        joined = [n for n, one in self.people.items() if one.joined]
        found = due(self.campaign, [self.owing(n) for n in joined], self.month.days_off, self.now)
        assert len({one.officer_id for one in found}) == len(found)
        for one in found:
            person = self.people[one.officer_id]
            assert one.key not in person.rows
            person.rows[one.key] = self.campaign.deadline
            self.queued_at[one.officer_id, one.key] = self.now
            self.queue.append((number + self.month.slow, one.officer_id, one))
        self.send(number)
        self.nobody_is_forgotten(joined)

    def send(self, look: int) -> None:
        ready = [one for one in self.queue if one[0] <= look]
        self.queue = [one for one in self.queue if one[0] > look]
        for _, officer, queued in ready:
            person = self.people[officer]
            others = [self.owing(n) for n, one in self.people.items() if one.joined and n != officer]
            same = [one for one in others if one.lao_code == person.lao]
            mine = self.owing(officer, without=queued.key)
            found = due_again_check(self.campaign, mine, queued.key, self.now, self.month.days_off, same)
            if found is None:
                del person.rows[queued.key]
            else:
                self.may_be_said(officer, found)
                self.heard[officer].append((self.now, found))
                self.then[officer, found.key] = self.campaign

    def may_be_said(self, officer: int, said: Reminder) -> None:
        """What must hold of any message at the moment it goes out, in words apart from the rules'."""
        person, local, campaign = self.people[officer], self.now.astimezone(BANGKOK), self.campaign
        assert campaign.state == "running"
        assert campaign.opens <= local.time() < campaign.closes
        assert local.isoweekday() not in (6, 7)
        assert local.date() not in self.month.days_off
        assert person.joined
        assert person.reachable
        assert not person.off
        assert said.key not in [other.key for _, other in self.heard[officer]]
        if person.in_form and person.silent_since is not None:
            assert not timedelta() <= self.now - person.silent_since < 10 * MINUTE
        lacking, returned = self.lacks[person.lao], self.returned[person.lao]
        assert (said.kind == "thanks") == (not lacking and not returned)
        assert said.lacks == ((("product", lacking),) if lacking else ())
        if "@" in said.key:
            assert said.key.endswith(f"@{campaign.deadline_day}")
        if said.key.startswith(("before", "day")):
            assert self.now < campaign.deadline
        if said.key.startswith("after"):
            assert self.now >= campaign.deadline
        rivals = [
            one for n, one in self.people.items() if n != officer and one.lao == person.lao and one.joined
        ]
        if lacking and not person.holds_draft:
            assert not any(one.holds_draft and one.reachable and not one.off for one in rivals)

    def nobody_is_forgotten(self, joined: list[int]) -> None:
        """After a look within the hours, whoever can be told of a stage that has come has been told since it came."""
        local, campaign = self.now.astimezone(BANGKOK), self.campaign
        works = local.isoweekday() < 6 and local.date() not in self.month.days_off
        if not works or not campaign.opens <= local.time() < campaign.closes or campaign.state != "running":
            return
        came_at = self.newest_stage()
        if came_at is None:
            return
        for n in joined:
            one = self.people[n]
            busy = (
                one.in_form
                and one.silent_since is not None
                and abs(self.now - one.silent_since) < 10 * MINUTE
            )
            rivals = [
                other for m, other in self.people.items() if m != n and m in joined and other.lao == one.lao
            ]
            yields = not one.holds_draft and any(r.holds_draft and r.reachable and not r.off for r in rivals)
            if self.lacks[one.lao] and one.reachable and not one.off and not busy and not yields:
                said = [self.queued_at[n, key] for key in one.rows if key != THANKS]
                assert said or self.now >= campaign.deadline, "was never told"
                if not self.month.jumps:
                    assert max(said, default=START) >= came_at, "was not told since the newest stage came"
                    assert self.owing(n).knows_deadline == campaign.deadline, "was not told of the change"

    def newest_stage(self) -> datetime | None:
        """When the newest stage came that belongs to this side of the deadline, found day by day."""
        campaign, passed, come = self.campaign, self.now >= self.campaign.deadline, []
        for days in campaign.after if passed else [-n for n in campaign.before]:
            day = campaign.deadline_day + days * DAY
            if days == 0 and datetime.combine(day, campaign.opens, BANGKOK) >= campaign.deadline:
                day -= DAY
            while day.isoweekday() > 5 or day in self.month.days_off:
                day += DAY if days > 0 else -DAY
            come.append(datetime.combine(day, campaign.opens, BANGKOK))
        return max((moment for moment in come if moment <= self.now), default=None)

    def happen(self, one: Happening) -> None:
        person = self.people[one.officer]
        match one.what:
            case "join":
                person.joined = True
            case "block" | "unblock":
                person.reachable = one.what == "unblock"
            case "off" | "on":
                person.off = one.what == "off"
            case "draft" | "drop":
                person.holds_draft = one.what == "draft"
            case "enter" | "leave":
                person.in_form = one.what == "enter"
                person.silent_since = self.now
            case "say":
                person.silent_since = self.now
            case "tomorrow":
                person.again_on = self.now.astimezone(BANGKOK).date() + DAY
            case "submit":
                self.lacks[person.lao] = max(0, self.lacks[person.lao] - 1)
            case "lack":
                self.lacks[person.lao] += 1
            case "return" | "fix":
                self.returned[person.lao] = one.what == "return"
            case "pause" | "resume":
                self.campaign = replace(self.campaign, state="paused" if one.what == "pause" else "running")
            case "move":
                moved = self.campaign.deadline + one.days * DAY
                self.campaign = replace(self.campaign, deadline=moved, moved_at=self.now)


def lived(month: Month) -> Run:
    people = {n: Person(lao, n in month.joined) for n, lao in LAOS.items()}
    run = Run(month, month.campaign, people, dict.fromkeys("AB", 2), dict.fromkeys("AB", False))
    run.live()
    return run


def neighbours(run: Run) -> Iterator[tuple[datetime, datetime, Reminder]]:
    """Each reminder after an officer's first: when the one before it was heard, when it was, and itself."""
    for heard in run.heard.values():
        said = [(moment, one) for moment, one in heard if one.kind != "thanks"]
        yield from ((before, moment, one) for (before, _), (moment, one) in pairwise(said))


def stage_of(one: Reminder) -> tuple[str, int] | None:
    """The deadline and the days after it (negative: before it), None for what is no stage."""
    about, _, deadline = one.key.partition("@")
    kind, _, value = about.partition(":")
    return (
        (deadline, int(value) * (1 if kind == "after" else -1))
        if kind in ("before", "day", "after")
        else None
    )


def came(one: Reminder, campaign: Campaign, days_off: frozenset[date]) -> date:
    """The day on which what the message is about came, found day by day."""
    about, _, deadline = one.key.partition("@")
    kind, _, value = about.partition(":")
    if kind == "again":
        day, step = date.fromisoformat(value), DAY
    elif kind == "after":
        day, step = date.fromisoformat(deadline) + int(value) * DAY, DAY
    else:
        day, step = date.fromisoformat(deadline) - int(value) * DAY, -DAY
        if kind == "day" and campaign.deadline <= datetime.combine(day, campaign.opens, BANGKOK):
            day -= DAY
    while day.isoweekday() > 5 or day in days_off:
        day += step
    return day


TO_AND_FRO = Month(
    Campaign(
        1, "", "", None, START + 23 * DAY, (Requirement("product", 1),), "submitted", Scope(),
        (0, 1, 2, 3, 17, 25), (), time(7), time(8), state="running", started_at=START,
    ),
    frozenset(), frozenset({1}),
    (Happening(360, "move", 1, -2), Happening(846, "move", 1, 17), Happening(16200, "move", 1, -9),
     Happening(16849, "move", 1, 0)),
    (), (), 0, 110,
)  # fmt: skip


@settings(deadline=None, max_examples=120)
@given(months(jumps=st.just(())))
@example(TO_AND_FRO)
def test_with_a_true_clock_nobody_is_forgotten_and_nobody_hears_a_burst(month: Month) -> None:
    run = lived(month)
    for before, moment, one in neighbours(run):
        assert before < moment
        if one.key.startswith("moved"):
            continue  # at most one for each change: its key names the moment of the change
        day = came(one, run.then[one.officer_id, one.key], month.days_off)
        assert before < datetime.combine(day, month.campaign.opens, BANGKOK) <= moment, (
            "came before the last message"
        )


@settings(deadline=None, max_examples=120)
@given(months(jumps=JUMPS))
def test_with_a_clock_that_jumps_nothing_is_said_twice_or_at_night_and_nobody_is_forgotten(
    month: Month,
) -> None:
    run = lived(month)
    for heard in run.heard.values():
        assert len({one.key for _, one in heard}) == len(heard)
        assert sum(one.kind == "thanks" for _, one in heard) <= 1
        stages = [stage for _, one in heard if (stage := stage_of(one)) is not None]
        for deadline in {ends for ends, _ in stages}:
            days = [n for ends, n in stages if ends == deadline]
            assert days == sorted(days), "an older stage after a newer one"


@settings(deadline=None, max_examples=60)
@given(months(jumps=JUMPS))
def test_two_services_side_by_side_decide_the_same_so_that_the_unique_key_stops_the_second(
    month: Month,
) -> None:
    run = Run(
        month,
        month.campaign,
        {n: Person(lao, joined=True) for n, lao in LAOS.items()},
        dict.fromkeys("AB", 1),
        dict.fromkeys("AB", False),
    )
    officers = [run.owing(n) for n in LAOS]
    for hour in range(0, DAYS * 24, 5):
        now = START + timedelta(hours=hour)
        first = due(month.campaign, officers, month.days_off, now)
        second = due(month.campaign, officers[::-1], month.days_off, now)
        assert {(one.officer_id, one.key) for one in first} == {(one.officer_id, one.key) for one in second}
