"""Checks on an action, answered in words: one owner who can read it, one moment that is still ahead, and no
more time than twice."""

from __future__ import annotations

from server.actions.action import Action
from server.actions.answerable import REASSIGNED_OFTEN, deciders
from server.actions.facts import Terms
from server.families.audience import names_of
from server.families.written import LONGEST_REASON, problem_with
from server.record.commands import Hand

ONE_OWNER = "Choose who will do this. It must be one person"
NO_DUE = "Enter when it is due, for example by Friday 3pm"
PAST = "Due date must be today or later"
MOST_EXTENSIONS = 2
TWICE = (
    "This was given more time twice. It must be decided again: record it as not done, "
    "and agree a new action in a huddle"
)
OWN = "Ask somebody else for more time. It is your own action"


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


def extends(known: Action, terms: Terms) -> bool:
    """Whether these terms give more time than somebody owned last, whoever owns it from here on."""
    return bool(
        terms.owner and terms.due and terms.due.tzinfo and known.owed_due and terms.due > known.owed_due
    )


def problem_with_more_time(known: Action, owner: str, hand: Hand) -> str:
    """Nobody gives themselves more time, and nobody gives it a third time (R27)."""
    if hand.who.person in (known.terms.owner, owner):
        return OWN
    return TWICE if known.extensions >= MOST_EXTENSIONS else ""


def problem_with_next_owner(known: Action, owner: str, hand: Hand) -> str:
    """After three changes of owner one person decides who does it."""
    moved = known.terms.owner and known.terms.owner != owner
    who = deciders(known, hand)
    if not moved or known.reassigned < REASSIGNED_OFTEN or hand.who.person in who:
        return ""
    return f"Three reassignments: the chair decides. Ask {names_of(who, hand)} who does this"
