"""The workers: jobs that carry a mail's id and nothing else, as JSON.

A job is a hint and never the truth: one that is lost is made again by the sweep, one that comes twice finds
its mail taken. What cannot be read as a job is put aside and never run.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from typing import Any

import arq.worker
import msgspec
import structlog
from arq.connections import ArqRedis, RedisSettings, create_pool
from arq.typing import WorkerCoroutine
from redis.asyncio import ConnectionPool, Redis
from redis.exceptions import RedisError

from server.chasing import aside
from server.chasing.outbox import Waiting
from server.chasing.sending import Sending
from server.realtime import doorbell
from server.record.store import Store

log = structlog.get_logger()

TIMEOUT = 40
"""Seconds for one job: a little more than one mail may take."""
EXPIRES = 300
"""Seconds after which a job that nobody began is forgotten. Until then its mail gets no second one."""
AT_ONCE = 8
TRIES = 5
"""How often a job is begun whose worker died: whether there is anything left to do, the database says."""
QUEUE = "huddle:jobs"


def to_json(job: dict[str, Any]) -> bytes:
    """What is no plain value (an error, say) is named by its type alone."""
    return msgspec.json.encode(job, enc_hook=lambda value: type(value).__name__)


def from_json(payload: bytes) -> dict[str, Any]:
    """The job in a payload; for what is none, the job that puts it aside."""
    try:
        job = msgspec.json.decode(payload)
        if isinstance(job, dict) and {"f", "a", "k", "t", "et"} <= job.keys():
            return job
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    digest = hashlib.sha256(payload).hexdigest()
    return {"t": 1, "f": "put_aside", "a": [digest, len(payload)], "k": {}, "et": 0}


async def deliver(ctx: dict[str, Any], mail: str) -> None:
    """Send one mail. Where this process's clock is behind that of who handed it over, a little later."""
    sending: Sending = ctx["sending"]
    if not await sending.deliver(mail, queued=True) and await sending.early(mail):
        raise arq.worker.Retry(defer=1)


async def put_aside(ctx: dict[str, Any], digest: str, size: int) -> None:
    """Keep what a payload was that is no job: its digest and size, for whoever looks after the service."""
    log.error("jobs.put_aside", digest=digest[:16], size=size)
    await aside.keep(ctx["store"], digest, size, ctx["clock"]())


async def connect(url: str) -> ArqRedis:
    """The workers' Redis; `memory://` is the stand-in of this process."""
    serializers: dict[str, Any] = {"job_serializer": to_json, "job_deserializer": from_json}
    if not url.startswith("memory://"):
        settings = RedisSettings.from_dsn(url)
        settings.conn_retries = 0
        return await create_pool(settings, default_queue_name=QUEUE, **serializers)
    setattr(arq.worker, "log_redis_info", _quiet)  # noqa: B010 - the stand-in has no INFO
    pool: ConnectionPool = doorbell.stand_in(decode_responses=False)
    return ArqRedis(connection_pool=pool, default_queue_name=QUEUE, **serializers)


def worker_of(pool: ArqRedis, ctx: dict[str, Any], *functions: WorkerCoroutine) -> arq.worker.Worker:
    """What takes these jobs. It keeps no result, nor of a job that expired: the next one for its mail would
    be handed over to nobody."""
    return arq.worker.Worker(
        functions=[arq.worker.func(each, timeout=TIMEOUT, max_tries=TRIES) for each in functions],
        keep_result=0,
        queue_name=QUEUE,
        redis_pool=pool,
        ctx=ctx,
        handle_signals=False,
        max_jobs=AT_ONCE,
        poll_delay=0.2,
        job_serializer=to_json,
        job_deserializer=from_json,
        log_results=False,
    )


async def _quiet(_redis: Redis, _log: Any) -> None:
    return None


class Jobs:
    """Hands mails to workers, and works. Without Redis it does neither, and the sweep sends by itself."""

    def __init__(self, url: str, store: Store, sending: Sending, clock: Any) -> None:
        self._url = url
        self._ctx = {"sending": sending, "store": store, "clock": clock}
        self._pool: ArqRedis | None = None

    async def hand_over(self, mails: Sequence[Waiting]) -> bool:
        """Tell the workers, once of each time that a mail is tried. Whether Redis took all of it."""
        try:
            self._pool = self._pool or await connect(self._url)
            for mail, tries in mails:
                await self._pool.enqueue_job("deliver", mail, _job_id=f"{mail} {tries}", _expires=EXPIRES)
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("jobs.no_redis", error=type(error).__name__)
            await self._drop()
            return False
        return True

    async def work(self) -> None:
        """Take jobs until Redis goes away; whoever runs this begins it again."""
        pool = await connect(self._url)
        worker = worker_of(pool, self._ctx, deliver, put_aside)
        try:
            await worker.async_run()
        finally:
            with contextlib.suppress(Exception):  # whatever goes wrong here, that this was told to end stands
                await worker.close()
            with contextlib.suppress(Exception):
                await pool.connection_pool.disconnect()

    async def close(self) -> None:
        await self._drop()

    async def _drop(self) -> None:
        if self._pool is not None:
            with contextlib.suppress(RedisError, OSError):
                await self._pool.aclose()
        self._pool = None
