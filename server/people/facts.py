"""What can happen in the partnership's stream, which every signed-in person may read."""

from __future__ import annotations

from datetime import date
from typing import Literal

from server.record.facts import Admits, Ends, Fact, Grants, Removes, Standing
from server.record.streams import EVERYONE

Nation = Literal["england", "wales", "scotland", "northern-ireland"]
Role = Literal["practitioner", "supervisor", "safeguarding_lead", "oversight", "administrator", "steward"]
"""Held in the whole partnership. Plan owner is held in a family; chair, deputy and scribe in a huddle."""

PRACTISING: frozenset[Role] = frozenset({"practitioner", "supervisor", "safeguarding_lead"})
"""The roles of people who work with families."""

AgencyKind = Literal[
    "childrens_services",
    "police",
    "community_health",
    "primary_care",
    "hospital",
    "mental_health",
    "substance_use",
    "school",
    "early_years",
    "housing",
    "probation",
    "domestic_abuse",
    "voluntary",
    "other",
]


Channel = Literal["email", "page", "calendar"]
"""How somebody is reminded of what is not yet late: by mail; on the page; in their own calendar too."""


class PartnershipFounded(Fact):
    """The partnership began to keep its record here."""

    name: str
    nation: Nation
    time_zone: str

    def standing(self) -> tuple[Standing, ...]:
        return (Admits(EVERYONE),)


class AgencyRegistered(Fact):
    """An agency joined the partnership."""

    code: str
    name: str
    sort: AgencyKind
    short: str = ""
    """What its column in the picture is called, for example "School"."""
    out_of_hours: str = ""


class PractitionerRegistered(Fact):
    """Somebody began to work here for an agency."""

    person: str
    name: str
    email: str
    agency: str
    job_title: str
    manager: str = ""

    def names(self) -> tuple[str, ...]:
        return (self.person,)


class ManagerNamed(Fact):
    """Somebody got a line manager."""

    person: str
    manager: str


class RoleGranted(Fact):
    """Somebody was given a role in the partnership. Supervisors hold a tier from 1 to 3."""

    person: str
    role: Role
    tier: int = 0

    def standing(self) -> tuple[Standing, ...]:
        return (Grants(self.person, self.role),)

    def names(self) -> tuple[str, ...]:
        return (self.person,)


class RoleEnded(Fact):
    """Somebody's role in the partnership ended."""

    person: str
    role: Role

    def standing(self) -> tuple[Standing, ...]:
        return (Ends(self.person, self.role),)

    def names(self) -> tuple[str, ...]:
        return (self.person,)


class CoverArranged(Fact):
    """Somebody covers a colleague's work, first and last day included."""

    person: str
    covered_by: str
    first_day: date
    last_day: date


class WorkPassed(Fact):
    """Somebody no longer works with families here, and a colleague took over what was theirs."""

    person: str
    to: str

    def names(self) -> tuple[str, ...]:
        return (self.person, self.to)


LinkHow = Literal["shown", "mailed", "asked"]
"""An administrator was shown it, once; had it sent by mail; whoever signs in asked for it, by mail."""


class SignInLinkMade(Fact):
    """A link was made by which somebody chooses a new password."""

    person: str
    how: LinkHow = "shown"

    def names(self) -> tuple[str, ...]:
        return (self.person,)


class ChannelChosen(Fact):
    """Somebody chose how they are reminded of what is not yet late. Nobody is left without."""

    person: str
    channel: Channel

    def names(self) -> tuple[str, ...]:
        return (self.person,)


class PractitionerLeft(Fact):
    """Somebody stopped working here. They can no longer sign in."""

    person: str
    reason: str

    def standing(self) -> tuple[Standing, ...]:
        return (Removes(self.person),)

    def names(self) -> tuple[str, ...]:
        return (self.person,)
