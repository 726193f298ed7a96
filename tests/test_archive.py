"""Raw pages in files: whole or not there, found again, and removed in time."""

import datetime as dt
import errno
import gzip
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.archive import Archive
from monitor.errors import StorageError
from monitor.storage import ArchivedPage, PageRole, Storage
from monitor.types import Page
from tests.making import NOW

LONG_AGO = time.time() - 7200


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "pages", dt.timedelta(days=30), 1 << 20)


def a_page(body: bytes = b"<html>notice</html>") -> Page:
    return Page(
        url="https://a.gov.cn/1.html",
        body=body,
        final_url="https://a.gov.cn/2.html",
        media_type="text/html",
        charset="gbk",
        fetched_at=NOW,
    )


def put(archive: Archive, page: Page) -> ArchivedPage:
    return archive.put(page, "a", PageRole.NOTICE, NOW)


def files(archive: Archive) -> list[Path]:
    return [path for path in archive.folder.rglob("*") if path.is_file()]


def test_a_page_comes_back_as_it_was_fetched(archive: Archive) -> None:
    assert archive.page(put(archive, a_page())) == a_page()


def test_any_gzip_reads_the_file_which_equal_bytes_share(archive: Archive) -> None:
    put(archive, a_page())
    put(archive, a_page())
    (file,) = files(archive)
    assert gzip.decompress(file.read_bytes()) == a_page().body


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_what_could_not_be_written_whole_leaves_nothing(
    archive: Archive, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os if failing == "fsync" else Path, failing, full)
    with pytest.raises(OSError, match="No space"):
        put(archive, a_page())
    assert files(archive) == []


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:10])


def swap(path: Path) -> None:
    path.write_bytes(gzip.compress(b"something else"))


@pytest.mark.parametrize(
    ("harm", "said"),
    [(Path.unlink, "is missing"), (cut, "cannot be read"), (swap, "is damaged")],
    ids=["missing", "cut", "swapped"],
)
def test_a_file_that_is_not_what_its_name_says_is_told(
    archive: Archive, harm: Callable[[Path], object], said: str
) -> None:
    kept = put(archive, a_page())
    harm(files(archive)[0])
    with pytest.raises(StorageError, match=said):
        archive.page(kept)


def test_tidying_removes_what_no_page_needs_but_nothing_young(archive: Archive, storage: Storage) -> None:
    needed, orphan, young = (put(archive, a_page(body)) for body in (b"needed", b"orphan", b"young"))
    with storage.begin() as tx:
        tx.sources.ensure("a", "html_list", NOW)
        tx.pages.add(needed)
    for path in files(archive):
        if young.hash not in path.name:
            os.utime(path, (LONG_AGO, LONG_AGO))
    assert archive.tidy(storage, NOW) == 1
    assert archive.page(needed).body == b"needed"
    assert archive.page(young).body == b"young"
    with pytest.raises(StorageError):
        archive.page(orphan)


def test_a_file_that_is_wanted_again_is_not_tidied_away_before_its_row_comes(
    archive: Archive, storage: Storage
) -> None:
    put(archive, a_page())
    os.utime(files(archive)[0], (LONG_AGO, LONG_AGO))
    put(archive, a_page())
    assert archive.tidy(storage, NOW) == 0


def test_tidying_is_done_once_a_day(archive: Archive, storage: Storage) -> None:
    put(archive, a_page())
    archive.tidy_daily(storage, NOW)
    os.utime(files(archive)[0], (LONG_AGO, LONG_AGO))
    archive.tidy_daily(storage, NOW)
    assert len([path for path in files(archive) if path.suffix == ".gz"]) == 1
    stamp = next(path for path in files(archive) if path.suffix != ".gz")
    os.utime(stamp, (LONG_AGO - 86_400, LONG_AGO - 86_400))
    for path in files(archive):
        os.utime(path, (LONG_AGO - 86_400, LONG_AGO - 86_400))
    archive.tidy_daily(storage, NOW)
    assert not [path for path in files(archive) if path.suffix == ".gz"]
