"""The action that a command is about, out of what its author reads; or why nothing is added to it."""

from __future__ import annotations

from datetime import UTC

import msgspec

from server.actions.action import Action
from server.actions.facts import Terms
from server.actions.reading import local
from server.actions.sentences import OUTCOMES
from server.actions.state import ActionsState
from server.people.permissions import NotYours
from server.people.state import PartnershipState
from server.record.commands import Hand
from server.record.refusals import NotFound, Refused


class ActionMoved(Refused):
    """This action changed after you opened it. Read it, then try again. What you wrote is still here."""

    code = "action_moved"


class ActionOver(Refused):
    """This action is settled, so nothing more is added to it. Agree another one if more is to be done."""

    code = "action_over"


class ActionClaimed(Refused):
    """This is recorded as done and waits for somebody else to check it. Check it, or open it again first.
    What you wrote is still here."""

    code = "action_claimed"


def find(hand: Hand, action: str) -> Action:
    """The action, out of what the author reads."""
    known = hand.state[ActionsState].by_id.get(action)
    if known is None:
        raise NotFound
    return known


def open_action(hand: Hand, action: str) -> Action:
    known = find(hand, action)
    if not known.open:
        raise ActionOver(settled_words(known, hand))
    if known.claim:
        raise ActionClaimed
    return known


def owned(hand: Hand, action: str) -> Action:
    """An open action of the author's own."""
    known = open_action(hand, action)
    if known.terms.owner != hand.who.person:
        raise NotYours("Only who owns this action can do this. Ask them.")
    if known.lost:
        raise NotYours(
            "Your access to this record ends before this is due, so it needs another owner. "
            "You can still say what became of it."
        )
    return known


def still(known: Action, seen: int) -> None:
    if known.seen != seen:
        raise ActionMoved


def chair_of(hand: Hand, huddle: str) -> str:
    """Who chairs the huddle in which this is agreed; nobody outside one."""
    if not huddle:
        return ""
    held = hand.main.holders("chair", huddle)
    if not held:
        raise NotFound
    return next(iter(held))


def terms_of(hand: Hand, terms: Terms) -> Terms:
    """With the owner's agency as it is now, and the moment as it is kept."""
    owner = hand.partnership[PartnershipState].here(terms.owner)
    due = terms.due.astimezone(UTC) if terms.due and terms.due.tzinfo else terms.due
    return msgspec.structs.replace(terms, agency=owner.agency if owner else "", due=due)


def settled_words(known: Action, hand: Hand) -> str:
    who = hand.partnership[PartnershipState].practitioner(known.settled_by)
    at = local(known.settled_at or hand.now, hand)
    outcome = OUTCOMES[known.settled.outcome] if known.settled else "settled"
    return (
        f"{who.name if who else 'The service'} recorded at {at:%H:%M} that this is {outcome}. "
        "Nothing was recorded and what you wrote is still here."
    )
