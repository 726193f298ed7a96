import asyncio
import datetime as dt
from collections import Counter
from dataclasses import replace

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from monitor import deliver as deliver_module
from monitor.deliver import DeliveryReport, deliver_due
from monitor.errors import DeliveryError, SendOutcome, StorageError
from monitor.notify import CHANNELS
from monitor.storage import DeliveryState, Storage
from monitor.types import Cause, Lateness, Message, Receipt
from tests.databases import bring_back, take_down
from tests.making import (
    DAY,
    HOUR,
    NOW,
    REASON,
    a_destination,
    a_notice,
    a_revision,
    a_subscription,
    met,
    queued,
)
from tests.outbox import Answer, Clock, Outbox, refuse


async def delivered(
    storage: Storage,
    *channels: Outbox,
    now: dt.datetime = NOW,
    concurrency: int = 10,
    send_limit: float = 60,
) -> DeliveryReport:
    """One round of one worker."""
    return await deliver_due(
        storage,
        {channel.name: channel for channel in channels},
        worker="test",
        clock=Clock(now),
        concurrency=concurrency,
        send_limit=dt.timedelta(seconds=send_limit),
    )


def states(storage: Storage) -> list[DeliveryState]:
    """Of all deliveries, the first one first."""
    with storage.read() as tx:
        return [delivery.state for delivery in reversed(tx.deliveries.latest(limit=1000))]


async def test_what_is_due_is_sent_once_and_recorded(storage: Storage) -> None:
    deliveries = queued(storage, 25)
    outbox = Outbox()
    assert await delivered(storage, outbox) == DeliveryReport(claimed=25, sent=25)
    assert await delivered(storage, outbox) == DeliveryReport()
    assert len({message.delivery_id for _, message in outbox.sent}) == len(outbox.sent) == 25
    with storage.read() as tx:
        (attempt,) = tx.deliveries.attempts(deliveries[0])
    assert (attempt.outcome, attempt.answer, attempt.provider_id) == ("sent", "200 OK", "provider-1")


async def test_a_message_says_what_was_met_and_why(storage: Storage) -> None:
    published = NOW.date() - dt.timedelta(days=20)
    with storage.begin() as tx:
        subscription = a_subscription(tx)
        revision = a_revision(tx, a_notice(published_date=published))
        met(tx, revision, subscription)
        tx.deliveries.plan(revision.notice_id, NOW)
    outbox = Outbox()
    await delivered(storage, outbox)
    ((address, message),) = outbox.sent
    assert address == "https://example.org/a"
    assert message.notice == revision.notice
    assert [(hit.subscription, hit.rule, hit.reasons) for hit in message.hits] == [
        ("集采", "集采", (REASON,))
    ]
    assert (message.language, message.revision, message.may_repeat) == ("zh", 1, False)
    assert message.published_late is not None
    assert message.published_late.days == 19


async def test_a_correction_says_so_to_who_was_told_before(storage: Storage) -> None:
    with storage.begin() as tx:
        subscription = a_subscription(tx)
        first = a_revision(tx)
        corrected = tx.notices.revise(first.notice_id, a_notice("更正"), [], corrected=True, now=NOW)
        for revision in (first, corrected):
            met(tx, revision, subscription)
        tx.deliveries.plan(first.notice_id, NOW)
    outbox = Outbox()
    await delivered(storage, outbox)
    assert [(m.notice.title, m.revision) for _, m in outbox.sent if m.notice] == [
        (first.notice.title, 1),
        ("更正", 2),
    ]


async def test_a_correction_waits_until_what_it_corrects_is_settled(storage: Storage) -> None:
    with storage.begin() as tx:
        subscription = a_subscription(tx)
        first = a_revision(tx)
        corrected = tx.notices.revise(first.notice_id, a_notice("更正"), [], corrected=True, now=NOW)
        for revision in (first, corrected):
            met(tx, revision, subscription)
        tx.deliveries.plan(first.notice_id, NOW)
    queued(storage)
    outbox = Outbox(answer=lambda message: _not_now(message, first.notice.title))
    await delivered(storage, outbox)
    assert [m.notice.title for _, m in outbox.sent if m.notice] == [first.notice.title, "第0号通知"]
    outbox.answer = Outbox().answer
    await delivered(storage, outbox, now=NOW + HOUR)
    assert [m.notice.title for _, m in outbox.sent if m.notice][2:] == [first.notice.title, "更正"]


def _not_now(message: Message, title: str) -> Receipt | Exception:
    outcome = SendOutcome.RETRY
    wanted = message.notice is not None and message.notice.title == title
    return DeliveryError("busy", outcome=outcome) if wanted else Receipt("200 OK")


async def test_a_message_to_the_operator_has_a_headline_and_a_text(storage: Storage) -> None:
    with storage.begin() as tx:
        tx.deliveries.say(a_destination(tx).id, "source:a", "来源 a", "连续三次失败", NOW)
    outbox = Outbox()
    await delivered(storage, outbox)
    ((_, message),) = outbox.sent
    assert (message.notice, message.headline, message.text) == (None, "来源 a", "连续三次失败")


async def test_no_more_go_at_once_than_there_are_hands(storage: Storage) -> None:
    for reader in ("wang", "li"):
        with storage.begin() as tx:
            destination = a_destination(tx, reader)
        queued(storage, 6, to=destination.id)
    outbox = Outbox(seconds=0.01)
    await delivered(storage, outbox, concurrency=4)
    assert outbox.most_at_once == 4


async def test_one_destination_leaves_half_of_the_hands_to_others(storage: Storage) -> None:
    queued(storage, 12)
    outbox = Outbox(seconds=0.01)
    await delivered(storage, outbox, concurrency=4)
    assert outbox.most_at_once == 2


async def test_one_channel_that_hangs_leaves_a_quarter_of_the_hands_to_the_others(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver_module, "GRACE", dt.timedelta(0))
    for reader in ("wang", "li", "zhao", "qian", "sun", "zhou"):
        with storage.begin() as tx:
            destination = a_destination(tx, reader, "slack")
        queued(storage, 4, to=destination.id)  # longer due than the mails
    with storage.begin() as tx:
        mail = a_destination(tx, "wu", "email", "wu@example.org")
    queued(storage, 20, to=mail.id)
    hanging, mails = Outbox("slack", seconds=30, repeat_safe=True), Outbox("email")
    round_ = asyncio.create_task(delivered(storage, hanging, mails, concurrency=4))
    await mails.begun(20)
    assert hanging.most_at_once == 3
    round_.cancel()
    with pytest.raises(asyncio.CancelledError):
        await round_


@pytest.mark.parametrize(
    ("waiting", "leased"),
    [
        (["webhook"], {"webhook": 9}),
        (["console"], {"console": 3}),
        (["webhook", "console"], {"webhook": 6, "console": 2}),
    ],
    ids=str,
)
async def test_ahead_is_claimed_only_what_can_be_repeated_unseen(
    storage: Storage, waiting: list[str], leased: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver_module, "GRACE", dt.timedelta(0))
    for channel in waiting:
        for reader in ("wang", "li", "zhao", "qian", "sun"):
            with storage.begin() as tx:
                destination = a_destination(tx, reader, channel=channel)
            queued(storage, 2, to=destination.id)
    channels = [Outbox(name, seconds=30, repeat_safe=name == "webhook") for name in waiting]
    round_ = asyncio.create_task(delivered(storage, *channels, concurrency=3))
    await channels[-1].begun(1)  # all hands are at the last one; both were claimed in the same turn
    with storage.read() as tx:
        held = tx.deliveries.latest(DeliveryState.LEASED, limit=100)
    assert Counter(delivery.channel for delivery in held) == leased
    round_.cancel()
    with pytest.raises(asyncio.CancelledError):
        await round_


async def test_neither_what_is_claimed_ahead_nor_the_rest_waits_for_the_other_to_end(
    storage: Storage,
) -> None:
    order: list[str] = []
    for channel in ("webhook", "console"):
        for reader in ("wang", "li"):
            with storage.begin() as tx:
                destination = a_destination(tx, reader, channel=channel)
            queued(storage, 10, to=destination.id)

    def noted(channel: str) -> Answer:
        def answer(_: Message) -> Receipt:
            order.append(channel)
            return Receipt("200 OK")

        return answer

    hooks = Outbox(answer=noted("webhook"), seconds=0.005, repeat_safe=True)
    console = Outbox("console", noted("console"), seconds=0.005)
    assert (await delivered(storage, hooks, console, concurrency=2)).sent == 40
    assert set(order[:20]) == {"webhook", "console"}


async def test_a_slow_receiver_does_not_stop_the_others(storage: Storage) -> None:
    with storage.begin() as tx:
        slow = a_destination(tx, "li", channel="email", address="li@example.org")
    queued(storage, 1, to=slow.id)
    queued(storage, 20)
    mail, hooks = Outbox("email", seconds=1.0), Outbox()
    begun = asyncio.get_running_loop().time()
    round_ = asyncio.create_task(delivered(storage, mail, hooks, concurrency=3))
    while len(hooks.sent) < 20:
        await asyncio.sleep(0.01)
        assert not round_.done()
    assert asyncio.get_running_loop().time() - begun < 1.0
    assert await round_ == DeliveryReport(claimed=21, sent=21)


async def test_what_was_not_taken_goes_again_later_under_the_same_id(storage: Storage) -> None:
    queued(storage)
    outbox = Outbox(answer=refuse(SendOutcome.RETRY, answer="503"))
    assert await delivered(storage, outbox) == DeliveryReport(claimed=1, retried=1)
    assert await delivered(storage, outbox) == DeliveryReport()
    outbox.answer = Outbox().answer
    assert (await delivered(storage, outbox, now=NOW + HOUR)).sent == 1
    first, second = (message for _, message in outbox.sent)
    assert first.late is None
    assert second == replace(first, late=Lateness(HOUR, Cause.NOT_TAKEN))


@pytest.mark.parametrize("repeat_safe", [False, True])
async def test_what_may_have_arrived_goes_again_and_says_so_where_a_repeat_would_show(
    storage: Storage, repeat_safe: bool
) -> None:
    (delivery,) = queued(storage)
    outbox = Outbox(answer=refuse(SendOutcome.AMBIGUOUS), repeat_safe=repeat_safe)
    await delivered(storage, outbox)
    await delivered(storage, outbox, now=NOW + HOUR)
    assert [message.may_repeat for _, message in outbox.sent] == [False, not repeat_safe]
    with storage.read() as tx:
        assert [attempt.outcome for attempt in tx.deliveries.attempts(delivery)] == ["ambiguous"] * 2


async def test_a_bug_in_a_channel_stops_no_other_delivery_and_shows_no_secret(storage: Storage) -> None:
    (broken, whole) = queued(storage, 2)

    def answer(message: Message) -> Exception | object:
        if message.notice and message.notice.title == "第0号通知":
            return KeyError("https://example.org/?key=geheim")
        return Outbox().answer(message)

    outbox = Outbox(answer=answer)  # type: ignore[arg-type]
    assert await delivered(storage, outbox) == DeliveryReport(claimed=2, sent=1, retried=1)
    with storage.read() as tx:
        (attempt,) = tx.deliveries.attempts(broken)
    assert (attempt.outcome, attempt.answer) == ("ambiguous", "internal error: KeyError")
    assert states(storage) == [DeliveryState.RETRY, DeliveryState.SENT]
    assert whole


async def test_a_send_that_never_answers_is_cut_off_as_ambiguous(storage: Storage) -> None:
    (delivery,) = queued(storage)
    assert (await delivered(storage, Outbox(seconds=30), send_limit=0.05)).retried == 1
    with storage.read() as tx:
        (attempt,) = tx.deliveries.attempts(delivery)
    assert attempt.outcome == "ambiguous"


async def test_a_chat_that_moved_gets_its_message_at_the_new_address(storage: Storage) -> None:
    with storage.begin() as tx:
        group = a_destination(tx, channel="telegram", address="-100")
    queued(storage, to=group.id)
    moved = DeliveryError("the group moved", outcome=SendOutcome.RETRY, moved_to="-100200")
    answers = iter([moved, Receipt("200 OK")])
    outbox = Outbox("telegram", lambda _: next(answers))
    assert await delivered(storage, outbox) == DeliveryReport(claimed=2, sent=1, retried=1)
    assert [address for address, _ in outbox.sent] == ["-100", "-100200"]


async def test_deliveries_of_a_channel_that_is_not_configured_wait(storage: Storage) -> None:
    queued(storage)
    assert await delivered(storage, Outbox("email")) == DeliveryReport()
    assert states(storage) == [DeliveryState.PENDING]


# --- stopping


async def test_a_worker_that_is_stopped_finishes_what_is_under_way(storage: Storage) -> None:
    queued(storage, 3)
    outbox = Outbox(seconds=0.3)
    round_ = asyncio.create_task(delivered(storage, outbox, concurrency=2))
    await outbox.begun(2)
    round_.cancel()
    with pytest.raises(asyncio.CancelledError):
        await round_
    assert states(storage) == [DeliveryState.SENT, DeliveryState.SENT, DeliveryState.PENDING]


async def test_a_worker_that_is_stopped_leaves_what_does_not_finish_to_its_lease(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver_module, "GRACE", dt.timedelta(seconds=0.05))
    queued(storage, 1)
    outbox = Outbox(seconds=30)
    round_ = asyncio.create_task(delivered(storage, outbox))
    await outbox.begun(1)
    round_.cancel()
    with pytest.raises(asyncio.CancelledError):
        await round_
    assert states(storage) == [DeliveryState.LEASED]


async def test_a_worker_that_is_stopped_while_it_claims_puts_the_claims_back(storage: Storage) -> None:
    queued(storage, 5)
    outbox = Outbox()
    round_ = asyncio.create_task(delivered(storage, outbox))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    round_.cancel()
    with pytest.raises(asyncio.CancelledError):
        await round_
    assert outbox.sent == []
    assert set(states(storage)) <= {DeliveryState.RETRY, DeliveryState.PENDING}
    assert (await delivered(storage, outbox, now=NOW + HOUR)).sent == 5
    assert not any(message.may_repeat for _, message in outbox.sent)


async def test_a_worker_whose_lease_ran_out_before_it_sent_does_not_send(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver_module, "LEASE_FACTOR", 1)  # no time left to begin
    queued(storage)
    outbox = Outbox()
    assert (await delivered(storage, outbox)).retried == 1
    assert outbox.sent == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_result_that_cannot_be_recorded_stops_the_run_and_repeats_only_as_marked(
    storage: Storage, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver_module, "TURN_PAUSES", ())
    queued(storage)

    def answer(_: Message) -> Receipt:
        take_down(database_url)
        return Receipt("200 OK")

    outbox = Outbox(answer=answer)
    with pytest.raises(StorageError):
        await delivered(storage, outbox)
    bring_back(database_url)
    assert states(storage) == [DeliveryState.LEASED]
    assert len(outbox.sent) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_server_that_is_away_for_a_moment_is_waited_for(storage: Storage, database_url: str) -> None:
    queued(storage, 3)

    def answer(_: Message) -> Receipt:
        take_down(database_url)
        asyncio.get_running_loop().call_later(0.5, bring_back, database_url)
        return Receipt("200 OK")

    outbox = Outbox(answer=answer)
    assert (await delivered(storage, outbox)).sent == 3
    assert len(outbox.sent) == 3
    assert set(states(storage)) == {DeliveryState.SENT}


# --- over a real channel to a real server


@pytest.fixture
def receiver(httpserver: HTTPServer) -> list[str]:
    """The webhook ids that a receiver took; it fails at the first try of each."""
    seen: set[str] = set()
    taken: list[str] = []

    def handle(request: Request) -> Response:
        identity = request.headers["webhook-id"]
        if identity not in seen:
            seen.add(identity)
            return Response("busy", 503, {"Retry-After": "120"})
        taken.append(identity)
        return Response("ok")

    httpserver.expect_request("/hook").respond_with_handler(handle)
    return taken


async def test_webhooks_arrive_once_each_although_the_receiver_was_busy(
    storage: Storage, httpserver: HTTPServer, receiver: list[str]
) -> None:
    kind = CHANNELS["webhook"]
    key = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="
    channel = kind.create(kind.settings(secrets=[key], allow_private=True), Clock())
    with storage.begin() as tx:
        destination = a_destination(tx, address=httpserver.url_for("/hook"))
    queued(storage, 8, to=destination.id)
    try:
        for now in (NOW, NOW + dt.timedelta(seconds=119), NOW + DAY):
            await deliver_due(storage, {"webhook": channel}, worker="test", clock=Clock(now))
    finally:
        await channel.aclose()
    assert len(receiver) == len(set(receiver)) == 8
    assert set(states(storage)) == {DeliveryState.SENT}


async def test_a_receiver_that_is_gone_is_switched_off_and_its_owner_told_elsewhere(
    storage: Storage, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/hook").respond_with_data("gone", 410)
    kind = CHANNELS["webhook"]
    key = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="
    channel = kind.create(kind.settings(secrets=[key], allow_private=True), Clock())
    mail = Outbox("email")
    with storage.begin() as tx:
        gone = a_destination(tx, address=httpserver.url_for("/hook"))
        a_destination(tx, channel="email", address="wang@example.org")
        a_destination(tx, "li", channel="email", address="li@example.org")
    queued(storage, to=gone.id)
    try:
        channels = {"webhook": channel, "email": mail}
        await deliver_due(storage, channels, worker="test", clock=Clock())
    finally:
        await channel.aclose()
    with storage.read() as tx:
        destination = tx.destinations.get(gone.id)
    assert destination is not None
    assert not destination.active
    ((address, message),) = mail.sent
    assert address == "wang@example.org"
    assert "已停用" in message.headline
