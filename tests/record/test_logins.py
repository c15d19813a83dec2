"""PostgreSQL with a login for each purpose: one migrates, one serves and can do nothing more than that."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from server.record.migrate import is_current, migrate
from server.record.reindex import reindex
from server.record.store import Store
from server.record.verify import verify
from tests.lab.services import Postgres
from tests.record.world import Node


async def run(url: str, *statements: str) -> None:
    store = Store(url, app_role=False)
    for statement in statements:
        await store.write(lambda connection, said=statement: connection.execute(text(said)))
    await store.close()


@asynccontextmanager
async def login(admin: str, rights: str = "") -> AsyncIterator[tuple[str, str]]:
    """A login of the cluster, and the address by which it reaches the same database."""
    name, password = f"login_{secrets.token_hex(4)}", secrets.token_hex(8)
    await run(admin, f"CREATE ROLE {name} LOGIN PASSWORD '{password}' {rights}")
    url = make_url(admin).set(username=name, password=password)
    try:
        yield name, url.render_as_string(hide_password=False)
    finally:
        await run(admin, f"DROP OWNED BY {name} CASCADE", f"DROP ROLE {name}")


async def test_who_serves_needs_only_the_role_of_the_product(postgres_url: str) -> None:
    async with login(postgres_url, "IN ROLE huddle_app") as (_, serving):
        assert await is_current(serving)
        store = Store(serving)
        async with Node(store) as node:
            await node.gather()
            await node.say("Served")
        assert await verify(store) == []
        assert await reindex(store, [], [], apply=True) == []
        for statement in ("DELETE FROM payload", "SET LOCAL ROLE huddle_disposal"):
            with pytest.raises(DBAPIError, match="permission denied"):
                await store.write(lambda connection, said=statement: connection.execute(text(said)))
        await store.close()


async def test_who_migrates_need_not_be_a_superuser(postgres_server: Postgres, postgres_url: str) -> None:
    """Nor may it make the roles, where an administrator has made and granted them."""
    empty = postgres_server.create_database()
    for rights in ("CREATEROLE IN ROLE huddle_app, huddle_disposal", "IN ROLE huddle_app, huddle_disposal"):
        async with login(empty, rights) as (name, migrating):
            await run(empty, f"GRANT ALL ON SCHEMA public TO {name}")
            await migrate(migrating)
            assert await is_current(migrating)
            store = Store(migrating)
            async with Node(store) as node:
                await node.gather()
            await store.close()
    postgres_server.drop_database(empty)


async def test_who_may_not_take_the_roles_is_told_what_to_ask_for(
    postgres_server: Postgres, postgres_url: str
) -> None:
    empty = postgres_server.create_database()
    async with login(empty) as (name, migrating):
        await run(empty, f"GRANT ALL ON SCHEMA public TO {name}")
        with pytest.raises(DBAPIError, match=f"have an administrator .* GRANT huddle_app TO {name}"):
            await migrate(migrating)
        assert not await is_current(migrating)
    postgres_server.drop_database(empty)
