"""Acts of the screen law about the sitting: its course, and the scribe who writes for a caller."""

from __future__ import annotations

from datetime import timedelta

from server.huddles import behalf, course, moving, phone
from server.huddles.commands import Convene
from server.huddles.state import HuddlesState
from server.record.commands import Command
from tests.huddles import meeting
from tests.lab.town import Town

PIKE, CAL = "hannah-pike", "cal-moss"


async def give_phone_code(town: Town) -> tuple[str, Command]:
    return CAL, phone.GivePhoneCode(huddle=town.huddle, person=PIKE)


async def let_in_by_phone(town: Town) -> tuple[str, Command]:
    await town.do(*await give_phone_code(town))
    hand = await town.house.ledger.look(town.book, await town.actor(CAL))
    code = hand.state[HuddlesState].by_id[town.huddle].codes[PIKE]
    return CAL, phone.LetInByPhone(huddle=town.huddle, person=PIKE, code=code, accepted=True)


async def vouch(town: Town) -> tuple[str, Command]:
    await town.do(*await let_in_by_phone(town))
    return "farah-siddiqui", phone.Vouch(huddle=town.huddle, person=PIKE)


async def line_for(town: Town, person: str = PIKE) -> tuple[str, Command]:
    await town.do(*await vouch(town))
    return CAL, behalf.LineFor(
        huddle=town.huddle,
        person=person,
        domain="home",
        basis="record_extract",
        text="We were called twice.",
        bearing="serious",
    )


async def line_for_a_reader(town: Town) -> tuple[str, Command]:
    """Priya, who looks on, takes part by phone beside her screen: what is hers to confirm changes."""
    from server.huddles.commands import Join, Leave

    await town.do("priya-nair", Leave(huddle=town.huddle))
    await town.do("priya-nair", Join(huddle=town.huddle, accepted=True, mode="phone"))
    return await line_for(town, "priya-nair")


async def take_position_for(town: Town) -> tuple[str, Command]:
    await town.do(*await vouch(town))
    made = await meeting.decided(town)
    return CAL, behalf.TakePositionFor(
        huddle=town.huddle, person=PIKE, decision=made, position="dissent", words="More is needed."
    )


async def state_duty_for(town: Town) -> tuple[str, Command]:
    await town.do(*await vouch(town))
    made = await meeting.decided(town)
    return CAL, behalf.StateDutyFor(huddle=town.huddle, person=PIKE, decision=made, choice="relies_on_plan")


async def judge_for(town: Town) -> tuple[str, Command]:
    await town.do(*await vouch(town))
    own = await meeting.judgement(town, 8)
    return CAL, behalf.JudgeFor(huddle=town.huddle, person=PIKE, turn=1, scores=own.scores, words=own.words)


async def confirm_words(town: Town) -> tuple[str, Command]:
    who, command = await line_for(town)
    return PIKE, behalf.ConfirmWords(huddle=town.huddle, seq=(await town.do(who, command)).seq)


async def confirm_a_position(town: Town) -> tuple[str, Command]:
    who, command = await take_position_for(town)
    return PIKE, behalf.ConfirmWords(huddle=town.huddle, seq=(await town.do(who, command)).seq)


async def dispute_words(town: Town) -> tuple[str, Command]:
    who, command = await line_for_a_reader(town)
    seq = (await town.do(who, command)).seq
    return "priya-nair", behalf.DisputeWords(huddle=town.huddle, seq=seq, words="It was once.")


async def adjourn(town: Town) -> tuple[str, Command]:
    return "denise-hallam", course.Adjourn(
        huddle=town.huddle, reason="The police are missing", resumes=town.clock() + timedelta(days=1)
    )


async def move_huddle(town: Town) -> tuple[str, Command]:
    """Another huddle of the family, which has not begun."""
    starts = town.clock() + timedelta(days=7)
    called = await town.do("priya-nair", Convene(purpose="Plan", starts=starts, chair="priya-nair"))
    hand = await town.house.ledger.look(town.book, await town.actor("priya-nair"))
    huddle = hand.state[HuddlesState].called_by_fact(called.seq).id
    return "priya-nair", moving.MoveHuddle(huddle=huddle, starts=starts + timedelta(days=1))


async def uninvite(town: Town) -> tuple[str, Command]:
    return "denise-hallam", moving.Uninvite(huddle=town.huddle, person=PIKE, reason="Her sergeant comes")


async def resume(town: Town) -> tuple[str, Command]:
    await town.do(*await adjourn(town))
    return "denise-hallam", course.Resume(huddle=town.huddle, minutes=30)


async def abandon(town: Town) -> tuple[str, Command]:
    return "denise-hallam", course.Abandon(huddle=town.huddle, reason="Another huddle decided it")
