"""Looks: who read a family, when and what for. Kept apart, and only ever added to."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

GUARDS_SQLITE = (
    """
    CREATE TRIGGER look_refuses_update BEFORE UPDATE ON look
    BEGIN SELECT RAISE(ABORT, 'who looked is never changed'); END
    """,
    """
    CREATE TRIGGER look_refuses_delete BEFORE DELETE ON look
    BEGIN SELECT RAISE(ABORT, 'who looked is never changed'); END
    """,
)
GUARDS_POSTGRESQL = (
    """
    CREATE TRIGGER look_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON look
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    "ALTER TABLE look ENABLE ALWAYS TRIGGER look_refuses_change",
)


def upgrade() -> None:
    op.create_table(
        "look",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("book", sa.String(), nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
    )
    op.create_index("look_of_book", "look", ["book", "at"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    for guard in GUARDS_SQLITE if sqlite else GUARDS_POSTGRESQL:
        op.execute(guard)


def downgrade() -> None:
    op.drop_table("look")
