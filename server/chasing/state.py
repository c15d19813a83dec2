"""What each person owes and when, as one audience reads it; and what of it is over, since when.

How often a thing was moved is counted for itself: it says nothing of anything else in the record.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Literal

import immutables
import msgspec

from server.actions.facts import ActionAgreed, ActionChanged, ActionSettled
from server.families.facts import PlanOwnerNamed, ReviewDateSet, TeamMemberRemoved
from server.families.request_facts import (
    InformationReceived,
    InformationRequested,
    QuestionAnswered,
    QuestionAsked,
)
from server.huddles.closing_facts import HuddleClosed
from server.huddles.course_facts import HuddleAbandoned, HuddleAdjourned, HuddleResumed
from server.huddles.facts import (
    ApologiesSent,
    HuddleConvened,
    HuddleMoved,
    InvitationAccepted,
    PersonInvited,
    PersonUninvited,
)
from server.record.facts import Entry

change = msgspec.structs.replace

Kind = Literal["action", "request", "review", "huddle"]
Key = tuple[Kind, str]


class Owed(msgspec.Struct, frozen=True):
    """One thing, as one person owes it. `changes` is how often it was moved or ended or taken up again.

    A day without an hour is due at the end of that working day. A huddle takes `minutes`.
    """

    kind: Kind
    id: str
    person: str
    due: datetime | date
    minutes: int
    at: datetime
    changes: int = 0
    over: bool = False

    def moved(self, due: datetime | date, minutes: int, at: datetime) -> Owed:
        if (self.due, self.minutes, self.over) == (due, minutes, False):
            return self
        return change(self, due=due, minutes=minutes, at=at, changes=self.changes + 1, over=False)

    def ended(self, at: datetime) -> Owed:
        return self if self.over else change(self, at=at, changes=self.changes + 1, over=True)


class Thing(msgspec.Struct, frozen=True):
    """One thing that is owed, by whom; and who owed it before."""

    due: datetime | date
    minutes: int = 0
    by: immutables.Map[str, Owed] = immutables.Map()
    open: bool = True

    def people(self) -> frozenset[str]:
        """Who owes it as it stands."""
        return frozenset(person for person, owed in self.by.items() if not owed.over)


class OwedState(msgspec.Struct, frozen=True):
    """Everything that is or was owed, by what it is; and the day and the owner of the plan's review."""

    things: immutables.Map[Key, Thing] = immutables.Map()
    plan_owner: str = ""
    review_on: date | None = None

    def of(self, person: str) -> tuple[Owed, ...]:
        """What one person owes or owed."""
        return tuple(thing.by[person] for thing in self.things.values() if person in thing.by)


def apply(state: OwedState, entry: Entry) -> OwedState:
    """What is owed after one more fact."""
    fact, at = entry.fact, entry.at
    match fact:
        case ActionAgreed() | ActionChanged():
            owner = (fact.terms.owner,) if fact.terms.owner else ()
            return owed(state, ("action", fact.action), fact.terms.due, owner, at)
        case ActionSettled():
            return over(state, ("action", fact.action), at)
        case InformationRequested() | QuestionAsked():
            return owed(state, ("request", fact.request), fact.due, fact.asked, at)
        case InformationReceived() | QuestionAnswered():
            return over(state, ("request", fact.request), at)
        case ReviewDateSet():
            return review(change(state, review_on=fact.on), entry)
        case PlanOwnerNamed():
            return review(change(state, plan_owner=fact.person), entry)
        case TeamMemberRemoved() if fact.person == state.plan_owner:
            return review(change(state, plan_owner=""), entry)
    return huddle(state, entry)


def review(state: OwedState, entry: Entry) -> OwedState:
    owner = (state.plan_owner,) if state.plan_owner else ()
    return owed(state, ("review", entry.book), state.review_on, owner, entry.at)


def huddle(state: OwedState, entry: Entry) -> OwedState:
    """The same where the fact is about a huddle; what is said of it once it is over changes nothing.

    Who sent apologies does not owe it, unless they accept or it is moved: apologies were for the time that it
    had.
    """
    fact, at = entry.fact, entry.at
    if isinstance(fact, HuddleConvened):
        return owed(state, ("huddle", fact.huddle), fact.starts, fact.invited, at, fact.minutes)
    if not isinstance(fact, OF_A_HUDDLE):
        return state
    key: Key = ("huddle", fact.huddle)
    known = state.things.get(key)
    if known is None or not known.open:
        return state
    due, minutes, people = known.due, known.minutes, known.people()
    match fact:
        case HuddleAbandoned():
            return over(state, key, at)
        case HuddleClosed():
            return held(state, key, at)
        case HuddleAdjourned():
            return owed(state, key, fact.resumes, people, at, minutes)
        case HuddleResumed():
            return owed(state, key, at, people, at, fact.minutes)
        case HuddleMoved():
            return owed(state, key, fact.starts, people | set(fact.names()), at, fact.minutes)
        case ApologiesSent() | PersonUninvited():
            return owed(state, key, due, people - {fact.person}, at, minutes)
        case PersonInvited() | InvitationAccepted():
            return owed(state, key, due, people | {fact.person}, at, minutes)


OF_A_HUDDLE = (
    PersonInvited,
    PersonUninvited,
    HuddleMoved,
    InvitationAccepted,
    ApologiesSent,
    HuddleAdjourned,
    HuddleResumed,
    HuddleAbandoned,
    HuddleClosed,
)


def owed(
    state: OwedState,
    key: Key,
    due: datetime | date | None,
    people: Collection[str],
    at: datetime,
    minutes: int = 0,
) -> OwedState:
    """After exactly these people owe this, at this time. Without a time nobody is held to it."""
    if due is None:
        return over(state, key, at)
    known = state.things.get(key) or Thing(due)
    by = {p: each if p in people else each.ended(at) for p, each in known.by.items()}
    for person in people:
        before = by.get(person) or Owed(*key, person, due, minutes, at)
        by[person] = before.moved(due, minutes, at)
    thing = Thing(due, minutes, immutables.Map(by))
    return change(state, things=state.things.set(key, thing))


def over(state: OwedState, key: Key, at: datetime) -> OwedState:
    known = state.things.get(key)
    if known is None:
        return state
    by = immutables.Map({person: each.ended(at) for person, each in known.by.items()})
    return change(state, things=state.things.set(key, change(known, by=by, open=False)))


def held(state: OwedState, key: Key, at: datetime) -> OwedState:
    """After a huddle was closed: what took place stays as it was, and a time that still lay ahead is over."""
    known = state.things[key]
    if isinstance(known.due, datetime) and known.due > at:
        return over(state, key, at)
    return change(state, things=state.things.set(key, change(known, open=False)))
