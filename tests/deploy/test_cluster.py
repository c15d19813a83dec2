"""`make cluster` as somebody uses it: it says where to look, outlives a killed node, and leaves nothing."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psutil
import pytest

from tests.deploy.compose import ROOT
from tests.lab.machine import free_port, temporary_place
from tests.lab.services import wait_for

pytestmark = pytest.mark.fault


class Cluster:
    """`make cluster`, in a process group of its own, as in a terminal of its own."""

    def __init__(self, place: Path) -> None:
        self.address = f"http://127.0.0.1:{free_port()}"
        self.said = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.deploy.cluster", self.address.rpartition(":")[2]],
            cwd=ROOT,
            env=os.environ | {"TMPDIR": str(place)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def says(self, words: str) -> None:
        """Until it has said so."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line
            if words in line:
                return
        raise AssertionError(f"it ended without {words!r}:\n{self.said}")

    def pid(self, name: str) -> int:
        found = re.search(rf"{name}.*process (\d+)", self.said)
        assert found, self.said
        return int(found[1])

    def status(self, path: str, method: str = "GET") -> int:
        headers = {"Origin": self.address}
        return httpx2.request(method, self.address + path, headers=headers, timeout=10).status_code

    def end(self) -> int:
        """Ctrl-C, which a terminal sends to all of it."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        self.process.communicate(timeout=60)
        return self.process.returncode


@pytest.fixture
def place() -> Iterator[Path]:
    """A temporary folder that an unprivileged server reaches."""
    with tempfile.TemporaryDirectory(dir=temporary_place()) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def cluster(place: Path) -> Iterator[Cluster]:
    cluster = Cluster(place)
    try:
        cluster.says("Stop with Ctrl+C")
        yield cluster
    finally:
        cluster.end()


def test_it_shows_the_live_room_outlives_a_node_and_leaves_nothing(cluster: Cluster, place: Path) -> None:
    started = psutil.Process(cluster.process.pid).children(recursive=True)
    room = re.search(r"live room is at (\S+)", cluster.said)
    assert room and room[1].startswith(cluster.address)
    assert cluster.status("/sign-in/as/priya-nair", "POST") == 303
    os.kill(cluster.pid("web-1"), signal.SIGKILL)
    for _ in range(10):
        assert cluster.status("/sign-in") == 200, "the other node answers at once"
    cluster.says("web-1 ended, and is started again")
    assert cluster.end() == 0
    assert [process for process in started if process.is_running()] == []
    wait_for(lambda: not list(place.iterdir()), "it left files behind")
