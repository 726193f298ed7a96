"""How sources fare, and when they are checked next.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    time = sa.DateTime(timezone=True)
    op.add_column("sources", sa.Column("paused_until", time, nullable=True))
    op.add_column("sources", sa.Column("retries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("sources", sa.Column("worker", sa.Text(), nullable=True))
    op.add_column("sources", sa.Column("lease_until", time, nullable=True))
    for name in ("rhythm", "sample", "layouts"):
        op.add_column("sources", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("checks", sa.Column("rows", sa.Integer(), nullable=True))
    op.create_table(
        "episodes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("symptom", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("good", sa.Text(), nullable=True),
        sa.Column("present", sa.Text(), nullable=True),
        sa.Column("began_at", time, nullable=False),
        sa.Column("seen_at", time, nullable=False),
        sa.Column("ended_at", time, nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_episodes_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episodes")),
    )
    for table, *columns in (
        ("episodes", "source_id", "began_at"),
        ("episodes", "ended_at"),
        ("checks", "finished_at"),
        ("sightings", "source_id", "first_seen_at"),
        ("sightings", "first_seen_at"),
    ):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns, unique=False)
