"""What the pages and the live room show of a family: plain values, built from the state of one audience.

None of them says who looks or when: no permission, no "3 days ago". Moments stand as moments and are worded
in the browser; so one rendering serves everybody who reads the same streams (DESIGN section 3).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from server.families.facts import Domain

Mark = Literal["serious", "concern", "no_concern", "protective", "heard", "gap", "asked", "none"]
"""What a cell of the picture says. `heard` stands only in the child's-voice row."""

Direction = Literal["worse", "better", ""]


class PersonView(msgspec.Struct, frozen=True):
    """A practitioner. `agency` is the code, `agency_short` the column's name, `agency_name` the whole one."""

    person: str
    name: str
    initials: str
    agency: str
    agency_short: str
    agency_name: str
    job_title: str


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
    """A column of the picture."""

    code: str
    short: str
    name: str


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
    """The whole of a family as its page shows it. `ref` stands in its addresses; `lines` oldest first."""

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


class FoundView(msgspec.Struct, frozen=True):
    """One family in the list: its reference, its name, and whether it is one of the searcher's own team."""

    ref: str
    name: str


class Problem(msgspec.Struct, frozen=True):
    """One line of "There is a problem": `field` is the id of the input that the words link to."""

    field: str
    words: str


LEVELS: dict[str, str] = {
    "universal_plus": "Universal plus",
    "early_help": "Early help",
    "child_in_need": "Child in need",
    "child_protection": "Child protection",
    "looked_after": "Looked after",
}
DOMAINS: dict[Domain, str] = {
    "health": "Health and development",
    "education": "Education",
    "emotional": "Emotional and behaviour",
    "home": "Home and relationships",
    "parenting": "Parenting",
    "substance": "Substance use",
    "housing": "Housing and money",
}
VOICE_LABEL = "Child's voice"
BASES: dict[str, str] = {
    "observed_fact": "Observed fact",
    "reported_by_child": "Reported by a child",
    "reported_by_adult": "Reported by an adult",
    "third_party": "Third party",
    "professional_opinion": "Professional opinion",
    "record_extract": "From our records",
}
BEARINGS: dict[str, str] = {
    "serious": "Serious concern",
    "concern": "Concern",
    "no_concern": "No concern",
    "protective": "Strength",
}
CONFIDENCES: dict[str, str] = {
    "confirmed": "Confirmed",
    "probable": "Probable",
    "uncorroborated": "Uncorroborated",
    "disputed": "Disputed",
}
RELEVANCES: dict[str, str] = {
    "raises": "raises risk",
    "lowers": "lowers risk",
    "does_not_change": "does not change risk",
    "unknown": "effect on risk not known",
}
RESULTS: dict[str, str] = {
    "seen": "Seen",
    "seen_alone": "Seen alone",
    "no_access": "Not achieved: no access",
    "cancelled_by_family": "Not achieved: cancelled by the family",
    "cancelled_by_agency": "Not achieved: cancelled by the agency",
    "missed_by_worker": "Not achieved: missed by the worker",
}
PRECISIONS: dict[str, str] = {
    "exact": "Exact time",
    "day": "This day",
    "month": "This month",
    "approximate": "About then",
    "unknown": "Not known",
}
QUALITIES: dict[str, str] = {
    "close": "close",
    "conflict": "in conflict",
    "distant": "distant",
    "cut_off": "cut off",
    "unknown": "",
}
MARKS: dict[Mark, tuple[str, str]] = {
    "serious": ("!C", "serious concern"),
    "concern": ("C", "concern"),
    "no_concern": ("N", "no concern"),
    "protective": ("S", "strength"),
    "heard": ("●", "heard"),
    "gap": ("░", "expected, nothing shared"),
    "asked": ("?", "asked, not answered yet"),
    "none": ("–", "not expected"),
}
"""Each mark's letter and its words."""
