"""What can happen when a huddle is closed, and after."""

from __future__ import annotations

from datetime import datetime

from server.huddles.decision_facts import Answer
from server.record.facts import Admits, Fact, Standing


class HuddleClosed(Fact):
    """The chair closed the huddle. `answers` say why something that it leaves open is so."""

    huddle: str
    answers: tuple[Answer, ...] = ()
    present: tuple[str, ...] = ()


class GuestAccessLimited(Fact):
    """Who was let in for a huddle that is over reads on until a day, and nothing after it."""

    huddle: str
    person: str
    until: datetime

    def standing(self) -> tuple[Standing, ...]:
        return (Admits(self.person, self.until),)

    def names(self) -> tuple[str, ...]:
        return (self.person,)


class MinutesCorrected(Fact):
    """Somebody added a correction to the minutes. What was written stays as it was."""

    huddle: str
    words: str
