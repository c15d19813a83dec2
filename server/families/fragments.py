"""What the agencies know: every fragment that one audience reads, and which cell of the picture it is in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import immutables
import msgspec

from server.families.behalf_facts import WordsConfirmed, WordsDisputed
from server.families.facts import (
    Bearing,
    FragmentContributed,
    FragmentCorrected,
    FragmentWithdrawn,
)
from server.record.facts import Entry, Ref

change = msgspec.structs.replace

Cell = tuple[str, str]
"""An agency's code and a domain, or an agency's code and `VOICE`."""

VOICE = "voice"

SEVERITY: dict[Bearing, int] = {"protective": 0, "no_concern": 1, "concern": 2, "serious": 3}


class Correction(msgspec.Struct, frozen=True):
    """Other words in the place of earlier ones."""

    text: str
    reason: str
    at: datetime


class Withdrawal(msgspec.Struct, frozen=True):
    """Why a fragment no longer stands."""

    reason: str
    at: datetime


class Fragment(msgspec.Struct, frozen=True):
    """What an agency knows. `nth` counts this audience's fragments, across its streams.

    `author` is whose words they are; `recorded_by` wrote them down for them, if it was not themselves.
    """

    stream: str
    seq: int
    nth: int
    author: str
    agency: str
    at: datetime
    said: FragmentContributed
    corrections: tuple[Correction, ...] = ()
    withdrawn: Withdrawal | None = None
    recorded_by: str = ""
    confirmed: datetime | None = None
    disputed: str = ""
    """What its author says is wrong with what was recorded for them."""

    @property
    def ref(self) -> Ref:
        return Ref(self.stream, self.seq)

    @property
    def unconfirmed(self) -> bool:
        """Somebody wrote it down for its author, who has not said that it is theirs."""
        return bool(self.recorded_by) and self.confirmed is None

    @property
    def text(self) -> str:
        """The words that hold."""
        return self.corrections[-1].text if self.corrections else self.said.text


class Fragments(msgspec.Struct, frozen=True):
    """All fragments by where they stand, and by cell, so that showing a cell costs what the cell holds."""

    by_ref: immutables.Map[Ref, Fragment] = immutables.Map()
    cells: immutables.Map[Cell, immutables.Map[int, Ref]] = immutables.Map()

    def __len__(self) -> int:
        return len(self.by_ref)

    def __getitem__(self, ref: Ref) -> Fragment:
        return self.by_ref[ref]

    def get(self, ref: Ref) -> Fragment | None:
        return self.by_ref.get(ref)

    def told(self, cell: Cell) -> Iterator[Fragment]:
        """All fragments of a cell in the order in which they were recorded, those withdrawn among them."""
        for _, ref in sorted(self.cells.get(cell, immutables.Map()).items()):
            yield self.by_ref[ref]

    def standing(self, cell: Cell) -> Iterator[Fragment]:
        """Those of a cell that were not withdrawn."""
        return (fragment for fragment in self.told(cell) if fragment.withdrawn is None)

    def any(self, cell: Cell) -> bool:
        """Whether anything stands in a cell."""
        refs = self.cells.get(cell)
        return refs is not None and any(self.by_ref[ref].withdrawn is None for ref in refs.values())

    def agencies(self) -> frozenset[str]:
        """The agencies that shared something."""
        return frozenset(agency for agency, _ in self.cells)

    def contributed(self, entry: Entry, said: FragmentContributed) -> Fragments:
        nth = len(self.by_ref)
        whose, agency = said.on_behalf_of or entry.author, agency_of(entry, said)
        by = entry.author if said.on_behalf_of else ""
        fragment = Fragment(entry.stream, entry.seq, nth, whose, agency, entry.at, said, recorded_by=by)
        ref = fragment.ref
        cells = self.cells
        for cell in cells_of(agency, said):
            cells = cells.set(cell, cells.get(cell, immutables.Map()).set(nth, ref))
        return Fragments(self.by_ref.set(ref, fragment), cells)

    def corrected(self, entry: Entry, fact: FragmentCorrected) -> Fragments:
        correction = Correction(fact.text, fact.reason, entry.at)
        return self._changed(
            Ref(entry.stream, fact.seq), lambda f: change(f, corrections=(*f.corrections, correction))
        )

    def withdrawn(self, entry: Entry, fact: FragmentWithdrawn) -> Fragments:
        withdrawal = Withdrawal(fact.reason, entry.at)
        return self._changed(Ref(entry.stream, fact.seq), lambda f: change(f, withdrawn=withdrawal))

    def answered(self, entry: Entry, fact: WordsConfirmed | WordsDisputed) -> Fragments:
        """Whose words they are said that they are, or what is wrong with them."""
        wrong = fact.words if isinstance(fact, WordsDisputed) else ""
        at = None if wrong else entry.at
        return self._changed(Ref(entry.stream, fact.seq), lambda f: change(f, confirmed=at, disputed=wrong))

    def _changed(self, ref: Ref, to: Callable[[Fragment], Fragment]) -> Fragments:
        fragment = self.by_ref.get(ref)
        return self if fragment is None else change(self, by_ref=self.by_ref.set(ref, to(fragment)))


def agency_of(entry: Entry, said: FragmentContributed) -> str:
    """Which agency knows it: that of the person on whose behalf it was recorded, else the author's."""
    return said.for_agency if said.on_behalf_of else entry.agency


def cells_of(agency: str, said: FragmentContributed) -> tuple[Cell, ...]:
    """The cells in which a fragment shows."""
    own = (agency, said.domain)
    return (own, (agency, VOICE)) if said.voice_of else (own,)
