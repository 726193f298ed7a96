"""A start that finds its rules prepared knows the same subscriptions as one that reads them all."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from monitor import matching
from monitor.matching import SubscriptionIndex
from monitor.prepared_rules import PreparedRules
from monitor.saved_rules import save_rule
from monitor.storage import Origin, Storage
from rules import default_vocabulary
from tests.making import NOW, a_destination, a_notice, a_subscription

NOTICE = a_notice(body="药品集中带量采购", provinces=("山西",))


@pytest.fixture(autouse=True)
def few_are_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "WORTH_STORING", 1)
    monkeypatch.setattr(matching, "MANY", 3)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "prepared.rules"


def started(storage: Storage, file: Path) -> SubscriptionIndex:
    """An index as a start of the program makes it."""
    index = SubscriptionIndex(default_vocabulary())
    index.prepare(storage, PreparedRules(file))
    return index


def told(storage: Storage, index: SubscriptionIndex) -> list[str]:
    """The names of the subscriptions that the notice meets."""
    with storage.read() as tx:
        index.follow(tx)
        return [subscription.name for subscription, _ in index.match(tx, NOTICE)]


def subscribe(storage: Storage) -> None:
    with storage.begin() as tx:
        who = a_destination(tx).subscriber_id
        save_rule(tx, who, "我的", "集采", default_vocabulary(), origin=Origin.CLI, now=NOW)
        for name, rule in (
            ("a", "集采"),
            ("b", "飞检"),
            ("c", "@我的"),
            ("broken", "省:不存在的省"),
            ("d", "@无"),
        ):
            a_subscription(tx, name, rule)


def test_a_second_start_takes_the_file_and_follows_what_changed_since(storage: Storage, file: Path) -> None:
    subscribe(storage)
    first = started(storage, file)
    assert told(storage, first) == ["a", "c"]
    written = file.stat().st_mtime_ns
    with storage.begin() as tx:
        a_subscription(tx, "b", "药品")
        tx.subscriptions.set_active(a_subscription(tx, "a").id, False)
        a_subscription(tx, "new", "省:山西")
    second = started(storage, file)
    assert sorted(told(storage, second)) == ["b", "c", "new"] == sorted(told(storage, first))
    assert {s.name for s, _ in second.broken.values()} == {"broken", "d"}
    assert file.stat().st_mtime_ns > written  # many had changed, so it was written again
    written = file.stat().st_mtime_ns
    assert sorted(told(storage, started(storage, file))) == ["b", "c", "new"]
    assert file.stat().st_mtime_ns == written


def test_a_torn_or_foreign_file_or_one_of_another_vocabulary_is_made_anew(
    storage: Storage, file: Path, tmp_path: Path
) -> None:
    subscribe(storage)
    started(storage, file)
    whole = file.read_bytes()
    for bad in (
        whole[:-1],
        b"",
        whole.replace(b"rule index", b"rule index 0", 1),
        whole[:-500] + whole[-499:] + b"x",
    ):
        file.write_bytes(bad)
        assert told(storage, started(storage, file)) == ["a", "c"]
        assert len(file.read_bytes()) > len(whole) // 2
    words = tmp_path / "words.yaml"
    words.write_text("synonyms: {集采: {aliases: [团购]}}", "utf-8")
    with storage.read() as tx:
        assert PreparedRules(file).load(tx, default_vocabulary()) is not None
        assert PreparedRules(file, [words]).load(tx, default_vocabulary()) is None


def test_a_database_put_back_from_an_older_copy_is_not_taken_for_the_one_of_the_file(
    tmp_path: Path, sqlite_template: Path, file: Path
) -> None:
    path, copy = tmp_path / "monitor.db", tmp_path / "copy.db"
    shutil.copy(sqlite_template, path)
    with closing(Storage(f"sqlite:///{path}")) as storage, storage.begin() as tx:
        a_subscription(tx, "old", "集采")
    shutil.copy(path, copy)
    with closing(Storage(f"sqlite:///{path}")) as storage:
        with storage.begin() as tx:
            a_subscription(tx, "lost", "药品")
        assert told(storage, started(storage, file)) == ["old", "lost"]
    shutil.copy(copy, path)
    with closing(Storage(f"sqlite:///{path}")) as storage:
        with storage.begin() as tx:
            a_subscription(tx, "other", "飞检")  # the counter is where it was when the file was written
        assert told(storage, started(storage, file)) == ["old"]


def test_a_file_that_cannot_be_written_stops_nothing(storage: Storage, tmp_path: Path) -> None:
    subscribe(storage)
    assert told(storage, started(storage, tmp_path / "nowhere" / "prepared.rules")) == ["a", "c"]
