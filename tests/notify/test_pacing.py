"""Keeping below a provider's limits."""

import asyncio
import time

import pytest

from monitor.errors import DeliveryError, SendOutcome
from monitor.notify._pacing import Pacer, Rate


def most_in(times: list[float], period: float) -> int:
    """The most events in any window of this length."""
    return max(sum(start <= time < start + period for time in times) for start in times)


async def test_many_senders_together_keep_the_rate_and_come_close_to_it() -> None:
    pacer, times = Pacer(patience=60), []

    async def sender() -> None:
        for _ in range(5):
            await pacer.turn({"bot": Rate(1, 0.02)})
            times.append(time.monotonic())

    await asyncio.gather(*(sender() for _ in range(10)))
    assert most_in(times, 0.2) <= 11
    assert times[-1] - times[0] == pytest.approx(0.1 + 49 * 0.02, rel=0.3)


async def test_a_window_lets_a_burst_through_and_then_holds() -> None:
    pacer, times = Pacer(patience=60), []
    for _ in range(7):
        await pacer.turn({"group": Rate(3, 0.3)})
        times.append(time.monotonic())
    assert times[2] - times[0] < 0.1
    assert most_in(times, 0.29) == 3


async def test_a_crowded_chat_does_not_hold_up_another() -> None:
    pacer = Pacer(patience=5)
    await pacer.turn({"crowded": Rate(1, 1.0), "bot": Rate(1, 0.01)})
    waiting = asyncio.create_task(pacer.turn({"crowded": Rate(1, 1.0), "bot": Rate(1, 0.01)}))
    started = time.monotonic()
    for chat in range(10):
        await pacer.turn({str(chat): Rate(1, 1.0), "bot": Rate(1, 0.01)})
    assert time.monotonic() - started < 0.5
    assert not waiting.done()
    await waiting


async def test_who_would_wait_too_long_is_told_when_to_come_back() -> None:
    pacer = Pacer(patience=0.1)
    await pacer.turn({"chat": Rate(1, 30)})
    with pytest.raises(DeliveryError) as caught:
        await pacer.turn({"chat": Rate(1, 30)})
    assert caught.value.outcome is SendOutcome.RETRY
    assert caught.value.retry_after == pytest.approx(30, abs=1)


async def test_those_who_wait_pass_in_the_order_they_came() -> None:
    pacer, passed = Pacer(patience=60), []

    async def sender(name: int) -> None:
        await pacer.turn({"bot": Rate(1, 0.01)})
        passed.append(name)

    await asyncio.gather(*(sender(name) for name in range(20)))
    assert passed == list(range(20))


async def test_after_a_rest_the_second_message_keeps_more_distance() -> None:
    pacer = Pacer(patience=60)
    times = []
    for _ in range(3):
        await pacer.turn({"bot": Rate(1, 0.02)})
        times.append(time.monotonic())
    assert times[1] - times[0] == pytest.approx(0.12, abs=0.02)
    assert times[2] - times[1] == pytest.approx(0.02, abs=0.02)


async def test_who_stands_further_back_in_line_is_told_to_come_back_later() -> None:
    pacer = Pacer(patience=0.35)
    turns = [asyncio.create_task(pacer.turn({"chat": Rate(1, 0.1)})) for _ in range(6)]
    results = await asyncio.gather(*turns, return_exceptions=True)
    told = [result.retry_after for result in results if isinstance(result, DeliveryError)]
    assert results[:3] == [None] * 3
    assert told == pytest.approx([0.4, 0.4, 0.4], abs=0.05)


async def test_a_pause_that_the_provider_asked_for_is_kept() -> None:
    pacer = Pacer(patience=0.1)
    pacer.pause("chat", 12)
    with pytest.raises(DeliveryError) as caught:
        await pacer.turn({"chat": Rate(1, 1)})
    assert caught.value.retry_after == pytest.approx(12, abs=1)


async def test_chats_of_long_ago_are_forgotten() -> None:
    now = 0.0
    pacer = Pacer(clock=lambda: now)
    for chat in range(10_001):
        await pacer.turn({str(chat): Rate(1, 1)})
    now = 1000.0
    await pacer.turn({"new": Rate(1, 1)})
    assert set(pacer._gates) == {"new"}
