"""What chases: the sweep, the workers and the proof, as one list of loops.

They run in a process of their own (`huddle work`), or beside the web application where all is one process.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any

from server.chasing.jobs import Jobs
from server.chasing.proving import Proving
from server.chasing.sending import Post, Sending, nothing
from server.chasing.sweep import Sweep
from server.core import Core

Work = Callable[[], Coroutine[Any, Any, None]]


def chasing(
    core: Core,
    post: Post,
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
    after_accepted: Callable[[str], Awaitable[None]] = nothing,
) -> list[tuple[str, Work]]:
    """The whole schedule: look every second, take jobs, prove every quarter of an hour."""
    sending = Sending(core.settings, core.store, core.ledger, post, clock, after_accepted=after_accepted)
    jobs = Jobs(core.settings.redis_url, core.store, sending, clock)
    sweep = Sweep(core.store, core.ledger, sending, clock, new_id, jobs.hand_over)
    proving = Proving(core.store, core.books, clock)
    return [("sweep", sweep.watch), ("jobs", jobs.work), ("proof", proving.watch)]
