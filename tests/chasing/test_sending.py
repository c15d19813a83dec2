"""A mail is sent at least once, at most one repeat, and whatever becomes of it is a fact."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.chasing import outbox
from server.chasing.bouncing import take_in
from server.chasing.facts import MailFailed, MailSent, MailWithheld, post_of
from server.chasing.sending import Sending
from server.deadlines.facts import NoticeFailed
from server.families.requests import AnswerRequest
from server.record.facts import Fact
from server.record.reading import every_entry
from tests.chasing.chaser import Chaser, people
from tests.chasing.test_chase import DENISE, MARTIN, PRIYA, TOM, asked
from tests.lab.town import BY_ID, Town

ADDRESS = {person: BY_ID[person].email for person in (MARTIN, TOM, DENISE, PRIYA)}


async def facts(town: Town, *kinds: type[Fact]) -> list[Fact]:
    names = [kind.kind() for kind in kinds]
    return await town.house.store.read(lambda c: [e.fact for e in every_entry(c, kinds=names)])


async def mails_of(town: Town, person: str) -> list[str]:
    query = select(outbox.outgoing.c.mail).where(outbox.outgoing.c.person == person)
    return list(await town.house.store.read(lambda c: c.execute(query).scalars().all()))


async def test_j1_what_is_due_is_sent_once_and_within_ten_minutes(chaser: Chaser) -> None:
    await asked(chaser.town)
    await chaser.look()
    sent = await chaser.at("2026-03-27T12:00")
    assert people(sent) == [MARTIN, TOM]
    for _ in range(3):
        chaser.town.clock.pass_by(minutes=5)
        assert people(await chaser.look()) == []


async def test_j3_whatever_fell_due_in_thirty_hours_is_told_and_once(chaser: Chaser) -> None:
    """Nobody looked from Thursday morning to Friday afternoon."""
    await asked(chaser.town)
    await chaser.look()
    sent = await chaser.at("2026-03-27T14:30")
    assert people(sent) == [MARTIN, TOM], "one mail each, for both steps"
    sent_notices = [n for n in await chaser.notices() if n.outcome == "sent" and n.kind == "request"]
    assert sorted(n.rung for n in sent_notices) == ["0", "1", "1"]
    chaser.town.clock.pass_by(minutes=10)
    assert (await chaser.prove()).trouble == ""


async def test_j16_after_an_outage_each_person_hears_once(chaser: Chaser) -> None:
    for _ in range(30):
        await asked(chaser.town)
    assert people(await chaser.look()) == [MARTIN], "thirty questions, one mail"
    sent = await chaser.at("2026-03-27T14:30")
    assert people(sent) == [MARTIN, TOM]
    assert "30" in sent[0].text


async def test_j8_what_was_answered_seconds_before_is_not_sent(chaser: Chaser) -> None:
    request = await asked(chaser.town)
    town = chaser.town
    await chaser.look()
    town.clock.at = (await chaser.deadline(request)).owed.due
    await chaser.sweep.climb()
    await chaser.sweep.gather()
    answer = AnswerRequest(request=request, answer="answered", words="2 February.", bearing="no_concern")
    await town.do(MARTIN, answer)
    before = len(chaser.box.mails)
    await chaser.sweep.send()
    assert people(chaser.box.mails[before:]) == []
    withheld = [f for f in await facts(town, MailWithheld) if isinstance(f, MailWithheld)]
    assert {(f.person, f.why) for f in withheld} == {(MARTIN, "settled"), (TOM, "settled")}


async def test_j4_a_relay_that_is_away_is_asked_again_and_then_others_are_told(chaser: Chaser) -> None:
    """Six tries, further and further apart; then the chair is told, and it stands on the page."""
    request = await asked(chaser.town)
    chaser.box.modes[ADDRESS[MARTIN]] = "later"
    waits: list[timedelta] = []
    last = chaser.town.clock()
    for _ in range(60 * 24):
        asked_before = len(chaser.box.asked)
        await chaser.look()
        if len(chaser.box.asked) > asked_before:
            waits.append(chaser.town.clock() - last)
            last = chaser.town.clock()
        if await facts(chaser.town, MailFailed):
            break
        chaser.town.clock.pass_by(minutes=1)
    minutes = [int(wait.total_seconds()) // 60 for wait in waits]
    assert minutes == [0, 1, 5, 15, 60, 240]
    (failed,) = await facts(chaser.town, MailFailed)
    assert isinstance(failed, MailFailed)
    assert (failed.person, failed.how, failed.tries) == (MARTIN, "gave_up", 6)
    assert not (await chaser.deadline(request)).over


async def test_j5_an_address_that_is_refused_climbs_at_once(chaser: Chaser) -> None:
    request = await asked(chaser.town)
    await chaser.look()
    chaser.box.modes[ADDRESS[TOM]] = "never"
    sent = await chaser.at("2026-03-27T12:00")
    assert people(sent) == [MARTIN], "the lead of the agency was refused"
    (noted,) = await facts(chaser.town, NoticeFailed)
    assert isinstance(noted, NoticeFailed)
    assert (noted.person, noted.how) == (TOM, "refused")
    assert [told.person for told in noted.instead] == [DENISE, PRIYA], "nobody stands above Tom in his line"
    assert people(await chaser.look()) == [DENISE, PRIYA]
    assert len((await chaser.deadline(request)).failed) == 1


@pytest.mark.parametrize("mode", ["drop_content", "hang_content"])
async def test_j5_what_may_have_arrived_is_sent_once_more_and_says_so(chaser: Chaser, mode: str) -> None:
    await asked(chaser.town)
    sending = Sending(
        chaser.town.settings,
        chaser.town.house.store,
        chaser.town.house.ledger,
        chaser.quick(),
        chaser.town.clock,
    )
    chaser.sweep._sending = sending
    chaser.box.modes[ADDRESS[MARTIN]] = mode  # type: ignore[assignment]  # of the parameters above
    await chaser.look()
    chaser.box.modes.clear()
    chaser.town.clock.pass_by(minutes=1)
    (sent,) = [m for m in await chaser.look() if m.to == ADDRESS[MARTIN]]
    assert "You may have had this email already." in sent.text
    (fact,) = [
        f for f in await facts(chaser.town, MailSent) if isinstance(f, MailSent) and f.person == MARTIN
    ]
    assert (fact.repeat, fact.tries) == (True, 2)
    assert str(sent.message["Message-ID"]).startswith(f"<{fact.mail}@")


async def test_a6_an_end_between_the_yes_and_its_record_repeats_once(chaser: Chaser) -> None:
    """The process goes after the relay's 250. The same Message-ID comes again, marked."""

    class Killed(BaseException):
        pass

    async def die(_: str) -> None:
        raise Killed

    await asked(chaser.town)
    await chaser.sweep.gather()
    (mail,) = await mails_of(chaser.town, MARTIN)
    dying = Chaser(chaser.town, chaser.box, after_accepted=die)
    with pytest.raises(Killed):
        await dying.sending.deliver(mail)
    assert people(await chaser.look()) == [], "it is still in that process's hand"
    chaser.town.clock.pass_by(seconds=46)
    await chaser.look()
    first, second = chaser.box.to(ADDRESS[MARTIN])
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert "already" in second.text
    assert "already" not in first.text
    assert people(await chaser.look()) == []


async def test_j17_the_same_job_again_sends_nothing(chaser: Chaser) -> None:
    await asked(chaser.town)
    await chaser.sweep.gather()
    (mail,) = await mails_of(chaser.town, MARTIN)
    assert await chaser.sending.deliver(mail, queued=True)
    chaser.town.clock.pass_by(hours=2)
    assert not await chaser.sending.deliver(mail, queued=True)
    assert people(chaser.box.mails) == [MARTIN]


async def test_j2_many_hands_on_one_mail_send_it_once(chaser: Chaser) -> None:
    await asked(chaser.town)
    await asyncio.gather(*(chaser.sweep.gather() for _ in range(4)))
    mails = await mails_of(chaser.town, MARTIN)
    assert len(mails) == 1
    await asyncio.gather(*(chaser.sending.deliver(mails[0]) for _ in range(6)))
    assert people(chaser.box.mails) == [MARTIN]


async def test_j6_a_mail_that_comes_back_is_told_to_whoever_stands_in(chaser: Chaser) -> None:
    request = await asked(chaser.town)
    await chaser.look()
    await chaser.at("2026-03-27T12:00")
    (lead,) = chaser.box.to(ADDRESS[TOM])
    town = chaser.town
    report = delivery_report(str(lead.message["Message-ID"]), ADDRESS[TOM])
    assert await take_in(town.house.store, town.house.ledger, report)
    assert people(await chaser.look()) == [DENISE, PRIYA]
    assert not await take_in(town.house.store, town.house.ledger, report), "only once"
    assert not await take_in(town.house.store, town.house.ledger, b"Subject: I am away\r\n\r\nBack on Monday")
    assert [f.person for f in (await chaser.deadline(request)).failed] == [TOM]
    assert post_of(TOM)


def delivery_report(message_id: str, address: str) -> bytes:
    return (
        "From: MAILER-DAEMON@relay.example\r\nTo: huddle@localhost\r\nSubject: Undelivered\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n\r\n--b--\r\n"
    ).encode()
