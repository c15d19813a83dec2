"""What each says of a decision for themselves: a position, their own duty; and how the round ends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from server.families.audience import listed
from server.families.written import LONGEST_REASON, problem_with, refuse
from server.huddles.commands import NotJoined, find
from server.huddles.decision_facts import DecisionFinalised, DutyStated, OwnDuty, Position, PositionTaken
from server.huddles.decision_state import Decision, DecisionsState
from server.people.state import PartnershipState
from server.record.commands import Command, Draft, Hand
from server.record.refusals import Incomplete, NotFound, Refused


class RoundClosed(Refused):
    """This decision is final, so nothing more is added to it. Record what you know as a line instead."""

    code = "round_closed"


class TakePosition(Command):
    """Say where you stand. Nobody can say it for you, and nobody can change what you said."""

    may: ClassVar[str] = "take_position"
    asks: ClassVar[dict[str, str]] = {"position": "Choose whether you agree"}
    huddle: str
    decision: str
    position: Position
    words: str = ""

    def follows(self, hand: Hand) -> Iterable[Draft]:
        yield from self.by(hand, hand.who.person)

    def by(self, hand: Hand, person: str) -> Iterable[Draft]:
        """What follows if it is `person` who says so: the author, or somebody for whom they write."""
        decision = open_to(hand, self.huddle, self.decision, person)
        empty = "Enter what you disagree with, and why" if self.position == "dissent" else ""
        refuse({"words": problem_with(self.words, empty, LONGEST_REASON)})
        taken = PositionTaken(
            huddle=self.huddle,
            decision=self.decision,
            number=decision.said.number,
            person=person,
            position=self.position,
            words=self.words,
            on_behalf_of=person if person != hand.who.person else "",
        )
        if decision.positions.get(taken.person) != taken:
            yield Draft(hand.book, taken)


class StateDuty(Command):
    """Answer for your own duty, which no decision of the group takes over."""

    may: ClassVar[str] = "state_duty"
    asks: ClassVar[dict[str, str]] = {"choice": "Choose what you will do about your own duty"}
    huddle: str
    decision: str
    choice: OwnDuty
    words: str = ""

    def follows(self, hand: Hand) -> Iterable[Draft]:
        yield from self.by(hand, hand.who.person)

    def by(self, hand: Hand, person: str) -> Iterable[Draft]:
        """What follows if it is `person` who answers: the author, or somebody for whom they write."""
        decision = open_to(hand, self.huddle, self.decision, person)
        refuse({"words": problem_with(self.words, "", LONGEST_REASON)})
        stated = DutyStated(
            huddle=self.huddle,
            decision=self.decision,
            number=decision.said.number,
            person=person,
            choice=self.choice,
            words=self.words,
            on_behalf_of=person if person != hand.who.person else "",
        )
        if decision.duties.get(stated.person) != stated:
            yield Draft(hand.book, stated)


class FinaliseDecision(Command):
    """Close the round of positions and duties. Who has not answered is named, and the reason given."""

    may: ClassVar[str] = "finalise_decision"
    huddle: str
    decision: str
    reason: str = ""

    def follows(self, hand: Hand) -> Iterable[Draft]:
        decision = decision_of(hand, self.huddle, self.decision)
        if decision.finalised:
            return
        if decision.replaced_by:
            raise RoundClosed("This decision was replaced. Make the one that replaced it final.")
        left = decision.unanswered()
        if left and not self.reason.strip():
            names = listed([name(hand, person) for person in left])
            raise Incomplete(
                reason=f"{names} did not answer yet. Wait for them, or enter why it is final now"
            )
        refuse({"reason": problem_with(self.reason, "", LONGEST_REASON)})
        yield Draft(
            hand.book,
            DecisionFinalised(
                huddle=self.huddle,
                decision=self.decision,
                number=decision.said.number,
                unanswered=left,
                reason=self.reason,
                asked=decision.said.asked,
            ),
        )


def decision_of(hand: Hand, huddle: str, decision: str) -> Decision:
    found = hand.state[DecisionsState].by_id.get(decision)
    if found is None or found.said.huddle != huddle:
        raise NotFound
    return found


def open_to(hand: Hand, huddle: str, decision: str, person: str) -> Decision:
    """The decision, if its round is open and `person` was in the huddle."""
    found = decision_of(hand, huddle, decision)
    if not found.open:
        raise RoundClosed
    if person not in found.said.asked and person not in find(hand, huddle).participants:
        raise NotJoined
    return found


def name(hand: Hand, person: str) -> str:
    known = hand.partnership[PartnershipState].practitioner(person)
    return known.name if known else person
