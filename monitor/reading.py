"""Bytes → notices, in one call that a sandbox can run: reading and parsing in the same worker."""

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.documents.reading import read
from monitor.errors import ParseError
from monitor.parsing.attached import with_text_of
from monitor.parsing.layout import parse
from monitor.types import Notice, Page
from rules.vocabulary import use_vocabulary


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """Bounds of one reading (bytes unpacked, pages of a PDF), and files that add to the vocabulary."""

    max_bytes: int = 100 << 20
    max_pages: int = 2000
    vocabulary: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page held: its notices, and a sentence for each part of it that could not be read."""

    notices: tuple[Notice, ...]
    problems: tuple[str, ...] = ()


def read_notices(
    page: Page, layout: str = "auto", today: dt.date | None = None, options: ReadingOptions = ReadingOptions()
) -> Reading:
    """The notices of a page.

    A part of an archive that cannot be read or parsed becomes a problem, and the others stand. Raises
    `ParseError` where there is nothing else.
    """
    use_vocabulary(*options.vocabulary)
    notices: list[Notice] = []
    problems: list[str] = []
    failures: list[str] = []
    documents = read(page, max_bytes=options.max_bytes, max_pages=options.max_pages)
    for document in documents:
        told_apart = f"{document.url}: " if document.blocks and len(documents) > 1 else ""
        problems.extend(f"{told_apart}{warning}" for warning in document.warnings)
        if not document.blocks and len(documents) > 1:
            continue
        try:
            found = parse(document, layout=layout, today=today)
        except ParseError as error:
            failures.append(str(error))
            continue
        notices.extend(replace(notice, url=notice.url or document.url or page.url) for notice in found)
    if not notices:
        raise ParseError("; ".join([*problems, *failures]) or f"{page.url}: it holds nothing like a notice")
    return Reading(tuple(notices), (*problems, *(f"无法解析（{failure}）" for failure in failures)))


def read_into(notice: Notice, pages: tuple[Page, ...], options: ReadingOptions = ReadingOptions()) -> Notice:
    """The notice with the text of these files as its own. Raises `ParseError`."""
    use_vocabulary(*options.vocabulary)
    limits = {"max_bytes": options.max_bytes, "max_pages": options.max_pages}
    return with_text_of(notice, [document for page in pages for document in read(page, **limits)])
