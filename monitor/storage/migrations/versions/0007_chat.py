"""What chats need: who spoke to the bot and what is being asked, mutes, admissions, removed subscriptions.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("paused_until", sa.DateTime(timezone=True)))
    op.add_column("subscriptions", sa.Column("removed_at", sa.DateTime(timezone=True)))
    op.create_table(
        "mutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("destination_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mutes"),
        sa.ForeignKeyConstraint(["destination_id"], ["destinations.id"], name="fk_mutes_destination_id"),
        sa.UniqueConstraint("destination_id", "kind", "value", name="uq_mutes_destination_id_kind_value"),
    )
    op.create_index("ix_mutes_kind_value", "mutes", ["kind", "value"])
    op.create_table(
        "chat_updates",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text()),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("replies", sa.Text()),
        sa.PrimaryKeyConstraint("channel", "id", name="pk_chat_updates"),
    )
    op.create_index("ix_chat_updates_channel_done_at", "chat_updates", ["channel", "done_at"])
    op.create_table(
        "conversations",
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("asking", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("chat", "user", name="pk_conversations"),
    )
    op.create_table(
        "chat_payloads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chat_payloads"),
    )
    op.create_index("ix_chat_payloads_created_at", "chat_payloads", ["created_at"])
    op.create_table(
        "admissions",
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("admitted", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("chat", name="pk_admissions"),
    )
    op.create_table(
        "invites",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_by", sa.Text()),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("code", name="pk_invites"),
    )
