"""ZIP archives of documents."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZipFile, ZipInfo

from monitor.documents.charset import decode
from monitor.documents.packed import unpack
from monitor.errors import ParseError
from monitor.types import Page

_LITTER = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(slots=True)
class Budget:
    """What an archive and the archives inside it may still unpack."""

    bytes: int
    members: int


def members(page: Page, budget: Budget) -> Iterator[Page | tuple[str, str]]:
    """Each file of an archive as a page (url `archive.zip!/inner.pdf`), or its url and why it cannot be had.

    Raises `ParseError` for an archive that is empty or breaks the budget as a whole.
    """
    archive = ZipFile(BytesIO(page.body))
    files = [member for member in archive.infolist() if not _is_litter(member)]
    size = sum(member.file_size for member in files)
    if not files:
        raise ParseError("is an empty ZIP archive.")
    if len(files) > budget.members:
        raise ParseError(f"holds {len(files):,} files, more than the limit allows ({budget.members:,} left).")
    if size > budget.bytes:
        raise ParseError(f"unpacks to {size:,} bytes, more than the limit allows ({budget.bytes:,} left).")
    budget.members -= len(files)
    budget.bytes -= size
    for member in files:
        url = f"{page.url}!/{_name(member)}"
        try:
            yield Page(url=url, body=unpack(archive, member, size), fetched_at=page.fetched_at)
        except ParseError as error:
            yield url, str(error)


def _is_litter(member: ZipInfo) -> bool:
    return member.is_dir() or any(part in _LITTER for part in PurePosixPath(member.filename).parts)


def _name(member: ZipInfo) -> str:
    """The file's name: `zipfile` takes what is not marked as UTF-8 for CP437, but it is often GBK."""
    if member.flag_bits & 0x800:
        return member.filename
    return decode(member.filename.encode("cp437", "replace"), None)[0]
