"""What can be asked of a huddle: convene, invite, join, leave, move on, take the chair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from server.families.facts import GuestAdmitted
from server.families.team import admission_words
from server.huddles.facts import (
    HuddleConvened,
    Mode,
    ParticipantJoined,
    ParticipantLeft,
    PersonInvited,
    Phase,
    PhaseChanged,
)
from server.huddles.sitting import check_on
from server.huddles.state import Huddle, HuddlesState
from server.huddles.telling import NOBODY_YET, tells, tells_of
from server.people.state import PartnershipState
from server.record.commands import Command, Draft, Hand
from server.record.refusals import Incomplete, NotFound, Refused

LONGEST_MINUTES = 240
EARLIEST = timedelta(days=1)
NO_PURPOSE = "Enter what this huddle is for"

STATEMENT = (
    "What you see here is for protecting children. You may share it only as the record says. "
    "Your own and your agency's duties stay with you: nothing decided here stops you from acting."
)
"""Read and accepted at the door (SafeLives confidentiality statement, in our words; S8)."""


class NotJoined(Refused):
    """You have not joined this huddle. Join it, then try again. What you wrote is still here."""

    code = "not_joined"


class Convene(Command):
    """Call a huddle. `confirmed` are the people outside the team whose admission was read and confirmed."""

    may: ClassVar[str] = "convene"
    asks: ClassVar[Mapping[str, str]] = {
        "purpose": "Enter what this huddle is for",
        "starts": "Enter the day and the time when it starts, for example 27 3 2026 and 2pm",
        "chair": "Choose who will chair. It must be one person",
        "minutes": "Enter how long it will take, from 5 to 240 minutes",
    }
    purpose: str
    starts: datetime
    chair: str
    invited: tuple[str, ...] = ()
    minutes: int = 20
    deputy: str = ""
    scribe: str = ""
    required: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()

    def follows(self, hand: Hand) -> Iterable[Draft]:
        self._check(hand)
        huddle = hand.new_id()
        everybody = tuple(
            dict.fromkeys(p for p in (self.chair, self.deputy, self.scribe, *self.invited) if p)
        )
        yield Draft(
            hand.book,
            HuddleConvened(
                huddle=huddle,
                purpose=self.purpose.strip(),
                starts=self.starts,
                minutes=self.minutes,
                chair=self.chair,
                invited=everybody,
                deputy=self.deputy,
                scribe=self.scribe,
                required=tuple(dict.fromkeys(self.required)),
                tells=tells(
                    "invited",
                    everybody,
                    NOBODY_YET,
                    starts=self.starts,
                    minutes=self.minutes,
                    now=hand.now,
                    by=hand.who.person,
                ),
            ),
        )
        for person in everybody:
            yield from admit(hand, huddle, person, person in self.confirmed)

    def _check(self, hand: Hand) -> None:
        problems = {}
        if not self.purpose.strip():
            problems["purpose"] = NO_PURPOSE
        if not self.chair:
            problems["chair"] = "Choose who will chair. It must be one person"
        elif not is_here(hand, self.chair):
            problems["chair"] = "Choose a chair who works in this partnership"
        if self.scribe and self.scribe == self.chair:
            problems["scribe"] = "Choose somebody else to write. The chair never does both"
        if self.deputy and self.deputy in (self.chair, self.scribe):
            problems["deputy"] = "Choose a deputy who neither chairs nor writes"
        if any(code not in hand.partnership[PartnershipState].agencies for code in self.required):
            problems["required"] = "Choose from the agencies of this partnership"
        if not 5 <= self.minutes <= LONGEST_MINUTES:
            problems["minutes"] = "Enter how long it will take, from 5 to 240 minutes"
        if self.starts.tzinfo is None or self.starts < hand.now - EARLIEST:
            problems["starts"] = "Enter when it starts. It must be today or later"
        if any(not is_here(hand, p) for p in (*self.invited, self.deputy, self.scribe) if p):
            problems["invited"] = "Choose people who work in this partnership"
        if problems:
            raise Incomplete(**problems)


class Invite(Command):
    """Invite one more person. `confirmed`: the words about their admission were read."""

    may: ClassVar[str] = "invite"
    huddle: str
    person: str
    confirmed: bool = False

    def follows(self, hand: Hand) -> Iterable[Draft]:
        huddle = find(hand, self.huddle)
        if not is_here(hand, self.person):
            raise Incomplete(person="Choose who to invite. It must be one person")
        if self.person in huddle.invited:
            return
        told = tells_of("invited", (self.person,), huddle, now=hand.now, by=hand.who.person)
        yield Draft(hand.book, PersonInvited(huddle=huddle.id, person=self.person, tells=told))
        yield from admit(hand, huddle.id, self.person, self.confirmed)


class Join(Command):
    """Come in, having read the statement."""

    may: ClassVar[str] = "join"
    asks: ClassVar[Mapping[str, str]] = {
        "accepted": "Tick that you have read and accept this before you join"
    }
    huddle: str
    accepted: bool
    mode: Mode = "live"

    def follows(self, hand: Hand) -> Iterable[Draft]:
        huddle = sitting(hand, self.huddle)
        if not self.accepted:
            raise Incomplete(accepted="Tick that you have read and accept this before you join")
        if hand.who.person in huddle.present():
            return
        yield Draft(
            hand.book,
            ParticipantJoined(huddle=huddle.id, person=hand.who.person, mode=self.mode, statement=STATEMENT),
        )


class Leave(Command):
    """Go out by saying so."""

    may: ClassVar[str] = "leave"
    huddle: str

    def follows(self, hand: Hand) -> Iterable[Draft]:
        huddle = find(hand, self.huddle)
        if hand.who.person in huddle.present():
            yield Draft(hand.book, ParticipantLeft(huddle=huddle.id, person=hand.who.person, how="said_so"))


class NoteAbsence(Command):
    """The sweep notes that somebody has not been seen for five minutes."""

    may: ClassVar[str] = "note_absence"
    huddle: str
    person: str

    def follows(self, hand: Hand) -> Iterable[Draft]:
        if self.person in find(hand, self.huddle).present():
            yield Draft(hand.book, ParticipantLeft(huddle=self.huddle, person=self.person, how="absence"))


class ChangePhase(Command):
    """Move to another phase. Any order; nothing is locked or lost by it."""

    may: ClassVar[str] = "change_phase"
    huddle: str
    phase: Phase

    def follows(self, hand: Hand) -> Iterable[Draft]:
        if sitting(hand, self.huddle).phase != self.phase:
            yield Draft(hand.book, PhaseChanged(huddle=self.huddle, phase=self.phase))


def find(hand: Hand, huddle: str) -> Huddle:
    """The huddle, out of what the author may read."""
    try:
        return hand.state[HuddlesState].by_id[huddle]
    except KeyError:
        raise NotFound from None


def sitting(hand: Hand, huddle: str) -> Huddle:
    """The huddle, if it sits."""
    found = find(hand, huddle)
    check_on(found, hand.partnership[PartnershipState])
    return found


def is_here(hand: Hand, person: str) -> bool:
    known = hand.partnership[PartnershipState].practitioners.get(person)
    return known is not None and known.here


def admit(hand: Hand, huddle: str, person: str, confirmed: bool) -> Iterator[Draft]:
    """Who does not read main, or not for long, is admitted with words that were confirmed, or not at all."""
    if hand.main.may_read(person, hand.now) and hand.main.readers.get(person) is None:
        return
    name = hand.partnership[PartnershipState].practitioners[person].name
    if person in hand.main.barred:
        raise Incomplete(person=f"{name} is excluded from this record. Choose somebody else")
    words = admission_words(hand, name)
    if not confirmed:
        raise Incomplete(confirmed=f"Confirm this before you invite them: {words}")
    yield Draft(hand.book, GuestAdmitted(person=person, huddle=huddle, words=words))
