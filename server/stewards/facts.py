"""What can happen in the data stewards' queue: a record of its own that only they read.

No name, no date and no word of any family stands here: it points at records, and the pages ask those.
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
