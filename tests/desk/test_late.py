"""How late something is reads the same wherever it stands, and for whoever looks."""

from __future__ import annotations

from tests.actions.promises import GRACE, PRIYA, accepted
from tests.chasing.chaser import Chaser
from tests.desk.test_work import work
from tests.lab.mailbox import Mailbox
from tests.lab.town import ROWE, Town
from tests.realtime import conftest as towns

town = towns.one_town


async def test_who_owes_it_who_was_told_and_who_may_settle_it_read_the_same_words(town: Town) -> None:
    with Mailbox() as box:
        chaser = Chaser(town, box)
        known = await accepted(town, "Share attendance @farah by fri 3pm")
        await chaser.at("2026-03-20T15:00")
        for day in (23, 24, 25):
            await chaser.at(f"2026-03-{day}T09:00")
        assert "3 working days late" in (await work(town, PRIYA)).part("people")[0]
        for day in (26, 27):
            await chaser.at(f"2026-03-{day}T09:00")
    words = "5 working days late"
    assert words in (await work(town)).part("overdue")[0]
    assert words in (await work(town, GRACE)).part("queue")[0]
    for page in (f"/families/{ROWE}/owed/{known.id}", f"/families/{ROWE}/actions/{known.id}", "/queue"):
        assert words in " ".join((await work(town, GRACE, page)).words("//main")), page
    assert (await work(town, GRACE)).headline[0].startswith("Nothing of yours is due. 1 waits with others")
