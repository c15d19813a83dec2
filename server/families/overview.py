"""The whole of a family as its page shows it, from the state of one audience."""

from __future__ import annotations

from server.families.conflict_state import ConflictsState
from server.families.facts import HouseholdRecorded, OutcomeSet, RelationshipRecorded
from server.families.family_views import (
    ContactView,
    ExclusionView,
    ExpectedView,
    FamilyView,
    HouseholdView,
    MemberView,
    OutcomeView,
    RelationshipView,
    SignpostView,
    TeamView,
)
from server.families.labels import DOMAINS, LEVELS, QUALITIES, RELEVANCES, RESPONSIBILITIES, RESULTS
from server.families.picture import picture_view
from server.families.sentences import every
from server.families.state import Contact, FamilyState, Signpost, TeamMember
from server.families.views import LineView, agency_view, person_view
from server.people.state import PartnershipState

SEEN = frozenset({"seen", "seen_alone"})


def family_view(
    family: FamilyState,
    partnership: PartnershipState,
    lines: tuple[LineView, ...] = (),
    earlier: int = 0,
) -> FamilyView:
    """All parts in an order that is the same next time."""
    owner = family.plan_owner
    outcomes = sorted(family.outcomes.values(), key=lambda o: (family.name_of(o.child), o.outcome))
    contacts = sorted(family.contacts.values(), key=lambda c: (c.first_day, c.contact))
    return FamilyView(
        ref=family.reference,
        name=family.name,
        level=family.level,
        level_label=LEVELS[family.level],
        plan_owner=person_view(partnership, owner) if owner else None,
        review_on=family.review_on,
        members=members(family),
        households=tuple(household(family, h) for h in by_name(family)),
        relationships=tuple(sorted(relationships(family), key=lambda r: r.sentence)),
        team=team(family, partnership),
        outcomes=tuple(outcome(family, o) for o in outcomes),
        expected=expected(family, partnership),
        contacts=tuple(contact(family, partnership, c) for c in contacts),
        signposts=tuple(signpost(partnership, s) for s in family.signposts),
        picture=picture_view(family, partnership),
        lines=lines,
        earlier=earlier,
    )


def members(family: FamilyState) -> tuple[MemberView, ...]:
    """The children first, then the adults by name."""
    adults = sorted((m for m in family.members.values() if not m.child), key=lambda m: (m.name, m.member))
    return tuple(
        MemberView(m.member, m.name, m.child, m.born, m.due, m.about) for m in (*family.children(), *adults)
    )


def by_name(family: FamilyState) -> list[HouseholdRecorded]:
    return sorted(family.households.values(), key=lambda h: (h.name, h.household))


def household(family: FamilyState, fact: HouseholdRecorded) -> HouseholdView:
    return HouseholdView(fact.household, fact.name, tuple(family.name_of(m) for m in fact.members))


def relationships(family: FamilyState) -> list[RelationshipView]:
    return [relationship(family, fact) for fact in family.relationships.values()]


def relationship(family: FamilyState, fact: RelationshipRecorded) -> RelationshipView:
    one, other = family.name_of(fact.one), family.name_of(fact.other)
    return RelationshipView(
        one=one,
        other=other,
        relation=fact.relation,
        quality_label=QUALITIES[fact.quality],
        responsibility_label=RESPONSIBILITIES[fact.parental_responsibility],
        sentence=f"{one} is {fact.relation} of {other}",
    )


def team(family: FamilyState, partnership: PartnershipState) -> tuple[TeamView, ...]:
    """The plan owner first, then by agency and name, guests last."""
    views = (team_member(family, partnership, member) for member in family.team.values())
    return tuple(
        sorted(views, key=lambda t: (not t.plan_owner, t.guest, t.person.agency_name, t.person.name))
    )


def team_member(family: FamilyState, partnership: PartnershipState, member: TeamMember) -> TeamView:
    owns = member.person == family.plan_owner
    return TeamView(person_view(partnership, member.person), member.since, owns, bool(member.guest_of))


def exclusions(conflicts: ConflictsState, partnership: PartnershipState) -> tuple[ExclusionView, ...]:
    """By name."""
    views = (
        ExclusionView(person_view(partnership, e.person), e.reason, person_view(partnership, e.by).name, e.at)
        for e in conflicts.excluded.values()
    )
    return tuple(sorted(views, key=lambda e: (e.person.name, e.person.person)))


def outcome(family: FamilyState, known: OutcomeSet) -> OutcomeView:
    return OutcomeView(known.outcome, family.name_of(known.child), known.different, known.seen_by)


def expected(family: FamilyState, partnership: PartnershipState) -> tuple[ExpectedView, ...]:
    views = (
        ExpectedView(agency_view(partnership, code), tuple(DOMAINS[domain] for domain in domains))
        for code, domains in family.expected.items()
        if domains
    )
    return tuple(sorted(views, key=lambda e: (e.agency.name, e.agency.code)))


def contact(family: FamilyState, partnership: PartnershipState, known: Contact) -> ContactView:
    newest = known.newest
    return ContactView(
        contact=known.contact,
        practitioner=person_view(partnership, known.practitioner),
        children=tuple(family.name_of(child) for child in known.children),
        every_days=known.every_days,
        every_label=every(known.every_days),
        first_day=known.first_day,
        result=newest.outcome if newest else "",
        result_label=RESULTS[newest.outcome] if newest else "",
        result_on=newest.on if newest else None,
        note=newest.note if newest else "",
        achieved=newest.outcome in SEEN if newest else None,
        count=len(known.results),
    )


def signpost(partnership: PartnershipState, known: Signpost) -> SignpostView:
    said = known.said
    return SignpostView(
        agency=agency_view(partnership, known.agency),
        relevance=said.relevance,
        relevance_label=RELEVANCES[said.relevance],
        domain_label=DOMAINS[said.domain],
        words=said.words,
        contact=said.contact,
        at=known.at,
    )
