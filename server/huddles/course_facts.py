"""What can happen to the course of a huddle, in the main stream of its family."""

from __future__ import annotations

from datetime import datetime

from server.huddles.telling import Telling, Tells
from server.record.facts import Fact


class HuddleAdjourned(Fact, Telling):
    """The chair adjourned the huddle, with a reason, until a named moment. Whoever was in it has left it."""

    huddle: str
    reason: str
    resumes: datetime
    quorate: bool
    missing: str = ""
    """What it lacked to be quorate, in words."""
    tells: Tells | None = None


class HuddleResumed(Fact):
    """The chair went on with an adjourned huddle, for so many minutes. Everybody comes in anew."""

    huddle: str
    minutes: int


class HuddleAbandoned(Fact, Telling):
    """The chair gave the huddle up, with a reason. What was said in it stands."""

    huddle: str
    reason: str
    tells: Tells | None = None
