"""K10: the database itself refuses to change what was recorded, whoever asks through the product."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.record.store import APP_ROLE, Store
from server.record.verify import verify
from tests.record.world import ROWE, Node

CHANGES = [
    "UPDATE chain SET author = 'somebody else'",
    "UPDATE chain SET seq = seq + 100 WHERE seq = 2",
    "DELETE FROM chain WHERE seq = 3",
    "UPDATE payload SET content = salt",
    "DELETE FROM payload WHERE seq = 2",
]


@pytest.fixture
async def spoken(store: Store) -> AsyncIterator[Store]:
    """A store in which something was said."""
    async with Node(store) as node:
        await node.gather()
        await node.say("As it was said")
    yield store
    assert await verify(store) == []


async def refuses(store: Store, statement: str) -> str:
    with pytest.raises(DBAPIError) as refusal:
        await store.write(lambda connection: connection.execute(text(statement)))
    return str(refusal.value.orig)


@pytest.mark.parametrize("statement", CHANGES)
async def test_the_product_can_change_nothing(spoken: Store, statement: str) -> None:
    why = await refuses(spoken, statement)
    assert "permission denied" in why or "never changed" in why


@pytest.mark.parametrize("statement", CHANGES)
async def test_nor_can_the_login_that_owns_the_tables(spoken: Store, url: str, statement: str) -> None:
    owner = Store(url, app_role=False)
    assert "never changed" in await refuses(owner, statement)
    await owner.close()


async def test_replacing_is_changing(sqlite_url: str) -> None:
    """SQLite deletes what stands in the way of INSERT OR REPLACE without asking a DELETE trigger."""
    store = Store(sqlite_url)
    async with Node(store) as node:
        await node.gather()
    same = "SELECT {} FROM chain WHERE seq = 2"
    for columns in (
        "stream, seq, book, 99, kind, 'somebody else', agency, at, prev, commitment, hash",
        "'another', 1, book, position, kind, 'somebody else', agency, at, prev, commitment, hash",
    ):
        await refuses(store, "INSERT OR REPLACE INTO chain " + same.format(columns))
    await refuses(store, "INSERT OR REPLACE INTO payload SELECT stream, seq, salt, salt FROM payload")
    await refuses(store, "UPDATE OR REPLACE chain SET seq = 3 WHERE seq = 2")
    assert await verify(store) == []
    await store.close()


async def test_the_product_is_no_owner(postgres_url: str) -> None:
    """It may not take away the guards either, nor a head, nor the mark of which database this is."""
    store = Store(postgres_url)
    async with Node(store) as node:
        await node.gather()
    for statement in (
        "DROP TRIGGER chain_refuses_change ON chain",
        "ALTER TABLE chain DISABLE TRIGGER ALL",
        "TRUNCATE chain",
        "DROP TABLE payload",
        "CREATE TABLE mine (word text)",
        "DELETE FROM stream",
        "DELETE FROM book",
        "UPDATE epoch SET value = 'another'",
        "UPDATE alembic_version SET version_num = '0'",
    ):
        why = await refuses(store, statement)
        assert "permission denied" in why or "must be owner" in why
    rights = await store.read(
        lambda c: c.execute(
            text(
                "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcanlogin FROM pg_roles WHERE rolname = :r"
            ),
            {"r": APP_ROLE},
        ).one()
    )
    assert not any(rights)
    await store.close()


async def test_emptying_a_table_is_refused_to_its_owner(postgres_url: str) -> None:
    owner = Store(postgres_url, app_role=False)
    for statement in ("TRUNCATE chain", "TRUNCATE payload", "TRUNCATE chain, payload CASCADE"):
        assert "never changed" in await refuses(owner, statement)
    replica = "SET LOCAL session_replication_role = replica; DELETE FROM chain"
    with pytest.raises(DBAPIError, match="never changed"):
        await owner.write(lambda c: [c.execute(text(part)) for part in replica.split(";")])
    await owner.close()


async def test_only_the_role_of_disposal_destroys_a_content(postgres_url: str) -> None:
    store = Store(postgres_url, app_role=False)
    async with Node(store) as node:
        await node.gather(book=ROWE)
        await node.say("To be destroyed")
    disposal = "SET LOCAL ROLE huddle_disposal"

    def work(connection: object, statement: str) -> None:
        connection.execute(text(disposal))  # type: ignore[attr-defined]  # a Connection
        connection.execute(text(statement))  # type: ignore[attr-defined]  # as above

    for statement in ("DELETE FROM chain", "UPDATE payload SET content = salt", "DELETE FROM book"):
        with pytest.raises(DBAPIError, match=r"permission denied|never changed"):
            await store.write(lambda c, statement=statement: work(c, statement))
    await store.write(lambda c: work(c, "DELETE FROM payload WHERE seq = 4"))
    assert [(fault.seq, fault.what) for fault in await verify(store)] == [
        (4, "its content is gone, and nothing says that it was destroyed")
    ]
    await store.close()


def test_a_stranger_with_the_file_is_refused_too(sqlite_template: str) -> None:
    """The guards are the file's own, not the product's."""
    with closing(sqlite3.connect(sqlite_template)) as file:
        triggers = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    assert triggers >= {"chain_refuses_update", "chain_refuses_delete", "payload_refuses_delete"}
