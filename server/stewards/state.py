"""The data stewards' queue as its facts tell it."""

from __future__ import annotations

from datetime import datetime

import immutables
import msgspec

from server.record.facts import Entry
from server.stewards.facts import MatchNoticed, MatchSettled, Outcome, PairNoticed

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


class StewardState(msgspec.Struct, frozen=True):
    """Everything in the queue, by id, in the order in which it was noticed."""

    matches: immutables.Map[str, LikelyMatch] = immutables.Map()

    def open(self) -> tuple[LikelyMatch, ...]:
        """What waits, the oldest first."""
        return tuple(sorted((m for m in self.matches.values() if not m.settled), key=lambda m: m.since))

    def closed(self) -> tuple[LikelyMatch, ...]:
        """What was settled, the newest first."""
        found = [m for m in self.matches.values() if m.settled]
        return tuple(sorted(found, key=lambda m: m.settlements[-1].at, reverse=True))


def apply(state: StewardState, entry: Entry) -> StewardState:
    """The queue after one more fact."""
    match entry.fact:
        case MatchNoticed() as fact:
            return _with(state, _noticed(state.matches.get(fact.match), fact, entry))
        case MatchSettled(match=id) as fact if id in state.matches:
            known = state.matches[id]
            settlement = Settlement(fact.outcome, fact.reason, entry.author, entry.at)
            return _with(state, change(known, settlements=(*known.settlements, settlement), again=False))
    return state


def _noticed(known: LikelyMatch | None, fact: MatchNoticed, entry: Entry) -> LikelyMatch:
    if known is None:
        return LikelyMatch(fact.match, fact.one, fact.other, fact.pairs, entry.at)
    pairs = (*known.pairs, *fact.pairs)
    if known.settled:
        return change(known, pairs=pairs, since=entry.at, again=True)
    return change(known, pairs=pairs)


def _with(state: StewardState, known: LikelyMatch) -> StewardState:
    return change(state, matches=state.matches.set(known.id, known))
