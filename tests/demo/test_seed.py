"""The story is told through the product's own commands, once, and nothing of it lies in the future."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from server.core import Core
from server.demo import fenn, harker, rowe
from server.demo.cast import actor
from server.demo.clock import Calendar
from server.demo.families import FAMILIES
from server.demo.seed import ensure_live_huddle, seed
from server.demo.telling import book_of
from server.families.facts import GuestAdmitted
from server.families.team import RemoveFromTeam
from server.record.books import PARTNERSHIP
from server.record.refusals import Unavailable
from tests.demo.conftest import NOW, Another
from tests.demo.looking import gaps, live_huddle, read_by

FIRST_IN = {
    "denise-hallam",
    "cal-moss",
    "priya-nair",
    "farah-siddiqui",
    "grace-lindqvist",
    "leo-marsh",
    "sam-whitlock",
}


async def versions(core: Core) -> list[int]:
    books = [PARTNERSHIP, *(book_of(family.reference) for family in FAMILIES)]
    return [(await core.books.open(book)).version for book in books]


async def test_seeding_again_records_nothing_even_days_later(core: Core, another: Another) -> None:
    await seed(core.ledger, NOW)
    before = await versions(core)
    await seed(core.ledger, NOW)
    async with another() as restarted:
        await seed(restarted.ledger, NOW + timedelta(days=3))
        assert await versions(restarted) == before
    assert min(before) > 5


async def test_a_seeding_that_was_cut_off_goes_on_where_it_stopped(core: Core, another: Another) -> None:
    async with another() as cut:
        record, left = cut.ledger.record, iter(range(70))

        async def until_the_power_fails(*request: Any, **named: Any) -> Any:
            if next(left, None) is None:
                raise Unavailable
            return await record(*request, **named)

        cut.ledger.record = until_the_power_fails  # type: ignore[method-assign]  # the power fails
        with pytest.raises(Unavailable):
            await seed(cut.ledger, NOW)
    await seed(core.ledger, NOW + timedelta(hours=5))
    whole = await versions(core)
    await seed(core.ledger, NOW + timedelta(hours=6))
    assert await versions(core) == whole


async def test_everything_stands_at_the_moment_at_which_it_happened(core: Core) -> None:
    await seed(core.ledger, NOW)
    calendar = Calendar.at(NOW)
    told = {f"demo:{act.code}": calendar.moment(act.at) for act in FAMILIES[0].acts}
    entries = [entry for entry in await read_by(core, "priya-nair") if entry.key]
    assert {entry.key: entry.at for entry in entries} == told
    assert max(told.values()) < NOW


async def test_nothing_is_recorded_in_the_future(demo: Core) -> None:
    for family in FAMILIES:
        book = await demo.books.open(book_of(family.reference))
        moments = [entry.at for entry in book.tail]
        assert moments == sorted(moments)
        assert moments[-1] <= NOW


@pytest.mark.parametrize("hour", (0, 7, 13, 23))
async def test_it_can_be_told_at_any_hour(core: Core, hour: int) -> None:
    now = datetime.combine(NOW.date(), NOW.time(), NOW.tzinfo).replace(hour=hour, minute=5)
    await seed(core.ledger, now)
    huddle = await live_huddle(core, await ensure_live_huddle(core.ledger, core.books, now))
    assert huddle.present() == FIRST_IN


async def test_who_is_kept_out_reads_nothing(demo: Core) -> None:
    for outsider in ("dawn-tully", "josie-tran", "imran-sethi", "judith-okonjo", "nadia-petrov"):
        assert await read_by(demo, outsider) == []
    assert await read_by(demo, "farah-siddiqui"), "somebody must read it for this to mean anything"


async def test_farah_reads_her_own_families_only(demo: Core) -> None:
    assert await read_by(demo, "farah-siddiqui", fenn.REFERENCE)
    assert await read_by(demo, "farah-siddiqui", harker.REFERENCE) == []
    for family in FAMILIES:
        assert await read_by(demo, "dawn-tully", family.reference) == []


async def test_the_picture_shows_what_nobody_has_said_yet(demo: Core) -> None:
    assert await gaps(demo, "farah-siddiqui") == {
        "cell-NPC-home",
        "cell-NPC-substance",
        "cell-NCH-parenting",
        "cell-NCH-emotional",
        "cell-NCH-voice",
        "cell-HAR-parenting",
        "cell-NHM-home",
    }


async def test_guests_were_admitted_with_words(demo: Core) -> None:
    facts = [entry.fact for entry in await read_by(demo, "priya-nair")]
    words = {fact.person: fact.words for fact in facts if isinstance(fact, GuestAdmitted)}
    assert words.keys() == {"denise-hallam", "cal-moss", "sam-whitlock", "hannah-pike"}
    assert words["sam-whitlock"].startswith("Sam Whitlock will be able to read this family's record (")


async def test_the_live_huddle_began_twenty_minutes_ago_and_people_are_in_it(demo: Core) -> None:
    id = await ensure_live_huddle(demo.ledger, demo.books, NOW)
    huddle = await live_huddle(demo, id)
    assert huddle.starts == NOW.replace(second=0) - timedelta(minutes=20)
    assert huddle.present() == FIRST_IN
    assert (huddle.chair, huddle.deputy, huddle.scribe) == ("denise-hallam", "ruth-adeyemi", "cal-moss")
    assert huddle.phase == "fragments"
    assert all(seat.joined <= NOW for seat in huddle.participants.values())


async def test_a_live_huddle_is_left_as_it_is(demo: Core) -> None:
    before = await versions(demo)
    first = await ensure_live_huddle(demo.ledger, demo.books, NOW)
    assert await ensure_live_huddle(demo.ledger, demo.books, NOW + timedelta(hours=2)) == first
    assert await versions(demo) == before


async def test_when_it_is_long_over_another_is_called(demo: Core) -> None:
    first = await ensure_live_huddle(demo.ledger, demo.books, NOW)
    tomorrow = NOW + timedelta(days=1)
    second = await ensure_live_huddle(demo.ledger, demo.books, tomorrow)
    assert second != first
    huddle = await live_huddle(demo, second)
    assert huddle.starts == tomorrow.replace(second=0) - timedelta(minutes=20)
    assert huddle.present() == FIRST_IN


async def test_who_was_removed_does_not_keep_the_others_out(demo: Core) -> None:
    gone = RemoveFromTeam(person="grace-lindqvist", reason="She works elsewhere from this week")
    book = book_of(rowe.REFERENCE)
    await demo.ledger.record(book, gone, actor("priya-nair"), key="gone", now=NOW)

    async def again() -> set[str]:
        tomorrow = NOW + timedelta(days=1)
        id = await ensure_live_huddle(demo.ledger, demo.books, tomorrow)
        return set((await live_huddle(demo, id)).present())

    assert await again() >= FIRST_IN - {"grace-lindqvist"}
