"""What is asked of an action once it is agreed: accept it, begin, ask for a change, settle it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import ClassVar

from server.actions.action import Action
from server.actions.answerable import checkers, may_settle, needs_check
from server.actions.facts import (
    ActionAccepted,
    ActionSettled,
    ActionStarted,
    ChangeAsked,
    DoneClaimed,
    Outcome,
)
from server.actions.finding import ActionClaimed, ActionOver, find, owned, settled_words, still
from server.actions.owing import owing
from server.actions.rules import MOST_EXTENSIONS, TWICE
from server.families.written import LONGEST_REASON, problem_with, refuse
from server.people.permissions import NotYours
from server.record.commands import Command, Draft, Hand

UNTIL = "Enter until when you need, for example 27 3 2026 and 3pm"


class AcceptAction(Command):
    """Read back what you are to do, and accept it."""

    may: ClassVar[str] = "accept_action"
    action: str
    seen: int

    def follows(self, hand: Hand) -> Iterator[Draft]:
        known = owned(hand, self.action)
        if known.stage in ("accepted", "in_progress"):
            return
        still(known, self.seen)
        yield Draft(
            known.stream,
            owing(
                ActionAccepted(
                    action=known.id, number=known.number, person=hand.who.person, huddle=known.huddle
                ),
                known.stream,
                hand,
            ),
        )


class StartAction(Command):
    """Say that you have begun with what you accepted."""

    may: ClassVar[str] = "start_action"
    action: str
    seen: int

    def follows(self, hand: Hand) -> Iterator[Draft]:
        known = owned(hand, self.action)
        if known.started:
            return
        still(known, self.seen)
        if not known.accepted:
            raise NotYours("Read this back and accept it first. Then say that you have begun.")
        yield Draft(
            known.stream,
            ActionStarted(action=known.id, number=known.number, person=hand.who.person, huddle=known.huddle),
        )


class AskForChange(Command):
    """Ask for another day, another owner or other words, before you accept or since.

    `due` is the day until which more time is asked for: whoever may give it then only has to say so.
    """

    may: ClassVar[str] = "ask_for_change"
    asks: ClassVar[dict[str, str]] = {"due": UNTIL}
    action: str
    seen: int
    words: str
    due: datetime | None = None

    def follows(self, hand: Hand) -> Iterator[Draft]:
        known = owned(hand, self.action)
        due = self.due.astimezone(UTC) if self.due and self.due.tzinfo else self.due
        refuse(
            {
                "words": problem_with(self.words, "Enter what should change, and why", LONGEST_REASON),
                "due": problem_with_asked(known, due, hand) if due else "",
            }
        )
        if (known.asked, known.asked_due) == (self.words, due):
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
                due=due,
            ),
        )


def problem_with_asked(known: Action, due: datetime, hand: Hand) -> str:
    """Why nobody could give time until then."""
    if due.tzinfo is None:
        return UNTIL
    if due <= hand.now or (known.terms.due and due <= known.terms.due):
        return "Choose a later time than the one that stands"
    return TWICE if known.extensions >= MOST_EXTENSIONS else ""


NOBODY_CHECKS = (
    "Nobody else reads this, so nobody can check it. Say that it was not done here and why, "
    "or agree it again where somebody else reads it"
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
        if self._is_so(known, hand):
            return
        if not known.open:
            raise ActionOver(settled_words(known, hand))
        if known.claim:
            raise ActionClaimed
        may_settle(known, self.outcome, hand)
        refuse({"words": problem_with(self.words, NEEDED[self.outcome], LONGEST_REASON)})
        still(known, self.seen)
        yield Draft(known.stream, owing(self._fact(known, hand), known.stream, hand))

    def _is_so(self, known: Action, hand: Hand) -> bool:
        """Whether this says what is recorded already."""
        if known.settled is not None:
            return (known.settled.outcome, known.settled.words) == (self.outcome, self.words)
        claim = known.claim
        return claim is not None and ("done", claim.words, claim.by) == (
            self.outcome,
            self.words,
            hand.who.person,
        )

    def _fact(self, known: Action, hand: Hand) -> ActionSettled | DoneClaimed:
        """Where a child's safety rests on it, done is what somebody says until somebody else has looked."""
        if self.outcome == "done" and needs_check(known, hand):
            refuse({"words": "" if checkers(known, hand) - {hand.who.person} else NOBODY_CHECKS})
            return DoneClaimed(
                action=known.id,
                number=known.number,
                words=self.words,
                owner=known.terms.owner,
                huddle=known.huddle,
            )
        return ActionSettled(
            action=known.id,
            number=known.number,
            outcome=self.outcome,
            words=self.words,
            owner=known.terms.owner,
            huddle=known.huddle,
        )
