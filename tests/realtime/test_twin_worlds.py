"""No byte depends on what one may not read: two worlds, with and without restricted activity, are the same.

INV-5; cases I2 to I5, I8, I11, I12, I14, I22. In one world the police and the health visitor tell a few
people what they hold, put it right, take it back, send it twice and are refused; in the other nothing of it
happens. Then the same open things happen in both.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.families.knowledge import Contribute
from server.families.team import AddToTeam, RemoveFromTeam
from server.huddles.commands import Join
from server.realtime.frames import HTML, JSON
from tests.lab.canary import CANARY, sightings
from tests.lab.services import Postgres, Redis
from tests.lab.town import ROWE, Clock, Headers, running, sign_in_everybody
from tests.realtime.twin import ADDRESS, INSIDERS, OUTSIDERS, STRANGERS, Ids, World

OPEN = {"domain": "education", "basis": "observed_fact", "text": "Isla came at 10.", "bearing": "concern"}
SECRET = {"domain": "home", "basis": "third_party", "text": f"{CANARY} at the address.", "bearing": "serious"}
SIGNPOST = {"relevance": "raises", "domain": "home", "words": "Speak to me first.", "contact": "DS Pike"}
FEW = ["denise-hallam", "owen-blake"]


@dataclass
class Guess:
    """What an outsider might have got hold of: a stream's id and the cursor of somebody inside."""

    stream: str = "0" * 32
    cursor: str = "nonsense"


@pytest.fixture(autouse=True)
def nothing_happens_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Presence is told when the script says so and does not run out."""
    monkeypatch.setattr("server.realtime.node.TICK", 3600)
    monkeypatch.setattr("server.realtime.presence.WRITING_FOR", 3600)


class Worlds:
    """Copies of one told database in which everybody is signed in: of each is made one world."""

    def __init__(self, seats: dict[str, Headers], copies: list[str], redis_urls: tuple[str, ...]) -> None:
        self._seats = seats
        self._copies = iter(copies)
        self._redis_urls = redis_urls  # one for each node

    @contextlib.asynccontextmanager
    async def another(self) -> AsyncIterator[World]:
        copy, clock, ids = next(self._copies), Clock(), []
        async with contextlib.AsyncExitStack() as stays:
            nodes = []
            for number, redis_url in enumerate(self._redis_urls):
                ids.append(Ids(str(number)))
                more = {"base_url": ADDRESS, "demo": False, "redis_url": redis_url}
                node = running(copy, clock=clock, new_id=ids[-1], seats=self._seats, **more)
                nodes.append(await stays.enter_async_context(node))
            while not all(node.live.node.doorbell.healthy for node in nodes):  # noqa: ASYNC110 - Redis
                await asyncio.sleep(0.01)
            yield World(tuple(nodes), tuple(ids))


@pytest.fixture(params=["sqlite", "two nodes"])
async def worlds(request: pytest.FixtureRequest, tmp_path: Path) -> Worlds:
    """On SQLite; and on PostgreSQL and Redis, where the people sit at two nodes."""
    if request.param == "sqlite":
        files = [tmp_path / name for name in ("told.sqlite3", "one.sqlite3", "other.sqlite3")]
        shutil.copy(request.getfixturevalue("told_sqlite"), files[0])
        seats = await sign_in_everybody(f"sqlite:///{files[0]}", ADDRESS)
        for file in files[1:]:
            shutil.copy(files[0], file)
        urls = [f"sqlite:///{file}" for file in files]
        return Worlds(seats, urls[1:], ("memory://",))
    server: Postgres = request.getfixturevalue("postgres_server")
    told = server.create_database(template=request.getfixturevalue("told_postgres"))
    seats = await sign_in_everybody(told, ADDRESS)
    copies = [server.create_database(template=told.rpartition("/")[2]) for _ in range(2)]
    redis: Redis = request.getfixturevalue("redis_server")
    return Worlds(seats, copies, (redis.url, redis.url))


async def everybody_joins(world: World) -> None:
    for person in (*INSIDERS, *OUTSIDERS):
        await world.do(person, Join(huddle=world.huddle, accepted=True), key=f"joins-{person}")


async def restricted_before(world: World) -> None:
    """The police told two people something before anybody came in."""
    await world.do("hannah-pike", Contribute(**SECRET, only_for=tuple(FEW)), key="earlier-1")  # type: ignore[arg-type]


async def restricted_now(world: World, guess: Guess) -> None:
    """They tell more, put it right, send it twice, are refused; somebody else opens a second compartment."""
    saved = await world.say("hannah-pike", "contribute", "police-line-1", **SECRET, only_for=FEW)
    guess.stream = saved["stream"]
    again = await world.say("hannah-pike", "contribute", "police-line-1", **SECRET, only_for=FEW)
    assert again == saved | {"replayed": True}, "recorded once, however often it is sent"
    for other in ({}, {"only_for": FEW[:1]}, {"only_for": [*FEW, "farah-siddiqui"]}):
        refused = await world.say("hannah-pike", "contribute", "police-line-1", **SECRET, **other)
        assert refused["code"] == "key_reused"
    place = {"stream": saved["stream"], "seq": saved["seq"]}
    await world.say(
        "hannah-pike", "correct", "police-line-2", **place, text=f"{CANARY} nearby.", reason="Place"
    )
    refused = await world.say("denise-hallam", "correct", "police-line-3", **place, text="Hers?", reason="No")
    assert refused["code"] == "not_found"
    saved = await world.say(
        "grace-lindqvist", "contribute", "health-line-1", **SECRET, only_for=["tom-okafor"]
    )
    place = {"stream": saved["stream"], "seq": saved["seq"] + 1}  # the first opened the compartment
    await world.say("grace-lindqvist", "withdraw", "health-line-2", **place, reason=f"{CANARY}: wrong person")
    refused = await world.say("grace-lindqvist", "withdraw", "health-line-3", **place, reason="Again")
    assert refused["code"] == "already_withdrawn"
    promise = {"line": f"{CANARY} @pike in 2 days", "only_for": FEW}
    await world.say("hannah-pike", "agree-action", "police-act-1", **promise)
    form = SECRET | {"key": "police-form", "audience": "named", "only_for": FEW[0]}
    await world.post("hannah-pike", f"/families/{ROWE}/contribute", **form)
    guess.cursor = await world.cursor("hannah-pike")


async def open_acts(world: World) -> None:
    """What everybody in the team may know."""
    await world.say("farah-siddiqui", "contribute", "open-line-1", **OPEN)
    await world.say("hannah-pike", "contribute", "open-line-2", **OPEN | {"domain": "home"})
    await world.say("hannah-pike", "signpost", "open-line-3", **SIGNPOST)
    await world.say("denise-hallam", "change-phase", "open-line-4", huddle=world.huddle, phase="discussion")
    await world.say("farah-siddiqui", "contribute", "police-line-1", **OPEN)
    await world.say("priya-nair", "contribute", "open-line-5", **OPEN, only_for=["hannah-pike", *FEW])
    form = OPEN | {"key": "open-line-6", "audience": "everyone"}
    await world.post("leo-marsh", f"/families/{ROWE}/contribute", **form)
    await world.say("priya-nair", "agree-action", "open-act-1", line="Ring the GP @farah in 2 days")
    await world.calm()


async def probes(world: World, guess: Guess) -> None:
    """What somebody outside might try with what they overheard."""
    for who in ("farah-siddiqui", "cal-moss"):
        for seq in (1, 2, 99):
            place = {"stream": guess.stream, "seq": seq}
            await world.say(who, "correct", f"guess-c-{seq}", **place, text="Mine now", reason="Guess")
            await world.say(who, "withdraw", f"guess-w-{seq}", **place, reason="Guess")
            for act in ("correct", "withdraw"):
                line = f"/families/{ROWE}/lines/{guess.stream}/{seq}/{act}"
                await world.get(who, line)
                await world.post(who, line, key=f"guess-{act}", text="Mine now", reason="Guess")
        for accept in ("text/html", "application/json"):
            path = f"/huddles/{world.huddle}/changes?after={guess.cursor}"
            await world.get(who, path, accept=accept)
            await world.get(who, f"{path}&wait=0", accept=accept)
        await world.get(who, f"/huddles/{world.huddle}?from={guess.cursor}")
        await world.get(who, f"/families/{ROWE}?lines={guess.stream}")


async def looks(world: World, people: tuple[str, ...]) -> None:
    """Every page that somebody may try."""
    huddle = f"/huddles/{world.huddle}"
    family = f"/families/{ROWE}"
    pages = [
        f"{huddle}{path}"
        for path in (
            *("", "/join", "/invite", "/changes", "/changes?after=x", "/changes?wait=0"),
            *("/minutes", "/act", "/course", "/words"),
        )
    ]
    pages += [
        f"{family}{path}"
        for path in ("", "?lines=500", "?agency=NPC&domain=home", "?agency=NCH&domain=voice")
    ]
    pages += [
        f"{family}/{path}"
        for path in ("contribute", "signpost", "team", "contacts", "members", "huddles", "actions", "ask")
    ]
    pages += ["/", "/families", "/session", "/me.css", "/metrics", "/healthz", "/nowhere"]
    for person in people:
        for path in pages:
            await world.get(person, path)
        for words in ("rowe", "address", "Isla"):
            await world.post(person, "/families", words=words)


async def lived(world: World, guess: Guess, *, restricted: bool) -> None:
    """The script: restricted acts in one world only, everything else in both."""
    await everybody_joins(world)
    if restricted:
        await restricted_before(world)
    async with world.open:
        await world.enter(INSIDERS, (HTML,))
        await world.enter((*OUTSIDERS, *STRANGERS))
        await world.tell_presence()
        await world.types("hannah-pike")
        await world.tell_presence()
        if restricted:
            await restricted_now(world, guess)
        await world.tell_presence()
        await open_acts(world)
        await world.tell_presence()
        await probes(world, guess)
        await looks(world, ("farah-siddiqui", "cal-moss", "dawn-tully", "imran-sethi", ""))
        await removals(world, restricted)
        await looks(world, ("sam-whitlock", "farah-siddiqui"))


async def removals(world: World, restricted: bool) -> None:
    """Somebody from outside and somebody from inside leave the team; one comes back."""
    for step, person in enumerate(("sam-whitlock", "owen-blake")):
        await world.do("priya-nair", RemoveFromTeam(person=person, reason="Moved"), key=f"leaves-{step}")
        if restricted:
            await world.say("hannah-pike", "contribute", f"police-after-{step}", **SECRET, only_for=FEW[:1])
    await world.do("priya-nair", AddToTeam(person="owen-blake"), key="comes-back")
    await world.tell_presence()


@pytest.mark.slow
async def test_i5_i11_i12_i14_no_byte_depends_on_what_its_reader_may_not_read(
    worlds: Worlds,
) -> None:
    guess = Guess()
    async with worlds.another() as told:
        await lived(told, guess, restricted=True)
    assert len(guess.stream) == 32 and guess.cursor != "nonsense", "the guesses must be good ones"
    async with worlds.another() as untold:
        await lived(untold, guess, restricted=False)
    for person in (*OUTSIDERS, *STRANGERS, ""):
        assert len(told.sent_to(person)) > 2, "somebody who was sent nothing proves nothing"
        same(person, told.sent_to(person), untold.sent_to(person))
        assert not sightings(told.sent_to(person))
    for person in INSIDERS:
        assert told.sent_to(person) != untold.sent_to(person), "who is inside must see it"
        assert sightings(told.sent_to(person))
        assert not sightings(untold.sent_to(person))


def same(person: str, one: list[str], other: list[str]) -> None:
    """Compared one message at a time, so that a difference shows where it is."""
    for mine, theirs in itertools.zip_longest(one, other, fillvalue="(nothing)"):
        assert mine == theirs, f"{person} could tell the worlds apart"


async def test_a_signpost_is_all_that_everybody_sees(worlds: Worlds) -> None:
    """With the restricted line under it or without: the same one entry, in the author's own words."""
    heard = []
    for restricted in (True, False):
        async with worlds.another() as world, world.open:
            await everybody_joins(world)
            await world.enter(("hannah-pike", "farah-siddiqui"))
            before = {p: len(world.seats["farah-siddiqui", p].heard) for p in (HTML, JSON)}
            if restricted:
                await world.say("hannah-pike", "contribute", "police-line-1", **SECRET, only_for=FEW)
            await world.say("hannah-pike", "signpost", "sign-line-1", **SIGNPOST)
            heard.append({p: world.seats["farah-siddiqui", p].heard[n:] for p, n in before.items()})
            (message,) = world.seats["farah-siddiqui", JSON].messages[-1:]
            (fact,) = message["facts"]
            assert (fact["kind"], fact["body"]) == ("RestrictionSignposted/1", SIGNPOST)
    assert heard[0] == heard[1]
    assert [len(messages) for messages in heard[0].values()] == [1, 1]


async def test_f6_i22_a_request_that_waits_hears_nothing_of_it(worlds: Worlds) -> None:
    """Held open over all that is restricted, it is answered by the open act after it, with the same bytes."""
    heard = []
    for restricted in (True, False):
        async with worlds.another() as world, world.open:
            await everybody_joins(world)
            await world.enter(("hannah-pike", "grace-lindqvist", "denise-hallam"))
            after = await world.cursor("farah-siddiqui")
            path = f"/huddles/{world.huddle}/changes?after={after}&wait=25"
            waiting = asyncio.create_task(world.fetch("farah-siddiqui", "GET", path, {"hx-request": "true"}))
            async with asyncio.timeout(5):
                while not world.node_of("farah-siddiqui").live.node.held:  # noqa: ASYNC110 - it is on its way
                    await asyncio.sleep(0.01)
            if restricted:
                await restricted_now(world, Guess())
            assert not waiting.done(), "it was answered because of what farah may not read"
            await world.do("leo-marsh", Contribute(**OPEN), key="open-line-1")  # type: ignore[arg-type]
            assert OPEN["text"] in await waiting
            heard.append(world.answers["farah-siddiqui"])
    same("farah-siddiqui", *heard)
    assert not sightings(heard[0])
