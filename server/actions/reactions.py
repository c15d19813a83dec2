"""What follows for actions from what happens to the team; and for the family from what is owed."""

from __future__ import annotations

from collections.abc import Iterable

from server.actions.answerable import reads
from server.actions.facts import ActionAgreed, ActionReopened, OwnerLost
from server.actions.owing import owing
from server.actions.state import ActionsState
from server.families.closure_facts import FamilyReopened
from server.families.closure_state import ClosureState
from server.families.facts import TeamMemberRemoved
from server.families.request_facts import InformationRequested
from server.record.commands import Draft, Hand
from server.record.facts import Entry


def lose_owners(hand: Hand, entry: Entry) -> Iterable[Draft]:
    """Who left the team owns nothing that they can still do. Each of their actions needs another owner (R28).

    What stands in a compartment is not seen from main: its state says the same without a fact.
    """
    fact = entry.fact
    if isinstance(fact, TeamMemberRemoved):
        owed = hand.state[ActionsState].owed_by(fact.person)
    elif isinstance(fact, ActionReopened) and not reads(hand, entry.stream, fact.owner):
        known = hand.state[ActionsState].by_id[fact.action]
        owed = () if known.lost or not fact.owner else (known,)
    else:
        return
    for known in owed:
        yield Draft(
            known.stream,
            owing(
                OwnerLost(
                    action=known.id, number=known.number, person=known.terms.owner, huddle=known.huddle
                ),
                known.stream,
                hand,
            ),
        )


def open_with_work(hand: Hand, entry: Entry) -> Iterable[Draft]:
    """A record that was closed is open again as soon as something is owed in it. Not so for what stands in a
    compartment: nothing in main may tell of it."""
    owes = isinstance(entry.fact, ActionAgreed | ActionReopened | InformationRequested)
    if owes and entry.stream == hand.book and hand.state[ClosureState].closed:
        yield Draft(hand.book, FamilyReopened(reason="Something is owed again"))
