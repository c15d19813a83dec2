"""Sessions: the row decides, an idle one never comes back, and a socket learns of its end."""

import asyncio
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select

from server.people import signed_in as table
from server.people.facts import PractitionerLeft
from server.people.session import Session
from server.people.sessions import Sessions
from server.people.signed_in import signed_in
from server.record.chain import micros
from server.record.refusals import Reauth
from server.record.store import Store
from tests.people.clock import Clock
from tests.people.stage import NOW, entries

MINUTE = timedelta(minutes=1)


@pytest.fixture
def sessions(store: Store, clock: Clock) -> Sessions:
    return Sessions(store, clock)


async def holds(sessions: Sessions, sid: str, now: datetime) -> bool:
    try:
        await sessions.look(sid, now)
    except Reauth:
        return False
    return True


async def test_every_sign_in_is_a_session_of_its_own(sessions: Sessions) -> None:
    first, second = await sessions.begin("priya", NOW), await sessions.begin("priya", NOW)
    assert first.sid != second.sid
    assert len(first.sid) >= 22, "128 bits at least"


async def test_without_an_act_it_is_idle_after_15_minutes(sessions: Sessions, clock: Clock) -> None:
    session = await sessions.begin("priya", NOW)
    assert await holds(sessions, session.sid, NOW + 15 * MINUTE - timedelta(microseconds=1))
    assert not await holds(sessions, session.sid, NOW + 15 * MINUTE)


async def test_an_act_keeps_it_and_a_look_does_not(sessions: Sessions, clock: Clock) -> None:
    session = await sessions.begin("priya", NOW)
    assert await holds(sessions, session.sid, clock.pass_by(minutes=14))
    assert not await holds(sessions, session.sid, NOW + 16 * MINUTE)
    assert await sessions.act(session.sid, clock.now)
    assert await holds(sessions, session.sid, NOW + 28 * MINUTE)


async def test_an_idle_session_never_comes_back(sessions: Sessions) -> None:
    session = await sessions.begin("priya", NOW)
    late = NOW + 15 * MINUTE
    assert not await sessions.act(session.sid, late)
    assert not await holds(sessions, session.sid, late)
    await sessions.watch(session.sid)
    await sessions.refresh()
    assert not await holds(sessions, session.sid, late)


async def test_however_busy_it_ends_after_12_hours(sessions: Sessions) -> None:
    session = await sessions.begin("priya", NOW)
    for n in range(1, 12 * 6):
        assert await sessions.act(session.sid, NOW + n * 10 * MINUTE)
    assert await holds(sessions, session.sid, NOW + timedelta(hours=12) - MINUTE)
    assert not await sessions.act(session.sid, NOW + timedelta(hours=12))
    assert not await holds(sessions, session.sid, NOW + timedelta(hours=12))


async def test_in_a_live_room_it_is_idle_after_60_minutes(sessions: Sessions, clock: Clock) -> None:
    session = await sessions.begin("priya", NOW)
    await sessions.watch(session.sid)
    for _ in range(59):
        clock.pass_by(minutes=1)
        await sessions.refresh()
        assert sessions.alive(session.sid, clock.now)
    clock.pass_by(minutes=1)
    await sessions.refresh()
    assert not sessions.alive(session.sid, clock.now)


async def test_who_only_looks_on_gets_15_minutes(sessions: Sessions, clock: Clock) -> None:
    session = await sessions.begin("priya", NOW)
    await sessions.watch(session.sid, joined=False)
    clock.pass_by(minutes=15)
    await sessions.refresh()
    assert not sessions.alive(session.sid, clock.now)


async def test_a_dropped_connection_does_not_sign_a_listener_out(sessions: Sessions, clock: Clock) -> None:
    session = await sessions.begin("priya", NOW)
    await sessions.watch(session.sid)
    for _ in range(40):
        clock.pass_by(minutes=1)
        await sessions.refresh()
    sessions.unwatch(session.sid)
    assert await holds(sessions, session.sid, clock.pass_by(minutes=4))
    assert not await holds(sessions, session.sid, clock.pass_by(minutes=1))


async def test_acts_are_written_at_most_every_20_seconds(
    sessions: Sessions, store: Store, clock: Clock
) -> None:
    session = await sessions.begin("priya", NOW)
    await sessions.watch(session.sid)
    written = []
    for _ in range(60):
        assert await sessions.act(session.sid, clock.pass_by(seconds=1))
        await sessions.refresh()
        written.append((await sessions.look(session.sid, clock.now)).last_act_at)
    assert len(set(written)) == 1 + 3


async def test_signing_out_ends_a_watched_session_at_once(sessions: Sessions, clock: Clock) -> None:
    session = await sessions.begin("priya", NOW)
    await sessions.watch(session.sid)
    assert sessions.alive(session.sid, NOW)
    await sessions.end(session.sid, NOW)
    assert not sessions.alive(session.sid, NOW)
    assert not await holds(sessions, session.sid, NOW)


async def test_another_node_learns_of_the_end_when_it_looks_again(store: Store, clock: Clock) -> None:
    here, there = Sessions(store, clock), Sessions(store, clock)
    session = await here.begin("priya", NOW)
    await there.watch(session.sid)
    await here.end(session.sid, NOW)
    assert there.alive(session.sid, NOW), "it has not looked yet"
    await there.refresh()
    assert not there.alive(session.sid, NOW)


async def test_an_end_is_told(store: Store, clock: Clock) -> None:
    told: list[str] = []

    async def tell() -> None:
        told.append("ended")

    sessions = Sessions(store, clock, tell)
    session = await sessions.begin("priya", NOW)
    await sessions.end(session.sid, NOW)
    await sessions.end_all("priya", NOW)
    assert told == ["ended", "ended"]


async def test_ending_all_ends_one_persons_and_nobody_elses(sessions: Sessions) -> None:
    mine = [await sessions.begin("priya", NOW) for _ in range(3)]
    other = await sessions.begin("farah", NOW)
    await sessions.watch(mine[0].sid)
    await sessions.end_all("priya", NOW)
    assert not any([await holds(sessions, s.sid, NOW) for s in mine])
    assert not sessions.alive(mine[0].sid, NOW)
    assert await holds(sessions, other.sid, NOW)


async def test_the_row_decides_whatever_a_node_believed(sessions: Sessions, store: Store) -> None:
    session = await sessions.begin("priya", NOW)
    await sessions.watch(session.sid)
    await store.write(lambda c: c.execute(signed_in.delete().where(signed_in.c.sid == session.sid)))
    await sessions.refresh()
    assert not sessions.alive(session.sid, NOW)
    assert not await holds(sessions, session.sid, NOW)


async def test_a_session_that_nobody_watches_is_not_alive_here(sessions: Sessions) -> None:
    session = await sessions.begin("priya", NOW)
    assert not sessions.alive(session.sid, NOW)
    await sessions.watch(session.sid)
    await sessions.watch(session.sid)
    sessions.unwatch(session.sid)
    assert sessions.alive(session.sid, NOW), "one tab is still open"
    sessions.unwatch(session.sid)
    assert not sessions.alive(session.sid, NOW)


async def test_who_leaves_is_signed_out_by_the_fact_itself(sessions: Sessions, store: Store) -> None:
    session = await sessions.begin("priya", NOW)
    [entry] = entries("partnership", [PractitionerLeft(person="priya", reason="Moved")])
    await store.write(lambda c: [c.execute(s) for s in table.leaving(entry)])
    assert not await holds(sessions, session.sid, NOW)


async def test_a_hundred_acts_at_once_are_all_answered(sessions: Sessions) -> None:
    session = await sessions.begin("priya", NOW)
    acts = await asyncio.gather(*(sessions.act(session.sid, NOW + MINUTE) for _ in range(100)))
    assert all(acts)


moments = st.integers(-90, 90).map(lambda m: NOW + timedelta(minutes=m))
maybe = st.none() | moments
ROW_LAW = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


@ROW_LAW
@given(last=moments, ends=moments, ended=maybe, room=maybe)
async def test_the_database_and_the_rule_say_the_same_of_every_row(
    store: Store, last: datetime, ends: datetime, ended: datetime | None, room: datetime | None
) -> None:
    session = Session("law", "priya", NOW, last, ends, ended, room)

    def ask(c: Connection) -> bool:
        c.execute(signed_in.delete())
        c.execute(insert(signed_in).values(**row(session)))
        return c.execute(select(signed_in.c.sid).where(table.alive(NOW))).first() is not None

    assert await store.write(ask) == (session.standing(NOW) == "alive")


def row(session: Session) -> dict[str, str | int | None]:
    return {
        "sid": session.sid,
        "person": session.person,
        "created_at": micros(session.created_at),
        "last_act_at": micros(session.last_act_at),
        "ends_at": micros(session.ends_at),
        "ended_at": micros(session.ended_at) if session.ended_at else None,
        "in_room_at": micros(session.in_room_at) if session.in_room_at else None,
    }
