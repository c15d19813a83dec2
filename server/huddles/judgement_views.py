"""What is shown of judgements: the same for everybody, and nothing of what is not revealed."""

from __future__ import annotations

import msgspec

from server.families.state import FamilyState
from server.families.views import PersonView, person_view
from server.huddles.judgement_facts import JudgementsRevealed
from server.huddles.judgement_state import WIDE, Judgements, of_child, spreads
from server.huddles.state import Huddle
from server.people.state import PartnershipState


class ScoreView(msgspec.Struct, frozen=True):
    """One person's judgement of one child."""

    person: PersonView
    score: int
    words: str


class ChildJudgedView(msgspec.Struct, frozen=True):
    """Everybody's judgement of one child, the most worried first."""

    child: str
    name: str
    scores: tuple[ScoreView, ...]
    apart: int
    wide: bool
    spoken: str


class TurnView(msgspec.Struct, frozen=True):
    """One turn, revealed."""

    turn: int
    children: tuple[ChildJudgedView, ...]


class JudgementsView(msgspec.Struct, frozen=True):
    """The turn that is on, how many have judged in it and of how many, and the turns that were revealed."""

    turn: int
    over: bool
    given: int
    present: int
    turns: tuple[TurnView, ...]


def judgements_view(
    huddle: Huddle, known: Judgements, family: FamilyState, partnership: PartnershipState
) -> JudgementsView:
    return JudgementsView(
        turn=known.turn,
        over=known.over,
        given=len(known.who(known.turn)),
        present=len(huddle.present()),
        turns=tuple(turn_view(reveal, known, family, partnership) for reveal in known.revealed),
    )


def turn_view(
    reveal: JudgementsRevealed, known: Judgements, family: FamilyState, partnership: PartnershipState
) -> TurnView:
    children = []
    for child, apart in spreads(reveal).items():
        scores = tuple(
            ScoreView(person_view(partnership, judged.person), judged.score, judged.words)
            for judged in of_child(reveal, child)
        )
        spoken = known.spoken.get((reveal.turn, child), "")
        children.append(ChildJudgedView(child, family.name_of(child), scores, apart, apart >= WIDE, spoken))
    return TurnView(reveal.turn, tuple(children))
