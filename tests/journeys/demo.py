"""The demonstration as a process of its own: it can be killed, and started again over the same record."""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from server.core import opened
from server.demo.play import play
from server.settings import Settings
from tests.conftest import ROOT
from tests.lab import machine
from tests.lab.services import Server

ROWE = "/families/NMR-0147"


class Demo(Server):
    """`python -m server demo` in a folder of its own. What it should run on stands in `environment`."""

    politely = signal.SIGTERM

    def __init__(self, **environment: str) -> None:
        super().__init__(machine.temporary_place())
        self.environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "PYTHONPATH": str(ROOT),
            "HUDDLE_SECRET_KEY": secrets.token_hex(32),
            **environment,
        }

    @property
    def address(self) -> str:
        return f"http://{machine.LOOPBACK}:{self.port}"

    @property
    def room(self) -> str:
        """The address of the live room, as it was printed at the start."""
        found = re.findall(r"The live room is at (\S+)", self.log.read_text())
        return str(found[-1])

    def launch(self, log: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "server", "demo", "--port", str(self.port)],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )

    def answers(self) -> bool:
        with suppress(OSError):
            return bool(urllib.request.urlopen(f"{self.address}/readyz", timeout=1).status == 200)  # noqa: S310
        return False

    def one_time_link(self, person: str) -> str:
        """The address at which somebody chooses a password, made by the administrator's command."""
        command = ["people", "link", person, "--as", "imran-sethi", "--json"]
        done = subprocess.run(
            [sys.executable, "-m", "server", *command],
            cwd=self.folder,
            env=self.environment | {"HUDDLE_BASE_URL": self.address},
            capture_output=True,
            text=True,
            check=True,
        )
        return str(json.loads(done.stdout)["link"])

    def act_out(self, minutes: float) -> None:
        """Let the cast act its parts, as `huddle demo --play` does, only quicker."""

        async def playing() -> None:
            async with opened(self.settings()) as core:
                await play(core.ledger, core.ledger.clock, minutes)

        elsewhere(playing())

    def settings(self) -> Settings:
        ours = f"sqlite:///{self.folder}/var/huddle.sqlite3"
        return Settings(
            database_url=self.environment.get("HUDDLE_DATABASE_URL", ours),
            redis_url=self.environment.get("HUDDLE_REDIS_URL", "memory://"),
            secret_key=self.environment["HUDDLE_SECRET_KEY"],  # type: ignore[arg-type]
            base_url=self.address,
            port=self.port,
            demo=True,
        )


def elsewhere(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine in a thread: synchronous Playwright holds this one's event loop."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()
