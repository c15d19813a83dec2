"""What the page of a family shows beside its lines and its picture: plain values."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from server.families.views import AgencyView, LineView, PersonView, PictureView


class MemberView(msgspec.Struct, frozen=True):
    """A child or an adult of the family. `born` or `due` where known."""

    member: str
    name: str
    child: bool
    born: date | None
    due: date | None
    about: str


class HouseholdView(msgspec.Struct, frozen=True):
    """Who lives together; the names of the members."""

    household: str
    name: str
    members: tuple[str, ...]


class RelationshipView(msgspec.Struct, frozen=True):
    """`sentence`: "Jean Rowe is grandmother of Isla". The labels are empty where nothing was recorded."""

    one: str
    other: str
    relation: str
    quality_label: str
    responsibility_label: str
    sentence: str


class OutcomeView(msgspec.Struct, frozen=True):
    """What should be different for one child, and how it will be seen."""

    outcome: str
    child: str
    different: str
    seen_by: str


class ContactView(msgspec.Struct, frozen=True):
    """A planned contact and what came of it last. `children` are names; `every_label` is "every 7 days".

    `result` is empty before the first; `achieved` is None then.
    """

    contact: str
    practitioner: PersonView
    children: tuple[str, ...]
    every_days: int
    every_label: str
    first_day: date
    result: str
    result_label: str
    result_on: date | None
    note: str
    achieved: bool | None
    count: int


class TeamView(msgspec.Struct, frozen=True):
    """Somebody who reads this family's main record. `guest`: admitted for one huddle only."""

    person: PersonView
    since: datetime
    plan_owner: bool
    guest: bool


class ExclusionView(msgspec.Struct, frozen=True):
    """Somebody who knows the family personally and reads nothing of it. `by` is a name."""

    person: PersonView
    reason: str
    by: str
    at: datetime


class ExpectedView(msgspec.Struct, frozen=True):
    """What an agency is expected to know about; `domains` are labels."""

    agency: AgencyView
    domains: tuple[str, ...]


class SignpostView(msgspec.Struct, frozen=True):
    """Somebody told everybody that restricted information exists, in own words."""

    agency: AgencyView
    relevance: str
    relevance_label: str
    domain_label: str
    words: str
    contact: str
    at: datetime


class FamilyView(msgspec.Struct, frozen=True):
    """The whole of a family as its page shows it. `ref` stands in its addresses; `lines` oldest first.

    `earlier` says how many lines stand before the first of `lines`.
    """

    ref: str
    name: str
    level: str
    level_label: str
    plan_owner: PersonView | None
    review_on: date | None
    members: tuple[MemberView, ...]
    households: tuple[HouseholdView, ...]
    relationships: tuple[RelationshipView, ...]
    team: tuple[TeamView, ...]
    outcomes: tuple[OutcomeView, ...]
    expected: tuple[ExpectedView, ...]
    contacts: tuple[ContactView, ...]
    signposts: tuple[SignpostView, ...]
    picture: PictureView
    lines: tuple[LineView, ...]
    earlier: int = 0


class FoundView(msgspec.Struct, frozen=True):
    """One family in the list."""

    ref: str
    name: str
