"""What a start costs with many subscriptions: the first, and one that finds its rules prepared. Then what a
change of one of them costs, and telling a notice to all that it meets.

    python -m benchmarks.start [CORPUS] [--subscriptions 1000000] [--profile broad]

Each start is a process of its own. The peer is the bare reading of the same rows with sqlite3. Ten
subscriptions belong to each destination. `CPU` is time of the processor, which other programs lengthen less.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.match import notices_of, resident_mb
from benchmarks.rules_sample import PROFILES, draw_rules
from monitor.matching import SubscriptionIndex, tell_revision
from monitor.prepared_rules import PreparedRules
from monitor.storage import Origin, Storage
from monitor.types import Notice
from rules import default_vocabulary, parse_rule
from tests.making import NOW

CHANGES = 200
OF_EACH = 10
"""So many subscriptions belong to one destination."""


def main() -> None:
    """Fill a database, start twice, print what each start cost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", nargs="?", type=Path, help="a folder of documents as text")
    parser.add_argument("--subscriptions", type=int, default=1_000_000)
    parser.add_argument("--profile", choices=list(PROFILES), default="selective")
    parser.add_argument("--start", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    notices = notices_of(arguments.corpus)
    if arguments.start:
        print(json.dumps(start(arguments.start, notices)))
        return
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder, "monitor.db")
        fill(database, draw_rules(notices, arguments.subscriptions, PROFILES[arguments.profile]))
        print(f"bare reading: {bare_reading(database):.1f} s")
        corpus = [str(arguments.corpus)] if arguments.corpus else []
        for name in ("first start", "next start"):
            command = [sys.executable, "-m", "benchmarks.start", *corpus, "--start", str(database)]
            answer = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
            print(f"{name}: " + ", ".join(f"{key} {value:.3g}" for key, value in answer.items()))


def fill(database: Path, rules: Iterable[str]) -> None:
    """Subscriptions as the program would have them, put in at once."""
    with closing(Storage(f"sqlite:///{database}")) as storage:
        storage.migrate()
        with storage.begin() as tx:
            person = tx.destinations.ensure_subscriber("everybody", now=NOW)
            place = tx.destinations.ensure(person.id, "console", "stdout", NOW)
            tx.subscriptions.ensure(place.id, "first", "集采", origin=Origin.CLI, now=NOW)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.row_factory = sqlite3.Row
        subscriptions = (
            {"id": number, "name": str(number), "rule": rule, "changed": number}
            for number, rule in enumerate(rules, 2)
        )
        last = _copy(connection, "subscriptions", subscriptions)
        own = [{"id": number, "name": str(number)} for number in range(2, last // OF_EACH + 2)]
        _copy(connection, "subscribers", own)
        places = ({"id": one["id"], "subscriber_id": one["id"], "address": one["name"]} for one in own)
        _copy(connection, "destinations", places)
        connection.execute("UPDATE subscriptions SET destination_id = 1 + id / ?", (OF_EACH,))
        connection.execute("UPDATE counters SET value = (SELECT max(changed) FROM subscriptions)")


def _copy(connection: sqlite3.Connection, table: str, changes: Iterable[dict[str, object]]) -> int:
    """Put in the only row of a table again and again, each time changed. Returns the last id."""
    row = dict(connection.execute(f"SELECT * FROM {table}").fetchone())
    marks = ", ".join("?" * len(row))
    rows = ([*(row | change).values()] for change in changes)
    connection.executemany(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", rows)
    last: int = connection.execute(f"SELECT max(id) FROM {table}").fetchone()[0]
    return last


def bare_reading(database: Path) -> float:
    """Seconds for fetching every active rule."""
    started = time.perf_counter()
    with closing(sqlite3.connect(database)) as connection:
        for _ in connection.execute("SELECT id, rule, active FROM subscriptions"):
            pass
    return time.perf_counter() - started


def start(database: Path, notices: Sequence[Notice]) -> dict[str, float]:
    """One start, and then changes of single subscriptions."""
    parse_rule("省:山西")  # vocabulary, grammar and folding are loaded
    index = SubscriptionIndex(default_vocabulary())
    with closing(Storage(f"sqlite:///{database}")) as storage:
        before, started, busy = resident_mb(), time.perf_counter(), time.process_time()
        index.prepare(storage, PreparedRules(database.with_name("monitor.db.rules")))
        ready, ready_cpu = time.perf_counter() - started, time.process_time() - busy
        memory = resident_mb() - before
        changes = sorted(changed(storage, index, number) for number in range(2, CHANGES + 2))
        with storage.read() as tx:
            index.match(tx, notices[0])
            started = time.perf_counter()
            met = [index.match(tx, notice) for notice in notices]
            matching = (time.perf_counter() - started) / len(notices)
        hits, most = max((len(one), place) for place, one in enumerate(met))
        telling = told(storage, index, notices[most])
    return {
        "subscriptions": len(index),
        "ready, s": ready,
        "ready, CPU s": ready_cpu,
        "memory, MB": memory,
        "change, CPU ms": changes[CHANGES // 2] * 1000,
        "slowest change, CPU ms": changes[-1] * 1000,
        "match with its subscriptions, ms": matching * 1000,
        "hits": sum(map(len, met)) / len(met),
        "most hits": hits,
        "telling them, CPU s": telling,
    }


def changed(storage: Storage, index: SubscriptionIndex, number: int) -> float:
    """Seconds of the processor for following one changed subscription, asking the database included."""
    with storage.begin() as tx:
        tx.subscriptions.change(number, name=f"changed {number}", rule=f"省:山西 新词{number} | 集采")
    with storage.read() as tx:
        started = time.process_time()
        index.follow(tx)
        return time.process_time() - started


def told(storage: Storage, index: SubscriptionIndex, notice: Notice) -> float:
    """Seconds of the processor for matching a notice and recording matches, reasons and deliveries."""
    with storage.begin() as tx:
        revision = tx.notices.add(notice, [f"benchmark {os.getpid()}"], baseline=False, now=NOW)
        started = time.process_time()
        tell_revision(tx, revision, index, NOW)
        return time.process_time() - started


if __name__ == "__main__":
    main()
