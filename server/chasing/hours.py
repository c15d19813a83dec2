"""When somebody may be written to: what is not urgent waits for working hours. Pure.

Office hours are half open: from 9am, and no longer at 5pm.
"""

from __future__ import annotations

from datetime import datetime, time

from server.deadlines.calendar import is_working_day

FROM, UNTIL = time(9), time(17)
DIGEST_AT = time(7, 30)


def at_work(local: datetime, nation: str) -> bool:
    """Whether `local` lies in the working hours of that nation."""
    return is_working_day(local.date(), nation) and FROM <= local.time() < UNTIL


def digest_is_due(local: datetime, nation: str) -> bool:
    """From half past seven of a working day on, while it can still be read before the day is over."""
    return is_working_day(local.date(), nation) and DIGEST_AT <= local.time() < UNTIL
