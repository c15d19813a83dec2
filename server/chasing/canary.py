"""A synthetic deadline that is overdue from the beginning, once a day: it goes the way of every other one.

Its book is read by nobody and its mail says only what it is, so whoever runs the service sees it arrive, and
what does not leave is noticed (`proof.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import ClassVar

from server.chasing.facts import CANARY, CanaryOwed
from server.deadlines.state import DeadlinesState
from server.record.commands import THE_SYSTEM, Command, Draft, Hand
from server.record.ledger import Ledger

BOOK = "canary"
EVERY = timedelta(days=1)


class BeginCanary(Command):
    """Begin this day's synthetic deadline."""

    may: ClassVar[str] = "begin_canary"

    def follows(self, hand: Hand) -> Iterator[Draft]:
        known = hand.state[DeadlinesState].by_id.get(CANARY)
        if known is None or known.owed.due.date() != hand.now.date():
            number = known.owed.version + 1 if known else 1
            yield Draft(hand.book, CanaryOwed(number=number, at=hand.now))


async def begin_if_due(ledger: Ledger, now: datetime) -> None:
    """The first look of each day begins it, whichever process looks."""
    await ledger.record(BOOK, BeginCanary(), THE_SYSTEM, key=f"canary {now.date()}", now=now)
