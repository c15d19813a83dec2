"""The file of checkpoints: a line for each, what was signed byte for byte and the signature.

Each line names the SHA-256 of the one before it. There is one writer at a time; what it wrote is on the disk.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import io
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from server.record.chain import NOTHING
from server.record.walk import First

DOMAIN = b"huddle-checkpoint-v1"
FORMAT = 1
READ = 1 << 20
RESTORED = b'"until":"'
"""What stands in a line that was signed after a restore, and in hardly another."""
FILE = "checkpoints"
"""What a fault of the file itself names as its stream; its number is the line."""

Head = tuple[str, int, str]
"""A stream, its number and the hash there."""


class Checkpoint(msgspec.Struct, frozen=True):
    """What is signed. `key` is the fingerprint of the key, `previous` the SHA-256 of the line before.

    `until` stands only where somebody who holds the key restored a backup of that moment: these are the heads
    that came out of it, and whatever was signed before beyond them is lost.
    """

    format: int
    epoch: str
    at: datetime
    heads: tuple[Head, ...]
    previous: str
    key: str
    until: datetime | None = None


class Line(msgspec.Struct, frozen=True):
    """One line of the file. The signature is over `DOMAIN` and the bytes of `signed` as they stand."""

    signed: msgspec.Raw
    signature: str


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the public key, by which a checkpoint says who signed it."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def last(file: Path) -> Checkpoint | None:
    """The newest whole checkpoint of the file (its signature is not looked at)."""
    if not file.exists():
        return None
    with file.open("rb") as lines:
        newest = _last_line(lines)
    if not newest:
        return None
    return msgspec.json.decode(msgspec.json.decode(newest, type=Line).signed, type=Checkpoint)


def append(
    file: Path,
    key: Ed25519PrivateKey,
    epoch: str,
    heads: tuple[Head, ...],
    now: datetime,
    until: datetime | None,
) -> Checkpoint:
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_RDWR, 0o600), "r+b") as lines:
        fcntl.flock(lines, fcntl.LOCK_EX)
        newest = _last_line(lines)
        previous = hashlib.sha256(newest).hexdigest() if newest else NOTHING
        made = Checkpoint(FORMAT, epoch, now, heads, previous, fingerprint(key.public_key()), until)
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


def read(file: Path, key: Ed25519PublicKey, first: First) -> Iterator[tuple[int, Checkpoint]]:
    """Line and content of the checkpoints whose signature holds, oldest first. Everything else is a fault."""
    previous = NOTHING
    number = 0
    with file.open("rb") if file.exists() else io.BytesIO() as lines:
        for number, line in enumerate(lines, 1):
            checkpoint, wrong = _opened(line, key, previous)
            if wrong:
                first.add(FILE, number, wrong)
            if checkpoint:
                yield number, checkpoint
            previous = hashlib.sha256(line.removesuffix(b"\n")).hexdigest()
    if not number:
        first.add(FILE, 1, "there is no checkpoint")


def restores(file: Path, key: Ed25519PublicKey) -> Iterator[tuple[int, Checkpoint]]:
    """Line and content of those that were signed after a restore. Only these few lines are opened."""
    before = b""
    with file.open("rb") if file.exists() else io.BytesIO() as lines:
        for number, line in enumerate(lines, 1):
            if RESTORED in line:
                previous = hashlib.sha256(before).hexdigest() if before else NOTHING
                checkpoint, wrong = _opened(line, key, previous)
                if checkpoint and checkpoint.until is not None and not wrong:
                    yield number, checkpoint
            before = line.removesuffix(b"\n")


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
