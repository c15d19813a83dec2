"""The forms of the administrator's pages: for each act its command, its template, what there is to choose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from server.desk.admin_words import AGENCY_KINDS, ROLE_HINTS, ROLES
from server.families.views import PersonView, person_view
from server.people.commands import ArrangeCover, NameManager, RegisterAgency, RegisterPractitioner
from server.people.practitioners import Practitioner
from server.people.roles import EndRole, GrantRole, RecordLeaving
from server.people.state import PartnershipState
from server.record.commands import Command

Choices = dict[str, Any]


def nothing(state: PartnershipState, known: Practitioner | None) -> Choices:
    """Nothing more."""
    return {}


def kinds(state: PartnershipState, known: Practitioner | None) -> Choices:
    """kinds (pairs)"""
    return {"kinds": tuple(AGENCY_KINDS.items())}


def newcomer(state: PartnershipState, known: Practitioner | None) -> Choices:
    """agencies (pairs), people (PersonView), roles (with hints), tiers (pairs)"""
    agencies = sorted(((a.code, a.name) for a in state.agencies.values()), key=lambda pair: pair[1])
    return {"agencies": agencies, "people": colleagues(state, known), **roles_to_give(state, known)}


def others(state: PartnershipState, known: Practitioner | None) -> Choices:
    """people (PersonView: everybody here but them)"""
    return {"people": colleagues(state, known)}


def roles_to_give(state: PartnershipState, known: Practitioner | None) -> Choices:
    """roles (value, words, hint), tiers (pairs)"""
    roles = [(role, words, ROLE_HINTS[role]) for role, words in ROLES.items()]
    return {"roles": roles, "tiers": (("1", "1"), ("2", "2"), ("3", "3"))}


def roles_held(state: PartnershipState, known: Practitioner | None) -> Choices:
    """roles (pairs: those that they hold)"""
    return {"roles": [(r, words) for r, words in ROLES.items() if known and r in known.roles]}


def colleagues(state: PartnershipState, known: Practitioner | None) -> list[PersonView]:
    views = [person_view(state, p.person) for p in state.everyone_here() if p != known]
    return sorted(views, key=lambda p: (p.agency_name, p.name, p.person))


def empty(known: Practitioner | None) -> dict[str, str]:
    return {}


def manager(known: Practitioner | None) -> dict[str, str]:
    return {"manager": known.manager if known else ""}


class Act(msgspec.Struct, frozen=True):
    """One form. `begins` is what stands in it when it is opened; `given` is not for the form to say."""

    path: str
    kind: type[Command]
    template: str
    choices: Callable[[PartnershipState, Practitioner | None], Choices] = nothing
    begins: Callable[[Practitioner | None], dict[str, str]] = empty
    of_somebody: bool = True
    given: dict[str, str] = {}


AGENCY = Act("agencies/new", RegisterAgency, "agency", kinds, of_somebody=False)
NEWCOMER = Act(
    "people/new",
    RegisterPractitioner,
    "newcomer",
    newcomer,
    lambda _: {"role": "practitioner", "link_by_mail": "yes"},
    of_somebody=False,
    given={"person": ""},
)
ACTS = (
    Act("manager", NameManager, "manager", others, manager),
    Act("roles", GrantRole, "role", roles_to_give),
    Act("roles/end", EndRole, "role_end", roles_held),
    Act("cover", ArrangeCover, "cover", others),
    Act("leaving", RecordLeaving, "leaving"),
)
"""Each at /admin/people/{person}/<path>."""
