"""What any test may ask for: real servers, started once per process of the run, and a browser."""

import gc
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import structlog
from structlog.processors import KeyValueRenderer, add_log_level, format_exc_info

from tests.lab.machine import Missing
from tests.lab.services import Postgres, Redis

ROOT = Path(__file__).resolve().parent.parent

gc.disable()  # as the product's own start: what is imported and collected lasts
gc.set_threshold(50_000, 20, 50)  # and a town is let go of whole


def pytest_configure() -> None:
    """A run that is told to end (a time limit, a shutdown) ends as with Ctrl-C: with all that it started."""
    with suppress(ValueError):  # only the main thread may decide this
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    # As the product logs: without this, each traceback is coloured with all its variables, for seconds.
    structlog.configure(processors=[add_log_level, format_exc_info, KeyValueRenderer(["event"])])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long is begun first, or everybody waits for it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """A PostgreSQL for everybody, with `create_database()` for each. To kill one, make your own."""
    try:
        server = Postgres(in_memory=True)
    except Missing as why:
        pytest.skip(str(why))
    with server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Redis]:
    """A Redis for everybody: keys of your own, please. To kill one, make your own."""
    try:
        server = Redis()
    except Missing as why:
        pytest.skip(str(why))
    with server:
        yield server


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium that starts; without one the test is left out and says what would help."""
    found = subprocess.run([ROOT / "scripts" / "chromium"], capture_output=True, text=True)
    if found.returncode:
        pytest.skip(found.stderr.strip())
    return found.stdout.strip()
