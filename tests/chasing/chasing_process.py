"""A process that chases (`huddle work`), on a clock that begins at a moment: `url redis_url smtp_url at how`.

With `strike` it kills itself once the relay has said yes to a mail, before that is recorded. With `demo` its
clock is ahead of that by as much as the demonstration's is.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from datetime import datetime, timedelta

from server import worker
from server.app import survive
from server.chasing.posts import post_for
from server.chasing.sending import nothing
from server.core import new_id, opened
from server.record.books import PARTNERSHIP
from tests.lab.town import settings


async def strike(_: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


HOOKS = {"": nothing, "strike": strike, "demo": nothing}


async def main(url: str, redis_url: str, smtp_url: str, at: str, how: str = "") -> None:
    chosen = settings(url, redis_url=redis_url, smtp_url=smtp_url, demo=how == "demo")
    began, moment = time.monotonic(), datetime.fromisoformat(at)

    def clock() -> datetime:
        return moment + timedelta(seconds=time.monotonic() - began)

    async with opened(chosen, clock=clock) as core:
        await core.books.open(PARTNERSHIP)
        parts = worker.chasing(core, post_for(chosen, core.store), core.ledger.clock, new_id, HOOKS[how])
        print("ready", flush=True)
        await asyncio.gather(*(survive(name, part) for name, part in parts))


asyncio.run(main(*sys.argv[1:]))
