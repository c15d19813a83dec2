"""What can be asked about the family itself: open its record, say who belongs to it and where they live."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import ClassVar, Literal

from server.families.facts import (
    FamilyOpened,
    HouseholdRecorded,
    Level,
    MemberAdded,
    PlanOwnerNamed,
    RelationshipRecorded,
    TeamMemberAdded,
)
from server.families.newcomers import Newcomer, problem_with_birth, problem_with_both, problems_of
from server.families.state import FamilyState
from server.families.team import problem_with_optional, today
from server.families.written import LONGEST_NAME, problem_with, reference_from, refuse
from server.people.state import PartnershipState
from server.people.words import name_from
from server.record.commands import Command, Draft, Hand
from server.record.refusals import NotFound, Refused

Quality = Literal["close", "conflict", "distant", "cut_off", "unknown"]

_BOOKS = uuid.UUID("5a1e7c52-6d0b-4f0e-9f5e-6a8f1c0d2b34")


def book_for(author: str, key: str) -> str:
    """The book that an opening begins: one for each author and key, so that a retry opens no second."""
    return f"family:{uuid.uuid5(_BOOKS, f'{author} {key}')}"


ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without the letters that are taken for others when somebody reads them aloud."""


def reference_for(book: str) -> str:
    """The reference of a book that was given none, like 7QK2-M4XD: one of 2^40, the same when asked again."""
    drawn = int.from_bytes(hashlib.sha256(book.encode()).digest()[:5], "big")
    letters = "".join(ALPHABET[drawn >> shift & 31] for shift in range(35, -5, -5))
    return f"{letters[:4]}-{letters[4:]}"


class AlreadyOpened(Refused):
    """This family's record has been opened already."""

    code = "already_opened"


class OpenFamily(Command):
    """Begin a family's record, in a book of its own. Unless somebody is named, who opens it owns the plan.

    Up to six of its people may be named at once. Without a reference the record gets one that tells nobody
    whether another is in use (I25).
    """

    may: ClassVar[str] = "open_family"
    asks: ClassVar[dict[str, str]] = {"level": "Choose the level of the plan"}
    name: str
    level: Level
    reference: str = ""
    plan_owner: str = ""
    team: tuple[str, ...] = ()
    people: tuple[Newcomer, ...] = ()

    def follows(self, hand: Hand) -> Iterable[Draft]:
        if hand.main.seq:
            raise AlreadyOpened
        self.check(hand.partnership[PartnershipState], hand.who.person, hand.now)
        owner, team = self._around(hand.who.person)
        reference = reference_from(self.reference) or reference_for(hand.book)
        opened = FamilyOpened(reference=reference, name=name_from(self.name), level=self.level)
        yield Draft(hand.book, opened)
        for person in team:
            yield Draft(hand.book, TeamMemberAdded(person=person))
        yield Draft(hand.book, PlanOwnerNamed(person=owner))
        for newcomer in self.people:
            yield Draft(hand.book, newcomer.added(hand.new_id()))

    def _around(self, who: str) -> tuple[str, tuple[str, ...]]:
        """The plan owner, and the team with them and whoever opens the record."""
        owner = self.plan_owner or who
        return owner, tuple(dict.fromkeys((who, owner, *self.team)))

    def check(self, partnership: PartnershipState, who: str, now: datetime) -> None:
        """Refuse what cannot be so, field by field. It asks nothing of any family."""
        owner, team = self._around(who)
        here, on = partnership.here, now.astimezone(partnership.zone).date()
        problems = {
            "reference": ""
            if not self.reference.strip() or reference_from(self.reference)
            else "Enter a reference of letters, numbers and hyphens, for example NMR-0147",
            "name": problem_with(self.name, "Enter what this family is called", LONGEST_NAME),
            "plan_owner": "" if here(owner) else "Choose who will own the plan. It must be one person",
            "team": "" if all(here(p) for p in team) else "Choose people who work in this partnership",
        }
        refuse(problems | problems_of(self.people, on))


class AddMember(Command):
    """Add a child or an adult to the family group."""

    may: ClassVar[str] = "add_member"
    asks: ClassVar[dict[str, str]] = {"child": "Choose whether this is a child or an adult"}
    name: str
    child: bool
    born: date | None = None
    due: date | None = None
    about: str = ""

    def follows(self, hand: Hand) -> Iterable[Draft]:
        refuse(
            {
                "name": problem_with(self.name, "Enter their name", LONGEST_NAME),
                "born": problem_with_birth(self.born, today(hand)),
                "due": problem_with_both(self.born, self.due),
                "about": problem_with_optional(self.about),
            }
        )
        yield Draft(
            hand.book,
            MemberAdded(
                member=hand.new_id(),
                name=name_from(self.name),
                child=self.child,
                born=self.born,
                due=self.due,
                about=name_from(self.about),
            ),
        )


class RecordHousehold(Command):
    """Record who lives together; or change an earlier `household`. No address is kept."""

    may: ClassVar[str] = "record_household"
    name: str
    members: tuple[str, ...]
    household: str = ""

    def follows(self, hand: Hand) -> Iterable[Draft]:
        family = hand.state[FamilyState]
        if self.household and self.household not in family.households:
            raise NotFound
        known = bool(self.members) and all(member in family.members for member in self.members)
        refuse(
            {
                "name": problem_with(self.name, "Enter what this household is called", LONGEST_NAME),
                "members": "" if known else "Choose who lives there from the people of this family",
            }
        )
        yield Draft(
            hand.book,
            HouseholdRecorded(
                household=self.household or hand.new_id(),
                name=name_from(self.name),
                members=tuple(dict.fromkeys(self.members)),
            ),
        )


class RecordRelationship(Command):
    """Record how two people of the family stand to each other: `one` is `relation` of `other`."""

    may: ClassVar[str] = "record_relationship"
    one: str
    other: str
    relation: str
    quality: Quality = "unknown"
    parental_responsibility: Literal["yes", "no", "unknown"] | None = None

    def follows(self, hand: Hand) -> Iterable[Draft]:
        members = hand.state[FamilyState].members
        refuse(
            {
                "one": "" if self.one in members else "Choose one of the people of this family",
                "other": ""
                if self.other in members and self.other != self.one
                else "Choose somebody else of this family",
                "relation": problem_with(self.relation, "Enter what they are to each other", LONGEST_NAME),
            }
        )
        yield Draft(
            hand.book,
            RelationshipRecorded(
                one=self.one,
                other=self.other,
                relation=name_from(self.relation),
                quality=self.quality,
                parental_responsibility=self.parental_responsibility,
            ),
        )
