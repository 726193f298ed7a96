"""How long a reply takes while 50 updates a second come in, beside the least that any bot needs.

    python -m benchmarks.chat [SECONDS]

The whole program (`policy-monitor run`, SQLite) answers a hundred private chats over real HTTP; the local Bot
API server notes when an update could be fetched and when its reply came. The floor is a bare bot in a process
of its own, in the same run: aiohttp, no database, every update answered with a word.
"""

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import aiohttp

from tests.chat.stage import Person, Stage, stage
from tests.servers.telegram import TOKEN, TelegramServer

PER_SECOND = 50
CHATS = 100
SAID = ("/help", "/subscribe 省:山西 集采", "/list", "订阅 山西 医保局 集采")


async def echo(base: str) -> None:
    """A bot that answers everything with the same word, and does nothing else."""
    offset = 0
    async with aiohttp.ClientSession() as session:

        async def reply(chat: int) -> None:
            body = {"chat_id": chat, "text": "ok"}
            async with session.post(f"{base}/sendMessage", json=body) as response:
                await response.read()

        while True:
            async with session.post(f"{base}/getUpdates", json={"offset": offset, "timeout": 5}) as response:
                updates = (await response.json())["result"]
            if updates:
                offset = updates[-1]["update_id"] + 1
            await asyncio.gather(*(reply(one["message"]["chat"]["id"]) for one in updates))


def measured(people: list[Person], server: TelegramServer, seconds: float) -> list[float]:
    """Milliseconds from each update to its reply, in the order they were asked."""
    asked: dict[int, list[float]] = {person.chat: [] for person in people}
    before = len(server.sent)
    begun = time.monotonic()
    for number in range(int(seconds * PER_SECOND)):
        time.sleep(max(0.0, begun + number / PER_SECOND - time.monotonic()))
        person = people[number % len(people)]
        asked[person.chat].append(time.time())
        person.sends(SAID[number // len(people) % len(SAID)])
    wanted = int(seconds * PER_SECOND)
    end = time.monotonic() + 60
    while len(server.sent) - before < wanted and time.monotonic() < end:
        time.sleep(0.05)
    took = []
    for record in server.sent[before:]:
        if asked[record["chat_id"]]:
            took.append(1000 * (record["at"] - asked[record["chat_id"]].pop(0)))
    return took


def shown(name: str, took: list[float], wanted: int) -> str:
    p95 = statistics.quantiles(took, n=20)[-1]
    answered = f"{len(took)} of {wanted} answered"
    return f"{name:<16} median {statistics.median(took):7.1f} ms   p95 {p95:7.1f} ms   {answered}"


def run(start: Callable[[Stage], AbstractContextManager[None]], seconds: float) -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        database = f"sqlite:///{path / 'monitor.db'}"
        with stage(path, database, chat=", rate: 100000") as made, start(made):
            people = [made.person() for _ in range(CHATS)]
            measured(people, made.telegram, 2)  # everything is loaded, everybody known
            return measured(people, made.telegram, seconds)


@contextmanager
def floor(made: Stage) -> Iterator[None]:
    base = f"http://127.0.0.1:{made.telegram.port}/bot{TOKEN}"
    with subprocess.Popen([sys.executable, "-m", "benchmarks.chat", "--echo", base]) as process:
        time.sleep(2)
        yield
        process.kill()


@contextmanager
def program(made: Stage) -> Iterator[None]:
    made.start()
    made.until(lambda: len(made.telegram.commands) == 8, seconds=60)
    yield


def main() -> None:
    if sys.argv[1:2] == ["--echo"]:
        asyncio.run(echo(sys.argv[2]))
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20
    wanted = int(seconds * PER_SECOND)
    print(f"{PER_SECOND} updates a second for {seconds:.0f} s, {CHATS} chats")
    bare, ours = run(floor, seconds), run(program, seconds)
    print(shown("bare echo bot", bare, wanted))
    print(shown("policy-monitor", ours, wanted))
    print(f"ratio of medians {statistics.median(ours) / statistics.median(bare):.1f}")


if __name__ == "__main__":
    main()
