"""Adjourn, go on, abandon (R6): with a reason and a moment, and never in the way of anybody's own duty."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from server.core import INDEX_TABLES, INDEXES
from server.families.knowledge import Contribute
from server.huddles.chair import AssumeChair
from server.huddles.commands import ChangePhase, Join
from server.huddles.course import Abandon, Adjourn, AdjournedTwice, Resume, last_day
from server.huddles.decision_state import DecisionsState
from server.huddles.phone import GivePhoneCode
from server.huddles.positions import FinaliseDecision, StateDuty, TakePosition
from server.huddles.sitting import NotSitting, is_on
from server.huddles.state import Huddle, HuddlesState
from server.people.permissions import NotYours
from server.people.state import PartnershipState
from server.record.refusals import Incomplete
from server.record.reindex import reindex
from server.record.verify import verify
from tests.huddles.meeting import DENISE, FARAH, GRACE, PRIYA, decided, decision, judgement
from tests.lab.town import ROWE, Town, running

PIKE, RUTH = "hannah-pike", "ruth-adeyemi"
WHY = "The police are missing"


async def refused(town: Town, who: str, command: Any) -> Exception:
    with pytest.raises(Exception) as found:
        await town.do(who, command)
    return found.value


async def huddle(town: Town) -> Huddle:
    hand = await town.house.ledger.look(town.book, await town.actor(DENISE))
    return hand.state[HuddlesState].by_id[town.huddle]


def adjourn(town: Town, **more: Any) -> Adjourn:
    filled = {"huddle": town.huddle, "reason": WHY, "resumes": town.clock() + timedelta(days=1)}
    return Adjourn(**(filled | more))


async def comes_in(town: Town, *people: str) -> None:
    for who in people:
        await town.do(who, Join(huddle=town.huddle, accepted=True))


async def seen(town: Town, who: str, path: str) -> str:
    return (await (await town.browser(who)).get(path)).text


async def test_it_stops_until_a_named_moment_and_goes_on_with_who_comes_in_anew(town: Town) -> None:
    then = town.clock() + timedelta(days=1)
    await town.do(DENISE, adjourn(town))
    known = await huddle(town)
    assert (known.course, known.resumes, known.why, known.present()) == ("adjourned", then, WHY, set())
    town.clock.pass_by(days=1, minutes=3)
    await town.do(DENISE, Resume(huddle=town.huddle, minutes=30))
    known = await huddle(town)
    assert is_on(known) and known.present() == set()
    assert known.ends == town.clock() + timedelta(minutes=30)
    await comes_in(town, DENISE, PRIYA)
    assert (await huddle(town)).present() == {DENISE, PRIYA}


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"resumes": datetime(2026, 3, 19, 14, 0, tzinfo=UTC)}, "resumes"),
        ({"resumes": datetime(2026, 4, 3, 14, 0, tzinfo=UTC)}, "resumes"),
    ],
)
async def test_it_says_why_and_when_within_ten_working_days(
    town: Town, missing: dict[str, Any], field: str
) -> None:
    error = await refused(town, DENISE, adjourn(town, **missing))
    assert isinstance(error, Incomplete) and set(error.problems) == {field}
    assert is_on(await huddle(town))


def test_bank_holidays_are_no_working_days() -> None:
    """Good Friday and Easter Monday lie between."""
    england = PartnershipState(nation="england")
    assert last_day(date(2026, 3, 19), england) == date(2026, 4, 2)
    assert last_day(date(2026, 3, 26), england) == date(2026, 4, 13)


async def test_never_twice_running_without_a_quorum(town: Town) -> None:
    await town.do(DENISE, adjourn(town))
    await town.do(DENISE, Resume(huddle=town.huddle))
    await comes_in(town, DENISE, PRIYA)
    assert isinstance(await refused(town, DENISE, adjourn(town)), AdjournedTwice)
    await comes_in(town, PIKE, FARAH, GRACE)
    await town.do(DENISE, adjourn(town, reason="The fire alarm"))
    await town.do(DENISE, Resume(huddle=town.huddle))
    await comes_in(town, DENISE)
    await town.do(DENISE, adjourn(town, reason="Too few again"))
    assert (await huddle(town)).lacked, "once more is not twice running"


async def test_only_the_chair_turns_it_and_the_deputy_can_take_the_chair_to_do_so(town: Town) -> None:
    acts = (adjourn(town), Abandon(huddle=town.huddle, reason="x"), Resume(huddle=town.huddle))
    for who in (PRIYA, RUTH, "cal-moss"):
        for act in acts:
            assert isinstance(await refused(town, who, act), NotYours), who
    await town.do(DENISE, adjourn(town))
    await town.do(RUTH, AssumeChair(huddle=town.huddle, instead_of=DENISE, reason="She is ill"))
    await town.do(RUTH, Resume(huddle=town.huddle))
    assert is_on(await huddle(town))


@pytest.mark.parametrize("course", ["adjourned", "abandoned"])
async def test_what_needs_a_sitting_is_refused_in_words_and_nothing_else_is(town: Town, course: str) -> None:
    """R4, R5: a line, a position, one's own duty and a referral go on whatever becomes of the huddle."""
    made = await decided(town)
    another, judge = await decision(town, last=made, rationale="x" * 9), await judgement(town, 5)
    stops = adjourn(town) if course == "adjourned" else Abandon(huddle=town.huddle, reason=WHY)
    await town.do(DENISE, stops)
    for who, act in (
        (DENISE, another),
        (DENISE, ChangePhase(huddle=town.huddle, phase="discussion")),
        (DENISE, GivePhoneCode(huddle=town.huddle, person=PIKE)),
        (DENISE, adjourn(town)),
        (GRACE, judge),
        (GRACE, Join(huddle=town.huddle, accepted=True)),
    ):
        error = await refused(town, who, act)
        assert isinstance(error, NotSitting) and course in error.message, act
        assert "refer on your own" in error.message
    line = Contribute(domain="home", basis="observed_fact", text="Seen.", bearing="concern")
    await town.do(GRACE, line)
    await town.do(GRACE, TakePosition(huddle=town.huddle, decision=made, position="agree"))
    await town.do(GRACE, StateDuty(huddle=town.huddle, decision=made, choice="referring_separately"))
    browser = await town.browser(GRACE)
    referred = {"child": "Remi Rowe", "concern": "Unweighed since February.", "to": "The front door"}
    assert (await browser.post("/refer", data=referred)).status_code == 303
    await town.do(DENISE, FinaliseDecision(huddle=town.huddle, decision=made, reason="No more comes"))


async def test_an_abandoned_one_is_not_taken_up_again(town: Town) -> None:
    await town.do(DENISE, Abandon(huddle=town.huddle, reason=WHY))
    assert isinstance(await refused(town, DENISE, Resume(huddle=town.huddle)), NotSitting)
    assert isinstance(await refused(town, DENISE, Abandon(huddle=town.huddle, reason=WHY)), NotSitting)


async def test_what_was_typed_for_a_decision_stays_when_the_huddle_stopped_meanwhile(town: Town) -> None:
    browser = await town.browser(DENISE)
    await town.do(DENISE, adjourn(town))
    full = await decision(town)
    form: dict[str, Any] = {"words": full.words, "chosen": "E3", "rationale": "Typed for long."}
    answer = await browser.post(f"/huddles/{town.huddle}/decide", data=form)
    assert answer.status_code == 422 and "Typed for long." in answer.text
    assert "This huddle is adjourned until Friday 20 March at 14:20" in answer.text
    hand = await town.house.ledger.look(town.book, await town.actor(DENISE))
    assert hand.state[DecisionsState].of(town.huddle) == ()


async def test_every_page_says_how_it_stands(town: Town) -> None:
    room = f"/huddles/{town.huddle}"
    await town.do(DENISE, adjourn(town))
    for path in (room, f"/families/{ROWE}", "/"):
        page = await seen(town, FARAH, path)
        assert "Adjourned" in page and WHY in page, path
    page = await seen(town, FARAH, room)
    assert 'name="text"' in page and "Denise Hallam adjourned this huddle until" in page
    assert "It was not quorate: Northmere Constabulary is missing" in page
    assert (await (await town.browser("owen-blake")).get(room)).status_code == 200, "all readers may look"
    assert "Go on, or abandon" in await seen(town, DENISE, room)
    await town.do(DENISE, Abandon(huddle=town.huddle, reason="It was decided elsewhere"))
    for path in (room, f"/families/{ROWE}", "/"):
        page = await seen(town, FARAH, path)
        assert "Abandoned" in page and "It was decided elsewhere" in page, path
    assert "Resume" not in await seen(town, DENISE, f"{room}/course")


async def test_the_whole_course_without_a_script(town_url: str) -> None:
    async with running(town_url) as town:
        chair, at = await town.browser(DENISE), f"/huddles/{town.huddle}/course"
        when = {"resumes-day": "20", "resumes-month": "3", "resumes-year": "2026", "resumes-time": "10am"}
        answer = await chair.post(f"{at}/adjourn", data=when | {"reason": ""})
        assert answer.status_code == 422 and "Enter why it is adjourned" in answer.text
        answer = await chair.post(f"{at}/adjourn", data={"reason": WHY, "resumes-day": "31"})
        assert answer.status_code == 422 and WHY in answer.text and 'value="31"' in answer.text
        assert (await chair.post(f"{at}/adjourn", data=when | {"reason": WHY})).status_code == 303
        answer = await chair.post(f"{at}/resume", data={"minutes": "2"})
        assert answer.status_code == 422 and "from 5 to 240 minutes" in answer.text
        assert (await chair.post(f"{at}/resume", data={"minutes": "30"})).status_code == 303
        answer = await chair.post(f"{at}/adjourn", data=when | {"reason": "Again"})
        assert answer.status_code == 409 and "Again" in answer.text and "without a quorum" in answer.text
        assert (await chair.post(f"{at}/abandon", data={"reason": ""})).status_code == 422
        assert (await chair.post(f"{at}/abandon", data={"reason": "Enough"})).status_code == 303
        assert "This huddle is abandoned" in (await chair.get(at)).text
        assert await verify(town.house.store) == []
        faults = await reindex(town.house.store, INDEXES, INDEX_TABLES)
        assert not faults, faults
