"""Who is invited says that they come, or why not; the first page asks and the room shows it."""

from __future__ import annotations

import pytest

from server.huddles.commands import Join
from server.huddles.course import Abandon
from server.huddles.invitations import AcceptInvitation, HuddleOver, NotInvited, SendApologies
from server.record.refusals import Incomplete, NotFound
from tests.lab.town import Town

PIKE, DENISE, OWEN, DAWN = "hannah-pike", "denise-hallam", "owen-blake", "dawn-tully"
INVITED = "You are invited"


async def home(town: Town, who: str) -> str:
    return (await (await town.browser(who)).get("/")).text


async def room(town: Town) -> str:
    return (await (await town.browser(DENISE)).get(f"/huddles/{town.huddle}")).text


async def test_who_is_invited_is_asked_on_the_first_page_and_accepts(town: Town) -> None:
    assert INVITED in await home(town, PIKE)
    answer = await (await town.browser(PIKE)).post(f"/huddles/{town.huddle}/accept")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "You said that you will come" in await home(town, PIKE)
    assert ", will come" in await room(town)


async def test_apologies_need_a_reason_and_the_room_shows_it(town: Town) -> None:
    pike = await town.browser(PIKE)
    address = f"/huddles/{town.huddle}/apologies"
    empty = await pike.post(address, data={"reason": " "})
    assert empty.status_code == 422 and "Enter why you cannot come" in empty.text
    assert (await pike.post(address, data={"reason": "In court all day"})).status_code == 303
    assert "You sent apologies" in await home(town, PIKE)
    assert ", sent apologies: In court all day" in await room(town)
    assert 'value="In court all day"' in (await pike.get(address)).text


async def test_the_newest_answer_holds_and_who_joins_has_come(town: Town) -> None:
    await town.do(PIKE, SendApologies(huddle=town.huddle, reason="In court"))
    await town.do(PIKE, AcceptInvitation(huddle=town.huddle))
    assert ", sent apologies" not in await room(town)
    await town.do(PIKE, SendApologies(huddle=town.huddle, reason="In court"))
    await town.do(PIKE, Join(huddle=town.huddle, accepted=True))
    assert ", sent apologies" not in await room(town)
    assert "You sent apologies" not in await home(town, PIKE)


async def test_nobody_answers_who_was_not_invited_or_may_not_know(town: Town) -> None:
    for who, refusal in ((OWEN, NotInvited), (DAWN, NotFound)):
        with pytest.raises(refusal):
            await town.do(who, AcceptInvitation(huddle=town.huddle))
        with pytest.raises(refusal):
            await town.do(who, SendApologies(huddle=town.huddle, reason="Away"))
    assert INVITED not in await home(town, OWEN)


async def test_saying_the_same_again_records_nothing(town: Town) -> None:
    await town.do(PIKE, AcceptInvitation(huddle=town.huddle))
    before = (await town.house.books.open(town.book)).version
    await town.do(PIKE, AcceptInvitation(huddle=town.huddle))
    assert (await town.house.books.open(town.book)).version == before


async def test_a_huddle_that_is_over_awaits_nobody(town: Town) -> None:
    await town.do(DENISE, Abandon(huddle=town.huddle, reason="The building is closed"))
    with pytest.raises(HuddleOver):
        await town.do(PIKE, AcceptInvitation(huddle=town.huddle))
    assert INVITED not in await home(town, PIKE)


async def test_what_is_written_too_long_is_said_and_kept(town: Town) -> None:
    with pytest.raises(Incomplete):
        await town.do(PIKE, SendApologies(huddle=town.huddle, reason="x" * 5000))
