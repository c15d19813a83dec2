"""What is shown of a decision. None of it says who looks or when."""

from __future__ import annotations

from datetime import datetime

import msgspec

from server.families.lines import line_id
from server.families.state import FamilyState
from server.families.views import PersonView, agency_view, person_view
from server.huddles.decision_facts import AboutChild, Answer, Option
from server.huddles.decision_state import Decision
from server.huddles.labels import DUTIES, POSITIONS, RUNGS
from server.huddles.spoken import SpokenState
from server.huddles.spoken_views import recorded_words
from server.people.state import PartnershipState
from server.record.facts import Ref


class OptionView(msgspec.Struct, frozen=True):
    """An option that was considered. `chosen`: its rung is the one that was taken."""

    rung: str
    words: str
    pro: str
    contra: str
    chosen: bool


class EvidenceView(msgspec.Struct, frozen=True):
    """A line that a decision rests on. `id` is the line's element."""

    id: str
    agency: str
    text: str
    at: datetime


class ChildView(msgspec.Struct, frozen=True):
    """What a decision says about one child."""

    name: str
    said: AboutChild


class StandView(msgspec.Struct, frozen=True):
    """Where one person stands: their position and their answer for their own duty, empty until given."""

    person: PersonView
    position: str
    position_label: str
    words: str
    duty: str
    duty_label: str
    duty_words: str
    recorded: str = ""
    """Where the scribe recorded the position for them: by whom, and whether they confirmed it; in words."""
    duty_recorded: str = ""


class DecisionView(msgspec.Struct, frozen=True):
    """A decision as it reads."""

    id: str
    number: int
    words: str
    chosen: str
    by: PersonView
    at: datetime
    rationale: str
    options: tuple[OptionView, ...]
    evidence: tuple[EvidenceView, ...]
    children: tuple[ChildView, ...]
    stands: tuple[StandView, ...]
    answers: tuple[Answer, ...]
    final_at: datetime | None
    final_reason: str
    unanswered: tuple[str, ...]
    replaced: bool
    why_replaced: str
    quorate: bool | None = None
    missing: str = ""
    present: int = 0

    @property
    def dissents(self) -> tuple[StandView, ...]:
        return tuple(s for s in self.stands if s.position == "dissent")

    @property
    def agreed(self) -> int:
        return sum(s.position == "agree" for s in self.stands)


def decision_view(
    decision: Decision, family: FamilyState, partnership: PartnershipState, spoken: SpokenState
) -> DecisionView:
    said, final = decision.said, decision.finalised
    left = final.unanswered if final else decision.unanswered()
    return DecisionView(
        id=said.decision,
        number=said.number,
        words=said.words,
        chosen=RUNGS[said.chosen],
        by=person_view(partnership, decision.by),
        at=decision.at,
        rationale=said.rationale,
        options=tuple(option_view(option, said.chosen) for option in said.options),
        evidence=tuple(evidence(decision, family, partnership)),
        children=tuple(ChildView(family.name_of(about.child), about) for about in said.children),
        stands=stands(decision, partnership, spoken),
        answers=said.answers,
        final_at=decision.final_at,
        final_reason=final.reason if final else "",
        unanswered=tuple(sorted(person_view(partnership, person).name for person in left)),
        replaced=bool(decision.replaced_by),
        why_replaced=said.why_replaced,
        quorate=said.quorate,
        missing=said.missing,
        present=len(said.present),
    )


def option_view(option: Option, chosen: str) -> OptionView:
    return OptionView(RUNGS[option.rung], option.words, option.pro, option.contra, option.rung == chosen)


def evidence(decision: Decision, family: FamilyState, partnership: PartnershipState) -> list[EvidenceView]:
    found = []
    for seq in decision.said.rests_on:
        fragment = family.fragments.get(Ref(family.book, seq))
        if fragment is not None:
            short = agency_view(partnership, fragment.agency).short
            found.append(EvidenceView(line_id(family, fragment.ref), short, fragment.text, fragment.at))
    return found


def stands(decision: Decision, partnership: PartnershipState, spoken: SpokenState) -> tuple[StandView, ...]:
    """Everybody who was asked or has answered, dissent first, then by agency."""
    everybody = dict.fromkeys((*decision.said.asked, *decision.positions, *decision.duties))
    found = [stand(decision, person_view(partnership, person), partnership, spoken) for person in everybody]
    return tuple(sorted(found, key=lambda s: (s.position != "dissent", s.person.agency_short, s.person.name)))


def stand(
    decision: Decision, person: PersonView, partnership: PartnershipState, spoken: SpokenState
) -> StandView:
    position, duty = decision.positions.get(person.person), decision.duties.get(person.person)
    return StandView(
        person,
        position.position if position else "",
        POSITIONS[position.position] if position else "",
        position.words if position else "",
        duty.choice if duty else "",
        DUTIES[duty.choice] if duty else "",
        duty.words if duty else "",
        recorded_words(spoken.behind(position) if position else None, partnership),
        recorded_words(spoken.behind(duty) if duty else None, partnership),
    )


class OwnView(msgspec.Struct, frozen=True):
    """A decision that somebody still has to answer, or may change their answer to."""

    id: str
    number: int
    words: str
    position: str
    duty: str
    open: bool


def own_view(decision: Decision, person: str) -> OwnView:
    position, duty = decision.positions.get(person), decision.duties.get(person)
    return OwnView(
        decision.said.decision,
        decision.said.number,
        decision.said.words,
        position.position if position else "",
        duty.choice if duty else "",
        decision.open,
    )
