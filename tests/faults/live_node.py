"""A web node of the product that kills itself: `url redis_url fd where`, over a told town.

It listens on the socket that it was given and prints `ready`. At a line on its input it is armed: at the next
command it dies (SIGKILL) at `where`: one of the ledger's hooks, or just before or after its author is told.
`never` strikes nowhere. What is struck after its author was told rings for nobody.
"""

import asyncio
import os
import signal
import socket
import sys
from typing import Any

from server.app import build
from server.realtime.doorbell import Doorbell
from server.realtime.screens import Screen
from server.record.committer import Hooks
from server.serving import Server, config
from tests.lab.town import Clock, settings

HOOKS = ("before_commit", "after_commit", "before_ring")
ADDRESS = "http://127.0.0.1:8000"


def strike() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Armed(Hooks):
    """The ledger's hooks; the one that is named strikes once it is armed."""

    def arm(self, where: str) -> None:
        if where in HOOKS:
            setattr(self, where, strike)
        elif where in ("before_saved", "after_saved"):
            strike_when_told(where)


def strike_when_told(where: str) -> None:
    say = Screen.say

    async def told(self: Screen, message: Any) -> None:
        if message["type"] == "saved" and where == "before_saved":
            strike()
        await say(self, message)
        if message["type"] == "saved":
            strike()

    Screen.say = told  # type: ignore[method-assign]
    Doorbell.ring = lambda *_: None  # type: ignore[method-assign,assignment]


async def main(url: str, redis_url: str, fd: str, where: str) -> None:
    hooks = Armed()
    with socket.socket(fileno=int(fd)) as listening:
        port = listening.getsockname()[1]
        chosen = settings(url, port, redis_url=redis_url, base_url=ADDRESS, demo=False)
        server = Server(config(build(chosen, hooks=hooks, clock=Clock()), chosen))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn sets no event
            await asyncio.sleep(0.01)
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        hooks.arm(where)
        print("armed", flush=True)
        await serving
