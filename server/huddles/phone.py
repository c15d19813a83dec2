"""Taking part by phone: a code of six digits, used once, and a colleague who knows the voice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import ClassVar

from server.huddles.commands import STATEMENT, NotJoined, find, sitting
from server.huddles.facts import ParticipantJoined
from server.huddles.participants import Participant
from server.huddles.phone_facts import PhoneCodeGiven, PhoneVouched
from server.huddles.state import Huddle
from server.record.commands import Command, Draft, Hand
from server.record.refusals import Incomplete, Refused

DIGITS = 6
WHO = "Choose who is on the phone. It must be somebody who is invited and not here"


class NotOnThePhone(Refused):
    """This person is not on the phone in this huddle. Let them in first, then record what they say."""

    code = "not_on_the_phone"


class Unvouched(Refused):
    """Nobody has vouched for this voice yet. Ask a colleague in the huddle who knows it, then try again."""

    code = "unvouched"


class OwnVoice(Refused):
    """Somebody else must vouch: a colleague who is here on a screen and did not let them in."""

    code = "own_voice"


class GivePhoneCode(Command):
    """Make a code for somebody who will ring in. Give it to them by a way that is known to be theirs."""

    may: ClassVar[str] = "give_phone_code"
    huddle: str
    person: str

    def follows(self, hand: Hand) -> Iterable[Draft]:
        huddle = sitting(hand, self.huddle)
        if not may_ring_in(huddle, self.person):
            raise Incomplete(person=WHO)
        code = code_from(hand.new_id())
        yield Draft(hand.book, PhoneCodeGiven(huddle=huddle.id, person=self.person, code=code))


class LetInByPhone(Command):
    """Let somebody in by phone who says their code, and accepts the statement that was read to them."""

    may: ClassVar[str] = "let_in_by_phone"
    huddle: str
    person: str
    code: str
    accepted: bool = False

    def follows(self, hand: Hand) -> Iterable[Draft]:
        huddle = sitting(hand, self.huddle)
        problems = {
            "person": "" if may_ring_in(huddle, self.person) else WHO,
            "code": self._problem_with_code(huddle),
            "accepted": "" if self.accepted else "Read the statement to them, then tick that they accept it",
        }
        found = {field: words for field, words in problems.items() if words}
        if found:
            raise Incomplete(**found)
        yield Draft(
            hand.book,
            ParticipantJoined(
                huddle=huddle.id,
                person=self.person,
                mode="phone",
                statement=STATEMENT,
                let_in_by=hand.who.person,
            ),
        )

    def _problem_with_code(self, huddle: Huddle) -> str:
        said = "".join(c for c in self.code if c.isdigit())
        if not said:
            return "Enter the code that they said"
        if huddle.codes.get(self.person) != said:
            return "This is not their code. Make a new one and give it to them, or ask again"
        return ""


class Vouch(Command):
    """Say that you know the voice on the phone. Until somebody does, it takes no position."""

    may: ClassVar[str] = "vouch"
    huddle: str
    person: str

    def follows(self, hand: Hand) -> Iterable[Draft]:
        huddle, me = find(hand, self.huddle), hand.who.person
        here, caller = huddle.participants.get(me), on_the_phone(huddle, self.person)
        if here is None or here.left is not None:
            raise NotJoined
        if me in (self.person, caller.let_in_by) or here.mode != "live":
            raise OwnVoice
        if not caller.known:
            yield Draft(hand.book, PhoneVouched(huddle=huddle.id, person=self.person, by=me))


def on_the_phone(huddle: Huddle, person: str) -> Participant:
    """Somebody who is in the huddle by phone at this moment."""
    for caller in huddle.callers():
        if caller.person == person:
            return caller
    raise NotOnThePhone


def may_ring_in(huddle: Huddle, person: str) -> bool:
    return person in huddle.invited and person not in huddle.present()


def code_from(name: str) -> str:
    """Six digits out of a random name."""
    return f"{int(hashlib.sha256(name.encode()).hexdigest(), 16) % 10**DIGITS:0{DIGITS}}"
