"""Workers in several processes together keep below a provider's limits, and come close to them."""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Iterator

import pytest

from monitor.deliver import deliver_due
from monitor.errors import SendOutcome
from monitor.limits import Limit, Rate
from monitor.notify.telegram import TelegramChannel, TelegramSettings
from monitor.storage import DeliveryState, Storage
from tests.making import NOW, a_destination, queued
from tests.outbox import Clock, Outbox, refuse
from tests.pacing import clock, deliver_to_telegram, queue_for_chats
from tests.processes import start
from tests.servers._common import Fault
from tests.servers.telegram import TOKEN, Limits, TelegramServer
from tests.test_limits import most_in

SLOW = Rate(1, 60.0)
BOT = Limit("bot", (Rate(100, 1.0),), shared=True)


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer(open_to_all=True) as server:
        yield server


def work_until(telegram: TelegramServer, storage: Storage, *, workers: int, sent: int) -> list[float]:
    """Let so many processes deliver until the server took so many messages; when it took each."""
    url = storage.url.render_as_string(hide_password=False)
    processes = [start(deliver_to_telegram, url, telegram.url) for _ in range(workers)]
    give_up = time.monotonic() + 60
    while len(telegram.sent) < sent and time.monotonic() < give_up:
        time.sleep(0.02)
    for process in processes:
        process.kill()
        process.join()
    return [record["at"] for record in telegram.sent]


def too_fast(telegram: TelegramServer) -> list[str]:
    """The 429s; a request that a killed process did not finish is refused for other reasons."""
    return [words for words in telegram.refused if words.startswith("Too Many Requests")]


def by_chat(telegram: TelegramServer) -> dict[int, list[float]]:
    """Chat → when it got its messages."""
    times: dict[int, list[float]] = defaultdict(list)
    for record in telegram.sent:
        times[record["chat_id"]].append(record["at"])
    return times


def test_two_processes_never_send_more_than_30_a_second_nor_one_a_second_to_a_chat(
    storage: Storage, telegram: TelegramServer
) -> None:
    queue_for_chats(storage, list(range(100, 160)), each=2)
    times = work_until(telegram, storage, workers=2, sent=75)
    assert too_fast(telegram) == []
    assert len(times) >= 75
    assert most_in(times, 1.0) <= 30
    assert all(most_in(chat, 1.0) == 1 for chat in by_chat(telegram).values())


@pytest.mark.slow
def test_four_processes_with_one_killed_keep_the_rate(storage: Storage, telegram: TelegramServer) -> None:
    queue_for_chats(storage, list(range(100, 300)), each=5)
    url = storage.url.render_as_string(hide_password=False)
    victim = start(deliver_to_telegram, url, telegram.url)
    work_until(telegram, storage, workers=3, sent=60)
    victim.kill()
    times = work_until(telegram, storage, workers=4, sent=600)
    assert too_fast(telegram) == []
    assert most_in(times, 1.0) <= 30
    # benchmarks/delivery.py has the figure of a quiet machine
    assert (len(times[-300:]) - 1) / (times[-1] - times[-300]) > 20


@pytest.mark.slow
def test_a_group_gets_20_a_minute_and_floods_nobody_elses_way(
    storage: Storage, telegram: TelegramServer
) -> None:
    queue_for_chats(storage, [-1007], each=60)
    queue_for_chats(storage, list(range(100, 110)), each=1)
    work_until(telegram, storage, workers=2, sent=30)
    assert too_fast(telegram) == []
    times = by_chat(telegram)
    assert len(times[-1007]) == 20
    assert all(len(times[chat]) == 1 for chat in range(100, 110))
    assert max(times[chat][0] for chat in range(100, 110)) - times[-1007][0] < 5


async def deliver_once(storage: Storage, *channels: Outbox) -> float | None:
    """One round; in how many seconds something that waits may go."""
    by_name = {channel.name: channel for channel in channels}
    return (await deliver_due(storage, by_name, worker="test", clock=Clock(NOW))).opens_in


def states(storage: Storage) -> list[DeliveryState]:
    with storage.read() as tx:
        return [delivery.state for delivery in reversed(tx.deliveries.latest(limit=1000))]


async def test_what_may_not_go_yet_is_not_claimed_and_it_is_known_when_it_may(storage: Storage) -> None:
    queued(storage, 3)
    outbox = Outbox(limits=(Limit("chat {}", (SLOW,)), BOT))
    opens_in = await deliver_once(storage, outbox)
    assert states(storage) == [DeliveryState.SENT, DeliveryState.PENDING, DeliveryState.PENDING]
    assert opens_in is not None
    assert 58 < opens_in <= 60
    with storage.read() as tx:
        assert [delivery.attempts for delivery in tx.deliveries.latest(DeliveryState.PENDING)] == [0, 0]


async def test_waits_for_slots_are_counted(storage: Storage) -> None:
    queued(storage, 3)
    await deliver_once(storage, Outbox(limits=(Limit("chat {}", (Rate(2, 1.0),)),)))
    with storage.read() as tx:
        assert tx.counters.of("rate_limit_waits") == {"webhook": 1}


async def test_a_flood_for_one_chat_does_not_hold_up_the_others(storage: Storage) -> None:
    with storage.begin() as tx:
        other = a_destination(tx, "li", address="https://example.org/b")
    queued(storage, 100)
    queued(storage, 1, to=other.id)
    outbox = Outbox(limits=(Limit("chat {}", (SLOW,)), BOT))
    await deliver_once(storage, outbox)
    assert sorted(address for address, _ in outbox.sent) == ["https://example.org/a", "https://example.org/b"]


async def test_a_too_fast_pauses_that_bucket_only_and_still_after_a_restart(
    storage: Storage, database_url: str
) -> None:
    with storage.begin() as tx:
        other = a_destination(tx, "li", address="https://example.org/b")
    queued(storage, 2)
    limits = (Limit("chat {}", (Rate(1, 0.01),)), BOT)
    outbox = Outbox(answer=refuse(SendOutcome.RETRY, too_fast=True, retry_after=37), limits=limits)
    await deliver_once(storage, outbox)
    assert len(outbox.sent) == 1
    queued(storage, 1, to=other.id)
    restarted, after = Storage(database_url), Outbox(limits=limits)
    opens_in = await deliver_once(restarted, after)
    restarted.close()
    assert [address for address, _ in after.sent] == ["https://example.org/b"]
    assert opens_in is not None
    assert 35 < opens_in < 41


async def test_where_telegram_refuses_several_chats_at_once_the_whole_bot_pauses(storage: Storage) -> None:
    queue_for_chats(storage, list(range(100, 106)), each=2)
    with TelegramServer(open_to_all=True, limits=Limits(bot=(1, 30.0))) as telegram:
        channel = TelegramChannel(TelegramSettings(token=TOKEN, base_url=telegram.url), clock)
        report = await deliver_due(storage, {"telegram": channel}, worker="test", clock=clock)
        await channel.aclose()
    assert len(telegram.sent) == 1
    assert len(too_fast(telegram)) == 5  # nobody had a second message tried
    assert report.opens_in is not None
    assert report.opens_in > 20
    *_, bot = channel.limits("200")  # who was not sent anything yet waits too
    with storage.begin() as tx:
        assert tx.buckets.paused((bot,)) is not None


async def test_one_chat_that_is_refused_pauses_no_other(storage: Storage) -> None:
    queue_for_chats(storage, [100, 101, 102], each=1)
    with TelegramServer(open_to_all=True) as telegram:
        channel = TelegramChannel(TelegramSettings(token=TOKEN, base_url=telegram.url), clock)
        body = {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests",
            "parameters": {"retry_after": 40},
        }
        telegram.faults.order(Fault("refuse", 429, body=json.dumps(body)))
        await deliver_due(storage, {"telegram": channel}, worker="test", clock=clock)
        await channel.aclose()
    assert len(telegram.sent) == 2


async def test_a_receiver_without_a_known_rate_can_ask_for_a_pause_too(storage: Storage) -> None:
    queued(storage, 3)
    refusal = refuse(SendOutcome.RETRY, too_fast=True, retry_after=37)
    outbox = Outbox(answer=refusal, limits=(Limit("url {}"),))
    await deliver_due(storage, {"webhook": outbox}, worker="test", clock=Clock(NOW), concurrency=1)
    assert len(outbox.sent) == 1


async def test_a_slot_that_is_missed_is_changed_for_another(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.sending.LATEST", -0.05)
    queued(storage, 1)
    outbox = Outbox(limits=(Limit("chat {}", (Rate(1, 0.01),)),))
    round_ = asyncio.create_task(deliver_once(storage, outbox))
    await asyncio.sleep(0.5)
    assert outbox.sent == []
    monkeypatch.setattr("monitor.sending.LATEST", 0.1)
    await round_
    assert len(outbox.sent) == 1
    assert states(storage) == [DeliveryState.SENT]


async def test_who_is_stopped_gives_back_what_waits_for_its_slot(storage: Storage) -> None:
    queued(storage, 1)
    with storage.begin() as tx:
        (claim,) = tx.ledger.claim(
            "a",
            {"webhook"},
            limit=1,
            lease=NOW - NOW,
            patience=NOW - NOW,
            now=clock(),
            limits=lambda *_: (Limit("chat", (SLOW,)),),
            lead=0.1,
        ).claims
    with storage.begin() as tx:
        assert tx.ledger.release(claim)
        assert not tx.ledger.release(claim)
    assert states(storage) == [DeliveryState.PENDING]
    outbox = Outbox(limits=(Limit("chat", (SLOW,)),))
    await deliver_once(storage, outbox)
    assert [message.may_repeat for _, message in outbox.sent] == [False]


def test_buckets_of_which_nothing_matters_any_more_are_forgotten(storage: Storage) -> None:
    with storage.begin() as tx:
        for name, seconds in (("over", -1.0), ("paused", 60.0)):
            tx.buckets.pause((Limit(name),), seconds)
        tx.buckets.save()
    with storage.begin() as tx:
        assert tx.buckets.forget() == 1
        assert tx.buckets.paused((Limit("paused"),)) is not None
