"""Families in which what is owed is still to be put right.

What was promised before there were ladders has none: every family with a promise is looked through as soon as
anything chases, and once more a day later, by when no node of the release before records without them. Where
somebody's time to read a family ends, it is looked through then.
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

PROMISED = sa.text("""
    INSERT INTO to_put_right (book, at)
    SELECT DISTINCT book, :at FROM chain WHERE kind IN ('ActionAgreed/1', 'InformationRequested/1')
""").bindparams(sa.bindparam("at", type_=sa.BigInteger))
ENDS = sa.text("""
    INSERT INTO to_put_right (book, at)
    SELECT DISTINCT book, until FROM membership WHERE stream = book AND until > 0 AND until <> :tomorrow
""").bindparams(sa.bindparam("tomorrow", type_=sa.BigInteger))
A_DAY = timedelta(days=1)


def upgrade() -> None:
    op.create_table(
        "to_put_right",
        sa.Column("book", sa.String(), primary_key=True),
        sa.Column("at", sa.BigInteger(), primary_key=True, index=True),
    )
    tomorrow = int((datetime.now(UTC) + A_DAY).timestamp()) * 1_000_000
    for at in (0, tomorrow):
        op.get_bind().execute(PROMISED, {"at": at})
    op.get_bind().execute(ENDS, {"tomorrow": tomorrow})


def downgrade() -> None:
    op.drop_table("to_put_right")
