"""Whoever knows a family personally is told that there is none, whatever else lets them in (R42, I25)."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import ClassVar

import pytest

from server.families.conflicts import DeclareConflict, EndExclusion, ExcludePerson, SomebodyElse
from server.families.facts import GuestAdmitted, TeamMemberAdded
from server.families.requests import RequestInformation
from server.families.state import FamilyState
from server.families.team import AddToTeam, OwnsThePlan
from server.huddles.commands import Convene, Invite
from server.huddles.state import HuddlesState
from server.people.permissions import NotYours
from server.people.roles import GrantRole
from server.realtime.frames import HTML, JSON
from server.record.books import PARTNERSHIP
from server.record.commands import Command, Draft, Hand
from server.record.facts import Fact
from server.record.refusals import Barred, Incomplete, NotFound
from tests.lab.pace import within
from tests.lab.town import ROWE, Town

SAM, DAWN, PRIYA, OWEN, DENISE = "sam-whitlock", "dawn-tully", "priya-nair", "owen-blake", "denise-hallam"
EXCLUDE = ExcludePerson(person=SAM, reason="Lives next door")


async def known(town: Town, who: str = "farah-siddiqui") -> FamilyState:
    return (await town.house.ledger.look(town.book, await town.actor(who))).state[FamilyState]


async def everything_of(town: Town, person: str) -> str:
    """All that somebody can open without knowing an address."""
    browser = await town.browser(person)
    pages = [await browser.get(address) for address in ("/", "/families", "/families/new", "/refer")]
    pages += [await browser.post("/families", data={"words": words}) for words in ("Isla", "Tamsin", "0147")]
    return "".join(page.text for page in pages)


async def not_there(town: Town, person: str) -> None:
    """Each address answers as one that does not exist, to the byte."""
    browser = await town.browser(person)
    for address in ("", "/contribute", "/conflict", "/exclusions", "/huddles", "/team", "/ask"):
        real = await browser.get(f"/families/{ROWE}{address}")
        absent = await browser.get(f"/families/ZZZ-9999{address}")
        assert real.status_code == 404
        assert real.text.replace(ROWE, "ZZZ-9999") == absent.text
    for address in ("", "/join", "/changes", "/invite"):
        real = await browser.get(f"/huddles/{town.huddle}{address}")
        absent = await browser.get(f"/huddles/{'0' * 32}{address}")
        assert (real.status_code, real.text.replace(town.huddle, "0" * 32)) == (404, absent.text)
    said = await everything_of(town, person)
    assert said.count("0 found for") == 3
    assert "Rowe" not in said and ROWE not in said


async def test_i25_dawn_tully_finds_no_such_family_by_any_way(town: Town) -> None:
    await not_there(town, DAWN)
    async with town.socket(DAWN) as socket:
        assert await socket.closed() == 1008
        assert socket.received == []


async def test_i25_who_is_excluded_in_the_middle_of_a_huddle_loses_it_within_a_second(town: Town) -> None:
    async with town.socket(SAM, JSON) as program, town.socket(SAM, HTML, town.head(PRIYA)) as page:
        await program.caught_up()
        began = time.monotonic()
        done = await town.do(DENISE, EXCLUDE)
        assert (await program.closed(), await page.closed()) == (1008, 1008)
        assert time.monotonic() - began < within(1.0)
        assert max(fact["seq"] for fact in program.facts) < done.seq
    await not_there(town, SAM)
    hand = await town.house.ledger.look(town.book, await town.actor(DENISE))
    assert SAM not in hand.state[HuddlesState].by_id[town.huddle].present()


async def test_i25_no_act_lets_an_excluded_person_in_again(town: Town) -> None:
    await town.do(DENISE, EXCLUDE)
    starts = town.clock()
    for who, act in (
        (PRIYA, AddToTeam(person=SAM)),
        (DENISE, Invite(huddle=town.huddle, person=DAWN, confirmed=True)),
        (PRIYA, Convene(purpose="Again", starts=starts, chair=PRIYA, invited=(SAM,), confirmed=(SAM,))),
    ):
        with pytest.raises(Incomplete, match="is excluded from this record"):
            await town.do(who, act)
    with pytest.raises(Incomplete):
        await town.do(PRIYA, RequestInformation(question="Repairs?", due=starts, person=SAM))
    await not_there(town, SAM)


class Smuggle(Command):
    """What a command that forgot to look would draft."""

    may: ClassVar[str] = "contribute"
    how: str

    def follows(self, hand: Hand) -> Iterable[Draft]:
        facts: dict[str, Fact] = {
            "team": TeamMemberAdded(person=DAWN),
            "guest": GuestAdmitted(person=DAWN, huddle="h", words="w"),
        }
        yield Draft(hand.book, facts[self.how])


@pytest.mark.parametrize("how", ["team", "guest"])
async def test_i25_the_one_door_itself_lets_nobody_in_who_is_excluded(how: str, town: Town) -> None:
    with pytest.raises(Barred):
        await town.do(PRIYA, Smuggle(how=how))
    await not_there(town, DAWN)


async def test_i25_a_question_put_to_somebody_before_they_were_excluded_is_gone(town: Town) -> None:
    due = town.clock().replace(hour=23)
    await town.do(PRIYA, RequestInformation(question="Any repairs?", due=due, person="gwen-abbott"))
    gwen = await town.browser("gwen-abbott")
    assert "Any repairs?" in (await gwen.get("/")).text
    await town.do(PRIYA, ExcludePerson(person="gwen-abbott", reason="Kieran's aunt"))
    assert "Any repairs?" not in (await gwen.get("/")).text


async def test_r42_it_follows_the_person_into_every_role(town: Town) -> None:
    command = GrantRole(person=DAWN, role="supervisor", tier=3)
    await town.house.ledger.record(PARTNERSHIP, command, await town.actor("imran-sethi"), key="promoted")
    await not_there(town, DAWN)


async def test_r42_whoever_declares_it_reads_nothing_from_then_on(town: Town) -> None:
    browser = await town.browser("leo-marsh")
    empty = await browser.post(f"/families/{ROWE}/conflict", data={"reason": " "})
    assert empty.status_code == 422 and "Enter how you know this family" in empty.text
    answer = await browser.post(f"/families/{ROWE}/conflict", data={"reason": "Went to school with Kieran"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/families")
    await not_there(town, "leo-marsh")
    assert "leo-marsh" not in (await known(town)).team


async def test_r1_a_plan_owner_who_declares_it_is_followed_in_the_same_moment(town: Town) -> None:
    await town.do(PRIYA, DeclareConflict(reason="A neighbour"))
    assert (await known(town)).plan_owner == OWEN
    await not_there(town, PRIYA)


async def test_r1_a_plan_owner_is_not_excluded_by_somebody_else_before_another_is_named(town: Town) -> None:
    with pytest.raises(OwnsThePlan):
        await town.do(OWEN, ExcludePerson(person=PRIYA, reason="A neighbour"))


async def test_r42_it_ends_only_by_somebody_else_and_lets_nobody_in(town: Town) -> None:
    end = EndExclusion(person=DAWN, reason="It was another Dawn Tully")
    with pytest.raises(SomebodyElse):
        await town.do(PRIYA, end)
    for who, refusal in (("farah-siddiqui", NotYours), (DENISE, NotYours), (DAWN, NotFound)):
        with pytest.raises(refusal):
            await town.do(who, end)
    await town.do(OWEN, end)
    await not_there(town, DAWN)
    await town.do(PRIYA, AddToTeam(person=DAWN))
    assert (await (await town.browser(DAWN)).get(f"/families/{ROWE}")).status_code == 200


async def test_who_is_excluded_can_be_chosen_nowhere_and_is_named_to_the_team(town: Town) -> None:
    priya, denise = await town.browser(PRIYA), await town.browser(DENISE)
    option = f'value="{DAWN}"'
    for browser, address in (
        (priya, f"/families/{ROWE}/team"),
        (priya, f"/families/{ROWE}/huddles"),
        (priya, f"/families/{ROWE}/ask"),
        (denise, f"/huddles/{town.huddle}/invite"),
        (priya, f"/families/{ROWE}/exclusions"),
    ):
        text = (await browser.get(address)).text
        assert "gwen-abbott" in text and option not in text, address
    assert "Kieran&#39;s cousin" in (await priya.get(f"/families/{ROWE}/exclusions")).text
