"""A topology that stands: databases copied from a district that was made once, webs over it, and a crowd.

SQLite in one process; PostgreSQL and Redis with any number of webs. Each start gets a copy of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select

from bench.district import District, Place, Plan, cookie, populate
from bench.processes import Child, Web, Weights
from server.realtime.cursor import Cursors
from server.record import tables
from server.record.store import Store
from server.settings import Settings
from tests.lab.services import Postgres, Redis

SECRET = os.urandom(32).hex()


class Topology(NamedTuple):
    """What runs. `peer`: the bare broadcast in the product's place."""

    name: str
    sqlite: bool
    webs: int = 1
    peer: bool = False


class Standing(NamedTuple):
    """Everything that a measurement reaches for."""

    settings: Settings
    district: District
    webs: list[Web]
    crowd: Child
    servers: list[int]
    """The process numbers of PostgreSQL and Redis."""

    @property
    def host(self) -> str:
        return self.settings.base_url.removeprefix("http://")

    def enter(self, places: Sequence[Place], protocol: str, people: int | None = None) -> dict[str, Any]:
        """Everybody of these places opens a socket that follows from now."""
        heads = asyncio.run(self._heads())
        rooms = [
            (place.huddle, heads[place.book], [cookie(self.settings, s) for s in place.seats[:people]])
            for place in places
        ]
        ports = [web.port for web in self.webs]
        return self.crowd.do("enter", rooms=rooms, ports=ports, protocol=protocol, host=self.host)

    def cursor(self, place: Place, missed: int) -> str:
        """The cursor of somebody who missed the newest entries of a place."""
        return asyncio.run(self._heads(missed))[place.book]

    async def _heads(self, missed: int = 0) -> dict[str, str]:
        store = Store(self.settings.database_url)
        try:
            cursors = Cursors(await store.epoch(), self.settings.secret_key.get_secret_value().encode())
            s = tables.stream.c
            rows = await store.read(lambda c: c.execute(select(s.id, s.head_seq)).all())
        finally:
            await store.close()
        return {id: cursors.write(((id, head - missed),)) for id, head in rows}

    def weigh(self) -> Weights:
        return Weights(
            web=[web.process.pid for web in self.webs],
            servers=self.servers,
            crowd=[self.crowd.process.pid],
        )

    @property
    def rss(self) -> float:
        """Megabytes that the webs hold."""
        return sum(web.rss for web in self.webs) / 1e6


class Ground:
    """Where topologies are put up: a temporary folder, and servers that are started when they are wanted."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self._folder = folder
        self.plan = plan
        self._made: dict[bool, tuple[str, District]] = {}
        self._open = contextlib.ExitStack()
        self._postgres: Postgres | None = None
        self._redis: Redis | None = None

    def close(self) -> None:
        self._open.close()

    @contextlib.contextmanager
    def stand(self, topology: Topology) -> Iterator[Standing]:
        original, district = self.district(topology.sqlite)
        ports = [free_port() for _ in range(topology.webs)]
        chosen = settings(self._copy(original, topology.sqlite), ports[0], self.redis(topology))
        with contextlib.ExitStack() as running:
            module = "bench.peer" if topology.peer else "bench.serve"
            webs = [running.enter_context(Web(module, port, **environment(chosen))) for port in ports]
            crowd = running.enter_context(Child("bench.generator"))
            yield Standing(chosen, district, webs, crowd, self._pids(topology))

    def district(self, sqlite: bool) -> tuple[str, District]:
        """The database to copy and what stands in it, made the first time."""
        if sqlite not in self._made:
            url = f"sqlite:///{self._folder}/original.sqlite3" if sqlite else self._new_database()
            self._made[sqlite] = url, asyncio.run(populate(settings(url), self.plan))
        return self._made[sqlite]

    def _copy(self, original: str, sqlite: bool) -> str:
        if sqlite:
            copy = self._folder / f"copy-{os.urandom(4).hex()}.sqlite3"
            shutil.copy(original.removeprefix("sqlite:///"), copy)
            return f"sqlite:///{copy}"
        assert self._postgres
        return self._postgres.create_database(original.rpartition("/")[2])

    def _new_database(self) -> str:
        self._postgres = self._open.enter_context(Postgres())
        return self._postgres.create_database()

    def redis(self, topology: Topology) -> str:
        if topology.sqlite:
            return "memory://"
        if self._redis is None:
            self._redis = self._open.enter_context(Redis())
        return self._redis.url

    def _pids(self, topology: Topology) -> list[int]:
        running = [] if topology.sqlite else [self._postgres, self._redis]
        return [server.process.pid for server in running if server and server.process]


def settings(url: str, port: int = 8000, redis: str = "memory://") -> Settings:
    return Settings(
        database_url=url, redis_url=redis, secret_key=SECRET, base_url=f"http://127.0.0.1:{port}", port=port
    )


def environment(chosen: Settings) -> dict[str, str]:
    return {
        "HUDDLE_DATABASE_URL": chosen.database_url,
        "HUDDLE_REDIS_URL": chosen.redis_url,
        "HUDDLE_SECRET_KEY": chosen.secret_key.get_secret_value(),
        "HUDDLE_BASE_URL": chosen.base_url,
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
