"""The record put together with its rooms: what the web application and the command line both stand on.

The tables of folds, reactions and indexes stand here, in stair order.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table
from sqlmodel import SQLModel

from server.actions import state as actions
from server.actions.reactions import lose_owners, open_with_work
from server.actions.state import ActionsState
from server.chasing import feeds, mailed, to_put_right
from server.chasing import state as chasing
from server.chasing import tables as chasing_tables
from server.chasing.mailed import MailedState
from server.chasing.state import OwedState
from server.deadlines import state as deadlines
from server.deadlines import tables as deadline_tables
from server.deadlines.state import DeadlinesState
from server.demo.ahead import clock_over
from server.duty import state as duty
from server.duty import tables as duty_tables
from server.duty.state import ReferralState
from server.families import closure_state as closures
from server.families import comparing, drafts
from server.families import conflict_state as conflicts
from server.families import request_state as requests
from server.families import state as families
from server.families import tables as family_tables
from server.families.closure_state import ClosureState
from server.families.conflict_state import ConflictsState
from server.families.request_state import RequestsState
from server.families.state import FamilyState
from server.families.tables import FAMILY
from server.huddles import decision_state as decisions
from server.huddles import judgement_state as judgements
from server.huddles import spoken
from server.huddles import state as huddles
from server.huddles import tables as huddle_tables
from server.huddles.decision_state import DecisionsState
from server.huddles.judgement_state import JudgementsState
from server.huddles.reactions import (
    end_guests_access,
    leave_with_access,
    lose_guests_as_owners,
    uninvite_with_access,
)
from server.huddles.spoken import SpokenState
from server.huddles.state import HuddlesState
from server.people import state as people
from server.people import tables as people_tables
from server.people.permissions import may
from server.people.predicates import works_with_families
from server.people.state import PartnershipState
from server.record.append import Index
from server.record.books import PARTNERSHIP, Books
from server.record.commands import Reaction
from server.record.committer import Hooks
from server.record.deciding import Decider
from server.record.ledger import Ledger, utc_now
from server.record.state import Parts
from server.record.store import Store
from server.record.streams import OpenStream
from server.settings import Settings
from server.stewards import state as stewards
from server.stewards.facts import STEWARD
from server.stewards.state import StewardState

PARTS = Parts(
    (PartnershipState, people.apply),
    (FamilyState, families.apply),
    (ClosureState, closures.apply),
    (ConflictsState, conflicts.apply),
    (RequestsState, requests.apply),
    (DeadlinesState, deadlines.apply),
    (ReferralState, duty.apply),
    (StewardState, stewards.apply),
    (ActionsState, actions.apply),
    (HuddlesState, huddles.apply),
    (DecisionsState, decisions.apply),
    (JudgementsState, judgements.apply),
    (SpokenState, spoken.apply),
    (OwedState, chasing.apply),
    (MailedState, mailed.apply),
)

REACTIONS: tuple[Reaction, ...] = (
    lose_owners,
    open_with_work,
    leave_with_access,
    end_guests_access,
    uninvite_with_access,
    lose_guests_as_owners,
)

INDEXES: tuple[Index, ...] = (
    people_tables.index,
    family_tables.index,
    comparing.index,
    drafts.index,
    duty_tables.index,
    huddle_tables.index,
    deadline_tables.index,
    chasing_tables.index,
    feeds.index,
    to_put_right.index,
)
"""What rooms keep to search across books. The record's own index of keys stands beside them."""

INDEX_TABLES: tuple[Table, ...] = tuple(
    SQLModel.metadata.tables[name]
    for name in (
        "person_index",
        "family_index",
        "family_name",
        "family_person",
        "membership",
        "request_index",
        "referral_index",
        "huddle_index",
        "deadline",
        "deadline_owner",
        "notice",
    )
)
"""The tables that `INDEXES` write, which `huddle reindex` makes again."""


def admits(book: str, standing: OpenStream, person: str) -> bool:
    """A family is read only by people who work with families, whatever teams somebody is in; the stewards'
    queue only by who holds that role at this moment."""
    if book == STEWARD:
        return standing.holds(person, "steward")
    return not book.startswith(FAMILY) or works_with_families(standing, person)


def new_id() -> str:
    """A random name of 128 bits."""
    return secrets.token_hex(16)


@dataclass(frozen=True)
class Core:
    """An open record and the door to it."""

    settings: Settings
    store: Store
    books: Books
    ledger: Ledger


@contextlib.asynccontextmanager
async def opened(
    settings: Settings,
    *,
    hooks: Hooks | None = None,
    clock: Callable[[], datetime] = utc_now,
    new_id: Callable[[], str] = new_id,
) -> AsyncIterator[Core]:
    """The record at `settings.database_url`, with its committer running, until the block ends.

    What it goes by is `ledger.clock`: `clock`, and in the demonstration by as much ahead as it was moved.
    """
    store = Store(settings.database_url)
    books = Books(store, PARTS, admits)
    decider = Decider(books, PARTNERSHIP, may, REACTIONS, new_id)
    try:
        async with clock_over(settings, store, clock) as now:
            ledger = Ledger(store, books, decider, INDEXES, hooks=hooks, clock=now)
            committer = asyncio.create_task(ledger.run())
            try:
                yield Core(settings, store, books, ledger)
            finally:
                committer.cancel()
                await asyncio.gather(committer, return_exceptions=True)
    finally:
        await store.close()
