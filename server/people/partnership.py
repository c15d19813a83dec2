"""The partnership as this node knows it: asked for by everything that names people, days or roles."""

from __future__ import annotations

from server.people.state import PartnershipState
from server.record.books import PARTNERSHIP, Books


async def partnership(books: Books) -> PartnershipState:
    """The partnership's state, read from the store the first time."""
    book = await books.open(PARTNERSHIP)
    return (await books.state(book, (PARTNERSHIP,)))[PartnershipState]


def partnership_known(books: Books) -> PartnershipState:
    """The same as far as this node has read it, without asking. For words, never for rights."""
    book = books.known(PARTNERSHIP)
    state = book.known_state((PARTNERSHIP,)) if book else None
    return state[PartnershipState] if state else PartnershipState()
