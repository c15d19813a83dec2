"""A worker of arq whose jobs do nothing, with the settings of our own: `redis_url`."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from server.chasing.jobs import connect, worker_of


async def nothing(_: dict[str, Any]) -> None:
    """No work at all."""


async def main(redis_url: str) -> None:
    await worker_of(await connect(redis_url), {}, nothing).async_run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
