"""What somebody sees of the demonstration, read as the product reads it."""

from datetime import UTC, datetime

from server.core import Core
from server.demo import rowe
from server.demo.telling import book_of
from server.families.picture import picture_view
from server.families.state import FamilyState
from server.huddles.state import Huddle, HuddlesState
from server.people.partnership import partnership
from server.record.facts import Entry, Fact

LATER = datetime(2030, 1, 1, tzinfo=UTC)


async def read_by(core: Core, person: str, reference: str = rowe.REFERENCE) -> list[Entry]:
    """Everything that `person` may read of a family."""
    book = await core.books.open(book_of(reference))
    await core.books.catch_up(book)
    audience = book.audience(person, LATER)
    return await core.books.since(book, audience, tuple((stream, 0) for stream in audience))


async def readers_of(core: Core, fact: type[Fact], words: str) -> set[str]:
    """Who of the partnership may read a fact of this kind with these words in it."""
    people = (await partnership(core.books)).practitioners
    return {p for p in people if any(says(e, fact, words) for e in await read_by(core, p))}


def says(entry: Entry, fact: type[Fact], words: str) -> bool:
    return isinstance(entry.fact, fact) and words in repr(entry.fact)


async def family_of(core: Core, person: str) -> FamilyState:
    book = await core.books.open(book_of(rowe.REFERENCE))
    return (await core.books.state(book, book.audience(person, LATER)))[FamilyState]


async def gaps(core: Core, person: str) -> set[str]:
    """The cells of the shared picture in which `person` sees that something is missing."""
    picture = picture_view(await family_of(core, person), await partnership(core.books))
    return {c.id for row in (*picture.rows, picture.voice) for c in row.cells if c.mark == "gap"}


async def live_huddle(core: Core, id: str) -> Huddle:
    book = await core.books.open(book_of(rowe.REFERENCE))
    return (await core.books.state(book, (book.id,)))[HuddlesState].by_id[id]
