"""Give an action more time (R27): by somebody other than its owner, with a reason, twice at most."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import ClassVar

from server.actions.action import RUNNING, Action
from server.actions.answerable import extenders
from server.actions.facts import ActionExtended
from server.actions.finding import open_action, still
from server.actions.owing import owing
from server.actions.rules import PAST, problem_with_more_time
from server.families.written import LONGEST_REASON, problem_with, refuse
from server.people.permissions import NotYours
from server.record.commands import Command, Draft, Hand

UNTIL_WHEN = "Enter until when it has time, for example 27 3 2026 and 3pm"


class ExtendAction(Command):
    """Move the due time of an action, and nothing else: who accepted it goes on with it."""

    may: ClassVar[str] = "extend_action"
    asks: ClassVar[dict[str, str]] = {"due": UNTIL_WHEN}
    action: str
    seen: int
    due: datetime
    reason: str

    def follows(self, hand: Hand) -> Iterator[Draft]:
        known = open_action(hand, self.action)
        who = hand.who.person
        if who != known.terms.owner and who not in extenders(known, hand):
            raise NotYours(
                "Only the chair, the plan owner, who agreed it or the owner’s line manager "
                "can give this more time. Ask one of them."
            )
        reason = problem_with(self.reason, "Enter why this needs more time", LONGEST_REASON)
        refuse({"due": self._problem(known, hand), "reason": reason})
        still(known, self.seen)
        yield Draft(
            known.stream,
            owing(
                ActionExtended(
                    action=known.id,
                    number=known.number,
                    due=self.due.astimezone(UTC),
                    reason=self.reason,
                    extension=known.extensions + 1,
                    owner=known.terms.owner,
                    huddle=known.huddle,
                ),
                known.stream,
                hand,
            ),
        )

    def _problem(self, known: Action, hand: Hand) -> str:
        if self.due.tzinfo is None:
            return UNTIL_WHEN
        if known.stage not in RUNNING:
            return "This needs another owner first. Change it, and say when it is due"
        if self.due <= hand.now:
            return PAST
        if known.terms.due and self.due <= known.terms.due:
            return "Choose a later time than the one that stands"
        return problem_with_more_time(known, known.terms.owner, hand)
