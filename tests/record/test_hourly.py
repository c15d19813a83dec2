"""The hourly checkpoint is written when it is due, and its age is known."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.record import hourly
from server.record.checkpoint import check, make_key, read_key
from server.record.store import Store
from server.settings import Settings
from tests.record.world import Node

NOW = datetime(2026, 3, 19, 14, 0, tzinfo=UTC)


def settings(folder: Path, **other: object) -> Settings:
    files = {"checkpoint_key_file": folder / "key.pem", "checkpoint_file": folder / "checkpoints"}
    return Settings(secret_key="0123456789abcdef" * 4, **(files | other))


async def test_it_is_written_once_an_hour(store: Store, tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    make_key(tmp_path / "key.pem")
    async with Node(store) as node:
        await node.gather()
    assert hourly.age(chosen, NOW) is None
    for minutes in (0, 30, 59, 61, 90, 130):
        await hourly.write_if_due(chosen, store, NOW + timedelta(minutes=minutes))
    assert len((tmp_path / "checkpoints").read_bytes().splitlines()) == 3
    assert hourly.age(chosen, NOW + timedelta(minutes=139)) == timedelta(minutes=9)
    assert await check(store, read_key(tmp_path / "key.pem").public_key(), tmp_path / "checkpoints") == []


@pytest.mark.parametrize("missing", ["checkpoint_key_file", "checkpoint_file"])
async def test_without_a_key_or_a_file_nothing_is_written(store: Store, tmp_path: Path, missing: str) -> None:
    make_key(tmp_path / "key.pem")
    await hourly.write_if_due(settings(tmp_path, **{missing: None}), store, NOW)
    await hourly.write_if_due(settings(tmp_path, checkpoint_key_file=tmp_path / "none"), store, NOW)
    assert [file.name for file in tmp_path.glob("check*")] == []


async def test_the_loop_looks_again_and_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_key(tmp_path / "key.pem")
    monkeypatch.setattr(hourly, "LOOK_EVERY", 0.0)
    moments = iter(NOW + timedelta(hours=n) for n in range(3))
    with contextlib.suppress(StopIteration, RuntimeError):
        async with asyncio.timeout(10):
            await hourly.checkpoints(settings(tmp_path), store, lambda: next(moments))()
    assert len((tmp_path / "checkpoints").read_bytes().splitlines()) == 3
