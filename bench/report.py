"""What was measured, as tables."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from bench.district import Plan
from bench.ladder import Step
from server.record.sqlite import library

console = Console(width=110)
LIBRARIES = ("starlette", "uvicorn", "uvloop", "websockets", "sqlalchemy", "asyncpg", "msgspec", "jinja2")


def heading(plan: Plan) -> None:
    """When, where and with what."""
    known = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    console.print(
        f"[bold]{plan.rooms} rooms with {plan.people} people[/bold], {datetime.now(UTC):%d %B %Y}; "
        f"{psutil.cpu_count()} cores, Python {sys.version.split()[0]} on {platform.system()} "
        f"{platform.release()}, SQLite {library.sqlite_version}, {known}; other load at the start "
        f"{psutil.cpu_percent(0.5):.0f} %"
    )


def ladder(name: str, entered: dict[str, Any], steps: Iterable[Step]) -> list[Step]:
    """A rung a row, and where it broke; answers with the rungs."""
    table = Table(title=f"{name}: {entered['open']} sockets, opened in {entered['seconds']:.1f} s")
    for head in (
        "due/s",
        "delivered/s",
        "missing",
        "p50 ms",
        "p99 ms",
        "order",
        "web",
        "servers",
        "crowd",
        "others",
        "RSS MB",
        "",
    ):
        table.add_column(head, justify="right")
    broke = ""
    climbed = []
    for step in steps:
        climbed.append(step)
        table.add_row(*cells(step))
        broke = "" if step.holds else f"It breaks at {step.rate:,} contributions a second: {why(step)}."
    console.print(table)
    console.print(broke or "It did not break on this ladder.")
    return climbed


def side_by_side(ladders: dict[str, list[Step]]) -> None:
    """The same rate in one row: middle and 99th percentile from due to screen, in each topology."""
    table = Table(title="Side by side: p50 / p99 in ms from due to screen")
    table.add_column("due/s", justify="right")
    for name in ladders:
        table.add_column(name, justify="right")
    for rate in sorted({step.rate for steps in ladders.values() for step in steps}):
        rungs = ({step.rate: step for step in steps}.get(rate) for steps in ladders.values())
        table.add_row(f"{rate:,}", *(beside(step) for step in rungs))
    console.print(table)


def beside(step: Step | None) -> str:
    if step is None:
        return ""
    told = f"{step.told['p50'] * 1000:.1f} / {step.told['p99'] * 1000:.0f}"
    return told if step.holds else f"{told}, breaks"


def cells(step: Step) -> tuple[str, ...]:
    told, cores = step.told, step.cores
    return (
        f"{step.rate:,}",
        f"{step.delivered_a_second:,.0f}",
        f"{told['expected'] - told['delivered']:,}",
        f"{told['p50'] * 1000:.1f}",
        f"{told['p99'] * 1000:.1f}",
        str(told["disordered"]),
        f"{cores['web']:.2f}",
        f"{cores['servers']:.2f}",
        f"{cores['crowd']:.2f}",
        f"{cores['others']:.2f}",
        f"{step.rss:.0f}",
        "" if step.holds else "breaks",
    )


def why(step: Step) -> str:
    told = step.told
    words = [
        f"p99 {told['p99'] * 1000:,.0f} ms, {100 * told['delivered'] / told['expected']:.1f} % delivered"
    ]
    for kind in ("refused", "closed"):
        words += [f"{n} {kind} ({code})" for code, n in told[kind].items()]
    words.append(f"web {step.cores['web']:.2f} cores, crowd {told['own_cpu']:.2f}")
    return ", ".join(words)


def plain(title: str, measured: Iterable[tuple[str, float]], unit: str) -> None:
    table = Table(title=title)
    table.add_column("")
    table.add_column(unit, justify="right")
    for what, value in measured:
        table.add_row(what, f"{value:,.2f}")
    console.print(table)


def profiled(rate: int, step: Step, sampled: dict[str, Any]) -> None:
    """The functions with the largest shares of the process's time."""
    console.print(f"At {rate:,} a second: " + ", ".join(cells(step)))
    for kind, head in (("own", "Running"), ("below", "Running or waiting for what it called")):
        plain(f"{head} ({sampled['samples']} samples)", sampled[kind], "%")
