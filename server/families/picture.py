"""The shared picture: agency by domain, with what is missing as plain as what is known.

A cell that somebody may not see and a cell with nothing in it are the same, because the state is folded only
over the streams that its reader reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import get_args

from server.families import when
from server.families.facts import FragmentContributed, FragmentCorrected, FragmentWithdrawn
from server.families.fragments import SEVERITY, VOICE, Cell, Fragment, agency_of, cells_of
from server.families.labels import DOMAINS, MARKS, VOICE_LABEL
from server.families.request_facts import InformationReceived, InformationRequested
from server.families.state import FamilyState
from server.families.views import (
    AgencyView,
    CellView,
    Direction,
    GapsView,
    Mark,
    PictureView,
    RowView,
    agency_view,
)
from server.people.facts import AgencyKind
from server.people.state import PartnershipState
from server.record.facts import Entry, Ref

LABELS: dict[str, str] = {str(domain): label for domain, label in DOMAINS.items()} | {VOICE: VOICE_LABEL}
TOWARDS: dict[Direction, str] = {"worse": "getting worse", "better": "getting better", "": ""}
KINDS: tuple[str, ...] = get_args(AgencyKind)


def picture_view(family: FamilyState, partnership: PartnershipState) -> PictureView:
    """The whole picture of one audience."""
    agencies = columns(family, partnership)
    *rows, voice = (
        RowView(row, label, tuple(cell_view(family, partnership, (a.code, row)) for a in agencies))
        for row, label in LABELS.items()
    )
    return PictureView(agencies, tuple(rows), voice, gaps_view(family, partnership))


def gaps_view(family: FamilyState, partnership: PartnershipState) -> GapsView:
    """What is expected and was not shared. It costs what is expected, not what is known."""
    agencies = columns(family, partnership)
    rows, count = [], 0
    for row, label in LABELS.items():
        missing = tuple((a.code, a.short) for a in agencies if is_gap(family, partnership, (a.code, row)))
        count += len(missing)
        if missing:
            rows.append((row, label, missing))
    return GapsView(count, tuple(rows))


def is_gap(family: FamilyState, partnership: PartnershipState, cell: Cell) -> bool:
    return is_expected(family, partnership, cell) and not family.fragments.any(cell)


def columns(family: FamilyState, partnership: PartnershipState) -> tuple[AgencyView, ...]:
    """The agencies of the team, those expected to know something and those that shared something."""
    team = {p.agency for member in family.team if (p := partnership.practitioner(member))}
    views = (agency_view(partnership, code) for code in team | family.agencies())
    return tuple(
        sorted(views, key=lambda a: (KINDS.index(a.sort) if a.sort in KINDS else 99, a.short, a.code))
    )


def cell_view(family: FamilyState, partnership: PartnershipState, cell: Cell) -> CellView:
    """One cell. It costs what the cell holds."""
    agency, row = cell
    told = in_order(family.fragments.standing(cell), partnership)
    mark = mark_of(family, partnership, cell, told)
    direction = direction_of(told) if row != VOICE else ""
    newest = moment(told[-1], partnership) if told else None
    name = agency_view(partnership, agency).short
    words = ", ".join(w for w in (MARKS[mark][1], TOWARDS[direction], counted(len(told))) if w)
    return CellView(
        id=f"cell-{agency}-{row}",
        agency=agency,
        domain=row,
        mark=mark,
        letter=MARKS[mark][0],
        direction=direction,
        newest=newest,
        count=len(told),
        words=f"{name}, {LABELS[row]}: {words}",
    )


def in_order(fragments: Iterable[Fragment], partnership: PartnershipState) -> list[Fragment]:
    """Oldest first by when it happened; where that is not known, by when it was recorded."""
    return sorted(fragments, key=lambda f: (moment(f, partnership), f.nth))


def moment(fragment: Fragment, partnership: PartnershipState) -> datetime:
    return when.as_at(fragment.said.happened, fragment.at, partnership.zone)


def mark_of(family: FamilyState, partnership: PartnershipState, cell: Cell, told: list[Fragment]) -> Mark:
    if not told:
        if cell in family.waiting.values():
            return "asked"
        return "gap" if is_expected(family, partnership, cell) else "none"
    return "heard" if cell[1] == VOICE else told[-1].said.bearing


def is_expected(family: FamilyState, partnership: PartnershipState, cell: Cell) -> bool:
    """By plan. A child's voice is expected from the agencies that see a child by a planned contact."""
    agency, row = cell
    if row != VOICE:
        return row in family.expected.get(agency, ())
    seeing = (partnership.practitioner(contact.practitioner) for contact in family.contacts.values())
    return any(practitioner and practitioner.agency == agency for practitioner in seeing)


def direction_of(told: list[Fragment]) -> Direction:
    """The newest bearing against the one before it."""
    if len(told) < 2:
        return ""
    before, newest = (SEVERITY[f.said.bearing] for f in told[-2:])
    if newest == before:
        return ""
    return "worse" if newest > before else "better"


def counted(count: int) -> str:
    return "" if count == 0 else "1 entry" if count == 1 else f"{count} entries"


def touched(family: FamilyState, entry: Entry) -> tuple[Cell, ...]:
    """The cells that a fact about a fragment changes. Other facts may change any cell, or the columns."""
    match entry.fact:
        case FragmentContributed():
            return cells_of(agency_of(entry, entry.fact), entry.fact)
        case FragmentCorrected(seq=seq) | FragmentWithdrawn(seq=seq):
            fragment = family.fragments.get(Ref(entry.stream, seq))
            return cells_of(fragment.agency, fragment.said) if fragment else ()
        case InformationRequested(agency=agency, domain=str(domain)):
            return ((agency, domain),)
        case InformationReceived(agency=agency, domain=str(domain)):
            return ((agency, domain),)
    return ()
