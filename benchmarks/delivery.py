"""How fast alerts go out, against the libraries that others send with. All figures of one run.

    python -m benchmarks.delivery [webhooks] [mails] [telegram] [--senders N] [--requests N] [--seconds N]

webhooks  to a local sink, fifty at a time: clients alone, our channel alone, with the ledger on SQLite and
          on PostgreSQL (where tests/databases.py finds one)
mails     to a local relay: the channel against bare aiosmtplib with the same number of connections kept open
telegram  to the strict local Bot API server, with the ledger on SQLite: the rate, the most in any sliding
          second, and the 429s
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiosmtplib

from benchmarks.delivery_peers import APPRISE, HTTPX, peers
from benchmarks.sink import sink
from benchmarks.timing import Cost, best, cost, timed
from monitor.deliver import deliver_due
from monitor.memory import settle
from monitor.notify import Channel
from monitor.notify.email import EmailChannel, EmailSettings
from monitor.notify.email import render as render_mail
from monitor.notify.telegram import TelegramChannel, TelegramSettings
from monitor.notify.webhook import WebhookChannel, WebhookSettings, render
from monitor.storage import Storage
from tests.databases import fresh_postgresql
from tests.making import NOW, a_destination, a_revision, a_subscription, met
from tests.notify.samples import ALERT, NOTICE, alert, real_clock
from tests.pacing import queue_for_chats
from tests.servers._common import read_log
from tests.servers.telegram import TOKEN
from tests.servers.webhook import SECRET

BODY = render(ALERT, real_clock())
OURS, LEDGER = "our channel alone", "with the ledger on {}"
DESTINATIONS = 50
ROUNDS = 5


@contextmanager
def database(kind: str) -> Iterator[Storage]:
    """A fresh one on disk with all its safety on."""
    if kind == "PostgreSQL":
        with fresh_postgresql() as url:
            storage = Storage(url)
            storage.migrate()
            yield storage
            storage.close()
        return
    with tempfile.TemporaryDirectory() as folder:
        storage = Storage(f"sqlite:///{folder}/monitor.db")
        storage.migrate()
        yield storage
        storage.close()


def queue_webhooks(storage: Storage, url: str, count: int) -> None:
    """So many deliveries, spread over fifty destinations."""
    with storage.begin() as tx:
        subscriptions = [
            a_subscription(tx, to=a_destination(tx, f"reader {number}", "webhook", f"{url}?{number}"))
            for number in range(DESTINATIONS)
        ]
        for _ in range(-(-count // DESTINATIONS)):
            revision = a_revision(tx, NOTICE)
            met(tx, revision, *subscriptions)
            tx.deliveries.plan(revision.notice_id, NOW)


async def ledger_cost(kind: str, channel: Channel, url: str, senders: int, count: int) -> Cost:
    """Of a delivery: claimed, sent and recorded."""
    with database(kind) as storage:
        queue_webhooks(storage, url, count)
        with timed(count) as found:
            report = await deliver_due(
                storage, {"webhook": channel}, worker="benchmark", clock=real_clock, concurrency=senders
            )
        assert report.sent >= count
        return found[0]


async def webhooks(senders: int, count: int) -> None:
    """All arrangements in turn, several times; the best run of each counts."""
    channel = WebhookChannel(WebhookSettings(secrets=[SECRET], allow_private=True), real_clock)
    alerts = [alert(f"d-{number}") for number in range(count)]
    with sink() as port:
        url = f"http://127.0.0.1:{port}/hook"
        async with peers(port, BODY, senders, count) as arrangements:
            arrangements |= {
                OURS: lambda: cost(lambda number: channel.send(url, alerts[number]), senders, count),
                LEDGER.format("SQLite"): lambda: ledger_cost("SQLite", channel, url, senders, count),
                LEDGER.format("PostgreSQL"): lambda: ledger_cost("PostgreSQL", channel, url, senders, count),
            }
            found: dict[str, list[Cost]] = {name: [] for name in arrangements}
            settle()  # as the program does; it is for all of them
            for _ in range(ROUNDS):
                for name, one in arrangements.items():
                    found[name].append(await one())
        await channel.aclose()
    least = {name: best(costs) for name, costs in found.items()}
    for name, (wall, cpu) in least.items():
        ratios = f"{least[HTTPX].wall / wall:5.1f} x httpx  {least[APPRISE].wall / wall:5.1f} x apprise"
        print(f"{name:32}{1 / wall:8.0f}/s  {ratios}  {cpu * 1000:6.3f} ms of CPU")
    for kind in ("SQLite", "PostgreSQL"):
        ledger, alone = least[LEDGER.format(kind)], least[OURS]
        more = Cost(ledger.wall - alone.wall, ledger.cpu - alone.cpu)
        print(f"the ledger on {kind} costs {more.wall * 1000:.2f} ms, {more.cpu * 1000:.2f} ms of it CPU")


@contextmanager
def server(module: str, log: Path) -> Iterator[int]:
    """The port of one of the tests' servers, in a process of its own."""
    command = [sys.executable, "-m", f"tests.servers.{module}", "--log", str(log)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


async def mails(count: int) -> None:
    """Both over two connections, in turns."""
    sender, reader, connections = "alerts@monitor.example", "reader@example.org", 2
    with tempfile.TemporaryDirectory() as folder, server("smtp", Path(folder, "log")) as port:
        settings = EmailSettings(host="127.0.0.1", port=port, security="none", sender=sender)
        channel = EmailChannel(settings, real_clock)
        free: asyncio.Queue[aiosmtplib.SMTP] = asyncio.Queue()
        for _ in range(connections):
            client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False)
            await client.connect()
            free.put_nowait(client)
        mail = render_mail(ALERT, settings, reader, real_clock())

        async def bare(_: int) -> None:
            client = await free.get()
            await client.sendmail(sender, [reader], mail)
            free.put_nowait(client)

        async def ours(number: int) -> None:
            await channel.send(reader, alert(f"d-{number}"))

        found: dict[str, list[Cost]] = {"bare": [], "ours": []}
        for _ in range(ROUNDS):
            found["bare"].append(await cost(bare, connections, count))
            found["ours"].append(await cost(ours, connections, count))
        await channel.aclose()
    floor, channel_ = (best(costs).wall for costs in found.values())
    print(f"bare aiosmtplib {1 / floor:.0f}/s, our channel {1 / channel_:.0f}/s: {floor / channel_:.0%}")


async def telegram(seconds: float) -> None:
    """Far more is due than can go out; the first seconds, in which it gets going, do not count."""
    start = 5.0
    with (
        tempfile.TemporaryDirectory() as folder,
        server("telegram", Path(folder, "log")) as port,
        database("SQLite") as storage,
    ):
        queue_for_chats(storage, list(range(1000, 1300)), each=round(seconds / 6))
        channel = TelegramChannel(
            TelegramSettings(token=TOKEN, base_url=f"http://127.0.0.1:{port}"), real_clock
        )
        try:
            async with asyncio.timeout(seconds + start + 2):
                await deliver_due(storage, {"telegram": channel}, worker="benchmark", clock=real_clock)
        except TimeoutError:
            await channel.aclose()
        times = [record["at"] for record in read_log(Path(folder, "log"))]
        with storage.read() as tx:
            refused = sum(
                "Flood" in (attempt.answer or "")
                for delivery in tx.deliveries.latest(limit=100_000)
                if delivery.attempts
                for attempt in tx.deliveries.attempts(delivery.id)
            )
    counted = [at for at in times if start <= at - times[0] < start + seconds]
    most = max(sum(first <= at < first + 1 for at in times[n : n + 40]) for n, first in enumerate(times))
    speed = len(counted) / seconds
    print(f"{speed:.2f}/s over {seconds:.0f} s, at most {most} in any second, {refused} answers 429")


def main() -> None:
    """Run what is asked for, or everything."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", nargs="*", choices=["webhooks", "mails", "telegram", []])
    parser.add_argument("--senders", type=int, default=50)
    parser.add_argument("--requests", type=int, default=3000)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    what = options.what or ["webhooks", "mails", "telegram"]
    if "webhooks" in what:
        asyncio.run(webhooks(options.senders, options.requests))
    if "mails" in what:
        asyncio.run(mails(options.requests // 3))
    if "telegram" in what:
        asyncio.run(telegram(options.seconds))


if __name__ == "__main__":
    main()
