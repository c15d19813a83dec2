"""What the service records about what it sent, in the stream of whom it was sent to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from server.chasing.facts import (
    DigestPrepared,
    MailFailed,
    MailReplaced,
    MailSent,
    MailWithheld,
    NoticeRef,
    Why,
)
from server.deadlines.facts import Failure
from server.record.commands import Command, Draft, Hand


class RecordSent(Command):
    """It was handed over."""

    may: ClassVar[str] = "record_mail"
    person: str
    mail: str
    notices: tuple[NoticeRef, ...]
    tries: int = 1
    repeat: bool = False

    def follows(self, hand: Hand) -> Iterator[Draft]:
        yield Draft(
            hand.book,
            MailSent(
                person=self.person, mail=self.mail, notices=self.notices, tries=self.tries, repeat=self.repeat
            ),
        )


class RecordShown(Command):
    """They see it on the page and in their calendar."""

    may: ClassVar[str] = "record_mail"
    person: str
    mail: str
    notices: tuple[NoticeRef, ...]

    def follows(self, hand: Hand) -> Iterator[Draft]:
        yield Draft(hand.book, MailReplaced(person=self.person, mail=self.mail, notices=self.notices))


class RecordFailed(Command):
    """It did not reach them."""

    may: ClassVar[str] = "record_mail"
    person: str
    mail: str
    notices: tuple[NoticeRef, ...]
    how: Failure
    tries: int = 1

    def follows(self, hand: Hand) -> Iterator[Draft]:
        yield Draft(
            hand.book,
            MailFailed(
                person=self.person, mail=self.mail, notices=self.notices, how=self.how, tries=self.tries
            ),
        )


class RecordWithheld(Command):
    """It was not sent, because it was no longer true."""

    may: ClassVar[str] = "record_mail"
    person: str
    mail: str
    notices: tuple[NoticeRef, ...]
    why: Why

    def follows(self, hand: Hand) -> Iterator[Draft]:
        yield Draft(
            hand.book,
            MailWithheld(person=self.person, mail=self.mail, notices=self.notices, why=self.why),
        )


class MakeDigest(Command):
    """A working day began with something that they owe."""

    may: ClassVar[str] = "record_mail"
    person: str
    day: date

    def follows(self, hand: Hand) -> Iterator[Draft]:
        yield Draft(hand.book, DigestPrepared(person=self.person, day=self.day))
