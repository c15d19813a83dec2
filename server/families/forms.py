"""The forms of a family: for each act its address, command and template, and what there is to choose from.

Every form page is given `family` (FamilyView without lines), `form`, `problems`, `key`, `may` and the choices
that its function here names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec

from server.families.commands import AddMember, RecordHousehold, RecordRelationship
from server.families.conflict_state import ConflictsState
from server.families.conflicts import DeclareConflict, EndExclusion, ExcludePerson
from server.families.knowledge import Correct, Signpost, Withdraw, own
from server.families.labels import DOMAINS, LEVELS, QUALITIES, RELEVANCES, RESPONSIBILITIES, RESULTS
from server.families.lines import fragment_view
from server.families.overview import contact, exclusions, members
from server.families.plan import (
    ExpectKnowledge,
    PlanContact,
    RecordContact,
    SetLevel,
    SetOutcome,
    SetReviewDate,
)
from server.families.state import FamilyState
from server.families.team import (
    FOR_THE_TEAM,
    AddToTeam,
    NamePlanOwner,
    RemoveFromTeam,
    admission_words,
    today,
)
from server.families.views import PersonView, person_view
from server.people.facts import PRACTISING
from server.people.state import PartnershipState
from server.record.commands import Command, Hand
from server.record.refusals import NotFound

Path = Mapping[str, str]
Context = dict[str, Any]


class Act(msgspec.Struct, frozen=True):
    """One form. `given` are the fields that the address says; `choices` is the rest of the page's context."""

    path: str
    kind: type[Command]
    template: str
    choices: Callable[[Hand, Path], Context]
    given: Callable[[Path], dict[str, Any]] = lambda path: {}
    then: str = ""
    """Where it leads, if not back to the family: whoever declared a conflict of interest reads none of it."""


def correct(hand: Hand, path: Path) -> Context:
    """line (LineView); the form begins with the words that stand."""
    fragment = own(hand, path["stream"], number(path))
    view = fragment_view(fragment, hand.state[FamilyState], hand.partnership[PartnershipState])
    return {"line": view, "form": {"text": fragment.text}}


def withdraw(hand: Hand, path: Path) -> Context:
    """line (LineView)"""
    return {"line": correct(hand, path)["line"]}


def signpost(hand: Hand, path: Path) -> Context:
    """relevances, domains (pairs of value and label)"""
    return {"relevances": tuple(RELEVANCES.items()), "domains": tuple(DOMAINS.items())}


def add_to_team(hand: Hand, path: Path) -> Context:
    """people (PersonView: who works here and is not in the team), admission (the words of it)"""
    team = hand.state[FamilyState].team
    outside = [p for p in everybody(hand) if p.person not in team or team[p.person].guest_of]
    return {"people": outside, "admission": admission_words(hand, "Whoever you add", FOR_THE_TEAM)}


def remove_from_team(hand: Hand, path: Path) -> Context:
    """person (PersonView)"""
    if path["person"] not in hand.state[FamilyState].team:
        raise NotFound
    return {"person": person_view(hand.partnership[PartnershipState], path["person"])}


def plan_owner(hand: Hand, path: Path) -> Context:
    """people (PersonView: the team without its guests); the form begins with who owns the plan"""
    family = hand.state[FamilyState]
    team = [p for p in everybody(hand) if p.person in family.team and not family.team[p.person].guest_of]
    return {"people": team, "form": {"person": family.plan_owner}}


def excluded(hand: Hand, path: Path) -> Context:
    """people (PersonView: everybody here but oneself and who is excluded), exclusions (ExclusionView)"""
    partnership = hand.partnership[PartnershipState]
    known = (p for p in partnership.everyone_here() if p.person not in hand.main.barred | {hand.who.person})
    views = [person_view(partnership, p.person) for p in known]
    people = sorted(views, key=lambda p: (p.agency_name, p.name, p.person))
    return {"people": people, "exclusions": exclusions(hand.state[ConflictsState], partnership)}


def exclusion_end(hand: Hand, path: Path) -> Context:
    """person (PersonView)"""
    if path["person"] not in hand.state[ConflictsState].excluded:
        raise NotFound
    return {"person": person_view(hand.partnership[PartnershipState], path["person"])}


def level(hand: Hand, path: Path) -> Context:
    """levels (pairs); the form begins with the one that stands"""
    return {"levels": tuple(LEVELS.items()), "form": {"level": hand.state[FamilyState].level}}


def member(hand: Hand, path: Path) -> Context:
    """Nothing more."""
    return {}


def household(hand: Hand, path: Path) -> Context:
    """members (pairs of id and name)"""
    return {"members": named(hand)}


def relationship(hand: Hand, path: Path) -> Context:
    """members (pairs), qualities (pairs), responsibilities (pairs)"""
    qualities = tuple((value, label or "not known") for value, label in QUALITIES.items())
    held = tuple((value, label) for value, label in RESPONSIBILITIES.items() if value)
    return {"members": named(hand), "qualities": qualities, "responsibilities": held}


def outcome(hand: Hand, path: Path) -> Context:
    """children (pairs)"""
    return {"children": children(hand)}


def expected(hand: Hand, path: Path) -> Context:
    """agencies (pairs of code and name), domains (pairs)"""
    agencies = hand.partnership[PartnershipState].agencies.values()
    pairs = sorted(((a.code, a.name) for a in agencies), key=lambda pair: pair[1])
    return {"agencies": tuple(pairs), "domains": tuple(DOMAINS.items())}


def planned_contact(hand: Hand, path: Path) -> Context:
    """people (PersonView), children (pairs)"""
    return {"people": everybody(hand), "children": children(hand)}


def recorded_contact(hand: Hand, path: Path) -> Context:
    """contact (ContactView), results (pairs); the form begins with today"""
    family = hand.state[FamilyState]
    if path["id"] not in family.contacts:
        raise NotFound
    view = contact(family, hand.partnership[PartnershipState], family.contacts[path["id"]])
    return {"contact": view, "results": tuple(RESULTS.items()), "form": in_boxes("on", today(hand))}


def review_date(hand: Hand, path: Path) -> Context:
    """The form begins with the day that stands."""
    standing = hand.state[FamilyState].review_on
    return {"form": in_boxes("on", standing) if standing else {}}


def everybody(hand: Hand) -> list[PersonView]:
    """Everybody who works with families here, by agency and name."""
    partnership = hand.partnership[PartnershipState]
    here = partnership.everyone_here()
    people = (p for p in here if p.roles & PRACTISING and p.person not in hand.main.barred)
    views = (person_view(partnership, p.person) for p in people)
    return sorted(views, key=lambda p: (p.agency_name, p.name, p.person))


def named(hand: Hand) -> tuple[tuple[str, str], ...]:
    return tuple((m.member, m.name) for m in members(hand.state[FamilyState]))


def children(hand: Hand) -> tuple[tuple[str, str], ...]:
    return tuple((m.member, m.name) for m in hand.state[FamilyState].children())


def in_boxes(name: str, day: date) -> dict[str, str]:
    """A day as the three boxes of a form hold it."""
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def number(path: Path) -> int:
    """A line's number in an address; what is none finds nothing."""
    seq = path["seq"]
    return int(seq) if seq.isascii() and seq.isdigit() and len(seq) < 16 else 0


def of_line(path: Path) -> dict[str, Any]:
    return {"stream": path["stream"], "seq": number(path)}


ACTS: tuple[Act, ...] = (
    Act("lines/{stream}/{seq}/correct", Correct, "correct", correct, of_line),
    Act("lines/{stream}/{seq}/withdraw", Withdraw, "withdraw", withdraw, of_line),
    Act("signpost", Signpost, "signpost", signpost),
    Act("team", AddToTeam, "team", add_to_team),
    Act(
        "team/{person}/remove",
        RemoveFromTeam,
        "remove",
        remove_from_team,
        lambda path: {"person": path["person"]},
    ),
    Act("conflict", DeclareConflict, "conflict", member, then="/families"),
    Act("exclusions", ExcludePerson, "exclusions", excluded),
    Act(
        "exclusions/{person}/end",
        EndExclusion,
        "exclusion_end",
        exclusion_end,
        lambda path: {"person": path["person"]},
    ),
    Act("plan-owner", NamePlanOwner, "plan_owner", plan_owner),
    Act("level", SetLevel, "level", level),
    Act("members", AddMember, "members", member),
    Act("households", RecordHousehold, "households", household),
    Act("relationships", RecordRelationship, "relationships", relationship),
    Act("outcomes", SetOutcome, "outcomes", outcome),
    Act("expected", ExpectKnowledge, "expected", expected),
    Act("contacts", PlanContact, "contacts", planned_contact),
    Act(
        "contacts/{id}/record",
        RecordContact,
        "contact_record",
        recorded_contact,
        lambda path: {"contact": path["id"]},
    ),
    Act("review-date", SetReviewDate, "review_date", review_date),
)
"""Each at /families/{ref}/<path>, with the template families/<template>.html."""
