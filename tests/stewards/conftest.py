"""The demonstration's town, and a second record about people of the Rowe family, opened outside its team."""

from __future__ import annotations

import secrets

from server.families.commands import OpenFamily, book_for
from server.families.newcomers import Newcomer
from server.families.state import FamilyState
from server.record.commands import THE_SYSTEM
from server.stewards.commands import match_of
from server.stewards.facts import STEWARD
from server.stewards.state import LikelyMatch, StewardState
from server.stewards.watching import Matching
from tests.lab.town import Town
from tests.realtime import conftest as towns

told_sqlite, sqlite_town = towns.told_sqlite, towns.sqlite_town
told_postgres, postgres_town = towns.told_postgres, towns.postgres_town
town_url, town = towns.town_url, towns.town

JUDITH, JOSIE, PRIYA, IMRAN = "judith-okonjo", "josie-tran", "priya-nair", "imran-sethi"


async def remi_of(town: Town) -> Newcomer:
    """Somebody with the name and birth of a child of the Rowe family."""
    family = (await town.house.ledger.look(town.book, THE_SYSTEM)).state[FamilyState]
    known = next(m for m in family.children() if m.born)
    return Newcomer(name=f"{known.name.split()[0]} Rowe", child=True, born=known.born)


async def opened(town: Town, *people: Newcomer, person: str = JOSIE, name: str = "Elsewhere") -> str:
    """A record that `person` opens; its book."""
    key = secrets.token_hex(16)
    book = book_for(person, key)
    command = OpenFamily(name=name, level="early_help", people=people)
    await town.house.ledger.record(book, command, await town.actor(person), key=key)
    return book


async def looked(town: Town) -> None:
    """The watcher has looked at all that there is."""
    watcher = Matching(town.house.store, town.house.ledger)
    await watcher.keep()
    await watcher.look()


async def queue(town: Town) -> StewardState:
    return (await town.house.ledger.look(STEWARD, await town.actor(JUDITH))).state[StewardState]


async def noticed(town: Town) -> LikelyMatch:
    """A likely match of the Rowe family and a record of Josie's, which she opened as she may."""
    book = await opened(town, await remi_of(town))
    await looked(town)
    return (await queue(town)).matches[match_of(town.book, book)]
