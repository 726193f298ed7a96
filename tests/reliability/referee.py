"""The referee: a webhook receiver, a mail relay and a Bot API server in one process with durable logs.

What they took is in `webhook.jsonl`, `mail.jsonl` and `telegram.jsonl`, written (and fsynced) before the
sender hears of it; each line has the fault that its sender met. What they refused, and why, is in
`refused.jsonl`.

As a process (`python -m tests.reliability.referee FOLDER SEED`) it prints its ports as JSON, and then takes
orders, a line of JSON each: `{"rate": 0.06}` how many requests meet a fault, `{"block": 42}`,
`{"unblock": 42}`, `{"migrate": [-5, -1005]}`, `{"flood": 3}` so many 429 by Telegram,
`{"hold": 2, "times": 3}` for the next answers of the webhook receiver to take 2 s. It ends with its standard
input.
"""

import email
import email.policy
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Literal

from tests.servers._common import Call, DurableLog, Fault, FaultKind, Faults, HttpServer, Reply, read_log
from tests.servers.smtp import SmtpServer
from tests.servers.telegram import TelegramServer
from tests.servers.webhook import WebhookServer

ROOT = Path(__file__).parents[2]
TOO_SLOW = 4.5
"""Seconds after which no sender of these tests waits for an answer any more."""
MARK = "可能重复"
FLOOD = Fault(
    "refuse",
    status=429,
    body='{"ok": false, "error_code": 429, "description": "Too Many Requests: retry after 1",'
    ' "parameters": {"retry_after": 1}}',
)
TOKEN = re.compile(r"DX\d{4,}")
"""What every notice of these tests carries in its title, and no other has."""

Channel = Literal["webhook", "mail", "telegram"]


class SomeFaults(Faults):
    """Faults by chance whose rate can be changed, a third of the late answers too late for everybody."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.rate = 0.0
        self._chance = Random(seed)
        self._turn = threading.Lock()

    def next(self) -> Fault | None:
        ordered = super().next()
        with self._turn:
            if ordered or self._chance.random() >= self.rate:
                return ordered
            kinds: list[FaultKind] = ["refuse", "refuse", "drop", "accept_and_drop", "slow"]
            seconds = self._chance.choice([0.1, 0.3, TOO_SLOW])
            return Fault(self._chance.choice(kinds), self._chance.choice([500, 503]), seconds)


class Witnessed(HttpServer):
    """Keeps in `refused` what it did not take, or did not answer well."""

    refusals: DurableLog

    def answer(self, call: Call) -> Reply:
        reply = super().answer(call)
        if reply.drop or reply.status >= 300:
            said = reply.body.decode(errors="replace")
            self.refusals.append(
                {"path": call.path[-40:], "status": reply.status, "drop": reply.drop, "said": said}
            )
        return reply


class Webhook(Witnessed, WebhookServer):
    pass


class Telegram(Witnessed, TelegramServer):
    pass


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that a server took: `notice` is its token, "" where it is about no notice.

    `id` is what the receiver knows repeats by ("" for Telegram, which knows none); `unanswered`: the referee
    kept the answer from its sender.
    """

    at: float
    channel: Channel
    address: str
    notice: str
    id: str
    marked: bool
    unanswered: bool
    record: dict[str, Any]

    @property
    def tokens(self) -> set[str]:
        """Of all notices that a webhook or a mail tells of."""
        mail = email.message_from_string(self.record.get("mail", ""), policy=email.policy.default)
        texts = [part.get_content() for part in mail.walk() if part.get_content_type() == "text/plain"]
        return set(TOKEN.findall(json.dumps([self.record.get("event"), *texts])))


class Referee:
    """The referee's process, as a test sees it."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "tests.reliability.referee", str(folder), str(seed)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.ports: dict[str, int] = json.loads(self._process.stdout.readline())
        self._logs = [(folder / f"{name}.jsonl").open("rb") for name in self.ports]
        self._count = 0

    def order(self, **orders: Any) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        print(json.dumps(orders), file=self._process.stdin, flush=True)
        assert self._process.stdout.readline() == "done\n"

    def end(self) -> None:
        self._process.communicate()
        for log in self._logs:
            log.close()

    def arrivals(self) -> list[Arrival]:
        """Everything taken so far, in order of time."""
        return sorted(self._arrivals(), key=lambda arrival: arrival.at)

    def count(self) -> int:
        """How many messages were taken so far."""
        for log in self._logs:
            self._count += log.read().count(b"\n")
        return self._count

    def further(self, count: int) -> Callable[[], bool]:
        """Tells whether so many more were taken from now on."""
        least = self.count() + count
        return lambda: self.count() >= least

    def refused(self) -> list[dict[str, Any]]:
        return read_log(self._folder / "refused.jsonl")

    def _arrivals(self) -> Iterator[Arrival]:
        for record in read_log(self._folder / "webhook.jsonl"):
            data = record["event"]["data"]
            title = (data.get("notice") or {}).get("title", "")
            yield _arrival("webhook", record, record["path"], title, record["id"])
        for record in read_log(self._folder / "mail.jsonl"):
            subject = str(email.message_from_string(record["mail"], policy=email.policy.default)["Subject"])
            yield _arrival("mail", record, record["to"][0], subject, record["id"])
        for record in read_log(self._folder / "telegram.jsonl"):
            text = record["text"]
            yield _arrival("telegram", record, str(record["chat_id"]), text, "", marked=MARK in text)


def _arrival(
    channel: Channel, record: dict[str, Any], address: str, text: str, id_: str, *, marked: bool = False
) -> Arrival:
    found = TOKEN.search(text)
    late = record.get("fault") == "slow" and record["seconds"] >= TOO_SLOW
    return Arrival(
        at=record["at"],
        channel=channel,
        address=address,
        notice=found[0] if found else "",
        id=id_,
        marked=marked,
        unanswered=late or record.get("fault") == "accept_and_drop",
        record=record,
    )


@contextmanager
def refereed(folder: Path, seed: int = 1) -> Iterator[Referee]:
    referee = Referee(folder, seed)
    try:
        yield referee
    finally:
        referee.end()


def serve(folder: Path, seed: int) -> None:
    """Be the referee until the standard input ends."""
    faults = {name: SomeFaults(seed + number) for number, name in enumerate(("webhook", "mail", "telegram"))}
    with (
        Webhook(folder / "webhook.jsonl", faults=faults["webhook"]) as webhook,
        SmtpServer(folder / "mail.jsonl", faults=faults["mail"]) as mail,
        Telegram(folder / "telegram.jsonl", faults=faults["telegram"], open_to_all=True) as telegram,
    ):
        webhook.refusals = telegram.refusals = DurableLog(folder / "refused.jsonl")
        ports = {"webhook": webhook.port, "mail": mail.port, "telegram": telegram.port}
        print(json.dumps(ports), flush=True)
        for line in sys.stdin:
            _obey(json.loads(line), faults, telegram)
            print("done", flush=True)


def _obey(order: dict[str, Any], faults: dict[str, SomeFaults], telegram: TelegramServer) -> None:
    if "rate" in order:
        for some in faults.values():
            some.rate = order["rate"]
    if "block" in order:
        telegram.add_chat(order["block"])
        telegram.block(order["block"])
    if "unblock" in order:
        telegram.add_chat(order["unblock"])
    if "migrate" in order:
        old, new = order["migrate"]
        telegram.add_chat(old)
        telegram.migrate(old, new)
    faults["telegram"].order(*[FLOOD] * order.get("flood", 0))
    if "hold" in order:
        faults["webhook"].order(*[Fault("slow", seconds=order["hold"])] * order["times"])


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
