"""Since when a bucket lets nothing through.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("buckets", sa.Column("refused_since", sa.Double(), nullable=False, server_default="0"))
