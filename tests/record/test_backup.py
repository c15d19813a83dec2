"""A backup is one file that verifies, of either database and into either; nothing is overwritten unasked."""

import asyncio
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlmodel import SQLModel

import server.core  # noqa: F401 - every table of the product, which a backup has to hold
from server.record import backup, restore, sqlite
from server.record.backup import BackupRefused, about, take
from server.record.lockfile import InUse, held
from server.record.reading import every_entry
from server.record.store import Store
from server.record.verify import verify
from tests.lab.services import Postgres
from tests.record.world import ROWE, Node

NOW = datetime(2026, 3, 19, 14, 0, tzinfo=UTC)
ALL = SQLModel.metadata.sorted_tables


async def told(url: str, *words: str) -> None:
    store = Store(url)
    async with Node(store) as node:
        await node.gather()
        for said in words:
            await node.say(said)
    await store.close()


async def rows(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Everything that a database holds, but for its own epoch."""
    store = Store(url)
    try:
        return {
            table.name: sorted(
                await store.read(lambda c, table=table: [tuple(row) for row in c.execute(select(table))])
            )
            for table in ALL
        }
    finally:
        await store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def other(request: pytest.FixtureRequest, postgres_server: Postgres, tmp_path: Path) -> Iterator[str]:
    """A place for a restore where nothing was ever made."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'huddle.sqlite3'}"
        return
    url = postgres_server.create_database()
    yield url
    postgres_server.drop_database(url)


async def put(file: Path, url: str, *, replace: bool = False) -> str:
    await restore.check_place(url, replace=replace)
    with restore.unpacking(url) as place:
        await restore.unpack(file, place)
        return await restore.put(place, url, ALL, NOW)


async def test_either_database_goes_into_either(url: str, other: str, tmp_path: Path) -> None:
    await told(url, "One", "Ünïcode 🐢", "Three")
    taken = await take(url, ALL, tmp_path / "copy", NOW)
    assert (taken.at, taken.entries, taken.streams) == (NOW, 6, 1)
    assert await put(tmp_path / "copy", other) == ""
    assert await rows(other) == await rows(url)
    store = Store(other)
    assert await verify(store) == []
    async with Node(store) as node:
        await node.say("And it goes on")
        assert (await node.heard()).words[-1] == "And it goes on"
    await store.close()


async def test_a_backup_under_load_is_a_prefix_and_verifies(url: str, tmp_path: Path) -> None:
    """L10: people go on working while it is taken, and it holds what was committed before it began."""
    store = Store(url)
    async with Node(store) as node:
        await node.gather()
        await node.say("Before")
        stop = asyncio.Event()

        async def go_on() -> int:
            for said in range(10_000):
                if stop.is_set():
                    return said
                await node.say(f"Meanwhile {said}")
            return 0

        writing = asyncio.create_task(go_on())
        await asyncio.sleep(0)
        await take(url, ALL, tmp_path / "copy", NOW)
        stop.set()
        assert await writing > 0, "nobody worked meanwhile, so this means nothing"
        heard = (await node.heard()).words
    await store.close()
    copy = Store(f"sqlite:///{tmp_path / 'copy'}")
    assert await verify(copy) == []
    entries = await copy.read(lambda c: [getattr(e.fact, "text", "") for e in every_entry(c)])
    await copy.close()
    assert "Before" in entries
    assert [words for words in entries if words] == [w for w in heard if w[0] in "BM"][: len(entries) - 3]


async def test_only_its_owner_reads_it_and_nothing_is_left_beside_it(url: str, tmp_path: Path) -> None:
    await told(url, "One")
    place = tmp_path / "away"
    place.mkdir()
    await take(url, ALL, place / "copy", NOW)
    assert [each.name for each in place.iterdir()] == ["copy"]
    assert stat.S_IMODE((place / "copy").stat().st_mode) == 0o600


async def test_a_file_that_is_there_is_never_overwritten(url: str, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("last night's")
    with pytest.raises(BackupRefused, match="is there already"):
        await take(url, ALL, tmp_path / "copy", NOW)
    assert (tmp_path / "copy").read_text() == "last night's"


async def test_what_is_no_backup_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "words").write_text("This is not a database, however long it is." * 100)
    for name in ("words", "nothing", sqlite_url.rpartition("/")[2]):
        with pytest.raises(BackupRefused):
            await about(tmp_path / name)


async def test_a_record_is_put_aside_only_when_told_and_kept(url: str, tmp_path: Path) -> None:
    await told(url, "One")
    await take(url, ALL, tmp_path / "copy", NOW)
    await told_more(url, "Two")
    before = await rows(url)
    with pytest.raises(BackupRefused, match="--replace"):
        await put(tmp_path / "copy", url)
    assert await rows(url) == before
    aside = await put(tmp_path / "copy", url, replace=True)
    assert len((await rows(url))["chain"]) == 4
    assert await chain_aside(url, aside) == 5


async def told_more(url: str, words: str) -> None:
    store = Store(url)
    async with Node(store) as node:
        await node.say(words)
    await store.close()


async def chain_aside(url: str, aside: str) -> int:
    if url.startswith("sqlite"):
        return len((await rows(f"sqlite:///{aside}"))["chain"])
    owner = Store(url, app_role=False)
    count = text(f"SELECT count(*) FROM {aside.removeprefix('schema ')}.chain")
    try:
        return int(await owner.read(lambda connection: connection.execute(count).scalar_one()))
    finally:
        await owner.close()


async def test_a_postgresql_to_which_somebody_is_connected_is_refused(
    postgres_url: str, tmp_path: Path
) -> None:
    await told(postgres_url, "One")
    await take(postgres_url, ALL, tmp_path / "copy", NOW)
    serving = Store(postgres_url)
    await serving.epoch()
    with pytest.raises(BackupRefused, match="connected"):
        await put(tmp_path / "copy", postgres_url, replace=True)
    await serving.close()
    assert await put(tmp_path / "copy", postgres_url, replace=True)


def test_a_sqlite_that_somebody_serves_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    with (
        held(sqlite_url, "serve"),
        pytest.raises(InUse, match="then restore again"),
        held(sqlite_url, "restore"),
    ):
        pass


async def test_an_edited_backup_does_not_verify(sqlite_url: str, tmp_path: Path) -> None:
    await told(sqlite_url, "One", "Two")
    await take(sqlite_url, ALL, tmp_path / "copy", NOW)
    edited = sqlite.connect(tmp_path / "copy")
    edited.execute("DROP TRIGGER payload_refuses_update")
    edited.execute("UPDATE payload SET content = replace(content, 'Two', 'Six') WHERE seq = 5")
    edited.close()
    copy = Store(f"sqlite:///{tmp_path / 'copy'}")
    assert [(fault.stream, fault.seq) for fault in await verify(copy)] == [(ROWE, 5)]
    await copy.close()


async def test_an_interrupted_backup_leaves_no_file_under_its_name(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await told(url, "One")

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(backup, "_finish", full)
    with pytest.raises(OSError, match="no space"):
        await take(url, ALL, tmp_path / "copy", NOW)
    assert not [each for each in tmp_path.iterdir() if "copy" in each.name]
