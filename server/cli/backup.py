"""`huddle backup`, `restore` and `epoch`: a copy of everything, the way back, and what follows from it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from sqlmodel import SQLModel

from server.cli.record import Json
from server.cli.restoring import Damaged, Restored, restored, restored_otherwise
from server.cli.shell import FOUND_WRONG, answer, run, settings
from server.record import backup as backups
from server.record import epoch as epochs
from server.record import lockfile
from server.record.backup import Backup
from server.record.ledger import utc_now
from server.record.store import Store
from server.record.verify import verify
from server.record.walk import Fault

File = Annotated[Path, typer.Argument(help="The file of the backup.")]


def backup(file: File, as_json: Json = False) -> None:
    """Copy the whole record into one file and verify it. People can go on working meanwhile."""
    chosen = settings()

    async def work() -> tuple[Backup, list[Fault]]:
        taken = await backups.take(chosen.database_url, SQLModel.metadata.sorted_tables, file, utc_now())
        store = Store(f"sqlite:///{file}")
        try:
            return taken, await verify(store)
        finally:
            await store.close()

    taken, faults = run(work())
    if faults:
        damaged(faults, "It was copied as it stands, and it does not verify.", as_json=as_json)
    words = f"{file} holds {counted(taken)}, everything from before {moment(taken.at)}, and verifies."
    answer(said(taken) | {"file": str(file)}, words, as_json=as_json)


def restore(
    file: File,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put a record that stands in the database aside.")
    ] = False,
    despite: Annotated[
        bool, typer.Option("--damaged", help="Restore it although it does not verify.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Put a backup in the place of the database, verified first. Everybody has to sign in again."""
    chosen = settings()
    try:
        done = run(restored(chosen, file, utc_now(), replace=replace, damaged=despite))
    except Damaged as found:
        damaged(found.faults, "Nothing was changed. --damaged restores it nevertheless.", as_json=as_json)
    told(done, as_json=as_json)


def epoch(
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M"], help="Restored by other means: the moment (UTC) that it goes back to."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Say that this is another database: after a move, or with --until after a restore by other means."""
    chosen = settings()
    if until is not None:
        moment_of_it = until.replace(tzinfo=UTC)
        try:
            done = run(restored_otherwise(chosen, moment_of_it, utc_now()))
        except Damaged as found:
            damaged(found.faults, "The record does not verify. Nothing was changed.", as_json=as_json)
        return told(done, as_json=as_json)

    async def work() -> str:
        store = Store(chosen.database_url, app_role=False)
        try:
            with lockfile.held(chosen.database_url, "epoch"):
                return await store.write(epochs.renew)
        finally:
            await store.close()

    value = run(work())
    words = "The database has a new epoch. What is open now is loaded anew."
    return answer({"epoch": value}, words, as_json=as_json)


def told(done: Restored, *, as_json: bool) -> None:
    """What is there, what is not, and what somebody has to do about it."""
    lost = [{"stream": each.stream, "first": each.first, "last": each.last} for each in done.lost]
    value = said(done.backup) | {"epoch": done.epoch, "aside": done.aside, "lost": lost}
    words = [f"The record stands as of {moment(done.backup.at)}: {counted(done.backup)}."]
    words += [str(each) for each in done.lost]
    words += [f"The old database is kept as {done.aside}."] if done.aside else []
    words += [
        "Everybody has to sign in again, and links that were handed out have ended. Whoever left, lost a "
        f"role or chose another password after {moment(done.backup.at)} has it back: go through them now."
    ]
    answer(value, "\n".join(words), as_json=as_json)


def damaged(faults: list[Fault], words: str, *, as_json: bool) -> NoReturn:
    places = [{"stream": f.stream, "seq": f.seq, "what": f.what} for f in faults]
    answer({"faults": places}, "\n".join([*map(str, faults), words]), as_json=as_json)
    raise typer.Exit(FOUND_WRONG)


def said(taken: Backup) -> dict[str, Any]:
    return {"at": taken.at.isoformat(), "entries": taken.entries, "streams": taken.streams}


def counted(taken: Backup) -> str:
    streams = "1 stream" if taken.streams == 1 else f"{taken.streams:,} streams"
    return f"{taken.entries:,} entries in {streams}"


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%-d %B %Y %H:%M:%S} UTC"
