"""The steps of a restore, in an order that leaves the old database alone until the backup is ready.

It is looked at, verified, made one to work with, put there; then what came out of it is signed.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec
from sqlmodel import SQLModel

from server.chasing.feeds import Feeds
from server.core import opened
from server.people.restored import renew
from server.record import backup as backups
from server.record import checkpoint as checkpoints
from server.record import lockfile, restore
from server.record.backup import Backup
from server.record.checkpoint import Loss
from server.record.checkpoint_file import Head
from server.record.store import Store
from server.record.verify import verify
from server.record.walk import Fault
from server.settings import Settings


class Damaged(Exception):
    """A backup does not verify, or is not what was signed."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__()
        self.faults = faults


class Restored(msgspec.Struct, frozen=True):
    """What came of a restore. `aside` is where the old database is kept, if there was one."""

    backup: Backup
    epoch: str
    aside: str
    lost: list[Loss]


async def restored(chosen: Settings, file: Path, now: datetime, *, replace: bool, damaged: bool) -> Restored:
    """Put the backup in `file` in the place of the database. Nothing is changed unless all of it is."""
    backup = await backups.about(file)
    url = chosen.database_url
    with lockfile.held(url, "restore"):
        await restore.check_place(url, replace=replace)
        with restore.unpacking(url) as place:
            await restore.unpack(file, place)
            there = chosen.model_copy(update={"database_url": f"sqlite:///{place}"})
            faults, heads = await looked_at(there)
            if faults and not damaged:
                raise Damaged(faults)
            epoch = await renewed(there, backup.at, now)
            aside = await restore.put(place, url, SQLModel.metadata.sorted_tables, now)
        return Restored(backup, epoch, aside, await signed(chosen, heads, backup.at, now))


async def restored_otherwise(chosen: Settings, until: datetime, now: datetime) -> Restored:
    """The same for a database that somebody restored by other means, as it stood at the moment `until`."""
    with lockfile.held(chosen.database_url, "restore"):
        if not chosen.embedded:
            await restore.check_nobody_serves(chosen.database_url)
        faults, heads = await looked_at(chosen)
        if faults:
            raise Damaged(faults)
        epoch = await renewed(chosen, until, now)
        held = Backup(until, sum(seq for _, seq, _ in heads), len(heads))
        return Restored(held, epoch, "", await signed(chosen, heads, until, now))


async def looked_at(chosen: Settings) -> tuple[list[Fault], tuple[Head, ...]]:
    """What is wrong with a record that takes the place of a newer one, and its heads."""
    store = Store(chosen.database_url)
    key, file = chosen.checkpoint_key_file, chosen.checkpoint_file
    try:
        heads = await checkpoints.heads_of(store)
        faults = await verify(store)
        if key and file and key.exists() and file.exists():
            public = checkpoints.read_key(key).public_key()
            faults += await checkpoints.check(store, public, file, restoring=heads)
        return faults, heads
    finally:
        await store.close()


async def renewed(chosen: Settings, until: datetime, now: datetime) -> str:
    owner = Store(chosen.database_url, app_role=False)
    try:
        await Feeds(owner).end_every(now)
        async with opened(chosen) as core:
            return await renew(owner, core.ledger, until, now)
    finally:
        await owner.close()


async def signed(chosen: Settings, heads: tuple[Head, ...], until: datetime, now: datetime) -> list[Loss]:
    """Sign the heads that came out of the backup, and say what had been signed for beyond them."""
    path, file = chosen.checkpoint_key_file, chosen.checkpoint_file
    if not (path and file and path.exists()):
        return []
    store = Store(chosen.database_url)
    try:
        key = checkpoints.read_key(path)
        await checkpoints.write_restored(store, key, file, heads, until, now)
    finally:
        await store.close()
    return [loss for loss in checkpoints.losses(file, key.public_key()) if loss.at == now]
