"""What follows in a huddle from what happens to the team around the family."""

from __future__ import annotations

from collections.abc import Iterable

from server.families.facts import TeamMemberRemoved
from server.huddles.facts import ParticipantLeft
from server.huddles.state import HuddlesState
from server.record.commands import Draft, Hand
from server.record.facts import Entry


def leave_with_access(hand: Hand, entry: Entry) -> Iterable[Draft]:
    """Who may no longer read the family is no longer in its huddles."""
    fact = entry.fact
    if not isinstance(fact, TeamMemberRemoved):
        return
    for huddle in hand.state[HuddlesState].by_id.values():
        if fact.person in huddle.present():
            yield Draft(hand.book, ParticipantLeft(huddle=huddle.id, person=fact.person, how="access_ended"))
