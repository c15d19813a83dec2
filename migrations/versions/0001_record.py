"""The record: its tables, the triggers that keep them from being changed, and who may do what."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_tables()
    op.bulk_insert(
        sa.table("epoch", sa.column("id"), sa.column("value")), [{"id": 1, "value": secrets.token_hex(16)}]
    )
    run(ROLES + GRANTS + GUARDS_POSTGRESQL if postgresql() else GUARDS_SQLITE)


def downgrade() -> None:
    if postgresql():
        # The roles belong to the whole cluster, where other databases may need them.
        run(UNGRANTS)
    for name in ("epoch", "command_key", "payload", "chain", "stream", "book"):
        op.drop_table(name)
    if postgresql():
        op.execute("DROP FUNCTION refuse_change()")


def postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def run(statements: tuple[str, ...]) -> None:
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)


def create_tables() -> None:
    op.create_table(
        "book",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "stream",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("book", sa.String(), nullable=False, index=True),
        sa.Column("head_seq", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.String(), nullable=False),
    )
    op.create_table(
        "chain",
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), primary_key=True),
        sa.Column("book", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("prev", sa.String(), nullable=False),
        sa.Column("commitment", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
    )
    op.create_index("chain_in_order", "chain", ["book", "position"], unique=True)
    op.create_table(
        "payload",
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), primary_key=True),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "command_key",
        sa.Column("book", sa.String(), primary_key=True),
        sa.Column("author", sa.String(), primary_key=True),
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "epoch",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("value", sa.String(), nullable=False),
    )


# `INSERT OR REPLACE` deletes without firing a DELETE trigger: what stands there already refuses the INSERT.
GUARDS_SQLITE = (
    """
    CREATE TRIGGER chain_refuses_update BEFORE UPDATE ON chain
    BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END
    """,
    """
    CREATE TRIGGER chain_refuses_delete BEFORE DELETE ON chain
    BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END
    """,
    """
    CREATE TRIGGER chain_refuses_replace BEFORE INSERT ON chain
    WHEN EXISTS (SELECT 1 FROM chain WHERE stream = NEW.stream AND seq = NEW.seq)
      OR EXISTS (SELECT 1 FROM chain WHERE book = NEW.book AND position = NEW.position)
    BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END
    """,
    """
    CREATE TRIGGER payload_refuses_update BEFORE UPDATE ON payload
    BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END
    """,
    """
    CREATE TRIGGER payload_refuses_delete BEFORE DELETE ON payload
    BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END
    """,
    """
    CREATE TRIGGER payload_refuses_replace BEFORE INSERT ON payload
    WHEN EXISTS (SELECT 1 FROM payload WHERE stream = NEW.stream AND seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END
    """,
)

# ENABLE ALWAYS: they fire also where a session says that it is a replica.
GUARDS_POSTGRESQL = (
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the record is never changed: % of % refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END $$
    """,
    """
    CREATE TRIGGER chain_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON chain
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER payload_refuses_change BEFORE UPDATE OR TRUNCATE ON payload
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER payload_refuses_delete BEFORE DELETE ON payload
    FOR EACH STATEMENT WHEN (current_user <> 'huddle_disposal') EXECUTE FUNCTION refuse_change()
    """,
    "ALTER TABLE chain ENABLE ALWAYS TRIGGER chain_refuses_change",
    "ALTER TABLE payload ENABLE ALWAYS TRIGGER payload_refuses_change",
    "ALTER TABLE payload ENABLE ALWAYS TRIGGER payload_refuses_delete",
)

# Roles belong to the whole cluster: another database of it may be making the same ones at this moment, which
# shows as one of the errors below. Whoever made them before has also to have granted them to us.
ROLES = (
    """
    DO $$
    DECLARE
        wanted text;
        attempt int;
        taken text := CASE WHEN current_setting('server_version_num')::int < 160000
            THEN 'MEMBER' ELSE 'SET' END;
    BEGIN
        FOREACH wanted IN ARRAY ARRAY['huddle_app', 'huddle_disposal'] LOOP
            FOR attempt IN 1..20 LOOP
                BEGIN
                    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = wanted) THEN
                        EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
                    END IF;
                    IF NOT pg_has_role(current_user, wanted, taken) THEN
                        EXECUTE format('GRANT %I TO CURRENT_USER', wanted);
                    END IF;
                    EXIT;
                EXCEPTION
                    WHEN duplicate_object OR unique_violation OR internal_error THEN
                        IF attempt = 20 THEN RAISE; END IF;
                        PERFORM pg_sleep(0.05);
                    WHEN insufficient_privilege THEN
                        RAISE EXCEPTION 'this login may not make or take the role %: have an administrator '
                            'CREATE ROLE % NOLOGIN and GRANT % TO %', wanted, wanted, wanted, current_user
                            USING ERRCODE = 'insufficient_privilege';
                END;
            END LOOP;
        END LOOP;
    END $$
    """,
)

# Tables of later revisions are index and kept tables, in which the product may do everything.
GRANTS = (
    "GRANT USAGE ON SCHEMA public TO huddle_app, huddle_disposal",
    "GRANT SELECT, INSERT ON chain, payload TO huddle_app",
    "GRANT SELECT, INSERT, UPDATE ON book, stream TO huddle_app",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON command_key TO huddle_app",
    "GRANT SELECT ON epoch, alembic_version TO huddle_app",
    "GRANT SELECT ON chain, payload TO huddle_disposal",
    "GRANT DELETE ON payload TO huddle_disposal",
    "ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO huddle_app",
    "ALTER DEFAULT PRIVILEGES GRANT SELECT, USAGE ON SEQUENCES TO huddle_app",
)
UNGRANTS = (
    "ALTER DEFAULT PRIVILEGES REVOKE SELECT, INSERT, UPDATE, DELETE ON TABLES FROM huddle_app",
    "ALTER DEFAULT PRIVILEGES REVOKE SELECT, USAGE ON SEQUENCES FROM huddle_app",
    "REVOKE SELECT ON alembic_version FROM huddle_app",
    "REVOKE USAGE ON SCHEMA public FROM huddle_app, huddle_disposal",
)
