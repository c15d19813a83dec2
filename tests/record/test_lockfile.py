"""Two processes never work on the same file: the second is told by whom it is held."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from server.record.lockfile import InUse, held, lock_file

ROOT = Path(__file__).resolve().parents[2]

HOLD = """
import sys
from server.record.lockfile import held
with held(sys.argv[1], "serve"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'huddle.sqlite3'}"


def test_the_second_is_refused_in_one_line(url: str) -> None:
    with held(url, "serve"), pytest.raises(InUse) as refused, held(url, "migrate"):
        pass
    holder = f"`huddle serve, process {os.getpid()}`"
    told = f"huddle.sqlite3 is in use by {holder}. Stop that first, then migrate again."
    assert str(refused.value) == told


def test_it_is_free_again_afterwards(url: str) -> None:
    for doing in ("migrate", "serve", "reindex"):
        with held(url, doing):
            pass


def test_another_way_to_name_the_file_names_the_same_lock(url: str, tmp_path: Path) -> None:
    (tmp_path / "here").symlink_to(tmp_path)
    same = f"sqlite:///{tmp_path / 'here' / 'huddle.sqlite3'}"
    with held(url, "serve"), pytest.raises(InUse), held(same, "migrate"):
        pass


def test_a_server_needs_no_lock() -> None:
    url = "postgresql+asyncpg://huddle@127.0.0.1/huddle"
    assert lock_file(url) is None
    with held(url, "serve"), held(url, "serve"):
        pass


def test_a_killed_holder_holds_nothing(url: str) -> None:
    """The system lets the lock go: no file is left that somebody would have to remove."""
    command = [sys.executable, "-c", HOLD, url]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(InUse, match=f"process {holder.pid}"), held(url, "migrate"):
            pass
        holder.kill()
    with held(url, "migrate"):
        pass
