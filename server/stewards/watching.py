"""What happens for data stewards beside the requests: their queue is kept, and whoever was added compared.

Whoever opens a record hears nothing of it and waits for none of it. Killed at any moment, it goes on where it
was; two nodes may do it at once, and nothing is noticed twice.
"""

from __future__ import annotations

import asyncio
from itertools import groupby

import structlog

from server.families.alike import alike_anywhere, people_of
from server.families.comparing import compared, waiting
from server.families.matching import Match
from server.record.books import PARTNERSHIP
from server.record.commands import THE_SYSTEM
from server.record.ledger import Ledger
from server.record.store import Store, is_outage
from server.stewards.commands import KeepStewards, NoticeMatch
from server.stewards.facts import STEWARD, PairNoticed

log = structlog.get_logger()

LOOK_EVERY = 1.0


class Matching:
    """Watches who is added to families and who holds the role."""

    def __init__(self, store: Store, ledger: Ledger) -> None:
        self._store = store
        self._ledger = ledger
        self._kept = -1

    async def watch(self) -> None:
        """Look every second, for ever."""
        while True:
            try:
                await self.keep()
                await self.look()
            except Exception as error:
                if not is_outage(error):
                    raise
            await asyncio.sleep(LOOK_EVERY)

    async def keep(self) -> None:
        """Bring the queue's readers into step, whenever the partnership has moved."""
        people = await self._ledger.books.open(PARTNERSHIP)
        if people.version != self._kept:
            seen = people.version
            await keep_in_step(self._ledger)
            self._kept = seen

    async def look(self) -> int:
        """Compare everybody who waits. Of how many families: one that fails keeps waiting, and no other."""
        after, done = "", 0
        while refs := await waiting(self._store, after):
            for family, of_family in groupby(refs, key=lambda ref: ref.stream):
                try:
                    await self._compare(family)
                    await compared(self._store, list(of_family))
                    done += 1
                except Exception as error:
                    if is_outage(error):
                        raise
                    log.exception("matching.failed")
            after = refs[-1].stream
        return done

    async def _compare(self, family: str) -> None:
        mine = await people_of(self._store, family)
        for match in await alike_anywhere(self._store, family, mine):
            command = noticing(family, match)
            await self._ledger.record(STEWARD, command, THE_SYSTEM, key=f"match {command.digest()}")


def noticing(family: str, match: Match) -> NoticeMatch:
    """What is noticed, the same from whichever of the two families it is seen."""
    one, other = sorted((family, match.family))
    mine = 0 if family == one else 1
    pairs = [
        PairNoticed(one=pair[mine].member, other=pair[1 - mine].member, why=pair.alike.why)  # type: ignore[union-attr]  # the first two are people
        for pair in match.pairs
    ]
    return NoticeMatch(one=one, other=other, pairs=tuple(sorted(pairs, key=lambda p: (p.one, p.other))))


async def keep_in_step(ledger: Ledger) -> None:
    """Whoever holds the role now reads the queue, and nobody else."""
    people = await ledger.books.open(PARTNERSHIP)
    key = f"stewards at {people.version}"
    await ledger.record(STEWARD, KeepStewards(), THE_SYSTEM, key=key)
