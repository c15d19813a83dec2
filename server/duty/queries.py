"""Reading across referrals: only ever somebody's own."""

from __future__ import annotations

from sqlalchemy import select

from server.duty.tables import referral_index
from server.record.store import Store

MOST = 50


async def referrals_of(store: Store, person: str) -> list[str]:
    """The books of the referrals that `person` made, newest first."""
    r = referral_index.c
    query = select(r.stream).where(r.person == person).order_by(r.at.desc()).limit(MOST)
    return [row.stream for row in await store.read(lambda connection: connection.execute(query).all())]
