"""What the pages and the live room show of a family: plain values, built from the state of one audience.

None of them says who looks or when: no permission, no "3 days ago". Moments stand as moments and are worded
in the browser; so one rendering serves everybody who reads the same streams (DESIGN section 3).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from server.people.state import PartnershipState

Mark = Literal["serious", "concern", "no_concern", "protective", "heard", "gap", "asked", "none"]
"""What a cell of the picture says. `heard` stands only in the child's-voice row."""

Direction = Literal["worse", "better", ""]


class PersonView(msgspec.Struct, frozen=True):
    """A practitioner. `agency` is the code, `agency_short` the column's name, `sort` the agency's kind."""

    person: str
    name: str
    initials: str
    agency: str
    agency_short: str
    agency_name: str
    job_title: str
    sort: str = ""


class CorrectionView(msgspec.Struct, frozen=True):
    """The words that a correction put in the place of earlier ones, and why."""

    text: str
    reason: str
    at: datetime


class LineView(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a family's record: what an agency knows (`fragment`), or something that happened (`event`).

    `id` is the element's: "line-main-7" in main, "line-<12 of the stream's id>-7" in a compartment.
    `text` is what was first written and never changes; the newest of `corrections` is what holds now.
    """

    id: str
    stream: str
    seq: int
    kind: Literal["fragment", "event"]
    at: datetime
    author: PersonView | None
    """None: the system."""
    restricted_to: tuple[str, ...] = ()
    """The names of those with whom it was shared; empty where everybody in the team reads it."""
    sentence: str = ""
    """Events: what happened, as one plain sentence."""
    domain: str = ""
    domain_label: str = ""
    basis: str = ""
    basis_label: str = ""
    bearing: str = ""
    bearing_label: str = ""
    text: str = ""
    about: tuple[str, ...] = ()
    happened: str = ""
    """ISO date, local date and time, or month; empty where it is not known."""
    happened_label: str = ""
    late: bool = False
    """Recorded more than 24 hours after it happened."""
    confidence: str = ""
    confidence_label: str = ""
    verbatim: bool = False
    voice_of: str = ""
    """The name of the child whose own voice this is."""
    corrections: tuple[CorrectionView, ...] = ()
    withdrawn: str = ""
    """Why it was withdrawn; empty while it stands."""
    withdrawn_at: datetime | None = None

    @property
    def standing_text(self) -> str:
        """The words that hold now: the newest correction's, else those first written."""
        return self.corrections[-1].text if self.corrections else self.text


class CellView(msgspec.Struct, frozen=True):
    """What one agency has shared about one domain. `id` is "cell-<AGENCY>-<domain>" (or "-voice").

    `newest` is when the newest of it happened (where that is not known: when it was recorded). `words` is the
    whole cell as an accessible phrase without an age: "School, Education: concern, getting worse, 2 entries".
    """

    id: str
    agency: str
    domain: str
    mark: Mark
    letter: str
    direction: Direction
    newest: datetime | None
    count: int
    words: str


class AgencyView(msgspec.Struct, frozen=True):
    """A column of the picture. `sort` is the agency's kind."""

    code: str
    short: str
    name: str
    sort: str = ""


class RowView(msgspec.Struct, frozen=True):
    """A row of the picture: a domain, or the child's voice."""

    domain: str
    label: str
    cells: tuple[CellView, ...]


class PictureView(msgspec.Struct, frozen=True):
    """The shared picture. `gaps` counts the cells where something is expected and nothing is shared."""

    agencies: tuple[AgencyView, ...]
    rows: tuple[RowView, ...]
    voice: RowView
    gaps: int


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


class AudienceChoice(msgspec.Struct, frozen=True):
    """With whom to share only: `value` is a name ("agency:NPC"), `people` whom it means at this moment."""

    value: str
    label: str
    people: tuple[PersonView, ...]


class Audiences(msgspec.Struct, frozen=True):
    """With whom a fragment may be shared, short of everybody in the team."""

    agencies: tuple[AudienceChoice, ...]
    roles: tuple[AudienceChoice, ...]
    people: tuple[AudienceChoice, ...]


Choices = tuple[tuple[str, str], ...]
"""Pairs of value and label."""


class ComposerView(msgspec.Struct, frozen=True, kw_only=True):
    """The box in which somebody writes what their agency knows. It is made for one person, never shared."""

    action: str
    me: str
    key: str
    audiences: Audiences
    children: Choices
    adults: Choices
    domains: Choices
    bases: Choices
    bearings: Choices
    precisions: Choices
    confidences: Choices


def person_view(partnership: PartnershipState, person: str) -> PersonView:
    """A practitioner as they are shown; who is not known keeps their id, so that no line loses its author."""
    known = partnership.practitioner(person)
    if known is None:
        return PersonView(person, person, "?", "", "", "", "")
    agency = agency_view(partnership, known.agency)
    return PersonView(
        person,
        known.name,
        known.initials,
        agency.code,
        agency.short,
        agency.name,
        known.job_title,
        agency.sort,
    )


def agency_view(partnership: PartnershipState, code: str) -> AgencyView:
    known = partnership.agencies.get(code)
    return AgencyView(code, known.short, known.name, known.sort) if known else AgencyView(code, code, code)
