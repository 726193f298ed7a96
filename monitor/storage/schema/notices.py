"""Notices, their texts, and where they were seen."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, UniqueConstraint

from monitor.storage.columns import CleanText, Json, UtcDateTime
from monitor.storage.schema.base import metadata, needed

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    needed("kind", CleanText),
    needed("title", CleanText),
    Column("doc_number", CleanText),
    Column("written_date", Date),
    Column("published_date", Date),
    needed("provinces", Json),
    needed("edition", Integer),
    needed("first_seen_at", UtcDateTime),
    Column("opened_at", UtcDateTime),
    Index(None, "first_seen_at"),
    Index(None, "published_date"),
)

notice_keys = Table(
    "notice_keys",
    metadata,
    Column("key", CleanText, primary_key=True),
    Column("notice_id", Integer, ForeignKey("notices.id"), primary_key=True),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", Integer, primary_key=True),
    needed("notice_id", Integer, ForeignKey("notices.id")),
    needed("number", Integer),
    needed("edition", Integer),
    needed("variant", Boolean),
    needed("record", Json),
    needed("recorded_at", UtcDateTime),
    Column("matched_at", UtcDateTime),
    UniqueConstraint("notice_id", "number"),
    Index(None, "matched_at"),
)

search_texts = Table(  # its index is the table `search_grams`, which each database has in a form of its own
    "search_texts",
    metadata,
    Column("revision_id", Integer, ForeignKey("revisions.id"), primary_key=True, autoincrement=False),
    needed("notice_id", Integer, ForeignKey("notices.id")),
    Column("comment_deadline", Date),
    needed("text", CleanText),
    Index(None, "comment_deadline"),
)

sightings = Table(
    "sightings",
    metadata,
    Column("id", Integer, primary_key=True),
    needed("notice_id", Integer, ForeignKey("notices.id")),
    needed("revision_id", Integer, ForeignKey("revisions.id")),
    needed("source_id", CleanText, ForeignKey("sources.id")),
    needed("url", CleanText),
    needed("url_key", CleanText),
    Column("position", CleanText),
    needed("baseline", Boolean),
    needed("first_seen_at", UtcDateTime),
    needed("last_seen_at", UtcDateTime),
    UniqueConstraint("notice_id", "source_id", "url_key"),
    Index(None, "source_id", "url_key"),
    Index(None, "url_key"),
    Index(None, "source_id", "first_seen_at"),
    Index(None, "first_seen_at"),
)
