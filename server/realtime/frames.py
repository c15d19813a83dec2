"""One frame: what happened between two cursors of one audience, rendered once for all of its screens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from server.realtime.partials import Changed
from server.record.facts import Entry, UnknownFact
from server.record.state import State
from server.record.streams import Vector

HTML = "huddle.html.v1"
JSON = "huddle.json.v1"
PROTOCOLS = (HTML, JSON)

PAGE_AFTER = 200
"""A browser that missed more entries than this is given a whole page: cheaper than so many partials."""

FACTS_A_FRAME = 500

Render = Callable[[State, State, str, Sequence[Entry]], Changed | None]
"""(state of the audience, of the partnership, huddle, entries) → what they change, or None for: all of it."""


def fact(entry: Entry) -> dict[str, Any]:
    """A fact as programs read it (docs/protocol.md)."""
    said = entry.fact
    return {
        "stream": entry.stream,
        "seq": entry.seq,
        "kind": entry.kind,
        "at": entry.at,
        "by": {"person": entry.author, "agency": entry.agency},
        "body": said.body if isinstance(said, UnknownFact) else msgspec.to_builtins(said),
    }


def facts_message(cursor: str, entries: Sequence[Entry], *, whole: bool = False) -> dict[str, Any]:
    message = {"type": "facts", "cursor": cursor, "facts": [fact(e) for e in entries]}
    return message | {"whole": True} if whole else message


def advance(vector: Vector, entries: Sequence[Entry]) -> Vector:
    """The vector once `entries` have been seen too."""
    reached = dict(vector)
    for entry in entries:
        reached[entry.stream] = max(reached[entry.stream], entry.seq)
    return tuple(sorted(reached.items()))
