"""The nouns of the program. Frozen; aware datetimes; a plain `date` where a publisher gives only a day.

The pipeline in their terms::

    source → Listing of Entries → Page → Document of Blocks → Notices → Message to a destination

`Notice` is also the contract with the outside: `to_record()` and `from_record()` are its two directions,
described field by field in docs/reference/notice-record.md.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, Self

from rules.model import Reason


class NoticeKind(StrEnum):
    """What kind of thing a notice record stands for."""

    NOTICE = "notice"
    NEWS = "news"  # an article of a news digest
    DRUG_INFO = "drug_info"
    ATTACHMENT = "attachment"  # printed as an item of its own but belonging to another
    LISTED = "listed"  # a contents entry whose text is missing from the file


class Relation(StrEnum):
    """How a notice refers to another document."""

    BASIS = "basis"
    REPEALS = "repeals"
    AMENDS = "amends"
    REISSUE_OF = "reissue_of"
    CITES = "cites"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to a notice; `url` is None where only its name is printed."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Interpretation:
    """An official or expert reading of a notice, nested in a digest item."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Another document that a notice names."""

    title: str | None
    doc_number: str | None
    relation: Relation


@dataclass(frozen=True, slots=True)
class SourceDigest:
    """The publication that carried a notice, and which issue of it."""

    title: str
    issue: str | None = None
    total_issue: int | None = None
    publisher: str | None = None
    date: dt.date | None = None
    period_start: dt.date | None = None
    period_end: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One government notice or digest article, as a careful reader would take it down."""

    kind: NoticeKind = NoticeKind.NOTICE
    title: str
    agencies: tuple[str, ...] = ()
    agencies_truncated: bool = False
    agency_ids: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    doc_number: str | None = None
    written_date: dt.date | None = None
    published_date: dt.date | None = None
    category: str | None = None
    keywords: tuple[str, ...] = ()
    importance: int | None = None
    attention: int | None = None
    section: str | None = None
    source_name: str | None = None
    page: int | None = None
    summary: str | None = None
    body: str = ""
    index_number: str | None = None
    attachments: tuple[Attachment, ...] = ()
    urls: tuple[str, ...] = ()
    interpretations: tuple[Interpretation, ...] = ()
    is_consultation: bool = False
    comment_deadline: dt.date | None = None
    effective_date: dt.date | None = None
    expiry_date: dt.date | None = None
    references: tuple[Reference, ...] = ()
    digest: SourceDigest | None = None
    source_id: str | None = None
    url: str | None = None
    position: str | None = None
    fingerprint: str = ""
    warnings: tuple[str, ...] = ()

    def to_record(self) -> dict[str, Any]:
        """The notice record: JSON-ready, every field present, absent ones `None` or `[]`."""
        return {f.name: _plain(getattr(self, f.name)) for f in fields(self)}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """The inverse of `to_record`. Missing fields take their defaults; unknown ones raise `ValueError`."""
        unknown = record.keys() - {f.name for f in fields(cls)}
        if unknown:
            raise ValueError(f"not fields of a notice record: {', '.join(sorted(unknown))}")
        return cls(**{name: _FROM_PLAIN.get(name, _as_is)(value) for name, value in record.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Attachment | Interpretation | Reference | SourceDigest):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    return value


def _as_is(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _date(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def _digest(value: Mapping[str, Any] | None) -> SourceDigest | None:
    if value is None:
        return None
    dates = {name: _date(value.get(name)) for name in ("date", "period_start", "period_end")}
    return SourceDigest(**{**value, **dates})


_FROM_PLAIN: Mapping[str, Any] = {
    "kind": NoticeKind,
    "written_date": _date,
    "published_date": _date,
    "comment_deadline": _date,
    "effective_date": _date,
    "expiry_date": _date,
    "attachments": lambda items: tuple(Attachment(**item) for item in items),
    "interpretations": lambda items: tuple(Interpretation(**item) for item in items),
    "references": lambda items: tuple(
        Reference(item["title"], item["doc_number"], Relation(item["relation"])) for item in items
    ),
    "digest": _digest,
}


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask "has it changed?" with: sent back word for word."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Bytes as they arrived, before anything is understood.

    `url` is the address asked for (a file's name for a file), `final_url` the one after redirects;
    `media_type` and `charset` are what was declared, which may be wrong or absent.
    """

    url: str
    body: bytes
    final_url: str | None = None
    media_type: str | None = None
    charset: str | None = None
    status: int = 200
    validators: Validators = Validators()
    fetched_at: dt.datetime | None = None

    @property
    def base_url(self) -> str:
        """The address that relative links start from."""
        return self.final_url or self.url


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
    one. `row_count` is that of the first page: the next check compares its own with it.
    """

    entries: tuple[Entry, ...] = ()
    unchanged: bool = False
    validators: Validators = Validators()
    page_hash: str | None = None
    row_count: int | None = None
    warnings: tuple[str, ...] = ()


def with_warning(notice: Notice, *sentences: str) -> Notice:
    """The notice with further warnings, each once."""
    return replace(notice, warnings=tuple(dict.fromkeys((*notice.warnings, *sentences))))


@dataclass(frozen=True, slots=True)
class Hit:
    """One subscription that a notice met, and why. `rule` is the rule in its canonical form."""

    subscription: str
    rule: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one delivery says, before a channel gives it its form.

    An alert has a `notice` and the `hits`; a message to the operator has a `headline` and `text` instead.
    `delivery_id` stays the same over retries. `revision` above 1 says that a notice told before was changed.
    `published_late` is the time between publication and our first sight where that deserves a word;
    `may_repeat` marks a try after one that may have arrived.
    """

    delivery_id: str
    language: str = "zh"
    notice: Notice | None = None
    hits: tuple[Hit, ...] = ()
    headline: str = ""
    text: str = ""
    revision: int = 1
    published_late: dt.timedelta | None = None
    may_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """A provider's word that it took a message: its status and code, trimmed and free of secrets."""

    answer: str
    provider_id: str | None = None
