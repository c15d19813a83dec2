"""What a look for what is due costs beside the same query as bare SQL, however much is not due."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Connection, text

from server.chasing.due import AT_ONCE, due
from server.record.chain import micros
from server.record.migrate import migrate
from server.record.store import Store

FIRST = datetime(2026, 3, 19, 14, 20, tzinfo=UTC)
SPREAD = timedelta(days=120)
SCATTER = 7919
"""Prime to every count, so that neighbours in the table are no neighbours in time."""

NUMBERS = {
    "sqlite": "(WITH RECURSIVE one(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM one WHERE n < :count - 1)"
    " SELECT n FROM one)",
    "postgresql": "(SELECT n FROM generate_series(0, CAST(:count AS bigint) - 1) AS n)",
}
FILL = """
INSERT INTO deadline (deadline, version, kind, stream, book, owner, about, due, next_chase_at)
SELECT 'deadline-' || n, 1, 'action', 'family:' || (n / 40), 'family:' || (n / 40), 'person-' || (n % 2000),
       'action', CAST(:first AS bigint) + :step * ((n * :scatter) % :count),
       CAST(:first AS bigint) + :step * ((n * :scatter) % :count)
FROM {numbers} AS numbers
"""
BARE = (
    "SELECT deadline, version, stream, book, next_chase_at FROM deadline"
    " WHERE next_chase_at <= {0} ORDER BY next_chase_at LIMIT {1}"
)
MARKS = {"sqlite": ("?", "?"), "postgresql": ("$1", "$2")}


async def find(url: str, count: int, times: int) -> list[tuple[str, float]]:
    """Milliseconds of a look in a database with so many deadlines: when none is due and when 200 are."""
    await migrate(url)
    step = micros(FIRST + SPREAD) - micros(FIRST)
    step //= count
    owner = Store(url, app_role=False)
    try:
        await owner.write(lambda c: fill(c, count, step), patient=True)
        await owner.write(lambda c: c.execute(text("ANALYZE deadline")), patient=True)
    finally:
        await owner.close()
    found = []
    store = Store(url)
    try:
        for number in (0, AT_ONCE):
            now = FIRST + timedelta(microseconds=step * (number - 1))
            look, bare = await store.read(lambda c, n=now, e=number: beside(c, n, e, times))  # type: ignore[misc]
            hop = await hopping(store, now, times)
            found += [
                (f"{number} due: a look", look),
                (f"{number} due: bare SQL", bare),
                (f"{number} due: ratio", look / bare),
                (f"{number} due: a look from the loop, and back", hop),
            ]
    finally:
        await store.close()
    return found


def fill(connection: Connection, count: int, step: int) -> None:
    query = text(FILL.format(numbers=NUMBERS[connection.dialect.name]))
    connection.execute(query, {"count": count, "first": micros(FIRST), "step": step, "scatter": SCATTER})


def beside(connection: Connection, now: datetime, expected: int, times: int) -> tuple[float, float]:
    """The medians of our look and of the bare one, in turn on one connection that is warm."""
    query, values = BARE.format(*MARKS[connection.dialect.name]), (micros(now), AT_ONCE)

    def bare() -> list[Any]:
        return list(connection.exec_driver_sql(query, values).fetchall())

    assert [tuple(one) for one in due(connection, now)] == [tuple(row) for row in bare()]
    assert len(bare()) == expected
    ours, theirs = [], []
    for n in range(times + 20):
        taken = timed(lambda: due(connection, now)), timed(bare)
        if n >= 20:
            ours.append(taken[0])
            theirs.append(taken[1])
    return median(ours), median(theirs)


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


async def hopping(store: Store, now: datetime, times: int) -> float:
    """The same as the sweep asks it: with the way to the connection and back."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        await store.read(lambda c: due(c, now))
        taken.append(1000 * (time.perf_counter() - began))
    return median(taken)
