"""How late something was: in working days, as people speak of it, and in hours that really passed.

Both count from the first due time that somebody owned (R27), whatever was granted since.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from server.deadlines.calendar import working_days_between


class Lateness(NamedTuple):
    """Nothing of either where it was in time."""

    working_days: int
    elapsed: timedelta


def lateness(due: datetime, settled: datetime, nation: str) -> Lateness:
    """Of what was due and settled at two local moments: working days begun after the due day, and hours."""
    elapsed = settled.astimezone(UTC) - due.astimezone(UTC)
    if elapsed <= timedelta():
        return Lateness(0, timedelta())
    return Lateness(working_days_between(due.date(), settled.date(), nation), elapsed)
