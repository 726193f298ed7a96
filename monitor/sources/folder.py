"""A folder of files: new ones, and changed ones."""

import asyncio
import datetime as dt
import hashlib
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, ClassVar, Literal, NamedTuple, Self
from urllib.parse import unquote_to_bytes, urlsplit

from pydantic import Field

from monitor.errors import FetchCause, FetchError
from monitor.sources.base import PageFetcher, SourceSettings, SourceState
from monitor.types import Entry, Listing, Page
from monitor.units import Every, Interval, Size

_UNFINISHED = (".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".swp", "~")
_NO_DOCUMENTS = frozenset({"thumbs.db", "desktop.ini"})
_YOUNG = 10.0  # seconds: a file touched within them may still be growing
_SECOND_LOOK = 0.5  # seconds
_MINUTE = dt.timedelta(minutes=1)


class FolderSettings(SourceSettings):
    """A folder."""

    kind: Annotated[Literal["folder"], Field(description="the files of a folder")]
    every: Annotated[Every, Field(description="time between two looks into it")] = Interval(_MINUTE, _MINUTE)
    path: Annotated[Path, Field(description="the folder; relative to the configuration file")]
    recursive: Annotated[bool, Field(description="look into folders inside it too")] = False
    after: Annotated[
        Literal["keep", "move"], Field(description="files that were read stay, or move to done or failed")
    ] = "keep"
    done: Annotated[Path, Field(description="where files go that were read; relative to path")] = Path("done")
    failed: Annotated[Path, Field(description="where files go that could not be read")] = Path("failed")
    max_size: Annotated[Size, Field(gt=0, description="larger files are reported, not read")] = 100 << 20
    may_be_empty: Annotated[bool, Field(description="an empty folder is no error")] = True


class _Look(NamedTuple):
    """What tells that a file has not changed since it was looked at."""

    size: int
    mtime: int
    inode: int


class FolderSource:
    """Lists the files of a folder; the version of a file is the hash of its content."""

    kind: ClassVar[str] = "folder"
    settings: ClassVar[type[FolderSettings]] = FolderSettings

    def __init__(self, settings: FolderSettings, home: Path) -> None:
        self._settings = settings
        self._path = home / settings.path
        self._set_aside = {self._path / settings.done: True, self._path / settings.failed: False}
        self._hashes: dict[Path, tuple[_Look, str]] = {}

    @classmethod
    def create(cls, settings: FolderSettings, home: Path) -> Self:
        """A source of these settings; a relative path starts from `home`."""
        return cls(settings, home)

    @property
    def id(self) -> str:
        """The source's name in the configuration."""
        return self._settings.id

    async def list(self, fetcher: PageFetcher, state: SourceState) -> Listing:
        """The files, without those that are still being written.

        Raises `FetchError` when the folder cannot be read; a file that cannot is a warning.
        """
        looks, warnings = await asyncio.to_thread(self._look)
        growing = await self._growing(looks)
        entries, unreadable = await asyncio.to_thread(self._entries, looks, growing)
        if not looks and not self._settings.may_be_empty:
            raise self._error(self._path, "there are no files in it (may_be_empty allows that)")
        return Listing(entries=entries, row_count=len(looks), warnings=(*warnings, *unreadable))

    async def read(self, fetcher: PageFetcher, entry: Entry) -> Page:
        """The content of a file. Raises `FetchError` when it changed meanwhile, or cannot be read."""
        path = _path_of(entry.url)
        try:
            body = await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            raise self._error(path, f"cannot be read: {error.strerror}") from error
        if hashlib.sha256(body).hexdigest() != entry.version:
            raise self._error(path, "is being written to; the next check reads it")
        return Page(url=entry.url, body=body, fetched_at=dt.datetime.now(dt.UTC))

    async def settle(self, entry: Entry, ok: bool) -> None:
        """Move a file that was read or that could not be, if the settings say so."""
        if self._settings.after == "move":
            await asyncio.to_thread(self._move, _path_of(entry.url), entry.version, ok)

    def _look(self) -> tuple[dict[Path, _Look], tuple[str, ...]]:
        looks: dict[Path, _Look] = {}
        warnings = []
        for path in self._files():
            try:
                found = path.stat()
            except OSError as error:
                warnings.append(f"{path}：无法读取（{error.strerror}）。")
                continue
            if stat.S_ISREG(found.st_mode):
                looks[path] = _Look(found.st_size, found.st_mtime_ns, found.st_ino)
        self._hashes = {path: known for path, known in self._hashes.items() if path in looks}
        return looks, tuple(warnings)

    def _files(self) -> Iterator[Path]:
        def refuse(error: OSError) -> None:
            raise self._error(
                Path(error.filename or self._path), f"cannot be read: {error.strerror}"
            ) from error

        for folder, folders, names in os.walk(self._path, onerror=refuse):
            here = Path(folder)
            wanted = sorted(folders) if self._settings.recursive else []
            folders[:] = [name for name in wanted if name[0] != "." and here / name not in self._set_aside]
            yield from (here / name for name in sorted(names) if _is_document(name))

    async def _growing(self, looks: dict[Path, _Look]) -> set[Path]:
        """The young files that changed between two looks: somebody is still copying them."""
        young = [path for path, look in looks.items() if time.time() - look.mtime / 1e9 < _YOUNG]
        young = [path for path in young if self._hashes.get(path, (None,))[0] != looks[path]]
        if not young:
            return set()
        await asyncio.sleep(_SECOND_LOOK)
        again, _ = await asyncio.to_thread(self._look)
        return {path for path in young if again.get(path) != looks[path]}

    def _entries(
        self, looks: dict[Path, _Look], growing: set[Path]
    ) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
        entries = []
        warnings = []
        for path, look in looks.items():
            if path in growing:
                continue
            if look.size > self._settings.max_size:
                warnings.append(f"{path}：有{look.size:,}字节，超过max_size，未读取。")
                continue
            try:
                entries.append(Entry(url=path.absolute().as_uri(), version=self._version(path, look)))
            except OSError as error:
                warnings.append(f"{path}：无法读取（{error.strerror}）。")
        return tuple(entries), tuple(warnings)

    def _version(self, path: Path, look: _Look) -> str:
        known = self._hashes.get(path)
        if known is None or known[0] != look:
            self._hashes[path] = known = (look, _hash(path))
        return known[1]

    def _move(self, path: Path, version: str, ok: bool) -> None:
        target = next(folder for folder, good in self._set_aside.items() if good is ok)
        try:
            if _hash(path) != version:
                return  # somebody wrote another content there, which is not read yet
            target.mkdir(parents=True, exist_ok=True)
            place, number = target / path.name, 1
            while place.exists():
                number += 1
                place = target / f"{path.stem}-{number}{path.suffix}"
            path.rename(place)
        except FileNotFoundError:
            return  # it was moved before, or somebody took it away
        except OSError as error:
            raise self._error(path, f"cannot be moved to {target}: {error.strerror}") from error

    def _error(self, path: Path, sentence: str) -> FetchError:
        return FetchError(f"{path}: {sentence}", cause=FetchCause.FILE, url=path.absolute().as_uri())


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_document(name: str) -> bool:
    small = name.lower()
    hidden = small.startswith((".", "~$")) or small in _NO_DOCUMENTS
    return not hidden and not small.endswith(_UNFINISHED)


def _path_of(url: str) -> Path:
    return Path(os.fsdecode(unquote_to_bytes(urlsplit(url).path)))
