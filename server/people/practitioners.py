"""Agencies, and the people who work for them, as values."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from server.people.facts import LinkHow, Role

TITLES = {"dr", "mr", "mrs", "ms", "miss", "mx", "prof", "rev", "sir", "pc", "ps", "dc", "ds", "di", "dci"}
"""Words before a name that are no part of its initials."""


class Agency(msgspec.Struct, frozen=True):
    """An agency of the partnership. `short` is what its column in the picture is called."""

    code: str
    name: str
    short: str
    sort: str
    out_of_hours: str = ""


class Practitioner(msgspec.Struct, frozen=True):
    """Somebody who works here, or did. `tier` is a supervisor's, 0 for everybody else."""

    person: str
    name: str
    email: str
    agency: str
    job_title: str
    manager: str = ""
    here: bool = True
    roles: frozenset[Role] = frozenset()
    tier: int = 0
    registered: int = 0
    """The number of the fact: a stable order in which people came."""

    @property
    def initials(self) -> str:
        words = [w for w in self.name.split() if w.rstrip(".").lower() not in TITLES] or self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


class Cover(msgspec.Struct, frozen=True):
    """`covered_by` does `person`'s work from the first to the last day, both included."""

    person: str
    covered_by: str
    first_day: date
    last_day: date


class Passed(msgspec.Struct, frozen=True):
    """`to` took over somebody's work, by the fact with this number."""

    to: str
    seq: int


class LinkMade(msgspec.Struct, frozen=True):
    """Who made somebody's newest sign-in link, when, and how it reached them."""

    by: str
    at: datetime
    how: LinkHow = "shown"
