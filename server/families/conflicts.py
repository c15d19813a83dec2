"""What can be asked about conflicts of interest: declare one's own, exclude somebody, end an exclusion (R42).

An exclusion follows the person, beats every team and every admission, and makes this family one that is not
there. It ends only by an act of somebody else, with a reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from server.families.conflict_state import ConflictsState
from server.families.facts import ExclusionEnded, PersonExcluded, TeamMemberRemoved
from server.families.state import FamilyState
from server.families.succession import next_owners, own_the_plan
from server.families.team import OwnsThePlan
from server.families.written import LONGEST_REASON, problem_with, refuse
from server.people.state import PartnershipState
from server.record.commands import Command, Draft, Hand
from server.record.refusals import NotFound, Refused

CONFLICT = "Knows this family personally"


class SomebodyElse(Refused):
    """Whoever recorded an exclusion does not end it. Ask the plan owner, or a supervisor in the team."""

    code = "somebody_else"


class DeclareConflict(Command):
    """Say that you know this family personally. You read nothing of it from then on."""

    may: ClassVar[str] = "declare_conflict"
    reason: str

    def follows(self, hand: Hand) -> Iterator[Draft]:
        refuse({"reason": problem_with(self.reason, "Enter how you know this family", LONGEST_REASON)})
        yield from step_out(hand, hand.who.person, self.reason)


class PlaceConflict(Command):
    """What somebody told a data steward is about this family: as if they had declared it here."""

    may: ClassVar[str] = "place_conflict"
    person: str
    reason: str
    found_by: str

    def follows(self, hand: Hand) -> Iterator[Draft]:
        if self.person not in hand.main.barred:
            yield from step_out(hand, self.person, self.reason, self.found_by)


class ExcludePerson(Command):
    """Record that somebody knows this family personally. They read nothing of it from then on."""

    may: ClassVar[str] = "exclude_person"
    person: str
    reason: str

    def follows(self, hand: Hand) -> Iterator[Draft]:
        if self.person == hand.state[FamilyState].plan_owner and self.person != hand.who.person:
            raise OwnsThePlan
        refuse(
            {
                "person": self._problem(hand),
                "reason": problem_with(self.reason, "Enter how they know this family", LONGEST_REASON),
            }
        )
        yield from exclude(hand, self.person, self.reason)

    def _problem(self, hand: Hand) -> str:
        known = hand.partnership[PartnershipState].here(self.person)
        if known is None:
            return "Choose who knows this family. It must be one person"
        if self.person == hand.who.person:
            return "Choose somebody else. Your own conflict of interest you declare yourself"
        return f"{known.name} is excluded already" if self.person in hand.main.barred else ""


class EndExclusion(Command):
    """End somebody's exclusion, with a reason. It lets them into nothing."""

    may: ClassVar[str] = "end_exclusion"
    person: str
    reason: str

    def follows(self, hand: Hand) -> Iterator[Draft]:
        known = hand.state[ConflictsState].excluded.get(self.person)
        if known is None:
            raise NotFound
        if known.by == hand.who.person:
            raise SomebodyElse
        refuse({"reason": problem_with(self.reason, "Enter why this ends", LONGEST_REASON)})
        yield Draft(hand.book, ExclusionEnded(person=self.person, reason=self.reason))


def step_out(hand: Hand, person: str, reason: str, found_by: str = "") -> Iterator[Draft]:
    """Out by their own word. A plan that they own gets another owner first."""
    if hand.state[FamilyState].plan_owner == person:
        owner = next(next_owners(hand, person), None)
        if owner is None:
            raise OwnsThePlan
        yield from own_the_plan(hand, owner.person, person)
    yield from exclude(hand, person, reason, declared=True, found_by=found_by)


def exclude(
    hand: Hand, person: str, reason: str, *, declared: bool = False, found_by: str = ""
) -> Iterator[Draft]:
    """Out of the team, and out of everything."""
    if person in hand.state[FamilyState].team:
        yield Draft(hand.book, TeamMemberRemoved(person=person, reason=CONFLICT))
    yield Draft(hand.book, PersonExcluded(person=person, reason=reason, declared=declared, found_by=found_by))
