"""The state over one audience: a pure fold, room by room, of exactly the facts that the audience reads.

Each room gives a part: a type with an empty value and a function `apply(part, entry) -> part`. `State` holds
one value of each part; the composition root says which parts there are, in stair order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

import immutables

from server.record.facts import Entry

P = TypeVar("P")

Apply = Callable[[Any, Entry], Any]


class Parts:
    """The table of parts: which fold belongs to which type."""

    def __init__(self, *parts: tuple[type[Any], Apply]) -> None:
        self._parts = parts

    def empty(self) -> State:
        return State(self, immutables.Map({kind: kind() for kind, _ in self._parts}))

    def apply(self, values: immutables.Map[Any, Any], entry: Entry) -> immutables.Map[Any, Any]:
        for kind, apply in self._parts:
            before = values[kind]
            after = apply(before, entry)
            if after is not before:
                values = values.set(kind, after)
        return values


class State:
    """An immutable value: `state[FamilyState]` is what the families room makes of this audience's facts."""

    __slots__ = ("_parts", "_values")

    def __init__(self, parts: Parts, values: immutables.Map[Any, Any]) -> None:
        self._parts = parts
        self._values = values

    def __getitem__(self, part: type[P]) -> P:
        return cast(P, self._values[part])

    def after(self, entries: Iterable[Entry]) -> State:
        """The state once `entries` have happened too."""
        values = self._values
        for entry in entries:
            values = self._parts.apply(values, entry)
        return State(self._parts, values)
