"""What is said to the bot, and who may say something."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table

from monitor.storage.columns import CleanText, Json, UtcDateTime
from monitor.storage.schema.base import metadata, needed

chat_updates = Table(
    "chat_updates",
    metadata,
    Column("channel", CleanText, primary_key=True),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("content", Json),
    needed("received_at", UtcDateTime),
    Column("done_at", UtcDateTime),
    Column("replies", Json),
    Index(None, "channel", "done_at"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("chat", CleanText, primary_key=True),
    Column("user", CleanText, primary_key=True),
    needed("asking", CleanText),
    needed("data", Json),
    needed("expires_at", UtcDateTime),
)

chat_payloads = Table(
    "chat_payloads",
    metadata,
    Column("id", Integer, primary_key=True),
    needed("chat", CleanText),
    needed("content", Json),
    needed("created_at", UtcDateTime),
    Index(None, "created_at"),
)

chat_errors = Table(
    "chat_errors",
    metadata,
    Column("reference", CleanText, primary_key=True),
    needed("chat", CleanText),
    needed("kind", CleanText),
    needed("trace", CleanText),
    needed("happened_at", UtcDateTime),
    Index(None, "happened_at"),
)

admissions = Table(
    "admissions",
    metadata,
    Column("chat", CleanText, primary_key=True),
    needed("admitted", Boolean),
    needed("by", CleanText),
    needed("created_at", UtcDateTime),
)

invites = Table(
    "invites",
    metadata,
    Column("code", CleanText, primary_key=True),
    needed("by", CleanText),
    needed("created_at", UtcDateTime),
    needed("expires_at", UtcDateTime),
    Column("used_by", CleanText),
    Column("used_at", UtcDateTime),
)
