"""Sources, how their checks went, and what they gave."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from monitor.storage.columns import CleanText, Json, UtcDateTime
from monitor.storage.schema.base import metadata, needed

sources = Table(
    "sources",
    metadata,
    Column("id", CleanText, primary_key=True),
    needed("kind", CleanText),
    needed("paused", Boolean),
    Column("baseline_done_at", UtcDateTime),
    Column("etag", CleanText),
    Column("last_modified", CleanText),
    Column("page_hash", CleanText),
    Column("row_count", Integer),
    needed("failures", Integer),
    Column("cause", CleanText),
    Column("message", CleanText),
    Column("checked_at", UtcDateTime),
    Column("succeeded_at", UtcDateTime),
    Column("new_at", UtcDateTime),
    Column("next_check_at", UtcDateTime),
    Column("paused_until", UtcDateTime),
    needed("retries", Integer),
    Column("worker", CleanText),
    Column("lease_until", UtcDateTime),
    Column("rhythm", Json),
    Column("sample", Json),
    Column("layouts", Json),
    needed("created_at", UtcDateTime),
)

checks = Table(
    "checks",
    metadata,
    Column("id", Integer, primary_key=True),
    needed("source_id", CleanText, ForeignKey("sources.id")),
    needed("started_at", UtcDateTime),
    needed("finished_at", UtcDateTime),
    needed("outcome", CleanText),
    needed("baseline", Boolean),
    Column("rows", Integer),
    needed("listed", Integer),
    needed("read", Integer),
    needed("failed", Integer),
    needed("new", Integer),
    needed("corrected", Integer),
    needed("matched", Integer),
    needed("queued", Integer),
    Column("cause", CleanText),
    Column("message", CleanText),
    Index(None, "source_id", "started_at"),
    Index(None, "finished_at"),
)

episodes = Table(
    "episodes",
    metadata,
    Column("id", Integer, primary_key=True),
    needed("source_id", CleanText, ForeignKey("sources.id")),
    needed("symptom", CleanText),
    Column("cause", CleanText),
    needed("message", CleanText),
    needed("told", Boolean),
    Column("good", Json),
    Column("present", Json),
    needed("began_at", UtcDateTime),
    needed("seen_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Index(None, "source_id", "began_at"),
    Index(None, "ended_at"),
)

entries = Table(
    "entries",
    metadata,
    Column("source_id", CleanText, ForeignKey("sources.id"), primary_key=True),
    Column("url_key", CleanText, primary_key=True),
    needed("url", CleanText),
    Column("version", CleanText),
    needed("baseline", Boolean),
    needed("failures", Integer),
    Column("message", CleanText),
    needed("first_seen_at", UtcDateTime),
    Column("recorded_at", UtcDateTime),
    Column("failed_at", UtcDateTime),
    Column("failed_version", CleanText),
)

pages = Table(
    "pages",
    metadata,
    Column("id", Integer, primary_key=True),
    needed("source_id", CleanText, ForeignKey("sources.id")),
    needed("role", CleanText),
    needed("url", CleanText),
    needed("url_key", CleanText),
    Column("final_url", CleanText),
    needed("status", Integer),
    Column("media_type", CleanText),
    Column("charset", CleanText),
    needed("hash", CleanText),
    needed("size", Integer),
    needed("packed_size", Integer),
    Column("problem", CleanText),
    needed("fetched_at", UtcDateTime),
    UniqueConstraint("source_id", "url_key", "hash"),
    Index(None, "hash"),
    Index(None, "fetched_at"),
)

counters = Table(
    "counters",
    metadata,
    Column("name", CleanText, primary_key=True),
    needed("value", Integer),
)
