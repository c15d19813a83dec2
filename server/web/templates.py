"""The templates and their words for moments and days. A partial says nothing about who looks, or when.

Autoescape is on for everything and a name that nobody gave is an error, not an empty place.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from server.web.compiled import Compiled
from server.web.static import address

ROOT = Path(__file__).resolve().parents[2]
WORDED = 4096
"""How many moments are kept in words: a line and its cell say the same one."""


class Templates:
    """Renders templates. `zone` says in whose time moments are worded."""

    def __init__(
        self,
        zone: Callable[[], ZoneInfo],
        *,
        loader: BaseLoader | None = None,
        static: Path = ROOT / "static",
    ) -> None:
        self._zone = zone
        self._static = static
        self.environment = Plain(
            loader=loader or FileSystemLoader(ROOT / "templates"),
            autoescape=True,
            auto_reload=False,
            bytecode_cache=None if loader else _compiled,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.filters.update(
            iso=iso,
            moment=lambda at: moment_words(at, self._zone()),
            clock=lambda at: clock_words(at.astimezone(self._zone())),
            day=lambda on: day_words(self._local(on)),
            shortday=lambda on: short_day_words(self._local(on)),
            weekday=lambda on: f"{self._local(on):%A} {day_words(self._local(on))}",
            when=self.when,
        )
        self.environment.globals.update(static=self.static, when=self.when)
        self.chasing(lambda: None, lambda: None)

    def render(self, name: str, /, **context: Any) -> str:
        """The text of a template."""
        return self.environment.get_template(name).render(context)

    def chasing(
        self, unreliable_since: Callable[[], datetime | None], verified: Callable[[], datetime | None]
    ) -> None:
        """How every page learns whether people are reminded of what they owe."""
        self.environment.globals.update(unreliable_since=unreliable_since, chasing_verified=verified)

    def warm(self) -> None:
        """Compile every template, so that nobody who opens a page waits for it."""
        for name in self.environment.list_templates():
            self.environment.get_template(name)

    def when(self, at: datetime) -> Markup:
        """A moment as an element that a script can word anew, whole without one."""
        return Markup('<time datetime="{}">{}</time>').format(iso(at), moment_words(at, self._zone()))

    def static(self, path: str) -> str:
        """The address of a static file, which changes when its content does."""
        return address(self._static, path)

    def _local(self, on: date | datetime) -> date:
        return on.astimezone(self._zone()).date() if isinstance(on, datetime) else on


_compiled = Compiled()


class Plain(Environment):
    """One dictionary of globals for all templates: none brings its own, and a chain of them is slow."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


@lru_cache(WORDED)
def iso(at: datetime) -> str:
    """2026-11-27T15:00:00Z"""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@lru_cache(WORDED)
def moment_words(at: datetime, zone: ZoneInfo) -> str:
    """27 November 2026 at 3pm"""
    local = at.astimezone(zone)
    return f"{day_words(local.date())} at {clock_words(local)}"


def clock_words(local: datetime) -> str:
    """3pm, 2:02pm, midday, midnight"""
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def day_words(on: date) -> str:
    """27 November 2026"""
    return f"{on.day} {on:%B %Y}"


def short_day_words(on: date) -> str:
    """25 Nov"""
    return f"{on.day} {on:%b}"
