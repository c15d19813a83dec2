"""What must hold of a request about people, as pure checks that answer in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from server.people.facts import PRACTISING, Role
from server.people.practitioners import Practitioner
from server.people.state import PartnershipState
from server.record.facts import SYSTEM
from server.record.refusals import Incomplete, NotFound, Refused

TIERS = (1, 2, 3)


class LastAdministrator(Refused):
    """Nobody else here is an administrator. Give somebody else that role first."""

    code = "last_administrator"


class NobodyTakesOver(Refused):
    """Nobody would take over this person's work. Name a line manager for them who works with families, or
    arrange cover, then do this again."""

    code = "nobody_takes_over"


class YourOwnRoles(Refused):
    """Nobody changes their own roles. Ask another administrator to do this."""

    code = "your_own_roles"


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


def takes_over(state: PartnershipState, leaving: Practitioner, on: date, by: str) -> str:
    """Who takes over what was `leaving`'s, families included (R1): never the administrator who records it.

    It rests on the partnership alone, so that an administrator learns nothing of any family from it. Empty
    where nobody else works with families at all: then there is no family that anybody could read.
    """
    if not any(p.roles & PRACTISING and p != leaving for p in state.everyone_here()):
        return ""
    for known in successors(state, leaving, on):
        if known.roles & PRACTISING and known.person not in (leaving.person, by):
            return known.person
    raise NobodyTakesOver


def successors(state: PartnershipState, leaving: Practitioner, on: date) -> Iterator[Practitioner]:
    """Whoever covers for them that day; the line above them; their agency's leads, then its supervisors."""
    covers = state.covering(leaving.person, on)
    if covers:
        yield covers
    yield from state.line_above(leaving.person)
    for role in ("safeguarding_lead", "supervisor"):
        yield from (p for p in state.in_agency(leaving.agency) if role in p.roles)


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
