"""A round of checks: 1,000 list pages of 30 KB with 20 notices on 100 hosts, beside urlwatch and webchanges.

    python -m benchmarks.check [--pages 1000] [--rounds 50] [--peers urlwatch,webchanges]

Three rounds are measured: everything unchanged and the site answers 304; unchanged and the site knows no
validators; one new notice on each tenth page. Ours is the program as `run` keeps it, with its database, its
archive and its sandbox, checking all sources at once with a gap of nothing; it reads, matches and records the
new notices. The peers are their commands as a user starts them, told by a selector where the rows are, and
must report just the pages that changed. What starts once per process is no part of a round: ours has started,
and what a peer takes for a single page is told beside its rounds and left out of the ratios.
Then `--rounds` unchanged rounds show whether memory grows.
"""

import argparse
import asyncio
import datetime as dt
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

import yaml

from benchmarks.check_nginx import PROGRAM, NginxSite
from benchmarks.check_peers import Peer, PeerMissingError, Round
from benchmarks.check_site import EVERY, PythonSite, Site, list_page
from monitor.app import App, open_app
from monitor.config.load import load_config
from monitor.memory import settle
from monitor.sources.lists import read_list
from monitor.sources.web import entries_of
from monitor.storage import Check, CheckOutcome, Storage
from monitor.types import Page

ROUNDS = ("unchanged, 304", "unchanged, no validators", "1 new on each 10th")
_TICK = os.sysconf("SC_CLK_TCK")


def write_config(folder: Path, urls: list[str]) -> None:
    """A configuration with a source for each address and a subscriber."""
    config = {
        "database": "sqlite:///monitor.db",
        "fetch": {"gap": "0s", "jitter": 0, "allow_private": True},
        "check": {"concurrency": 100},
        "log": {"level": "error"},
        "sources": [
            {"id": f"s{n}", "kind": "html_list", "url": url, "every": "1h"} for n, url in enumerate(urls)
        ],
        "channels": {"console": {}},
        "subscribers": [
            {
                "name": "reader",
                "destinations": [{"channel": "console"}],
                "subscriptions": [{"rule": "集采 省:山西"}, {"rule": "特别提醒"}],
            }
        ],
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")


def remember(storage: Storage, urls: list[str]) -> None:
    """Take down that the notices of all pages were recorded before, as a year of checks would have."""
    now = dt.datetime.now(dt.UTC)
    storage.migrate()
    with storage.begin() as tx:
        for number, url in enumerate(urls):
            source_id = f"s{number}"
            entries = entries_of(read_list(Page(url=url, body=list_page(number, 0))).rows, url)
            tx.sources.ensure(source_id, "html_list", now)
            tx.entries.note(source_id, entries, baseline=True, now=now)
            for entry in entries:
                tx.entries.recorded(source_id, entry, now)
            tx.sources.finish_baseline(source_id, now)
            tx.sources.add_checks(
                Check(source_id=source_id, started_at=now, finished_at=now, outcome=CheckOutcome.OK)
            )


def tree(process: int) -> Iterator[int]:
    """A process and those that it started."""
    yield process
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from tree(int(child))


def cpu_seconds() -> float:
    """CPU time of this process and of the sandbox's."""
    total = 0.0
    for process in tree(os.getpid()):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / _TICK
    return total


def memory(name: str) -> float:
    """VmRSS (now) or VmHWM (at most) of this process in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split(f"{name}:")[1].split()[0]) / 1024


async def one_round(program: App) -> tuple[Round, int, int]:
    """Check every source; the figures, how many failed, and how many notices were new."""
    wall, cpu = time.perf_counter(), cpu_seconds()
    checks = [report.check async for report in program.check()]
    used = Round(time.perf_counter() - wall, cpu_seconds() - cpu, memory("VmHWM"))
    failed = sum(check.outcome is CheckOutcome.FAILED for check in checks)
    return used, failed, sum(check.new for check in checks)


async def ours(folder: Path, orders: Connection) -> None:
    """Run a round for each order, until None comes."""
    async with open_app(load_config(folder / "config.yaml")) as program:
        settle()
        while await asyncio.to_thread(orders.recv):
            orders.send((*await one_round(program), memory("VmRSS")))


def start_ours(folder: Path, orders: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    asyncio.run(ours(folder, orders))


class Ours:
    """Our program in a process of its own."""

    def __init__(self, folder: Path, urls: list[str]) -> None:
        write_config(folder, urls)
        remember(Storage(f"sqlite:///{folder / 'monitor.db'}"), urls)
        self._orders, theirs = multiprocessing.Pipe()
        spawn = multiprocessing.get_context("spawn")
        self._process = spawn.Process(target=start_ours, args=(folder, theirs))
        self._process.start()

    def run(self, new: int = 0) -> tuple[Round, float]:
        """One round, and the memory after it. Exits where not all was as it should be."""
        self._orders.send(True)
        used, failed, found, resident = self._orders.recv()
        if failed or found != new:
            sys.exit(f"{failed} checks failed, {found} notices were new instead of {new}")
        return used, resident

    def stop(self) -> None:
        self._orders.send(None)
        self._process.join()


def parse_milliseconds() -> float:
    """CPU time of reading one of the pages, the median of a hundred."""
    times = []
    for number in range(100):
        page = Page(url=f"http://127.0.1.1/col/{number}/index.html", body=list_page(number, 0))
        started = time.process_time()
        read_list(page)
        times.append(time.process_time() - started)
    return 1000 * median(times)


def peers(names: Iterable[str], folder: Path, urls: list[str]) -> Iterator[Peer]:
    """Those that can be had; the others are named with the reason."""
    for name in names:
        try:
            yield Peer(name, folder, urls)
        except PeerMissingError as error:
            print(f"without {name}: {error}", file=sys.stderr)


def measure(site: Site, run: Callable[[Sequence[str]], Round], urls: Sequence[str]) -> list[Round]:
    """The three rounds of one program, after one that makes it know the pages as they are."""
    site.set(validators=True, published=0)
    run(())
    used = [run(())]
    site.set(validators=False)
    used.append(run(()))
    for published in (1, 2):  # the first time is no part of the round: what reads notices starts with it
        site.set(published=published)
        changed = run(urls[::EVERY])
    return [*used, changed]


def show(name: str, used: list[Round]) -> None:
    print(f"\n{name}")
    for round_, took in zip(ROUNDS, used, strict=True):
        print(
            f"  {round_:26} {took.wall:7.2f} s wall {took.cpu:7.2f} s CPU {took.memory:6.0f} MB", flush=True
        )


def show_peer(peer: Peer, used: list[Round], start: Round, own: list[Round]) -> None:
    show(f"{peer.name} {peer.version}", used)
    print(f"  {'of it, to start':26} {start.wall:7.2f} s wall {start.cpu:7.2f} s CPU")
    for round_, took, ours in zip(ROUNDS, used, own, strict=True):
        wall, cpu = (took.wall - start.wall) / ours.wall, (took.cpu - start.cpu) / ours.cpu
        print(f"  {round_:26} {wall:7.1f} × wall {cpu:7.1f} × CPU of ours, without the start", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--peers", default="urlwatch,webchanges", help="none: ''")
    options = parser.parse_args()
    open_site = NginxSite if PROGRAM else PythonSite
    with open_site(options.pages) as site, tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        urls = [site.url(number) for number in range(options.pages)]
        program = Ours(folder, urls)
        own = measure(site, lambda changed: program.run(len(changed))[0], urls)
        size = len(list_page(0, 0)) / 1024
        print(f"{options.pages} pages of {size:.0f} KB behind {site.name}")
        print(f"reading one takes {parse_milliseconds():.2f} ms")
        show("policy-monitor", own)
        after = [program.run()[1] for _ in range(options.rounds)]
        if after:
            print(
                f"  memory after {len(after)} more rounds: {after[0]:.0f} MB, at the end {after[-1]:.0f} MB"
            )
        program.stop()
        for peer in peers(filter(None, options.peers.split(",")), folder, urls):
            used = measure(site, peer.run, urls)
            show_peer(peer, used, peer.start(), own)


if __name__ == "__main__":
    main()
