"""Families and huddles: what is looked for across families. All of it can be made again from the record."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "family_index",
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("reference", sa.String(), nullable=False, unique=True),
        sa.Column("name", sa.String(), nullable=False),
    )
    op.create_table(
        "family_name",
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
    )
    op.create_table(
        "membership",
        sa.Column("person", sa.String(), primary_key=True),
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("book", sa.String(), nullable=False, index=True),
        sa.Column("until", sa.BigInteger()),
    )
    op.create_table(
        "huddle_index",
        sa.Column("huddle", sa.String(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False, index=True),
        sa.Column("starts", sa.BigInteger(), nullable=False, index=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    for name in ("huddle_index", "membership", "family_name", "family_index"):
        op.drop_table(name)
