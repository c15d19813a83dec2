"""Redis as a doorbell: a stream's id and a number, and nothing else. A lost ring costs one head poll.

Rings leave from a bounded outbox, so that a slow or absent Redis never holds up a commit.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import structlog
from redis.asyncio import ConnectionPool, Redis
from redis.exceptions import RedisError

log = structlog.get_logger()

RINGS = "huddle:rings"
SEATS = "huddle:seats"
OUTBOX = 10_000
RETRY = 1.0
ECHO = 2.0
"""Every so many seconds the link is asked for an echo."""
SILENT = 5.0
"""After so many seconds without a word it is given up and made anew."""

Hear = Callable[[str, str], Awaitable[None]]
"""(channel, message) → what this node does about it."""

_memory: Any = None


def connect(url: str) -> Redis:
    """A client of the Redis at `url`; `memory://` is a stand-in inside this process."""
    if not url.startswith("memory://"):
        client: Redis = Redis.from_url(
            url, decode_responses=True, socket_connect_timeout=2, socket_timeout=5, health_check_interval=5
        )
        return client
    return Redis(connection_pool=stand_in(decode_responses=True))


def stand_in(*, decode_responses: bool) -> ConnectionPool:
    """Connections to the Redis inside this process."""
    from fakeredis import FakeAsyncRedisConnection, FakeServer

    global _memory
    _memory = _memory or FakeServer()
    return ConnectionPool(
        connection_class=FakeAsyncRedisConnection, server=_memory, decode_responses=decode_responses
    )


_listening: set[Doorbell] = set()
"""The doorbells of this process that need no Redis."""


class Doorbell:
    """Rings for the other nodes and hears theirs. `healthy` while the subscription stands.

    `within`: the others, if there are any, are nodes of this very process, and are told without Redis.
    """

    def __init__(self, redis: Redis, hear: Hear, *, within: bool = False) -> None:
        self.healthy = False
        self._within = within
        self._redis = redis
        self._hear = hear
        self._outbox: asyncio.Queue[tuple[str, str]] = asyncio.Queue(OUTBOX)

    def ring(self, channel: str, message: str) -> None:
        """Send later; dropped when the outbox is full (the head poll makes up for it)."""
        if self._within and not _listening - {self}:
            return
        try:
            self._outbox.put_nowait((channel, message))
        except asyncio.QueueFull:
            return

    async def send(self) -> None:
        """Publish what was rung, for ever: whatever gathered meanwhile goes in one round trip."""
        while True:
            rung = [await self._outbox.get()]
            while not self._outbox.empty():
                rung.append(self._outbox.get_nowait())
            try:
                async with asyncio.timeout(2):
                    await self._publish(dict.fromkeys(rung))
            except (RedisError, OSError, TimeoutError):
                await asyncio.sleep(RETRY)

    async def _publish(self, rung: Iterable[tuple[str, str]]) -> None:
        if self._within:
            for channel, message in rung:
                for other in _listening - {self}:
                    await other._hear(channel, message)
            return
        async with self._redis.pipeline(transaction=False) as pipeline:
            for channel, message in rung:
                pipeline.publish(channel, message)
            await pipeline.execute()

    async def listen(self) -> None:
        """Hear what other nodes ring, for ever; subscribe again whenever the link was lost."""
        if self._within:
            await self._listen_within()
        while True:
            try:
                await self._listen()
            except (RedisError, OSError, TimeoutError) as error:
                if self.healthy:
                    log.warning("doorbell.lost", error=type(error).__name__)
            self.healthy = False
            await asyncio.sleep(RETRY)

    async def _listen_within(self) -> None:
        _listening.add(self)
        self.healthy = True
        try:
            await asyncio.Event().wait()
        finally:
            _listening.discard(self)

    async def _listen(self) -> None:
        """Hear until the link breaks, or is silent although it is asked: a dead one raises no error."""
        async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
            await pubsub.subscribe(RINGS, SEATS)
            heard = asked = time.monotonic()
            await pubsub.ping()
            while (now := time.monotonic()) - heard < SILENT:
                if now - asked >= ECHO:
                    asked = now
                    await pubsub.ping()
                message = await pubsub.get_message(timeout=ECHO / 2)
                if message is None:
                    continue
                heard, self.healthy = time.monotonic(), True
                if message["type"] == "message":
                    await self._hear(message["channel"], message["data"])
            raise TimeoutError
