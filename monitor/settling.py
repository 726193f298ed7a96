"""What becomes of a delivery after an attempt: sent, tried again, or given up and said to somebody."""

import datetime as dt
import random
from collections.abc import Callable, Sequence
from functools import partial

import structlog

from monitor.errors import DeliveryError, SendOutcome
from monitor.explain import explain_send
from monitor.operator import announce
from monitor.storage import Claim, DeliveryState, Destination, Ended, Result, Transaction
from monitor.types import Receipt
from monitor.windows import quiet_until
from monitor.words import Words

log = structlog.get_logger()

Said = Callable[[Words], str]
"""What went wrong, in the language of who reads it."""
Answer = Receipt | DeliveryError
"""What came of an attempt."""

PATIENCE = dt.timedelta(days=3)
"""How long after its first attempt a delivery is tried again."""
FIRST_DELAY, LONGEST_DELAY = dt.timedelta(seconds=30), dt.timedelta(hours=6)
LONGEST_ASKED = dt.timedelta(days=1)
"""A provider that asks for more patience than this is asked again anyway."""
ATTEMPTS_AS_ASKED = 5
"""So often a provider is asked again as soon as it says; then it has to have been wrong."""
REFUSED_TOO_LONG = dt.timedelta(hours=1)
"""After so long of nothing but "too fast" somebody should look."""
LEAST_AFTER_LOSS = dt.timedelta(seconds=60)


def retry_delay(attempt: int, asked: float | None = None) -> dt.timedelta:
    """How long to wait after the attempt of this number.

    What the provider `asked` for (s) and a tenth more; else, and where asking again and again did not help,
    doubling from half a minute to six hours, a quarter more or less, so that many do not come back together.
    """
    doubled: dt.timedelta = min(FIRST_DELAY * 2 ** min(attempt - 1, 20), LONGEST_DELAY)
    own = doubled * random.uniform(0.75, 1.25)
    if asked is None:
        return own
    return _as_asked(asked) if attempt <= ATTEMPTS_AS_ASKED else max(_as_asked(asked), own)


def pause_length(refused_for: dt.timedelta, asked: float | None) -> dt.timedelta:
    """How long to pause what was sent to too fast: what is asked for is right however often it is. Who names
    no time is asked again after as long as it has refused already, which doubles from one time to the next.
    """
    if asked is not None:
        return _as_asked(asked)
    return min(max(refused_for, FIRST_DELAY), LONGEST_DELAY) * random.uniform(1.0, 1.25)


def _as_asked(seconds: float) -> dt.timedelta:
    return min(dt.timedelta(seconds=max(seconds, 1.0) * random.uniform(1.0, 1.1)), LONGEST_ASKED)


def settle(
    claim: Claim,
    answer: Answer,
    now: dt.datetime,
    *,
    tries: int | None = None,
    refused_for: dt.timedelta = dt.timedelta(0),
) -> Result:
    """What becomes of a delivery after an attempt: sent, to be tried again, or given up. `tries` is how many
    attempts there were that count, this one included, where that is not their number; `refused_for` how long
    its bucket has let nothing through because of its rate."""
    if isinstance(answer, Receipt):
        return Result(
            outcome=SendOutcome.SENT,
            answer=answer.answer,
            provider_id=answer.provider_id,
            state=DeliveryState.SENT,
        )
    ambiguous = answer.outcome is SendOutcome.AMBIGUOUS
    refused = answer.outcome is SendOutcome.PERMANENT
    # Who is let through seldom is not failing; who is not let through at all is.
    hopeless = not answer.too_fast or refused_for >= PATIENCE
    last = refused or (now >= claim.give_up_at and hopeless)
    if answer.too_fast:
        wait = pause_length(refused_for, answer.retry_after)
    else:
        wait = retry_delay(tries or claim.number, answer.retry_after)
    return Result(
        outcome=SendOutcome.TOO_FAST if answer.too_fast else answer.outcome,
        answer=answer.answer or str(answer),
        state=DeliveryState.FAILED if last else DeliveryState.RETRY,
        due_at=None if last else now + wait,
        may_repeat=ambiguous,
        note=str(answer),
    )


def lost_said(words: Words) -> str:
    """Why a delivery without a report is given up, for people."""
    return words(
        "发送进程在租约到期前没有报告，不知是否送达",
        "the process that was sending it did not report in time; it may have arrived",
    )


def lost(number: int, give_up_at: dt.datetime, now: dt.datetime) -> Result:
    """What becomes of a delivery whose worker did not report: it may have arrived.

    It waits before it goes again, so that a worker which was only slow, or a clock that was wrong, still has
    the time to report.
    """
    last = now >= give_up_at
    sentence = "the worker did not report before its lease ran out"
    return Result(
        outcome=SendOutcome.AMBIGUOUS,
        answer=sentence,
        state=DeliveryState.FAILED if last else DeliveryState.RETRY,
        due_at=None if last else now + max(retry_delay(number), LEAST_AFTER_LOSS),
        may_repeat=True,
        note=sentence,
    )


def postponed(tx: Transaction, claim: Claim, now: dt.datetime) -> bool:
    """Put back what its reader does not want at this hour: it is due only because it waited for a worker, a
    channel or a destination. What is urgent goes, and what is about no notice."""
    until = quiet_until(claim.quiet_hours, claim.timezone, now)
    if until is None or not claim.tellings or any(match.urgent for match in claim.matches):
        return False
    tx.ledger.postpone(claim, until)
    return True


def record_answers(tx: Transaction, answers: Sequence[tuple[Claim, Answer]], now: dt.datetime) -> list[str]:
    """Record the answers of attempts and what follows from them; the words that they are counted under."""
    tried_before = tx.ledger.tried_before(
        [
            claim.delivery_id
            for claim, answer in answers
            if claim.number > 1 and not isinstance(answer, Receipt)
        ]
    )
    ended = [
        Ended(
            claim.delivery_id,
            claim.number,
            settle(
                claim,
                answer,
                now,
                tries=tried_before.get(claim.delivery_id, 0) + 1,
                refused_for=_heed_limit(tx, claim, answer, now),
            ),
        )
        for claim, answer in answers
    ]
    counted = tx.ledger.finish(ended, now)
    return [
        _follow(tx, claim, answer, one.result, now) if counts else _late(one)
        for (claim, answer), one, counts in zip(answers, ended, counted, strict=True)
    ]


def _heed_limit(tx: Transaction, claim: Claim, answer: Answer, now: dt.datetime) -> dt.timedelta:
    """Remember whether the bucket lets something through, and for how long it has not; long enough, and the
    operators hear of it, once a day."""
    none = dt.timedelta(0)
    if not claim.limits:
        return none
    if isinstance(answer, Receipt):
        if claim.refused:
            tx.buckets.let_through(claim.limits)
            tx.buckets.save()
        return none
    if not answer.too_fast:
        return none
    refused_for = dt.timedelta(seconds=tx.buckets.refuse(claim.limits))
    if refused_for >= REFUSED_TOO_LONG:
        topic = f"too fast:{claim.limits[0].bucket}:{now.date()}"
        announce(tx, tx.destinations.of_operators(), topic, partial(_jam, claim, answer, refused_for), now)
    return refused_for


def _jam(claim: Claim, error: DeliveryError, lasting: dt.timedelta, words: Words) -> tuple[str, str]:
    hours = int(lasting.total_seconds() // 3600)
    headline = words(
        f"{claim.channel} 已有 {hours} 小时以“发送过快”拒收",
        f"{claim.channel} has refused everything as too fast for {hours} h",
    )
    said = explain_send(error, words)
    text = words(
        f"接收方式 {claim.destination_id}：{said}\n仍在以越来越长的间隔重试；三天都不收就放弃。",
        f"Destination {claim.destination_id}: {said}\n"
        "It is tried again at growing intervals, and given up after three days.",
    )
    return headline, text


def _late(one: Ended) -> str:
    log.warning("late result", delivery=one.delivery_id, attempt=one.number, outcome=one.result.outcome)
    return "late"


def _follow(tx: Transaction, claim: Claim, answer: Answer, result: Result, now: dt.datetime) -> str:
    if isinstance(answer, Receipt):
        return "sent"
    if answer.too_fast and claim.limits and result.due_at is not None:
        tx.buckets.pause(claim.limits, (result.due_at - now).total_seconds())
        tx.buckets.save()
    if answer.moved_to:
        tx.move_chat(claim.channel, claim.address, answer.moved_to, now)
    if result.state is DeliveryState.FAILED:
        _record_failure(tx, claim, answer, now)
        return "failed"
    return "retried"


def _record_failure(tx: Transaction, claim: Claim, error: DeliveryError, now: dt.datetime) -> None:
    log.error("delivery failed", delivery=claim.delivery_id, channel=claim.channel, error=str(error))
    said = partial(explain_send, error)
    if error.outcome is not SendOutcome.PERMANENT:
        # What cannot be delivered for days fails message by message: once a day is enough said.
        say_failed(tx, claim.destination_id, said, f"failed:{claim.destination_id}:{now.date()}", now)
    elif tx.destinations.deactivate(claim.destination_id, str(error), now):
        say_failed(tx, claim.destination_id, said, f"refused:{claim.delivery_id}:{claim.number}", now)


def say_failed(tx: Transaction, destination_id: int, error: Said, topic: str, now: dt.datetime) -> None:
    """Say that a destination missed something: to its subscriber over another one, else to the operators."""
    missed = tx.destinations.get(destination_id)
    if missed is None:
        return
    own, operators = tx.destinations.active_of(missed.subscriber_id), tx.destinations.of_operators()
    readers = _without(missed, own) or _without(missed, operators)
    if not readers:
        log.error(
            "nobody can be told of a failed delivery", destination=destination_id, error=error(Words("en"))
        )
    announce(tx, readers, topic, lambda words: _failure(words, missed, error), now)


def _without(missed: Destination, destinations: list[Destination]) -> list[Destination]:
    return [destination for destination in destinations if destination.id != missed.id]


def _failure(words: Words, missed: Destination, error: Said) -> tuple[str, str]:
    name = words(f"接收方式 {missed.id}（{missed.channel}）", f"destination {missed.id} ({missed.channel})")
    if missed.active:
        headline = words(f"有提醒未能送达{name}", f"An alert did not reach {name}")
        after = words(
            "已重试三天；可以手动重发。", "It was tried for three days; it can be sent again by hand."
        )
    else:
        headline = words(f"{name}已停用", f"The {name} was switched off")
        after = words(
            "提醒会保留，重新启用后补发。", "Alerts are kept and go out once it is switched on again."
        )
    return headline, f"{error(words)}\n{after}"
