"""What can happen to a huddle, in the main stream of its family."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from server.huddles.telling import Telling, Tells
from server.record.facts import Ends, Fact, Grants, Standing

Phase = Literal[
    "check_in",
    "previous_actions",
    "fragments",
    "gaps_and_requests",
    "blind_judgement",
    "discussion",
    "decision",
    "positions_and_duty",
    "actions",
    "close",
]
"""Phases guide and lock nothing (docs/rules.md)."""

Mode = Literal["live", "phone", "report_only"]


class HuddleConvened(Fact, Telling):
    """A huddle about the family was called, with a purpose, a chair and the people invited."""

    huddle: str
    purpose: str
    starts: datetime
    minutes: int
    chair: str
    invited: tuple[str, ...]
    deputy: str = ""
    scribe: str = ""
    required: tuple[str, ...] = ()
    """The agencies without which this huddle is not quorate, by code."""
    tells: Tells | None = None

    def standing(self) -> tuple[Standing, ...]:
        held = (("chair", self.chair), ("deputy", self.deputy), ("scribe", self.scribe))
        return tuple(Grants(person, role, self.huddle) for role, person in held if person)

    def names(self) -> tuple[str, ...]:
        return (self.chair, *self.invited)


class PersonInvited(Fact, Telling):
    """Somebody was invited to a huddle after it was called."""

    huddle: str
    person: str
    tells: Tells | None = None

    def names(self) -> tuple[str, ...]:
        return (self.person,)


class PersonUninvited(Fact, Telling):
    """Somebody is no longer asked to a huddle: the chair said so and why, or their access ended."""

    huddle: str
    person: str
    reason: str = ""
    """Empty where their access to the family ended, which says why by itself."""
    tells: Tells | None = None

    def standing(self) -> tuple[Standing, ...]:
        return (Ends(self.person, "deputy", self.huddle), Ends(self.person, "scribe", self.huddle))

    def names(self) -> tuple[str, ...]:
        return (self.person,)


class HuddleMoved(Fact, Telling):
    """The chair moved a huddle that had not begun. What was answered before counts no more."""

    huddle: str
    starts: datetime
    minutes: int
    before: datetime
    reason: str = ""
    tells: Tells | None = None

    def names(self) -> tuple[str, ...]:
        return tuple(each.person for each in self.tells.people) if self.tells else ()


class InvitationAccepted(Fact):
    """Somebody who was invited said that they will come."""

    huddle: str
    person: str

    def names(self) -> tuple[str, ...]:
        return (self.person,)


class ApologiesSent(Fact):
    """Somebody who was invited sent apologies, and why."""

    huddle: str
    person: str
    reason: str

    def names(self) -> tuple[str, ...]:
        return (self.person,)


class ParticipantJoined(Fact):
    """Somebody joined the huddle and accepted its confidentiality and own-duty statement."""

    huddle: str
    person: str
    mode: Mode
    statement: str
    let_in_by: str = ""
    """Who let them in by phone and read the statement to them. Else they joined on their own screen."""

    def names(self) -> tuple[str, ...]:
        return (self.person,)


class ParticipantLeft(Fact):
    """Somebody left the huddle: by saying so, by five minutes' absence, or because access ended."""

    huddle: str
    person: str
    how: Literal["said_so", "absence", "access_ended"]

    def names(self) -> tuple[str, ...]:
        return (self.person,)


class PhaseChanged(Fact):
    """The chair moved the huddle to another phase."""

    huddle: str
    phase: Phase

    def concerns(self) -> tuple[tuple[str, str], ...]:
        return (("chair", self.huddle),)


class ChairAssumed(Fact):
    """A named deputy took the chair, with a reason, or gave it back."""

    huddle: str
    person: str
    instead_of: str
    reason: str

    def standing(self) -> tuple[Standing, ...]:
        return (Ends(self.instead_of, "chair", self.huddle), Grants(self.person, "chair", self.huddle))

    def names(self) -> tuple[str, ...]:
        return (self.person, self.instead_of)
