"""What can be asked about the shared plan: level, outcomes, who should know what, contacts, review."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from server.families.facts import (
    ContactOutcome,
    ContactPlanned,
    ContactRecorded,
    Domain,
    KnowledgeExpected,
    Level,
    OutcomeSet,
    PlanLevelSet,
    ReviewDateSet,
)
from server.families.state import FamilyState
from server.families.team import problem_with_optional, today
from server.families.written import LONGEST_REASON, problem_with, refuse
from server.people.state import PartnershipState
from server.record.commands import Command, Draft, Hand
from server.record.refusals import Incomplete, NotFound

LONGEST_INTERVAL = 366


class SetLevel(Command):
    """Change the level of the plan, with the reason."""

    may: ClassVar[str] = "set_level"
    asks: ClassVar[dict[str, str]] = {"level": "Choose the level of the plan"}
    level: Level
    reason: str

    def follows(self, hand: Hand) -> Iterable[Draft]:
        refuse(
            {
                "level": "Choose another level than the one that stands"
                if self.level == hand.state[FamilyState].level
                else "",
                "reason": problem_with(self.reason, "Enter the reason for this change", LONGEST_REASON),
            }
        )
        yield Draft(hand.book, PlanLevelSet(level=self.level, reason=self.reason))


class SetOutcome(Command):
    """Agree what should be different for one child, and how it is seen; or change an earlier `outcome`."""

    may: ClassVar[str] = "set_outcome"
    child: str
    different: str
    seen_by: str
    outcome: str = ""

    def follows(self, hand: Hand) -> Iterable[Draft]:
        family = hand.state[FamilyState]
        if self.outcome and self.outcome not in family.outcomes:
            raise NotFound
        refuse(
            {
                "child": "" if family.is_child(self.child) else "Choose the child for whom this is",
                "different": problem_with(self.different, "Enter what should be different", LONGEST_REASON),
                "seen_by": problem_with(self.seen_by, "Enter how this will be seen", LONGEST_REASON),
            }
        )
        yield Draft(
            hand.book,
            OutcomeSet(
                outcome=self.outcome or hand.new_id(),
                child=self.child,
                different=self.different,
                seen_by=self.seen_by,
            ),
        )


class ExpectKnowledge(Command):
    """Agree which domains an agency is expected to know about, in place of what was agreed before."""

    may: ClassVar[str] = "expect_knowledge"
    agency: str
    domains: tuple[Domain, ...]

    def follows(self, hand: Hand) -> Iterable[Draft]:
        if self.agency not in hand.partnership[PartnershipState].agencies:
            raise Incomplete(agency="Choose an agency of this partnership")
        domains = tuple(dict.fromkeys(self.domains))
        yield Draft(hand.book, KnowledgeExpected(agency=self.agency, domains=domains))


class PlanContact(Command):
    """Agree who sees which children, and how often; or change an earlier `contact`."""

    may: ClassVar[str] = "plan_contact"
    asks: ClassVar[dict[str, str]] = {
        "every_days": "Enter every how many days",
        "first_day": "Enter the first day, like 27 3 2026",
    }
    practitioner: str
    children: tuple[str, ...]
    every_days: int
    first_day: date
    contact: str = ""

    def follows(self, hand: Hand) -> Iterable[Draft]:
        family = hand.state[FamilyState]
        if self.contact and self.contact not in family.contacts:
            raise NotFound
        refuse(self._problems(hand, family))
        yield Draft(
            hand.book,
            ContactPlanned(
                contact=self.contact or hand.new_id(),
                practitioner=self.practitioner,
                children=tuple(dict.fromkeys(self.children)),
                every_days=self.every_days,
                first_day=self.first_day,
            ),
        )

    def _problems(self, hand: Hand, family: FamilyState) -> dict[str, str]:
        here = hand.partnership[PartnershipState].here(self.practitioner)
        seen = bool(self.children) and all(family.is_child(child) for child in self.children)
        often = 1 <= self.every_days <= LONGEST_INTERVAL
        return {
            "practitioner": "" if here else "Choose who will see them. It must be one person",
            "children": "" if seen else "Choose which children will be seen",
            "every_days": "" if often else f"Enter every how many days, from 1 to {LONGEST_INTERVAL}",
        }


class RecordContact(Command):
    """Say what came of a planned contact: seen, seen alone, or not achieved and whose doing that was."""

    may: ClassVar[str] = "record_contact"
    asks: ClassVar[dict[str, str]] = {
        "outcome": "Choose what came of it",
        "on": "Enter the day of this contact, like 27 3 2026",
    }
    contact: str
    on: date
    outcome: ContactOutcome
    note: str = ""

    def follows(self, hand: Hand) -> Iterable[Draft]:
        if self.contact not in hand.state[FamilyState].contacts:
            raise NotFound
        refuse(
            {
                "on": "The day of this contact must be today or in the past" if self.on > today(hand) else "",
                "note": problem_with_optional(self.note),
            }
        )
        yield Draft(
            hand.book,
            ContactRecorded(contact=self.contact, on=self.on, outcome=self.outcome, note=self.note),
        )


class SetReviewDate(Command):
    """Set the day on which the plan is next reviewed."""

    may: ClassVar[str] = "set_review_date"
    asks: ClassVar[dict[str, str]] = {"on": "Enter when the plan is reviewed next, like 27 3 2026"}
    on: date

    def follows(self, hand: Hand) -> Iterable[Draft]:
        refuse({"on": "Review date must be today or later" if self.on < today(hand) else ""})
        yield Draft(hand.book, ReviewDateSet(on=self.on))
