"""What can happen to a family's record as a whole: the work with them ends, and may begin again."""

from __future__ import annotations

from server.record.facts import Fact


class FamilyClosed(Fact):
    """The work with a family ended, and why. Its record stays readable, and late entries may be added."""

    reason: str


class FamilyReopened(Fact):
    """The work with a family began again, and why."""

    reason: str
