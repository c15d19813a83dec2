"""What chasing costs: a look for what is due, on both databases, and a queue that two processes empty."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bench import report
from bench.draining import drain, empty_jobs
from bench.finding import find
from tests.lab.services import Postgres, Redis

FEW = 10_000
MANY = 1_000_000
NOTICES = 10_000


def measure(folder: Path, *, quick: bool) -> None:
    """Databases of its own, made and thrown away here."""
    many, notices, times = (100_000, 1_000, 200) if quick else (MANY, NOTICES, 1_000)
    with Postgres() as postgres, Redis() as redis:
        for count in (FEW, many):
            for name, url in (
                ("SQLite", f"sqlite:///{folder}/deadlines-{count}.sqlite3"),
                ("PostgreSQL", postgres.create_database()),
            ):
                measured = asyncio.run(find(url, count, times))
                report.plain(f"Of {count:,} deadlines, {name}", measured, "ms")
        drained = asyncio.run(drain(postgres.create_database(), redis.url, notices))
        report.plain(f"{notices:,} notices to as many people, two processes", drained, "")
        report.plain(
            f"{notices:,} jobs of arq that do nothing", asyncio.run(empty_jobs(redis.url, notices)), ""
        )
