"""Whether a huddle is over; and who asked for a link, by hash, until the sweep has looked."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("huddle_index", sa.Column("over", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "link_asked",
        sa.Column("digest", sa.String(), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("link_asked")
    op.drop_column("huddle_index", "over")
