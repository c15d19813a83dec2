"""What is owed is chased up its ladder, each step once, to whoever stands there at that moment."""

from __future__ import annotations

from server.families.request_state import RequestsState
from server.families.requests import AnswerRequest, RequestInformation
from tests.chasing.chaser import Chaser, local, people, subjects
from tests.lab.town import Town

MARTIN, DENISE, PRIYA, TOM = "martin-yeo", "denise-hallam", "priya-nair", "tom-okafor"


async def asked(town: Town, due: str = "2026-03-27T12:00") -> str:
    """A question to Martin, who is not of the team."""
    command = RequestInformation(
        question="When was Remi last weighed?", due=local(due), person=MARTIN, huddle=town.huddle
    )
    await town.do(DENISE, command)
    hand = await town.house.ledger.look(town.book, await town.actor(DENISE))
    return list(hand.state[RequestsState].team.values())[-1].id


async def test_a_question_that_nobody_answers_climbs_to_the_queue(chaser: Chaser) -> None:
    request = await asked(chaser.town)
    assert people(await chaser.look()) == [MARTIN], "asked, at once"
    assert subjects(await chaser.at("2026-03-26T07:30")) == ["1 request for information due this week"]
    assert people(await chaser.at("2026-03-26T08:59")) == []
    assert people(await chaser.at("2026-03-26T09:00")) == [MARTIN]
    assert people(await chaser.at("2026-03-27T12:00")) == [MARTIN, TOM]
    assert people(await chaser.look()) == []
    assert people(await chaser.at("2026-03-30T09:00")) == [DENISE, PRIYA]
    assert people(await chaser.at("2026-04-01T09:00")) == []
    known = await chaser.deadline(request)
    assert known.queued_at is not None
    assert [n.outcome for n in await chaser.notices() if n.kind in ("asked", "request")] == ["sent"] * 6
    chaser.town.clock.pass_by(minutes=10)
    proof = await chaser.prove()
    assert (proof.trouble, proof.expected, proof.climbed) == ("", 4, 4)


async def test_an_answer_ends_the_chase(chaser: Chaser) -> None:
    request = await asked(chaser.town)
    await chaser.look()
    await chaser.at("2026-03-27T11:00")
    await chaser.town.do(
        MARTIN, AnswerRequest(request=request, answer="answered", words="2 February.", bearing="no_concern")
    )
    for day in range(27, 32):
        assert people(await chaser.at(f"2026-03-{day}T16:00")) == []
    assert (await chaser.deadline(request)).over
