"""The course of a sitting: on, adjourned, on again, abandoned. Everybody's own duty goes on in all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import ClassVar

from server.deadlines.calendar import working_days_after
from server.families.state import FamilyState
from server.families.written import LONGEST_REASON, problem_with, refuse
from server.huddles.commands import find
from server.huddles.course_facts import HuddleAbandoned, HuddleAdjourned, HuddleResumed
from server.huddles.quorum import quorum, words
from server.huddles.sitting import NotSitting, check_on, said
from server.huddles.telling import tells, tells_of
from server.people.state import PartnershipState
from server.record.commands import Command, Draft, Hand
from server.record.refusals import Refused

LONGEST_DAYS = 10
"""Working days after which an adjourned huddle goes on at the latest (R6)."""
LONGEST_MINUTES = 240
WHEN = "Enter the day and the time when it goes on, for example 27 3 2026 and 2pm"


class AdjournedTwice(Refused):
    """This huddle was adjourned without a quorum before. Go on with who is here: share, protect, escalate and
    decide. Or abandon it, and say why."""

    code = "adjourned_twice"


class Adjourn(Command):
    """Stop for now, with a reason, and say when it goes on. Never twice running without a quorum."""

    may: ClassVar[str] = "adjourn"
    asks: ClassVar[Mapping[str, str]] = {"resumes": WHEN}
    huddle: str
    reason: str
    resumes: datetime

    def follows(self, hand: Hand) -> Iterable[Draft]:
        huddle, people = find(hand, self.huddle), hand.partnership[PartnershipState]
        check_on(huddle, people)
        refuse(
            {
                "reason": problem_with(self.reason, "Enter why it is adjourned", LONGEST_REASON),
                "resumes": problem_with_moment(self.resumes, hand),
            }
        )
        counted = quorum(huddle, hand.state[FamilyState], people)
        if huddle.inquorate_before and not counted.quorate:
            raise AdjournedTwice
        yield Draft(
            hand.book,
            HuddleAdjourned(
                huddle=huddle.id,
                reason=self.reason,
                resumes=self.resumes,
                quorate=counted.quorate,
                missing=words(counted, people),
                tells=tells(
                    "moved",
                    huddle.invited,
                    huddle.told,
                    starts=self.resumes,
                    minutes=huddle.minutes,
                    now=hand.now,
                    by=hand.who.person,
                ),
            ),
        )


class Resume(Command):
    """Go on with an adjourned huddle."""

    may: ClassVar[str] = "resume"
    asks: ClassVar[Mapping[str, str]] = {"minutes": "Enter how long it will take, from 5 to 240 minutes"}
    huddle: str
    minutes: int = 20

    def follows(self, hand: Hand) -> Iterable[Draft]:
        huddle = find(hand, self.huddle)
        if huddle.course == "on":
            return
        if huddle.course != "adjourned":
            raise NotSitting(said(huddle, hand.partnership[PartnershipState]))
        if not 5 <= self.minutes <= LONGEST_MINUTES:
            refuse({"minutes": self.asks["minutes"]})
        yield Draft(hand.book, HuddleResumed(huddle=huddle.id, minutes=self.minutes))


class Abandon(Command):
    """Give the huddle up, with a reason. What was said in it stands, and nothing that is owed ends."""

    may: ClassVar[str] = "abandon"
    huddle: str
    reason: str

    def follows(self, hand: Hand) -> Iterable[Draft]:
        huddle = find(hand, self.huddle)
        if huddle.course not in ("on", "adjourned"):
            raise NotSitting(said(huddle, hand.partnership[PartnershipState]))
        refuse({"reason": problem_with(self.reason, "Enter why it is abandoned", LONGEST_REASON)})
        told = tells_of("uninvited", huddle.invited, huddle, now=hand.now, by=hand.who.person)
        yield Draft(hand.book, HuddleAbandoned(huddle=huddle.id, reason=self.reason, tells=told))


def problem_with_moment(resumes: datetime, hand: Hand) -> str:
    """What is wrong with when it goes on: past, or further away than it may be."""
    people = hand.partnership[PartnershipState]
    zone = people.zone
    if resumes.tzinfo is None or resumes <= hand.now:
        return "Enter when it goes on. It must be later than now"
    today, then = hand.now.astimezone(zone).date(), resumes.astimezone(zone).date()
    last = last_day(today, people)
    if then > last:
        return f"It must go on within {LONGEST_DAYS} working days: by {last:%A} {last.day} {last:%B %Y}"
    return ""


def last_day(today: date, people: PartnershipState) -> date:
    """The last day on which a huddle that is adjourned today may go on."""
    return working_days_after(today, LONGEST_DAYS, people.nation)
