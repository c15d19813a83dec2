"""One action: on which terms it stands, how far it is, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from server.actions.facts import Outcome, Terms

Stage = Literal[
    "proposed",
    "waiting",
    "declined",
    "owner_lost",
    "change_asked",
    "accepted",
    "in_progress",
    "claimed_done",
    "done",
    "not_done",
    "not_needed",
]
"""No owner yet; not read back yet; declined; its owner left; a change is asked for; accepted; begun; done as
somebody says and not checked yet; or how it was settled."""

NEEDS_OWNER: frozenset[Stage] = frozenset({"proposed", "declined", "owner_lost"})
RUNNING: frozenset[Stage] = frozenset({"waiting", "change_asked", "accepted", "in_progress"})
"""Stages in which somebody owns it and is to do it."""


class Ending(msgspec.Struct, frozen=True):
    """How an action ended, in whose words. `checked`: how somebody else knows that it was done."""

    outcome: Outcome
    words: str
    checked: str = ""


class Claim(msgspec.Struct, frozen=True):
    """That a critical action is done, as one person says."""

    words: str
    by: str
    at: datetime


class Action(msgspec.Struct, frozen=True):
    """One action. `seen` is the number, in its stream, of the newest fact about it."""

    id: str
    stream: str
    number: int
    terms: Terms
    huddle: str
    chair: str
    by: str
    at: datetime
    seen: int
    first_due: datetime | None = None
    """The first due time that somebody owned. A later one never hides how late it is (R27)."""
    owed_due: datetime | None = None
    """The due time that somebody owned last, also while nobody does."""
    extensions: int = 0
    reassigned: int = 0
    """How often its owner changed, after the first."""
    lowered_by: str = ""
    """Who said that a child's safety does not rest on it any more."""
    accepted: datetime | None = None
    started: datetime | None = None
    declined: str = ""
    lost: bool = False
    lost_until: datetime | None = None
    asked: str = ""
    """The change for which the owner asked, until the terms change or are accepted."""
    asked_due: datetime | None = None
    claim: Claim | None = None
    settled: Ending | None = None
    settled_by: str = ""
    settled_at: datetime | None = None
    reopened: str = ""
    """Why it is owed again, until it is settled again."""

    @property
    def stage(self) -> Stage:
        if self.settled is not None:
            return self.settled.outcome
        if self.claim is not None:
            return "claimed_done"
        if not self.terms.owner:
            return "proposed"
        if self.lost:
            return "owner_lost"
        if self.declined:
            return "declined"
        if self.asked:
            return "change_asked"
        if self.accepted:
            return "in_progress" if self.started else "accepted"
        return "waiting"

    @property
    def open(self) -> bool:
        return self.settled is None

    @property
    def finished(self) -> datetime | None:
        """When it was done, or settled otherwise: the moment from which it gets no later."""
        return self.claim.at if self.claim else self.settled_at
