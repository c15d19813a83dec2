"""How long it takes to fold a family of 5,000 fragments, and to show one cell and the whole picture of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from server.families.facts import FragmentContributed
from server.families.labels import BEARINGS, DOMAINS
from server.families.picture import cell_view, picture_view
from server.families.state import FamilyState, fold
from server.people.state import PartnershipState
from server.record.facts import Entry

FRAGMENTS = 5000
AGENCIES = ("NCS", "NPC", "NCH", "SAP", "HAR", "NHM")
BEGAN = datetime(2026, 1, 9, tzinfo=UTC)
TIMES = 7


def fragments() -> Iterator[Entry]:
    domains, bearings = tuple(DOMAINS), tuple(BEARINGS)
    for seq in range(1, FRAGMENTS + 1):
        fact = FragmentContributed(
            domain=domains[seq % len(domains)],
            basis="observed_fact",
            text="What an agency knows.",
            bearing=bearings[seq % len(bearings)],
            voice_of="isla" if seq % 9 == 0 else "",
        )
        at = BEGAN + timedelta(minutes=seq)
        agency = AGENCIES[seq % len(AGENCIES)]
        yield Entry("family:b", "family:b", seq, seq, fact.kind(), "priya", agency, at, fact)


def best(work: Callable[[], object]) -> float:
    """The best of a few runs, in milliseconds."""
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken) * 1000


def rows() -> list[tuple[str, float]]:
    """What was measured, in milliseconds."""
    entries, partnership = list(fragments()), PartnershipState()
    family: FamilyState = fold(entries)
    return [
        (f"fold {FRAGMENTS:,} fragments", best(lambda: fold(entries))),
        ("show one cell of them", best(lambda: cell_view(family, partnership, ("SAP", "home")))),
        ("show the whole picture of them", best(lambda: picture_view(family, partnership))),
    ]


if __name__ == "__main__":
    for what, milliseconds in rows():
        print(f"{what:<32} {milliseconds:8.2f} ms")
