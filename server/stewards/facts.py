"""What can happen in the data stewards' queue: a record of its own that only they read.

Of a likely match no name, date or word of a family stands here: it points at records, and pages ask those.
What somebody reports of a family that they know stands here in their own words.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from server.families.matching import Why
from server.record.facts import Admits, Fact, Removes, Standing

STEWARD = "steward"
"""The book of the queue; also the id of its only stream."""

Outcome = Literal["same_family", "different_families", "cannot_tell"]


class PairNoticed(msgspec.Struct, frozen=True):
    """Somebody (`MemberAdded.member`) of the one family, somebody of the other, and what is alike."""

    one: str
    other: str
    why: Why


class StewardAdmitted(Fact):
    """Somebody became a data steward and reads this queue."""

    person: str

    def standing(self) -> tuple[Standing, ...]:
        return (Admits(self.person),)


class StewardRemoved(Fact):
    """Somebody is no longer a data steward and reads nothing of this queue from here on."""

    person: str

    def standing(self) -> tuple[Standing, ...]:
        return (Removes(self.person),)


class ConflictReported(Fact):
    """Somebody said that they know a family personally, which they may not read or cannot find."""

    conflict: str
    person: str
    who: str
    """Who the family is, in their own words."""
    how: str


class ConflictPlaced(Fact):
    """A data steward found which family a reported conflict is about. `family` is its book."""

    conflict: str
    family: str


class ConflictSettled(Fact):
    """A data steward found no record for a reported conflict, and says how they looked."""

    conflict: str
    reason: str


class MatchNoticed(Fact):
    """Two records may be about the same family. `one` and `other` are their books, in order."""

    match: str
    one: str
    other: str
    pairs: tuple[PairNoticed, ...]
    """Those that had not been noticed before."""


class MatchSettled(Fact):
    """A data steward recorded what came of asking about a likely match."""

    match: str
    outcome: Outcome
    reason: str
