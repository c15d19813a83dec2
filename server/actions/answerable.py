"""Who answers for an action: who may change it, give it more time, check it, open it again, settle it."""

from __future__ import annotations

from server.actions.action import Action
from server.actions.facts import Outcome
from server.families import audience
from server.people.permissions import NotYours
from server.people.state import PartnershipState
from server.record.commands import Hand

REASSIGNED_OFTEN = 3
"""Changes of owner after which the chair decides who does it."""


def audience_of(known: Action, hand: Hand) -> frozenset[str]:
    """Who reads the stream in which an action stands, and works here."""
    here = hand.partnership[PartnershipState].here
    return frozenset(p for p in hand.streams[known.stream].readers_at(hand.now) if here(p)) & audience.team(
        hand
    )


def reads(hand: Hand, stream: str, person: str) -> bool:
    """Whether somebody reads main and that stream at this moment."""
    return all(hand.streams[id].may_read(person, hand.now) for id in (hand.book, stream))


def answerers(known: Action, hand: Hand) -> frozenset[str]:
    """The chair of its huddle, the plan owner, who agreed it: those of them who read it."""
    chairs = hand.main.holders("chair", known.huddle) if known.huddle else frozenset()
    return (chairs | hand.main.holders("plan_owner") | {known.by}) & audience_of(known, hand)


def answers_for(known: Action, hand: Hand) -> bool:
    """Whether the author may change its terms."""
    return hand.who.person in answerers(known, hand)


def deciders(known: Action, hand: Hand) -> frozenset[str]:
    """Who alone names the next owner after three: the chair of its huddle; where there is none who reads it,
    the plan owner; and where they do not either, who agreed it."""
    readers = audience_of(known, hand)
    chairs = hand.main.holders("chair", known.huddle) if known.huddle else frozenset()
    for people in (chairs, hand.main.holders("plan_owner"), frozenset({known.by})):
        if people & readers:
            return people & readers
    return readers


def extenders(known: Action, hand: Hand) -> frozenset[str]:
    """Who may give it more time: who answers for it, and the owner's line manager; never the owner (R27)."""
    above = next(hand.partnership[PartnershipState].line_above(known.terms.owner), None)
    manager = frozenset({above.person}) if above else frozenset()
    return (answerers(known, hand) | (manager & audience_of(known, hand))) - {known.terms.owner}


def checkers(known: Action, hand: Hand) -> frozenset[str]:
    """Who may say that what is claimed is so: who answers for it, and neither claimed nor owns it (R33).

    Where there is nobody, any other reader; the owner last, of what somebody else recorded for them.
    """
    claimed_by = known.claim.by if known.claim else ""
    readers = audience_of(known, hand) - {claimed_by}
    others = readers - {known.terms.owner}
    return (others & answerers(known, hand)) or others or readers


def openers(known: Action, hand: Hand) -> frozenset[str]:
    """Who may say that what was recorded does not stand: who answers for it, never the owner alone."""
    found = answerers(known, hand) - {known.terms.owner}
    people = found | checkers(known, hand) if known.claim or not found else found
    return people or audience_of(known, hand)


def may_settle(known: Action, outcome: Outcome, hand: Hand) -> None:
    """The owner says what was done or not; that it is not needed any more is for somebody else to say."""
    mine = known.terms.owner == hand.who.person
    if mine and outcome == "not_needed":
        raise NotYours(
            "Somebody else must agree that this is no longer needed. Ask for a change, and say why."
        )
    if not mine and not answers_for(known, hand):
        raise NotYours("Only its owner, the chair, the plan owner or who agreed it can settle this action.")


def needs_check(known: Action, hand: Hand) -> bool:
    """Whether somebody else has to look before it is done: a child's safety rests on it, or did until the
    one who says that it is done said otherwise."""
    return known.terms.critical or known.lowered_by == hand.who.person
