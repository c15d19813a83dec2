"""Everybody chooses how they are reminded of what is not late, and sees what was sent to them."""

from __future__ import annotations

from server.chasing.facts import NoticeRef, post_of
from server.chasing.recording import RecordFailed, RecordSent, RecordShown
from server.record.commands import THE_SYSTEM, Command
from tests.actions.promises import FARAH, GRACE
from tests.desk.test_work import Shown, work
from tests.lab.town import Town
from tests.realtime import conftest as towns

town = towns.one_town
THERE = "/work/reminders"


async def told(town: Town, command: Command) -> None:
    await town.house.ledger.record(post_of(FARAH), command, THE_SYSTEM, key=command.digest()[:20])


def mail(id: str, things: int = 1, rung: str = "1") -> dict[str, object]:
    refs = tuple(NoticeRef(f"thing-{n}", 1, rung) for n in range(things))
    return {"person": FARAH, "mail": id, "notices": refs}


async def choose(town: Town, **fields: str) -> Shown:
    browser = await town.browser(FARAH)
    answer = await browser.post(THERE, data={"key": "chosen-once"} | fields)
    if answer.status_code == 303:
        answer = await browser.get(answer.headers["location"])
    return Shown(answer)


async def test_what_is_chosen_stands_and_is_theirs_alone(town: Town) -> None:
    assert (await work(town, path=THERE)).document.xpath("//input[@value='email' and @checked]")
    shown = await choose(town, channel="calendar")
    assert "Recorded." in shown.text and shown.document.xpath("//input[@value='calendar' and @checked]")
    assert (await town.house.partnership()).channels.get(FARAH) == "calendar"
    assert (await work(town, GRACE, THERE)).document.xpath("//input[@value='email' and @checked]")


async def test_nothing_is_chosen_for_anybody(town: Town) -> None:
    shown = await choose(town)
    assert shown.status == 422 and "Choose how you are reminded" in shown.text
    assert shown.words("//title")[0].startswith("Error: ")


async def test_the_page_says_what_always_comes_by_mail(town: Town) -> None:
    text = " ".join((await work(town, path=THERE)).words("//main"))
    assert "Whatever is late, whatever is urgent" in text and "Nobody can turn this off" in text


async def test_what_was_sent_lately_stands_there_the_newest_first(town: Town) -> None:
    assert "Nothing was sent to you yet" in (await work(town, path=THERE)).text
    await told(town, RecordSent(**mail("one", 4)))  # type: ignore[arg-type]
    await told(town, RecordShown(**mail("two")))  # type: ignore[arg-type]
    await told(town, RecordSent(**mail("three", 1, "digest")))  # type: ignore[arg-type]
    rows = (await work(town, path=THERE)).words("//*[@aria-labelledby='sent-title']//li")
    assert ["Sent by mail" in row for row in rows] == [True, False, True]
    assert "day’s list" in rows[0] and "1 thing" in rows[1] and "4 things" in rows[2]
    assert "Nothing was sent to you yet" in (await work(town, GRACE, THERE)).text


async def test_a_mail_that_came_back_is_said_on_the_first_page_until_the_next_arrives(town: Town) -> None:
    words = "A mail to your address came back."
    await told(town, RecordSent(**mail("one")))  # type: ignore[arg-type]
    assert words not in (await work(town, path="/")).text
    await told(town, RecordFailed(**mail("one"), how="bounced"))  # type: ignore[arg-type]
    for path in ("/", THERE):
        assert words in (await work(town, path=path)).text
    (row,) = (await work(town, path=THERE)).words("//*[@aria-labelledby='sent-title']//li")
    assert "Did not arrive" in row
    await told(town, RecordShown(**mail("two")))  # type: ignore[arg-type]
    assert words in (await work(town, path="/")).text, "what is shown here proves nothing of the address"
    await told(town, RecordSent(**mail("three")))  # type: ignore[arg-type]
    for path in ("/", THERE):
        assert words not in (await work(town, path=path)).text
    assert words not in (await work(town, GRACE, "/")).text
