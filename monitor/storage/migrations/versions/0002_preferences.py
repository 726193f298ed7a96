"""What a subscriber wants: how often, when, how much.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("subscribers", sa.Column("frequency", sa.Text(), nullable=False, server_default="at once"))
    op.add_column("subscribers", sa.Column("quiet_hours", sa.Text(), nullable=True))
    op.add_column("subscribers", sa.Column("daily_cap", sa.Integer(), nullable=True))
    op.add_column("subscribers", sa.Column("group_from", sa.Integer(), nullable=True, server_default="20"))
    # Until now there was one frequency, which is the subscriber's now: none of its own.
    op.drop_column("subscriptions", "frequency")
    op.add_column("subscriptions", sa.Column("frequency", sa.Text(), nullable=True))
    op.add_column(
        "subscriptions", sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("matches", sa.Column("held_by", sa.Text(), nullable=True))
    op.add_column("matches", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("matches", sa.Column("unread_since", sa.DateTime(timezone=True), nullable=True))
    op.drop_index(op.f("ix_matches_delivery_id"), table_name="matches")
    op.create_index(op.f("ix_matches_delivery_id_due_at"), "matches", ["delivery_id", "due_at"])
