"""Before a huddle has begun: move it. Until it is over: say that somebody is no longer asked to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import ClassVar

from server.families.written import LONGEST_REASON, problem_with, refuse
from server.huddles.commands import LONGEST_MINUTES, find
from server.huddles.facts import HuddleMoved, PersonUninvited
from server.huddles.sitting import NotSitting, is_over, said
from server.huddles.state import Huddle
from server.huddles.telling import tells, tells_of
from server.people.state import PartnershipState
from server.record.commands import Command, Draft, Hand
from server.record.refusals import Refused

WHEN = "Enter the day and the time when it starts, for example 27 3 2026 and 2pm"
MINUTES = "Enter how long it will take, from 5 to 240 minutes"


class HasBegun(Refused):
    """This huddle has begun, so it cannot be moved. Adjourn it: everybody is told when it goes on."""

    code = "has_begun"


class MoveHuddle(Command):
    """Say that a huddle starts at another time, or takes longer or shorter. All who are invited are told."""

    may: ClassVar[str] = "move_huddle"
    asks: ClassVar[Mapping[str, str]] = {"starts": WHEN, "minutes": MINUTES}
    huddle: str
    starts: datetime
    minutes: int = 20
    reason: str = ""

    def follows(self, hand: Hand) -> Iterable[Draft]:
        huddle = find(hand, self.huddle)
        check_not_over(huddle, hand)
        if huddle.begun:
            raise HasBegun
        past = self.starts.tzinfo is None or self.starts <= hand.now
        refuse(
            {
                "starts": "Enter when it starts. It must be later than now" if past else "",
                "minutes": "" if 5 <= self.minutes <= LONGEST_MINUTES else MINUTES,
                "reason": problem_with(self.reason, "", LONGEST_REASON),
            }
        )
        if (self.starts, self.minutes) != (huddle.starts, huddle.minutes):
            yield Draft(hand.book, self._moved(huddle, hand))

    def _moved(self, huddle: Huddle, hand: Hand) -> HuddleMoved:
        told = tells(
            "moved",
            huddle.invited,
            huddle.told,
            starts=self.starts,
            minutes=self.minutes,
            now=hand.now,
            by=hand.who.person,
            before=huddle.starts,
        )
        return HuddleMoved(
            huddle=huddle.id,
            starts=self.starts.astimezone(UTC),
            minutes=self.minutes,
            before=huddle.starts,
            reason=self.reason,
            tells=told,
        )


class Uninvite(Command):
    """Say that somebody is no longer asked to a huddle, and why. Whoever was in it stays in its record."""

    may: ClassVar[str] = "uninvite"
    asks: ClassVar[Mapping[str, str]] = {"person": "Choose who is no longer asked. It must be one person"}
    huddle: str
    person: str
    reason: str

    def follows(self, hand: Hand) -> Iterable[Draft]:
        huddle = find(hand, self.huddle)
        check_not_over(huddle, hand)
        refuse(
            {
                "person": self._problem(huddle, hand),
                "reason": problem_with(self.reason, "Enter why they are no longer asked", LONGEST_REASON),
            }
        )
        told = tells_of("uninvited", (self.person,), huddle, now=hand.now, by=hand.who.person)
        yield Draft(
            hand.book,
            PersonUninvited(huddle=huddle.id, person=self.person, reason=self.reason, tells=told),
        )

    def _problem(self, huddle: Huddle, hand: Hand) -> str:
        known = hand.partnership[PartnershipState].practitioner(self.person)
        if known is None or self.person not in huddle.invited:
            return self.asks["person"]
        if self.person == huddle.chair:
            return f"{known.name} chairs this huddle. The deputy takes the chair first, or it is abandoned"
        return f"{known.name} has been in this huddle" if self.person in huddle.participants else ""


def may_be_uninvited(huddle: Huddle) -> tuple[str, ...]:
    """Who is asked to it, does not chair it and has not come in."""
    return tuple(p for p in huddle.invited if p != huddle.chair and p not in huddle.participants)


def check_not_over(huddle: Huddle, hand: Hand) -> None:
    if is_over(huddle):
        raise NotSitting(said(huddle, hand.partnership[PartnershipState]))
