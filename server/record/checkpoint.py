"""Signed heads, kept outside the database: what a chain alone cannot show (a cut tail, a chain made anew).

The file holds a line for each checkpoint: what was signed, byte for byte, and the signature. Each names the
SHA-256 of the line before it. Every head that was ever signed must still stand in the chain.
"""

from __future__ import annotations

import asyncio
import base64
import fcntl
import hashlib
import io
import os
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, select, tuple_

from server.record import tables
from server.record.chain import NOTHING
from server.record.store import Store
from server.record.walk import Fault, First

DOMAIN = b"huddle-checkpoint-v1"
FORMAT = 1
BLOCK = 500
READ = 1 << 20
FILE = "checkpoints"
"""What a fault of the file itself names as its stream; its number is the line."""

Head = tuple[str, int, str]
"""A stream, its number and the hash there."""


class Checkpoint(msgspec.Struct, frozen=True):
    """What is signed. `key` is the fingerprint of the key, `previous` the SHA-256 of the line before."""

    format: int
    epoch: str
    at: datetime
    heads: tuple[Head, ...]
    previous: str
    key: str


class Line(msgspec.Struct, frozen=True):
    """One line of the file. The signature is over `DOMAIN` and the bytes of `signed` as they stand."""

    signed: msgspec.Raw
    signature: str


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


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the public key, by which a checkpoint says who signed it."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


async def write(store: Store, key: Ed25519PrivateKey, file: Path, now: datetime) -> Checkpoint:
    """Sign all heads as they stand and append them to the file; returns when they are on the disk."""
    epoch = await store.epoch()
    heads = tuple(sorted(await store.read(_heads)))
    return await asyncio.to_thread(_append, file, key, epoch, heads, now)


def last(file: Path) -> Checkpoint | None:
    """The newest whole checkpoint of the file (its signature is not looked at)."""
    if not file.exists():
        return None
    with file.open("rb") as lines:
        newest = _last_line(lines)
    if not newest:
        return None
    return msgspec.json.decode(msgspec.json.decode(newest, type=Line).signed, type=Checkpoint)


async def check(store: Store, key: Ed25519PublicKey, file: Path) -> list[Fault]:
    """What does not hold: in the file itself, and of the heads that it says were there."""
    first = First()
    known: dict[str, Head] = {}
    for checkpoint in _read(file, key, first):
        news = [head for head in checkpoint.heads if known.get(head[0]) != head]
        for start in range(0, len(news), BLOCK):
            block = news[start : start + BLOCK]
            hashes = await store.read(partial(_hashes, at=[head[:2] for head in block]))
            for stream, seq, hash in block:
                _compare(stream, seq, hash, hashes.get((stream, seq)), checkpoint.at, first)
        known = {head[0]: head for head in checkpoint.heads}
    return first.faults()


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


def _append(
    file: Path, key: Ed25519PrivateKey, epoch: str, heads: tuple[Head, ...], now: datetime
) -> Checkpoint:
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_RDWR, 0o600), "r+b") as lines:
        fcntl.flock(lines, fcntl.LOCK_EX)
        newest = _last_line(lines)
        previous = hashlib.sha256(newest).hexdigest() if newest else NOTHING
        made = Checkpoint(FORMAT, epoch, now, heads, previous, fingerprint(key.public_key()))
        signed = msgspec.json.encode(made)
        signature = base64.b64encode(key.sign(DOMAIN + signed)).decode()
        # What a crash left half written was never a checkpoint: the new one takes its place.
        lines.truncate()
        lines.write(msgspec.json.encode(Line(msgspec.Raw(signed), signature)) + b"\n")
        lines.flush()
        os.fsync(lines.fileno())
    _fsync_folder(file.parent)
    return made


def _fsync_folder(folder: Path) -> None:
    """A new file is only there after a power cut if its folder was written too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _last_line(lines: IO[bytes]) -> bytes:
    """The newest whole line without its end; leaves the file at where the next begins."""
    end = lines.seek(0, os.SEEK_END)
    tail = b""
    while end > 0 and tail.count(b"\n") < 2:
        start = max(0, end - READ)
        lines.seek(start)
        tail = lines.read(end - start) + tail
        end = start
    whole = tail[: tail.rfind(b"\n") + 1]
    lines.seek(end + len(whole))
    return whole[:-1].rpartition(b"\n")[2]


def _read(file: Path, key: Ed25519PublicKey, first: First) -> Iterator[Checkpoint]:
    """The checkpoints whose signature holds, oldest first. Everything else is a fault."""
    previous = NOTHING
    number = 0
    with file.open("rb") if file.exists() else io.BytesIO() as lines:
        for number, line in enumerate(lines, 1):
            checkpoint, wrong = _opened(line, key, previous)
            if wrong:
                first.add(FILE, number, wrong)
            if checkpoint:
                yield checkpoint
            previous = hashlib.sha256(line.removesuffix(b"\n")).hexdigest()
    if not number:
        first.add(FILE, 1, "there is no checkpoint")


def _opened(line: bytes, key: Ed25519PublicKey, previous: str) -> tuple[Checkpoint | None, str]:
    if not line.endswith(b"\n"):
        return None, "this line was cut off while it was written; the next checkpoint takes its place"
    try:
        opened = msgspec.json.decode(line, type=Line)
        checkpoint = msgspec.json.decode(opened.signed, type=Checkpoint)
        key.verify(base64.b64decode(opened.signature), DOMAIN + bytes(opened.signed))
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError):
        return None, "this line cannot be read"
    except InvalidSignature:
        return None, "its signature does not hold with this key"
    if checkpoint.previous != previous:
        return checkpoint, "it does not follow on the line before it"
    return checkpoint, ""
