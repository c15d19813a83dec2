"""Which acts somebody is offered on the page of an action. Each command asks again for itself."""

from __future__ import annotations

from collections.abc import Iterator

from server.actions.action import RUNNING, Action
from server.actions.answerable import REASSIGNED_OFTEN, answers_for, checkers, extenders, openers
from server.actions.rules import MOST_EXTENSIONS
from server.record.commands import Hand


def offers(known: Action, hand: Hand) -> frozenset[str]:
    """The names of the forms: accept, start, ask, decline, extend, settle, verify, reopen, change."""
    who = hand.who.person
    if not known.open or known.claim:
        return frozenset(of_who_looks(known, hand))
    own = frozenset(of_the_owner(known)) if who == known.terms.owner else frozenset()
    return own | frozenset(of_others(known, hand))


def of_who_looks(known: Action, hand: Hand) -> Iterator[str]:
    if known.open and hand.who.person in checkers(known, hand):
        yield "verify"
    if hand.who.person in openers(known, hand):
        yield "reopen"


def of_the_owner(known: Action) -> Iterator[str]:
    yield "settle"
    if known.lost:
        return
    yield "ask"
    if not known.accepted:
        yield "accept"
    elif not known.started and not known.asked:
        yield "start"
    if known.reassigned < REASSIGNED_OFTEN and not known.declined:
        yield "decline"


def of_others(known: Action, hand: Hand) -> Iterator[str]:
    if answers_for(known, hand):
        yield "settle"
        yield "change"
    more = known.stage in RUNNING and known.extensions < MOST_EXTENSIONS
    if more and hand.who.person in extenders(known, hand):
        yield "extend"
