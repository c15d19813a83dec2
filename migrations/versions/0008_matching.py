"""The people of families as they are compared, and who is still to be compared: filled from the record."""

import json

import sqlalchemy as sa
from alembic import op

from server.families.matching import name_words

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

AT_ONCE = 500
ADDED = sa.text(
    "SELECT chain.stream AS stream, chain.seq AS seq, payload.content AS content FROM chain"
    " JOIN payload ON payload.stream = chain.stream AND payload.seq = chain.seq"
    " WHERE chain.kind = 'MemberAdded/1'"
)


def upgrade() -> None:
    person = op.create_table(
        "family_person",
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), primary_key=True),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False, index=True),
        sa.Column("child", sa.Boolean(), nullable=False),
        sa.Column("born", sa.String(), nullable=True, index=True),
        sa.Column("due", sa.String(), nullable=True, index=True),
    )
    waiting = op.create_table(
        "to_compare",
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), primary_key=True),
    )
    rows = [somebody(row) for row in op.get_bind().execute(ADDED)]
    for at in range(0, len(rows), AT_ONCE):
        some = rows[at : at + AT_ONCE]
        op.bulk_insert(person, some)
        op.bulk_insert(waiting, [{"stream": row["stream"], "seq": row["seq"]} for row in some])


def somebody(row: sa.Row) -> dict[str, object]:
    fact = json.loads(bytes(row.content))["fact"]
    return {
        "stream": row.stream,
        "seq": row.seq,
        "member": fact["member"],
        "name": fact["name"],
        "words": " ".join(name_words(fact["name"])),
        "child": fact["child"],
        "born": fact.get("born"),
        "due": fact.get("due"),
    }


def downgrade() -> None:
    op.drop_table("to_compare")
    op.drop_table("family_person")
