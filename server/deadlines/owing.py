"""What a fact changes about what is owed: it begins a deadline, climbs its ladder, or ends it.

A fact that does so says it itself (`Owing.owes`), with all that chasing will ever need: the whole ladder,
step by step. So what is expected to happen stands in the record, and what happened can be held against it.
"""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from server.deadlines.ladder import chases
from server.people.state import PartnershipState


class Climb(msgspec.Struct, frozen=True):
    """One step: `roles` are told; the queue takes it where `queued`; `urgent` waits for no working hours."""

    step: int
    at: datetime
    roles: tuple[str, ...] = ()
    queued: bool = False
    urgent: bool = False


class Owed(msgspec.Struct, frozen=True):
    """From this fact on, this is owed. A later one about the same deadline takes its place.

    `owners`: one named person; of a question that was put to an agency, those who were asked. `huddle` names
    the one whose chair hears of it. `first_due` is what lateness counts from.
    """

    deadline: str
    kind: str
    version: int
    owners: tuple[str, ...]
    due: datetime
    climbs: tuple[Climb, ...]
    first_due: datetime
    huddle: str = ""
    about: str = ""
    """What it belongs to, where that is something else: the action that waits to be accepted."""
    label: str = ""
    """What it is called on screens: "A5"."""


class Over(msgspec.Struct, frozen=True):
    """From this fact on, this is no longer owed."""

    deadline: str


class Climbed(msgspec.Struct, frozen=True):
    """From this fact on, the ladder waits for its next step, at `next`; or until somebody settles it."""

    deadline: str
    next: datetime | None
    queued: bool = False


Owes = Owed | Over | Climbed


class Owing:
    """A fact that changes what is owed."""

    __slots__ = ()

    def owes(self) -> tuple[Owes, ...]:
        raise NotImplementedError


class ChangesOwed(msgspec.Struct, Owing, frozen=True, kw_only=True):
    """A fact that carries what it changes: what is owed from now on, and what no longer is."""

    owed: tuple[Owed, ...] = ()
    over: tuple[str, ...] = ()

    def owes(self) -> tuple[Owes, ...]:
        return (*(Over(deadline) for deadline in self.over), *self.owed)


def ladder(
    kind: str, due: datetime, now: datetime, partnership: PartnershipState, extensions: int = 0
) -> tuple[Climb, ...]:
    """The steps as they will fall, in UTC. What is late already is chased from now on."""
    zone = partnership.zone
    begun = now.astimezone(zone)
    local = max(due, now).astimezone(zone)
    return tuple(
        Climb(
            step=chase.step,
            at=chase.at.astimezone(UTC),
            roles=chase.roles,
            queued=chase.queued,
            urgent=kind == "critical_action" or chase.at.date() == local.date(),
        )
        for chase in chases(kind, local, begun, partnership.nation, extensions)
    )
