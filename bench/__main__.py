"""`python -m bench`: how fast the product is, where it breaks and what it costs. It asserts nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from bench import chasing, fold, report, rows
from bench.district import Plan
from bench.ladder import QUICK_RATES, RATES, Step, climb
from bench.standing import Ground, Topology
from server.realtime.frames import HTML, JSON

EMBEDDED = Topology("SQLite, one process", sqlite=True)
ONE = Topology("PostgreSQL + Redis, one web", sqlite=False)
TWO = Topology("PostgreSQL + Redis, two webs", sqlite=False, webs=2)
PEERS = (
    Topology("Peer over SQLite", sqlite=True, peer=True),
    Topology("Peer over PostgreSQL", sqlite=False, peer=True),
)
QUICKLY = ("sqlite", "one", "two", "rows")
NAMES = {"sqlite": EMBEDDED, "one": ONE, "two": TWO}


def main(
    quick: Annotated[bool, typer.Option(help="Less of everything: a minute or two.")] = False,
    rooms: Annotated[int, typer.Option(help="Families with a live huddle.")] = 100,
    people: Annotated[int, typer.Option(help="Practitioners in each.")] = 15,
    only: Annotated[
        list[str] | None, typer.Option(help="sqlite, one, two, peer, rows, fold, chasing.")
    ] = None,
    rate: Annotated[list[int] | None, typer.Option(help="Rates of the ladder, instead of the usual.")] = None,
    protocol: Annotated[str, typer.Option(help="html or json.")] = "html",
    profile: Annotated[int, typer.Option(help="Print where the time goes at this rate.")] = 0,
) -> None:
    """Measure the product over sockets, beside a bare broadcast under the same load."""
    wanted = set(only or (QUICKLY if quick else ("sqlite", "one", "two", "peer", "rows", "fold", "chasing")))
    if quick:
        rooms = min(rooms, 20)
    plan = Plan(rooms, people, (1000 if quick else 5000) if "rows" in wanted else 0)
    rates = rate or (QUICK_RATES if quick else RATES)
    seconds = 2.0 if quick else 4.0
    spoken = HTML if protocol == "html" else JSON
    report.heading(plan)
    with tempfile.TemporaryDirectory(prefix="huddle-bench-") as folder:
        Path(folder).chmod(0o755)
        ground = Ground(Path(folder), plan)
        try:
            if profile:
                return rows.profile(ground, NAMES[next(iter(only or ["sqlite"]))], profile, spoken)
            ladders = {
                topology.name: ladder(ground, topology, rates, seconds, spoken)
                for name, topology in NAMES.items()
                if name in wanted
            }
            for peer in PEERS if "peer" in wanted else ():
                ladders[peer.name] = ladder(ground, peer, rates, seconds, JSON)
            if len(ladders) > 1:
                report.side_by_side(ladders)
            if "rows" in wanted:
                rows.measure(ground, EMBEDDED, quick=quick)
            if "fold" in wanted:
                report.plain("Folding and showing 5,000 fragments", fold.rows(), "ms")
            if "chasing" in wanted:
                chasing.measure(Path(folder), quick=quick)
        finally:
            ground.close()
    return None


def ladder(
    ground: Ground, topology: Topology, rates: list[int] | tuple[int, ...], seconds: float, protocol: str
) -> list[Step]:
    """One topology, rung by rung, printed as it goes."""
    with ground.stand(topology) as standing:
        entered = standing.enter(standing.district.rooms, protocol)
        return report.ladder(topology.name, entered, climb(standing, rates, seconds))


if __name__ == "__main__":
    typer.run(main)
