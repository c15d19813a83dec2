"""The services of docker-compose.yml as processes of this machine: its commands, variables and health checks.

What belongs to the place is put in for it: addresses and ports of the lab's servers, a folder for the volume.
"""

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.deploy import compose
from tests.deploy.compose import ROOT
from tests.lab.machine import LOOPBACK, free_port
from tests.lab.services import wait_for

DOT_ENV = {
    "POSTGRES_PASSWORD": "0123456789abcdef0123456789abcdef",
    "REDIS_PASSWORD": "fedcba9876543210fedcba9876543210",
    "HUDDLE_SECRET_KEY": "9f3c1a77d0b24e5f8c6e0a1b2d3f4a5c6b7d8e9fa0b1c2d3",
    "HUDDLE_BASE_URL": "https://huddle.example",
}
"""What an operator puts into .env."""

VOLUME = "/var/lib/huddle"


class Stack:
    """Web and worker of the composition, over a database and a Redis that run already."""

    def __init__(self, folder: Path, database: str, redis: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.services = compose.services(DOT_ENV)
        self._here = {
            "HUDDLE_DATABASE_URL": database,
            "HUDDLE_REDIS_URL": redis,
            "HUDDLE_HOST": LOOPBACK,
            "HUDDLE_PORT": str(self.port),
        }
        command_here(folder / "bin")
        (folder / "volume").mkdir()

    def environment(self, service: str) -> dict[str, str]:
        """The names are the composition's, and so are the values that belong to no place."""
        said: dict[str, str] = self.services[service]["environment"]
        there = {name: value.replace(VOLUME, str(self.folder / "volume")) for name, value in said.items()}
        moved = {name: self._here[name] for name in said if name in self._here}
        path = (
            f"{self.folder / 'bin'}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        )
        return {"PATH": path, "HOME": str(self.folder)} | there | moved

    def run(self, service: str, *command: str) -> subprocess.CompletedProcess[str]:
        """One command inside a service, as `docker compose run` does it."""
        return subprocess.run(
            command, cwd=ROOT, env=self.environment(service), capture_output=True, text=True, timeout=60
        )

    @contextmanager
    def up(self, *names: str) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
        """The processes of these services, started together and healthy; ended as Compose ends them."""
        with ExitStack() as stack:
            running = {name: stack.enter_context(self._process(name)) for name in names}
            for name, process in running.items():
                self._wait_until_healthy(name, process)
            yield running

    @contextmanager
    def _process(self, name: str) -> Iterator[subprocess.Popen[bytes]]:
        command, env = self.services[name]["command"], self.environment(name)
        with self.log(name).open("wb") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=env, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        try:
            yield process
        finally:
            self.end(process)

    def _wait_until_healthy(self, name: str, process: subprocess.Popen[bytes]) -> None:
        def settled() -> bool:
            return process.poll() is not None or self.healthy(name)

        wait_for(settled, f"{name} never became healthy")
        if process.poll() is not None:
            raise RuntimeError(
                f"{name} ended with {process.returncode}:\n{self.log(name).read_text()[-2000:]}"
            )

    def healthy(self, name: str) -> bool:
        """What its health check says; a service without one is asked for its own word."""
        check = self.services[name].get("healthcheck")
        if check is None:
            return b"worker.ready" in self.log(name).read_bytes()
        return self.run(name, *in_shell(check["test"])).returncode == 0

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def end(self, process: subprocess.Popen[bytes]) -> int:
        """SIGTERM, and no more than the time that Compose grants."""
        grace = float(str(self.services["web"]["stop_grace_period"]).removesuffix("s"))
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            return process.wait(grace)
        finally:
            process.kill()
            process.wait()

    def get(self, path: str) -> tuple[int, bytes]:
        """What the proxy in front would get."""
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=10)
        try:
            name = urlsplit(DOT_ENV["HUDDLE_BASE_URL"]).netloc
            connection.request("GET", path, headers={"Host": name, "X-Forwarded-Proto": "https"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def in_shell(test: Any) -> list[str]:
    """A health check as a command line."""
    if isinstance(test, str):
        return ["sh", "-c", test]
    kind, *command = test
    return ["sh", "-c", *command] if kind == "CMD-SHELL" else command


def command_here(folder: Path) -> None:
    """The command `huddle`, also where the project was not installed into this Python."""
    folder.mkdir()
    command = folder / "huddle"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m server "$@"\n')
    command.chmod(0o755)
