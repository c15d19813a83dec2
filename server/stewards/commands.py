"""What can be asked about the queue: notice a likely match, settle one, keep its readers in step.

What is asked about a conflict of interest stands in `reporting.py`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import ClassVar

from server.families.written import LONGEST_REASON, problem_with, refuse
from server.people.state import PartnershipState
from server.record.commands import Command, Draft, Hand
from server.record.refusals import NotFound
from server.stewards.facts import (
    STEWARD,
    MatchNoticed,
    MatchSettled,
    Outcome,
    PairNoticed,
    StewardAdmitted,
    StewardRemoved,
)
from server.stewards.state import StewardState

_MATCHES = uuid.UUID("6d0f5c1e-2b7a-4d7e-9a53-0c8f4e1b7a90")


def match_of(one: str, other: str) -> str:
    """The id of the likely match of two families: the same whoever notices it, and in which order."""
    return uuid.uuid5(_MATCHES, " ".join(sorted((one, other)))).hex


class KeepStewards(Command):
    """Let in who holds the role of a data steward, and out who no longer does."""

    may: ClassVar[str] = "keep_stewards"

    def follows(self, hand: Hand) -> Iterator[Draft]:
        holders = {p.person for p in hand.partnership[PartnershipState].holders("steward")}
        readers = set(hand.main.readers)
        for person in sorted(holders - readers):
            yield Draft(STEWARD, StewardAdmitted(person=person))
        for person in sorted(readers - holders):
            yield Draft(STEWARD, StewardRemoved(person=person))


class NoticeMatch(Command):
    """Two records may be about the same family. What was noticed before is not noticed again."""

    may: ClassVar[str] = "notice_match"
    one: str
    other: str
    pairs: tuple[PairNoticed, ...]

    def follows(self, hand: Hand) -> Iterator[Draft]:
        match = match_of(self.one, self.other)
        known = hand.state[StewardState].matches.get(match)
        before = {(pair.one, pair.other) for pair in known.pairs} if known else set()
        news = tuple(pair for pair in self.pairs if (pair.one, pair.other) not in before)
        if news:
            fact = MatchNoticed(match=match, one=self.one, other=self.other, pairs=news)
            yield Draft(STEWARD, fact)


class SettleMatch(Command):
    """Record what came of asking about a likely match."""

    may: ClassVar[str] = "settle_match"
    asks: ClassVar[dict[str, str]] = {"outcome": "Choose what came of it"}
    match: str
    outcome: Outcome
    reason: str

    def follows(self, hand: Hand) -> Iterator[Draft]:
        if self.match not in hand.state[StewardState].matches:
            raise NotFound
        empty = "Enter whom you asked and what they said"
        refuse({"reason": problem_with(self.reason, empty, LONGEST_REASON)})
        yield Draft(STEWARD, MatchSettled(match=self.match, outcome=self.outcome, reason=self.reason))
