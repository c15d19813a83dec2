"""End the work with a family, or begin it again. While anything is owed the work goes on (R28).

What counts is what the author reads. What is owed in a compartment that they do not read changes nothing for
them, not by a byte: it stays owed there, and is chased for its readers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from server.actions.state import ActionsState
from server.families.audience import names_of
from server.families.closure_facts import FamilyClosed, FamilyReopened
from server.families.closure_state import ClosureState
from server.families.request_state import RequestsState
from server.families.state import FamilyState
from server.families.written import LONGEST_REASON, problem_with, refuse
from server.record.commands import Command, Draft, Hand
from server.record.refusals import Refused

NAMED = 3
"""How much of what is owed is named in the refusal; the page lists all of it."""


class StillOwed(Refused):
    """Something is still owed here, so this family's record stays open. Settle it first."""

    code = "still_owed"


class Owed(msgspec.Struct, frozen=True):
    """Something that is owed, and the address where it can be settled."""

    words: str
    at: str


def owed(hand: Hand) -> tuple[Owed, ...]:
    """What is owed in the streams that somebody reads: actions that are not settled, questions that nobody
    answered; in the order in which they were agreed and asked."""
    reference = hand.state[FamilyState].reference
    return (*actions(hand, reference), *requests(hand))


def actions(hand: Hand, reference: str) -> Iterator[Owed]:
    for known in hand.state[ActionsState].owed():
        label = f"{'A' if known.stream == hand.book else 'R'}{known.number}"
        who = names_of([known.terms.owner], hand) if known.terms.owner else "No owner yet"
        words = known.terms.words.rstrip(".")
        yield Owed(f"Action {label}: {words} ({who})", f"/families/{reference}/actions/{known.id}")


def requests(hand: Hand) -> Iterator[Owed]:
    for known in hand.state[RequestsState].in_order():
        if not known.answers:
            who = names_of(known.asked, hand)
            yield Owed(f"A question: {known.question} ({who})", f"/requests/{known.id}")


class CloseFamily(Command):
    """End the work with this family, with the reason. The record stays, and can be added to."""

    may: ClassVar[str] = "close_family"
    reason: str

    def follows(self, hand: Hand) -> Iterator[Draft]:
        if hand.state[ClosureState].closed:
            return
        refuse({"reason": problem_with(self.reason, "Enter why the work ends", LONGEST_REASON)})
        found = owed(hand)
        if found:
            raise StillOwed(refusal(found))
        yield Draft(hand.book, FamilyClosed(reason=self.reason))


def refusal(found: tuple[Owed, ...]) -> str:
    """Names what is owed, the first of it in full."""
    named = ". ".join(item.words for item in found[:NAMED])
    rest = f". And {len(found) - NAMED} more" if len(found) > NAMED else ""
    return f"This record stays open while something is owed. {named}{rest}. Settle it, then close the record."


class ReopenFamily(Command):
    """Begin the work with this family again, with the reason."""

    may: ClassVar[str] = "reopen_family"
    reason: str

    def follows(self, hand: Hand) -> Iterator[Draft]:
        refuse({"reason": problem_with(self.reason, "Enter why the work begins again", LONGEST_REASON)})
        if hand.state[ClosureState].closed:
            yield Draft(hand.book, FamilyReopened(reason=self.reason))
