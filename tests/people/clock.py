"""A clock that only a test moves, and names that never repeat."""

from datetime import datetime, timedelta
from itertools import count

from tests.people.stage import NOW


class Clock:
    """Call it for the moment; `pass_by` moves it on."""

    def __init__(self) -> None:
        self.now = NOW
        self._ids = count(1)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> datetime:
        self.now += timedelta(**time)
        return self.now

    def new_id(self) -> str:
        return f"id{next(self._ids)}"
