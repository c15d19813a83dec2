"""The data stewards' queue as its facts tell it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import immutables
import msgspec

from server.record.facts import Entry
from server.stewards.facts import (
    ConflictPlaced,
    ConflictReported,
    ConflictSettled,
    MatchNoticed,
    MatchSettled,
    Outcome,
    PairNoticed,
)

change = msgspec.structs.replace


class Settlement(msgspec.Struct, frozen=True):
    """What a steward recorded of a match."""

    outcome: Outcome
    reason: str
    by: str
    at: datetime


class LikelyMatch(msgspec.Struct, frozen=True):
    """Two records that may be about one family; `since` when that waits."""

    id: str
    one: str
    other: str
    pairs: tuple[PairNoticed, ...]
    since: datetime
    settlements: tuple[Settlement, ...] = ()
    again: bool = False
    """Whether somebody new was noticed after it had been settled."""

    @property
    def settled(self) -> Settlement | None:
        """What it was settled as. That nobody can tell yet settles nothing, and neither does what is old."""
        last = self.settlements[-1] if self.settlements else None
        return last if last and last.outcome != "cannot_tell" and not self.again else None


class Report(msgspec.Struct, frozen=True):
    """That somebody knows a family personally, and what a steward found: `family` is its book."""

    id: str
    person: str
    who: str
    how: str
    since: datetime
    family: str = ""
    reason: str = ""
    by: str = ""
    at: datetime | None = None

    @property
    def settled(self) -> bool:
        return bool(self.by)


class StewardState(msgspec.Struct, frozen=True):
    """Everything in the queue, by id, in the order in which it was noticed."""

    matches: immutables.Map[str, LikelyMatch] = immutables.Map()
    reports: immutables.Map[str, Report] = immutables.Map()

    def open(self) -> tuple[Item, ...]:
        """What waits, the oldest first."""
        return tuple(
            sorted((item for item in self._items() if not item.settled), key=lambda item: item.since)
        )

    def closed(self) -> tuple[Item, ...]:
        """What was settled, the newest first."""
        return tuple(sorted((item for item in self._items() if item.settled), key=settled_at, reverse=True))

    def _items(self) -> Iterator[Item]:
        yield from self.matches.values()
        yield from self.reports.values()


Item = LikelyMatch | Report
"""What stands in the queue."""


def settled_at(item: Item) -> datetime:
    at = item.at if isinstance(item, Report) else item.settlements[-1].at
    return at or item.since


def apply(state: StewardState, entry: Entry) -> StewardState:
    """The queue after one more fact."""
    match entry.fact:
        case MatchNoticed() as fact:
            return _with(state, _noticed(state.matches.get(fact.match), fact, entry))
        case MatchSettled(match=id) as fact if id in state.matches:
            known = state.matches[id]
            settlement = Settlement(fact.outcome, fact.reason, entry.author, entry.at)
            return _with(state, change(known, settlements=(*known.settlements, settlement), again=False))
        case ConflictReported() as fact:
            report = Report(fact.conflict, fact.person, fact.who, fact.how, entry.at)
            return change(state, reports=state.reports.set(report.id, report))
        case ConflictPlaced(conflict=id) | ConflictSettled(conflict=id) as fact if id in state.reports:
            found = {"by": entry.author, "at": entry.at} | _found(fact)
            return change(state, reports=state.reports.set(id, change(state.reports[id], **found)))
    return state


def _found(fact: ConflictPlaced | ConflictSettled) -> dict[str, str]:
    return {"family": fact.family} if isinstance(fact, ConflictPlaced) else {"reason": fact.reason}


def _noticed(known: LikelyMatch | None, fact: MatchNoticed, entry: Entry) -> LikelyMatch:
    if known is None:
        return LikelyMatch(fact.match, fact.one, fact.other, fact.pairs, entry.at)
    pairs = (*known.pairs, *fact.pairs)
    if known.settled:
        return change(known, pairs=pairs, since=entry.at, again=True)
    return change(known, pairs=pairs)


def _with(state: StewardState, known: LikelyMatch) -> StewardState:
    return change(state, matches=state.matches.set(known.id, known))
