"""What the scribe records for somebody on the phone, and how they make it their own afterwards.

The author of such a fact is the scribe; it names the person for whom it was recorded. Nothing restricted is
recorded like this: those words their author writes alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import msgspec

from server.families.behalf_facts import WordsConfirmed, WordsDisputed
from server.families.facts import Basis, Bearing, Confidence, Domain, Precision
from server.families.knowledge import Contribute
from server.families.written import LONGEST_REASON, problem_with, refuse
from server.huddles.commands import find
from server.huddles.decision_facts import OwnDuty, Position
from server.huddles.judgements import Judge
from server.huddles.phone import Unvouched, on_the_phone
from server.huddles.positions import StateDuty, TakePosition
from server.huddles.spoken import Spoken, SpokenState
from server.people.state import PartnershipState
from server.record.commands import Command, Draft, Hand
from server.record.refusals import NotFound

RECORDS: str = "record_for_caller"


class LineFor(Command):
    """Record what somebody on the phone says their agency knows. Everybody in the team reads it."""

    may: ClassVar[str] = RECORDS
    asks: ClassVar[dict[str, str]] = Contribute.asks
    huddle: str
    person: str
    domain: Domain
    basis: Basis
    text: str
    bearing: Bearing
    about: tuple[str, ...] = ()
    happened: str = ""
    precision: Precision = "unknown"
    confidence: Confidence = "probable"

    def follows(self, hand: Hand) -> Iterable[Draft]:
        on_the_phone(find(hand, self.huddle), self.person)
        said = Contribute(
            domain=self.domain,
            basis=self.basis,
            text=self.text,
            bearing=self.bearing,
            about=self.about,
            happened=self.happened,
            precision=self.precision,
            confidence=self.confidence,
        ).fragment(hand)
        caller = hand.partnership[PartnershipState].practitioner(self.person)
        yield Draft(
            hand.book,
            msgspec.structs.replace(
                said,
                on_behalf_of=self.person,
                for_agency=caller.agency if caller else "",
                huddle=self.huddle,
            ),
        )


class TakePositionFor(Command):
    """Record where somebody on the phone stands, in the words that they say."""

    may: ClassVar[str] = RECORDS
    asks: ClassVar[dict[str, str]] = TakePosition.asks
    huddle: str
    person: str
    decision: str
    position: Position
    words: str = ""

    def follows(self, hand: Hand) -> Iterable[Draft]:
        check_known(hand, self.huddle, self.person)
        yield from TakePosition(
            huddle=self.huddle, decision=self.decision, position=self.position, words=self.words
        ).by(hand, self.person)


class StateDutyFor(Command):
    """Record what somebody on the phone answers for their own duty."""

    may: ClassVar[str] = RECORDS
    asks: ClassVar[dict[str, str]] = StateDuty.asks
    huddle: str
    person: str
    decision: str
    choice: OwnDuty
    words: str = ""

    def follows(self, hand: Hand) -> Iterable[Draft]:
        check_known(hand, self.huddle, self.person)
        yield from StateDuty(
            huddle=self.huddle, decision=self.decision, choice=self.choice, words=self.words
        ).by(hand, self.person)


class JudgeFor(Command):
    """Record how worried somebody on the phone is about each child. Only the two read it until the reveal."""

    may: ClassVar[str] = RECORDS
    huddle: str
    person: str
    turn: int
    scores: dict[str, int]
    words: dict[str, str]

    def follows(self, hand: Hand) -> Iterable[Draft]:
        check_known(hand, self.huddle, self.person)
        yield from Judge(huddle=self.huddle, turn=self.turn, scores=self.scores, words=self.words).by(
            hand, self.person
        )


class ConfirmWords(Command):
    """Say that what was recorded for you is what you said."""

    may: ClassVar[str] = "answer_for_own_words"
    huddle: str
    seq: int

    def follows(self, hand: Hand) -> Iterable[Draft]:
        said = own(hand, self.huddle, self.seq)
        if said.confirmed is None:
            yield Draft(
                hand.book,
                WordsConfirmed(
                    huddle=self.huddle, seq=self.seq, person=said.person, recorded_by=said.recorded_by
                ),
            )


class DisputeWords(Command):
    """Say what is wrong with what was recorded for you. Both are kept."""

    may: ClassVar[str] = "answer_for_own_words"
    huddle: str
    seq: int
    words: str

    def follows(self, hand: Hand) -> Iterable[Draft]:
        said = own(hand, self.huddle, self.seq)
        refuse({"words": problem_with(self.words, "Enter what is wrong, and what you said", LONGEST_REASON)})
        yield Draft(
            hand.book,
            WordsDisputed(
                huddle=self.huddle,
                seq=self.seq,
                person=said.person,
                recorded_by=said.recorded_by,
                words=self.words,
            ),
        )


def check_known(hand: Hand, huddle: str, person: str) -> None:
    """Refuse unless somebody is on the phone whose voice a colleague knows."""
    if not on_the_phone(find(hand, huddle), person).known:
        raise Unvouched


def own(hand: Hand, huddle: str, seq: int) -> Spoken:
    """What was recorded for the author in this huddle. Anybody else's is not to be found."""
    said = hand.state[SpokenState].by_seq.get(seq)
    if said is None or said.person != hand.who.person or said.huddle != huddle:
        raise NotFound
    return said
