"""What can happen to what is owed, in the stream in which it is owed."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from server.deadlines.owing import ChangesOwed, Climbed, Over, Owed, Owes, Owing
from server.record.facts import Fact

Part = Literal[
    "owner", "cover", "line_manager", "safeguarding_lead", "chair", "deputy", "plan_owner", "reader"
]
"""As what somebody is told: what they are to whoever owes it, or to the huddle, or to the family."""

Failure = Literal["bounced", "refused", "gave_up"]
"""The mail came back; the address was refused; it could not be handed over, however often it was tried."""

Disposition = Literal["still_required", "taken_elsewhere"]


class Told(msgspec.Struct, frozen=True):
    """Somebody who is told, and as what."""

    person: str
    part: Part


class ChaseBegun(Fact, ChangesOwed):
    """What was promised is chased from here on, or no longer: the service put right what is owed of it.

    `kind_owed` and `label` are what it is called.
    """

    kind_owed: str
    label: str = ""

    def first(self) -> Owed | None:
        """What is owed from here on; of an action, rather itself than what belongs to it."""
        return next((owed for owed in self.owed if not owed.about), next(iter(self.owed), None))

    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(person for owed in self.owed for person in owed.owners))


class OwnerChased(Fact, Owing):
    """Whoever owes something was chased, and others were told. `planned` is when that was to be.

    `ladder` counts the ladders of this deadline: each change of what is owed begins another.
    """

    deadline: str
    ladder: int
    step: int
    kind_owed: str
    owner: str
    due: datetime
    planned: datetime
    told: tuple[Told, ...]
    queued: bool = False
    urgent: bool = False
    next: datetime | None = None
    label: str = ""

    def names(self) -> tuple[str, ...]:
        return tuple(each.person for each in self.told)

    def owes(self) -> tuple[Owes, ...]:
        return (Climbed(self.deadline, self.next, self.queued),)


class NoticeFailed(Fact):
    """A notice did not reach somebody. Whoever stands in for them is told at once."""

    deadline: str
    ladder: int
    step: int
    kind_owed: str
    due: datetime
    person: str
    how: Failure
    instead: tuple[Told, ...]
    label: str = ""

    def names(self) -> tuple[str, ...]:
        return (self.person, *(each.person for each in self.instead))


class Ended(msgspec.Struct, frozen=True):
    """Something that is no longer owed, because what it belongs to is settled."""

    deadline: str
    kind_owed: str


class QueueSettled(Fact, Owing):
    """A named person settled what had climbed to the queue, and why; still owed, it comes back at `again`.

    `ended` is what is settled with it, by the same decision.
    """

    deadline: str
    ladder: int
    disposition: Disposition
    words: str
    again: datetime | None = None
    label: str = ""
    ended: tuple[Ended, ...] = ()

    def owes(self) -> tuple[Owes, ...]:
        if self.disposition == "taken_elsewhere":
            return (Over(self.deadline), *(Over(each.deadline) for each in self.ended))
        return (Climbed(self.deadline, self.again),)
