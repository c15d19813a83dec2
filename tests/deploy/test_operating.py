"""What docs/operating.md tells somebody to type, typed over the composition's services and in its order."""

import re
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from server.core import Core, opened
from server.people.commands import RegisterAgency
from server.people.partnership import partnership
from server.record.books import PARTNERSHIP
from server.record.checkpoint import read_key, write
from server.record.commands import THE_SYSTEM
from server.record.ledger import utc_now
from server.settings import Settings
from tests.deploy.compose import ROOT
from tests.deploy.test_topology import FIRST
from tests.deploy.topology import VOLUME, WEBS, Stack
from tests.house.papers import section
from tests.lab.services import Postgres, Redis
from tests.lab.town import SECRET

pytestmark = pytest.mark.fault

ALL = ("balancer", *WEBS, "worker")
INSIDE = re.compile(r"docker compose (?:exec|run --rm) -T (?P<service>[\w-]+) (?P<command>.+)")


def blocks(heading: str) -> list[list[str]]:
    """The lines of every block in a section that is to be typed as it stands."""
    text = section((ROOT / "docs" / "operating.md").read_text(), heading)
    return [block.splitlines() for block in re.findall(r"^```sh\n(.*?)^```", text, re.S | re.M)]


class Operator:
    """Somebody at the machine, who types line after line."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.running = ExitStack()
        self.here = stack.folder / "here"
        self.here.mkdir()

    def types(self, line: str) -> str:
        """What comes of a line; it has to succeed."""
        if inside := INSIDE.fullmatch(line):
            return self._inside(inside["service"], inside["command"])
        _, _, verb, *names = line.split()
        if verb == "stop":
            assert names == list(ALL)
            self.running.close()
        else:
            assert (verb, names) == ("up", ["--detach"])
            self.running.enter_context(self.stack.up(*ALL))
        return ""

    def _inside(self, service: str, command: str) -> str:
        there = command.replace(VOLUME, str(self.stack.folder / "volume"))
        env = self.stack.environment(service)
        done = subprocess.run(
            ["sh", "-c", there_or_here(there, self.here)],
            env=env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout


def there_or_here(command: str, here: Path) -> str:
    """A file that the shell outside reads or writes lies where somebody stands, not inside."""
    return re.sub(r" ([<>]) ([\w-][\w.-]*)$", lambda m: f' {m[1]} "{here / m[2]}"', command)


@pytest.fixture
def operator(tmp_path: Path, postgres_server: Postgres, redis_server: Redis) -> Iterator[Operator]:
    database = postgres_server.create_database()
    operator = Operator(Stack(tmp_path, database, redis_server.url))
    founded = operator.stack.run(
        "web-1", "huddle", "setup", "--json", *(w for pair in FIRST.items() for w in pair)
    )
    assert founded.returncode == 0, founded.stderr
    with operator.running:
        yield operator
    postgres_server.drop_database(database)


@asynccontextmanager
async def at_the_record(operator: Operator) -> AsyncIterator[Core]:
    """The record that the services work on, looked at from here: a command takes seconds to start."""
    url = operator.stack.environment("web-1")["HUDDLE_DATABASE_URL"]
    async with opened(Settings(database_url=url, secret_key=SecretStr(SECRET))) as core:
        yield core


async def agencies(operator: Operator) -> set[str]:
    async with at_the_record(operator) as core:
        return set((await partnership(core.books)).agencies)


async def sign(operator: Operator) -> None:
    volume = operator.stack.folder / "volume"
    async with at_the_record(operator) as core:
        key = read_key(volume / "checkpoint_key.pem")
        await write(core.store, key, volume / "checkpoints.jsonl", utc_now())


@pytest.mark.slow
async def test_a_night_and_a_restore_go_as_the_paper_says(operator: Operator) -> None:
    """A backup under running services, something recorded after it, and all of it back as it was."""
    night, restore = blocks("## Backup and restore")
    (copying,) = blocks("## Checkpoints")
    operator.types("docker compose up --detach")
    for line in night:
        operator.types(line)
    async with at_the_record(operator) as core:
        joins = RegisterAgency(code="SAP", name="Saltmarsh Academy", sort="school")
        await core.ledger.record(PARTNERSHIP, joins, THE_SYSTEM, key="after-the-backup")
        before = await core.store.epoch()
    assert await agencies(operator) == {"NCS", "SAP"}
    await sign(operator)
    for line in copying:
        operator.types(line)
    said = "\n".join(operator.types(line) for line in restore)
    assert re.search(r"^partnership \d+ to \d+: lost", said, re.M)
    assert "The record stands." in said
    assert await agencies(operator) == {"NCS"}
    async with at_the_record(operator) as core:
        assert await core.store.epoch() != before
    assert operator.stack.get("/readyz")[0] == 200
    signed = (operator.here / "checkpoints-today.jsonl").read_text()
    assert (operator.stack.folder / "volume" / "checkpoints.jsonl").read_text().startswith(signed)


async def test_a_checkpoint_key_is_changed_as_the_paper_says(operator: Operator) -> None:
    volume = operator.stack.folder / "volume"
    await sign(operator)
    old = (volume / "checkpoints.jsonl").read_text()
    (change,) = blocks("## Secrets and keys")
    for line in change:
        operator.types(line)
    assert (volume / "checkpoints.old.jsonl").read_text() == old
    assert operator.stack.run("web-1", "huddle", "verify").returncode == 0
    env = operator.stack.environment("web-1") | {
        "HUDDLE_CHECKPOINT_KEY_FILE": str(volume / "checkpoint_key.old.pem"),
        "HUDDLE_CHECKPOINT_FILE": str(volume / "checkpoints.old.jsonl"),
    }
    assert subprocess.run(["huddle", "verify"], env=env, cwd=ROOT, capture_output=True).returncode == 0
