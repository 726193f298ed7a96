"""The stage of the stories: the program as a process of its own, and three subscribers on real servers."""

import datetime as dt
import email
import email.policy
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from monitor.storage import Delivery, DeliveryState, Storage
from tests.processes import Program
from tests.servers.smtp import SmtpServer
from tests.servers.telegram import TOKEN, TelegramServer
from tests.servers.webhook import SECRET, WebhookServer

CHAT = 42
INBOX = "b@example.org"

CONFIG = """
database: {database}
sources:
  - {{id: inbox, kind: folder, path: inbox, every: 1s}}
channels:
  telegram: {{token: "{token}", base_url: "http://127.0.0.1:{telegram}"}}
  email: {{host: 127.0.0.1, port: {smtp}, security: none, sender: "Monitor <monitor@example.org>"}}
  webhook: {{secrets: ["{secret}"], allow_private: true, timeout: 3s}}
delivery: {{timeout: 3s}}
subscribers:
  - name: health insurance
    destinations: [{{channel: telegram, address: "{chat}"}}]
    subscriptions: [{{name: 山西与国家医保, rule: "省:山西,国家 机构:医保局"}}]
  - name: procurement
    destinations: [{{channel: email, address: {inbox}}}]
    subscriptions: [{{name: 集采, rule: 集采}}]
  - name: consultations
    destinations: [{{channel: webhook, address: "http://127.0.0.1:{webhook}/hook"}}]
    subscriptions: [{{name: 河北征求意见, rule: "省:河北 征求意见:是"}}]
operator:
  destinations: [{{channel: webhook, address: "http://127.0.0.1:{webhook}/operator"}}]
"""


@dataclass
class Stage:
    """Where a story happens: `folder` holds the configuration, the database and the inbox."""

    folder: Path
    database: str
    telegram: TelegramServer
    smtp: SmtpServer
    webhook: WebhookServer
    kills: int = 0
    _begins_at: int = 0
    _process: Program | None = field(default=None, repr=False)

    def drop(self, name: str, body: bytes) -> None:
        """Put a file into the inbox in one step, as a careful copier does."""
        part = self.folder / f".{name}.part"
        part.write_bytes(body)
        part.rename(self.folder / "inbox" / name)

    def start(self) -> None:
        self._begins_at = len(self.log())
        self._process = Program("run", folder=self.folder, output=self.folder / "program.log")

    def kill(self) -> None:
        """As `kill -9` does: no chance to tidy up."""
        assert self._process is not None
        self._process.kill()
        self.kills += 1

    def stop(self) -> int:
        """As Ctrl-C does, once the program says that it heeds it; the exit status."""
        self.until(lambda: "Ctrl-C" in self.log()[self._begins_at :])
        assert self._process is not None
        self._process.interrupt()
        return self._process.wait(30)

    def until(self, reached: Callable[[], bool], seconds: float = 60) -> None:
        """Wait while the program runs."""
        end = time.monotonic() + seconds
        while not reached():
            assert self._process is not None
            assert self._process.runs, self.log()
            assert time.monotonic() < end, self.log()
            time.sleep(0.1)

    def log(self) -> str:
        path = self.folder / "program.log"
        return path.read_text("utf-8") if path.exists() else ""

    def deliveries(self) -> list[Delivery]:
        storage = Storage(self.database)
        try:
            with storage.read() as tx:
                return tx.deliveries.latest(limit=10_000)
        finally:
            storage.close()

    def baseline_done(self) -> bool:
        storage = Storage(self.database)
        try:
            with storage.read() as tx:
                source = tx.sources.get("inbox")
        except Exception:  # the tables may not be there yet
            return False
        finally:
            storage.close()
        return source is not None and source.baseline_done_at is not None

    def read_everything(self) -> bool:
        """Every file of the inbox was read or reported, and everything queued was sent."""
        storage = Storage(self.database)
        try:
            with storage.read() as tx:
                known, failing = tx.entries.known("inbox"), tx.entries.failing("inbox")
                states = tx.deliveries.counts()
                waiting = tx.waiting.due(dt.datetime.now(dt.UTC) + dt.timedelta(days=1))
        finally:
            storage.close()
        files = list((self.folder / "inbox").iterdir())
        return len(known) + len(failing) >= len(files) and set(states) <= {DeliveryState.SENT} and not waiting

    def told(self, titles: Iterable[str]) -> dict[str, Counter[str]]:
        """Subscriber → how often each of these notices reached them, marked repeats left out.

        A repeat is marked in the text where the receiver could not know it, and by its id elsewhere. What is
        marked may be the first to arrive: its sender was killed before or after the message went out.
        """
        known = sorted(titles, key=len, reverse=True)
        return {
            "health insurance": self._telegram_titles(known),
            "procurement": Counter(_which(head, known) for head in self._mail_heads()),
            "consultations": Counter(_which(head, known) for head in self._webhook_heads()),
        }

    def _telegram_titles(self, known: list[str]) -> Counter[str]:
        assert {record["chat_id"] for record in self.telegram.log.records} <= {CHAT}
        texts = [record["text"] for record in self.telegram.log.records]
        marked = {_which(text.split("\n")[0], known) for text in texts if "可能重复" in text}
        titles = Counter(_which(text.split("\n")[0], known) for text in texts if "可能重复" not in text)
        return titles + Counter(marked - titles.keys())

    def _mail_heads(self) -> Iterator[str]:
        for record in {r["id"]: r for r in self.smtp.log.records}.values():
            assert record["to"] == [INBOX]
            mail = email.message_from_string(record["mail"], policy=email.policy.default)
            yield str(mail["Subject"])

    def _webhook_heads(self) -> Iterator[str]:
        hooks = [r for r in self.webhook.log.records if r["path"] == "/hook"]
        for record in {r["id"]: r for r in hooks}.values():
            yield record["event"]["data"]["notice"]["title"]

    def operator_messages(self) -> list[str]:
        return [
            record["event"]["data"]["text"]
            for record in self.webhook.log.records
            if record["path"] == "/operator"
        ]


@contextmanager
def stage(folder: Path, database: str) -> Iterator[Stage]:
    """The servers run and the configuration is written; the program is started by the story."""
    (folder / "inbox").mkdir()
    with TelegramServer() as telegram, SmtpServer() as smtp, WebhookServer() as webhook:
        telegram.add_chat(CHAT)
        text = CONFIG.format(
            database=database,
            token=TOKEN,
            secret=SECRET,
            chat=CHAT,
            inbox=INBOX,
            telegram=telegram.port,
            smtp=smtp.port,
            webhook=webhook.port,
        )
        (folder / "config.yaml").write_text(text, "utf-8")
        yield Stage(folder, database, telegram, smtp, webhook)


def folded(text: str) -> str:
    """For comparing titles: width and spaces do not count."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _which(head: str, known: list[str]) -> str:
    return next((title for title in known if folded(title) in folded(head)), f"unknown: {head}")
