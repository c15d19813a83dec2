"""The families in a real record: durable once, found by name, and only by those who read them."""

import pytest
from sqlalchemy import select

from server.families.commands import AddMember, OpenFamily, book_for
from server.families.knowledge import Correct
from server.families.queries import book_of, book_read_by, families_of, search
from server.families.tables import family_name, membership
from server.families.team import AddToTeam, RemoveFromTeam
from server.record.refusals import KeyReused, NotFound, Refused
from tests.families.conftest import Village
from tests.families.stage import NOW, TEAM, told


async def found(village: Village, who: str, words: str) -> list[str]:
    return [f.ref for f in await search(village.house.store, who, words, NOW)]


async def test_what_was_told_is_there_for_everybody_after_the_node_forgot_it(village: Village) -> None:
    receipt = await village.do("farah", told("Absent on Monday."))
    village.house.books.forget(village.book)
    for person in TEAM:
        assert (await village.family(person)).fragments[receipt.ref].text == "Absent on Monday."


async def test_the_same_contribution_sent_twice_is_told_once(village: Village) -> None:
    first = await village.do("farah", told("Once."), key="k")
    again = await village.do("farah", told("Once."), key="k")
    assert (again.ref, again.replayed) == (first.ref, True)
    assert len((await village.family("farah")).fragments) == 1


async def test_the_same_key_never_carries_another_audience(village: Village) -> None:
    await village.do("pike", told("Single source.", only_for=("priya",)), key="k")
    for wider in (told("Single source."), told("Single source.", only_for=("priya", "farah"))):
        with pytest.raises(KeyReused):
            await village.do("pike", wider, key="k")
    assert len((await village.family("farah")).fragments) == 0


async def test_a_restricted_contribution_is_read_by_its_audience_alone(village: Village) -> None:
    await village.do("pike", told("Single source.", named=("agency:NCS",)))
    village.house.books.forget(village.book)
    readers = [person for person in TEAM if len((await village.family(person)).fragments)]
    assert readers == ["priya", "pike", "denise"]


async def test_a_correction_finds_its_line_only_for_its_author(village: Village) -> None:
    said = await village.do("farah", told("Monday."))
    correct = Correct(stream=said.stream, seq=said.seq, text="Tuesday.", reason="Wrong day")
    with pytest.raises(NotFound):
        await village.do("priya", correct)
    await village.do("farah", correct)
    assert (await village.family("leo")).fragments[said.ref].text == "Tuesday."


async def test_a_family_is_found_by_any_name_in_it_however_it_is_written(village: Village) -> None:
    await village.do("priya", AddMember(name="Zoë O’Brien", child=True))
    for words in ("rowe", "nmr-0147", "ISLA", "tamsin rowe", "rowe isla", "zoe\u0308", "ＲＯＷＥ", "o’br"):
        assert await found(village, "farah", words) == ["NMR-0147"], words
    assert await found(village, "farah", "rowe smith") == []


@pytest.mark.parametrize("words", ["%", "_", "\\", "%%", "r_we", "\x00", "'; --"])
async def test_a_pattern_finds_nothing_that_its_letters_do_not(village: Village, words: str) -> None:
    assert await found(village, "farah", words) in ([], ["NMR-0147"])
    if words != "\x00":
        assert await found(village, "farah", words) == []


async def test_nobody_finds_a_family_that_they_do_not_read(village: Village) -> None:
    assert await found(village, "sam", "rowe") == []
    assert await families_of(village.house.store, "sam", NOW) == []
    assert await book_read_by(village.house.store, "sam", "NMR-0147", NOW) is None


async def test_who_joins_finds_it_and_who_leaves_does_not(village: Village) -> None:
    await village.do("priya", AddToTeam(person="sam"))
    assert await found(village, "sam", "rowe") == ["NMR-0147"]
    await village.do("priya", RemoveFromTeam(person="sam", reason="Done"))
    assert await found(village, "sam", "rowe") == []


async def test_a_membership_belongs_to_one_stream(village: Village) -> None:
    receipt = await village.do("pike", told("Single source.", only_for=("priya",)))
    query = select(membership.c.person, membership.c.book).where(membership.c.stream == receipt.stream)
    rows = await village.house.store.read(lambda connection: connection.execute(query).all())
    assert sorted(tuple(row) for row in rows) == [("pike", village.book), ("priya", village.book)]


async def test_the_index_holds_no_word_of_what_was_told(village: Village) -> None:
    await village.do("farah", told("Unmistakable."))
    names = select(family_name.c.name)
    rows = await village.house.store.read(lambda connection: connection.execute(names).all())
    assert [row.name for row in rows] == ["nmr-0147 rowe", "isla", "tamsin rowe"]


async def test_a_reference_leads_to_its_book(village: Village) -> None:
    assert await book_of(village.house.store, "nmr-0147") == village.book
    assert await book_of(village.house.store, "NMR-9999") is None
    assert await book_of(village.house.store, "%00") is None


async def test_nobody_opens_a_record_that_is_open_and_so_becomes_its_reader(village: Village) -> None:
    opening = OpenFamily(reference="NMR-0148", name="Rowe", level="early_help")
    with pytest.raises(Refused):
        await village.do("sam", opening)
    with pytest.raises(NotFound):
        await village.family("sam")
    assert await found(village, "sam", "rowe") == []


async def test_an_opening_sent_twice_opens_one_family(village: Village) -> None:
    opening = OpenFamily(reference="NMR-0148", name="Ash", level="early_help")
    village.book = book_for("grace", "k")
    first = await village.do("grace", opening, key="k")
    assert (await village.do("grace", opening, key="k")).ref == first.ref
    assert await found(village, "grace", "ash") == ["NMR-0148"]
