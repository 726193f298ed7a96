import pytest

from monitor.storage import Storage
from monitor.types import Entry
from tests.making import NOW

ROW = Entry(url="https://example.org/1.html", version="v1", title="关于做好药品集采的通知")


@pytest.fixture(autouse=True)
def source(storage: Storage) -> None:
    with storage.begin() as tx:
        tx.sources.ensure("a", "html_list", NOW)
        tx.sources.ensure("b", "html_list", NOW)


def test_an_entry_is_known_once_it_was_recorded(storage: Storage) -> None:
    with storage.begin() as tx:
        tx.entries.note("a", [ROW], baseline=False, now=NOW)
        assert tx.entries.known("a") == {}
        tx.entries.recorded("a", ROW, NOW)
        assert tx.entries.known("a") == {ROW.url: "v1"}
        assert tx.entries.known("b") == {}


def test_a_changed_entry_that_fails_keeps_the_version_before_it(storage: Storage) -> None:
    with storage.begin() as tx:
        tx.entries.note("a", [ROW], baseline=False, now=NOW)
        tx.entries.recorded("a", ROW, NOW)
        assert [tx.entries.failed("a", ROW, "404", NOW) for _ in range(2)] == [1, 2]
        assert tx.entries.known("a") == {ROW.url: "v1"}
        assert tx.entries.failing("a") == {ROW.url: (ROW.version, 2, NOW, "404")}
        tx.entries.recorded("a", Entry(url=ROW.url, version="v2"), NOW)
        assert tx.entries.known("a") == {ROW.url: "v2"}
        assert tx.entries.failing("a") == {}


def test_an_entry_of_the_baseline_stays_one_until_it_is_recorded(storage: Storage) -> None:
    later = Entry(url="https://example.org/2.html", version="v1")
    with storage.begin() as tx:
        tx.entries.note("a", [ROW], baseline=True, now=NOW)
        tx.entries.failed("a", ROW, "timeout", NOW)
        tx.entries.note("a", [ROW, later], baseline=False, now=NOW)
        assert tx.entries.is_baseline("a", ROW.url)
        assert not tx.entries.is_baseline("a", later.url)
        tx.entries.recorded("a", ROW, NOW)
        assert not tx.entries.is_baseline("a", ROW.url)
