"""A huddle in which something can be decided: what the chair records, and who answers."""

from __future__ import annotations

from typing import Any

import msgspec

from server.families.knowledge import Contribute
from server.families.state import FamilyState
from server.huddles.decision_facts import AboutChild, Option
from server.huddles.decision_state import Decision, DecisionsState
from server.huddles.decisions import RecordDecision
from server.huddles.judgement_facts import Judged
from server.huddles.judgement_state import JudgementsState
from server.huddles.judgements import Judge, RevealJudgements
from tests.lab.town import Town

DENISE, PRIYA, FARAH, GRACE = "denise-hallam", "priya-nair", "farah-siddiqui", "grace-lindqvist"
REASON = "Remi is under one and unweighed since February; three incidents; his grandmother stays every night."
OPTIONS = (
    Option("E2", "Meet again within five days", contra="Three incidents already"),
    Option("E3", "Refer to MARAC and stay on the plan", pro="Jean stays every night"),
    Option(
        "E4", "Ask for a strategy discussion today", pro="An infant, unweighed", contra="Openness may end"
    ),
)


async def evidence(town: Town) -> tuple[int, ...]:
    """The numbers of two lines that can be cited: a concern of the school's, a strength of social care's."""
    said = (
        (FARAH, Contribute(domain="education", basis="observed_fact", text="Late again.", bearing="concern")),
        (PRIYA, Contribute(domain="home", basis="observed_fact", text="Jean stays.", bearing="protective")),
    )
    return tuple([(await town.do(who, line)).seq for who, line in said])


async def about(town: Town) -> tuple[AboutChild, ...]:
    hand = await town.house.ledger.look(town.book, await town.actor(PRIYA))
    children = hand.state[FamilyState].children()
    return tuple(
        AboutChild(c.member, f"{c.name} is seen tomorrow.", no_voice="Not seen today") for c in children
    )


async def decision(town: Town, **more: Any) -> RecordDecision:
    """A decision that holds all that it must."""
    filled: dict[str, Any] = {
        "huddle": town.huddle,
        "words": "Refer to MARAC today and weigh Remi within 48 hours",
        "chosen": "E3",
        "rationale": REASON,
        "options": OPTIONS,
        "rests_on": more.pop("rests_on", None) or await evidence(town),
        "children": await about(town),
        "answers": ({"item": "agencies", "words": "They were rung before the huddle"},),
    }
    return msgspec.convert(filled | more, RecordDecision)


async def decided(town: Town, **more: Any) -> str:
    """The id of a decision that the chair has just recorded."""
    await town.do(DENISE, await decision(town, **more))
    return (await decisions(town))[-1].said.decision


async def judgement(
    town: Town, score: int, words: str = "Not weighed since February", turn: int = 1
) -> Judge:
    """One score, and one sentence, for each child."""
    children = [each.child for each in await about(town)]
    return Judge(
        huddle=town.huddle,
        turn=turn,
        scores=dict.fromkeys(children, score),
        words=dict.fromkeys(children, words),
    )


async def revealing(town: Town, scores: dict[str, int]) -> RevealJudgements:
    """What the service records when the chair reveals the first turn."""
    children = [each.child for each in await about(town)]
    judged = tuple(Judged(who, c, score, "As I see it") for who, score in scores.items() for c in children)
    hand = await town.house.ledger.look(town.book, await town.actor(DENISE))
    times = hand.state[JudgementsState].of(town.huddle).times.get(1, 0)
    return RevealJudgements(huddle=town.huddle, turn=1, by=DENISE, judged=judged, times=times)


async def decisions(town: Town, who: str = DENISE) -> tuple[Decision, ...]:
    hand = await town.house.ledger.look(town.book, await town.actor(who))
    return hand.state[DecisionsState].of(town.huddle)
