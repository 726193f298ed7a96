"""What the processes do that a test kills: record pages, and deliver to a file.

Their clock runs a hundred times as fast as ours, so that leases run out and retries come due within a test.
"""

import asyncio
import datetime as dt
import json
import os
import time
from pathlib import Path

from monitor.deliver import deliver_due
from monitor.limits import Limits
from monitor.matching import SubscriptionIndex, tell
from monitor.recording import record
from monitor.repair import repair
from monitor.storage import Storage
from monitor.types import Entry, Message, Notice, Receipt
from rules import default_vocabulary
from tests.making import NOW, a_destination, a_subscription

SUBSCRIBERS = ("wang", "li")


def clock() -> dt.datetime:
    """The same for all processes: it goes by the wall clock."""
    return NOW + dt.timedelta(seconds=100 * (time.time() - 1_700_000_000))


def prepare(url: str) -> None:
    storage = Storage(url)
    with storage.begin() as tx:
        tx.sources.ensure("site", "html_list", NOW)
        for name in SUBSCRIBERS:
            a_subscription(tx, to=a_destination(tx, name, "file", name))
    storage.close()


def record_pages(url: str, pages: int) -> None:
    """Record those of so many pages that are not recorded yet, each with its alerts in one transaction."""
    storage, index = Storage(url), SubscriptionIndex(default_vocabulary())
    for number in range(pages):
        entry = Entry(url=f"https://example.org/{number}", version="1")
        with storage.read() as tx:
            known = tx.entries.known("site")
        if entry.url in known:
            continue
        with storage.begin() as tx:
            now = clock()
            tx.entries.note("site", [entry], baseline=False, now=now)
            notice = Notice(title=f"关于第{number}批药品集采的通知", body=f"第{number}批集采药品名单。" * 50)
            recorded = record(tx, notice, source_id="site", url=entry.url, now=now)
            tell(tx, recorded, index, now)
            tx.entries.recorded("site", entry, now)
    storage.close()


class FileChannel:
    """Sends by appending a line to a file, as durably as a receiver that answers has to be."""

    name = "file"
    repeat_safe = False
    paced = False

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def limits(self, address: str) -> Limits:
        return ()

    async def send(self, address: str, message: Message) -> Receipt:
        assert message.notice is not None
        line = {
            "to": address,
            "id": message.delivery_id,
            "title": message.notice.title,
            "repeat": message.may_repeat,
        }
        os.write(self._file, (json.dumps(line, ensure_ascii=False) + "\n").encode())
        await asyncio.sleep(0.002)  # the answer is on its way: the moment that makes repeats
        return Receipt("written")

    async def probe(self) -> str:
        return "The file is open."

    async def aclose(self) -> None:
        os.close(self._file)


def deliver_to_file(url: str, path: Path) -> None:
    """Deliver whatever is due, for ever."""
    asyncio.run(_deliver(url, path))


async def _deliver(url: str, path: Path) -> None:
    storage, index, channel = Storage(url), SubscriptionIndex(default_vocabulary()), FileChannel(path)
    while True:
        repair(storage, index, now=clock())
        await deliver_due(storage, {"file": channel}, worker=str(os.getpid()), clock=clock, concurrency=4)
        await asyncio.sleep(0.01)
