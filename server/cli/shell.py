"""What every command shares: settings read from the environment, plain answers, one exit status each."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import logging
import sys
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn, TypeVar

import structlog
import typer
from pydantic import ValidationError

from server.record.backup import BackupRefused
from server.record.lockfile import InUse
from server.record.migrate import TooNew
from server.record.refusals import Refused
from server.serving import PortTaken
from server.settings import Settings

GOOD, FOUND_WRONG, MISUSE = 0, 1, 2

HAND_OVER = 0.0005
"""Seconds after which a busy event loop lets another thread run. A commit in SQLite asks for that some twenty
times, and Python's own 5 ms would make it wait for a tenth of a second."""

T = TypeVar("T")


def settings(**changed: Any) -> Settings:
    """The settings of the environment; what is missing or weak is named, and its value never shown."""
    try:
        chosen = Settings(**changed)
        logging_to_stderr(chosen)
        return chosen
    except ValidationError as error:
        for problem in error.errors():
            name = "HUDDLE_" + "_".join(str(part) for part in problem["loc"]).upper()
            missing = problem["type"] == "missing"
            said = "is missing" if missing else problem["msg"].removeprefix("Value error, ")
            typer.echo(f"{name} {said}", err=True)
        raise typer.Exit(MISUSE) from None


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work; what is refused is said in one line."""
    sys.setswitchinterval(HAND_OVER)
    try:
        with asyncio.Runner(loop_factory=event_loop()) as runner:
            return runner.run(work)
    except (BackupRefused, InUse, PortTaken, Refused, TooNew) as refused:
        fail(str(refused))


def event_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's where there is one: it halves what each socket costs."""
    if importlib.util.find_spec("uvloop") is None:
        return None
    import uvloop

    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


def fail(words: str, status: int = MISUSE) -> NoReturn:
    typer.echo(words, err=True)
    raise typer.Exit(status)


def answer(value: Any, words: str, *, as_json: bool) -> None:
    """The result: words for people, or one JSON value for programs."""
    typer.echo(json.dumps(value, default=str, ensure_ascii=False) if as_json else words)


def logging_to_stderr(settings: Settings) -> None:
    """One JSON line an event (or readable lines), UTC, nothing of any content."""
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s %(levelname)s %(message)s")
