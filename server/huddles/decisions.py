"""What the chair records: what was decided, why, on what it rests, and what else was considered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from server.families.state import FamilyState
from server.families.written import problem_with, refuse
from server.huddles import defensible, quorum
from server.huddles.commands import sitting
from server.huddles.decision_facts import (
    AboutChild,
    Answer,
    Chosen,
    DecisionRecorded,
    Option,
)
from server.huddles.decision_state import Decision, DecisionsState
from server.huddles.judgement_state import JudgementsState
from server.huddles.positions import RoundClosed, name
from server.huddles.state import Huddle
from server.people.state import PartnershipState
from server.record.commands import Command, Draft, Hand
from server.record.facts import Ref
from server.record.refusals import Refused


class DecidedMeanwhile(Refused):
    """Somebody recorded a decision while you were writing. Read it, then choose: keep theirs, or replace it
    and say why. What you wrote is below."""

    code = "decided_meanwhile"


class RecordDecision(Command):
    """Record what was decided. `last` is the newest decision that its author had seen (an id, or nothing)."""

    may: ClassVar[str] = "record_decision"
    huddle: str
    words: str
    chosen: Chosen
    rationale: str
    options: tuple[Option, ...] = ()
    rests_on: tuple[int, ...] = ()
    children: tuple[AboutChild, ...] = ()
    answers: tuple[Answer, ...] = ()
    last: str = ""
    replaces: str = ""
    why_replaced: str = ""

    def follows(self, hand: Hand) -> Iterator[Draft]:
        huddle, decisions = sitting(hand, self.huddle), hand.state[DecisionsState]
        people = hand.partnership[PartnershipState]
        if decisions.newest(huddle.id) not in (self.last, self.replaces):
            raise DecidedMeanwhile(meanwhile(hand, decisions.of(huddle.id)[-1]))
        refuse(self.problems(hand, huddle))
        if self.replaces and decisions.by_id[self.replaces].finalised:
            raise RoundClosed
        counted = quorum.quorum(huddle, hand.state[FamilyState], people)
        yield Draft(
            hand.book,
            DecisionRecorded(
                huddle=huddle.id,
                decision=hand.new_id(),
                number=len(decisions.of(huddle.id)) + 1,
                words=self.words,
                chosen=self.chosen,
                rationale=self.rationale,
                options=self.options,
                rests_on=tuple(dict.fromkeys(self.rests_on)),
                children=self.children,
                asked=huddle.asked(),
                answers=defensible.answered(self.draft(hand, huddle), self.answers),
                replaces=self.replaces,
                why_replaced=self.why_replaced,
                quorate=counted.quorate,
                missing=quorum.words(counted, people),
                present=tuple(sorted(huddle.present())),
            ),
        )

    def problems(self, hand: Hand, huddle: Huddle) -> dict[str, str]:
        """What must be put right, by field: what is missing first, then what an absent reader would miss."""
        draft = self.draft(hand, huddle)
        found = {
            "words": problem_with(self.words, "Enter what was decided"),
            "rationale": problem_with(self.rationale, ""),
            "replaces": self._problem_with_replacing(hand),
        }
        found = {field: words for field, words in found.items() if words} | defensible.problems(draft)
        return found or defensible.unanswered(draft, self.answers)

    def _problem_with_replacing(self, hand: Hand) -> str:
        if self.replaces and self.replaces not in hand.state[DecisionsState].by_id:
            return "Choose the decision that this replaces"
        if self.replaces and not self.why_replaced.strip():
            return "Enter why this replaces the other decision"
        return ""

    def draft(self, hand: Hand, huddle: Huddle) -> defensible.Draft:
        """The decision as its check sees it. Only what stands in main can be cited in main."""
        family, people = hand.state[FamilyState], hand.partnership[PartnershipState]
        cited = (family.fragments.get(Ref(hand.book, seq)) for seq in self.rests_on)
        evidence = tuple(f for f in cited if f is not None and f.withdrawn is None)
        judged = hand.state[JudgementsState].of(huddle.id)
        mine = (d for d in hand.state[DecisionsState].by_id.values() if d.by == hand.who.person)
        return defensible.Draft(
            rationale=self.rationale,
            options=self.options,
            evidence=evidence,
            about=self.children,
            children=family.children(),
            missing_agencies=absent(hand, huddle),
            lacking=quorum.words(quorum.quorum(huddle, family, people), people),
            unconfirmed=tuple(dict.fromkeys(name(hand, f.author) for f in evidence if f.unconfirmed)),
            apart=tuple(dict.fromkeys(family.name_of(child) for _, child, _ in judged.wide())),
            earlier=tuple(d.said.rationale for d in mine if d.said.decision != self.replaces),
        )


def absent(hand: Hand, huddle: Huddle) -> tuple[str, ...]:
    """The short names of invited agencies of which nobody is in the huddle."""
    people = hand.partnership[PartnershipState]

    def agencies(persons: Iterable[str]) -> dict[str, str]:
        found = (people.agency_of(person) for person in persons)
        return {agency.code: agency.short for agency in found if agency}

    here = agencies(huddle.present())
    return tuple(sorted(short for code, short in agencies(huddle.invited).items() if code not in here))


def meanwhile(hand: Hand, newest: Decision) -> str:
    zone = hand.partnership[PartnershipState].zone
    at = newest.at.astimezone(zone)
    return (
        f"{name(hand, newest.by)} recorded a decision at {at:%H:%M} while you were writing. "
        "Read it, then choose: keep theirs, or replace it and say why. What you wrote is below."
    )
