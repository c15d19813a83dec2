"""What can happen to words that were recorded on somebody's behalf, in the main stream of the family."""

from __future__ import annotations

from server.record.facts import Fact


class WordsConfirmed(Fact):
    """Somebody confirmed as their own what was recorded on their behalf as entry `seq` of main."""

    huddle: str
    seq: int
    person: str
    recorded_by: str

    def names(self) -> tuple[str, ...]:
        return (self.person,)


class WordsDisputed(Fact):
    """Somebody said, in their own words, that what was recorded on their behalf is wrong. Both are kept."""

    huddle: str
    seq: int
    person: str
    recorded_by: str
    words: str

    def names(self) -> tuple[str, ...]:
        return (self.person,)
