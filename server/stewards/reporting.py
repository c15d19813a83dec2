"""What can be asked about a conflict of interest with a family that its author may not read, or cannot find.

Whoever reports one is told the same whatever is there. A data steward finds out which family it is, or that
there is no record.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from server.families.written import LONGEST_REASON, problem_with, refuse
from server.record.commands import Command, Draft, Hand
from server.record.refusals import NotFound, Refused
from server.stewards.facts import STEWARD, ConflictPlaced, ConflictReported, ConflictSettled
from server.stewards.state import Report, StewardState


class SettledMeanwhile(Refused):
    """Another data steward has settled this. Open it again to see how."""

    code = "settled_meanwhile"


class ReportConflict(Command):
    """Say that you know a family personally, whatever you may read of it. It goes to the data stewards."""

    may: ClassVar[str] = "report_conflict"
    who: str
    how: str

    def follows(self, hand: Hand) -> Iterator[Draft]:
        if hand.book != STEWARD:
            raise NotFound
        self.check()
        yield Draft(
            STEWARD,
            ConflictReported(conflict=hand.new_id(), person=hand.who.person, who=self.who, how=self.how),
        )

    def check(self) -> None:
        """Refuse what is missing, field by field. It asks nothing of anybody."""
        refuse(
            {
                "who": problem_with(self.who, "Enter who they are, as far as you know", LONGEST_REASON),
                "how": problem_with(self.how, "Enter how you know them", LONGEST_REASON),
            }
        )


class NoteConflictPlaced(Command):
    """Record which family a reported conflict is about."""

    may: ClassVar[str] = "note_conflict_placed"
    conflict: str
    family: str

    def follows(self, hand: Hand) -> Iterator[Draft]:
        report_waiting(hand, self.conflict)
        yield Draft(STEWARD, ConflictPlaced(conflict=self.conflict, family=self.family))


class SettleConflict(Command):
    """Record that there is no record about the family of a reported conflict."""

    may: ClassVar[str] = "settle_conflict"
    conflict: str
    reason: str

    def follows(self, hand: Hand) -> Iterator[Draft]:
        report_waiting(hand, self.conflict)
        empty = "Enter how you looked, and whom you asked"
        refuse({"reason": problem_with(self.reason, empty, LONGEST_REASON)})
        yield Draft(STEWARD, ConflictSettled(conflict=self.conflict, reason=self.reason))


def report_waiting(hand: Hand, conflict: str) -> Report:
    """A report that nobody has settled, and that is somebody else's."""
    known = hand.state[StewardState].reports.get(conflict)
    if known is None or known.person == hand.who.person:
        raise NotFound
    if known.settled:
        raise SettledMeanwhile
    return known
