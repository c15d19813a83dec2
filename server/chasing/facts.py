"""What became of what was sent to somebody: in a stream of their own, which says nothing of any family."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Literal

import msgspec

from server.deadlines.facts import Failure
from server.record.facts import Admits, Fact, Standing

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


class ToPerson(Fact):
    """Something about what was sent to somebody. They read it."""

    person: str

    def standing(self) -> tuple[Standing, ...]:
        return (Admits(self.person),)


class MailSent(ToPerson):
    """One mail with all that was due was handed over. `repeat`: an earlier try may have arrived too."""

    mail: str
    notices: tuple[NoticeRef, ...]
    tries: int = 1
    repeat: bool = False


class ShownInstead(ToPerson):
    """They chose to be told on the page and in their calendar, so no mail was written."""

    mail: str
    notices: tuple[NoticeRef, ...]


class MailFailed(ToPerson):
    """A mail did not reach them. They see it when they next sign in, and others were told."""

    mail: str
    notices: tuple[NoticeRef, ...]
    how: Failure
    tries: int = 1


class MailWithheld(ToPerson):
    """What was to be sent was over, or no longer theirs, at the moment of sending."""

    mail: str
    notices: tuple[NoticeRef, ...]
    why: Why


class DigestDue(ToPerson):
    """A working day began with something that they owe."""

    day: date
