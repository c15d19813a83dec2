"""What can be asked when a huddle ends: close it; correct its minutes for ten working days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import ClassVar

from server.deadlines.calendar import working_days_after
from server.families.written import LONGEST_REASON, problem_with, refuse
from server.huddles.closing_facts import HuddleClosed, MinutesCorrected
from server.huddles.commands import find
from server.huddles.decision_facts import Answer
from server.huddles.unfinished import answered, left_open, unanswered
from server.people.state import PartnershipState
from server.record.commands import Command, Draft, Hand
from server.record.refusals import Incomplete, NotFound, Refused

CORRECTIONS = 10
"""Working days after its end in which minutes may be corrected, and in which a guest still reads."""


class CorrectionsOver(Refused):
    """The ten working days for corrections are over. Write what your agency knows in the family's record."""

    code = "corrections_over"


class CloseHuddle(Command):
    """End the huddle. What it leaves open is settled before, or said why."""

    may: ClassVar[str] = "close_huddle"
    huddle: str
    answers: tuple[Answer, ...] = ()

    def follows(self, hand: Hand) -> Iterable[Draft]:
        huddle = find(hand, self.huddle)
        if huddle.closed is not None:
            return
        found = left_open(hand, huddle)
        refuse({f"answer-{a.item}": problem_with(a.words, "", LONGEST_REASON) for a in self.answers})
        problems = unanswered(found, self.answers)
        if problems:
            raise Incomplete(**problems)
        closed = HuddleClosed(
            huddle=huddle.id,
            answers=answered(found, self.answers),
            present=tuple(sorted(huddle.present())),
        )
        yield Draft(hand.book, closed)


class CorrectMinutes(Command):
    """Add a correction to the minutes of a closed huddle."""

    may: ClassVar[str] = "correct_minutes"
    huddle: str
    words: str

    def follows(self, hand: Hand) -> Iterable[Draft]:
        huddle = find(hand, self.huddle)
        if huddle.closed is None:
            raise NotFound
        if hand.now > until(huddle.closed, hand.partnership[PartnershipState]):
            raise CorrectionsOver
        refuse({"words": problem_with(self.words, "Enter what should be corrected", LONGEST_REASON)})
        yield Draft(hand.book, MinutesCorrected(huddle=huddle.id, words=self.words))


def until(closed: datetime, partnership: PartnershipState) -> datetime:
    """The last moment of the tenth working day after `closed`, by the partnership's clock and calendar."""
    zone = partnership.zone
    day = working_days_after(closed.astimezone(zone).date(), CORRECTIONS, partnership.nation)
    return datetime.combine(day, time(23, 59, 59), zone)
