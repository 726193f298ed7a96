import threading
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from monitor.errors import StorageError
from monitor.storage import Storage, migration
from monitor.storage.schema import metadata
from tests.making import NOW


def test_migrations_make_the_tables_that_the_code_speaks_of(empty_database_url: str) -> None:
    with closing(Storage(empty_database_url)) as storage:
        storage.migrate()
        with storage._engine.connect() as connection:
            options = {
                "compare_type": True,
                "include_object": lambda _, name, *__: not _is_made_otherwise(name),
            }
            context = MigrationContext.configure(connection, opts=options)
            assert compare_metadata(context, metadata) == []


def _is_made_otherwise(name: str | None) -> bool:
    """What the metadata do not speak of: the index of words is different on each database."""
    return name is not None and (name == "alembic_version" or "search_grams" in name)


@pytest.mark.parametrize("start", migration.versions())
def test_a_database_of_each_earlier_version_is_brought_up_to_date(
    empty_database_url: str, start: str
) -> None:
    with closing(Storage(empty_database_url)) as storage:
        with storage._connection(write=True) as connection:
            migration.upgrade(connection, start)
            assert migration.version(connection) == start
        storage.migrate()
        assert storage.version() == migration.versions()[-1]


def test_the_versions_are_those_of_the_migrations() -> None:
    script = ScriptDirectory(str(Path(migration.__file__).with_name("migrations")))
    assert migration.versions() == [one.revision for one in script.walk_revisions()][::-1]


def test_migrating_again_changes_nothing(storage: Storage) -> None:
    with storage.begin() as tx:
        tx.sources.ensure("a", "folder", NOW)
    storage.migrate()
    with storage.read() as tx:
        assert [source.id for source in tx.sources.all()] == ["a"]


def test_a_database_of_a_newer_program_is_refused_and_left_alone(empty_database_url: str) -> None:
    with closing(Storage(empty_database_url)) as storage:
        storage.migrate()
        with storage._engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(StorageError, match=r"9999.*newer policy-monitor"):
            storage.migrate()
        assert storage.version() == "9999"


def test_several_processes_may_start_on_an_empty_database_at_once(empty_database_url: str) -> None:
    failures: list[Exception] = []

    def start() -> None:
        with closing(Storage(empty_database_url)) as storage:
            try:
                storage.migrate()
            except Exception as error:  # whatever it is, the test is to show it
                failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
