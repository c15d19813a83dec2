"""What can be asked about judging for oneself: judge, reveal all together, say why they lay far apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from server.families import audience
from server.families.state import FamilyState
from server.families.written import LONGEST_REASON, problem_with, refuse
from server.huddles.commands import NotJoined, find, sitting
from server.huddles.judgement_facts import (
    Judged,
    JudgementGiven,
    JudgementMade,
    JudgementsRevealed,
    SpreadDiscussed,
)
from server.huddles.judgement_state import JudgementsState
from server.record.commands import Command, Draft, Hand
from server.record.refusals import Incomplete, NotFound, Refused

HIGHEST = 10


class TurnOver(Refused):
    """These judgements have been revealed, so nothing is added to them. Say what you think as a line."""

    code = "turn_over"


class JudgedMeanwhile(Refused):
    """Somebody judged at this moment. Reveal the judgements again, so that theirs is among them."""

    code = "judged_meanwhile"


class Judge(Command):
    """How worried are you about each child, before anybody has spoken? Only you read it until the reveal.

    `scores` and `words` are by child.
    """

    may: ClassVar[str] = "judge"
    huddle: str
    turn: int
    scores: dict[str, int]
    words: dict[str, str]

    def follows(self, hand: Hand) -> Iterator[Draft]:
        me = hand.who.person
        if me not in sitting(hand, self.huddle).present():
            raise NotJoined
        yield from self.by(hand, me)

    def by(self, hand: Hand, person: str) -> Iterator[Draft]:
        """What follows if it is `person` who judges: read by them, and by whoever writes it down for them."""
        known = hand.state[JudgementsState].of(self.huddle)
        children = hand.state[FamilyState].children()
        refuse({f"child-{c.member}": self._problem(c.member, c.name) for c in children})
        if known.turn != self.turn or known.over:
            raise TurnOver
        stream, opening = audience.compartment(frozenset({hand.who.person, person}), (), hand)
        yield from opening
        judged = tuple(
            Judged(person, c.member, self.scores[c.member], self.words[c.member]) for c in children
        )
        whose = person if person != hand.who.person else ""
        yield Draft(
            stream, JudgementMade(huddle=self.huddle, turn=self.turn, judged=judged, on_behalf_of=whose)
        )
        yield Draft(
            hand.book,
            JudgementGiven(huddle=self.huddle, turn=self.turn, person=person, on_behalf_of=whose),
        )

    def _problem(self, child: str, name: str) -> str:
        if not 0 <= self.scores.get(child, -1) <= HIGHEST:
            return f"Choose a number from 0 to {HIGHEST} for {name}"
        return problem_with(
            self.words.get(child, ""), f"Enter in a sentence why you chose that for {name}", LONGEST_REASON
        )


class RevealJudgements(Command):
    """The service reveals what was judged in one turn, for the chair: all together, or nothing.

    It is the service that does it, since nobody may read what others judged before; `by` must hold the chair.
    `times` is how often anybody had judged in this turn when `judged` was gathered: none is left out.
    """

    may: ClassVar[str] = "reveal_judgements"
    huddle: str
    turn: int
    by: str
    judged: tuple[Judged, ...]
    times: int

    def follows(self, hand: Hand) -> Iterable[Draft]:
        huddle, known = sitting(hand, self.huddle), hand.state[JudgementsState].of(self.huddle)
        if not hand.main.holds(self.by, "chair", self.huddle):
            raise NotFound
        if known.turn != self.turn:
            raise TurnOver
        if known.times.get(self.turn, 0) != self.times:
            raise JudgedMeanwhile
        if not self.judged:
            raise Incomplete(turn="Nobody has judged yet. Wait for at least one")
        yield Draft(
            hand.book,
            JudgementsRevealed(
                huddle=self.huddle,
                turn=self.turn,
                by=self.by,
                judged=self.judged,
                asked=tuple(sorted(huddle.present())),
            ),
        )


class DiscussSpread(Command):
    """Record what was said about why judgements of one child lay far apart."""

    may: ClassVar[str] = "discuss_spread"
    asks: ClassVar[Mapping[str, str]] = {"turn": "Choose which judgements this is about"}
    huddle: str
    turn: int
    child: str
    words: str

    def follows(self, hand: Hand) -> Iterable[Draft]:
        find(hand, self.huddle)
        known = hand.state[JudgementsState].of(self.huddle)
        if not any((turn, child) == (self.turn, self.child) for turn, child, _ in known.wide()):
            raise NotFound
        refuse({"words": problem_with(self.words, "Enter why they lay so far apart", LONGEST_REASON)})
        yield Draft(
            hand.book,
            SpreadDiscussed(huddle=self.huddle, turn=self.turn, child=self.child, words=self.words),
        )
