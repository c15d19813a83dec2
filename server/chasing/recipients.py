"""Who stands on a rung, at this moment: pure, over what the service reads of one family.

Nobody is told twice by one step, nobody who is excluded from the family, and nobody who left. What is
restricted is told to its readers alone (docs/decisions/0018-who-is-told.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import get_args

from server.deadlines.facts import Part, Told
from server.deadlines.ladder import ROLES
from server.deadlines.owing import Owed
from server.families.state import FamilyState
from server.people.practitioners import Practitioner
from server.people.state import PartnershipState
from server.record.commands import Hand

RUNGS: tuple[Part, ...] = tuple(part for part in get_args(Part) if any(part in rung for rung in ROLES))


def told_by(roles: Sequence[str], owed: Owed, stream: str, hand: Hand) -> tuple[Told, ...]:
    """Everybody who is told by a step with these roles. Where a rung has nobody, the next above is told."""
    found: dict[str, Told] = {}
    for part in roles:
        for told in standing_on(part, owed, hand) or above(part, owed, hand):
            found.setdefault(told.person, told)
    return within(found.values(), stream, hand)


def above(part: str, owed: Owed, hand: Hand) -> tuple[Told, ...]:
    """The first rung above `part` on which somebody stands."""
    at = next(number for number, rung in enumerate(ROLES) if part in rung)
    for rung in ROLES[at + 1 :]:
        if found := tuple(told for each in rung for told in standing_on(each, owed, hand)):
            return found
    return ()


def within(told: Iterable[Told], stream: str, hand: Hand) -> tuple[Told, ...]:
    """Of what is restricted its readers hear, and all of them where a rung has none of them."""
    told = tuple(each for each in told if each.person not in hand.main.barred)
    if stream == hand.book:
        return told
    partnership = hand.partnership[PartnershipState]
    team = hand.main.readers_at(hand.now)
    readers = hand.streams[stream].readers_at(hand.now) & team if stream in hand.streams else frozenset()
    allowed = tuple(each for each in told if each.person in readers)
    return allowed or tuple(
        Told(person, "reader") for person in sorted(readers) if partnership.here(person) is not None
    )


def standing_on(part: str, owed: Owed, hand: Hand) -> tuple[Told, ...]:
    return tuple(WHO[part](owed, hand))


def owners(owed: Owed, hand: Hand) -> Iterator[Told]:
    """Who owes it, works here and may still read it; and whoever covers for them today."""
    partnership = hand.partnership[PartnershipState]
    today = hand.now.astimezone(partnership.zone).date()
    for person in owed.owners:
        if owed.kind == "canary":
            yield Told(person, "owner")
            continue
        asked = owed.kind == "request"
        if partnership.here(person) is None or not (asked or hand.main.may_read(person, hand.now)):
            continue
        cover = partnership.covering(person, today)
        if cover is not None:
            yield Told(cover.person, "cover")
        yield Told(person, "owner")


def line_managers(owed: Owed, hand: Hand) -> Iterator[Told]:
    for manager in list(hand.partnership[PartnershipState].line_above(owed.owners[0]))[:1]:
        yield Told(manager.person, "line_manager")


def leads(owed: Owed, hand: Hand) -> Iterator[Told]:
    """The safeguarding leads of the owner's agency, other than who owes it."""
    partnership = hand.partnership[PartnershipState]
    agency = partnership.agency_of(owed.owners[0])
    for known in partnership.in_agency(agency.code) if agency else ():
        if "safeguarding_lead" in known.roles and known.person not in owed.owners:
            yield Told(known.person, "safeguarding_lead")


def chairs(owed: Owed, hand: Hand) -> Iterator[Told]:
    for person in sorted(hand.main.holders("chair", owed.huddle)) if owed.huddle else ():
        if here(person, hand):
            yield Told(person, "chair")


def plan_owners(owed: Owed, hand: Hand) -> Iterator[Told]:
    person = hand.state[FamilyState].plan_owner
    if person and here(person, hand):
        yield Told(person, "plan_owner")


WHO: dict[str, Callable[[Owed, Hand], Iterator[Told]]] = {
    "owner": owners,
    "line_manager": line_managers,
    "safeguarding_lead": leads,
    "chair": chairs,
    "plan_owner": plan_owners,
}


def here(person: str, hand: Hand) -> Practitioner | None:
    return hand.partnership[PartnershipState].here(person)


def instead_of(person: str, part: Part, owed: Owed, stream: str, hand: Hand) -> tuple[Told, ...]:
    """Who is told at once where a notice did not reach somebody: the deputy of a chair; whoever covers; their
    line manager; or the next rung above."""
    partnership = hand.partnership[PartnershipState]
    today = hand.now.astimezone(partnership.zone).date()
    deputies = sorted(hand.main.holders("deputy", owed.huddle)) if part == "chair" and owed.huddle else []
    found: list[Told] = [Told(each, "deputy") for each in deputies if here(each, hand)]
    cover = partnership.covering(person, today)
    if not found and cover:
        found = [Told(cover.person, "cover")]
    if not found:
        found = [Told(m.person, "line_manager") for m in list(partnership.line_above(person))[:1]]
    if not found and part in WHO:
        found = list(above(part, owed, hand))
    found = [told for told in found if told.person != person]
    return tuple(told for told in within(found, stream, hand) if told.person != person)
