"""On the way to notices: what a source lists, the bytes that arrive, and the document that they hold."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import takewhile


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask "has it changed?" with: sent back word for word."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """A server's word that what was asked for is at `url`."""

    status: int
    url: str

    @property
    def is_permanent(self) -> bool:
        return self.status in {301, 308}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Bytes as they arrived, before anything is understood.

    `url` is the address asked for (a file's name for a file), `final_url` the one after redirects;
    `media_type` and `charset` are what was declared, which may be wrong or absent. `redirects` are the steps
    between the two addresses.
    """

    url: str
    body: bytes
    final_url: str | None = None
    media_type: str | None = None
    charset: str | None = None
    status: int = 200
    validators: Validators = Validators()
    fetched_at: dt.datetime | None = None
    redirects: tuple[Redirect, ...] = ()

    @property
    def moved_to(self) -> str | None:
        """The address that it has for good now, by the permanent redirects that came first."""
        moves = takewhile(lambda redirect: redirect.is_permanent, self.redirects)
        return next((move.url for move in reversed([*moves])), None)

    @property
    def base_url(self) -> str:
        """The address that relative links start from."""
        return self.final_url or self.url

    @property
    def hash(self) -> str:
        """The name of the bytes: SHA-256 in hexadecimal."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a document; `url` is absolute."""

    text: str
    url: str


class BlockKind(StrEnum):
    """What a block of a document is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a document that stands by itself.

    `lines` are the printed lines of a block after hard line ends inside a sentence were taken out; a table
    has `rows` of cells, and its `lines` are the rows with cells joined by a tab. `level` is a heading's,
    from 1.
    """

    kind: BlockKind
    lines: tuple[str, ...]
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The text of a page in blocks, whatever format it came in.

    `markup` is the decoded source where the format is HTML: page readers look there for metadata blocks,
    containers and links that a plain text has lost. `warnings` are sentences.
    """

    blocks: tuple[Block, ...]
    url: str | None = None
    media_type: str = "text/plain"
    markup: str | None = None
    meta: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """All printed lines in order, an empty one between two blocks."""
        lines: list[str] = []
        for block in self.blocks:
            if lines:
                lines.append("")
            lines.extend(block.lines)
        return tuple(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that a source lists: a row of a list page, an item of a feed, a file of a folder.

    `version` changes when the entry should be read again (title and date of a row, hash of a file).
    `page` is there when the source has the content already; otherwise the check fetches `url`.
    """

    url: str
    version: str
    title: str | None = None
    date: dt.date | None = None
    page: Page | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a source lists now. `unchanged`: the server said 304, or the bytes are the same as last time.

    `validators` and `page_hash` are stored only after every entry was recorded, or a later 304 would hide
    one. `row_count` is that of the first page: the next check compares its own with it. `layout` names the
    form in which the list was found: it changes when the site's does.
    """

    entries: tuple[Entry, ...] = ()
    unchanged: bool = False
    validators: Validators = Validators()
    page_hash: str | None = None
    row_count: int | None = None
    layout: str | None = None
    warnings: tuple[str, ...] = ()
