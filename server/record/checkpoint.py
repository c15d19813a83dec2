"""Signed heads, kept outside the database: what a chain alone cannot show (a cut tail, a chain made anew).

Every head that was ever signed must still stand in the chain, but for what a restore is known to have lost.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, select, tuple_

from server.record import tables
from server.record.checkpoint_file import Checkpoint, Head, append, read, restores
from server.record.store import Store
from server.record.walk import Fault, First

BLOCK = 500


class Loss(msgspec.Struct, frozen=True, order=True):
    """Entries of a stream that were signed for, and that a backup restored at `at` did not hold."""

    stream: str
    first: int
    last: int
    at: datetime

    def __str__(self) -> str:
        when = self.at.isoformat()
        return f"{self.stream} {self.first} to {self.last}: lost when a backup was restored at {when}"


def make_key(path: Path) -> None:
    """Make the signing key, readable by its owner only. One that is there is left as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    with os.fdopen(file, "wb") as key:
        key.write(pem)
        key.flush()
        os.fsync(key.fileno())


def read_key(path: Path) -> Ed25519PrivateKey:
    """The signing key. Raises ValueError if the file holds something else."""
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path.name} holds no Ed25519 key")
    return key


async def write(store: Store, key: Ed25519PrivateKey, file: Path, now: datetime) -> Checkpoint:
    """Sign all heads as they stand and append them to the file; returns when they are on the disk."""
    epoch = await store.epoch()
    return await asyncio.to_thread(append, file, key, epoch, await heads_of(store), now, None)


async def write_restored(
    store: Store, key: Ed25519PrivateKey, file: Path, heads: tuple[Head, ...], until: datetime, now: datetime
) -> Checkpoint:
    """Sign the heads that came out of a backup of the moment `until`. Only who restores it does that."""
    epoch = await store.epoch()
    return await asyncio.to_thread(append, file, key, epoch, heads, now, until)


async def heads_of(store: Store) -> tuple[Head, ...]:
    """The heads of all streams as they stand, in order of id."""
    return tuple(sorted(await store.read(_heads)))


async def check(
    store: Store, key: Ed25519PublicKey, file: Path, restoring: tuple[Head, ...] | None = None
) -> list[Fault]:
    """What does not hold: in the file itself, and of the heads that it says were there.

    What a restore lost is no fault (`losses` names it). `restoring` are the heads of a backup that somebody
    is about to restore.
    """
    first = First()
    known_restores = _restores(file, key, restoring)
    known: dict[str, Head] = {}
    for number, checkpoint in read(file, key, first):
        left = _left_after(known_restores, number)
        news = [head for head in checkpoint.heads if known.get(head[0]) != head and head[1] <= left(head[0])]
        for start in range(0, len(news), BLOCK):
            block = news[start : start + BLOCK]
            hashes = await store.read(partial(_hashes, at=[head[:2] for head in block]))
            for stream, seq, hash in block:
                _compare(stream, seq, hash, hashes.get((stream, seq)), checkpoint.at, first)
        known = {head[0]: head for head in checkpoint.heads}
    return first.faults()


def losses(file: Path, key: Ed25519PublicKey) -> list[Loss]:
    """What was signed for and is known to be lost: stream and numbers, for each restore."""
    signed: dict[str, int] = {}
    lost: list[Loss] = []
    at = {number for number, _ in restores(file, key)}
    for number, checkpoint in read(file, key, First()) if at else ():
        heads = {stream: seq for stream, seq, _ in checkpoint.heads}
        if number in at:
            lost += [
                Loss(stream, heads.get(stream, 0) + 1, last, checkpoint.at)
                for stream, last in sorted(signed.items())
                if last > heads.get(stream, 0)
            ]
            signed = {}
        signed.update(heads)
    return lost


Restore = tuple[int, dict[str, int]]
"""The line at which a backup was restored, and how far each stream reached then."""


def _restores(file: Path, key: Ed25519PublicKey, restoring: tuple[Head, ...] | None) -> list[Restore]:
    heads = [(number, checkpoint.heads) for number, checkpoint in restores(file, key)]
    heads += [(sys.maxsize, restoring)] if restoring is not None else []
    return [(number, {stream: seq for stream, seq, _ in each}) for number, each in heads]


def _left_after(known: list[Restore], number: int) -> Callable[[str], int]:
    """How much of each stream the restores after line `number` left."""
    later = [heads for at, heads in known if at > number]
    return lambda stream: min((heads.get(stream, 0) for heads in later), default=sys.maxsize)


def _compare(stream: str, seq: int, signed: str, stands: str | None, at: datetime, first: First) -> None:
    if stands is None:
        first.add(stream, seq, f"is missing, and was there when all was signed at {at.isoformat()}")
    elif stands != signed:
        first.add(stream, seq, f"is not what was signed at {at.isoformat()}")


def _heads(connection: Connection) -> list[Head]:
    s = tables.stream.c
    return [(id, seq, hash) for id, seq, hash in connection.execute(select(s.id, s.head_seq, s.head_hash))]


def _hashes(connection: Connection, at: list[tuple[str, int]]) -> dict[tuple[str, int], str]:
    c = tables.chain.c
    rows = connection.execute(select(c.stream, c.seq, c.hash).where(tuple_(c.stream, c.seq).in_(at)))
    return {(stream, seq): hash for stream, seq, hash in rows}
