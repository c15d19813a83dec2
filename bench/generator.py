"""The crowd in a process of its own: a line of JSON for each request and each answer."""

from __future__ import annotations

import asyncio
import json
import sys

import uvloop

from bench.crowd import Crowd


async def main() -> None:
    lines = asyncio.StreamReader(limit=2**24)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    crowd = Crowd()
    acts = {act.__name__: act for act in (crowd.enter, crowd.leave, crowd.load, crowd.singly, crowd.stall)}
    while line := await lines.readline():
        told = json.loads(line)
        print(json.dumps(await acts[told["do"]](told)), flush=True)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
