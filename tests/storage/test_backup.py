import shutil
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.errors import StorageError
from monitor.storage import Storage, backup, restore
from tests.making import NOW, claimed, finish_attempt, queued, sent


@pytest.fixture(autouse=True)
def _programs(request: pytest.FixtureRequest) -> None:
    if "postgresql" in request.node.name and shutil.which("pg_dump") is None:
        pytest.skip("pg_dump is not installed")


def test_a_backup_is_put_back_with_everything_in_it(storage: Storage, tmp_path: Path) -> None:
    first, second = queued(storage, 2)
    (claim, _) = claimed(storage)
    with storage.begin() as tx:
        finish_attempt(tx, claim.delivery_id, 1, sent(), NOW)
    backup(storage, tmp_path / "copy")
    queued(storage, 5)
    assert restore(storage, tmp_path / "copy") == 1
    with storage.read() as tx:
        marked = {delivery.id: delivery.may_repeat for delivery in tx.deliveries.latest()}
    assert marked == {first: False, second: True}


def test_a_backup_is_of_one_moment_while_others_write(storage: Storage, tmp_path: Path) -> None:
    with storage.begin() as tx:
        tx.sources.ensure("a", "folder", NOW)
    with storage.begin() as tx:
        tx.sources.ensure("b", "folder", NOW)
        backup(storage, tmp_path / "copy")
    restore(storage, tmp_path / "copy")
    with storage.read() as tx:
        assert [source.id for source in tx.sources.all()] == ["a"]


def test_a_backup_does_not_overwrite_a_file(storage: Storage, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("precious")
    with pytest.raises(StorageError, match="exists already"):
        backup(storage, tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "precious"


@pytest.mark.parametrize("content", [None, b"", b"%PDF-1.7" * 500])
def test_a_file_that_is_no_backup_leaves_the_database_as_it_was(
    storage: Storage, tmp_path: Path, content: bytes | None
) -> None:
    with storage.begin() as tx:
        tx.sources.ensure("a", "folder", NOW)
    if content is not None:
        (tmp_path / "copy").write_bytes(content)
    with pytest.raises(StorageError):
        restore(storage, tmp_path / "copy")
    with storage.read() as tx:
        assert [source.id for source in tx.sources.all()] == ["a"]


@pytest.mark.parametrize(
    ("database_url", "empty_database_url"), [("postgresql", "postgresql")], indirect=True
)
def test_a_copy_of_another_program_s_database_is_refused(
    storage: Storage, tmp_path: Path, empty_database_url: str
) -> None:
    with closing(Storage(empty_database_url)) as other:
        backup(other, tmp_path / "copy")
    with storage.begin() as tx:
        tx.sources.ensure("a", "folder", NOW)
    with pytest.raises(StorageError, match="no copy of a policy-monitor"):
        restore(storage, tmp_path / "copy")
    with storage.read() as tx:
        assert [source.id for source in tx.sources.all()] == ["a"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_backup_of_a_newer_program_is_refused(storage: Storage, tmp_path: Path) -> None:
    backup(storage, tmp_path / "copy")
    with closing(Storage(f"sqlite:///{tmp_path / 'copy'}")) as copy, copy._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="newer policy-monitor"):
        restore(storage, tmp_path / "copy")
    with storage.read() as tx:
        assert tx.sources.all() == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_there_must_be_a_database_to_back_up(tmp_path: Path, database_url: str) -> None:
    with pytest.raises(StorageError, match="no database"):
        backup(Storage(f"sqlite:///{tmp_path}/nothing.db"), tmp_path / "copy")
