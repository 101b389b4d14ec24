"""What a run was like, for people."""

from __future__ import annotations

from collections.abc import Iterator

from tests.chaos.run import Report


def written(report: Report) -> str:
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    plan, ledger, outcome = report.plan, report.ledger, report.outcome
    sent = sum(bool(one.number) for one in ledger.forms)
    expired = sum(
        one.kind == "callback_query" and number not in outcome.handled
        for number, one in outcome.updates.items()
    )
    yield (
        f"seed {plan.seed}: {plan.officers} officers, {plan.seconds:g} s of trouble, {plan.database}, "
        f"{plan.transport}, {plan.replicas} process(es); {report.took:.0f} s in all"
        f"{'; without ' + ', '.join(plan.without) if plan.without else ''}"
    )
    yield "faults:"
    yield from (f"  {at:6.1f} s  {what}" for at, what in report.happened)
    yield (
        f"{len(outcome.updates)} updates of {ledger.messages} things done, {len(ledger.photos)} photos, "
        f"{sent} entries sent, {len(ledger.forms) - sent} drafts left, {len(outcome.verdicts)} verdicts, "
        f"{len(outcome.dead)} dead letters of {len(ledger.poisonous)} poisonous"
    )
    yield (
        f"{report.redelivered} updates delivered once more, {ledger.pressed_again} presses repeated by hand, "
        f"{expired} presses forgotten by Telegram; the service ended by itself {len(report.ended_by_itself)} times"
    )
    if waited := sorted(ledger.waited):
        half, most, last = (waited[int(share * (len(waited) - 1))] for share in (0.5, 0.99, 1.0))
        yield f"an answer came after {half:.1f} s (half of them), {most:.0f} s (all but a hundredth), {last:.0f} s (the last)"
    for one in report.twice:
        excuse = "around a kill or a lost answer" if one.excused else "WITHOUT A REASON"
        yield f"said twice: the verdict on {one.number}, at {one.at:.0f}, {excuse}"
    yield from (f"set aside: {one}" for one in outcome.errors)
    for exit_code in report.bad_exits:
        yield f"LOSS: the service ended with {exit_code} when it was told to stop"
    for loss, lines in zip(report.losses, report.log_lines, strict=True):
        yield f"LOSS: {loss}"
        yield from (f"  {line}" for line in lines)
    for kind in sorted(set(report.not_done)):
        yield f"NOT DONE: {kind}; with --without {kind!r} it is left out knowingly"
    yield "nothing was lost" if report.well else _what_is_wrong(report)


def _what_is_wrong(report: Report) -> str:
    if report.crashes:
        return f"a process crashed: {report.crashes}"
    only_not_done = not report.losses and not report.bad_exits and all(one.excused for one in report.twice)
    return "nothing was lost, but not every fault was done" if only_not_done else "SOMETHING WAS LOST"
