"""Who is to hear of a huddle: that they are asked to it, that it moved, that they are no longer asked.

A fact that somebody is to hear of says so itself (`Telling`), with all that a notice needs: what is told
sees one fact alone. Whoever did it is not told, unless they were
told before: then it stands in their calendar, and has to move or go.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

import immutables
import msgspec

if TYPE_CHECKING:  # a huddle is folded out of facts that tell
    from server.huddles.state import Huddle

SOON = timedelta(hours=24)
"""What begins within a day is told at once, whatever the hour."""

How = Literal["invited", "moved", "uninvited"]
Told = immutables.Map[str, int]
"""How often each person was told of one huddle."""
NOBODY_YET: Told = immutables.Map()


class Hears(msgspec.Struct, frozen=True):
    """Somebody who is told. `version` grows with each change of this huddle for this person, and says
    nothing of how often anybody else was told."""

    person: str
    version: int


class Tells(msgspec.Struct, frozen=True):
    """What is told, to whom, and when the huddle is or was to be."""

    how: How
    starts: datetime
    minutes: int
    people: tuple[Hears, ...]
    urgent: bool = False


class Telling:
    """A fact that somebody is to hear of. What was recorded before there were notices tells nobody."""

    __slots__ = ()
    huddle: str
    tells: Tells | None


def tells(
    how: How,
    people: Iterable[str],
    told: Told,
    *,
    starts: datetime,
    minutes: int,
    now: datetime,
    by: str,
    before: datetime | None = None,
) -> Tells | None:
    """To tell `people`, other than who did it (`by`). Nobody where its planned end is past.

    `before` is when it was to start until this moment: whoever was to come today hears today.
    """
    hearing = tuple(Hears(p, told.get(p, 0) + 1) for p in dict.fromkeys(people) if p != by or p in told)
    if not hearing or starts + timedelta(minutes=minutes) <= now:
        return None
    return Tells(how, starts, minutes, hearing, urgent=min(starts, before or starts) - now < SOON)


def tells_of(how: How, people: Iterable[str], huddle: Huddle, *, now: datetime, by: str) -> Tells | None:
    """The same of a huddle as it stands."""
    return tells(how, people, huddle.told, starts=huddle.sits_from, minutes=huddle.minutes, now=now, by=by)


def counted(told: Told, said: Tells | None) -> Told:
    """How often each was told, after one more fact."""
    return told.update({each.person: each.version for each in said.people}) if said else told
