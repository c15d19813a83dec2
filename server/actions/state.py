"""The actions that one audience reads: on which terms each stands, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import immutables
import msgspec

from server.actions.facts import (
    ActionAccepted,
    ActionAgreed,
    ActionChanged,
    ActionSettled,
    ChangeAsked,
    Terms,
)
from server.record.facts import Entry

change = msgspec.structs.replace

Stage = Literal["proposed", "waiting", "change_asked", "accepted", "done", "not_done", "not_needed"]
"""No owner yet; not read back yet; the owner asked for a change; accepted; or how it was settled."""


class Action(msgspec.Struct, frozen=True):
    """One action. `seen` is the number, in its stream, of the newest fact about it."""

    id: str
    stream: str
    number: int
    terms: Terms
    huddle: str
    chair: str
    by: str
    at: datetime
    seen: int
    first_due: datetime | None = None
    """The first due time that somebody owned. A later one never hides how late it is (R27)."""
    accepted: datetime | None = None
    asked: str = ""
    """The change for which the owner asked, until the terms change or are accepted."""
    settled: ActionSettled | None = None
    settled_by: str = ""
    settled_at: datetime | None = None

    @property
    def stage(self) -> Stage:
        if self.settled is not None:
            return self.settled.outcome
        if not self.terms.owner:
            return "proposed"
        if self.asked:
            return "change_asked"
        return "accepted" if self.accepted else "waiting"

    @property
    def open(self) -> bool:
        return self.settled is None


class ActionsState(msgspec.Struct, frozen=True):
    """Every action of a family that this audience reads, in the order in which they were agreed."""

    by_id: immutables.Map[str, Action] = immutables.Map()
    order: tuple[str, ...] = ()

    def all(self) -> tuple[Action, ...]:
        return tuple(self.by_id[id] for id in self.order)

    def of(self, huddle: str) -> tuple[Action, ...]:
        """Those that were agreed in one huddle."""
        return tuple(action for action in self.all() if action.huddle == huddle)

    def owed_by(self, person: str) -> tuple[Action, ...]:
        """What one person owns and has not settled."""
        return tuple(action for action in self.all() if action.open and action.terms.owner == person)

    def next_number(self, stream: str) -> int:
        """Counted within one stream, so that a number tells nothing of another."""
        return 1 + sum(action.stream == stream for action in self.by_id.values())


About = ActionAgreed | ActionChanged | ActionAccepted | ChangeAsked | ActionSettled


def apply(state: ActionsState, entry: Entry) -> ActionsState:
    """The actions after one more fact."""
    fact = entry.fact
    if isinstance(fact, ActionAgreed):
        known = agreed(fact, entry)
        return ActionsState(state.by_id.set(known.id, known), (*state.order, known.id))
    if isinstance(fact, About) and fact.action in state.by_id:
        before = state.by_id[fact.action]
        return change(state, by_id=state.by_id.set(fact.action, after(before, fact, entry)))
    return state


def agreed(fact: ActionAgreed, entry: Entry) -> Action:
    return Action(
        id=fact.action,
        stream=entry.stream,
        number=fact.number,
        terms=fact.terms,
        huddle=fact.huddle,
        chair=fact.chair,
        by=entry.author,
        at=entry.at,
        seen=entry.seq,
        first_due=fact.terms.due if fact.terms.owner else None,
    )


def after(known: Action, fact: About, entry: Entry) -> Action:
    known = change(known, seen=entry.seq)
    match fact:
        case ActionChanged():
            first = known.first_due or (fact.terms.due if fact.terms.owner else None)
            return change(known, terms=fact.terms, first_due=first, accepted=None, asked="")
        case ActionAccepted():
            return change(known, accepted=entry.at, asked="")
        case ChangeAsked():
            return change(known, asked=fact.words)
        case ActionSettled():
            return change(known, settled=fact, settled_by=entry.author, settled_at=entry.at)
    return known
