"""What can happen when each judges for themselves before anybody has spoken."""

from __future__ import annotations

import msgspec

from server.record.facts import Fact


class Judged(msgspec.Struct, frozen=True):
    """How worried somebody is about one child, from 0 to 10, and why in a sentence."""

    person: str
    child: str
    score: int
    words: str


class JudgementMade(Fact):
    """Somebody judged for themselves. Stands in a compartment of one: nobody else reads it.

    What the scribe recorded for somebody on the phone stands in a compartment of those two.
    """

    huddle: str
    turn: int
    judged: tuple[Judged, ...]
    on_behalf_of: str = ""

    def names(self) -> tuple[str, ...]:
        return tuple({j.person for j in self.judged})


class JudgementGiven(Fact):
    """That somebody has judged, and nothing of what."""

    huddle: str
    turn: int
    person: str
    on_behalf_of: str = ""
    """The person, where the scribe recorded it for them; else empty."""

    def names(self) -> tuple[str, ...]:
        return (self.person,)

    def concerns(self) -> tuple[tuple[str, str], ...]:
        return (("chair", self.huddle),)


class JudgementsRevealed(Fact):
    """The chair revealed all judgements of one turn together."""

    huddle: str
    turn: int
    by: str
    judged: tuple[Judged, ...]
    asked: tuple[str, ...] = ()

    def names(self) -> tuple[str, ...]:
        return self.asked


class SpreadDiscussed(Fact):
    """The huddle spoke about why judgements of one child lay far apart."""

    huddle: str
    turn: int
    child: str
    words: str
