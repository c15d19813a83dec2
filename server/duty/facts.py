"""What somebody does by their own duty: a referral in a stream of its own, which only they read."""

from __future__ import annotations

from datetime import datetime

from server.record.facts import Admits, Fact, Standing


class ReferralMade(Fact):
    """Somebody referred a child on their own, by a duty that no group takes over."""

    person: str
    child: str
    """Who the child is, in the referrer's own words; empty where a family says it."""
    concern: str
    to: str
    told: datetime | None = None
    reference: str = ""
    family: str = ""
    """The reference of a family that the referrer could open at that moment."""

    def standing(self) -> tuple[Standing, ...]:
        return (Admits(self.person),)


class ReferralUpdated(Fact):
    """The referrer added what came of their referral: that they told somebody, a reference, an answer."""

    told: datetime | None = None
    reference: str = ""
    answer: str = ""


class ReferralDisclosed(Fact):
    """Somebody told the team around a family that they had referred on their own."""

    to: str
    words: str
    told: datetime | None = None
