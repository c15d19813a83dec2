"""`huddle migrate`, `verify`, `checkpoint` and `reindex`: look after the record and prove it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from server.cli.shell import FOUND_WRONG, answer, fail, run, settings
from server.core import INDEX_TABLES, INDEXES
from server.record import checkpoint as checkpoints
from server.record import lockfile
from server.record import migrate as migrations
from server.record import reindex as indexes
from server.record import verify as verifying
from server.record.checkpoint import Loss
from server.record.checkpoint_file import Checkpoint
from server.record.ledger import utc_now
from server.record.store import Store
from server.record.walk import Fault
from server.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, for programs.")]


def migrate() -> None:
    """Bring the database to the form that this release needs."""
    chosen = settings()

    async def work() -> None:
        with lockfile.held(chosen.database_url, "migrate"):
            await migrations.migrate(chosen.database_url)

    run(work())
    typer.echo(f"The database has the form {migrations.head()}.")


def verify(as_json: Json = False) -> None:
    """Prove that the record stands as it was recorded. Names the first bad place of each stream."""
    chosen = settings()

    async def work() -> tuple[list[Fault], list[Loss]]:
        store = Store(chosen.database_url)
        try:
            with Progress(console=Console(stderr=True), transient=True) as bar:
                task = bar.add_task("Verifying", total=None)
                faults = await verifying.verify(
                    store, lambda done, total: bar.update(task, completed=done, total=total)
                )
            signed, lost = await _signed(store, chosen)
            return faults + signed, lost
        finally:
            await store.close()

    faults, lost = run(work())
    words = [str(loss) for loss in lost] + [f"{f.stream} {f.seq}: {f.what}" for f in faults]
    found = [{"stream": f.stream, "seq": f.seq, "what": f.what} for f in faults]
    known = [{"stream": each.stream, "seq": each.first, "lost_to": each.last} for each in lost]
    answer(found + known, "\n".join([*words, *([] if faults else ["The record stands."])]), as_json=as_json)
    if faults:
        raise typer.Exit(FOUND_WRONG)


async def _signed(store: Store, chosen: Settings) -> tuple[list[Fault], list[Loss]]:
    """What is not what was signed, and what restores are known to have lost of it."""
    key, file = chosen.checkpoint_key_file, chosen.checkpoint_file
    if key is None or file is None:
        return [], []
    public = checkpoints.read_key(key).public_key()
    return await checkpoints.check(store, public, file), checkpoints.losses(file, public)


def checkpoint(
    new_key: Annotated[bool, typer.Option("--make-key", help="Make the key if it is not there.")] = False,
    as_json: Json = False,
) -> None:
    """Sign the heads of all streams into the checkpoint file, which belongs outside the database."""
    chosen = settings()
    if new_key and chosen.checkpoint_key_file is not None:
        checkpoints.make_key(chosen.checkpoint_key_file)
    key, file = checkpoint_files(chosen)

    async def work() -> Checkpoint:
        store = Store(chosen.database_url)
        try:
            return await checkpoints.write(store, checkpoints.read_key(key), file, utc_now())
        finally:
            await store.close()

    written = run(work())
    said = {"at": written.at, "streams": len(written.heads), "file": str(file)}
    answer(said, f"Signed {len(written.heads)} heads into {file}.", as_json=as_json)


def checkpoint_files(chosen: Settings) -> tuple[Path, Path]:
    """The key and the file, or one line that names what is not set."""
    if chosen.checkpoint_key_file is None or not chosen.checkpoint_key_file.exists():
        fail("HUDDLE_CHECKPOINT_KEY_FILE is missing. Make one with `huddle checkpoint --make-key`.")
    if chosen.checkpoint_file is None:
        fail("HUDDLE_CHECKPOINT_FILE is missing. Name a file outside the database's own disk.")
    return chosen.checkpoint_key_file, chosen.checkpoint_file


def reindex(
    check: Annotated[bool, typer.Option("--check", help="Compare only; change nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Make every index table again from the record and prove it equal to what stood there."""
    chosen = settings()

    async def work() -> list[indexes.Difference]:
        store = Store(chosen.database_url)
        try:
            with lockfile.held(chosen.database_url, "reindex"):
                return await indexes.reindex(store, INDEXES, INDEX_TABLES, apply=not check)
        finally:
            await store.close()

    differences = run(work())
    words = "\n".join(str(d) for d in differences) or "Every index is equal to the record."
    answer([str(d) for d in differences], words, as_json=as_json)
    if differences:
        raise typer.Exit(FOUND_WRONG)
