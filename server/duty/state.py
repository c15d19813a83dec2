"""One referral as its stream tells it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from server.duty.facts import ReferralMade, ReferralUpdated
from server.record.facts import Entry


class FollowUp(msgspec.Struct, frozen=True):
    """What was added later, and when."""

    at: datetime
    said: ReferralUpdated


class ReferralState(msgspec.Struct, frozen=True):
    """A referral: what was recorded, when, and what was added since. `said` is None before it was made."""

    said: ReferralMade | None = None
    at: datetime | None = None
    added: tuple[FollowUp, ...] = ()

    @property
    def told(self) -> datetime | None:
        """When somebody was told, as last recorded."""
        later = [f.said.told for f in self.added if f.said.told]
        return later[-1] if later else self.said.told if self.said else None

    @property
    def reference(self) -> str:
        later = [f.said.reference for f in self.added if f.said.reference]
        return later[-1] if later else self.said.reference if self.said else ""


def apply(state: ReferralState, entry: Entry) -> ReferralState:
    """The referral after one more fact."""
    match entry.fact:
        case ReferralMade():
            return ReferralState(entry.fact, entry.at)
        case ReferralUpdated():
            added = (*state.added, FollowUp(entry.at, entry.fact))
            return msgspec.structs.replace(state, added=added)
    return state
