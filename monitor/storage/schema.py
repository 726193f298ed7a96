"""The tables.

Unique keys, not checks in code, keep repeats out:

    sightings      (notice, source, address)         one appearance is recorded once
    revisions      (notice, number)
    matches        (notice, edition, subscription)   one telling of a notice meets a subscription once
    deliveries     (destination, topic)              and reaches a destination once
    attempts       (delivery, number)                the number is the fence of a lease

An *edition* of a notice is what a reader was told: it grows with a correction, and not with a variant (the
same notice in another source's wording). A delivery's *topic* says what it is about: `notice:12:1` is
edition 1 of notice 12.
"""

from typing import Any

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, MetaData, Table, UniqueConstraint
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

from monitor.storage.columns import CleanText, Json, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _needed(name: str, kind: type[TypeEngine[Any]], *more: SchemaItem) -> Column[Any]:
    return Column(name, kind, *more, nullable=False)


sources = Table(
    "sources",
    metadata,
    Column("id", CleanText, primary_key=True),
    _needed("kind", CleanText),
    _needed("paused", Boolean),
    Column("baseline_done_at", UtcDateTime),
    Column("etag", CleanText),
    Column("last_modified", CleanText),
    Column("page_hash", CleanText),
    Column("row_count", Integer),
    _needed("failures", Integer),
    Column("cause", CleanText),
    Column("message", CleanText),
    Column("checked_at", UtcDateTime),
    Column("succeeded_at", UtcDateTime),
    Column("new_at", UtcDateTime),
    Column("next_check_at", UtcDateTime),
    _needed("created_at", UtcDateTime),
)

checks = Table(
    "checks",
    metadata,
    Column("id", Integer, primary_key=True),
    _needed("source_id", CleanText, ForeignKey("sources.id")),
    _needed("started_at", UtcDateTime),
    _needed("finished_at", UtcDateTime),
    _needed("outcome", CleanText),
    _needed("baseline", Boolean),
    _needed("listed", Integer),
    _needed("read", Integer),
    _needed("failed", Integer),
    _needed("new", Integer),
    _needed("corrected", Integer),
    _needed("matched", Integer),
    _needed("queued", Integer),
    Column("cause", CleanText),
    Column("message", CleanText),
    Index(None, "source_id", "started_at"),
)

entries = Table(
    "entries",
    metadata,
    Column("source_id", CleanText, ForeignKey("sources.id"), primary_key=True),
    Column("url_key", CleanText, primary_key=True),
    _needed("url", CleanText),
    Column("version", CleanText),
    _needed("baseline", Boolean),
    _needed("failures", Integer),
    Column("message", CleanText),
    _needed("first_seen_at", UtcDateTime),
    Column("recorded_at", UtcDateTime),
    Column("failed_at", UtcDateTime),
    Column("failed_version", CleanText),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    _needed("kind", CleanText),
    _needed("title", CleanText),
    Column("doc_number", CleanText),
    Column("written_date", Date),
    Column("published_date", Date),
    _needed("provinces", Json),
    _needed("edition", Integer),
    _needed("first_seen_at", UtcDateTime),
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
    _needed("notice_id", Integer, ForeignKey("notices.id")),
    _needed("number", Integer),
    _needed("edition", Integer),
    _needed("variant", Boolean),
    _needed("record", Json),
    _needed("recorded_at", UtcDateTime),
    Column("matched_at", UtcDateTime),
    UniqueConstraint("notice_id", "number"),
    Index(None, "matched_at"),
)

sightings = Table(
    "sightings",
    metadata,
    Column("id", Integer, primary_key=True),
    _needed("notice_id", Integer, ForeignKey("notices.id")),
    _needed("revision_id", Integer, ForeignKey("revisions.id")),
    _needed("source_id", CleanText, ForeignKey("sources.id")),
    _needed("url", CleanText),
    _needed("url_key", CleanText),
    Column("position", CleanText),
    _needed("baseline", Boolean),
    _needed("first_seen_at", UtcDateTime),
    _needed("last_seen_at", UtcDateTime),
    UniqueConstraint("notice_id", "source_id", "url_key"),
    Index(None, "source_id", "url_key"),
)

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Integer, primary_key=True),
    _needed("name", CleanText),
    _needed("language", CleanText),
    _needed("timezone", CleanText),
    _needed("operator", Boolean),
    _needed("created_at", UtcDateTime),
    UniqueConstraint("name"),
)

destinations = Table(
    "destinations",
    metadata,
    Column("id", Integer, primary_key=True),
    _needed("subscriber_id", Integer, ForeignKey("subscribers.id")),
    _needed("channel", CleanText),
    _needed("address", CleanText),
    _needed("address_key", CleanText),
    _needed("active", Boolean),
    Column("deactivated_at", UtcDateTime),
    Column("reason", CleanText),
    Column("moved_to", Integer, ForeignKey("destinations.id")),
    _needed("created_at", UtcDateTime),
    UniqueConstraint("subscriber_id", "channel", "address_key"),
    Index(None, "channel", "address_key"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    _needed("destination_id", Integer, ForeignKey("destinations.id")),
    _needed("name", CleanText),
    _needed("rule", CleanText),
    _needed("frequency", CleanText),
    _needed("origin", CleanText),
    _needed("active", Boolean),
    _needed("created_at", UtcDateTime),
    _needed("changed", Integer),
    UniqueConstraint("destination_id", "name"),
    Index(None, "changed"),
)

counters = Table(
    "counters",
    metadata,
    Column("name", CleanText, primary_key=True),
    _needed("value", Integer),
)

matches = Table(
    "matches",
    metadata,
    Column("id", Integer, primary_key=True),
    _needed("notice_id", Integer, ForeignKey("notices.id")),
    _needed("edition", Integer),
    _needed("revision_id", Integer, ForeignKey("revisions.id")),
    _needed("subscription_id", Integer, ForeignKey("subscriptions.id")),
    _needed("rule", CleanText),
    _needed("reasons", Json),
    Column("delivery_id", Integer, ForeignKey("deliveries.id")),
    _needed("created_at", UtcDateTime),
    UniqueConstraint("notice_id", "edition", "subscription_id"),
    Index(None, "subscription_id"),
    Index(None, "delivery_id"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    _needed("message_id", CleanText),
    _needed("destination_id", Integer, ForeignKey("destinations.id")),
    _needed("topic", CleanText),
    Column("notice_id", Integer, ForeignKey("notices.id")),
    Column("revision_id", Integer, ForeignKey("revisions.id")),
    Column("content", Json),
    _needed("state", CleanText),
    Column("note", CleanText),
    _needed("due_at", UtcDateTime),
    _needed("attempts", Integer),
    _needed("may_repeat", Boolean),
    Column("worker", CleanText),
    Column("lease_until", UtcDateTime),
    Column("give_up_at", UtcDateTime),
    _needed("created_at", UtcDateTime),
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
    _needed("delivery_id", Integer, ForeignKey("deliveries.id")),
    _needed("number", Integer),
    _needed("worker", CleanText),
    _needed("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("outcome", CleanText),
    Column("answer", CleanText),
    Column("provider_id", CleanText),
    UniqueConstraint("delivery_id", "number"),
)
