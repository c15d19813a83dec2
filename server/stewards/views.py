"""What a data steward is shown of two records: as little as it takes to ask about them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec

from server.families.match_views import PairView, pair_view, twins_among
from server.families.matching import WORDS, Alike, Pair, Somebody, Why, strength
from server.families.state import FamilyState
from server.families.views import PersonView, person_view
from server.people.state import PartnershipState
from server.stewards.facts import Outcome, PairNoticed
from server.stewards.state import Item, LikelyMatch, Report, Settlement

OUTCOMES: dict[Outcome, str] = {
    "same_family": "Same family",
    "different_families": "Different families",
    "cannot_tell": "Cannot tell yet",
}
STRONG: frozenset[Why] = frozenset({"born", "due", "near", "swapped"})


class SettlementView(NamedTuple):
    """What was recorded of a match, in words."""

    outcome: str
    reason: str
    by: str
    at: datetime


class Row(NamedTuple):
    """What stands in the queue. Of a match nothing of either family: that is shown once it is opened.

    `state` is empty until something was recorded; `said` are the newest words, and by whom.
    """

    address: str
    title: str
    words: str
    since: datetime
    waits: bool
    state: str = ""
    said: str = ""
    by: str = ""
    at: datetime | None = None


class RecordView(msgspec.Struct, frozen=True):
    """One of the two records: its reference and name, who owns its plan, words about twins."""

    reference: str
    name: str
    plan_owner: PersonView | None
    twins: tuple[str, ...]


class MatchView(msgspec.Struct, frozen=True):
    """A match as it is opened."""

    id: str
    since: datetime
    again: bool
    settled: bool
    records: tuple[RecordView, RecordView]
    pairs: tuple[PairView, ...]
    settlements: tuple[SettlementView, ...]


def row(item: Item, partnership: PartnershipState) -> Row:
    return report_row(item, partnership) if isinstance(item, Report) else match_row(item, partnership)


def match_row(match: LikelyMatch, partnership: PartnershipState) -> Row:
    whys = "; ".join(dict.fromkeys(WORDS[pair.why] for pair in match.pairs))
    many = len(match.pairs)
    said = settlements(match, partnership)[-1:]
    last = said[0] if said else SettlementView("", "", "", match.since)
    return Row(
        address=f"/steward/{match.id}",
        title="One person of each record is alike" if many == 1 else f"{many} pairs of people are alike",
        words=f"{whys[:1].upper()}{whys[1:]}",
        since=match.since,
        waits=not match.settled,
        state="Somebody new since" if match.again else last.outcome,
        said=last.reason,
        by=last.by,
        at=last.at if said else None,
    )


def report_row(report: Report, partnership: PartnershipState) -> Row:
    told = {"": "", "placed": "Found and excluded", "none": "No such record"}
    state = "placed" if report.family else "none" if report.settled else ""
    return Row(
        address=f"/steward/conflicts/{report.id}",
        title=f"{person_view(partnership, report.person).name} knows a family personally",
        words=report.who,
        since=report.since,
        waits=not report.settled,
        state=told[state],
        said=report.reason,
        by=person_view(partnership, report.by).name if report.by else "",
        at=report.at,
    )


def match_view(
    match: LikelyMatch, families: tuple[FamilyState, FamilyState], partnership: PartnershipState
) -> MatchView:
    pairs = sorted((pair for n in match.pairs if (pair := pair_of(n, families))), key=strength)
    one, other = (record_view(family, pairs, partnership) for family in families)
    return MatchView(
        id=match.id,
        since=match.since,
        again=match.again,
        settled=match.settled is not None,
        records=(one, other),
        pairs=tuple(pair_view(pair) for pair in pairs),
        settlements=settlements(match, partnership),
    )


def pair_of(noticed: PairNoticed, families: tuple[FamilyState, FamilyState]) -> Pair | None:
    """The two people, as their records tell them now. None where the content of one was destroyed."""
    one, other = (somebody(f, m) for f, m in zip(families, (noticed.one, noticed.other), strict=True))
    if one is None or other is None:
        return None
    return Pair(one, other, Alike(noticed.why, noticed.why in STRONG))


def somebody(family: FamilyState, member: str) -> Somebody | None:
    known = family.members.get(member)
    if known is None:
        return None
    return Somebody(family.book, known.member, known.name, known.child, known.born, known.due)


def record_view(family: FamilyState, pairs: Iterable[Pair], partnership: PartnershipState) -> RecordView:
    people = [known for member in family.members if (known := somebody(family, member))]
    owner = person_view(partnership, family.plan_owner) if family.plan_owner else None
    return RecordView(family.reference, family.name, owner, twins_among(people, pairs))


def settlements(match: LikelyMatch, partnership: PartnershipState) -> tuple[SettlementView, ...]:
    return tuple(settlement_view(settlement, partnership) for settlement in match.settlements)


def settlement_view(settlement: Settlement, partnership: PartnershipState) -> SettlementView:
    by = person_view(partnership, settlement.by).name
    return SettlementView(OUTCOMES[settlement.outcome], settlement.reason, by, settlement.at)
