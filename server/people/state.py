"""The partnership as it stands: its agencies, the people who work there, who holds which role, who covers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import immutables
import msgspec

from server.people.facts import (
    PRACTISING,
    AgencyRegistered,
    Channel,
    ChannelChosen,
    CoverArranged,
    ManagerNamed,
    PartnershipFounded,
    PractitionerLeft,
    PractitionerRegistered,
    RoleEnded,
    RoleGranted,
    SignInLinkMade,
    WorkPassed,
)
from server.people.practitioners import Agency, Cover, LinkMade, Passed, Practitioner
from server.people.words import email_from
from server.record.facts import Entry, Fact


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
    passed: immutables.Map[str, Passed] = immutables.Map()
    """Of everybody who no longer works with families here, who took over."""
    links: immutables.Map[str, LinkMade] = immutables.Map()
    channels: immutables.Map[str, Channel] = immutables.Map()
    """How those are reminded who chose something else than mail."""

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

    def line_above(self, person: str) -> Iterator[Practitioner]:
        """The line managers above `person` who work here, the nearest first, each once."""
        seen = {person}
        known = self.practitioners.get(person)
        while known and known.manager and known.manager not in seen:
            seen.add(known.manager)
            known = self.practitioners.get(known.manager)
            if known and known.here:
                yield known

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
    return change(state, entry.fact, entry) if change else state


def _founded(state: PartnershipState, fact: PartnershipFounded, _: Entry) -> PartnershipState:
    return msgspec.structs.replace(state, name=fact.name, nation=fact.nation, time_zone=fact.time_zone)


def _agency(state: PartnershipState, fact: AgencyRegistered, _: Entry) -> PartnershipState:
    agency = Agency(fact.code, fact.name, fact.short or fact.name, fact.sort, fact.out_of_hours)
    return msgspec.structs.replace(state, agencies=state.agencies.set(fact.code, agency))


def _registered(state: PartnershipState, fact: PractitionerRegistered, entry: Entry) -> PartnershipState:
    known = Practitioner(
        fact.person, fact.name, fact.email, fact.agency, fact.job_title, fact.manager, registered=entry.seq
    )
    emails = state.emails.set(email_from(fact.email) or fact.email, fact.person)
    return msgspec.structs.replace(
        state, practitioners=state.practitioners.set(fact.person, known), emails=emails
    )


def _manager(state: PartnershipState, fact: ManagerNamed, _: Entry) -> PartnershipState:
    return _changed(state, fact.person, lambda p: msgspec.structs.replace(p, manager=fact.manager))


def _granted(state: PartnershipState, fact: RoleGranted, _: Entry) -> PartnershipState:
    def grant(p: Practitioner) -> Practitioner:
        tier = fact.tier if fact.role == "supervisor" else p.tier
        return msgspec.structs.replace(p, roles=p.roles | {fact.role}, tier=tier)

    after = _changed(state, fact.person, grant)
    if fact.role in PRACTISING and fact.person in after.passed:
        return msgspec.structs.replace(after, passed=after.passed.delete(fact.person))
    return after


def _passed(state: PartnershipState, fact: WorkPassed, entry: Entry) -> PartnershipState:
    return msgspec.structs.replace(state, passed=state.passed.set(fact.person, Passed(fact.to, entry.seq)))


def _link(state: PartnershipState, fact: SignInLinkMade, entry: Entry) -> PartnershipState:
    made = LinkMade(entry.author, entry.at, fact.how)
    return msgspec.structs.replace(state, links=state.links.set(fact.person, made))


def _channel(state: PartnershipState, fact: ChannelChosen, _: Entry) -> PartnershipState:
    return msgspec.structs.replace(state, channels=state.channels.set(fact.person, fact.channel))


def _ended(state: PartnershipState, fact: RoleEnded, _: Entry) -> PartnershipState:
    def end(p: Practitioner) -> Practitioner:
        tier = 0 if fact.role == "supervisor" else p.tier
        return msgspec.structs.replace(p, roles=p.roles - {fact.role}, tier=tier)

    return _changed(state, fact.person, end)


def _cover(state: PartnershipState, fact: CoverArranged, _: Entry) -> PartnershipState:
    cover = Cover(fact.person, fact.covered_by, fact.first_day, fact.last_day)
    return msgspec.structs.replace(state, cover=(*state.cover, cover))


def _left(state: PartnershipState, fact: PractitionerLeft, _: Entry) -> PartnershipState:
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


_changes: dict[type[Fact], Callable[[PartnershipState, Any, Entry], PartnershipState]] = {
    PartnershipFounded: _founded,
    AgencyRegistered: _agency,
    PractitionerRegistered: _registered,
    ManagerNamed: _manager,
    RoleGranted: _granted,
    RoleEnded: _ended,
    CoverArranged: _cover,
    WorkPassed: _passed,
    SignInLinkMade: _link,
    ChannelChosen: _channel,
    PractitionerLeft: _left,
}
