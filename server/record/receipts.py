"""What somebody is told who asked for something: where it stands, the first time and every time after."""

from __future__ import annotations

import msgspec

from server.record.facts import Ref
from server.record.refusals import KeyReused, Refused


class Receipt(msgspec.Struct, frozen=True):
    """Where the first fact of a command stands. `replayed`: it had been recorded before."""

    stream: str
    seq: int
    replayed: bool = False

    @property
    def ref(self) -> Ref:
        return Ref(self.stream, self.seq)


def replay(known: tuple[str, str, int], digest: str) -> Receipt:
    """The first receipt of a command sent again, or a refusal if it is not the same command."""
    if known[0] != digest:
        raise KeyReused
    return Receipt(known[1], known[2], replayed=True)


def replay_or_refuse(known: tuple[str, str, int], digest: str) -> Receipt | Refused:
    try:
        return replay(known, digest)
    except KeyReused as refused:
        return refused
