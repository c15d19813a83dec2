"""What is shown of words that the scribe recorded for somebody on the phone."""

from __future__ import annotations

from datetime import datetime

import msgspec

from server.families.facts import FragmentContributed
from server.families.labels import BEARINGS, DOMAINS
from server.families.state import FamilyState
from server.families.views import person_view
from server.huddles.decision_facts import DutyStated, PositionTaken
from server.huddles.judgement_facts import JudgementGiven
from server.huddles.judgement_state import JudgementsState
from server.huddles.labels import DUTIES, POSITIONS
from server.huddles.spoken import Said, Spoken, SpokenState
from server.people.state import PartnershipState
from server.record.facts import Ref
from server.record.state import State


class SpokenView(msgspec.Struct, frozen=True):
    """One entry as the person reads it for whom it was recorded. `open`: they have not answered yet."""

    seq: int
    what: str
    text: str
    recorded_by: str
    at: datetime
    confirmed_at: datetime | None
    disputed: str
    open: bool


def recorded_words(spoken: Spoken | None, partnership: PartnershipState) -> str:
    """Like "recorded by Cal Moss, not confirmed"; nothing where nobody wrote for them."""
    if spoken is None:
        return ""
    by = f"recorded by {person_view(partnership, spoken.recorded_by).name}"
    if spoken.disputed:
        return f"{by}; says that this is wrong: {spoken.disputed}"
    return f"{by}, confirmed" if spoken.confirmed else f"{by}, not confirmed"


def spoken_views(state: State, partnership: PartnershipState, huddle: str, person: str) -> list[SpokenView]:
    """What was recorded for a person in a huddle, what they have not answered first."""
    found = sorted(state[SpokenState].of(huddle, person), key=lambda s: (not s.open, s.seq))
    return [
        SpokenView(
            spoken.seq,
            *described(spoken.said, spoken.seq, state),
            person_view(partnership, spoken.recorded_by).name,
            spoken.at,
            spoken.confirmed,
            spoken.disputed,
            spoken.open,
        )
        for spoken in found
    ]


def described(said: Said, seq: int, state: State) -> tuple[str, str]:
    """What it is, and how it reads."""
    family = state[FamilyState]
    match said:
        case FragmentContributed():
            fragment = family.fragments.get(Ref(family.book, seq))
            return f"{DOMAINS[said.domain]}, {BEARINGS[said.bearing].lower()}", (
                fragment.text if fragment else said.text
            )
        case PositionTaken():
            return f"Your position on decision {said.number}: {POSITIONS[said.position].lower()}", said.words
        case DutyStated():
            return f"Your own duty after decision {said.number}: {DUTIES[said.choice].lower()}", said.words
    return f"Your own judgement, turn {said.turn}", judged(said, state)


def judged(said: JudgementGiven, state: State) -> str:
    """Each child's number and sentence, out of what this reader may read."""
    own = state[JudgementsState].of(said.huddle).own.get((said.turn, said.person))
    family = state[FamilyState]
    lines = (f"{family.name_of(j.child)}: {j.score} of 10. {j.words}" for j in own.judged) if own else ()
    return "\n".join(lines)
