"""A notice: what the program is about, and its contract with the outside."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Self


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


def with_warning(notice: Notice, *sentences: str) -> Notice:
    """The notice with further warnings, each once."""
    return replace(notice, warnings=tuple(dict.fromkeys((*notice.warnings, *sentences))))
