"""What became of what was sent to somebody: in a stream of their own, which says nothing of any family."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Literal

import msgspec

from server.deadlines.facts import Failure
from server.deadlines.owing import Climb, Owed, Owes, Owing
from server.record.facts import Admits, Fact, Standing

CANARY = "canary"
"""Whoever the synthetic deadline is owed by. Nobody who works here."""
POST = "post:"
"""How the id of a person's book of what was sent to them begins."""


def post_of(person: str) -> str:
    """The book's id does not say whose it is: ids of streams are told to other nodes."""
    return POST + hashlib.sha256(person.encode()).hexdigest()[:32]


Why = Literal["settled", "not_theirs", "gone"]
"""It was settled; it is somebody else's now; they left."""


class NoticeRef(msgspec.Struct, frozen=True):
    """One notice to a person: about what, which version of it, which rung of its ladder."""

    subject: str
    version: int
    rung: str


class ToPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Something about what was sent to somebody. They read it."""

    person: str

    def standing(self) -> tuple[Standing, ...]:
        return (Admits(self.person),)


class MailSent(ToPerson, Fact):
    """One mail with all that was due was handed over. `repeat`: an earlier try may have arrived too."""

    mail: str
    notices: tuple[NoticeRef, ...]
    tries: int = 1
    repeat: bool = False


class MailReplaced(ToPerson, Fact):
    """They chose to be told on the page and in their calendar, so no mail was written."""

    mail: str
    notices: tuple[NoticeRef, ...]


class MailFailed(ToPerson, Fact):
    """A mail did not reach them. They see it when they next sign in, and others were told."""

    mail: str
    notices: tuple[NoticeRef, ...]
    how: Failure
    tries: int = 1


class MailWithheld(ToPerson, Fact):
    """What was to be sent was over, or no longer theirs, at the moment of sending."""

    mail: str
    notices: tuple[NoticeRef, ...]
    why: Why


class DigestPrepared(ToPerson, Fact):
    """A working day began with something that they owe."""

    day: date


class CanaryOwed(Fact, Owing):
    """A day's synthetic deadline began, to prove that what is due is found and told."""

    number: int
    at: datetime

    def owes(self) -> tuple[Owes, ...]:
        climb = Climb(step=0, at=self.at, roles=("owner",), urgent=True)
        return (
            Owed(
                deadline=CANARY,
                kind="canary",
                version=self.number,
                owners=(CANARY,),
                due=self.at,
                climbs=(climb,),
                first_due=self.at,
            ),
        )
