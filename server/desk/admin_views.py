"""What the administrator's pages show of agencies and people: plain values."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from server.desk.admin_words import AGENCY_KINDS, ROLES
from server.families.views import PersonView, person_view
from server.people.practitioners import Agency, Cover, LinkMade, Practitioner
from server.people.state import PartnershipState

KINDS = {str(kind): words for kind, words in AGENCY_KINDS.items()}


class PersonRow(msgspec.Struct, frozen=True):
    """Somebody who works here, with their roles in words. `cover` is who does their work today, or empty."""

    view: PersonView
    email: str
    roles: tuple[str, ...]
    manager: str
    cover: str = ""


class AgencyRow(msgspec.Struct, frozen=True):
    """An agency and its people."""

    agency: Agency
    kind: str
    people: tuple[PersonRow, ...]


class CoverRow(msgspec.Struct, frozen=True):
    """Who does somebody's work, first and last day included."""

    by: str
    first_day: date
    last_day: date


class PersonPage(msgspec.Struct, frozen=True):
    """All that is known of somebody who works here."""

    row: PersonRow
    covers: tuple[CoverRow, ...]
    link: str
    """How the newest sign-in link came about, in words; empty where there was none."""
    link_at: datetime | None


def agency_rows(state: PartnershipState, today: date) -> list[AgencyRow]:
    rows = [
        AgencyRow(
            agency,
            KINDS.get(agency.sort, agency.sort),
            tuple(person_row(state, p, today) for p in by_name(state.in_agency(agency.code))),
        )
        for agency in state.agencies.values()
    ]
    return sorted(rows, key=lambda row: (row.agency.name, row.agency.code))


def by_name(people: tuple[Practitioner, ...]) -> list[Practitioner]:
    return sorted(people, key=lambda p: (p.name, p.person))


def person_row(state: PartnershipState, known: Practitioner, today: date | None = None) -> PersonRow:
    manager = state.practitioner(known.manager)
    covering = state.covering(known.person, today) if today else None
    return PersonRow(
        person_view(state, known.person),
        known.email,
        tuple(role_words(known)),
        manager.name if manager else "",
        covering.name if covering else "",
    )


def role_words(known: Practitioner) -> list[str]:
    tier = f", tier {known.tier}" if known.tier else ""
    held = ((role, words) for role, words in ROLES.items() if role in known.roles)
    return [words + (tier if role == "supervisor" else "") for role, words in held]


def person_page(state: PartnershipState, known: Practitioner, today: date) -> PersonPage:
    link = state.links.get(known.person)
    return PersonPage(
        person_row(state, known, today),
        tuple(cover_row(state, c) for c in state.cover if c.person == known.person and c.last_day >= today),
        link_words(state, link) if link else "",
        link.at if link else None,
    )


def link_words(state: PartnershipState, link: LinkMade) -> str:
    if link.how == "asked":
        return "Asked for on the sign-in page, and sent by mail"
    by = state.practitioner(link.by)
    words = f"Made by {by.name}" if by else "Made"
    return f"{words} and sent by mail" if link.how == "mailed" else words


def cover_row(state: PartnershipState, cover: Cover) -> CoverRow:
    by = state.practitioner(cover.covered_by)
    return CoverRow(by.name if by else "", cover.first_day, cover.last_day)
