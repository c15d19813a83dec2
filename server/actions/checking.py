"""Look whether what is recorded of an action is so: check it, or open it again (R33)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from server.actions.answerable import checkers, openers
from server.actions.facts import ActionReopened, ActionVerified
from server.actions.finding import ActionMoved, ActionOver, find, settled_words, still
from server.actions.owing import owing
from server.families.audience import names_of
from server.families.written import LONGEST_REASON, problem_with, refuse
from server.people.permissions import NotYours
from server.record.commands import Command, Draft, Hand


class VerifyAction(Command):
    """Say that a critical action was done, and how you know: somebody else says that they did it."""

    may: ClassVar[str] = "verify_action"
    action: str
    seen: int
    words: str

    def follows(self, hand: Hand) -> Iterator[Draft]:
        known = find(hand, self.action)
        if known.settled:
            if (known.settled.checked, known.settled_by) == (self.words, hand.who.person):
                return
            raise ActionOver(settled_words(known, hand))
        if known.claim is None:
            raise ActionMoved
        who = checkers(known, hand)
        if hand.who.person not in who:
            asked = names_of(who, hand) or "somebody else who reads this"
            raise NotYours(f"Somebody else must check this. Ask {asked}.")
        refuse({"words": problem_with(self.words, "Enter how you know that it was done", LONGEST_REASON)})
        still(known, self.seen)
        yield Draft(
            known.stream,
            owing(
                ActionVerified(
                    action=known.id,
                    number=known.number,
                    words=self.words,
                    owner=known.terms.owner,
                    claimed_by=known.claim.by,
                    huddle=known.huddle,
                ),
                known.stream,
                hand,
            ),
        )


class ReopenAction(Command):
    """Say that what was recorded of an action does not stand. It is owed again, and as late as it was."""

    may: ClassVar[str] = "reopen_action"
    action: str
    seen: int
    words: str

    def follows(self, hand: Hand) -> Iterator[Draft]:
        known = find(hand, self.action)
        if known.reopened == self.words and self.words:
            return
        if known.open and known.claim is None:
            raise ActionMoved
        if hand.who.person not in openers(known, hand):
            raise NotYours(
                "Only the chair, the plan owner or who agreed it can open this again, and never its owner "
                "alone. Ask one of them."
            )
        refuse({"words": problem_with(self.words, "Enter why this is not settled", LONGEST_REASON)})
        still(known, self.seen)
        yield Draft(
            known.stream,
            owing(
                ActionReopened(
                    action=known.id,
                    number=known.number,
                    words=self.words,
                    owner=known.terms.owner,
                    huddle=known.huddle,
                ),
                known.stream,
                hand,
            ),
        )
