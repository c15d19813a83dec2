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
from functools import cache
from http import HTTPStatus
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


WEBS = ("web-1", "web-2")
BALANCER = "balancer"


class Stack:
    """Webs, worker and balancer of the composition, over a database and a Redis that run already.

    `port` is the balancer's; `more` are settings that the composition does not make. Where this machine has
    no HAProxy, the lab's own stands in for it.
    """

    def __init__(
        self,
        folder: Path,
        database: str,
        redis: str,
        dot_env: dict[str, str] = DOT_ENV,
        port: int | None = None,
        **more: str,
    ) -> None:
        self.folder = folder
        self.dot_env = dot_env
        self.ports = {BALANCER: port or free_port()} | {name: free_port() for name in WEBS}
        self.services = compose.services(dot_env)
        self._more = more
        self._here = {
            "HUDDLE_DATABASE_URL": database,
            "HUDDLE_REDIS_URL": redis,
            "HUDDLE_HOST": LOOPBACK,
            "HUDDLE_FORWARDED_ALLOW_IPS": LOOPBACK,
            "LISTEN": f"{LOOPBACK}:{self.port}",
            "WEB_1": f"{LOOPBACK}:{self.ports['web-1']}",
            "WEB_2": f"{LOOPBACK}:{self.ports['web-2']}",
        }
        command_here(folder / "bin")
        (folder / "volume").mkdir()

    @property
    def port(self) -> int:
        return self.ports[BALANCER]

    def environment(self, service: str) -> dict[str, str]:
        """The names are the composition's, and so are the values that belong to no place."""
        said: dict[str, str] = self.services[service]["environment"]
        there = {name: value.replace(VOLUME, str(self.folder / "volume")) for name, value in said.items()}
        here = self._here | ({"HUDDLE_PORT": str(self.ports[service])} if service in self.ports else {})
        moved = {name: here[name] for name in said if name in here}
        path = (
            f"{self.folder / 'bin'}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        )
        return (
            {"PATH": path, "HOME": str(self.folder)}
            | there
            | moved
            | (self._more if service in (*WEBS, "worker") else {})
        )

    def command(self, service: str) -> list[str]:
        """The composition's own; the balancer with the file that the composition mounts into it."""
        said: list[str] = self.services[service]["command"]
        if service != BALANCER:
            return said
        if haproxy() is None:
            return [sys.executable, "-m", "tests.lab.balancer"]
        (mounted,) = self.services[service]["volumes"]
        source, target, _ = mounted.split(":")
        assert said[0] == "haproxy"
        return [haproxy() or "", *(str(ROOT / source) if word == target else word for word in said[1:])]

    def run(self, service: str, *command: str) -> subprocess.CompletedProcess[str]:
        """One command inside a service, as `docker compose run` does it."""
        return subprocess.run(
            command, cwd=ROOT, env=self.environment(service), capture_output=True, text=True, timeout=60
        )

    @contextmanager
    def up(self, *names: str) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
        """The processes of these services, healthy; ended as Compose ends them.

        They start together, but for those that the composition has wait for another of them.
        """
        later = [name for name in names if set(names) & set(self.services[name]["depends_on"])]
        with ExitStack() as stack:
            running: dict[str, subprocess.Popen[bytes]] = {}
            for group in ([name for name in names if name not in later], later):
                started = {name: stack.enter_context(self.process(name)) for name in group}
                running |= started
                for name, process in started.items():
                    self._wait_until_healthy(name, process)
            yield running

    @contextmanager
    def process(self, name: str) -> Iterator[subprocess.Popen[bytes]]:
        """One of them, started now and ended with the block."""
        command, env = self.command(name), self.environment(name)
        with self.log(name).open("ab") as log:
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

        # Each look starts a process, and so do several services at once: no more often than that.
        wait_for(settled, f"{name} never became healthy", patience=120, every=0.25)
        if process.poll() is not None:
            raise RuntimeError(
                f"{name} ended with {process.returncode}:\n{self.log(name).read_text()[-2000:]}"
            )

    def healthy(self, name: str) -> bool:
        """What its health check says; a service without one is asked for its own word."""
        check = self.services[name].get("healthcheck")
        if name == BALANCER:
            return self.get("/readyz")[0] == HTTPStatus.OK
        if check is None:
            return b"worker.ready" in self.log(name).read_bytes()
        return self.run(name, *in_shell(check["test"])).returncode == 0

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def end(self, process: subprocess.Popen[bytes]) -> int:
        """SIGTERM, and no more than the time that Compose grants."""
        grace = float(str(self.services["web-1"]["stop_grace_period"]).removesuffix("s"))
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            return process.wait(grace)
        finally:
            process.kill()
            process.wait()

    def get(self, path: str, at: str = BALANCER) -> tuple[int, bytes]:
        """What the proxy in front would get from the balancer, or from one web. Status 0: no answer."""
        connection = http.client.HTTPConnection(LOOPBACK, self.ports[at], timeout=10)
        try:
            base = urlsplit(self.dot_env["HUDDLE_BASE_URL"])
            connection.request("GET", path, headers={"Host": base.netloc, "X-Forwarded-Proto": base.scheme})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()


@cache
def haproxy() -> str | None:
    """The HAProxy of this machine."""
    found = subprocess.run([ROOT / "scripts" / "haproxy"], capture_output=True, text=True)
    return found.stdout.strip() if found.returncode == 0 else None


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
