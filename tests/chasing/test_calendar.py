"""Somebody's calendar feed, fetched as a calendar program does and read by two parsers that share no code."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from httpx2 import AsyncClient, Response
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar, Event

from server.actions.commands import SettleAction
from server.chasing.feeds import HOLDS, Feeds
from server.chasing.ics import key_from, uid
from server.chasing.state import OwedState
from server.families.plan import SetReviewDate
from server.families.team import RemoveFromTeam
from server.huddles.commands import Convene
from server.huddles.course import Abandon, Adjourn
from server.huddles.state import HuddlesState
from server.people.roles import RecordLeaving
from server.people.state import PartnershipState
from server.record.books import PARTNERSHIP
from server.record.commands import THE_SYSTEM
from tests.actions.promises import DENISE, FARAH, PRIYA, actions, agreed, change
from tests.families.test_requests import MARTIN, QUESTION, answer, asked
from tests.huddles.test_closing import close
from tests.lab.canary import CANARY, sightings
from tests.lab.town import NOW, SECRET, Town, browser_at, running

MOMENT = timedelta(microseconds=1)
EVERY_FIELD = [
    "CLASS",
    "DESCRIPTION",
    "DTSTAMP",
    "DTSTART",
    "LAST-MODIFIED",
    "SEQUENCE",
    "STATUS",
    "SUMMARY",
    "TRANSP",
    "UID",
]


async def address(town: Town, who: str = FARAH) -> str:
    """The path of a new feed of somebody, made as they make it."""
    shown = await (await town.browser(who)).post("/work/calendar")
    found = re.search(r'id="address" [^>]*>([^<]+\.ics)</textarea>', shown.text)
    assert shown.status_code == 200 and found
    return found[1].removeprefix(town.address)


def program(town: Town) -> AsyncClient:
    """A calendar program: no cookie, and none of a browser's headers."""
    client = browser_at(town.settings.port, town.address, {})
    for name in ("sec-fetch-site", "sec-fetch-mode"):
        del client.headers[name]
    town.browsers.append(client)
    return client


async def fetch(town: Town, path: str, method: str = "GET", **headers: str) -> Response:
    return await program(town).request(method, path, headers=headers)


def events(answer: Response) -> list[Event]:
    """The events, after both parsers have agreed on every one of them."""
    assert answer.status_code == 200, answer.text
    read = Calendar.from_ical(answer.content).events
    other = IcsCalendarStream.calendar_from_ics(answer.text).events

    def told(uid: Any, starts: Any, number: Any, status: Any, words: Any) -> tuple[str, ...]:
        return (str(uid), str(starts), str(number), str(status), str(words))

    first = {told(e["uid"], e["dtstart"].dt, e["sequence"], e["status"], e["summary"]) for e in read}
    second = {told(e.uid, e.dtstart, e.sequence, e.status.value, e.summary) for e in other if e.status}
    assert first == second and len(first) == len(read)
    return read


async def feed_of(town: Town, path: str) -> dict[str, Event]:
    return {str(event["uid"]): event for event in events(await fetch(town, path))}


async def test_a_calendar_shows_when_and_never_what(town: Town) -> None:
    path = await address(town)
    before = await feed_of(town, path)
    known = await agreed(town)
    answer = await fetch(town, path)
    (new,) = [event for event in events(answer) if str(event["uid"]) not in before]
    assert (new["summary"], new["class"], new["transp"]) == ("Safeguarding work", "PRIVATE", "TRANSPARENT")
    assert new["description"] == f"Sign in to see details. {town.address}/work"
    assert new["dtstart"].dt == known.terms.due
    assert b"\r\nDTSTART:20260321T170000Z\r\n" in answer.content
    assert new.alarms.times[0].trigger == new["dtstart"].dt - timedelta(days=1)
    assert sorted(new) == EVERY_FIELD
    whole = Calendar.from_ical(answer.content)
    assert whole["x-wr-calname"] == "Safeguarding work" and whole["x-published-ttl"] == "PT1H"
    assert whole["refresh-interval"].dt == timedelta(hours=1)
    lines = answer.content.split(b"\r\n")
    assert not any(b"\n" in line or len(line) > 75 for line in lines) and lines[-1] == b""


async def test_a_huddle_takes_its_time_and_is_called_so(town: Town) -> None:
    found = [e for e in (await feed_of(town, await address(town))).values() if "DTEND" in e]
    assert found, "Farah is invited to the live huddle"
    for event in found:
        assert event["summary"] == "Safeguarding huddle"
        assert event["dtend"].dt > event["dtstart"].dt


async def test_j15_a_thing_keeps_its_name_and_its_number_rises_until_it_is_cancelled(town: Town) -> None:
    path, known = await address(town), await agreed(town)
    due = known.terms.due
    assert due

    async def stands() -> tuple[str, int, str, datetime]:
        (event,) = [e for uid, e in (await feed_of(town, path)).items() if uid not in others]
        return str(event["uid"]), int(event["sequence"]), str(event["status"]), event["dtstart"].dt

    everything = await feed_of(town, path)
    others = {uid for uid, e in everything.items() if e["dtstart"].dt != due}
    name, number, status, at = await stands()
    assert (number, status, at) == (0, "CONFIRMED", due)
    await town.do(DENISE, change(known, due=due + timedelta(days=1), reason="Half term"))
    assert await stands() == (name, 1, "CONFIRMED", due + timedelta(days=1))
    known = next(action for action in await actions(town) if action.id == known.id)
    settle = SettleAction(action=known.id, seen=known.seen, outcome="done", words="Shared it")
    await town.do(FARAH, settle)
    assert await stands() == (name, 2, "CANCELLED", due + timedelta(days=1))
    town.clock.pass_by(days=30)
    assert name not in await feed_of(town, path)


async def test_j15_an_adjourned_huddle_moves_under_its_own_name(town: Town) -> None:
    path = await address(town)
    before = await feed_of(town, path)
    resumes = town.clock() + timedelta(days=1)
    await town.do(DENISE, Adjourn(huddle=town.huddle, reason="Fire alarm", resumes=resumes))
    moved = {uid: e for uid, e in (await feed_of(town, path)).items() if e["dtstart"].dt == resumes}
    assert len(moved) == 1 and set(moved) <= set(before)
    assert all(e["sequence"] == before[uid]["sequence"] + 1 for uid, e in moved.items())


async def test_a_huddle_that_took_place_stands_as_it_was_and_one_that_was_given_up_is_taken_out(
    town: Town,
) -> None:
    path = await address(town)
    before = await feed_of(town, path)
    starts = town.clock() + timedelta(days=3)
    await town.do(PRIYA, Convene(purpose="Again", starts=starts, chair=DENISE, invited=(FARAH,)))
    town.clock.pass_by(hours=1)
    await close(town)
    after = await feed_of(town, path)
    (later,) = set(after) - set(before)
    assert {uid: after[uid].to_ical() for uid in before} == {uid: e.to_ical() for uid, e in before.items()}
    assert any("DTEND" in e and e["status"] == "CONFIRMED" for e in before.values())
    hand = await town.house.ledger.look(town.book, await town.actor(DENISE))
    (other,) = [h for h in hand.state[HuddlesState].by_id.values() if h.starts == starts]
    await town.do(DENISE, Abandon(huddle=other.id, reason="Nobody can come"))
    assert (await feed_of(town, path))[later]["status"] == "CANCELLED"
    town.clock.pass_by(days=29)
    assert set(await feed_of(town, path)) >= {uid for uid, e in before.items() if "DTEND" in e}
    town.clock.pass_by(days=2)
    assert not [e for e in (await feed_of(town, path)).values() if "DTEND" in e]


async def test_a_review_is_its_plan_owners_at_five_by_the_local_clock(town: Town) -> None:
    mine, other = await address(town, PRIYA), await address(town, FARAH)
    await town.do(PRIYA, SetReviewDate(on=date(2026, 4, 9)))
    at = datetime(2026, 4, 9, 16, tzinfo=UTC)
    assert [e["dtstart"].dt for e in (await feed_of(town, mine)).values()].count(at) == 1
    assert at not in [e["dtstart"].dt for e in (await feed_of(town, other)).values()]


async def test_who_is_outside_the_team_sees_when_their_answer_is_due_until_it_is_given(town: Town) -> None:
    path = await address(town, MARTIN)
    before = await feed_of(town, path)
    known = await asked(town)
    (uid,) = set(after := await feed_of(town, path)) - set(before)
    assert after[uid]["dtstart"].dt == known.due and after[uid]["status"] == "CONFIRMED"
    await answer(town, MARTIN, known)
    assert (await feed_of(town, path))[uid]["status"] == "CANCELLED"


def without(event: Event, *names: str) -> dict[str, str]:
    return {name: value.to_ical() for name, value in event.items() if name not in names}


async def test_i10_what_is_restricted_looks_like_everything_else(town: Town) -> None:
    path = await address(town, PRIYA)
    before = await feed_of(town, path)
    await agreed(town, "Ring the court @priya in 2 days", only_for=(PRIYA,))
    await agreed(town, "Ring the school @priya in 2 days")
    new = [event for uid, event in (await feed_of(town, path)).items() if uid not in before]
    assert len(new) == 2
    assert without(new[0], "UID") == without(new[1], "UID")


async def test_i10_nothing_of_the_record_is_in_it(town: Town) -> None:
    line = f"{CANARY} share attendance @farah in 2 days"
    await agreed(town, line)
    await asked(town, who=PRIYA, person="", agency="SAP", question=f"{CANARY} {QUESTION}")
    sent = [await fetch(town, await address(town, who)) for who in (FARAH, PRIYA, DENISE, MARTIN)]
    assert all(events(each) for each in sent[:3])
    assert sightings(each.content + str(each.headers).encode() for each in sent) == []
    people = await town.house.partnership()
    words = await words_of(town, people)
    assert len(words) > 60
    for each in sent:
        plain = each.text.replace("\r\n ", "").lower()
        assert [word for word in words if re.search(rf"\b{re.escape(word)}\b", plain)] == []


async def words_of(town: Town, people: PartnershipState) -> set[str]:
    """Every id and name of a person, an agency, the family and what is owed in it."""
    found = {town.book, town.huddle, "rowe", "nmr-0147", "isla", "tamsin", "attendance"}
    for who in people.practitioners.values():
        found |= {who.person, who.email, *who.name.lower().split()}
    for agency in people.agencies.values():
        found |= {agency.code.lower(), agency.name.lower()}
    hand = await town.house.ledger.look(town.book, await town.actor(DENISE))
    found |= {id for _, id in hand.state[OwedState].things}
    return {word.lower() for word in found}


async def test_i19_who_is_removed_has_nothing_of_that_family_left(town: Town) -> None:
    path = await address(town)
    await agreed(town)
    before = await feed_of(town, path)
    hand = await town.house.ledger.look(town.book, await town.actor(FARAH))
    key = key_from(SECRET.encode())
    theirs = {uid(owed, key) for owed in hand.state[OwedState].of(FARAH)}
    await town.do(PRIYA, RemoveFromTeam(person=FARAH, reason="Moved"))
    left = await feed_of(town, path)
    assert len(theirs & set(before)) > 1 and not theirs & set(left)
    assert left == {uid: event for uid, event in before.items() if uid not in theirs}


async def gone(town: Town, path: str) -> tuple[int, str, list[tuple[str, str]]]:
    answer = await fetch(town, path)
    head = [(name, value) for name, value in answer.headers.multi_items() if name != "date"]
    return answer.status_code, answer.text, head


async def test_h12_what_does_not_hold_is_like_what_never_was(town: Town) -> None:
    """Reset, stopped, of somebody who left, too old, and made up: one answer, to the byte."""
    never = await gone(town, "/calendar/never.ics")
    assert never[0] == 404
    reset = await address(town, FARAH)
    paths = {"reset": reset, "stopped": await address(town, PRIYA), "left": await address(town, MARTIN)}
    second, old = await address(town, FARAH), await address(town, DENISE)
    assert (await (await town.browser(PRIYA)).post("/work/calendar/stop")).status_code == 303
    leaving = RecordLeaving(person=MARTIN, reason="Moved away")
    await town.house.ledger.record(PARTNERSHIP, leaving, THE_SYSTEM, key="martin-leaves")
    assert {why: await gone(town, path) for why, path in paths.items()} == dict.fromkeys(paths, never)
    assert (await fetch(town, second)).status_code == 200
    town.clock.at = NOW + HOLDS - MOMENT
    assert (await fetch(town, old)).status_code == 200
    town.clock.at = NOW + HOLDS
    assert await gone(town, old) == never


async def test_it_is_asked_again_by_its_tag_and_kept_by_nobody_on_the_way(town: Town) -> None:
    path = await address(town)
    first = await fetch(town, path)
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert first.headers["cache-control"] == "private, no-cache" and "set-cookie" not in first.headers
    again = await fetch(town, path, **{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = await fetch(town, path, "HEAD")
    assert (head.status_code, head.content) == (200, b"") and head.headers["etag"] == first.headers["etag"]
    await agreed(town)
    changed = await fetch(town, path, **{"if-none-match": first.headers["etag"]})
    assert changed.status_code == 200 and changed.headers["etag"] != first.headers["etag"]


async def test_j11_fetching_changes_nothing_but_that_it_was_fetched(town: Town) -> None:
    path = await address(town)
    before = {book.id: book.version for book in town.house.books.all_open()}
    for _ in range(3):
        await fetch(town, path)
    assert {id: b.version for b in town.house.books.all_open() if (id := b.id) in before} == before
    known = await Feeds(town.house.store).of(FARAH, town.clock())
    assert known and known.asked == town.clock()


async def test_h20_an_address_is_shown_once_and_logged_never(
    town: Town, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    path = await address(town)
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    page = await (await town.browser(FARAH)).get("/work/calendar")
    assert page.headers["cache-control"] == "no-store" and token not in page.text
    for asked_for in (path, f"{path}x", path.replace(".ics", "x.ics")):
        await fetch(town, asked_for)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("uvicorn")]
    assert token not in "".join((*capfd.readouterr(), *ours))


async def test_it_is_the_same_on_postgresql(postgres_town: str) -> None:
    async with running(postgres_town) as town:
        path = await address(town)
        await agreed(town)
        assert any(e["summary"] == "Safeguarding work" for e in (await feed_of(town, path)).values())
        again = await address(town)
        assert (await fetch(town, path)).status_code == 404
        assert (await fetch(town, again)).status_code == 200
