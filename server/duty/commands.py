"""What somebody can record of their own duty. No role, phase, quorum or lost access stands before it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from server.duty.facts import ReferralDisclosed, ReferralMade, ReferralUpdated
from server.families.written import LONGEST_NAME, LONGEST_REASON, problem_with, refuse
from server.record.commands import Command, Draft, Hand
from server.record.refusals import Incomplete

REFERRAL = "referral:"
"""How the id of a referral's book, and of its only stream, begins."""

_BOOKS = uuid.UUID("0b6f5f0e-3c1d-4b63-9d0f-4f6f2d6c9a51")

TO = "Enter who you are referring to, for example children’s services"
CONCERN = "Enter what worries you, and what you want to happen"


def book_for(author: str, key: str) -> str:
    """The book that a referral begins: one for each author and key, so that a retry makes no second."""
    return f"{REFERRAL}{uuid.uuid5(_BOOKS, f'{author} {key}')}"


class Refer(Command):
    """I am referring this myself."""

    may: ClassVar[str] = "refer"
    asks: ClassVar[Mapping[str, str]] = {
        "told": "Enter the day and the time, for example 27 3 2026 and 9:10am, or leave it empty"
    }
    concern: str
    to: str
    child: str = ""
    family: str = ""
    told: datetime | None = None
    reference: str = ""

    def follows(self, hand: Hand) -> Iterable[Draft]:
        who = "" if self.family else "Enter who the child is, in your own words"
        refuse(
            {
                "child": problem_with(self.child, who, LONGEST_REASON),
                "concern": problem_with(self.concern, CONCERN),
                "to": problem_with(self.to, TO, LONGEST_NAME),
                "told": problem_with_told(self.told, hand),
                "reference": problem_with(self.reference, "", LONGEST_NAME),
            }
        )
        yield Draft(
            hand.book,
            ReferralMade(
                person=hand.who.person,
                child=self.child,
                concern=self.concern,
                to=self.to,
                told=self.told,
                reference=self.reference,
                family=self.family,
            ),
        )


class FollowUpReferral(Command):
    """Add what came of a referral of your own. What was recorded before stays as it is."""

    may: ClassVar[str] = "follow_up_referral"
    asks: ClassVar[Mapping[str, str]] = Refer.asks
    told: datetime | None = None
    reference: str = ""
    answer: str = ""

    def follows(self, hand: Hand) -> Iterable[Draft]:
        if not (self.told or self.reference.strip() or self.answer.strip()):
            raise Incomplete(told="Enter when you told them, their reference, or what they answered")
        refuse(
            {
                "told": problem_with_told(self.told, hand),
                "reference": problem_with(self.reference, "", LONGEST_NAME),
                "answer": problem_with(self.answer, "", LONGEST_REASON),
            }
        )
        yield Draft(
            hand.book,
            ReferralUpdated(told=self.told, reference=self.reference, answer=self.answer),
        )


class ShowReferral(Command):
    """Tell the team around a family that you have referred on your own, in words that you choose."""

    may: ClassVar[str] = "show_referral"
    to: str
    words: str
    told: datetime | None = None

    def follows(self, hand: Hand) -> Iterable[Draft]:
        refuse(
            {
                "to": problem_with(self.to, TO, LONGEST_NAME),
                "words": problem_with(self.words, "Enter what the team may know", LONGEST_REASON),
            }
        )
        yield Draft(hand.book, ReferralDisclosed(to=self.to, words=self.words, told=self.told))


def problem_with_told(told: datetime | None, hand: Hand) -> str:
    return "When you told them must be now or in the past" if told and told > hand.now else ""
