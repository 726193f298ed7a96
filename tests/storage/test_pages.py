"""What the table of the archive answers."""

import datetime as dt
from typing import Any

import pytest

from monitor.storage import ArchivedPage, PageRole, Storage
from tests.making import DAY, NOW


def a_page(name: str, *, url: str = "https://a.gov.cn/1.html", **fields: Any) -> ArchivedPage:
    given: dict[str, Any] = {
        "source_id": "a",
        "role": PageRole.NOTICE,
        "final_url": None,
        "status": 200,
        "media_type": "text/html",
        "charset": None,
        "hash": name * 64,
        "size": 1000,
        "packed_size": 100,
        "fetched_at": NOW,
    }
    return ArchivedPage(url=url, **{**given, **fields})


@pytest.fixture
def known(storage: Storage) -> Storage:
    with storage.begin() as tx:
        tx.sources.ensure("a", "html_list", NOW)
    return storage


def keep(storage: Storage, *pages: ArchivedPage) -> None:
    with storage.begin() as tx:
        for page in pages:
            tx.pages.add(page)


def hashes(storage: Storage, **asked: Any) -> list[str]:
    with storage.read() as tx:
        return [page.hash[0] for page in tx.pages.latest(**asked)]


def test_the_same_answer_of_an_address_is_kept_once_and_renewed(known: Storage) -> None:
    keep(known, a_page("a"), a_page("b"), a_page("a", fetched_at=NOW + DAY, problem="no rows"))
    with known.read() as tx:
        first, second = tx.pages.at("a", "https://a.gov.cn/1.html")
    assert (first.hash[0], first.fetched_at, first.problem) == ("a", NOW + DAY, "no rows")
    assert second.hash[0] == "b"


def test_pages_are_found_by_id_hash_source_address_and_failure(known: Storage) -> None:
    keep(known, a_page("a"), a_page("b", url="https://a.gov.cn/2.html", problem="no rows"))
    with known.read() as tx:
        by_hash = tx.pages.get("aaaaaaaaaa")
        assert by_hash is not None
        assert tx.pages.get(str(by_hash.id)) == by_hash
        assert tx.pages.get("cccccccccc") is None
    assert hashes(known, failed=True) == ["b"]
    assert hashes(known, containing="/1.") == ["a"]
    assert hashes(known, source_id="other") == []


def test_old_pages_are_forgotten_but_for_the_last_good_one_of_a_list(known: Storage) -> None:
    old = NOW - 40 * DAY
    listed: dict[str, Any] = {"role": PageRole.LIST, "url": "https://a.gov.cn/list", "fetched_at": old}
    keep(known, a_page("a", fetched_at=old), a_page("b"), a_page("c", **listed), a_page("d", **listed))
    keep(known, a_page("e", **listed, problem="no rows"))
    with known.begin() as tx:
        assert tx.pages.forget(NOW - 30 * DAY, 1 << 30) == 3
        assert tx.pages.hashes() == {"b" * 64, "d" * 64}


def test_the_oldest_go_when_there_are_too_many_bytes(known: Storage) -> None:
    days = [NOW - dt.timedelta(days=n) for n in range(4)]
    keep(known, *(a_page(name, fetched_at=day) for name, day in zip("abcd", days, strict=True)))
    with known.begin() as tx:
        assert tx.pages.forget(NOW - 30 * DAY, 250) == 2
    assert hashes(known) == ["a", "b"]
