"""Errors of the bot that can be looked up; what the configuration said of subscribers last.

Revision ID: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("subscribers", sa.Column("configured", sa.Text()))
    op.create_table(
        "chat_errors",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("reference", name="pk_chat_errors"),
    )
    op.create_index("ix_chat_errors_happened_at", "chat_errors", ["happened_at"])
