"""Checks on an action, answered in words: one owner who can read it, one moment that is still ahead."""

from __future__ import annotations

from server.actions.facts import Outcome, Terms
from server.actions.state import Action
from server.families.audience import names_of
from server.families.written import LONGEST_REASON, problem_with
from server.people.permissions import NotYours
from server.record.commands import Hand

ONE_OWNER = "Choose who will do this. It must be one person"
NO_DUE = "Enter when it is due, for example by Friday 3pm"
PAST = "Due date must be today or later"


def problems_with(terms: Terms, readers: frozenset[str], hand: Hand) -> dict[str, str]:
    """By field. A proposal needs neither owner nor day; a promise needs both."""
    return {
        "words": problem_with(terms.words, "Enter what will be done", LONGEST_REASON),
        "owner": problem_with_owner(terms.owner, readers, hand),
        "due": problem_with_due(terms, hand),
    }


def problem_with_owner(owner: str, readers: frozenset[str], hand: Hand) -> str:
    if not owner or owner in readers:
        return ""
    if not hand.main.may_read(owner, hand.now):
        return f"{names_of([owner], hand)} cannot read this family’s record. {ONE_OWNER} in the team"
    return f"{names_of([owner], hand)} is not among those who will see this. {ONE_OWNER} of them"


def problem_with_due(terms: Terms, hand: Hand) -> str:
    if terms.due is None:
        return NO_DUE if terms.owner else ""
    if terms.due.tzinfo is None:
        return NO_DUE
    return "" if terms.due > hand.now else PAST


def answers_for(known: Action, hand: Hand) -> bool:
    """Whether the author may change its terms: the chair of its huddle, the plan owner, who agreed it."""
    who = hand.who.person
    return (
        who == known.by
        or hand.main.holds(who, "plan_owner")
        or (bool(known.huddle) and hand.main.holds(who, "chair", known.huddle))
    )


def may_settle(known: Action, outcome: Outcome, hand: Hand) -> None:
    """The owner says what was done or not; that it is not needed any more is for somebody else to say."""
    mine = known.terms.owner == hand.who.person
    if mine and outcome == "not_needed":
        raise NotYours(
            "Somebody else must agree that this is no longer needed. Ask for a change, and say why."
        )
    if not mine and not answers_for(known, hand):
        raise NotYours("Only its owner, the chair, the plan owner or who agreed it can settle this action.")
