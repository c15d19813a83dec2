"""Agree that something is done, and change what was agreed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from server.actions import quick
from server.actions.action import Action
from server.actions.answerable import answers_for, audience_of
from server.actions.facts import ActionAgreed, ActionChanged, Terms
from server.actions.finding import chair_of, open_action, still, terms_of
from server.actions.owing import owing
from server.actions.reading import setting
from server.actions.rules import extends, problem_with_more_time, problem_with_next_owner, problems_with
from server.actions.state import ActionsState
from server.families import audience
from server.families.facts import Domain
from server.families.written import LONGEST_REASON, problem_with, refuse
from server.people.permissions import NotYours
from server.record.commands import Command, Draft, Hand


class AgreeAction(Command):
    """Agree that something is done. One line (`server/actions/quick.py`), or fields; a field wins.

    Without an owner it is a proposal. `named` and `only_for` name who alone may see it, as with a fragment;
    `expected_readers` is the list that the author saw.
    """

    may: ClassVar[str] = "agree_action"
    huddle: str = ""
    line: str = ""
    words: str = ""
    owner: str = ""
    due: datetime | None = None
    domain: Domain | None = None
    critical: bool = False
    only_for: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    expected_readers: tuple[str, ...] = ()

    def follows(self, hand: Hand) -> Iterator[Draft]:
        chair = chair_of(hand, self.huddle)
        read = quick.read(self.line, setting(hand, self.huddle))
        named = tuple(dict.fromkeys((*read.named, *self.named, *(f"person:{p}" for p in self.only_for))))
        refuse({"line": self._unread(read)})
        refuse({"named": audience.problem_with(named, hand)})
        people = audience.readers(named, hand) if named else audience.team(hand)
        terms = terms_of(hand, self._terms(read))
        refuse(problems_with(terms, people, hand))
        stream = hand.book
        if named:
            audience.check_not_grown(people, self.expected_readers, hand)
            stream, opening = audience.compartment(people, named, hand)
            yield from opening
        yield Draft(
            stream,
            owing(
                ActionAgreed(
                    action=hand.new_id(),
                    number=hand.state[ActionsState].next_number(stream),
                    terms=terms,
                    huddle=self.huddle,
                    chair=chair if chair in people else "",
                ),
                stream,
                hand,
            ),
        )

    def _terms(self, read: quick.Quick) -> Terms:
        return Terms(
            words=self.words.strip() or read.words.strip(),
            owner=self.owner or read.owner,
            due=self.due or read.due,
            domain=self.domain or read.domain,
            critical=self.critical or read.critical,
        )

    def _unread(self, read: quick.Quick) -> str:
        """What in the line can't be taken as it stands, unless a field says it better."""
        said = {"owner": self.owner, "due": self.due, "audience": self.named or self.only_for}
        found = (chip.problem for chip in read.chips if chip.problem and not said.get(chip.kind))
        return next(found, "")


class ChangeAction(Command):
    """Put other terms in the place of those that stand. Whoever owns it then reads it back anew."""

    may: ClassVar[str] = "change_action"
    asks: ClassVar[dict[str, str]] = {"due": "Enter when it is due, for example 27 3 2026 and 3pm"}
    action: str
    seen: int
    words: str
    owner: str = ""
    due: datetime | None = None
    domain: Domain | None = None
    critical: bool = False
    reason: str = ""

    def follows(self, hand: Hand) -> Iterator[Draft]:
        known = open_action(hand, self.action)
        if not answers_for(known, hand):
            raise NotYours(
                "Only the chair, the plan owner or who agreed it can change this action. Ask them."
            )
        still(known, self.seen)
        changed = Terms(self.words.strip(), self.owner, "", self.due, self.domain or "", self.critical)
        terms = terms_of(hand, changed)
        longer = extends(known, terms)
        problems = problems_with(terms, audience_of(known, hand), hand)
        refuse(problems | self._problem(known, terms, longer, problems, hand))
        if terms == known.terms:
            return
        before = known.terms.owner
        yield Draft(
            known.stream,
            owing(
                ActionChanged(
                    action=known.id,
                    number=known.number,
                    terms=terms,
                    reason=self.reason,
                    owner_before=before if before != terms.owner else "",
                    huddle=known.huddle,
                    extension=known.extensions + 1 if longer else 0,
                ),
                known.stream,
                hand,
            ),
        )

    def _problem(
        self, known: Action, terms: Terms, longer: bool, problems: dict[str, str], hand: Hand
    ) -> dict[str, str]:
        """A promise is not moved without a reason, nor passed round or put off without end (R27)."""
        promised = longer or (known.terms.owner and terms != known.terms)
        wanted = "Enter why this changes" if promised else ""
        more = problem_with_more_time(known, terms.owner, hand) if longer else ""
        return {
            "reason": problem_with(self.reason, wanted, LONGEST_REASON),
            "owner": problems["owner"] or problem_with_next_owner(known, terms.owner, hand),
            "due": problems["due"] or more,
        }
