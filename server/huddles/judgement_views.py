"""What is shown of judgements: the same for everybody, and nothing of what is not revealed."""

from __future__ import annotations

import msgspec

from server.families.state import FamilyState
from server.families.views import PersonView, person_view
from server.huddles.judgement_facts import JudgementsRevealed
from server.huddles.judgement_state import WIDE, Judgements, of_child, spreads
from server.huddles.spoken import SpokenState
from server.huddles.spoken_views import recorded_words
from server.huddles.state import Huddle
from server.people.state import PartnershipState


class ScoreView(msgspec.Struct, frozen=True):
    """One person's judgement of one child."""

    person: PersonView
    score: int
    words: str
    recorded: str = ""
    """Where the scribe recorded it for them: by whom, and whether they confirmed it; in words."""


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
    huddle: Huddle,
    known: Judgements,
    family: FamilyState,
    partnership: PartnershipState,
    spoken: SpokenState,
) -> JudgementsView:
    return JudgementsView(
        turn=known.turn,
        over=known.over,
        given=len(known.who(known.turn)),
        present=len(huddle.present()),
        turns=tuple(turn_view(reveal, known, family, partnership, spoken) for reveal in known.revealed),
    )


def turn_view(
    reveal: JudgementsRevealed,
    known: Judgements,
    family: FamilyState,
    partnership: PartnershipState,
    spoken: SpokenState,
) -> TurnView:
    written = {
        person: recorded_words(spoken.judged(known.huddle, reveal.turn, person), partnership)
        for turn, person in known.for_others
        if turn == reveal.turn
    }
    children = []
    for child, apart in spreads(reveal).items():
        scores = tuple(
            ScoreView(
                person_view(partnership, judged.person),
                judged.score,
                judged.words,
                written.get(judged.person, ""),
            )
            for judged in of_child(reveal, child)
        )
        why = known.spoken.get((reveal.turn, child), "")
        children.append(ChildJudgedView(child, family.name_of(child), scores, apart, apart >= WIDE, why))
    return TurnView(reveal.turn, tuple(children))
