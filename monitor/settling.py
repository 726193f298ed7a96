"""What becomes of a delivery after an attempt: sent, tried again, or given up and said to somebody."""

import datetime as dt
import random

import structlog

from monitor.errors import DeliveryError, SendOutcome
from monitor.operator import announce
from monitor.storage import Claim, DeliveryState, Destination, Result, Transaction
from monitor.types import Receipt
from monitor.words import Words

log = structlog.get_logger()

Answer = Receipt | DeliveryError
"""What came of an attempt."""

PATIENCE = dt.timedelta(days=3)
"""How long after its first attempt a delivery is tried again."""
FIRST_DELAY, LONGEST_DELAY = dt.timedelta(seconds=30), dt.timedelta(hours=6)
LONGEST_ASKED = dt.timedelta(days=1)
"""A provider that asks for more patience than this is asked again anyway."""
ATTEMPTS_AS_ASKED = 5
"""So often a provider is asked again as soon as it says; then it has to have been wrong."""
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
    named = min(dt.timedelta(seconds=max(asked, 1.0) * random.uniform(1.0, 1.1)), LONGEST_ASKED)
    return named if attempt <= ATTEMPTS_AS_ASKED else max(named, own)


def settle(claim: Claim, answer: Answer, now: dt.datetime) -> Result:
    """What becomes of a delivery after an attempt: sent, to be tried again, or given up."""
    if isinstance(answer, Receipt):
        return Result(
            outcome=SendOutcome.SENT,
            answer=answer.answer,
            provider_id=answer.provider_id,
            state=DeliveryState.SENT,
        )
    ambiguous = answer.outcome is SendOutcome.AMBIGUOUS
    last = answer.outcome is SendOutcome.PERMANENT or now >= claim.give_up_at
    return Result(
        outcome=answer.outcome,
        answer=answer.answer or str(answer),
        state=DeliveryState.FAILED if last else DeliveryState.RETRY,
        due_at=None if last else now + retry_delay(claim.number, answer.retry_after),
        may_repeat=ambiguous,
        note=str(answer),
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


def record_answer(tx: Transaction, claim: Claim, answer: Answer, now: dt.datetime) -> str:
    """Record one attempt's answer and what follows from it; returns the word it is counted under."""
    result = settle(claim, answer, now)
    if not tx.ledger.finish(claim.delivery_id, claim.number, result, now):
        log.warning("late result", delivery=claim.delivery_id, attempt=claim.number, outcome=result.outcome)
        return "late"
    if isinstance(answer, Receipt):
        return "sent"
    if answer.moved_to:
        tx.destinations.move(claim.channel, claim.address, answer.moved_to, now)
    if result.state is DeliveryState.FAILED:
        _record_failure(tx, claim, answer, now)
        return "failed"
    return "retried"


def _record_failure(tx: Transaction, claim: Claim, error: DeliveryError, now: dt.datetime) -> None:
    log.error("delivery failed", delivery=claim.delivery_id, channel=claim.channel, error=str(error))
    if error.outcome is not SendOutcome.PERMANENT:
        # What cannot be delivered for days fails message by message: once a day is enough said.
        say_failed(tx, claim.destination_id, str(error), f"failed:{claim.destination_id}:{now.date()}", now)
    elif tx.destinations.deactivate(claim.destination_id, str(error), now):
        say_failed(tx, claim.destination_id, str(error), f"refused:{claim.delivery_id}:{claim.number}", now)


def say_failed(tx: Transaction, destination_id: int, error: str, topic: str, now: dt.datetime) -> None:
    """Say that a destination missed something: to its subscriber over another one, else to the operators."""
    missed = tx.destinations.get(destination_id)
    if missed is None:
        return
    own, operators = tx.destinations.active_of(missed.subscriber_id), tx.destinations.of_operators()
    readers = _without(missed, own) or _without(missed, operators)
    if not readers:
        log.error("nobody can be told of a failed delivery", destination=destination_id, error=error)
    announce(tx, readers, topic, lambda words: _failure(words, missed, error), now)


def _without(missed: Destination, destinations: list[Destination]) -> list[Destination]:
    return [destination for destination in destinations if destination.id != missed.id]


def _failure(words: Words, missed: Destination, error: str) -> tuple[str, str]:
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
    return headline, f"{error}\n{after}"
