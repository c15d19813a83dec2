"""What can happen to a family's record: the family, its team, its plan, and what each agency knows."""

from __future__ import annotations

from datetime import date
from typing import Literal

from server.record.facts import Admits, Bars, Ends, Fact, Grants, Lifts, Removes, Standing

Level = Literal["universal_plus", "early_help", "child_in_need", "child_protection", "looked_after"]
Domain = Literal["health", "education", "emotional", "home", "parenting", "substance", "housing"]
Basis = Literal[
    "observed_fact",
    "reported_by_child",
    "reported_by_adult",
    "third_party",
    "professional_opinion",
    "record_extract",
]
Bearing = Literal["serious", "concern", "no_concern", "protective"]
Confidence = Literal["confirmed", "probable", "uncorroborated", "disputed"]
Precision = Literal["exact", "day", "month", "approximate", "unknown"]
Relevance = Literal["raises", "lowers", "does_not_change", "unknown"]
ContactOutcome = Literal[
    "seen", "seen_alone", "no_access", "cancelled_by_family", "cancelled_by_agency", "missed_by_worker"
]
"""What came of a planned contact: seen, seen alone, or not achieved and whose doing that was."""


class FamilyOpened(Fact):
    """A family's record was opened."""

    reference: str
    name: str
    level: Level


class MemberAdded(Fact):
    """A child or an adult was added to the family group."""

    member: str
    name: str
    child: bool
    born: date | None = None
    due: date | None = None
    about: str = ""
    """One line that the team needs: "Mother", "Father of Remi"."""


class HouseholdRecorded(Fact):
    """Who lives together at one address was recorded. No address is kept here."""

    household: str
    name: str
    members: tuple[str, ...]


class RelationshipRecorded(Fact):
    """How two people of the family stand to each other was recorded, as "`one` is … of `other`"."""

    one: str
    other: str
    relation: str
    quality: Literal["close", "conflict", "distant", "cut_off", "unknown"] = "unknown"
    parental_responsibility: Literal["yes", "no", "unknown"] | None = None


class PlanLevelSet(Fact):
    """The level of the family's plan changed."""

    level: Level
    reason: str


class PlanOwnerNamed(Fact):
    """Somebody became accountable for the plan. `instead_of` is who was so before."""

    person: str
    instead_of: str = ""

    def standing(self) -> tuple[Standing, ...]:
        before = (Ends(self.instead_of, "plan_owner"),) if self.instead_of else ()
        return (*before, Grants(self.person, "plan_owner"))

    def names(self) -> tuple[str, ...]:
        return tuple(p for p in (self.person, self.instead_of) if p)


class TeamMemberAdded(Fact):
    """Somebody joined the team around the family and may read its whole record."""

    person: str
    reason: str = ""

    def standing(self) -> tuple[Standing, ...]:
        return (Admits(self.person),)

    def names(self) -> tuple[str, ...]:
        return (self.person,)


class TeamMemberRemoved(Fact):
    """Somebody left the team around the family and reads nothing of its record from here on."""

    person: str
    reason: str

    def standing(self) -> tuple[Standing, ...]:
        return (Removes(self.person), Ends(self.person, "plan_owner"))

    def names(self) -> tuple[str, ...]:
        return (self.person,)


class GuestAdmitted(Fact):
    """Somebody outside the team was admitted to the whole record for one huddle, with the words shown."""

    person: str
    huddle: str
    words: str

    def standing(self) -> tuple[Standing, ...]:
        return (Admits(self.person),)

    def names(self) -> tuple[str, ...]:
        return (self.person,)


class PersonExcluded(Fact):
    """Somebody knows this family and reads nothing of it. `declared`: they said so; `found_by`: to whom."""

    person: str
    reason: str
    declared: bool = False
    found_by: str = ""

    def standing(self) -> tuple[Standing, ...]:
        return (Bars(self.person), Ends(self.person, "plan_owner"))

    def names(self) -> tuple[str, ...]:
        return (self.person,)


class ExclusionEnded(Fact):
    """Somebody's exclusion ended, with a reason. They read nothing until somebody lets them in."""

    person: str
    reason: str

    def standing(self) -> tuple[Standing, ...]:
        return (Lifts(self.person),)


class OutcomeSet(Fact):
    """What should be different for one child was agreed, and how it will be seen."""

    outcome: str
    child: str
    different: str
    seen_by: str


class KnowledgeExpected(Fact):
    """Which domains an agency is expected to know about was agreed. What it does not share is a gap."""

    agency: str
    domains: tuple[Domain, ...]


class ContactPlanned(Fact):
    """Who sees which children, and how often, was agreed."""

    contact: str
    practitioner: str
    children: tuple[str, ...]
    every_days: int
    first_day: date


class ContactRecorded(Fact):
    """What came of a planned contact was recorded."""

    contact: str
    on: date
    outcome: ContactOutcome
    note: str = ""


class ReviewDateSet(Fact):
    """The day on which the plan is next reviewed was set."""

    on: date


class FragmentContributed(Fact):
    """Somebody told the group what their agency knows."""

    domain: Domain
    basis: Basis
    text: str
    bearing: Bearing
    about: tuple[str, ...] = ()
    happened: str = ""
    """ISO date, date and time, or month, in the partnership's time zone; empty where it is not known."""
    precision: Precision = "unknown"
    confidence: Confidence = "probable"
    verbatim: bool = False
    voice_of: str = ""
    """The child whose own voice this is."""
    on_behalf_of: str = ""
    """Whose words the scribe of `huddle` wrote down; `for_agency` is theirs. Else the author's own."""
    for_agency: str = ""
    huddle: str = ""

    def names(self) -> tuple[str, ...]:
        return (self.on_behalf_of,) if self.on_behalf_of else ()


class FragmentCorrected(Fact):
    """The author corrected a fragment; what was written before stays readable."""

    seq: int
    text: str
    reason: str


class FragmentWithdrawn(Fact):
    """The author withdrew a fragment; that it was said, and why it was withdrawn, stays readable."""

    seq: int
    reason: str


class CompartmentOpened(Fact):
    """Something was shared with named people only. `named` is how they were named."""

    people: tuple[str, ...]
    named: tuple[str, ...]

    def standing(self) -> tuple[Standing, ...]:
        return tuple(Admits(person) for person in self.people)


class RestrictionSignposted(Fact):
    """A holder of restricted information told everybody, in own words, that it exists."""

    relevance: Relevance
    domain: Domain
    words: str
    contact: str
