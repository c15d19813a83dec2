"""The topology of docker-compose.yml as processes: it comes up, serves, is proved, and ends politely."""

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
import redis

from tests.deploy import compose
from tests.deploy.topology import DOT_ENV, Stack, in_shell
from tests.lab import machine
from tests.lab.services import Postgres, Redis, wait_for

FIRST = {
    "--partnership": "Northmere",
    "--nation": "england",
    "--agency-code": "NCS",
    "--agency-name": "Northmere Children's Services",
    "--administrator": "Nia Parry",
    "--email": "nia@example.org",
}
"""What somebody who founds a partnership is asked."""

POLITELY = (0, -signal.SIGTERM)
"""Ended by itself, or by the signal that it was sent once it had finished."""


@pytest.fixture
def stack(tmp_path: Path, postgres_server: Postgres, redis_server: Redis) -> Iterator[Stack]:
    database = postgres_server.create_database()
    yield Stack(tmp_path, database, redis_server.url)
    postgres_server.drop_database(database)


@pytest.mark.slow
def test_it_comes_up_serves_is_proved_and_ends_politely(stack: Stack) -> None:
    founded = stack.run("web-1", "huddle", "setup", "--json", *chain(*FIRST.items()))
    assert founded.returncode == 0, founded.stderr
    link = json.loads(founded.stdout)["link"]
    assert link.startswith(f"{DOT_ENV['HUDDLE_BASE_URL']}/welcome/")

    with stack.up("web-1", "web-2", "worker", "balancer") as processes:
        assert stack.get("/healthz")[0] == 200
        assert stack.get("/readyz")[0] == 200
        assert stack.get("/sign-in")[0] == 200
        status, page = stack.get(link.removeprefix(DOT_ENV["HUDDLE_BASE_URL"]))
        assert status == 200 and b"Nia Parry" in page
        assert stack.run("web-1", "huddle", "checkpoint").returncode == 0
        assert (stack.folder / "volume" / "checkpoints.jsonl").exists()
        proved = stack.run("web-1", "huddle", "verify", "--json")
        assert (proved.returncode, json.loads(proved.stdout)) == (0, [])
        for name, process in processes.items():
            assert stack.end(process) in POLITELY, name
            assert "Traceback" not in stack.log(name).read_text()


@pytest.mark.slow
def test_all_can_start_over_an_empty_database_at_the_same_moment(stack: Stack) -> None:
    """Each migrates first; one of them does it."""
    with stack.up("worker", "web-1", "web-2"):
        assert stack.run("web-1", "huddle", "reindex", "--check").returncode == 0


def test_the_health_check_says_no_where_nothing_answers(stack: Stack) -> None:
    done = stack.run("web-1", *in_shell(stack.services["web-1"]["healthcheck"]["test"]))
    assert done.returncode == 1
    assert f"no answer on port {stack.ports['web-1']}" in done.stderr


def test_the_databases_health_check_knows_whether_it_answers(postgres_server: Postgres) -> None:
    command = in_shell(compose.services(DOT_ENV)["postgres"]["healthcheck"]["test"])
    place = {
        "PGHOST": machine.LOOPBACK,
        "PATH": f"{postgres_server.programs}{os.pathsep}{os.environ['PATH']}",
    }
    for port, status in ((postgres_server.port, 0), (machine.free_port(), 2)):
        done = subprocess.run(command, env=place | {"PGPORT": str(port)}, capture_output=True)
        assert done.returncode == status


class Composed(Redis):
    """A Redis started by the composition's own command."""

    def __init__(self) -> None:
        super().__init__()
        self.service = compose.services(DOT_ENV)["redis"]
        self.password = DOT_ENV["REDIS_PASSWORD"]

    def launch(self, log: object) -> subprocess.Popen[bytes]:
        program, *rest = self.service["command"]
        assert program == "redis-server"
        here = ["--bind", machine.LOOPBACK, "--port", str(self.port), "--dir", str(self.folder)]
        return subprocess.Popen([self.program, *rest, *here], stdout=log, stderr=log)  # type: ignore[call-overload]


def test_the_redis_of_the_composition_keeps_nothing_and_wants_a_password() -> None:
    with Composed() as mine:
        with redis.Redis.from_url(mine.url) as known:
            assert known.ping()
            assert known.config_get("save") == {"save": ""}
            assert known.config_get("appendonly") == {"appendonly": "no"}
        with redis.Redis(port=mine.port) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()


def test_the_health_check_of_redis_knows_whether_it_answers() -> None:
    client = shutil.which("redis-cli") or shutil.which("valkey-cli")
    if client is None:
        pytest.skip("neither redis-cli nor valkey-cli on this machine")
    with Composed() as mine:
        _, *rest = in_shell(mine.service["healthcheck"]["test"])
        command = [client, "-h", machine.LOOPBACK, "-p", str(mine.port), *rest]
        done = subprocess.run(command, env=mine.service["environment"], capture_output=True, text=True)
        assert (done.returncode, done.stdout.strip()) == (0, "PONG")


def test_a_missing_secret_is_named_and_nothing_starts(stack: Stack) -> None:
    env = {k: v for k, v in stack.environment("web-1").items() if k != "HUDDLE_SECRET_KEY"}
    command = stack.services["web-1"]["command"]
    done = subprocess.run(command, cwd=compose.ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 2
    assert re.search(r"HUDDLE_SECRET_KEY is missing", done.stderr)
    assert "Traceback" not in done.stderr


def test_a_killed_redis_does_not_stop_the_web(tmp_path: Path, postgres_server: Postgres) -> None:
    with Redis() as mine:
        stack = Stack(tmp_path, postgres_server.create_database(), mine.url)
        with stack.up("web-1", "web-2", "balancer"):
            mine.kill()
            wait_for(lambda: stack.get("/healthz")[0] == 200, "the web went away with Redis")
            assert stack.get("/sign-in")[0] == 200
