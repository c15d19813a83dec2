"""What can be asked about what an agency knows: contribute, correct, withdraw, and signpost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from server.families import audience, when
from server.families.facts import (
    Basis,
    Bearing,
    Confidence,
    Domain,
    FragmentContributed,
    FragmentCorrected,
    FragmentWithdrawn,
    Precision,
    Relevance,
    RestrictionSignposted,
)
from server.families.fragments import Fragment
from server.families.state import FamilyState
from server.families.team import admission_words as admission_words
from server.families.written import LONGEST_NAME, LONGEST_REASON, problem_with, refuse
from server.people.state import PartnershipState
from server.record.commands import Command, Draft, Hand
from server.record.facts import Ref
from server.record.refusals import Incomplete, NotFound, Refused


class AlreadyWithdrawn(Refused):
    """This entry has been withdrawn. Contribute a new one if there is more to say."""

    code = "already_withdrawn"


class Contribute(Command):
    """Tell the group what your agency knows; or only some of it, by person, agency or role.

    `only_for` are people. `named` are agencies and roles ("agency:NPC", "role:chair"), resolved at the moment
    of the commit. `expected_readers` is the list that the author saw: nobody outside it will read this.
    """

    may: ClassVar[str] = "contribute"
    asks: ClassVar[dict[str, str]] = {
        "domain": "Choose which part of life this is about",
        "basis": "Choose how you know this",
        "bearing": "Choose what this means for the children",
    }
    domain: Domain
    basis: Basis
    text: str
    bearing: Bearing
    about: tuple[str, ...] = ()
    happened: str = ""
    precision: Precision = "unknown"
    confidence: Confidence = "probable"
    verbatim: bool = False
    voice_of: str = ""
    only_for: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    expected_readers: tuple[str, ...] = ()

    def follows(self, hand: Hand) -> Iterator[Draft]:
        fragment = self.fragment(hand)
        named = self.names()
        if not named:
            yield Draft(hand.book, fragment)
            return
        people = audience.readers(named, hand)
        if people == {hand.who.person}:
            raise Incomplete(named="Choose who else will see this")
        audience.check_not_grown(people, self.expected_readers, hand)
        stream, opening = audience.compartment(people, named, hand)
        yield from opening
        yield Draft(stream, fragment)

    def fragment(self, hand: Hand) -> FragmentContributed:
        """What would be recorded, or a refusal that says what is wrong with it."""
        self._check(hand)
        return self._fragment(hand.partnership[PartnershipState].zone)

    def names(self) -> tuple[str, ...]:
        """With whom this is shared, if not with everybody in the team."""
        return tuple(dict.fromkeys((*self.named, *(f"person:{person}" for person in self.only_for))))

    def _check(self, hand: Hand) -> None:
        family = hand.state[FamilyState]
        zone = hand.partnership[PartnershipState].zone
        refuse(
            {
                "text": problem_with(self.text, "Enter what your agency knows"),
                "about": problem_with_about(self.about, family),
                "voice_of": self._problem_with_voice(family),
                "happened": problem_with_moment(self.happened, self.precision, hand.now, zone),
                "named": audience.problem_with(self.names(), hand),
            }
        )

    def _problem_with_voice(self, family: FamilyState) -> str:
        if self.voice_of and not family.is_child(self.voice_of):
            return "Choose a child of this family whose voice this is"
        if self.verbatim and not self.voice_of:
            return "Choose the child whose own words these are"
        return ""

    def _fragment(self, zone: ZoneInfo) -> FragmentContributed:
        happened = when.read(self.happened, zone) if self.happened.strip() else ""
        return FragmentContributed(
            domain=self.domain,
            basis=self.basis,
            text=self.text,
            bearing=self.bearing,
            about=tuple(dict.fromkeys(self.about)),
            happened=happened,
            precision=when.precision_of(happened) if self.precision == "unknown" else self.precision,
            confidence=self.confidence,
            verbatim=self.verbatim,
            voice_of=self.voice_of,
        )


class Correct(Command):
    """Put other words in the place of your own. What was written before stays readable."""

    may: ClassVar[str] = "correct"
    stream: str
    seq: int
    text: str
    reason: str

    def follows(self, hand: Hand) -> Iterable[Draft]:
        fragment = own(hand, self.stream, self.seq)
        same = "Change the words, or go back and leave them as they are" if self.text == fragment.text else ""
        refuse(
            {
                "text": problem_with(self.text, "Enter what your agency knows") or same,
                "reason": problem_with(self.reason, "Enter why you are correcting this", LONGEST_REASON),
            }
        )
        yield Draft(self.stream, FragmentCorrected(seq=self.seq, text=self.text, reason=self.reason))


class Withdraw(Command):
    """Take back your own words, with a reason. That they were said stays readable."""

    may: ClassVar[str] = "withdraw"
    stream: str
    seq: int
    reason: str

    def follows(self, hand: Hand) -> Iterable[Draft]:
        own(hand, self.stream, self.seq)
        refuse({"reason": problem_with(self.reason, "Enter why you are withdrawing this", LONGEST_REASON)})
        yield Draft(self.stream, FragmentWithdrawn(seq=self.seq, reason=self.reason))


class Signpost(Command):
    """Tell everybody in the team, in your own words, that restricted information exists."""

    may: ClassVar[str] = "signpost"
    asks: ClassVar[dict[str, str]] = {
        "relevance": "Choose what this does to the risk",
        "domain": "Choose which part of life this is about",
    }
    relevance: Relevance
    domain: Domain
    words: str
    contact: str

    def follows(self, hand: Hand) -> Iterable[Draft]:
        refuse(
            {
                "words": problem_with(
                    self.words, "Enter what everybody in the team may know", LONGEST_REASON
                ),
                "contact": problem_with(self.contact, "Enter who to contact about this", LONGEST_NAME),
            }
        )
        yield Draft(
            hand.book,
            RestrictionSignposted(
                relevance=self.relevance, domain=self.domain, words=self.words, contact=self.contact
            ),
        )


def own(hand: Hand, stream: str, seq: int) -> Fragment:
    """The author's own fragment, out of what they read. Anybody else's is not to be found."""
    fragment = hand.state[FamilyState].fragments.get(Ref(stream, seq))
    if fragment is None or fragment.author != hand.who.person:
        raise NotFound
    if fragment.withdrawn is not None:
        raise AlreadyWithdrawn
    return fragment


def problem_with_about(about: Iterable[str], family: FamilyState) -> str:
    if any(member not in family.members for member in about):
        return "Choose who this is about from the people of this family"
    return ""


def problem_with_moment(typed: str, precision: Precision, now: datetime, zone: ZoneInfo) -> str:
    """What is wrong with when it happened: unreadable, less exact than it claims, or still to come."""
    if not typed.strip():
        return "" if precision == "unknown" else WANTED[precision]
    try:
        happened = when.read(typed, zone)
        first = when.span(happened, zone).first
    except when.NotADate:
        return WANTED[precision]
    if precision != "unknown" and not when.suits(happened, precision):
        return WANTED[precision]
    return "When it happened must be today or in the past" if first > now else ""


WANTED: dict[Precision, str] = {
    "exact": "Enter the day and the time when it happened, for example 27/3/2026 3:30pm",
    "day": "Enter the day on which it happened, for example 27/3/2026",
    "month": "Enter the month in which it happened, for example 3/2026",
    "approximate": "Enter about when it happened, for example 3/2026",
    "unknown": "Enter when it happened, for example 27/3/2026 or 3/2026, or leave this empty",
}
