"""Requests for information: who was asked, and where they read it. Made again from the record at any time."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "request_index",
        sa.Column("request", sa.String(), primary_key=True),
        sa.Column("person", sa.String(), primary_key=True, index=True),
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("book", sa.String(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("request_index")
