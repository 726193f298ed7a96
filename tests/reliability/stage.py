"""What happens in these tests: notices come into a folder, and many subscribers are to be told of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tests.reliability.looking import opened
from tests.reliability.referee import Channel
from tests.servers.telegram import TOKEN
from tests.servers.webhook import SECRET

PROVINCES = ("山西", "河北", "吉林", "江苏", "浙江", "福建", "湖南", "四川")
SEND_LIMIT = 5
"""Seconds a send may take."""
LEASE = 3 * SEND_LIMIT + 1
"""Seconds after which a lease is over."""

Key = tuple[Channel, str, str]
"""A delivery as the referee knows it: channel, address, the notice's token."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A destination, and the province it wants to hear of (None: all), at once or in summaries."""

    channel: Channel
    address: str
    province: str | None = None
    hourly: bool = False


@dataclass
class Stage:
    """A folder with a configuration, an inbox, and what was put there so far."""

    folder: Path
    readers: tuple[Reader, ...]
    database: str
    ports: dict[str, int]
    dropped: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "inbox").mkdir(exist_ok=True)
        self.config = self.configure()

    def configure(
        self, name: str = "config", *, secrets: tuple[str, ...] = (SECRET,), **more: object
    ) -> Path:
        """Write a configuration; its path."""
        path = self.folder / f"{name}.yaml"
        path.write_text(yaml.safe_dump(self._settings(secrets) | more, allow_unicode=True), "utf-8")
        return path

    def drop(self, count: int = 1) -> None:
        """Put so many further notices into the inbox, each in one step, as a careful copier does."""
        for _ in range(count):
            number = len(self.dropped) + 1
            province, token = PROVINCES[number % len(PROVINCES)], f"DX{number:04}"
            part = self.folder / f".{token}.part"
            part.write_text(_notice(province, token, number), "utf-8")
            part.rename(self.folder / "inbox" / f"{token}.txt")
            self.dropped.append((token, province))

    def expected(self) -> set[Key]:
        """Who is to be told of what, in a message of its own."""
        return {
            (reader.channel, reader.address, token)
            for token, province in self.dropped
            for reader in self.readers
            if reader.province in (None, province) and not reader.hourly
        }

    def all_read(self) -> bool:
        """Whether every notice in the inbox was recorded."""
        with opened(self.database) as storage, storage.read() as tx:
            return len(tx.entries.known("inbox")) == len(self.dropped)

    def _settings(self, secrets: Iterable[str]) -> dict[str, object]:
        local = "http://127.0.0.1"
        return {
            "database": self.database,
            "sources": [
                {
                    "id": "inbox",
                    "kind": "folder",
                    "path": "inbox",
                    "every": "1s",
                    "first_check": "alert",
                    "may_be_empty": True,
                }
            ],
            "channels": {
                "telegram": {
                    "token": TOKEN,
                    "base_url": f"{local}:{self.ports['telegram']}",
                    "timeout": "3s",
                },
                "email": {
                    "host": "127.0.0.1",
                    "port": self.ports["mail"],
                    "security": "none",
                    "connections": 8,
                    "sender": "Monitor <monitor@example.org>",
                    "timeout": "3s",
                },
                "webhook": {"secrets": list(secrets), "allow_private": True, "timeout": "3s"},
            },
            "delivery": {"timeout": f"{SEND_LIMIT}s"},
            "subscribers": [self._subscriber(reader) for reader in self.readers],
            "operator": {"destinations": [self._destination(Reader("webhook", "/operator"))]},
        }

    def _subscriber(self, reader: Reader) -> dict[str, object]:
        rule = f"省:{reader.province} 集采" if reader.province else "集采"
        return {
            "name": f"{reader.channel} {reader.address}",
            "group_from": "none",  # so that each notice is a message of its own
            "destinations": [self._destination(reader)],
            "subscriptions": [{"name": "集采", "rule": rule}],
            "frequency": "hourly" if reader.hourly else "instant",
        }

    def _destination(self, reader: Reader) -> dict[str, str]:
        if reader.channel == "webhook":
            address = f"http://127.0.0.1:{self.ports['webhook']}{reader.address}"
            return {"channel": "webhook", "address": address}
        return {"channel": "email" if reader.channel == "mail" else "telegram", "address": reader.address}


def _notice(province: str, token: str, number: int) -> str:
    """Its title has what a careless sender would trip over."""
    title = f"{province}省医疗保障局关于执行<第{number}批>药品集中带量采购&挂网结果的通知（{token}）"
    body = f"各市医疗保障局：\n现将第{number}批药品集中带量采购（集采）中选结果（{token}）通知如下。\n"
    return f"{title}\n{province}医保发〔2025〕{number}号\n\n{body}\n{province}省医疗保障局\n2025年12月1日\n"
