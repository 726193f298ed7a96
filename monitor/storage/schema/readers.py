"""Who wants to be told what, and where."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint, false

from monitor.storage.columns import CleanText, Json, UtcDateTime
from monitor.storage.schema.base import metadata, needed

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Integer, primary_key=True),
    needed("name", CleanText),
    needed("language", CleanText),
    needed("timezone", CleanText),
    needed("operator", Boolean),
    Column("frequency", CleanText, nullable=False, server_default="at once"),
    Column("quiet_hours", CleanText),
    Column("daily_cap", Integer),
    Column("group_from", Integer, server_default="20"),
    Column("configured", Json),
    needed("created_at", UtcDateTime),
    UniqueConstraint("name"),
)

destinations = Table(
    "destinations",
    metadata,
    Column("id", Integer, primary_key=True),
    needed("subscriber_id", Integer, ForeignKey("subscribers.id")),
    needed("channel", CleanText),
    needed("address", CleanText),
    needed("address_key", CleanText),
    needed("active", Boolean),
    Column("deactivated_at", UtcDateTime),
    Column("reason", CleanText),
    Column("moved_to", Integer, ForeignKey("destinations.id")),
    needed("created_at", UtcDateTime),
    UniqueConstraint("subscriber_id", "channel", "address_key"),
    Index(None, "channel", "address_key"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    needed("destination_id", Integer, ForeignKey("destinations.id")),
    needed("name", CleanText),
    needed("rule", CleanText),
    Column("frequency", CleanText),
    Column("urgent", Boolean, nullable=False, server_default=false()),
    needed("origin", CleanText),
    needed("active", Boolean),
    needed("created_at", UtcDateTime),
    needed("changed", Integer),
    Column("paused_until", UtcDateTime),
    Column("removed_at", UtcDateTime),
    Column("copy_of", Integer),
    UniqueConstraint("destination_id", "name"),
    Index(None, "changed"),
    Index(None, "copy_of"),
)

confirmations = Table(
    "confirmations",
    metadata,
    Column("destination_id", Integer, ForeignKey("destinations.id"), primary_key=True),
    needed("code", CleanText),
    needed("tries", Integer),
    needed("takes_all", Boolean),
    needed("expires_at", UtcDateTime),
    Column("confirmed_at", UtcDateTime),
)

saved_rules = Table(
    "saved_rules",
    metadata,
    Column("subscriber_id", Integer, ForeignKey("subscribers.id"), primary_key=True),
    Column("name", CleanText, primary_key=True),
    needed("rule", CleanText),
    needed("origin", CleanText),
    needed("saved_at", UtcDateTime),
)

mutes = Table(
    "mutes",
    metadata,
    Column("id", Integer, primary_key=True),
    needed("destination_id", Integer, ForeignKey("destinations.id")),
    needed("kind", CleanText),
    needed("value", CleanText),
    needed("label", CleanText),
    needed("created_at", UtcDateTime),
    UniqueConstraint("destination_id", "kind", "value"),
    Index(None, "kind", "value"),
)
