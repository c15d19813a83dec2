"""What is asked of an action once it is agreed: accept it, ask for a change, settle it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from server.actions.facts import ActionAccepted, ActionSettled, ChangeAsked, Outcome
from server.actions.finding import ActionOver, find, owned, settled_words, still
from server.actions.rules import may_settle
from server.families.written import LONGEST_REASON, problem_with, refuse
from server.record.commands import Command, Draft, Hand


class AcceptAction(Command):
    """Read back what you are to do, and accept it."""

    may: ClassVar[str] = "accept_action"
    action: str
    seen: int

    def follows(self, hand: Hand) -> Iterator[Draft]:
        known = owned(hand, self.action)
        if known.stage == "accepted":
            return
        still(known, self.seen)
        yield Draft(
            known.stream,
            ActionAccepted(action=known.id, number=known.number, person=hand.who.person, huddle=known.huddle),
        )


class AskForChange(Command):
    """Ask for another day, another owner or other words, before you accept or since."""

    may: ClassVar[str] = "ask_for_change"
    action: str
    seen: int
    words: str

    def follows(self, hand: Hand) -> Iterator[Draft]:
        known = owned(hand, self.action)
        refuse({"words": problem_with(self.words, "Enter what should change, and why", LONGEST_REASON)})
        if known.asked == self.words:
            return
        still(known, self.seen)
        yield Draft(
            known.stream,
            ChangeAsked(
                action=known.id,
                number=known.number,
                person=hand.who.person,
                words=self.words,
                huddle=known.huddle,
            ),
        )


NEEDED: dict[Outcome, str] = {
    "done": "Enter what was done, and where that can be seen",
    "not_done": "Enter why this was not done",
    "not_needed": "Enter why this is no longer needed",
}


class SettleAction(Command):
    """Say what became of an action: done, not done, or no longer needed; and how that is known."""

    may: ClassVar[str] = "settle_action"
    asks: ClassVar[dict[str, str]] = {"outcome": "Choose what became of this action"}
    action: str
    seen: int
    outcome: Outcome
    words: str

    def follows(self, hand: Hand) -> Iterable[Draft]:
        known = find(hand, self.action)
        if known.settled is not None and (known.settled.outcome, known.settled.words) == (
            self.outcome,
            self.words,
        ):
            return
        if not known.open:
            raise ActionOver(settled_words(known, hand))
        may_settle(known, self.outcome, hand)
        refuse({"words": problem_with(self.words, NEEDED[self.outcome], LONGEST_REASON)})
        still(known, self.seen)
        yield Draft(
            known.stream,
            ActionSettled(
                action=known.id,
                number=known.number,
                outcome=self.outcome,
                words=self.words,
                owner=known.terms.owner,
                huddle=known.huddle,
            ),
        )
