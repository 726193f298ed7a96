import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from monitor.errors import StorageError
from monitor.storage import Storage
from monitor.storage import database as database_module
from tests.making import NOW, a_notice
from tests.processes import start


def test_a_block_that_raises_leaves_nothing_behind(storage: Storage) -> None:
    with pytest.raises(RuntimeError), storage.begin() as tx:
        tx.sources.ensure("a", "folder", NOW)
        raise RuntimeError("the parser has a bug")
    with storage.read() as tx:
        assert tx.sources.all() == []


def test_a_rehearsal_shows_what_would_happen_and_keeps_nothing(storage: Storage) -> None:
    with storage.rehearse() as tx:
        tx.sources.ensure("a", "folder", NOW)
        assert len(tx.sources.all()) == 1
    with storage.read() as tx:
        assert tx.sources.all() == []


def test_a_reader_sees_one_state_while_others_write(storage: Storage) -> None:
    with storage.read() as reading:
        assert reading.sources.all() == []
        with storage.begin() as tx:
            tx.sources.ensure("a", "folder", NOW)
        assert reading.sources.all() == []


def test_a_mistake_of_ours_is_not_explained_away_and_shows_no_values(storage: Storage) -> None:
    with pytest.raises(IntegrityError) as caught, storage.begin() as tx:
        tx.deliveries.say(99, "topic", "headline", "geheim", NOW)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql://postgres@127.0.0.1:1/monitor", "no server answers there"),
        ("sqlite:////nowhere/at/all/monitor.db", "cannot be opened"),
        ("sqlite://", "needs a file"),
        ("mysql://localhost/monitor", "use SQLite or PostgreSQL"),
        ("data/monitor.db", "not a database address"),
    ],
)
def test_a_database_that_cannot_be_opened_is_explained(url: str, sentence: str) -> None:
    with pytest.raises(StorageError, match=sentence), Storage(url).read() as tx:
        tx.sources.all()


def test_a_password_does_not_show_in_an_error() -> None:
    storage = Storage("postgresql://monitor:geheim@127.0.0.1:1/monitor")
    with pytest.raises(StorageError) as caught, storage.read():
        pass
    assert "geheim" not in str(caught.value)


def test_tables_that_are_missing_are_explained(empty_database_url: str) -> None:
    with closing(Storage(empty_database_url)) as storage:  # noqa: SIM117 - it closes after the error too
        with pytest.raises(StorageError, match="db upgrade"), storage.read() as tx:
            tx.sources.all()


def test_a_file_that_is_no_database_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    path.write_bytes(b"%PDF-1.7 " * 200)
    with pytest.raises(StorageError, match="not an SQLite database"):
        Storage(f"sqlite:///{path}").migrate()


def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    storage = Storage(f"sqlite:///{tmp_path}/new/folder/monitor.db")
    storage.migrate()
    storage.close()
    assert (tmp_path / "new/folder/monitor.db").exists()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_lock_that_is_never_given_up_is_explained(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0)
    with closing(sqlite3.connect(storage.path or "")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="another process"), storage.begin():
            pass


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_writer_that_waits_too_long_for_its_turn_says_so(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 1)
    with storage.begin(), pytest.raises(StorageError, match="another process"), storage.begin():
        pass


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_writer_that_hangs_loses_its_turn_and_its_step(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "IDLE_SECONDS", 1)
    with pytest.raises(StorageError, match="stood still"), storage.begin() as hanging:
        hanging.sources.ensure("half", "folder", NOW)
        with storage.begin() as tx:  # waits until the server has ended the other
            tx.sources.ensure("whole", "folder", NOW)
        hanging.sources.ensure("other half", "folder", NOW)
    with storage.read() as tx:
        assert [source.id for source in tx.sources.all()] == ["whole"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_workers_need_not_wait_for_each_other(storage: Storage) -> None:
    with storage.begin(alone=False) as one, storage.begin(alone=False) as other:
        assert one.deliveries.counts() == other.deliveries.counts() == {}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_disk_is_explained_and_nothing_is_half_written(storage: Storage) -> None:
    with _full_disk(storage), pytest.raises(StorageError, match="disk is full"), storage.begin() as tx:
        tx.sources.ensure("a", "folder", NOW)
        tx.notices.add(a_notice(body="正文" * 1_000_000), ["key"], baseline=False, now=NOW)
    with storage.begin() as tx:
        assert tx.sources.all() == []
        assert tx.notices.latest() == []
        tx.notices.add(a_notice(body="正文" * 1_000_000), ["key"], baseline=False, now=NOW)


@contextmanager
def _full_disk(storage: Storage) -> Iterator[None]:
    """SQLite answers with the very error of a full disk when a file may not grow."""
    engine = storage._engine

    def shrink(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA max_page_count = 200")

    event.listen(engine, "checkout", shrink)
    yield
    event.remove(engine, "checkout", shrink)
    with engine.connect() as connection:
        connection.execute(text("PRAGMA max_page_count = 1073741823"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_commit_survives_a_power_cut(storage: Storage) -> None:
    with storage._engine.connect() as connection:
        settings = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def write_and_die(url: str) -> None:
    """Transactions of two rows each, and SIGKILL in the middle of the fifth."""
    storage = Storage(url)
    for number in range(5):
        with storage.begin() as tx:
            tx.sources.ensure(f"{number}-first", "folder", NOW)
            if number == 4:
                os.kill(os.getpid(), signal.SIGKILL)
            tx.sources.ensure(f"{number}-second", "folder", NOW)


def test_a_killed_process_leaves_all_of_a_transaction_or_nothing(storage: Storage) -> None:
    process = start(write_and_die, storage.url.render_as_string(hide_password=False))
    process.join()
    assert process.exitcode == -signal.SIGKILL
    with storage.begin() as tx:
        assert len(tx.sources.all()) == 8
