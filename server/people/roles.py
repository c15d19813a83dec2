"""What can be asked about roles: give one, end one, leave.

Whose last role with families ends is followed by a colleague, so that no plan is ever without an owner.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from server.people.commands import draft
from server.people.facts import PRACTISING, PractitionerLeft, Role, RoleEnded, RoleGranted, WorkPassed
from server.people.practitioners import Practitioner
from server.people.rules import (
    YourOwnRoles,
    keep_an_administrator,
    refuse,
    somebody_here,
    takes_over,
    tier_problem,
)
from server.people.state import PartnershipState
from server.record.commands import Command, Draft, Hand


class GrantRole(Command):
    """Somebody is given a role in the partnership."""

    may: ClassVar[str] = "grant_role"
    asks: ClassVar[dict[str, str]] = {"role": "Choose the role"}
    person: str
    role: Role
    tier: int = 0

    def follows(self, hand: Hand) -> Iterable[Draft]:
        known = somebody_here(hand.partnership[PartnershipState], self.person)
        not_ones_own(hand, self.person)
        refuse(tier=tier_problem(self.role, self.tier))
        holds = self.role in known.roles and (self.role != "supervisor" or known.tier == self.tier)
        if not holds:
            yield draft(RoleGranted(person=self.person, role=self.role, tier=self.tier))


class EndRole(Command):
    """Somebody's role in the partnership ends."""

    may: ClassVar[str] = "end_role"
    asks: ClassVar[dict[str, str]] = {"role": "Choose the role that ends"}
    person: str
    role: Role

    def follows(self, hand: Hand) -> Iterable[Draft]:
        state = hand.partnership[PartnershipState]
        known = somebody_here(state, self.person)
        if self.role not in known.roles:
            return
        if self.role == "administrator":
            keep_an_administrator(state, known)
        not_ones_own(hand, self.person)
        if known.roles & PRACTISING == {self.role}:
            yield from passed_on(hand, known)
        yield draft(RoleEnded(person=self.person, role=self.role))


class RecordLeaving(Command):
    """Somebody stops working here: they can no longer sign in, hold no role, and a colleague takes over."""

    may: ClassVar[str] = "record_leaving"
    person: str
    reason: str

    def follows(self, hand: Hand) -> Iterator[Draft]:
        state = hand.partnership[PartnershipState]
        known = somebody_here(state, self.person)
        refuse(reason=not self.reason.strip() and "Enter the reason")
        keep_an_administrator(state, known)
        if known.roles & PRACTISING:
            yield from passed_on(hand, known)
        for role in sorted(known.roles):
            yield draft(RoleEnded(person=self.person, role=role))
        yield draft(PractitionerLeft(person=self.person, reason=self.reason.strip()))


def not_ones_own(hand: Hand, person: str) -> None:
    """Whoever looks after roles gives themselves none and takes none away from themselves."""
    if hand.who.person == person:
        raise YourOwnRoles


def passed_on(hand: Hand, known: Practitioner) -> Iterator[Draft]:
    """Who takes over from somebody who will no longer work with families."""
    state = hand.partnership[PartnershipState]
    on = hand.now.astimezone(state.zone).date()
    to = takes_over(state, known, on, hand.who.person)
    if to:
        yield draft(WorkPassed(person=known.person, to=to))
