import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from monitor.storage import Storage
from monitor.storage.columns import short_key
from tests.making import NOW, a_notice


def test_a_time_comes_back_aware_and_in_utc_whatever_zone_it_had(storage: Storage) -> None:
    shanghai = NOW.astimezone(ZoneInfo("Asia/Shanghai")).replace(microsecond=123456)
    with storage.begin() as tx:
        tx.sources.ensure("a", "folder", shanghai)
    with storage.read() as tx:
        (source,) = tx.sources.all()
    assert source.created_at == shanghai
    assert source.created_at.utcoffset() == dt.timedelta(0)


def test_a_time_without_a_zone_is_refused(storage: Storage) -> None:
    with pytest.raises(Exception, match="without a zone"), storage.begin() as tx:
        tx.sources.ensure("a", "folder", NOW.replace(tzinfo=None))


def test_text_that_no_database_takes_is_cleaned_and_kept(storage: Storage) -> None:
    notice = a_notice("坏\0文\ud800件", body="正文\0" * 3)
    with storage.begin() as tx:
        revision = tx.notices.add(notice, ["键\0", "\udfff"], baseline=False, now=NOW)
    with storage.read() as tx:
        assert tx.notices.revision(revision.id).notice.title == "坏文?件"
        assert tx.notices.revision(revision.id).notice.body == "正文" * 3


def test_an_address_longer_than_an_index_allows_is_kept_whole_and_told_apart(storage: Storage) -> None:
    first, second = ("https://example.org/?q=" + "政策" * 3000 + end for end in "ab")
    assert short_key(first) != short_key(second)
    with storage.begin() as tx:
        person = tx.destinations.ensure_subscriber("wang", now=NOW)
        made = [tx.destinations.ensure(person.id, "webhook", url, NOW) for url in (first, second, first)]
    assert [destination.address for destination in made] == [first, second, first]
    assert made[0].id == made[2].id != made[1].id
