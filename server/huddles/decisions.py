"""What can be asked of a decision: record it, take a position, answer for one's own duty, close the round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from server.families.audience import listed
from server.families.state import FamilyState
from server.families.written import LONGEST_REASON, problem_with, refuse
from server.huddles import defensible
from server.huddles.commands import NotJoined, find
from server.huddles.decision_facts import (
    AboutChild,
    Answer,
    Chosen,
    DecisionFinalised,
    DecisionRecorded,
    DutyStated,
    Option,
    OwnDuty,
    Position,
    PositionTaken,
)
from server.huddles.decision_state import Decision, DecisionsState
from server.huddles.state import Huddle
from server.people.state import PartnershipState
from server.record.commands import Command, Draft, Hand
from server.record.facts import Ref
from server.record.refusals import Incomplete, NotFound, Refused


class DecidedMeanwhile(Refused):
    """Somebody recorded a decision while you were writing. Read it, then choose: keep theirs, or replace it
    and say why. What you wrote is below."""

    code = "decided_meanwhile"


class RoundClosed(Refused):
    """This decision is final, so nothing more is added to it. Record what you know as a line instead."""

    code = "round_closed"


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
        huddle, decisions = find(hand, self.huddle), hand.state[DecisionsState]
        refuse(self.problems(hand, huddle))
        if decisions.newest(huddle.id) not in (self.last, self.replaces):
            raise DecidedMeanwhile(meanwhile(hand, decisions.of(huddle.id)[-1]))
        if self.replaces and decisions.by_id[self.replaces].finalised:
            raise RoundClosed
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
                asked=tuple(sorted(huddle.present())),
                answers=defensible.answered(self.draft(hand, huddle), self.answers),
                replaces=self.replaces,
                why_replaced=self.why_replaced,
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
        family = hand.state[FamilyState]
        cited = (family.fragments.get(Ref(hand.book, seq)) for seq in self.rests_on)
        mine = (d for d in hand.state[DecisionsState].by_id.values() if d.by == hand.who.person)
        return defensible.Draft(
            rationale=self.rationale,
            options=self.options,
            evidence=tuple(f for f in cited if f is not None and f.withdrawn is None),
            about=self.children,
            children=family.children(),
            missing_agencies=absent(hand, huddle),
            earlier=tuple(d.said.rationale for d in mine if d.said.decision != self.replaces),
        )


class TakePosition(Command):
    """Say where you stand. Nobody can say it for you, and nobody can change what you said."""

    may: ClassVar[str] = "take_position"
    asks: ClassVar[dict[str, str]] = {"position": "Choose whether you agree"}
    huddle: str
    decision: str
    position: Position
    words: str = ""

    def follows(self, hand: Hand) -> Iterable[Draft]:
        decision = open_to(hand, self.huddle, self.decision)
        empty = "Enter what you disagree with, and why" if self.position == "dissent" else ""
        refuse({"words": problem_with(self.words, empty, LONGEST_REASON)})
        yield Draft(
            hand.book,
            PositionTaken(
                huddle=self.huddle,
                decision=self.decision,
                number=decision.said.number,
                person=hand.who.person,
                position=self.position,
                words=self.words,
            ),
        )


class StateDuty(Command):
    """Answer for your own duty, which no decision of the group takes over."""

    may: ClassVar[str] = "state_duty"
    asks: ClassVar[dict[str, str]] = {"choice": "Choose what you will do about your own duty"}
    huddle: str
    decision: str
    choice: OwnDuty
    words: str = ""

    def follows(self, hand: Hand) -> Iterable[Draft]:
        decision = open_to(hand, self.huddle, self.decision)
        refuse({"words": problem_with(self.words, "", LONGEST_REASON)})
        yield Draft(
            hand.book,
            DutyStated(
                huddle=self.huddle,
                decision=self.decision,
                number=decision.said.number,
                person=hand.who.person,
                choice=self.choice,
                words=self.words,
            ),
        )


class FinaliseDecision(Command):
    """Close the round of positions and duties. Who has not answered is named, and the reason given."""

    may: ClassVar[str] = "finalise_decision"
    huddle: str
    decision: str
    reason: str = ""

    def follows(self, hand: Hand) -> Iterable[Draft]:
        decision = decision_of(hand, self.huddle, self.decision)
        if decision.finalised:
            return
        if decision.replaced_by:
            raise RoundClosed("This decision was replaced. Make the one that replaced it final.")
        left = decision.unanswered()
        if left and not self.reason.strip():
            names = listed([name(hand, person) for person in left])
            raise Incomplete(
                reason=f"{names} did not answer yet. Wait for them, or enter why it is final now"
            )
        refuse({"reason": problem_with(self.reason, "", LONGEST_REASON)})
        yield Draft(
            hand.book,
            DecisionFinalised(
                huddle=self.huddle,
                decision=self.decision,
                number=decision.said.number,
                unanswered=left,
                reason=self.reason,
                asked=decision.said.asked,
            ),
        )


def decision_of(hand: Hand, huddle: str, decision: str) -> Decision:
    found = hand.state[DecisionsState].by_id.get(decision)
    if found is None or found.said.huddle != huddle:
        raise NotFound
    return found


def open_to(hand: Hand, huddle: str, decision: str) -> Decision:
    """The decision, if its round is open and the author was in the huddle."""
    found = decision_of(hand, huddle, decision)
    if found.finalised or found.replaced_by:
        raise RoundClosed
    if hand.who.person not in found.said.asked and hand.who.person not in find(hand, huddle).participants:
        raise NotJoined
    return found


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


def name(hand: Hand, person: str) -> str:
    known = hand.partnership[PartnershipState].practitioner(person)
    return known.name if known else person
