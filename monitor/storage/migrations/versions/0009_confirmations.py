"""Further destinations of a subscriber: confirmed ones, and subscriptions that are copies for them.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("copy_of", sa.Integer()))
    op.create_index("ix_subscriptions_copy_of", "subscriptions", ["copy_of"])
    op.create_table(
        "confirmations",
        sa.Column("destination_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("takes_all", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("destination_id", name="pk_confirmations"),
        sa.ForeignKeyConstraint(
            ["destination_id"], ["destinations.id"], name="fk_confirmations_destination_id"
        ),
    )
