"""The processes of a measurement: started, asked over pipes, ended here, weighed by processor time."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from typing import Any, Self

import psutil

PATIENCE = 60.0


class Child:
    """A Python module run as a process that answers a line of JSON to a line."""

    def __init__(self, module: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | environment,
            text=True,
        )

    def ask(self, line: str) -> Any:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError("the process ended in the middle of a measurement")
        return json.loads(answer)

    def do(self, what: str, **told: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.ask(json.dumps({"do": what} | told))
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def rss(self) -> int:
        return int(psutil.Process(self.process.pid).memory_info().rss)


class Web(Child):
    """A process that serves on a port of loopback."""

    def __init__(self, module: str, port: int, **environment: str) -> None:
        super().__init__(module, HUDDLE_PORT=str(port), **environment)
        self.port = port
        until = time.monotonic() + PATIENCE
        while not answers(port):
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{module} did not start")
            time.sleep(0.02)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Weights:
    """How much processor time some process trees, and everything else on the machine, took meanwhile."""

    def __init__(self, **trees: list[int]) -> None:
        self._trees = trees
        self._at = time.monotonic()
        self._before = {name: spent(pids) for name, pids in trees.items()}
        self._busy = busy()

    def shares(self) -> dict[str, float]:
        """Cores that each took, and `others`."""
        wall = time.monotonic() - self._at
        taken = {name: (spent(pids) - self._before[name]) / wall for name, pids in self._trees.items()}
        everything = (busy() - self._busy) / wall
        return taken | {"others": max(everything - sum(taken.values()), 0.0)}


def spent(pids: list[int]) -> float:
    total = 0.0
    for pid in pids:
        try:
            root = psutil.Process(pid)
            for each in (root, *root.children(recursive=True)):
                times = each.cpu_times()
                total += times.user + times.system
        except psutil.NoSuchProcess:
            continue
    return total


def busy() -> float:
    t = psutil.cpu_times()
    return float(sum(t) - t.idle - getattr(t, "iowait", 0.0))
