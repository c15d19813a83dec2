"""The partnership as it stands: its agencies, the people who work there, who holds which role, who covers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import immutables
import msgspec

from server.people.facts import (
    AgencyRegistered,
    CoverArranged,
    ManagerNamed,
    PartnershipFounded,
    PractitionerLeft,
    PractitionerRegistered,
    Role,
    RoleEnded,
    RoleGranted,
)
from server.people.words import email_from
from server.record.facts import Entry, Fact

TITLES = {"dr", "mr", "mrs", "ms", "miss", "mx", "prof", "rev", "sir", "pc", "ps", "dc", "ds", "di", "dci"}
"""Words before a name that are no part of its initials."""


class Agency(msgspec.Struct, frozen=True):
    """An agency of the partnership. `short` is what its column in the picture is called."""

    code: str
    name: str
    short: str
    sort: str
    out_of_hours: str = ""


class Practitioner(msgspec.Struct, frozen=True):
    """Somebody who works here, or did. `tier` is a supervisor's, 0 for everybody else."""

    person: str
    name: str
    email: str
    agency: str
    job_title: str
    manager: str = ""
    here: bool = True
    roles: frozenset[Role] = frozenset()
    tier: int = 0
    registered: int = 0
    """The number of the fact: a stable order in which people came."""

    @property
    def initials(self) -> str:
        words = [w for w in self.name.split() if w.rstrip(".").lower() not in TITLES] or self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


class Cover(msgspec.Struct, frozen=True):
    """`covered_by` does `person`'s work from the first to the last day, both included."""

    person: str
    covered_by: str
    first_day: date
    last_day: date


class PartnershipState(msgspec.Struct, frozen=True):
    """Everything that the partnership's stream says."""

    name: str = ""
    nation: str = ""
    time_zone: str = ""
    agencies: immutables.Map[str, Agency] = immutables.Map()
    practitioners: immutables.Map[str, Practitioner] = immutables.Map()
    cover: tuple[Cover, ...] = ()
    emails: immutables.Map[str, str] = immutables.Map()
    """From an address, as it is compared, to the person who holds it."""

    @property
    def founded(self) -> bool:
        return bool(self.time_zone)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of every day and hour on screen. Before the founding: London."""
        return ZoneInfo(self.time_zone or "Europe/London")

    def practitioner(self, person: str) -> Practitioner | None:
        """Somebody who works here or did."""
        return self.practitioners.get(person)

    def here(self, person: str) -> Practitioner | None:
        """Somebody who works here."""
        known = self.practitioners.get(person)
        return known if known and known.here else None

    def everyone_here(self) -> tuple[Practitioner, ...]:
        """The people who work here, in the order in which they came."""
        found = (p for p in self.practitioners.values() if p.here)
        return tuple(sorted(found, key=lambda p: p.registered))

    def in_agency(self, code: str) -> tuple[Practitioner, ...]:
        return tuple(p for p in self.everyone_here() if p.agency == code)

    def holders(self, role: str) -> tuple[Practitioner, ...]:
        """Who holds `role` and works here."""
        return tuple(p for p in self.everyone_here() if role in p.roles)

    def by_email(self, email: str) -> Practitioner | None:
        """Who works here and signs in with `email`, however it was typed."""
        return self.here(self.emails.get(email_from(email), ""))

    def covering(self, person: str, on: date) -> Practitioner | None:
        """Who does `person`'s work on that day: the newest arrangement with somebody who is still here."""
        for cover in reversed(self.cover):
            stands_in = self.here(cover.covered_by)
            if cover.person == person and cover.first_day <= on <= cover.last_day and stands_in:
                return stands_in
        return None

    def agency_of(self, person: str) -> Agency | None:
        known = self.practitioners.get(person)
        return self.agencies.get(known.agency) if known else None

    def reports_to(self, person: str, manager: str) -> bool:
        """Whether `manager` stands somewhere above `person` in the line."""
        seen: set[str] = set()
        while person and person not in seen:
            seen.add(person)
            known = self.practitioners.get(person)
            person = known.manager if known else ""
            if person == manager:
                return True
        return False


def apply(state: PartnershipState, entry: Entry) -> PartnershipState:
    """The partnership after one more fact."""
    change = _changes.get(type(entry.fact))
    return change(state, entry.fact, entry.seq) if change else state


def _founded(state: PartnershipState, fact: PartnershipFounded, _: int) -> PartnershipState:
    return msgspec.structs.replace(state, name=fact.name, nation=fact.nation, time_zone=fact.time_zone)


def _agency(state: PartnershipState, fact: AgencyRegistered, _: int) -> PartnershipState:
    agency = Agency(fact.code, fact.name, fact.short or fact.name, fact.sort, fact.out_of_hours)
    return msgspec.structs.replace(state, agencies=state.agencies.set(fact.code, agency))


def _registered(state: PartnershipState, fact: PractitionerRegistered, seq: int) -> PartnershipState:
    known = Practitioner(
        fact.person, fact.name, fact.email, fact.agency, fact.job_title, fact.manager, registered=seq
    )
    emails = state.emails.set(email_from(fact.email) or fact.email, fact.person)
    return msgspec.structs.replace(
        state, practitioners=state.practitioners.set(fact.person, known), emails=emails
    )


def _manager(state: PartnershipState, fact: ManagerNamed, _: int) -> PartnershipState:
    return _changed(state, fact.person, lambda p: msgspec.structs.replace(p, manager=fact.manager))


def _granted(state: PartnershipState, fact: RoleGranted, _: int) -> PartnershipState:
    def grant(p: Practitioner) -> Practitioner:
        tier = fact.tier if fact.role == "supervisor" else p.tier
        return msgspec.structs.replace(p, roles=p.roles | {fact.role}, tier=tier)

    return _changed(state, fact.person, grant)


def _ended(state: PartnershipState, fact: RoleEnded, _: int) -> PartnershipState:
    def end(p: Practitioner) -> Practitioner:
        tier = 0 if fact.role == "supervisor" else p.tier
        return msgspec.structs.replace(p, roles=p.roles - {fact.role}, tier=tier)

    return _changed(state, fact.person, end)


def _cover(state: PartnershipState, fact: CoverArranged, _: int) -> PartnershipState:
    cover = Cover(fact.person, fact.covered_by, fact.first_day, fact.last_day)
    return msgspec.structs.replace(state, cover=(*state.cover, cover))


def _left(state: PartnershipState, fact: PractitionerLeft, _: int) -> PartnershipState:
    known = state.practitioners.get(fact.person)
    emails = state.emails
    if known and emails.get(email_from(known.email)) == known.person:
        emails = emails.delete(email_from(known.email))
    gone = _changed(
        state, fact.person, lambda p: msgspec.structs.replace(p, here=False, roles=frozenset(), tier=0)
    )
    return msgspec.structs.replace(gone, emails=emails)


def _changed(
    state: PartnershipState, person: str, change: Callable[[Practitioner], Practitioner]
) -> PartnershipState:
    known = state.practitioners.get(person)
    if known is None:
        return state
    return msgspec.structs.replace(state, practitioners=state.practitioners.set(person, change(known)))


_changes: dict[type[Fact], Callable[[PartnershipState, Any, int], PartnershipState]] = {
    PartnershipFounded: _founded,
    AgencyRegistered: _agency,
    PractitionerRegistered: _registered,
    ManagerNamed: _manager,
    RoleGranted: _granted,
    RoleEnded: _ended,
    CoverArranged: _cover,
    PractitionerLeft: _left,
}
