"""What must hold of a request about people, as pure checks that answer in words."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from server.people.facts import Role
from server.people.state import PartnershipState, Practitioner
from server.record.facts import SYSTEM
from server.record.refusals import Incomplete, NotFound, Refused

TIERS = (1, 2, 3)


class LastAdministrator(Refused):
    """Nobody else here is an administrator. Give somebody else that role first."""

    code = "last_administrator"


def refuse(**problems: str | bool | None) -> None:
    """Refuse with the words of every field that has some."""
    found = {field: words for field, words in problems.items() if isinstance(words, str) and words}
    if found:
        raise Incomplete(**found)


def somebody_here(state: PartnershipState, person: str) -> Practitioner:
    known = state.here(person)
    if known is None:
        raise NotFound
    return known


def keep_an_administrator(state: PartnershipState, leaving: Practitioner) -> None:
    if state.holders("administrator") == (leaving,):
        raise LastAdministrator


def tier_problem(role: Role, tier: int) -> str:
    if role == "supervisor":
        return "" if tier in TIERS else "Choose the supervisor's tier: 1, 2 or 3"
    return "Only a supervisor has a tier" if tier else ""


def taken(state: PartnershipState, person: str) -> bool:
    """Ids that would let somebody pass for another, or for the system."""
    return not person or person == SYSTEM or person in state.practitioners


def is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)
