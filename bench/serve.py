"""One web process of the product, served as `huddle serve` serves it, that answers questions about itself.

Its standard input takes one question a line, its standard output one JSON value for each: `counts`,
`profile` (begin to sample) and `sampled` (what was sampled since).
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Any

from bench.sampler import Sampler
from server import serving
from server.app import build
from server.cli import shell
from server.realtime.partials import Changed, Renderer
from server.record.append import Links
from server.record.facts import Entry
from server.record.state import State

COUNTS = {"renders": 0, "entries_rendered": 0, "commits": 0}


def count_renders() -> None:
    """Count each rendering of a frame's parts, and each transaction of the ledger."""
    parts, store = Renderer.parts, Links.store

    def counted(
        self: Renderer, state: State, people: State, huddle: str, entries: Sequence[Entry]
    ) -> Changed | None:
        COUNTS["renders"] += 1
        COUNTS["entries_rendered"] += len(entries)
        return parts(self, state, people, huddle, entries)

    def stored(self: Links, connection: Any) -> None:
        COUNTS["commits"] += 1
        store(self, connection)

    Renderer.parts, Links.store = counted, stored  # type: ignore[method-assign]  # the bench counts from outside


async def answers() -> None:
    """Answer until the other end closes."""
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    sampler = Sampler()
    while line := await lines.readline():
        match line.decode().strip():
            case "counts":
                said: Any = COUNTS
            case "profile":
                sampler.start()
                said = "sampling"
            case "sampled":
                said = sampler.stop()
            case other:
                said = f"unknown: {other}"
        print(json.dumps(said), flush=True)


async def serve() -> None:
    settings = shell.settings()
    server = serving.Server(serving.config(build(settings), settings))
    answering = asyncio.create_task(answers())
    await server.serve()
    answering.cancel()


if __name__ == "__main__":
    shell.logging_to_stderr(shell.settings())
    count_renders()
    shell.run(serve())
