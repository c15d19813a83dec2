"""What can happen to an action: in main, or in the compartment of what it rests on."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from server.record.facts import Fact

Outcome = Literal["done", "not_done", "not_needed"]
"""Not needed any more is not the same as not done (SafeLives minutes template, in our words)."""


class Terms(msgspec.Struct, frozen=True):
    """What is to be done, by whom, until when. Without an owner it is a proposal."""

    words: str
    owner: str = ""
    agency: str = ""
    """The owner's agency when this was agreed."""
    due: datetime | None = None
    domain: str = ""
    critical: bool = False
    """A child's safety rests on it."""


class ActionAgreed(Fact):
    """It was agreed that something is done. `chair` answers for it if it was agreed in a huddle."""

    action: str
    number: int
    terms: Terms
    huddle: str = ""
    chair: str = ""

    def names(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.terms.owner, self.chair)))

    def concerns(self) -> tuple[tuple[str, str], ...]:
        return chair_of(self.huddle)


class ActionChanged(Fact):
    """Other terms took the place of the old: another owner, another day, other words."""

    action: str
    number: int
    terms: Terms
    reason: str = ""
    owner_before: str = ""
    huddle: str = ""

    def names(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.terms.owner, self.owner_before)))

    def concerns(self) -> tuple[tuple[str, str], ...]:
        return chair_of(self.huddle)


class ActionAccepted(Fact):
    """The owner read the action back and accepted it."""

    action: str
    number: int
    person: str
    huddle: str = ""

    def names(self) -> tuple[str, ...]:
        return (self.person,)


class ChangeAsked(Fact):
    """The owner asked for a change before accepting, or since."""

    action: str
    number: int
    person: str
    words: str
    huddle: str = ""

    def names(self) -> tuple[str, ...]:
        return (self.person,)

    def concerns(self) -> tuple[tuple[str, str], ...]:
        return chair_of(self.huddle)


class ActionSettled(Fact):
    """An action came to its end: done, with what shows it; or not done, or no longer needed, and why."""

    action: str
    number: int
    outcome: Outcome
    words: str
    owner: str = ""
    huddle: str = ""

    def names(self) -> tuple[str, ...]:
        return (self.owner,) if self.owner else ()

    def concerns(self) -> tuple[tuple[str, str], ...]:
        return chair_of(self.huddle)


def chair_of(huddle: str) -> tuple[tuple[str, str], ...]:
    return (("chair", huddle),) if huddle else ()
