"""How far the demonstration's clock is ahead."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "demo_clock",
        sa.Column("clock", sa.String(), primary_key=True),
        sa.Column("ahead", sa.BigInteger(), nullable=False),
        sa.Column("moved_at", sa.BigInteger(), nullable=True),
    )


def downgrade() -> None:
    op.drop_table("demo_clock")
