"""Play lets the rest of the cast act their parts: once, in order, and each before those it is for."""

import asyncio
from datetime import datetime, timedelta

from server.core import Core
from server.demo import rowe
from server.demo.cast import actor
from server.demo.play import SCHEDULE, play
from server.demo.seed import ensure_live_huddle
from server.demo.telling import book_of
from server.families.facts import FragmentContributed, FragmentCorrected, RestrictionSignposted
from server.huddles.commands import ChangePhase, Leave
from tests.demo.conftest import NOW, Another
from tests.demo.looking import family_of, gaps, live_huddle, read_by, readers_of

TEAM = {"priya-nair", *rowe.TEAM}
GUESTS = {"denise-hallam", "cal-moss", "sam-whitlock", "hannah-pike"}
DRUGS, SCORE = "drugs are sold", "depression score"


def clock() -> datetime:
    return NOW


async def at_once(_: float) -> None:
    await asyncio.sleep(0)


async def played(core: Core) -> int:
    """Play, and count what the cast did."""
    before = await acts(core)
    await play(core.ledger, clock, sleep=at_once)
    return await acts(core) - before


async def acts(core: Core) -> int:
    book = await core.books.open(book_of(rowe.REFERENCE))
    return sum(entry.key.startswith("demo:") for entry in book.tail)


async def version(core: Core) -> int:
    return (await core.books.open(book_of(rowe.REFERENCE))).version


async def test_everybody_acts_their_part(demo: Core) -> None:
    assert await played(demo) == len(SCHEDULE)
    huddle = await live_huddle(demo, await ensure_live_huddle(demo.ledger, demo.books, NOW))
    assert huddle.participants["hannah-pike"].mode == "phone"
    assert huddle.phase == "blind_judgement"


async def test_only_three_people_read_what_the_police_restrict(demo: Core) -> None:
    await played(demo)
    readers = await readers_of(demo, FragmentContributed, DRUGS)
    assert readers == {"hannah-pike", "denise-hallam", "owen-blake"}


async def test_only_health_and_social_care_read_what_health_restricts(demo: Core) -> None:
    await played(demo)
    readers = await readers_of(demo, FragmentContributed, SCORE)
    social_care = {"priya-nair", "owen-blake", "ruth-adeyemi", "denise-hallam", "cal-moss"}
    assert readers == {"grace-lindqvist", "tom-okafor"} | social_care


async def test_everybody_in_the_room_is_told_that_it_exists(demo: Core) -> None:
    await played(demo)
    for words in ("plan a visit to the address", "before you next see the family"):
        assert await readers_of(demo, RestrictionSignposted, words) == TEAM | GUESTS


async def test_dawn_tully_reads_nothing_of_all_this(demo: Core) -> None:
    await played(demo)
    assert await read_by(demo, "dawn-tully") == []


async def test_gaps_close_for_each_reader_as_far_as_they_may_read(demo: Core) -> None:
    await played(demo)
    open_for_all = {"cell-NCH-parenting", "cell-HAR-parenting", "cell-NCH-voice"}
    health, police = "cell-NCH-emotional", "cell-NPC-substance"
    assert await gaps(demo, "farah-siddiqui") == open_for_all | {health, police}
    assert await gaps(demo, "priya-nair") == open_for_all | {police}
    assert await gaps(demo, "hannah-pike") == open_for_all | {health}
    assert await gaps(demo, "denise-hallam") == open_for_all


async def test_housing_corrects_its_nil_return_and_the_first_words_stay(demo: Core) -> None:
    await played(demo)
    fragments = (await family_of(demo, "farah-siddiqui")).fragments.by_ref.values()
    (nil,) = [fragment for fragment in fragments if fragment.corrections]
    assert nil.said.text.startswith("We searched our records for the name")
    assert "by address" in nil.text and "not the address" in nil.corrections[0].reason


async def test_playing_again_adds_nothing(demo: Core) -> None:
    await played(demo)
    before = await version(demo)
    assert await played(demo) == 0
    assert await version(demo) == before


async def test_two_who_press_play_together_see_it_once(demo: Core) -> None:
    before = await acts(demo)
    await asyncio.gather(played(demo), played(demo))
    assert await acts(demo) - before == len(SCHEDULE)
    corrections = [e for e in await read_by(demo, "priya-nair") if isinstance(e.fact, FragmentCorrected)]
    assert len(corrections) == 1


async def test_it_is_spread_over_ten_minutes(demo: Core) -> None:
    pauses: list[float] = []

    async def noted(seconds: float) -> None:
        pauses.append(seconds)

    await play(demo.ledger, clock, sleep=noted)
    assert 570 <= sum(pauses) <= 600
    assert max(pauses) < 90, "nobody should wonder whether it stopped"


async def test_whoever_tells_something_is_seen_writing_it(demo: Core) -> None:
    seen: list[str] = []

    async def writing(huddle: str, person: str) -> None:
        seen.append(person)

    await play(demo.ledger, clock, sleep=at_once, writing=writing)
    assert seen == [
        turn.who for turn in SCHEDULE if turn.what.startswith(("F", "N")) and "sign" not in turn.what
    ]


async def test_another_process_may_play(demo: Core, another: Another) -> None:
    async with another() as elsewhere:
        assert await played(elsewhere) == len(SCHEDULE)
    assert DRUGS in repr(await read_by(demo, "owen-blake"))
    assert await played(demo) == 0


async def test_who_has_left_comes_in_again_before_speaking(demo: Core) -> None:
    book, id = book_of(rowe.REFERENCE), await ensure_live_huddle(demo.ledger, demo.books, NOW)
    for person in ("sam-whitlock", "grace-lindqvist"):
        await demo.ledger.record(book, Leave(huddle=id), actor(person), key="away", now=NOW)
    await played(demo)
    assert {"sam-whitlock", "grace-lindqvist"} <= (await live_huddle(demo, id)).present()


async def test_the_chair_s_own_pace_is_not_turned_back(demo: Core) -> None:
    book, id = book_of(rowe.REFERENCE), await ensure_live_huddle(demo.ledger, demo.books, NOW)
    ahead = ChangePhase(huddle=id, phase="actions")
    await demo.ledger.record(book, ahead, actor("denise-hallam"), key="ahead", now=NOW)
    await played(demo)
    assert (await live_huddle(demo, id)).phase == "actions"


async def test_a_day_later_the_story_is_still_told_by_its_first_calendar(demo: Core) -> None:
    tomorrow = NOW + timedelta(days=1)
    await play(demo.ledger, lambda: tomorrow, sleep=at_once)
    (neighbour,) = [e for e in await read_by(demo, "farah-siddiqui") if "A neighbour told us" in repr(e.fact)]
    assert isinstance(neighbour.fact, FragmentContributed)
    assert neighbour.fact.happened == "2026-05-20T23:40"
    assert "Wednesday 20 May" in neighbour.fact.text
