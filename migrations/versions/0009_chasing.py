"""What is owed, who is told of it, and the mails on their way."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deadline",
        sa.Column("deadline", sa.String(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("book", sa.String(), nullable=False, index=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("next_chase_at", sa.BigInteger(), nullable=True, index=True),
        sa.Column("queued_at", sa.BigInteger(), nullable=True, index=True),
    )
    op.create_table(
        "deadline_owner",
        sa.Column("person", sa.String(), primary_key=True),
        sa.Column("deadline", sa.String(), primary_key=True, index=True),
    )
    op.create_table(
        "notice",
        sa.Column("subject", sa.String(), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("rung", sa.String(), primary_key=True),
        sa.Column("person", sa.String(), primary_key=True, index=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("book", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("others", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("planned", sa.BigInteger(), nullable=True),
        sa.Column("due", sa.BigInteger(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("outcome_at", sa.BigInteger(), nullable=True),
        sa.Column("mail", sa.String(), nullable=True, index=True),
    )
    waiting = sa.text("outcome IS NULL")
    op.create_index("notice_waiting", "notice", ["at"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_table(
        "outgoing",
        sa.Column("mail", sa.String(), primary_key=True),
        sa.Column("person", sa.String(), nullable=False, index=True),
        sa.Column("next_try_at", sa.BigInteger(), nullable=False, index=True),
        sa.Column("held_until", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("unsure", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "outgoing_notice",
        sa.Column("subject", sa.String(), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("rung", sa.String(), primary_key=True),
        sa.Column("person", sa.String(), primary_key=True),
        sa.Column("mail", sa.String(), nullable=False, index=True),
    )
    op.create_table(
        "chasing_pulse",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
    )
    op.create_table(
        "dead_letter",
        sa.Column("digest", sa.String(), primary_key=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "demo_mail",
        sa.Column("mail", sa.String(), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False, index=True),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    for table in (
        "demo_mail",
        "dead_letter",
        "chasing_pulse",
        "outgoing_notice",
        "outgoing",
        "notice",
        "deadline_owner",
        "deadline",
    ):
        op.drop_table(table)
