"""Who is excluded from a family's record, by whom and why."""

from __future__ import annotations

from datetime import datetime

import immutables
import msgspec

from server.families.facts import ExclusionEnded, PersonExcluded
from server.record.facts import Entry


class Exclusion(msgspec.Struct, frozen=True):
    """Somebody who knows this family personally. `by` recorded it: they themselves, or a data steward for
    them, where `declared`."""

    person: str
    reason: str
    by: str
    at: datetime
    declared: bool


class ConflictsState(msgspec.Struct, frozen=True):
    """The exclusions that hold, by person."""

    excluded: immutables.Map[str, Exclusion] = immutables.Map()


def apply(state: ConflictsState, entry: Entry) -> ConflictsState:
    """The exclusions after one more fact."""
    match entry.fact:
        case PersonExcluded(person=person, reason=reason, declared=declared, found_by=steward):
            known = Exclusion(person, reason, steward or entry.author, entry.at, declared)
            return ConflictsState(state.excluded.set(person, known))
        case ExclusionEnded(person=person) if person in state.excluded:
            return ConflictsState(state.excluded.delete(person))
    return state
