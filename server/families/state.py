"""A family as the facts of one audience tell it. Whoever reads fewer streams gets another, whole, family."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

import immutables
import msgspec

from server.families import behalf_facts, facts
from server.families.facts import ContactOutcome, Domain, Level
from server.families.fragments import Fragments
from server.families.request_facts import InformationReceived, InformationRequested
from server.record.facts import Entry, Fact

change = msgspec.structs.replace


class TeamMember(msgspec.Struct, frozen=True):
    """Somebody who reads main, since when, and for which huddle if they are a guest."""

    person: str
    since: datetime
    guest_of: str = ""


class Result(msgspec.Struct, frozen=True):
    """What came of a planned contact on one day."""

    on: date
    outcome: ContactOutcome
    note: str
    author: str
    at: datetime


class Contact(msgspec.Struct, frozen=True):
    """Who sees which children, how often, and what came of it, in the order in which it was recorded."""

    contact: str
    practitioner: str
    children: tuple[str, ...]
    every_days: int
    first_day: date
    results: tuple[Result, ...] = ()

    @property
    def newest(self) -> Result | None:
        """The result of the latest day; of one day, the one that was recorded last."""
        return max(reversed(self.results), key=lambda r: r.on) if self.results else None


class Signpost(msgspec.Struct, frozen=True):
    """That restricted information exists, in its holder's own words."""

    author: str
    agency: str
    at: datetime
    said: facts.RestrictionSignposted


class FamilyState(msgspec.Struct, frozen=True):
    """Everything that one audience knows of a family."""

    book: str = ""
    reference: str = ""
    name: str = ""
    level: Level = "early_help"
    opened: datetime | None = None
    plan_owner: str = ""
    review_on: date | None = None
    members: immutables.Map[str, facts.MemberAdded] = immutables.Map()
    households: immutables.Map[str, facts.HouseholdRecorded] = immutables.Map()
    relationships: immutables.Map[tuple[str, str], facts.RelationshipRecorded] = immutables.Map()
    team: immutables.Map[str, TeamMember] = immutables.Map()
    outcomes: immutables.Map[str, facts.OutcomeSet] = immutables.Map()
    expected: immutables.Map[str, tuple[Domain, ...]] = immutables.Map()
    contacts: immutables.Map[str, Contact] = immutables.Map()
    fragments: Fragments = Fragments()
    signposts: tuple[Signpost, ...] = ()
    waiting: immutables.Map[str, tuple[str, str]] = immutables.Map()
    """Of each request that nobody has answered, the agency and the part of life."""
    compartments: immutables.Map[str, tuple[str, ...]] = immutables.Map()
    """Of each compartment that this audience reads, the people with whom it was opened."""

    def children(self) -> tuple[facts.MemberAdded, ...]:
        """The children, in order of birth, those not yet born last."""
        found = (m for m in self.members.values() if m.child)
        return tuple(sorted(found, key=lambda m: (m.born or date.max, m.due or date.max, m.name)))

    def is_child(self, member: str) -> bool:
        known = self.members.get(member)
        return known is not None and known.child

    def name_of(self, member: str) -> str:
        known = self.members.get(member)
        return known.name if known else "somebody who is not recorded"

    def agencies(self) -> frozenset[str]:
        """The agencies that shared something or are expected to."""
        expected = (agency for agency, domains in self.expected.items() if domains)
        return self.fragments.agencies() | frozenset(expected)


def apply(state: FamilyState, entry: Entry) -> FamilyState:
    """The family after one more fact."""
    step = _steps.get(type(entry.fact))
    return step(state, entry, entry.fact) if step else state


def fold(entries: Iterable[Entry], state: FamilyState | None = None) -> FamilyState:
    """The family after all of these."""
    state = state or FamilyState()
    for entry in entries:
        state = apply(state, entry)
    return state


def _opened(state: FamilyState, entry: Entry, fact: facts.FamilyOpened) -> FamilyState:
    return change(
        state,
        book=entry.book,
        reference=fact.reference,
        name=fact.name,
        level=fact.level,
        opened=entry.at,
    )


def _member(state: FamilyState, entry: Entry, fact: facts.MemberAdded) -> FamilyState:
    return change(state, members=state.members.set(fact.member, fact))


def _household(state: FamilyState, entry: Entry, fact: facts.HouseholdRecorded) -> FamilyState:
    return change(state, households=state.households.set(fact.household, fact))


def _relationship(state: FamilyState, entry: Entry, fact: facts.RelationshipRecorded) -> FamilyState:
    return change(state, relationships=state.relationships.set((fact.one, fact.other), fact))


def _level(state: FamilyState, entry: Entry, fact: facts.PlanLevelSet) -> FamilyState:
    return change(state, level=fact.level)


def _plan_owner(state: FamilyState, entry: Entry, fact: facts.PlanOwnerNamed) -> FamilyState:
    return change(state, plan_owner=fact.person)


def _joined(state: FamilyState, entry: Entry, fact: facts.TeamMemberAdded) -> FamilyState:
    return change(state, team=state.team.set(fact.person, TeamMember(fact.person, entry.at)))


def _guest(state: FamilyState, entry: Entry, fact: facts.GuestAdmitted) -> FamilyState:
    if fact.person in state.team:
        return state
    guest = TeamMember(fact.person, entry.at, fact.huddle)
    return change(state, team=state.team.set(fact.person, guest))


def _left(state: FamilyState, entry: Entry, fact: facts.TeamMemberRemoved) -> FamilyState:
    owner = "" if state.plan_owner == fact.person else state.plan_owner
    team = state.team.delete(fact.person) if fact.person in state.team else state.team
    return change(state, team=team, plan_owner=owner)


def _outcome(state: FamilyState, entry: Entry, fact: facts.OutcomeSet) -> FamilyState:
    return change(state, outcomes=state.outcomes.set(fact.outcome, fact))


def _expected(state: FamilyState, entry: Entry, fact: facts.KnowledgeExpected) -> FamilyState:
    return change(state, expected=state.expected.set(fact.agency, fact.domains))


def _planned(state: FamilyState, entry: Entry, fact: facts.ContactPlanned) -> FamilyState:
    before = state.contacts.get(fact.contact)
    contact = Contact(
        fact.contact,
        fact.practitioner,
        fact.children,
        fact.every_days,
        fact.first_day,
        before.results if before else (),
    )
    return change(state, contacts=state.contacts.set(fact.contact, contact))


def _came(state: FamilyState, entry: Entry, fact: facts.ContactRecorded) -> FamilyState:
    contact = state.contacts.get(fact.contact)
    if contact is None:
        return state
    result = Result(fact.on, fact.outcome, fact.note, entry.author, entry.at)
    contact = change(contact, results=(*contact.results, result))
    return change(state, contacts=state.contacts.set(fact.contact, contact))


def _fragment(state: FamilyState, entry: Entry, fact: facts.FragmentContributed) -> FamilyState:
    return change(state, fragments=state.fragments.contributed(entry, fact))


def _corrected(state: FamilyState, entry: Entry, fact: facts.FragmentCorrected) -> FamilyState:
    return change(state, fragments=state.fragments.corrected(entry, fact))


def _withdrawn(state: FamilyState, entry: Entry, fact: facts.FragmentWithdrawn) -> FamilyState:
    return change(state, fragments=state.fragments.withdrawn(entry, fact))


def _signposted(state: FamilyState, entry: Entry, fact: facts.RestrictionSignposted) -> FamilyState:
    signpost = Signpost(entry.author, entry.agency, entry.at, fact)
    return change(state, signposts=(*state.signposts, signpost))


def _compartment(state: FamilyState, entry: Entry, fact: facts.CompartmentOpened) -> FamilyState:
    return change(state, compartments=state.compartments.set(entry.stream, fact.people))


def without(waiting: immutables.Map[str, Any], request: str) -> immutables.Map[str, Any]:
    return waiting.delete(request) if request in waiting else waiting


_steps: dict[type[Fact], Callable[[FamilyState, Entry, Any], FamilyState]] = {
    facts.FamilyOpened: _opened,
    facts.MemberAdded: _member,
    facts.HouseholdRecorded: _household,
    facts.RelationshipRecorded: _relationship,
    facts.PlanLevelSet: _level,
    facts.PlanOwnerNamed: _plan_owner,
    facts.TeamMemberAdded: _joined,
    facts.TeamMemberRemoved: _left,
    facts.GuestAdmitted: _guest,
    facts.OutcomeSet: _outcome,
    facts.KnowledgeExpected: _expected,
    facts.ContactPlanned: _planned,
    facts.ContactRecorded: _came,
    facts.ReviewDateSet: lambda s, _, f: change(s, review_on=f.on),
    facts.FragmentContributed: _fragment,
    facts.FragmentCorrected: _corrected,
    facts.FragmentWithdrawn: _withdrawn,
    behalf_facts.WordsConfirmed: lambda s, e, f: change(s, fragments=s.fragments.answered(e, f)),
    behalf_facts.WordsDisputed: lambda s, e, f: change(s, fragments=s.fragments.answered(e, f)),
    facts.CompartmentOpened: _compartment,
    facts.RestrictionSignposted: _signposted,
    InformationRequested: lambda s, _, f: change(s, waiting=s.waiting.set(f.request, (f.agency, f.domain))),
    InformationReceived: lambda s, _, f: change(s, waiting=without(s.waiting, f.request)),
}
