"""A folder of files: new, changed, half copied, unreadable, moved."""

import asyncio
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import FetchCause, FetchError
from monitor.fetch import Fetcher
from monitor.sources import SourceState
from monitor.sources.folder import FolderSource
from monitor.types import Entry, Listing

FIRST = SourceState(first=True)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def source(inbox: Path, **changes: Any) -> FolderSource:
    settings = FolderSource.settings(kind="folder", id="inbox", path=Path(inbox.name), **changes)
    return FolderSource.create(settings, inbox.parent)


def put(path: Path, text: str = "关于开展工作的通知", *, age: float = 60) -> Path:
    """Write a file that has lain there for `age` seconds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    moment = path.stat().st_mtime - age
    os.utime(path, (moment, moment))
    return path


def names(listing: Listing) -> list[str]:
    return [Path(entry.url).name for entry in listing.entries]


def known(listing: Listing) -> SourceState:
    return SourceState(known={entry.url: entry.version for entry in listing.entries})


async def test_files_are_listed_and_read(inbox: Path, fetcher: Fetcher) -> None:
    path = put(inbox / "2026年 第9期 100%.txt")
    folder = source(inbox)
    entry = (await folder.list(fetcher, FIRST)).entries[0]
    page = await folder.read(fetcher, entry)
    assert page.body == path.read_bytes()
    assert page.url == entry.url == path.as_uri()


async def test_a_changed_file_has_a_new_version_and_a_touched_one_has_not(
    inbox: Path, fetcher: Fetcher
) -> None:
    path = put(inbox / "a.txt")
    folder = source(inbox)
    first = await folder.list(fetcher, FIRST)
    put(path, age=30)
    assert known(await folder.list(fetcher, FIRST)) == known(first)
    put(path, "更正：关于开展工作的通知")
    assert known(await folder.list(fetcher, FIRST)) != known(first)


async def test_one_content_under_two_names_has_one_version(inbox: Path, fetcher: Fetcher) -> None:
    put(inbox / "a.txt")
    put(inbox / "b.txt")
    versions = {entry.version for entry in (await source(inbox).list(fetcher, FIRST)).entries}
    assert len(versions) == 1


async def test_a_file_that_is_still_growing_waits(inbox: Path, fetcher: Fetcher) -> None:
    put(inbox / "whole.txt")
    growing = put(inbox / "growing.txt", "关于", age=0)
    folder = source(inbox)

    async def grow() -> None:
        await asyncio.sleep(0.2)
        growing.write_text("关于开展工作的通知")

    listing, _ = await asyncio.gather(folder.list(fetcher, FIRST), grow())
    assert names(listing) == ["whole.txt"]
    assert names(await folder.list(fetcher, FIRST)) == ["growing.txt", "whole.txt"]


async def test_a_file_written_over_after_it_was_listed_waits(inbox: Path, fetcher: Fetcher) -> None:
    path = put(inbox / "a.txt")
    folder = source(inbox)
    entry = (await folder.list(fetcher, FIRST)).entries[0]
    put(path, "半")
    with pytest.raises(FetchError, match="being written") as caught:
        await folder.read(fetcher, entry)
    assert caught.value.cause is FetchCause.FILE


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.pdf",
        "~$report.docx",
        "a.pdf.part",
        "a.crdownload",
        "a.TMP",
        "Thumbs.db",
        "a.pdf~",
        ".DS_Store",
    ],
)
async def test_hidden_and_unfinished_files_are_no_entries(inbox: Path, fetcher: Fetcher, name: str) -> None:
    put(inbox / name)
    assert names(await source(inbox).list(fetcher, FIRST)) == []


async def test_folders_inside_are_read_only_if_asked_for(inbox: Path, fetcher: Fetcher) -> None:
    put(inbox / "a.txt")
    put(inbox / "2026" / "b.txt")
    put(inbox / ".git" / "c.txt")
    assert names(await source(inbox).list(fetcher, FIRST)) == ["a.txt"]
    assert names(await source(inbox, recursive=True).list(fetcher, FIRST)) == ["a.txt", "b.txt"]


async def test_pipes_and_broken_links_do_not_stop_the_rest(inbox: Path, fetcher: Fetcher) -> None:
    put(inbox / "a.txt")
    os.mkfifo(inbox / "pipe")
    (inbox / "broken").symlink_to(inbox / "gone")
    listing = await source(inbox).list(fetcher, FIRST)
    assert names(listing) == ["a.txt"]
    assert "broken：无法读取" in listing.warnings[0]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
async def test_a_file_without_permission_is_reported(inbox: Path, fetcher: Fetcher) -> None:
    put(inbox / "a.txt")
    put(inbox / "secret.txt").chmod(0)
    listing = await source(inbox).list(fetcher, FIRST)
    assert names(listing) == ["a.txt"]
    assert "Permission denied" in listing.warnings[0]


async def test_a_file_that_is_too_large_is_reported(inbox: Path, fetcher: Fetcher) -> None:
    put(inbox / "a.txt", "x" * 2000)
    listing = await source(inbox, max_size=1000).list(fetcher, FIRST)
    assert names(listing) == []
    assert "2,000字节" in listing.warnings[0]


async def test_names_that_are_no_utf8_are_read(inbox: Path, fetcher: Fetcher) -> None:
    put(Path(os.fsdecode(os.fsencode(inbox) + b"/\xb9\xab\xb8\xe6.txt")))
    folder = source(inbox)
    entry = (await folder.list(fetcher, FIRST)).entries[0]
    entry.url.encode("ascii")
    assert (await folder.read(fetcher, entry)).body


async def test_a_missing_folder_is_an_error(inbox: Path, fetcher: Fetcher) -> None:
    shutil.rmtree(inbox)
    with pytest.raises(FetchError) as caught:
        await source(inbox).list(fetcher, FIRST)
    assert caught.value.cause is FetchCause.FILE
    assert str(inbox) in str(caught.value)


async def test_an_empty_folder_is_an_error_only_if_it_may_not_be(inbox: Path, fetcher: Fetcher) -> None:
    assert (await source(inbox).list(fetcher, FIRST)).entries == ()
    with pytest.raises(FetchError, match="no files"):
        await source(inbox, may_be_empty=False).list(fetcher, FIRST)


async def settled(inbox: Path, fetcher: Fetcher, *, ok: bool, **changes: Any) -> tuple[FolderSource, Entry]:
    folder = source(inbox, **changes)
    entry = (await folder.list(fetcher, FIRST)).entries[0]
    await folder.settle(entry, ok)
    return folder, entry


async def test_files_stay_where_they_are(inbox: Path, fetcher: Fetcher) -> None:
    path = put(inbox / "a.txt")
    await settled(inbox, fetcher, ok=True)
    assert path.exists()


@pytest.mark.parametrize(("ok", "place"), [(True, "done"), (False, "failed")])
async def test_files_move_when_they_were_read_or_could_not_be(
    inbox: Path, fetcher: Fetcher, ok: bool, place: str
) -> None:
    path = put(inbox / "a.txt")
    folder, entry = await settled(inbox, fetcher, ok=ok, after="move", recursive=True)
    assert not path.exists()
    assert (inbox / place / "a.txt").exists()
    assert names(await folder.list(fetcher, FIRST)) == []
    await folder.settle(entry, ok)  # once more, as after a crash


async def test_a_moved_file_never_replaces_another(inbox: Path, fetcher: Fetcher) -> None:
    for text in ("第一", "第二", "第三"):
        put(inbox / "a.txt", text)
        await settled(inbox, fetcher, ok=True, after="move")
    assert sorted(path.name for path in (inbox / "done").iterdir()) == ["a-2.txt", "a-3.txt", "a.txt"]


async def test_a_file_that_changed_since_it_was_listed_is_not_moved_away(
    inbox: Path, fetcher: Fetcher
) -> None:
    path = put(inbox / "a.txt")
    folder = source(inbox, after="move")
    entry = (await folder.list(fetcher, FIRST)).entries[0]
    put(path, "新的一期")
    await folder.settle(entry, True)
    assert path.exists()
