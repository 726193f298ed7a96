"""Processes that record and deliver are killed with SIGKILL, again and again: nothing is lost, and what comes
twice says that it may be a repeat."""

import json
import random
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from monitor.storage import DeliveryState, Storage
from tests.crash import SUBSCRIBERS, deliver_to_file, prepare, record_pages
from tests.processes import start

PATIENCE = 60.0


@pytest.mark.parametrize(("kills", "pages"), [(4, 60), pytest.param(60, 900, marks=pytest.mark.slow)])
def test_nothing_is_lost_and_every_repeat_is_marked(
    storage: Storage, tmp_path: Path, kills: int, pages: int
) -> None:
    url, log = storage.url.render_as_string(hide_password=False), tmp_path / "arrived.jsonl"
    prepare(url)
    for _ in range(kills):
        _run_and_kill(url, log, pages)
    recorder = start(record_pages, url, pages)
    workers = [start(deliver_to_file, url, log) for _ in range(2)]
    recorder.join()
    _wait_until_sent(storage, pages * len(SUBSCRIBERS))
    for worker in workers:
        worker.kill()
        worker.join()
    _assert_told_once(log, pages)


def _run_and_kill(url: str, log: Path, pages: int) -> None:
    processes = [start(record_pages, url, pages), start(deliver_to_file, url, log)]
    time.sleep(random.uniform(0.05, 0.4))
    for process in random.sample(processes, len(processes)):
        process.kill()
        process.join()


def _wait_until_sent(storage: Storage, expected: int) -> None:
    end = time.monotonic() + PATIENCE
    counts: dict[DeliveryState, int] = {}
    while time.monotonic() < end:
        with storage.read() as tx:
            counts = tx.deliveries.counts()
        if counts == {DeliveryState.SENT: expected}:
            return
        time.sleep(0.1)
    pytest.fail(f"not everything was sent: {counts}")


def _assert_told_once(log: Path, pages: int) -> None:
    arrived: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for line in log.read_text("utf-8").splitlines():
        message = json.loads(line)
        arrived[message["to"], message["title"]].append(message)
    assert len(arrived) == pages * len(SUBSCRIBERS)
    for messages in arrived.values():
        assert len({message["id"] for message in messages}) == 1
        assert [message["repeat"] for message in messages[1:]] == [True] * (len(messages) - 1)
