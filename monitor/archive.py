"""The archive of raw pages: compressed files named by their hash, so that any parse can be repeated.

    folder/3f/3f9a….gz      the bytes, as any gzip reads them
    table `pages`           which source had them from which address, when, and why they could not be read

A file is complete or not there: it is written under another name, flushed to the disk and renamed. It comes
before its row, which is stored together with what the page said; a file that no row names is removed by the
next tidying.
"""

import contextlib
import datetime as dt
import gzip
import hashlib
import os
import tempfile
import time
import zlib
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import StorageError
from monitor.storage import ArchivedPage, PageRole, Storage
from monitor.types import Page

_SUFFIX = ".gz"
_LEVEL = 6
_STAMP = ".tidied"
_A_DAY = 86_400.0
_ROW_COMES_WITHIN = 3600.0
"""Seconds after which a file without a row is a crash's, and not one whose check is still under way."""


@dataclass(frozen=True, slots=True)
class Archive:
    """Keeps pages in a folder; `keep` is how long, `max_size` how many bytes of files at most.

    Its methods block; call them from a thread. Several processes may share a folder.
    """

    folder: Path
    keep: dt.timedelta
    max_size: int

    def put(self, page: Page, source_id: str, role: PageRole, now: dt.datetime) -> ArchivedPage:
        """Write the bytes of a page, and return the row that says what they are.

        Raises `OSError` where the disk is full or the folder cannot be written.
        """
        name = page.hash
        path = self._path(name)
        if path.exists():
            path.touch()  # the row may have been forgotten: until there is one again, the file is young
        else:
            _write(path, gzip.compress(page.body, _LEVEL, mtime=0))
        return ArchivedPage(
            source_id=source_id,
            role=role,
            url=page.url,
            final_url=page.final_url,
            status=page.status,
            media_type=page.media_type,
            charset=page.charset,
            hash=name,
            size=len(page.body),
            packed_size=path.stat().st_size,
            fetched_at=page.fetched_at or now,
        )

    def page(self, archived: ArchivedPage) -> Page:
        """The page as it was fetched. Raises `StorageError` where its file is gone or damaged."""
        path = self._path(archived.hash)
        try:
            body = gzip.decompress(path.read_bytes())
        except FileNotFoundError:
            raise StorageError(f"{path} is missing: the page was not copied along, or removed") from None
        except (OSError, EOFError, zlib.error) as error:
            raise StorageError(f"{path} cannot be read: {error}") from None
        if hashlib.sha256(body).hexdigest() != archived.hash:
            raise StorageError(f"{path} is damaged: its content is not what its name says")
        return archived.page(body)

    def tidy_daily(self, storage: Storage, now: dt.datetime) -> None:
        """`tidy`, unless that was done within a day by whatever process. Raises `StorageError`."""
        stamp = self.folder / _STAMP
        with contextlib.suppress(OSError):
            if time.time() - stamp.stat().st_mtime < _A_DAY:
                return
        self.tidy(storage, now)
        with contextlib.suppress(OSError):  # there is no folder before the first page
            stamp.touch()

    def tidy(self, storage: Storage, now: dt.datetime) -> int:
        """Forget pages that are older or more than the settings allow, then remove the files that no page
        needs. Returns how many files that were. Raises `StorageError`."""
        with storage.begin() as tx:
            tx.pages.forget(now - self.keep, self.max_size)
        with storage.read() as tx:
            needed = tx.pages.hashes()
        return sum(self._remove(path) for path in self.folder.glob("??/*") if path.stem not in needed)

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / f"{name}{_SUFFIX}"

    def _remove(self, path: Path) -> bool:
        with contextlib.suppress(OSError):  # another process may be tidying too
            if time.time() - path.stat().st_mtime > _ROW_COMES_WITHIN:
                path.unlink()
                return True
        return False


def _write(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, also after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        draft = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
