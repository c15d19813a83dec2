"""A link by which somebody chooses a password goes by mail: from an administrator, or to who forgot it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from httpx2 import AsyncClient, Response
from sqlalchemy import func, select

from server.families.requests import RequestInformation
from server.people import asking
from server.people.asking import link_asked
from server.people.commands import MakeLinkAskedFor, MakeSignInLink
from server.people.facts import SignInLinkMade
from server.people.links import one_time_link
from server.people.permissions import NotYours
from server.people.roles import RecordLeaving
from server.record.books import PARTNERSHIP
from server.record.commands import Command
from server.record.reading import every_entry
from tests.chasing.chaser import Chaser, local, people
from tests.chasing.test_chase import asked
from tests.chasing.test_sending import mails_of
from tests.lab.mailbox import Mail, Mailbox
from tests.lab.town import BY_ID, Town
from tests.realtime.conftest import served

PRIYA, IMRAN, LEO, DENISE = "priya-nair", "imran-sethi", "leo-marsh", "denise-hallam"
ASK = "/sign-in/link"
PASSWORD = "three random words"


@pytest.fixture(params=["sqlite", "postgresql"])
async def told(request: pytest.FixtureRequest, box: Mailbox) -> AsyncIterator[Chaser]:
    async with served(request, request.param) as town:
        with Mailbox() as earlier:
            await Chaser(town, earlier).look()
        yield Chaser(town, box)


async def by(town: Town, who: str, command: Command, key: str) -> None:
    await town.house.ledger.record(PARTNERSHIP, command, await town.actor(who), key=key)


async def ask(town: Town, email: str) -> Response:
    return await (await town.browser()).post(ASK, data={"email": email})


async def made(town: Town) -> list[SignInLinkMade]:
    kinds = [SignInLinkMade.kind()]
    entries = await town.house.store.read(lambda c: list(every_entry(c, kinds=kinds)))
    return [entry.fact for entry in entries if isinstance(entry.fact, SignInLinkMade)]


async def count(town: Town, table: Any) -> int:
    query = select(func.count()).select_from(table)
    return int(await town.house.store.read(lambda c: c.execute(query).scalar_one()))


def link_in(mail: Mail) -> str:
    (found,) = re.findall(r"https?://\S+(/welcome/\S+)", mail.text)
    return str(found)


async def choose(browser: AsyncClient, link: str) -> Response:
    return await browser.post(link, data={"password": PASSWORD})


async def test_who_cannot_sign_in_is_sent_a_link_and_chooses_a_password(told: Chaser) -> None:
    town = told.town
    answer = await ask(town, BY_ID[PRIYA].email.upper())
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ASK}?asked")
    (mail,) = await told.look()
    assert mail.to == BY_ID[PRIYA].email and "Hello Priya" in mail.text
    elsewhere = await town.browser(PRIYA)
    browser = await town.browser()
    assert (await browser.get(link_in(mail))).status_code == 200
    assert (await choose(browser, link_in(mail))).status_code == 303
    assert (await elsewhere.get("/")).status_code == 303, "every other session has ended"
    assert (await choose(await town.browser(), link_in(mail))).status_code == 404, "it works once"
    home = (await (await town.browser(PRIYA)).get("/")).text
    assert "Somebody gave your address on the sign-in page" in home


async def test_h12_whether_an_address_is_known_changes_no_byte_of_the_answer(told: Chaser) -> None:
    town = told.town
    await by(town, IMRAN, RecordLeaving(person=LEO, reason="Moved"), "leaves")
    answers = []
    for email in (BY_ID[PRIYA].email, BY_ID[LEO].email, "nobody@northmere.example"):
        answer = await ask(town, email)
        page = await (await town.browser()).get(answer.headers["location"])
        answers.append(
            (answer.status_code, answer.content, sorted(answer.headers), page.status_code, page.text)
        )
    assert answers[0] == answers[1] == answers[2]
    assert "If this address is known here, we have sent a link" in answers[0][4]
    assert await count(town, link_asked) == 3, "nobody has looked yet"
    assert people(await told.look()) == [PRIYA]
    assert await count(town, link_asked) == 0


async def test_h12_the_request_does_the_same_work_for_every_address(told: Chaser) -> None:
    """Noted, and answered: who it is, is looked up by the sweep."""
    store = told.town.house.store
    known, unknown = [], []
    for n in range(30):
        for email, times in ((BY_ID[PRIYA].email, known), (f"nobody{n % 5}@northmere.example", unknown)):
            begun = perf_counter()
            await store.write(lambda c, email=email: asking.ask(c, email, told.town.clock()))  # type: ignore[misc]
            times.append(perf_counter() - begun)
    assert abs(median(known) - median(unknown)) < 0.005


async def test_one_link_an_hour_is_sent_and_nobody_is_told_that_there_is_no_second(told: Chaser) -> None:
    town = told.town
    for minutes, sent in ((0, [PRIYA]), (20, []), (20, []), (20, [PRIYA])):
        town.clock.pass_by(minutes=minutes)
        assert (await ask(town, BY_ID[PRIYA].email)).headers["location"] == f"{ASK}?asked"
        assert people(await told.look()) == sent
    assert [fact.how for fact in await made(town)] == ["asked", "asked"]


async def test_h11_asking_is_slowed_down_alike_and_slows_no_sign_in(told: Chaser) -> None:
    town = told.town
    for email in (BY_ID[PRIYA].email, "nobody@northmere.example"):
        browser = await town.browser()
        answers = [await browser.post(ASK, data={"email": email}) for _ in range(6)]
        assert [a.status_code for a in answers] == [303] * 5 + [429]
        assert "Wait 30 seconds, then try again" in answers[-1].text and email in answers[-1].text
        signing_in = {"email": email, "password": "not my password"}
        assert (await browser.post("/sign-in", data=signing_in)).status_code == 422


@pytest.mark.parametrize(("typed", "words"), [("", "Enter your work email"), ("priya", "correct format")])
async def test_what_is_no_address_is_said_at_the_field(told: Chaser, typed: str, words: str) -> None:
    answer = await ask(told.town, typed)
    assert answer.status_code == 422 and words in answer.text
    assert await count(told.town, link_asked) == 0


async def test_an_administrator_sends_one_by_mail_or_is_shown_one_and_never_both(told: Chaser) -> None:
    town, at = told.town, f"/admin/people/{PRIYA}/link"
    admin = await town.browser(IMRAN)
    mailed = await admin.post(at, data={"how": "mailed"})
    assert mailed.headers["location"] == f"/admin/people/{PRIYA}"
    assert await count(town, one_time_link) == 0, "made when it is sent, and kept nowhere"
    (mail,) = await told.look()
    assert (await (await town.browser()).get(link_in(mail))).status_code == 200
    assert "Made by Imran Sethi and sent by mail" in (await admin.get(f"/admin/people/{PRIYA}")).text
    shown = await admin.post(at, data={"how": "shown"})
    assert "/welcome/" in shown.text and people(await told.look()) == []
    assert (await (await town.browser()).get(link_in(mail))).status_code == 404, "a newer one ends it"


async def test_a_newcomer_gets_theirs_by_mail_where_that_is_ticked(told: Chaser) -> None:
    admin = await told.town.browser(IMRAN)
    form = {"name": "Uma Reyes", "email": "uma@northmere.example", "agency": "SAP", "job_title": "Teacher"}
    form |= {"role": "practitioner", "link_by_mail": "yes"}
    answer = await admin.post("/admin/people/new", data=form)
    assert answer.status_code == 303 and "/admin/people/" in answer.headers["location"]
    (mail,) = await told.look()
    assert mail.to == "uma@northmere.example" and "Hello Uma" in mail.text
    shown = await admin.post(
        "/admin/people/new", data=form | {"email": "u@northmere.example", "link_by_mail": ""}
    )
    assert "/welcome/" in shown.text and people(await told.look()) == []


async def test_of_two_that_wait_only_the_newer_leaves(told: Chaser) -> None:
    """Each would end the other, and the mails may arrive in any order."""
    for number in (1, 2):
        await by(told.town, IMRAN, MakeSignInLink(person=PRIYA, how="mailed"), f"link-{number}")
    assert people(await told.look()) == [PRIYA]
    assert sorted(str(n.outcome) for n in await told.notices() if n.kind == "link") == ["sent", "withheld"]


async def test_a_link_that_waits_carries_nothing_else(told: Chaser) -> None:
    await by(told.town, IMRAN, MakeSignInLink(person=PRIYA, how="mailed"), "link")
    await told.sweep.gather()
    question = RequestInformation(
        question="When was he last seen?", due=local("2026-03-27T12:00"), person=PRIYA
    )
    await told.town.do(DENISE, question)
    await told.sweep.gather()
    assert len(await mails_of(told.town, PRIYA)) == 2


async def test_a_link_waits_for_nothing_that_is_still_to_be_climbed(told: Chaser) -> None:
    """Of what fell due in an outage everybody hears once, so it waits for all of it. A link does not."""
    await asked(told.town)
    await told.look()
    await told.stand_at("2026-03-27T12:00")
    await by(told.town, IMRAN, MakeSignInLink(person=PRIYA, how="mailed"), "link")
    before = len(told.box.mails)
    await told.sweep.gather()
    await told.sweep.send()
    assert people(told.box.mails[before:]) == [PRIYA]


async def test_a_link_that_was_shown_before_there_was_mail_tells_nobody(told: Chaser) -> None:
    await by(told.town, IMRAN, MakeSignInLink(person=PRIYA), "shown")
    assert people(await told.look()) == []


async def test_whoever_left_meanwhile_is_sent_nothing(told: Chaser) -> None:
    await ask(told.town, BY_ID[LEO].email)
    await by(told.town, IMRAN, RecordLeaving(person=LEO, reason="Moved"), "leaves")
    assert people(await told.look()) == []
    assert await made(told.town) == []


async def test_nobody_but_the_service_makes_one_that_was_asked_for(told: Chaser) -> None:
    with pytest.raises(NotYours):
        await by(told.town, IMRAN, MakeLinkAskedFor(person=PRIYA), "not his")


async def test_the_mail_says_nothing_but_that_a_password_may_be_chosen(told: Chaser) -> None:
    await ask(told.town, BY_ID[PRIYA].email)
    (mail,) = await told.look()
    assert str(mail.message["Subject"]) == "Choose a password for Huddle"
    text = mail.text.replace(link_in(mail), "")
    assert not re.search(r"Nair|Northmere|Rowe|Sethi|admin(?!istrator)", text.replace(told.town.address, ""))
