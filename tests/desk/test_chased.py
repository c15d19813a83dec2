"""How something was chased, and who decided by name what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from httpx2 import Response

from tests.actions.promises import FARAH, GRACE, PRIYA
from tests.chasing.chaser import Chaser
from tests.chasing.test_answered import late
from tests.desk.test_work import Shown, work
from tests.lab.mailbox import Mailbox
from tests.lab.town import ROWE, Town
from tests.realtime import conftest as towns

town = towns.one_town
WORDS = "The school sent it & said so"


@pytest.fixture
def chaser(town: Town) -> Iterator[Chaser]:
    with Mailbox() as box:
        yield Chaser(town, box)


async def queued(chaser: Chaser) -> str:
    """The address of something that nobody settled."""
    known = await late(chaser, 23, 24, 25, 26, 27)
    return f"/families/{ROWE}/owed/{known.id}"


async def send(town: Town, there: str, who: str = PRIYA, **form: str) -> Response:
    return await (await town.browser(who)).post(there, data=form)


def notes(shown: Shown) -> list[str]:
    return shown.words("//main//section[@aria-label='What was decided']")


async def test_everything_that_is_missing_is_said_at_once_and_what_was_typed_stays(chaser: Chaser) -> None:
    there = await queued(chaser)
    refused = Shown(await send(chaser.town, there))
    assert refused.status == 422
    assert refused.words("//div[@class='summary']//li") == [
        "Choose what becomes of this",
        "Enter why, and what happens now",
    ]
    refused = Shown(await send(chaser.town, there, disposition="still_required", words=WORDS))
    assert refused.status == 422 and "Enter when this comes back to the queue" in refused.text
    assert WORDS in refused.words("//textarea[@name='words']")
    assert refused.document.xpath("//input[@value='still_required' and @checked]")


async def test_what_was_decided_stands_there_with_who_decided_it_and_when_it_comes_back(
    chaser: Chaser,
) -> None:
    town, there = chaser.town, await queued(chaser)
    again = town.clock() + timedelta(days=3)
    day = {"again-day": f"{again.day}", "again-month": f"{again.month}", "again-year": f"{again.year}"}
    sent = await send(town, there, disposition="still_required", words=WORDS, **day, **{"again-time": "9am"})
    assert sent.status_code == 303
    (note,) = notes(await work(town, GRACE, there))
    assert note.startswith("Still required. Priya Nair, ") and WORDS in note
    assert "it comes back to the queue 30 March 2026 at 9am" in note
    assert not (await work(town, GRACE, there)).document.xpath("//main//form")


async def test_who_comes_too_late_is_told_so_and_no_word_is_lost(chaser: Chaser) -> None:
    town, there = chaser.town, await queued(chaser)
    await send(town, there, GRACE, disposition="taken_elsewhere", words="It came by post")
    refused = Shown(await send(town, there, disposition="taken_elsewhere", words=WORDS))
    assert "This no longer waits for anybody" in refused.text
    assert WORDS in refused.words("//section[@aria-labelledby='kept-title']")[0]
    (note,) = notes(refused)
    assert note.startswith("Done elsewhere. Grace Lindqvist, ") and "It came by post" in note


async def test_who_owes_it_sees_how_it_was_chased_and_does_not_decide(chaser: Chaser) -> None:
    there = await queued(chaser)
    shown = await work(chaser.town, FARAH, there)
    assert "5 working days late" in shown.words("//main//dl")[0]
    assert "20 March 2026 at 3pm" in shown.words("//main//ol")[0]
    assert not shown.document.xpath("//main//form")


@pytest.mark.parametrize("who", ["dawn-tully", "imran-sethi"])
async def test_who_does_not_read_it_and_what_does_not_exist_look_alike(chaser: Chaser, who: str) -> None:
    there = await queued(chaser)
    one = await work(chaser.town, who, there)
    other = await work(chaser.town, who, f"/families/{ROWE}/owed/nothing")
    assert (one.status, one.text) == (404, other.text)
