"""What can happen to an action: in main, or in the compartment of what it rests on."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from server.deadlines.owing import ChangesOwed
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


class ActionAgreed(Fact, ChangesOwed):
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


class ActionChanged(Fact, ChangesOwed):
    """Other terms took the place of the old: another owner, another day, other words."""

    action: str
    number: int
    terms: Terms
    reason: str = ""
    owner_before: str = ""
    huddle: str = ""
    extension: int = 0
    """Which extension this is, if it gives an owned action more time: the first or the second."""

    def names(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.terms.owner, self.owner_before)))

    def concerns(self) -> tuple[tuple[str, str], ...]:
        return chair_of(self.huddle)


class ActionAccepted(Fact, ChangesOwed):
    """The owner read the action back and accepted it."""

    action: str
    number: int
    person: str
    huddle: str = ""

    def names(self) -> tuple[str, ...]:
        return (self.person,)


class ActionDeclined(Fact, ChangesOwed):
    """The owner declined the action, and said why. It needs another owner."""

    action: str
    number: int
    person: str
    words: str
    huddle: str = ""

    def names(self) -> tuple[str, ...]:
        return (self.person,)

    def concerns(self) -> tuple[tuple[str, str], ...]:
        return chair_of(self.huddle)


class ActionStarted(Fact):
    """The owner began with an action that they had accepted."""

    action: str
    number: int
    person: str
    huddle: str = ""

    def names(self) -> tuple[str, ...]:
        return (self.person,)


class ChangeAsked(Fact):
    """The owner asked for a change before accepting, or since. `due`: until when, if for more time."""

    action: str
    number: int
    person: str
    words: str
    huddle: str = ""
    due: datetime | None = None

    def names(self) -> tuple[str, ...]:
        return (self.person,)

    def concerns(self) -> tuple[tuple[str, str], ...]:
        return chair_of(self.huddle)


class ActionExtended(Fact, ChangesOwed):
    """Somebody other than the owner gave an action more time, and nothing else about it changed."""

    action: str
    number: int
    due: datetime
    reason: str
    extension: int
    owner: str
    huddle: str = ""

    def names(self) -> tuple[str, ...]:
        return (self.owner,)

    def concerns(self) -> tuple[tuple[str, str], ...]:
        return chair_of(self.huddle)


class OwnerLost(Fact, ChangesOwed):
    """The owner of an open action reads this record no more, or not as long as the action runs.

    `until`: the end of their access where that is known before it comes.
    """

    action: str
    number: int
    person: str
    huddle: str = ""
    until: datetime | None = None

    def names(self) -> tuple[str, ...]:
        return (self.person,)

    def concerns(self) -> tuple[tuple[str, str], ...]:
        return chair_of(self.huddle)


class DoneClaimed(Fact, ChangesOwed):
    """An action on which a child's safety rests was recorded as done. Somebody else checks that."""

    action: str
    number: int
    words: str
    owner: str = ""
    huddle: str = ""

    def names(self) -> tuple[str, ...]:
        return (self.owner,) if self.owner else ()

    def concerns(self) -> tuple[tuple[str, str], ...]:
        return chair_of(self.huddle)


class ActionVerified(Fact, ChangesOwed):
    """Somebody else checked that a critical action was done, and said how they know."""

    action: str
    number: int
    words: str
    owner: str = ""
    claimed_by: str = ""
    huddle: str = ""

    def names(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.owner, self.claimed_by)))

    def concerns(self) -> tuple[tuple[str, str], ...]:
        return chair_of(self.huddle)


class ActionReopened(Fact, ChangesOwed):
    """What was recorded of an action does not stand, and why. It is owed again, as it was."""

    action: str
    number: int
    words: str
    owner: str = ""
    huddle: str = ""

    def names(self) -> tuple[str, ...]:
        return (self.owner,) if self.owner else ()

    def concerns(self) -> tuple[tuple[str, str], ...]:
        return chair_of(self.huddle)


class ActionSettled(Fact, ChangesOwed):
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


AboutOwed = (
    ActionAgreed
    | ActionChanged
    | ActionAccepted
    | ActionDeclined
    | ActionExtended
    | OwnerLost
    | DoneClaimed
    | ActionVerified
    | ActionReopened
    | ActionSettled
)
"""Those that change what is owed."""
