"""Decline what somebody else said that you would do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from server.actions.answerable import REASSIGNED_OFTEN, deciders
from server.actions.facts import ActionDeclined
from server.actions.finding import owned, still
from server.actions.owing import owing
from server.families.audience import names_of
from server.families.written import LONGEST_REASON, problem_with, refuse
from server.record.commands import Command, Draft, Hand


class DeclineAction(Command):
    """Decline what you were to do, before you accepted it or since. It then needs another owner."""

    may: ClassVar[str] = "decline_action"
    action: str
    seen: int
    words: str

    def follows(self, hand: Hand) -> Iterator[Draft]:
        known = owned(hand, self.action)
        if known.reassigned >= REASSIGNED_OFTEN:
            who = names_of(deciders(known, hand), hand)
            refuse({"words": f"Three reassignments: the chair decides. Ask {who}, or ask for a change"})
        refuse({"words": problem_with(self.words, "Enter why you decline this", LONGEST_REASON)})
        if known.declined == self.words:
            return
        still(known, self.seen)
        yield Draft(
            known.stream,
            owing(
                ActionDeclined(
                    action=known.id,
                    number=known.number,
                    person=hand.who.person,
                    words=self.words,
                    huddle=known.huddle,
                ),
                known.stream,
                hand,
            ),
        )
