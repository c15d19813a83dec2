"""What can happen to a request for information: in main, and for others in a stream of theirs.

For them question and answer stand twice on purpose: they read that stream alone, and the team reads main.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from server.deadlines.owing import Climb, Over, Owed, Owes, Owing
from server.families.facts import Domain
from server.record.facts import Admits, Fact, Grants, Standing
from server.record.streams import ASKED

Answer = Literal["answered", "declined", "nil_return"]
"""A nil return is an answer: it was looked for, here, and nothing was found."""


def answer_owed(
    request: str, asked: tuple[str, ...], due: datetime, climbs: tuple[Climb, ...], huddle: str
) -> Owed:
    """What whoever was asked owes."""
    return Owed(
        deadline=request,
        kind="request",
        version=1,
        owners=asked,
        due=due,
        climbs=climbs,
        first_due=due,
        huddle=huddle,
    )


class InformationRequested(Fact, Owing):
    """The team asked somebody for what they know. In main. `stream` is where those outside it read it."""

    request: str
    question: str
    agency: str
    asked: tuple[str, ...]
    due: datetime
    domain: Domain | None = None
    huddle: str = ""
    stream: str = ""
    climbs: tuple[Climb, ...] = ()

    def owes(self) -> tuple[Owes, ...]:
        owed = answer_owed(self.request, self.asked, self.due, self.climbs, self.huddle)
        return (owed,) if self.climbs else ()


class QuestionAsked(Fact):
    """A question was put to people outside the team, who read it and nothing else. In a stream of theirs."""

    request: str
    question: str
    asked: tuple[str, ...]
    due: datetime
    domain: Domain | None = None

    def standing(self) -> tuple[Standing, ...]:
        admitted: list[Standing] = []
        for person in self.asked:
            admitted += (Admits(person), Grants(person, ASKED))
        return tuple(admitted)


class QuestionAnswered(Fact):
    """Somebody who was asked answered, declined, or found nothing. In the stream of those outside."""

    request: str
    person: str
    answer: Answer
    words: str
    searched: str = ""
    corrects: Answer | None = None


class InformationReceived(Fact, Owing):
    """An answer reached the team. In main. `corrects` is what was answered before, and stays readable."""

    request: str
    person: str
    agency: str
    answer: Answer
    words: str
    searched: str = ""
    corrects: Answer | None = None
    domain: Domain | None = None
    """About which part of life was asked."""

    def owes(self) -> tuple[Owes, ...]:
        return (Over(self.request),)
