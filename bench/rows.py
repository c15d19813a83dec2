"""Single questions beside the ladder: idle latency, joining, resuming, renders, memory, a stalled screen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from statistics import median
from typing import Any

from bench import report, visit
from bench.ladder import rung
from bench.standing import Ground, Standing, Topology
from server.realtime.frames import HTML, JSON

MISSED = (0, 10, 100, 1000)


def measure(ground: Ground, topology: Topology, *, quick: bool) -> None:
    times = 3 if quick else 7
    with ground.stand(topology) as standing:
        report.plain("Memory, with every room open", memory(standing), "")
        report.plain(
            "Idle: one contribution at a time, fifteen screens", idle(standing, 50 if quick else 200), "ms"
        )
        report.plain("Renders for each contribution", renders(standing), "")
        report.plain("One screen of each of ten rooms reads no more", stalled(standing), "")
    joins = []
    for n in range(2 if quick else 3):
        with ground.stand(topology) as standing:
            for place in standing.district.rooms[:5]:
                timed(visit.page(standing, place))  # the process is up and has shown pages
            joins.append(timed(visit.page(standing, standing.district.long)))
            if n == 0:
                report.plain(f"A room with {ground.plan.long:,} facts", joined(standing, times), "ms")
                report.plain(
                    "Resume, from the handshake to the last missed entry", resumed(standing, times), "ms"
                )
    report.plain("The same page when nobody had the room open", [("median", median(joins))], "ms")


def memory(standing: Standing) -> list[tuple[str, float]]:
    rooms = standing.district.rooms
    standing.enter(rooms, HTML, people=1)
    time.sleep(1)
    before = standing.rss
    standing.crowd.do("leave")
    opened = standing.enter(rooms, HTML)
    time.sleep(2)
    more = opened["open"] - len(rooms)
    return [
        ("sockets", opened["open"]),
        ("seconds to open them", opened["seconds"]),
        ("MB for each 1,000 more", (standing.rss - before) / more * 1000),
    ]


def idle(standing: Standing, times: int) -> list[tuple[str, float]]:
    told = standing.crowd.do("singly", times=times)
    return [
        ("p50", told["p50"] * 1000),
        ("p99", told["p99"] * 1000),
        ("missing", told["expected"] - told["delivered"]),
    ]


def renders(standing: Standing) -> list[tuple[str, float]]:
    """How many times parts were rendered for each contribution, by the screens in the room."""
    found = []
    for people in (1, len(standing.district.rooms[0].seats)):
        standing.crowd.do("leave")
        standing.enter(standing.district.rooms[:1], HTML, people=people)
        before = standing.webs[0].ask("counts")["renders"]
        standing.crowd.do("singly", times=20)
        after = standing.webs[0].ask("counts")["renders"]
        found.append((f"{people} screens", (after - before) / 20))
    return found


def stalled(standing: Standing) -> list[tuple[str, float]]:
    standing.crowd.do("leave")
    standing.enter(standing.district.rooms, HTML)
    load = {"rate": 100, "warm": 1.0, "seconds": 5.0, "rooms": 10, "text": 3500}
    before = standing.crowd.do("load", **load)
    rss = standing.rss
    standing.crowd.do("stall", rooms=10, host=standing.host, protocol=HTML)
    after = standing.crowd.do("load", **load | {"seconds": 15.0})
    return [
        ("p99 before, ms", before["p99"] * 1000),
        ("p99 of the others, ms", after["p99"] * 1000),
        ("ratio", after["p99"] / before["p99"]),
        ("missing at the others", after["expected"] - after["delivered"]),
        ("MB more", standing.rss - rss),
        ("stalled screens cut off", sum(after["closed"].values()) - sum(before["closed"].values()) - 10),
    ]


def joined(standing: Standing, times: int) -> list[tuple[str, float]]:
    place = standing.district.long
    cursor = standing.cursor(place, 0)
    return [
        ("the page, when open", best(lambda: visit.page(standing, place), times)),
        ("the socket after it", best(lambda: visit.follow(standing, place, cursor, 0, HTML), times)),
    ]


def resumed(standing: Standing, times: int) -> list[tuple[str, float]]:
    place = standing.district.long
    found = []
    for protocol, most in ((JSON, 1000), (HTML, 100)):
        for missed in MISSED:
            if missed > most:
                continue
            cursor = standing.cursor(place, missed)
            taken = best(lambda c=cursor, m=missed, p=protocol: visit.follow(standing, place, c, m, p), times)
            found.append((f"{missed:,} missed, {protocol}", taken))
    return found


def best(visiting: Callable[[], Coroutine[Any, Any, float]], times: int) -> float:
    """The median of some visits, in milliseconds, after a first that warms up."""
    timed(visiting())
    return median(timed(visiting()) for _ in range(times))


def timed(visiting: Coroutine[Any, Any, float]) -> float:
    return 1000 * asyncio.run(visiting)


def profile(ground: Ground, topology: Topology, rate: int, protocol: str) -> None:
    with ground.stand(topology) as standing:
        standing.enter(standing.district.rooms, protocol)
        rung(standing, rate, 1.0)
        standing.webs[0].ask("profile")
        step = rung(standing, rate, 5.0)
        report.profiled(rate, step, standing.webs[0].ask("sampled"))
