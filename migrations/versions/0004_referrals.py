"""Referrals that somebody made on their own: whose each one is. Made again from the record at any time."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "referral_index",
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("person", sa.String(), nullable=False, index=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("referral_index")
