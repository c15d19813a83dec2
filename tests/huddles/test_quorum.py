"""Quorum (R6): who must be here for a risk to be tolerated, and that nothing else waits for it."""

from __future__ import annotations

from typing import Any

import pytest

from server.families.knowledge import Contribute
from server.families.state import FamilyState
from server.huddles.commands import ChangePhase, Convene, Join, Leave
from server.huddles.quorum import Quorum, quorum, to_ring, words
from server.huddles.state import HuddlesState
from server.people.state import PartnershipState
from server.realtime.frames import HTML
from server.record.refusals import Incomplete
from tests.huddles.meeting import DENISE, FARAH, GRACE, PRIYA, decided, decision, decisions, judgement
from tests.lab.town import Town

PIKE = "hannah-pike"
LEO, SAM, CAL = "leo-marsh", "sam-whitlock", "cal-moss"
NO_POLICE = "Northmere Constabulary is missing"


async def counted(town: Town) -> tuple[Quorum, str, dict[str, tuple[str, ...]]]:
    """How the huddle stands, in words, and whom to ring."""
    hand = await town.house.ledger.look(town.book, await town.actor(DENISE))
    huddle, family = hand.state[HuddlesState].by_id[town.huddle], hand.state[FamilyState]
    people = hand.partnership[PartnershipState]
    found = quorum(huddle, family, people)
    return found, words(found, people), to_ring(found, huddle, family, people)


async def joins(town: Town, who: str, **more: Any) -> None:
    await town.do(who, Join(huddle=town.huddle, accepted=True, **more))


async def leaves(town: Town, *people: str) -> None:
    for who in people:
        await town.do(who, Leave(huddle=town.huddle))


async def test_without_an_agency_that_must_be_here_it_is_not_quorate(town: Town) -> None:
    found, missing, ring = await counted(town)
    assert not found.quorate and missing == NO_POLICE
    assert ring == {"NPC": (PIKE,)}, "who was invited would be rung"
    await joins(town, PIKE)
    found, missing, ring = await counted(town)
    assert found.quorate and not missing and not ring


async def test_it_counts_who_is_here_at_this_moment(town: Town) -> None:
    """G2.17: who came in and went again counts for nobody."""
    await joins(town, PIKE)
    await leaves(town, PIKE)
    assert not (await counted(town))[0].quorate


async def test_lead_social_care_is_somebody_who_works_with_the_family(town: Town) -> None:
    """The independent chair and the minute taker are of children's services too, as guests of the huddle."""
    await joins(town, PIKE)
    await leaves(town, PRIYA)
    found, missing, ring = await counted(town)
    assert not found.social_care and missing == "lead social care is missing"
    assert PRIYA in ring["NCS"] and DENISE not in ring["NCS"]


async def test_two_other_agencies_in_direct_contact_must_be_here(town: Town) -> None:
    await joins(town, PIKE)
    await leaves(town, FARAH, GRACE)
    found, missing, ring = await counted(town)
    assert (found.others, missing) == (
        1,
        "one more agency in direct contact with the family is missing",
    ), "housing and police are here and are in no direct contact"
    assert set(ring) == {"SAP", "NCH"} and FARAH in ring["SAP"]
    await leaves(town, LEO)
    assert (await counted(town))[1] == "2 more agencies in direct contact with the family are missing"


@pytest.mark.parametrize("gone", [PRIYA, PIKE])
async def test_who_only_sent_a_report_speaks_for_nobody(town: Town, gone: str) -> None:
    await joins(town, PIKE)
    await leaves(town, gone)
    await joins(town, gone, mode="report_only")
    assert not (await counted(town))[0].quorate


async def test_who_writes_does_not_count_and_one_person_is_one_agency(town: Town) -> None:
    hand = await town.house.ledger.look(town.book, await town.actor(DENISE))
    huddle = hand.state[HuddlesState].by_id[town.huddle]
    assert CAL in huddle.present() and CAL not in huddle.voices()


async def test_whether_it_was_quorate_stands_in_each_decision_and_stops_none(town: Town) -> None:
    first = await decided(town)
    await joins(town, PIKE)
    other = "Police came in and say that bail ends on Friday; everybody hears it for the first time today."
    await town.do(DENISE, await decision(town, last=first, rationale=other, answers=()))
    before, after = await decisions(town)
    assert (before.said.quorate, before.said.missing) == (False, NO_POLICE)
    assert (after.said.quorate, after.said.missing) == (True, "")
    assert PIKE not in before.said.present and {PIKE, PRIYA, CAL} <= set(after.said.present)
    page = (await (await town.browser(FARAH)).get(f"/huddles/{town.huddle}/decisions/{first}")).text
    assert "was not quorate when this was recorded" in page and NO_POLICE in page


async def test_the_check_says_that_it_is_not_quorate_and_takes_an_answer(town: Town) -> None:
    with pytest.raises(Incomplete) as refused:
        await town.do(DENISE, await decision(town, answers=()))
    assert f"The huddle is not quorate: {NO_POLICE}" in refused.value.problems["answer-agencies"]
    await decided(town)
    (found,) = await decisions(town)
    assert NO_POLICE in found.said.answers[0].missing


async def test_everything_else_goes_on_without_a_quorum(town: Town) -> None:
    await leaves(town, PRIYA, FARAH)
    line = Contribute(domain="home", basis="observed_fact", text="Seen.", bearing="concern")
    await town.do(GRACE, line)
    await town.do(GRACE, await judgement(town, 8))
    await town.do(DENISE, ChangePhase(huddle=town.huddle, phase="decision"))
    await decided(town)
    browser = await town.browser(GRACE)
    referred = {"child": "Remi Rowe", "concern": "Unweighed since February.", "to": "The front door"}
    assert (await browser.post("/refer", data=referred)).status_code == 303


async def test_every_screen_says_so_and_is_put_right_as_people_come(town: Town) -> None:
    browser = await town.browser(FARAH)
    page = (await browser.get(f"/huddles/{town.huddle}")).text
    assert f"Not quorate: {NO_POLICE}" in page and "DS Hannah Pike, Detective sergeant" in page
    async with town.socket(FARAH, HTML, town.head(FARAH)) as screen:
        await joins(town, PIKE)
        parts = " ".join((await screen.next("frame"))["parts"])
    assert 'id="quorum"' in parts and 'id="quorate"' in parts and "Not quorate" not in parts


async def test_whoever_calls_a_huddle_says_which_agencies_must_be_here(town: Town) -> None:
    browser = await town.browser(PRIYA)
    at = "/families/NMR-0147/huddles"
    form = {
        "purpose": "Again",
        "starts-day": "27",
        "starts-month": "3",
        "starts-year": "2026",
        "starts-time": "2pm",
    }
    form |= {"chair": PRIYA, "minutes": "20", "required": "SAP"}
    assert "Agencies that must be here" in (await browser.get(at)).text
    assert (await browser.post(at, data=form | {"required": "ZZZ"})).status_code == 422
    assert (await browser.post(at, data=form)).status_code == 303
    hand = await town.house.ledger.look(town.book, await town.actor(PRIYA))
    huddles = hand.state[HuddlesState]
    assert huddles.by_id[huddles.order[-1]].required == ("SAP",)


async def test_a_deputy_neither_chairs_nor_writes(town: Town) -> None:
    """Else a scribe in the chair would do both (R7)."""
    both = Convene(purpose="Again", starts=town.clock(), chair=DENISE, deputy=CAL, scribe=CAL)
    with pytest.raises(Incomplete) as refused:
        await town.do(PRIYA, both)
    assert "deputy" in refused.value.problems
