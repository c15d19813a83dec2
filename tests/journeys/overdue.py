"""Something that nobody settled, in the demonstration: agreed two weeks ago, and chased since."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from server.actions.agreeing import AgreeAction
from server.actions.state import ActionsState
from server.core import opened
from server.families.queries import book_of
from server.record.commands import Actor
from server.record.ledger import utc_now
from tests.journeys.demo import Demo, elsewhere


def long_ago() -> datetime:
    return utc_now() - timedelta(days=14)


def overdue(demo: Demo, line: str) -> str:
    """An action that the chair agreed then; its id."""
    made: list[str] = []
    huddle = demo.room.rpartition("/")[2]

    async def agreeing() -> None:
        async with opened(demo.settings(), clock=long_ago) as core:
            book = await book_of(core.store, "NMR-0147") or ""
            who = Actor("denise-hallam", "NCS")
            agree = AgreeAction(huddle=huddle, line=line)
            await core.ledger.record(book, agree, who, key=secrets.token_hex(8))
            hand = await core.ledger.look(book, who)
            made.append(hand.state[ActionsState].order[-1])

    elsewhere(agreeing())
    return made[0]
