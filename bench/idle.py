"""A worker of arq whose jobs do nothing, with the settings of our own: `redis_url`."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import arq.worker

from server.chasing.jobs import AT_ONCE, QUEUE, TIMEOUT, TRIES, connect, from_json, to_json


async def nothing(_: dict[str, Any]) -> None:
    """No work at all."""


async def main(redis_url: str) -> None:
    worker = arq.worker.Worker(
        functions=[arq.worker.func(nothing, timeout=TIMEOUT, max_tries=TRIES, keep_result=0)],
        queue_name=QUEUE,
        redis_pool=await connect(redis_url),
        handle_signals=False,
        max_jobs=AT_ONCE,
        poll_delay=0.2,
        job_serializer=to_json,
        job_deserializer=from_json,
        log_results=False,
    )
    await worker.async_run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
