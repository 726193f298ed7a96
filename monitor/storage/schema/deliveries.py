"""What is told to whom, and how sending it went."""

from sqlalchemy import Boolean, Column, Double, ForeignKey, Index, Integer, Table, UniqueConstraint

from monitor.storage.columns import CleanText, Json, UtcDateTime
from monitor.storage.schema.base import metadata, needed

matches = Table(
    "matches",
    metadata,
    Column("id", Integer, primary_key=True),
    needed("notice_id", Integer, ForeignKey("notices.id")),
    needed("edition", Integer),
    needed("revision_id", Integer, ForeignKey("revisions.id")),
    needed("subscription_id", Integer, ForeignKey("subscriptions.id")),
    needed("rule", CleanText),
    needed("reasons", Json),
    Column("delivery_id", Integer, ForeignKey("deliveries.id")),
    Column("held_by", CleanText),
    Column("due_at", UtcDateTime),
    Column("unread_since", UtcDateTime),
    needed("created_at", UtcDateTime),
    UniqueConstraint("notice_id", "edition", "subscription_id"),
    Index(None, "subscription_id"),
    Index(None, "delivery_id", "due_at"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    needed("message_id", CleanText),
    needed("destination_id", Integer, ForeignKey("destinations.id")),
    needed("topic", CleanText),
    Column("notice_id", Integer, ForeignKey("notices.id")),
    Column("revision_id", Integer, ForeignKey("revisions.id")),
    Column("content", Json),
    needed("state", CleanText),
    Column("note", CleanText),
    needed("due_at", UtcDateTime),
    needed("attempts", Integer),
    needed("may_repeat", Boolean),
    Column("worker", CleanText),
    Column("lease_until", UtcDateTime),
    Column("give_up_at", UtcDateTime),
    needed("created_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    UniqueConstraint("message_id"),
    UniqueConstraint("destination_id", "topic"),
    Index(None, "state", "due_at"),
    Index(None, "destination_id", "notice_id"),
    Index(None, "notice_id"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    needed("delivery_id", Integer, ForeignKey("deliveries.id")),
    needed("number", Integer),
    needed("worker", CleanText),
    needed("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("outcome", CleanText),
    Column("answer", CleanText),
    Column("provider_id", CleanText),
    UniqueConstraint("delivery_id", "number"),
)

buckets = Table(
    "buckets",
    metadata,
    Column("name", CleanText, primary_key=True),
    needed("sends", Json),
    needed("slots", Json),
    needed("paused_at", Double),  # seconds since the epoch, as are the times below
    needed("paused_until", Double),
    needed("refused_since", Double),  # 0: the last message was let through
    needed("idle_at", Double),
)
