"""What is shown of the quorum: what is missing, and whom to ring. It says nothing of the family."""

from __future__ import annotations

import msgspec

from server.families.state import FamilyState
from server.families.views import AgencyView, PersonView, agency_view, person_view
from server.huddles.quorum import quorum, to_ring, words
from server.huddles.sitting import is_on
from server.huddles.state import Huddle
from server.people.state import PartnershipState


class RingView(msgspec.Struct, frozen=True):
    """An agency that is missing, who there would be rung, and its number out of hours if there is one."""

    agency: AgencyView
    people: tuple[PersonView, ...]
    number: str


class QuorumView(msgspec.Struct, frozen=True):
    """`missing` is what the huddle lacks, in words; empty where it is quorate."""

    on: bool
    """Whether the huddle sits. Where it does not, nobody is counted."""
    quorate: bool
    missing: str
    ring: tuple[RingView, ...]


def quorum_view(huddle: Huddle, family: FamilyState, people: PartnershipState) -> QuorumView:
    found = quorum(huddle, family, people)
    ring = to_ring(found, huddle, family, people)
    return QuorumView(
        is_on(huddle),
        found.quorate,
        words(found, people),
        tuple(ring_view(agency, persons, people) for agency, persons in ring.items()),
    )


def ring_view(agency: str, persons: tuple[str, ...], people: PartnershipState) -> RingView:
    known = people.agencies.get(agency)
    return RingView(
        agency_view(people, agency),
        tuple(person_view(people, person) for person in persons),
        known.out_of_hours if known else "",
    )
