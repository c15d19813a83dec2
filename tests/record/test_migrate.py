"""The database's form: made, found right, taken back, and never the reason for a lost night."""

import importlib
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlmodel import SQLModel

from server.record.migrate import TooNew, current, downgrade, head, is_current, migrate
from server.record.store import Store
from tests.lab.services import Postgres

ROOT = Path(__file__).resolve().parents[2]


def rooms_tables() -> set[str]:
    """Import every module of the product that declares a table; the names of the tables."""
    for file in (ROOT / "server").rglob("*.py"):
        if "table=True" in file.read_text():
            importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
    ours = {cls for cls in subclasses(SQLModel) if cls.__module__.startswith("server.")}
    return {cls.__tablename__ for cls in ours if hasattr(cls, "__table__")}


def subclasses(cls: type) -> set[type]:
    return {sub for direct in cls.__subclasses__() for sub in {direct, *subclasses(direct)}}


async def test_the_migrations_make_the_tables_that_the_rooms_declare(url: str) -> None:
    declared = rooms_tables()
    assert {"chain", "payload"} <= declared

    def differences(connection: Connection) -> list[object]:
        def known(name: str | None, kind: str, _: object) -> bool:
            return kind != "table" or name in declared

        options = {"include_name": known, "include_object": lambda o, n, k, *_: known(n, k, o)}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, SQLModel.metadata))

    store = Store(url, app_role=False)
    try:
        assert await store.read(differences) == []
        made = await store.read(lambda c: set(c.dialect.get_table_names(c)))
        assert made == declared | {"alembic_version"}
    finally:
        await store.close()


async def test_an_empty_place_is_not_current_and_asking_makes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "huddle.sqlite3"
    assert not await is_current(f"sqlite:///{file}")
    assert not file.exists()


async def test_only_its_owner_may_read_the_file(tmp_path: Path) -> None:
    file = tmp_path / "var" / "huddle.sqlite3"
    await migrate(f"sqlite:///{file}")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_migrating_twice_changes_nothing(url: str) -> None:
    store = Store(url)
    before = await store.epoch()
    await migrate(url)
    assert await is_current(url)
    assert await store.epoch() == before
    await store.close()


async def test_every_database_is_an_epoch_of_its_own(tmp_path: Path) -> None:
    epochs = set()
    for name in ("one", "other"):
        url = f"sqlite:///{tmp_path / name}"
        await migrate(url)
        store = Store(url)
        epochs.add(await store.epoch())
        await store.close()
    assert len(epochs) == 2


async def test_there_and_back_and_there_again(url: str) -> None:
    await downgrade(url)
    assert await current(url) is None
    await migrate(url)
    assert await current(url) == head()


async def test_a_migration_that_fails_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A17: all in one transaction."""
    url = f"sqlite:///{tmp_path / 'huddle.sqlite3'}"

    class Cut(Exception):
        pass

    def cut(*_: object) -> str:
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr("secrets.token_hex", cut)
        with pytest.raises(Cut):
            await migrate(url)
    assert await current(url) is None
    await migrate(url)
    assert await is_current(url)


async def test_a_database_of_a_newer_release_is_left_alone(url: str) -> None:
    store = Store(url, app_role=False)
    await store.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    await store.close()
    assert not await is_current(url)
    with pytest.raises(TooNew, match="newer release"):
        await migrate(url)
    assert await current(url) == "9999"


@pytest.mark.slow
def test_many_databases_of_one_cluster_are_migrated_at_once(postgres_server: Postgres) -> None:
    """The roles are the cluster's: whoever comes second finds them, or waits for them."""
    urls = [postgres_server.create_database() for _ in range(3)]
    program = (
        "import asyncio, sys; from server.record import migrate; asyncio.run(migrate.migrate(sys.argv[1]))"
    )
    command = [sys.executable, "-c", program]
    running = [subprocess.Popen([*command, url], cwd=ROOT) for url in [*urls, urls[0]]]
    assert [process.wait(60) for process in running] == [0] * 4
