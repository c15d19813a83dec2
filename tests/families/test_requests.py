"""A gap is asked for: who is asked sees the question and nothing else; what they answer reaches the team."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.families.knowledge import Contribute
from server.families.picture import cell_view
from server.families.request_state import Request, RequestsState
from server.families.requests import AnswerRequest, RequestInformation
from server.families.state import FamilyState
from server.families.team import AddToTeam
from server.people.state import PartnershipState
from server.realtime.frames import JSON
from server.record.commands import Hand
from server.record.refusals import Incomplete, NotFound
from server.record.verify import verify
from tests.lab.town import ROWE, Town, running
from tests.realtime import conftest as towns
from tests.realtime.conftest import ONE_AND_TWO

told_sqlite, sqlite_town = towns.told_sqlite, towns.sqlite_town
town = towns.one_town
told_postgres, postgres_town, town_url = towns.told_postgres, towns.postgres_town, towns.town_url

PRIYA, FARAH, SAM, MARTIN = "priya-nair", "farah-siddiqui", "sam-whitlock", "martin-yeo"
"""Martin Yeo works with another part of the town and is not in this team."""
QUESTION = "What do you hold about Remi Rowe, born 24 November, and the address of his mother?"
SEARCHED = "Remi Rowe, Tamsin Rowe, from January"


async def hand_of(town: Town, who: str) -> Hand:
    return await town.house.ledger.look(town.book, await town.actor(who))


def ask(town: Town, **more: Any) -> RequestInformation:
    filled: dict[str, Any] = {"question": QUESTION, "due": town.clock() + timedelta(days=2), "person": MARTIN}
    return RequestInformation(**filled | more)


async def asked(town: Town, who: str = PRIYA, **more: Any) -> Request:
    """The request that somebody has just made, as the team reads it."""
    await town.do(who, ask(town, **more))
    return (await hand_of(town, PRIYA)).state[RequestsState].in_order()[-1]


async def answer(town: Town, who: str, known: Request, **more: Any) -> None:
    filled: dict[str, Any] = {"answer": "answered", "words": "Weighed 2 February.", "bearing": "no_concern"}
    await town.do(who, AnswerRequest(request=known.id, **filled | more))


async def problems(town: Town, who: str, command: Any) -> dict[str, str]:
    with pytest.raises(Incomplete) as found:
        await town.do(who, command)
    return found.value.problems


async def test_who_is_asked_sees_the_question_and_nothing_else(town: Town) -> None:
    known = await asked(town, domain="health")
    hand = await hand_of(town, MARTIN)
    assert list(hand.audience) == [known.stream]
    assert hand.state[FamilyState] == FamilyState(), "not the family's name, nor who is in it"
    (put,) = hand.state[RequestsState].put.values()
    assert (put.question, put.asked, put.domain) == (QUESTION, (MARTIN,), "health")


@ONE_AND_TWO
async def test_i2_i3_no_page_socket_or_search_opens_the_family_to_them(town: Town) -> None:
    await asked(town)
    browser = await town.browser(MARTIN)
    for address in (f"/families/{ROWE}", f"/huddles/{town.huddle}", f"/huddles/{town.huddle}/changes"):
        assert (await browser.get(address)).status_code == 404, address
    assert ROWE not in (await browser.get("/families")).text
    assert QUESTION[:40] in (await browser.get("/")).text
    with pytest.raises(NotFound):
        await town.do(MARTIN, Contribute(domain="home", basis="observed_fact", text="x", bearing="concern"))
    async with town.socket(MARTIN, JSON) as socket:
        assert await socket.closed() == 1008


async def test_what_they_answer_reaches_the_team_and_the_picture(town: Town) -> None:
    known = await asked(town, domain="emotional")
    assert (await mark(town, "NCH", "emotional")) == "asked"
    await answer(town, MARTIN, known)
    team = (await hand_of(town, FARAH)).state
    newest = team[RequestsState].team[known.id].newest
    assert newest and (newest.person, newest.answer, newest.words) == (
        MARTIN,
        "answered",
        "Weighed 2 February.",
    )
    told = list(team[FamilyState].fragments.told(("NCH", "emotional")))
    assert [(f.author, f.agency, f.text) for f in told] == [(MARTIN, "NCH", "Weighed 2 February.")]
    assert (await mark(town, "NCH", "emotional")) == "no_concern"


async def mark(town: Town, agency: str, domain: str) -> str:
    hand = await hand_of(town, FARAH)
    return cell_view(hand.state[FamilyState], hand.partnership[PartnershipState], (agency, domain)).mark


async def test_a_nil_return_says_what_was_searched_and_is_corrected_in_the_open(town: Town) -> None:
    """The housing agency searched the name and not the address, and said so in the room."""
    known = await asked(town, person="", agency="NHM", domain="housing")
    empty = AnswerRequest(request=known.id, answer="nil_return")
    assert "names, addresses and dates" in (await problems(town, SAM, empty))["searched"]
    await answer(town, SAM, known, answer="nil_return", words="", searched=SEARCHED, bearing=None)
    await answer(town, SAM, known, words="Shouting on 26 February, by the address.", bearing="concern")
    first, second = (await hand_of(town, PRIYA)).state[RequestsState].team[known.id].answers
    assert (first.answer, first.searched, first.corrects) == ("nil_return", SEARCHED, None)
    assert (second.answer, second.corrects) == ("answered", "nil_return")
    assert await mark(town, "NHM", "housing") == "concern"


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"question": " "}, "question", "Enter what you need to know"),
        ({"person": ""}, "agency", "Choose who to ask. It must be an agency or one person"),
        ({"person": "imran-sethi"}, "agency", "Choose who to ask. It must be an agency or one person"),
        ({"person": PRIYA}, "agency", "Choose who to ask. It must be an agency or one person"),
        ({"due": timedelta(days=-1)}, "due", "Due date must be today or later"),
    ],
)
async def test_what_is_no_question_is_said_in_words(
    town: Town, wrong: dict[str, Any], field: str, words: str
) -> None:
    if "due" in wrong:
        wrong = {"due": town.clock() + wrong["due"]}
    assert (await problems(town, PRIYA, ask(town, **wrong)))[field] == words


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"words": ""}, "words"),
        ({"bearing": None}, "bearing"),
        ({"answer": "declined", "words": " "}, "words"),
        ({"answer": "nil_return", "searched": ""}, "searched"),
    ],
)
async def test_an_answer_is_whole(town: Town, wrong: dict[str, Any], field: str) -> None:
    known = await asked(town)
    filled: dict[str, Any] = {"answer": "answered", "words": "Weighed.", "bearing": "concern"}
    command = AnswerRequest(request=known.id, **filled | wrong)
    assert field in await problems(town, MARTIN, command)


async def test_only_who_was_asked_answers(town: Town) -> None:
    known = await asked(town)
    for who in (FARAH, PRIYA, "dawn-tully", "josie-tran"):
        with pytest.raises(NotFound):
            await answer(town, who, known)


@pytest.mark.parametrize(
    ("agency", "whom"),
    [
        ("NHM", {SAM}),
        ("SAP", {FARAH}),
        ("NIC", {"mina-castellano"}),
        ("NCH", {"grace-lindqvist", "tom-okafor"}),
    ],
)
async def test_an_agency_means_who_of_it_is_in_the_team_or_else_who_answers_for_it(
    town: Town, agency: str, whom: set[str]
) -> None:
    assert set((await asked(town, person="", agency=agency)).asked) == whom


async def test_who_joins_the_team_later_reads_it_there_as_well(town: Town) -> None:
    known = await asked(town)
    await town.do(PRIYA, AddToTeam(person=MARTIN, reason="New worker"))
    assert town.book in (await hand_of(town, MARTIN)).audience
    await answer(town, MARTIN, known)
    assert (await hand_of(town, FARAH)).state[RequestsState].team[known.id].answers


async def test_the_same_answer_twice_is_one(town: Town) -> None:
    known = await asked(town)
    await answer(town, MARTIN, known)
    await answer(town, MARTIN, known)
    assert len((await hand_of(town, PRIYA)).state[RequestsState].team[known.id].answers) == 1


async def test_it_is_asked_and_answered_by_pages(town_url: str) -> None:
    async with running(town_url) as town:
        priya, martin, dawn = [await town.browser(who) for who in (PRIYA, MARTIN, "dawn-tully")]
        form = {"question": QUESTION, "person": MARTIN, "domain": "health", "due": "2099-03-27T12:00"}
        empty = await priya.post(f"/families/{ROWE}/ask", data={"question": QUESTION})
        assert empty.status_code == 422 and QUESTION in empty.text
        assert (await priya.post(f"/families/{ROWE}/ask", data=form)).status_code == 303
        known = (await hand_of(town, PRIYA)).state[RequestsState].in_order()[-1]
        address = f"/requests/{known.id}"
        assert (await dawn.get(address)).status_code == 404
        mine = await martin.get(address)
        assert QUESTION in mine.text and "Rowe</a>" not in mine.text
        said = {"answer": "nil_return", "searched": SEARCHED, "words": "", "basis": "record_extract"}
        assert (await martin.post(address, data=said)).status_code == 303
        assert SEARCHED in (await priya.get(f"/families/{ROWE}")).text
        assert QUESTION[:40] not in (await martin.get("/")).text, "it is answered"
        assert await verify(town.house.store) == []
