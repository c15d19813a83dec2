"""The chain: each row commits to its own content and to the row before, so that no later change is silent.

`commitment = SHA-256(salt ‖ bytes)`; the salt keeps a commitment meaningless once its payload is destroyed.
`hash = SHA-256(domain ‖ JSON[stream, number, kind, author, agency, time in µs, previous hash, commitment])`.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import msgspec

DOMAIN = b"huddle-chain-v1"
SALT_BYTES = 16
NOTHING = "0" * 64
"""The previous hash of the first row of a stream."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """An aware moment as whole microseconds since 1970 (what is stored and hashed)."""
    return (at - _EPOCH) // _MICROSECOND


def moment(at: int) -> datetime:
    """The aware UTC moment of stored microseconds."""
    return _EPOCH + at * _MICROSECOND


def commitment(salt: bytes, stored: bytes) -> str:
    """What the chain keeps of a payload: 64 hexadecimal digits."""
    return hashlib.sha256(salt + stored).hexdigest()


def link(
    stream: str, seq: int, kind: str, author: str, agency: str, at: int, prev: str, committed: str
) -> str:
    """The hash of one row, from everything it says and the hash before it."""
    row = msgspec.json.encode([stream, seq, kind, author, agency, at, prev, committed])
    return hashlib.sha256(DOMAIN + row).hexdigest()
