"""What a fact is: an immutable, typed value named in the past tense, stored once and never re-encoded.

A kind is the class name and its version (`FragmentContributed/1`). Fields are added with a default, or by a
new version with an upcast from the old. A kind that this release does not know is kept and shown as
"recorded by a newer version".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, dataclass_transform

import msgspec

SYSTEM = "system"
"""The author of facts that follow from other facts."""

_kinds: dict[str, type[Fact]] = {}
_upcasts: dict[str, tuple[type[Fact], Callable[[dict[str, Any]], dict[str, Any]]]] = {}


class Admits(msgspec.Struct, frozen=True):
    """From this fact on, `person` may read the stream it stands in, until `until` if that is named."""

    person: str
    until: datetime | None = None


class Removes(msgspec.Struct, frozen=True):
    """From this fact on, `person` may read nothing of the stream it stands in."""

    person: str


class Grants(msgspec.Struct, frozen=True):
    """From this fact on, `person` holds `role` in `scope` (empty: the whole stream)."""

    person: str
    role: str
    scope: str = ""


class Ends(msgspec.Struct, frozen=True):
    """From this fact on, `person` no longer holds `role` in `scope`."""

    person: str
    role: str
    scope: str = ""


class Bars(msgspec.Struct, frozen=True):
    """From this fact on, `person` may read nothing of this book, whatever else admits them (I25)."""

    person: str


class Lifts(msgspec.Struct, frozen=True):
    """From this fact on, `person` may be admitted again. They read nothing until they are."""

    person: str


Standing = Admits | Removes | Grants | Ends | Bars | Lifts


@dataclass_transform(frozen_default=True)
class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened. The docstring of each kind is its sentence."""

    version: ClassVar[int] = 1

    def __init_subclass__(cls, **config: Any) -> None:
        super().__init_subclass__(**config)
        _kinds[cls.kind()] = cls

    @classmethod
    def kind(cls) -> str:
        return f"{cls.__name__}/{cls.version}"

    def standing(self) -> tuple[Standing, ...]:
        """What this fact changes about who may read its stream and who holds which role in it."""
        return ()

    def names(self) -> tuple[str, ...]:
        """The people whose own part of the screen this fact changes."""
        return ()

    def concerns(self) -> tuple[tuple[str, str], ...]:
        """The (role, scope) whose holders' own part of the screen this fact changes."""
        return ()


class UnknownFact(Fact):
    """Recorded by a newer version of this service."""

    was: str
    body: dict[str, Any]


class DestroyedFact(Fact):
    """The content of this entry was destroyed under the retention rules."""


class PayloadDestroyed(Fact):
    """The content of one earlier entry of this stream was destroyed, under a named rule."""

    seq: int
    rule: str


class RecordRestored(Fact):
    """The record was restored from a backup. What was recorded here between `until` and `at` is missing."""

    until: datetime
    at: datetime


class Ref(msgspec.Struct, frozen=True):
    """A pointer at one fact: a stream and its number in that stream."""

    stream: str
    seq: int


class Payload(msgspec.Struct, frozen=True, omit_defaults=True):
    """The bytes that are stored and hashed: the fact, and what it answers (a command's key, or a cause)."""

    fact: msgspec.Raw
    key: str = ""
    digest: str = ""
    cause: Ref | None = None


class Entry(msgspec.Struct, frozen=True):
    """One fact as it stands in the record. `position` orders a book's streams on screen; it is never sent."""

    book: str
    stream: str
    seq: int
    position: int
    kind: str
    author: str
    agency: str
    at: datetime
    fact: Fact
    key: str = ""
    digest: str = ""
    cause: Ref | None = None

    @property
    def ref(self) -> Ref:
        return Ref(self.stream, self.seq)


def upcast(kind: str, to: type[Fact]) -> Callable[..., Callable[[dict[str, Any]], dict[str, Any]]]:
    """Register a pure function from the fields of an older `kind` to those of the class that reads it."""

    def register(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[..., dict[str, Any]]:
        _upcasts[kind] = (to, change)
        return change

    return register


def kinds() -> dict[str, type[Fact]]:
    """Every kind that this release writes."""
    return dict(_kinds)


def encode(fact: Fact, key: str = "", digest: str = "", cause: Ref | None = None) -> bytes:
    """The bytes to store, exactly once."""
    raw = msgspec.Raw(msgspec.json.encode(fact))
    return msgspec.json.encode(Payload(fact=raw, key=key, digest=digest, cause=cause))


_payload = msgspec.json.Decoder(Payload)
_decoders: dict[str, msgspec.json.Decoder[Any]] = {}


def decode(kind: str, stored: bytes | None) -> tuple[Fact, Payload]:
    """Read stored bytes. An unknown kind becomes `UnknownFact`, a destroyed payload `DestroyedFact`."""
    if stored is None:
        return DestroyedFact(), Payload(fact=msgspec.Raw(b"{}"))
    payload = _payload.decode(stored)
    return _fact(kind, payload.fact), payload


def _fact(kind: str, raw: msgspec.Raw) -> Fact:
    if kind in _upcasts:
        to, change = _upcasts[kind]
        return msgspec.convert(change(msgspec.json.decode(raw)), to)
    if kind not in _kinds:
        return UnknownFact(was=kind, body=msgspec.json.decode(raw))
    if kind not in _decoders:
        _decoders[kind] = msgspec.json.Decoder(_kinds[kind])
    fact: Fact = _decoders[kind].decode(raw)
    return fact
