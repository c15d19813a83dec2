"""What each judged for themselves: who has, what was revealed, how far apart it lay.

What somebody judged before the reveal is in their own state alone: it stands in a stream that only they read.
"""

from __future__ import annotations

import immutables
import msgspec

from server.huddles.judgement_facts import (
    Judged,
    JudgementGiven,
    JudgementMade,
    JudgementsRevealed,
    SpreadDiscussed,
)
from server.record.facts import Entry

change = msgspec.structs.replace

TURNS = 2
"""How often a huddle judges at the most."""
WIDE = 3
"""From this difference on, a spread must be spoken to."""


class Judgements(msgspec.Struct, frozen=True):
    """Those of one huddle. `given` are (turn, person).

    `own` is what the reader may read before the reveal, by turn and person: what they judged themselves, and
    what they recorded for somebody on the phone.
    """

    huddle: str = ""
    given: frozenset[tuple[int, str]] = frozenset()
    times: immutables.Map[int, int] = immutables.Map()
    """How often anybody judged, or judged anew, by turn: whether a look at all is still the newest."""
    own: immutables.Map[tuple[int, str], JudgementMade] = immutables.Map()
    for_others: frozenset[tuple[int, str]] = frozenset()
    """(turn, person) whose newest judgement the scribe recorded for them."""
    revealed: tuple[JudgementsRevealed, ...] = ()
    spoken: immutables.Map[tuple[int, str], str] = immutables.Map()

    @property
    def turn(self) -> int:
        """The turn that is on; past the last one, all are over."""
        return len(self.revealed) + 1

    @property
    def over(self) -> bool:
        return self.turn > TURNS

    def who(self, turn: int) -> frozenset[str]:
        return frozenset(person for at, person in self.given if at == turn)

    def wide(self) -> tuple[tuple[int, str, int], ...]:
        """(turn, child, difference) of the spreads that must be spoken to and were not yet."""
        return tuple(
            (reveal.turn, child, apart)
            for reveal in self.revealed
            for child, apart in spreads(reveal).items()
            if apart >= WIDE and (reveal.turn, child) not in self.spoken
        )


def spreads(reveal: JudgementsRevealed) -> dict[str, int]:
    """For each child, the highest score less the lowest."""
    scores: dict[str, list[int]] = {}
    for judged in reveal.judged:
        scores.setdefault(judged.child, []).append(judged.score)
    return {child: max(found) - min(found) for child, found in scores.items()}


def of_child(reveal: JudgementsRevealed, child: str) -> tuple[Judged, ...]:
    """What was judged of one child, the most worried first."""
    found = (judged for judged in reveal.judged if judged.child == child)
    return tuple(sorted(found, key=lambda judged: (-judged.score, judged.person)))


class JudgementsState(msgspec.Struct, frozen=True):
    """The judgements of every huddle."""

    by_huddle: immutables.Map[str, Judgements] = immutables.Map()

    def of(self, huddle: str) -> Judgements:
        return self.by_huddle.get(huddle, Judgements(huddle))


def apply(state: JudgementsState, entry: Entry) -> JudgementsState:
    """The judgements after one more fact."""
    fact = entry.fact
    if not isinstance(fact, JudgementMade | JudgementGiven | JudgementsRevealed | SpreadDiscussed):
        return state
    return JudgementsState(state.by_huddle.set(fact.huddle, after(state.of(fact.huddle), fact, entry.author)))


def after(
    known: Judgements,
    fact: JudgementMade | JudgementGiven | JudgementsRevealed | SpreadDiscussed,
    author: str,
) -> Judgements:
    match fact:
        case JudgementMade():
            return change(known, own=known.own.set((fact.turn, fact.on_behalf_of or author), fact))
        case JudgementGiven():
            times = known.times.set(fact.turn, known.times.get(fact.turn, 0) + 1)
            whose = (fact.turn, fact.person)
            for_others = known.for_others | {whose} if fact.on_behalf_of else known.for_others - {whose}
            return change(known, given=known.given | {whose}, times=times, for_others=for_others)
        case JudgementsRevealed():
            return change(known, revealed=(*known.revealed, fact))
    return change(known, spoken=known.spoken.set((fact.turn, fact.child), fact.words))
