"""Opening a family: who belongs to it, and whether there may be a record already (R43, I34)."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from server.families.alike import alike_among_own
from server.families.commands import OpenFamily, book_for
from server.families.conflicts import ExcludePerson
from server.families.looks import Looks
from server.families.matching import Somebody
from server.families.newcomers import Newcomer
from server.families.state import FamilyState
from server.families.tables import family_person
from server.record.refusals import Incomplete
from tests.families.stage import BOOK, Story
from tests.lab.town import ROWE, Headers, Town, running, sign_in_everybody
from tests.realtime import conftest as towns
from tests.realtime.twin import ADDRESS, Ids

told_sqlite, sqlite_town = towns.told_sqlite, towns.sqlite_town
told_postgres, postgres_town = towns.told_postgres, towns.postgres_town
town_url, town = towns.town_url, towns.town

JOSIE, PRIYA, SAM, IMRAN = "josie-tran", "priya-nair", "sam-whitlock", "imran-sethi"
REMI = {
    "name_1": "rowe, REMI",
    "child_1": "yes",
    "born_1-day": "24",
    "born_1-month": "11",
    "born_1-year": "2025",
}
FORM = {"key": "opens", "name": "The Rowes", "level": "early_help"}
ALREADY = "There may be a record already"
NONE = {"none_of_these": "yes"}


async def people_in(town: Town, person: str, key: str = "opens") -> list[tuple[str, bool, date | None]]:
    book = book_for(person, key)
    family = (await town.house.ledger.look(book, await town.actor(person))).state[FamilyState]
    return sorted((m.name, m.child, m.born or m.due) for m in family.members.values())


async def test_up_to_six_people_are_recorded_with_the_family_in_one_commit(town: Town) -> None:
    josie = await town.browser(JOSIE)
    rows = REMI | {"name_3": "Tamsin Rowe", "child_3": "no"}
    rows |= {"name_6": "Unborn", "child_6": "yes", "due_6-day": "1", "due_6-month": "6", "due_6-year": "2026"}
    assert (await josie.post("/families/new", data=FORM | rows)).status_code == 303
    assert await people_in(town, JOSIE) == [
        ("Tamsin Rowe", False, None),
        ("Unborn", True, date(2026, 6, 1)),
        ("rowe, REMI", True, date(2025, 11, 24)),
    ]
    again = await josie.post("/families/new", data=FORM | rows)
    assert again.status_code == 303, "sent twice, it is opened once, and is no match of itself"
    assert len(await people_in(town, JOSIE)) == 3


async def test_a_form_without_people_opens_the_record_as_before(town: Town) -> None:
    assert (await (await town.browser(JOSIE)).post("/families/new", data=FORM)).status_code == 303
    assert await people_in(town, JOSIE) == []


async def test_each_problem_stands_at_its_own_field_and_nothing_typed_is_lost(town: Town) -> None:
    rows = {"name_1": "Remi", "born_1-day": "31", "born_1-month": "2", "born_1-year": "2025"}
    rows |= {"child_2": "no", "born_3-day": "1", "born_3-month": "1", "born_3-year": "2030", "name_3": "Rosa"}
    answer = await (await town.browser(JOSIE)).post("/families/new", data=FORM | rows)
    assert answer.status_code == 422
    wrong = dict(re.findall(r'<li><a href="#(\w+)">([^<]+)</a></li>', answer.text))
    assert wrong == {
        "born_1": "Enter a date for person 1, like 27 3 2026",
        "child_1": "Choose whether person 1 is a child or an adult",
        "name_2": "Enter the name of person 2",
        "born_3": "Date of birth of person 3 must be today or in the past",
        "child_3": "Choose whether person 3 is a child or an adult",
    }
    for field, words in wrong.items():
        assert f'id="{field}-problem"' in answer.text and f'id="{field}"' in answer.text, words
    assert 'value="Rosa"' in answer.text and 'value="2030"' in answer.text


def test_a_program_is_told_of_each_field_too() -> None:
    story, born = Story(), date(2030, 1, 1)
    people = (Newcomer(name="Remi", child=True), Newcomer(name=" ", child=True, born=born, due=born))
    with pytest.raises(Incomplete) as refused:
        story.do("priya", OpenFamily(name="X", level="early_help", people=people))
    assert set(refused.value.problems) == {"name_2", "born_2", "due_2"}
    with pytest.raises(Incomplete) as refused:
        story.do("priya", OpenFamily(name="X", level="early_help", people=people[:1] * 7))
    assert set(refused.value.problems) == {"people"}
    assert story.entries == [] and BOOK not in story.streams


async def test_r43_whoever_reads_a_likely_match_is_shown_it_and_why(town: Town) -> None:
    priya = await town.browser(PRIYA)
    answer = await priya.post("/families/new", data=FORM | REMI)
    assert answer.status_code == 200 and ALREADY in answer.text
    assert f'href="/families/{ROWE}"' in answer.text
    assert "Remi Rowe, born 24 November 2025" in answer.text
    assert "same date of birth, and the same full name" in answer.text
    assert (await town.house.books.open(book_for(PRIYA, "opens"))).version == 0, "nothing is opened yet"
    form = answer.text.partition('action="/families/new"')[2].partition("</form>")[0]
    kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))
    assert kept == FORM | REMI | NONE
    assert (await priya.post("/families/new", data=kept)).status_code == 303
    assert [name for name, _, _ in await people_in(town, PRIYA)] == ["rowe, REMI"]


async def test_to_be_shown_a_match_is_a_look(town: Town) -> None:
    await (await town.browser(SAM)).post("/families/new", data=FORM | REMI)
    (look,) = [x for x in await Looks(town.house.store).newest(town.book, 50) if x.person == SAM]
    assert look.door == "opening" and "same family" in look.purpose


async def test_what_cannot_be_so_is_said_before_any_match_is_shown(town: Town) -> None:
    priya = await town.browser(PRIYA)
    answer = await priya.post("/families/new", data=FORM | REMI | {"name": ""})
    assert answer.status_code == 422 and ALREADY not in answer.text


async def test_who_is_excluded_or_works_with_no_family_is_shown_no_match(town: Town) -> None:
    await town.do(PRIYA, ExcludePerson(person=SAM, reason="Lives next door"))
    answer = await (await town.browser(SAM)).post("/families/new", data=FORM | REMI)
    assert answer.status_code == 303
    answer = await (await town.browser(IMRAN)).post("/families/new", data=FORM | REMI)
    assert answer.status_code == 403 and ROWE not in answer.text


@pytest.fixture
async def two_worlds(told_sqlite: Path, tmp_path: Path) -> tuple[list[str], dict[str, Headers]]:
    """One told database twice: in the second nobody of the Rowe family is known to the index of people."""
    files = [tmp_path / name for name in ("told.sqlite3", "with.sqlite3", "without.sqlite3")]
    shutil.copy(told_sqlite, files[0])
    seats = await sign_in_everybody(f"sqlite:///{files[0]}", ADDRESS)
    for file in files[1:]:
        shutil.copy(files[0], file)
    return [f"sqlite:///{file}" for file in files[1:]], seats


async def test_i34_no_byte_tells_whoever_opens_a_record_of_one_that_they_may_not_read(
    two_worlds: tuple[list[str], dict[str, Headers]],
) -> None:
    urls, seats = two_worlds
    heard: list[list[str]] = []
    for url in urls:
        ids = Ids()
        async with running(url, new_id=ids, seats=seats, base_url=ADDRESS, demo=False) as town:
            if url is urls[1]:
                gone = family_person.delete().where(family_person.c.stream == town.book)
                await town.house.store.write(lambda connection, gone=gone: connection.execute(gone))
            heard.append(await everything_that_josie_hears(town, ids))
    assert heard[0] == heard[1]


async def everything_that_josie_hears(town: Town, ids: Ids) -> list[str]:
    josie, said = await town.browser(JOSIE), []
    posts = [("/families/new", FORM | REMI), ("/families/new", FORM | REMI), ("/families", {"words": "rowe"})]
    for number, (path, form) in enumerate(posts):
        ids.begin(f"post {number}")
        answer = await josie.post(path, data=form)
        said.append(whole(answer.status_code, answer.headers.multi_items(), answer.text))
    for path in ("/", "/families", "/families/new", answer_of(said[0]), "/steward"):
        ids.begin(path)
        answer = await josie.get(path)
        said.append(whole(answer.status_code, answer.headers.multi_items(), answer.text))
    return said


def answer_of(said: str) -> str:
    found = re.search(r"location: (\S+)", said)
    assert found, "it was opened"
    return found[1]


def whole(status: int, headers: list[tuple[str, str]], text: str) -> str:
    return "\n".join([str(status), *(f"{k}: {v}" for k, v in headers if k != "date"), text])


async def test_what_is_asked_of_the_database_is_the_same_whatever_stands_in_other_records(town: Town) -> None:
    """The search begins at the reader's own families and carries nothing of what was typed."""
    asked: list[tuple[str, str]] = []

    def note(connection: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        if "FROM family_person JOIN membership" in statement:
            asked.append((statement, str(parameters)))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        for name, born in (("Remi Rowe", date(2025, 11, 24)), ("Nobody Atall", date(1950, 1, 1))):
            mine = [Somebody("", "1", name, True, born)]
            await alike_among_own(town.house.store, JOSIE, mine, town.clock(), besides="")
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(asked) == 2 and asked[0] == asked[1]
