"""What somebody who was invited can answer: that they will come, or apologies with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from server.families.written import LONGEST_REASON, problem_with, refuse
from server.huddles.commands import find
from server.huddles.facts import ApologiesSent, InvitationAccepted
from server.huddles.sitting import is_over
from server.huddles.state import Huddle
from server.record.commands import Command, Draft, Hand
from server.record.refusals import Refused


class NotInvited(Refused):
    """You were not invited to this huddle, so there is nothing to answer. Ask the chair to invite you."""

    code = "not_invited"


class HuddleOver(Refused):
    """This huddle is over, so nobody is awaited. What your agency knows can still go into the record."""

    code = "huddle_over"


class AcceptInvitation(Command):
    """Say that you will come."""

    may: ClassVar[str] = "accept_invitation"
    huddle: str

    def follows(self, hand: Hand) -> Iterator[Draft]:
        huddle, me = invited(hand, self.huddle), hand.who.person
        if me not in huddle.answers.coming:
            yield Draft(hand.book, InvitationAccepted(huddle=huddle.id, person=me))


class SendApologies(Command):
    """Say that you do not come, and why. Everybody in the room reads it, so that nobody waits for you."""

    may: ClassVar[str] = "send_apologies"
    huddle: str
    reason: str

    def follows(self, hand: Hand) -> Iterator[Draft]:
        huddle, me = invited(hand, self.huddle), hand.who.person
        refuse({"reason": problem_with(self.reason, "Enter why you cannot come", LONGEST_REASON)})
        if huddle.answers.apologies.get(me) != self.reason:
            yield Draft(hand.book, ApologiesSent(huddle=huddle.id, person=me, reason=self.reason))


def invited(hand: Hand, huddle: str) -> Huddle:
    """The huddle, if the author was invited to it."""
    known = find(hand, huddle)
    if hand.who.person not in known.invited:
        raise NotInvited
    if is_over(known):
        raise HuddleOver
    return known
