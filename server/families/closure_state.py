"""Whether the work with a family has ended: when, by whom and why."""

from __future__ import annotations

from datetime import datetime

import msgspec

from server.families.closure_facts import FamilyClosed, FamilyReopened
from server.record.facts import Entry


class ClosureState(msgspec.Struct, frozen=True):
    """Empty while the work goes on."""

    closed: datetime | None = None
    by: str = ""
    reason: str = ""


def apply(state: ClosureState, entry: Entry) -> ClosureState:
    """After one more fact."""
    match entry.fact:
        case FamilyClosed(reason=reason):
            return ClosureState(entry.at, entry.author, reason)
        case FamilyReopened():
            return ClosureState()
    return state
