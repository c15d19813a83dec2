"""Each fact of this room as one plain sentence about what happened, for the lines of the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from server.families import behalf_facts, closure_facts, facts
from server.families.audience import listed
from server.families.labels import DOMAINS, LEVELS, RELEVANCES, RESULTS
from server.families.state import FamilyState
from server.families.views import agency_view, person_view
from server.families.when import day_words, time_words
from server.people.state import PartnershipState
from server.record.facts import SYSTEM, DestroyedFact, Entry, Fact, RecordRestored, Ref, UnknownFact


class Names:
    """Who did it, and what everybody and everything in a sentence is called."""

    def __init__(self, entry: Entry, family: FamilyState, partnership: PartnershipState) -> None:
        self.entry = entry
        self.family = family
        self.partnership = partnership

    @property
    def who(self) -> str:
        return "The service" if self.entry.author == SYSTEM else self.person(self.entry.author)

    def person(self, person: str) -> str:
        return person_view(self.partnership, person).name

    def people(self, people: tuple[str, ...]) -> str:
        return listed(sorted(self.person(person) for person in people))

    def member(self, member: str) -> str:
        return self.family.name_of(member)

    def members(self, members: tuple[str, ...]) -> str:
        return listed([self.member(member) for member in members])

    def agency(self, code: str) -> str:
        return agency_view(self.partnership, code).name

    def domain_of(self, seq: int) -> str:
        fragment = self.family.fragments.get(Ref(self.entry.stream, seq))
        return DOMAINS[fragment.said.domain].lower() if fragment else "something"


class Told(NamedTuple):
    """What happened in one sentence; how its line looks; and what is said aloud of it, to everybody."""

    words: str
    look: Literal["", "decision", "dissent"] = ""
    aloud: str = ""


Sentence = Callable[[Any, Names], str | Told]


def sentence(names: Names, sentences: Mapping[type[Fact], Sentence]) -> Told:
    """What happened. A fact without a sentence is named by its kind rather than left out."""
    fact = names.entry.fact
    words = sentences.get(type(fact))
    told = words(fact, names) if words else f"{names.who} recorded {names.entry.kind}"
    return told if isinstance(told, Told) else Told(told)


def _guest(fact: facts.GuestAdmitted, names: Names) -> str:
    return f"{names.who} admitted {names.person(fact.person)} for a huddle. {fact.words}"


def _expected(fact: facts.KnowledgeExpected, names: Names) -> str:
    domains = listed([DOMAINS[domain].lower() for domain in fact.domains]) or "nothing in particular"
    return f"{names.who} recorded that {names.agency(fact.agency)} is expected to know about {domains}"


def _came(fact: facts.ContactRecorded, names: Names) -> str:
    contact = names.family.contacts.get(fact.contact)
    whom = names.members(contact.children) if contact else "a child"
    note = f". {fact.note}" if fact.note else ""
    came = RESULTS[fact.outcome]
    return f"{names.who} recorded the planned contact with {whom} on {day_words(fact.on)}: {came}{note}"


def _planned(fact: facts.ContactPlanned, names: Names) -> str:
    often = every(fact.every_days)
    whom = names.members(fact.children)
    return f"{names.who} planned that {names.person(fact.practitioner)} sees {whom} {often}"


def _relationship(fact: facts.RelationshipRecorded, names: Names) -> str:
    one, other = names.member(fact.one), names.member(fact.other)
    return f"{names.who} recorded that {one} is {fact.relation} of {other}"


def _owner(fact: facts.PlanOwnerNamed, names: Names) -> str:
    before = f" in place of {names.person(fact.instead_of)}" if fact.instead_of else ""
    return f"{names.who} named {names.person(fact.person)} as plan owner{before}"


def _removed(fact: facts.TeamMemberRemoved, names: Names) -> str:
    return f"{names.who} removed {names.person(fact.person)} from the team: {fact.reason}"


def _excluded(fact: facts.PersonExcluded, names: Names) -> str:
    if fact.found_by:
        said = f"{names.person(fact.person)} said that they know this family: {fact.reason}"
        return (
            f"{said}. They read nothing more of this. {names.person(fact.found_by)} found which family it is"
        )
    if fact.declared:
        return f"{names.who} declared a conflict of interest and reads nothing more of this: {fact.reason}"
    return f"{names.who} excluded {names.person(fact.person)}, who knows this family: {fact.reason}"


def _outcome(fact: facts.OutcomeSet, names: Names) -> str:
    child = names.member(fact.child)
    return f"{names.who} set what should be different for {child}: {fact.different}. Seen by: {fact.seen_by}"


def _signposted(fact: facts.RestrictionSignposted, names: Names) -> str:
    agency, relevance = names.agency(names.entry.agency), RELEVANCES[fact.relevance]
    return (
        f"{agency} holds restricted information about {DOMAINS[fact.domain].lower()}, relevant to risk: "
        f"{relevance}. {fact.words} Contact {fact.contact}"
    )


def _restored(fact: RecordRestored, names: Names) -> str:
    begins, ends = (moment.astimezone(names.partnership.zone) for moment in (fact.until, fact.at))
    since = f"{day_words(begins.date())}, {time_words(begins)}"
    until = f"{day_words(ends.date())}, {time_words(ends)}"
    return (
        f"This record was restored from a backup. What was recorded between {since} and {until} may be "
        "missing. Whoever remembers something of it, record it again"
    )


def every(days: int) -> str:
    return "every day" if days == 1 else f"every {days} days"


SENTENCES: dict[type[Fact], Sentence] = {
    UnknownFact: lambda f, n: f"{n.who} recorded something with a newer version of this service",
    DestroyedFact: lambda f, n: "The content of this entry was destroyed under the retention rules",
    RecordRestored: _restored,
    facts.FamilyOpened: lambda f, n: f"{n.who} opened the record of {f.name}",
    facts.MemberAdded: lambda f, n: f"{n.who} added {f.name} to the family",
    facts.HouseholdRecorded: lambda f, n: f"{n.who} recorded who lives in {f.name}: {n.members(f.members)}",
    facts.RelationshipRecorded: _relationship,
    facts.PlanLevelSet: lambda f, n: f"{n.who} set the plan's level to {LEVELS[f.level]}: {f.reason}",
    closure_facts.FamilyClosed: lambda f, n: f"{n.who} closed this family’s record: {f.reason}",
    closure_facts.FamilyReopened: lambda f, n: f"{n.who} opened this family’s record again: {f.reason}",
    facts.PlanOwnerNamed: _owner,
    facts.TeamMemberAdded: lambda f, n: f"{n.who} added {n.person(f.person)} to the team",
    facts.TeamMemberRemoved: _removed,
    facts.GuestAdmitted: _guest,
    facts.PersonExcluded: _excluded,
    facts.ExclusionEnded: lambda f, n: f"{n.who} ended the exclusion of {n.person(f.person)}: {f.reason}",
    facts.OutcomeSet: _outcome,
    facts.KnowledgeExpected: _expected,
    facts.ContactPlanned: _planned,
    facts.ContactRecorded: _came,
    facts.ReviewDateSet: lambda f, n: f"{n.who} set the plan's review for {day_words(f.on)}",
    facts.FragmentCorrected: lambda f, n: (
        f"{n.who} corrected an entry about {n.domain_of(f.seq)}: {f.reason}"
    ),
    facts.FragmentWithdrawn: lambda f, n: f"{n.who} withdrew an entry about {n.domain_of(f.seq)}: {f.reason}",
    behalf_facts.WordsConfirmed: lambda f, n: (
        f"{n.person(f.person)} confirmed as their own what {n.person(f.recorded_by)} recorded for them"
    ),
    behalf_facts.WordsDisputed: lambda f, n: (
        f"{n.person(f.person)} says that what {n.person(f.recorded_by)} recorded for them is wrong: {f.words}"
    ),
    facts.CompartmentOpened: lambda f, n: f"{n.who} began to share with {n.people(f.people)} only",
    facts.RestrictionSignposted: _signposted,
}
"""One for every fact of this room that is no fragment; rooms above bring their own."""
