"""What can be asked about the team around a family: add, remove, and name who owns the plan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from server.families.facts import PlanOwnerNamed, TeamMemberAdded, TeamMemberRemoved
from server.families.state import FamilyState
from server.families.when import day_words_near
from server.families.written import LONGEST_REASON, problem_with, refuse
from server.people.state import PartnershipState
from server.record.commands import Command, Draft, Hand
from server.record.refusals import Incomplete, NotFound, Refused

FOR_A_HUDDLE = "10 working days after the huddle closes"
FOR_THE_TEAM = "they leave the team"


class OwnsThePlan(Refused):
    """This person owns the plan. Name another plan owner first, then remove them from the team."""

    code = "owns_the_plan"


class AddToTeam(Command):
    """Let somebody join the team around the family. They will read its whole main record."""

    may: ClassVar[str] = "add_to_team"
    person: str
    reason: str = ""

    def follows(self, hand: Hand) -> Iterable[Draft]:
        refuse({"person": self._problem(hand), "reason": problem_with_optional(self.reason)})
        yield Draft(hand.book, TeamMemberAdded(person=self.person, reason=self.reason))

    def _problem(self, hand: Hand) -> str:
        practitioner = hand.partnership[PartnershipState].here(self.person)
        if practitioner is None:
            return "Choose who to add. It must be one person"
        if self.person in hand.main.barred:
            return f"{practitioner.name} is excluded from this record. Choose somebody else"
        member = hand.state[FamilyState].team.get(self.person)
        return f"{practitioner.name} is in the team already" if member and not member.guest_of else ""


class RemoveFromTeam(Command):
    """End somebody's place in the team, or a guest's. They read nothing of the record from then on."""

    may: ClassVar[str] = "remove_from_team"
    person: str
    reason: str

    def follows(self, hand: Hand) -> Iterable[Draft]:
        family = hand.state[FamilyState]
        if self.person not in family.team:
            raise NotFound
        if self.person == family.plan_owner:
            raise OwnsThePlan
        refuse({"reason": problem_with(self.reason, "Enter why they are leaving the team", LONGEST_REASON)})
        yield Draft(hand.book, TeamMemberRemoved(person=self.person, reason=self.reason))


class NamePlanOwner(Command):
    """Make one person in the team accountable for the plan, in place of who was so before."""

    may: ClassVar[str] = "name_plan_owner"
    person: str

    def follows(self, hand: Hand) -> Iterable[Draft]:
        family = hand.state[FamilyState]
        member = family.team.get(self.person)
        if member is None or member.guest_of or hand.partnership[PartnershipState].here(self.person) is None:
            raise Incomplete(person="Choose who will own the plan. It must be one person in the team")
        if family.plan_owner != self.person:
            yield Draft(hand.book, PlanOwnerNamed(person=self.person, instead_of=family.plan_owner))


def problem_with_optional(reason: str) -> str:
    return problem_with(reason, "", LONGEST_REASON)


def admission_words(hand: Hand, name: str, until: str = FOR_A_HUDDLE) -> str:
    """What letting `name` in means, over the main record as it stands."""
    zone = hand.partnership[PartnershipState].zone
    opened = hand.state[FamilyState].opened or hand.now
    since = day_words_near(opened.astimezone(zone).date(), today(hand))
    return words_of_admission(name, hand.main.seq, since, until)


def words_of_admission(name: str, entries: int, since: str, until: str) -> str:
    """Like "Sam Whitlock will be able to read this family's record (143 entries since 9 January) until …"."""
    counted = f"{entries:,} {'entry' if entries == 1 else 'entries'}"
    return f"{name} will be able to read this family's record ({counted} since {since}) until {until}."


def today(hand: Hand) -> date:
    """The partnership's calendar day."""
    return hand.now.astimezone(hand.partnership[PartnershipState].zone).date()
