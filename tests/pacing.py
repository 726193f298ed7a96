"""What the processes do that together must not break a provider's limits: deliver over a real channel to a
strict Telegram server, as fast as they may."""

import asyncio
import contextlib
import datetime as dt
import os

from monitor.deliver import deliver_due
from monitor.notify.telegram import TelegramChannel, TelegramSettings
from monitor.storage import Storage
from tests.making import NOW, a_destination, a_notice, a_revision, a_subscription, met
from tests.servers.telegram import TOKEN


def clock() -> dt.datetime:
    """The time of the real world, since the limits are of that."""
    return dt.datetime.now(dt.UTC)


def queue_for_chats(storage: Storage, chats: list[int], each: int) -> None:
    """So many notices, each told to every one of these chats; the first chat's are the longest due."""
    with storage.begin() as tx:
        subscriptions = [
            a_subscription(tx, to=a_destination(tx, f"reader {chat}", "telegram", str(chat)))
            for chat in chats
        ]
        for number in range(each):
            revision = a_revision(tx, a_notice(f"第{number}号通知"))
            met(tx, revision, *subscriptions)
            tx.deliveries.plan(revision.notice_id, NOW)


def deliver_to_telegram(url: str, base_url: str) -> None:
    """Deliver whatever is due, until killed."""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_deliver(url, base_url))


async def _deliver(url: str, base_url: str) -> None:
    storage = Storage(url)
    channel = TelegramChannel(TelegramSettings(token=TOKEN, base_url=base_url), clock)
    while True:
        report = await deliver_due(
            storage, {"telegram": channel}, worker=str(os.getpid()), clock=clock, concurrency=8
        )
        await asyncio.sleep(min(report.opens_in or 0.1, 0.1))
