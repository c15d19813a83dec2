"""What the pages and the live room show of a family: plain values, built from the state of one audience.

None of them says who looks or when: no permission, no "3 days ago". Moments stand as moments and are worded
in the browser; so one rendering serves everybody who reads the same streams.
"""

from __future__ import annotations

from datetime import datetime
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
    signpost: bool = False
    """An event that tells everybody of restricted information: nobody should read past it."""
    sentence: str = ""
    """Events: what happened, as one plain sentence."""
    look: str = ""
    """Events that must not be read past: "decision" or "dissent"."""
    aloud: str = ""
    """Events: what is said aloud to everybody; empty where nothing is."""
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
    recorded_by: str = ""
    """Who wrote it down on its author's behalf; empty where the author did."""
    confirmed_at: datetime | None = None
    disputed: str = ""
    """What its author says is wrong with what was recorded for them."""

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


class GapsView(msgspec.Struct, frozen=True):
    """The cells where something is expected and nothing is shared: how many, and by row whose they are."""

    count: int
    rows: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    """(the row's code, its label, and of each agency its code and short name)."""


class PictureView(msgspec.Struct, frozen=True):
    """The shared picture."""

    agencies: tuple[AgencyView, ...]
    rows: tuple[RowView, ...]
    voice: RowView
    gaps: GapsView


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
