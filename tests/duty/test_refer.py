"""A referral of one's own: no group, role, lost part or lost right can stand before it."""

from __future__ import annotations

from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import text

from server.core import INDEX_TABLES, INDEXES
from server.families.team import RemoveFromTeam
from server.huddles.course import Abandon
from server.people.roles import RecordLeaving
from server.record.books import PARTNERSHIP
from server.record.reindex import reindex
from server.record.verify import verify
from tests.lab.machine import free_port
from tests.lab.town import ROWE, Town, running
from tests.realtime import conftest as towns

told_sqlite, sqlite_town = towns.told_sqlite, towns.sqlite_town
town = towns.one_town
told_postgres, postgres_town, town_url = towns.told_postgres, towns.postgres_town, towns.town_url

GRACE, DENISE, DAWN = "grace-lindqvist", "denise-hallam", "dawn-tully"
WORDS = "Remi has not been weighed since February. I want a strategy discussion today."
TOLD = {"told-day": "19", "told-month": "3", "told-year": "2026", "told-time": "9:10am"}
FILLED = {"child": "Remi Rowe, seven months old", "concern": WORDS, "to": "The front door"}


async def send(town: Town, who: str, address: str = "/refer", **form: Any) -> Response:
    browser = await town.browser(who)
    return await browser.post(address, data=form)


async def made(town: Town, who: str = GRACE, **form: Any) -> str:
    """The address of a referral that `who` has just made."""
    answer = await send(town, who, **FILLED | form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def seen(town: Town, who: str, address: str) -> Response:
    browser = await town.browser(who)
    return await browser.get(address)


async def test_somebody_refers_a_child_in_their_own_words(town: Town) -> None:
    address = await made(town, **TOLD)
    page = (await seen(town, GRACE, address)).text
    assert WORDS in page and "Remi Rowe, seven months old" in page
    assert "Not yet" not in page
    assert address in (await seen(town, GRACE, "/refer")).text


async def test_the_same_form_sent_twice_is_one_referral(town: Town) -> None:
    assert await made(town, key="sent-once") == await made(town, key="sent-once")


async def test_who_the_child_is_may_be_said_by_a_family_that_one_may_open(town: Town) -> None:
    address = await made(town, child="", family=ROWE)
    assert ROWE in (await seen(town, GRACE, address)).text


async def test_a_family_that_one_may_not_open_is_not_there_and_the_words_stay(town: Town) -> None:
    for reference in (ROWE, "ZZZ-9999"):
        answer = await send(town, DAWN, **FILLED | {"family": reference})
        assert answer.status_code == 422
        assert "Choose a family from the list" in answer.text and WORDS in answer.text


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ({"child": ""}, "Enter who the child is, in your own words"),
        ({"concern": " "}, "Enter what worries you, and what you want to happen"),
        ({"to": ""}, "Enter who you are referring to"),
        (TOLD | {"told-year": "2031"}, "now or in the past"),
        ({"told-day": "31", "told-month": "2", "told-year": "2026"}, "or leave it empty"),
    ],
)
async def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    town: Town, missing: dict[str, str], words: str
) -> None:
    filled = FILLED | {"reference": "REF-77"} | missing
    answer = await send(town, GRACE, **filled)
    assert answer.status_code == 422
    assert words in answer.text and "REF-77" in answer.text


async def test_nobody_else_reads_it_whoever_they_are(town: Town) -> None:
    address = await made(town, child="", family=ROWE)
    others = ("priya-nair", DENISE, "owen-blake", "imran-sethi", "judith-okonjo", DAWN)
    absent = (await seen(town, DENISE, "/referrals/00000000-0000-0000-0000-000000000000")).text
    for who in others:
        answer = await seen(town, who, address)
        assert (answer.status_code, answer.text.count(WORDS)) == (404, 0), who
        for path in (address, f"{address}/tell"):
            assert (await send(town, who, path, reference="X", words="X", to="X")).status_code == 404
    assert (await seen(town, DENISE, address)).text == absent


async def test_what_came_of_it_is_added_and_nothing_is_changed(town: Town) -> None:
    address = await made(town)
    assert (await send(town, GRACE, address)).status_code == 422
    await send(town, GRACE, address, reference="REF-77", answer="They will visit today.", **TOLD)
    page = (await seen(town, GRACE, address)).text
    assert WORDS in page and "REF-77" in page and "They will visit today." in page


async def test_the_team_is_told_only_in_the_words_that_the_referrer_chose(town: Town) -> None:
    address = await made(town, child="", family=ROWE)
    room = f"/huddles/{town.huddle}"
    assert "referring this separately" not in (await seen(town, DENISE, room)).text
    assert (await send(town, GRACE, f"{address}/tell", to="The front door", words="")).status_code == 422
    await send(town, GRACE, f"{address}/tell", to="The front door", words="I have referred Remi.")
    page = (await seen(town, DENISE, room)).text
    assert "Grace Lindqvist is referring this separately, to The front door: I have referred Remi." in page
    assert WORDS not in page


async def test_who_lost_access_to_the_family_refers_all_the_same(town: Town) -> None:
    await town.do("priya-nair", RemoveFromTeam(person=GRACE, reason="Moved"))
    assert (await seen(town, GRACE, f"/families/{ROWE}")).status_code == 404
    address = await made(town)
    assert (await send(town, GRACE, f"{address}/tell", to="X", words="X")).status_code == 404


async def test_with_the_room_given_up_no_redis_and_access_removed_somebody_refers(sqlite_town: str) -> None:
    nobody_there = f"redis://127.0.0.1:{free_port()}/0"
    async with running(sqlite_town, redis_url=nobody_there) as town:
        await town.do(DENISE, Abandon(huddle=town.huddle, reason="Nobody else can come"))
        await town.do("priya-nair", RemoveFromTeam(person=GRACE, reason="Moved"))
        assert (await seen(town, GRACE, f"/huddles/{town.huddle}")).status_code == 404
        page = (await seen(town, GRACE, await made(town, **TOLD))).text
        assert WORDS in page and "999" in page


async def test_whoever_works_here_may_refer_and_who_left_is_signed_out(town: Town) -> None:
    for who in ("imran-sethi", "judith-okonjo", DAWN):
        await made(town, who)
    leaving, by = RecordLeaving(person=DAWN, reason="Moved"), await town.actor("imran-sethi")
    await town.house.ledger.record(PARTNERSHIP, leaving, by, key="leaves")
    assert (await send(town, DAWN, **FILLED)).status_code == 401


@pytest.mark.parametrize("address", ["/", f"/families/{ROWE}", "/refer", "/nowhere", "/families"])
async def test_every_page_gives_the_numbers_and_the_way(town: Town, address: str) -> None:
    page = (await seen(town, GRACE, address)).text
    assert 'href="tel:999"' in page and 'href="/refer"' in page and "01632 960101" in page


async def test_the_numbers_stand_before_signing_in(town: Town) -> None:
    page = (await seen(town, "", "/sign-in")).text
    assert 'href="tel:999"' in page and "01632 960101" in page


async def test_with_the_record_out_of_reach_the_page_gives_the_numbers_and_keeps_the_text(
    sqlite_town: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invariant 12, the last part: nobody can be asked who they are, and nothing can be recorded."""
    async with running(sqlite_town) as town:
        browser = await town.browser(GRACE)

        async def away(*_: object, **__: object) -> None:
            raise ConnectionRefusedError

        monkeypatch.setattr(town.house.store, "read", away)
        monkeypatch.setattr(town.house.store, "write", away)
        sent = FILLED | {"key": "the-same-key", "family": ROWE}
        for answer in (await browser.get("/refer"), await browser.post("/refer", data=sent)):
            assert answer.status_code == 503
            assert 'href="tel:999"' in answer.text and "01632 960101" in answer.text
            assert "nothing was recorded" in answer.text
        assert WORDS in answer.text and "Remi Rowe, seven months old" in answer.text
        for name, value in (("key", "the-same-key"), ("family", ROWE)):
            assert f'name="{name}" value="{value}"' in answer.text, "sent again, it is the same referral"
        monkeypatch.undo()
        assert (await browser.post("/refer", data=FILLED)).status_code == 303


async def test_no_name_of_anybody_is_in_what_redis_is_rung_with(town: Town) -> None:
    await made(town)
    streams = await town.house.store.read(
        lambda c: c.execute(text("SELECT id FROM stream WHERE id LIKE 'referral:%'")).scalars().all()
    )
    assert len(streams) == 1 and "grace" not in streams[0]


async def test_referrals_are_chained_and_their_index_can_be_made_again(town_url: str) -> None:
    async with running(town_url) as town:
        address = await made(town)
        await send(town, GRACE, address, reference="REF-77")
        assert await verify(town.house.store) == []
        assert await reindex(town.house.store, INDEXES, INDEX_TABLES) == []
