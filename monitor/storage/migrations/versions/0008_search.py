"""Finding notices by their words. What is recorded already is made findable by the next repair, in pieces.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "search_texts",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("comment_deadline", sa.Date()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name="fk_search_texts_revision_id"),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name="fk_search_texts_notice_id"),
        sa.PrimaryKeyConstraint("revision_id", name="pk_search_texts"),
    )
    op.create_index("ix_search_texts_comment_deadline", "search_texts", ["comment_deadline"])
    op.create_index("ix_sightings_url_key", "sightings", ["url_key"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE search_grams USING fts5 (grams, content='', detail=none)")
        return
    op.execute(
        "CREATE TABLE search_grams ("
        " revision_id integer PRIMARY KEY REFERENCES search_texts ON DELETE CASCADE,"
        " grams tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX ix_search_grams_grams ON search_grams USING gin (grams)")
