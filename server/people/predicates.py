"""Who somebody is to a record or a huddle, as the table of permissions asks it: one question each."""

from __future__ import annotations

from collections.abc import Callable

from server.people.facts import PRACTISING
from server.record.commands import Command, Hand
from server.record.streams import OpenStream

Predicate = Callable[[Hand, Command], bool]


def works_with_families(standing: OpenStream, person: str) -> bool:
    """Whether somebody holds a role in which families are read, by the partnership's stream. Whose last such
    role ended, or who left, reads no family, whatever teams they are still in."""
    return any(standing.holds(person, role) for role in PRACTISING)


def anybody(hand: Hand, _: Command) -> bool:
    """Whoever reads this record and works here."""
    return True


def nobody(hand: Hand, _: Command) -> bool:
    """Only the service itself."""
    return False


def practises(hand: Hand, _: Command) -> bool:
    """Works with families: not only as an administrator or in oversight."""
    return works_with_families(hand.standing, hand.who.person)


def administrator(hand: Hand, _: Command) -> bool:
    return hand.standing.holds(hand.who.person, "administrator")


def steward(hand: Hand, _: Command) -> bool:
    """Holds the role of a data steward."""
    return hand.standing.holds(hand.who.person, "steward")


def answers_for_the_plan(hand: Hand, _: Command) -> bool:
    """This family's plan owner, or a supervisor who reads its record."""
    who = hand.who.person
    return hand.main.holds(who, "plan_owner") or hand.standing.holds(who, "supervisor")


def answers_or_chairs(hand: Hand, command: Command) -> bool:
    """Answers for the plan, or chairs a huddle of this family."""
    who = hand.who.person
    chairs = any(role == "chair" and who in holders for (role, _), holders in hand.main.roles.items())
    return chairs or answers_for_the_plan(hand, command)


def chair(hand: Hand, command: Command) -> bool:
    """Holds the chair of the huddle that the command names."""
    return holds_in_huddle("chair", hand, command)


def named_deputy(hand: Hand, command: Command) -> bool:
    """Was named deputy of the huddle that the command names."""
    return holds_in_huddle("deputy", hand, command)


def chair_or_scribe(hand: Hand, command: Command) -> bool:
    """Holds the chair, or writes, in the huddle that the command names."""
    return chair(hand, command) or holds_in_huddle("scribe", hand, command)


def writes_for_others(hand: Hand, command: Command) -> bool:
    """The scribe of the huddle. Whoever holds the chair never writes for others, whatever else they are."""
    return holds_in_huddle("scribe", hand, command) and not chair(hand, command)


def holds_in_huddle(role: str, hand: Hand, command: Command) -> bool:
    huddle = getattr(command, "huddle", "")
    return bool(huddle) and hand.main.holds(hand.who.person, role, huddle)
