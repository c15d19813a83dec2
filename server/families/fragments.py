"""What the agencies know: every fragment that one audience reads, and which cell of the picture it is in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import immutables
import msgspec

from server.families.facts import Bearing, FragmentContributed, FragmentCorrected, FragmentWithdrawn
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
    """What an agency knows. `nth` counts this audience's fragments, across its streams."""

    stream: str
    seq: int
    nth: int
    author: str
    agency: str
    at: datetime
    said: FragmentContributed
    corrections: tuple[Correction, ...] = ()
    withdrawn: Withdrawal | None = None

    @property
    def ref(self) -> Ref:
        return Ref(self.stream, self.seq)

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
        fragment = Fragment(entry.stream, entry.seq, nth, entry.author, entry.agency, entry.at, said)
        ref = fragment.ref
        cells = self.cells
        for cell in cells_of(entry.agency, said):
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

    def _changed(self, ref: Ref, to: Callable[[Fragment], Fragment]) -> Fragments:
        fragment = self.by_ref.get(ref)
        return self if fragment is None else change(self, by_ref=self.by_ref.set(ref, to(fragment)))


def cells_of(agency: str, said: FragmentContributed) -> tuple[Cell, ...]:
    """The cells in which a fragment shows."""
    own = (agency, said.domain)
    return (own, (agency, VOICE)) if said.voice_of else (own,)
