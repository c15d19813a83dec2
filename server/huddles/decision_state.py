"""The decisions of a family's huddles as its main stream tells them."""

from __future__ import annotations

from datetime import datetime

import immutables
import msgspec

from server.huddles.decision_facts import (
    DecisionFinalised,
    DecisionRecorded,
    DutyStated,
    PositionTaken,
)
from server.record.facts import Entry

change = msgspec.structs.replace


class Decision(msgspec.Struct, frozen=True):
    """One decision, where everybody stands on it, and what each answered for their own duty."""

    said: DecisionRecorded
    by: str
    at: datetime
    seq: int
    positions: immutables.Map[str, PositionTaken] = immutables.Map()
    duties: immutables.Map[str, DutyStated] = immutables.Map()
    finalised: DecisionFinalised | None = None
    final_at: datetime | None = None
    replaced_by: str = ""

    @property
    def dissents(self) -> tuple[PositionTaken, ...]:
        return tuple(p for p in self.positions.values() if p.position == "dissent")

    @property
    def open(self) -> bool:
        """Whether its round of positions is."""
        return not self.finalised and not self.replaced_by

    def unanswered(self) -> tuple[str, ...]:
        """Who was asked and has said nothing of their position, or nothing of their duty."""
        return tuple(p for p in self.said.asked if p not in self.positions or p not in self.duties)


class DecisionsState(msgspec.Struct, frozen=True):
    """Every decision, by id."""

    by_id: immutables.Map[str, Decision] = immutables.Map()

    def of(self, huddle: str) -> tuple[Decision, ...]:
        """Those of one huddle, in the order in which they were recorded."""
        return tuple(sorted((d for d in self.by_id.values() if d.said.huddle == huddle), key=lambda d: d.seq))

    def newest(self, huddle: str) -> str:
        """The id of the decision that was recorded last, or nothing."""
        known = self.of(huddle)
        return known[-1].said.decision if known else ""


def apply(state: DecisionsState, entry: Entry) -> DecisionsState:
    """The decisions after one more fact."""
    fact = entry.fact
    if isinstance(fact, DecisionRecorded):
        return recorded(state, entry, fact)
    if not isinstance(fact, PositionTaken | DutyStated | DecisionFinalised):
        return state
    known = state.by_id.get(fact.decision)
    return state if known is None else put(state, after(known, entry, fact))


def after(decision: Decision, entry: Entry, fact: PositionTaken | DutyStated | DecisionFinalised) -> Decision:
    match fact:
        case PositionTaken():
            return change(decision, positions=decision.positions.set(fact.person, fact))
        case DutyStated():
            return change(decision, duties=decision.duties.set(fact.person, fact))
    return change(decision, finalised=fact, final_at=entry.at)


def recorded(state: DecisionsState, entry: Entry, fact: DecisionRecorded) -> DecisionsState:
    before = state.by_id.get(fact.replaces)
    if before is not None:
        state = put(state, change(before, replaced_by=fact.decision))
    return put(state, Decision(fact, entry.author, entry.at, entry.seq))


def put(state: DecisionsState, decision: Decision) -> DecisionsState:
    return DecisionsState(state.by_id.set(decision.said.decision, decision))
