"""Invariant 7: what the chain alone cannot show, a signed line outside the database does."""

import stat
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, select

from server.record import checkpoint, checkpoint_file, tables
from server.record.checkpoint import check, make_key, read_key, write
from server.record.checkpoint_file import FILE, Checkpoint, Line, last
from server.record.store import Store
from server.record.verify import verify
from server.record.walk import Fault
from tests.record import tampering
from tests.record.tampering import at, changed, rows_of
from tests.record.test_verify import Glimpse, Undone
from tests.record.world import PRIYA, ROWE, SAM, Node

NOW = datetime(2026, 3, 19, 14, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()


@pytest.fixture
async def owner(url: str) -> AsyncIterator[Store]:
    store = Store(url, app_role=False)
    yield store
    await store.close()


@pytest.fixture
async def file(owner: Store, tmp_path: Path) -> Path:
    """Two checkpoints: after the sixth entry of the family, and after something was said in a compartment."""
    file = tmp_path / "away" / "checkpoints"
    async with Node(owner) as node:
        await node.gather()
        for words in ("One", "Two", "Three"):
            await node.say(words)
        await write(owner, KEY, file, NOW)
        await node.say("To two", to=[PRIYA, SAM])
        await write(owner, KEY, file, NOW + timedelta(hours=1))
        await node.say("Not signed yet")
    return file


async def found(store: Store, file: Path, *changes: Callable[[Connection], object]) -> list[Fault]:
    """What the checkpoints show after changes that `verify` alone finds nothing wrong with."""
    faults: list[Fault] = []
    try:
        async with store.writing() as connection:
            for change in (tampering.unguard, *changes):
                await connection.run_sync(change)
            look = Glimpse(connection)
            assert await verify(look) == [], "the chain itself must be whole, or this means nothing"  # type: ignore[arg-type]  # reads as a store does
            faults = await check(look, KEY.public_key(), file)  # type: ignore[arg-type]  # as above
            raise Undone
    except Undone:
        return faults


def cut(connection: Connection, stream: str, after: int) -> None:
    """Remove the tail of a stream, and let everything else fit."""
    for table in (tables.chain, tables.payload):
        connection.execute(delete(table).where(table.c.stream == stream, table.c.seq > after))
    if after:
        tampering.chain_anew(connection, stream)
    else:
        connection.execute(delete(tables.stream).where(tables.stream.c.id == stream))
    tampering.order_anew(connection, ROWE)


def rewrite(connection: Connection, stream: str, seq: int) -> None:
    """Change what was said, and chain everything from there anew."""
    row = rows_of(connection, select(tables.payload).where(*at("payload", {"stream": stream, "seq": seq})))[0]
    connection.execute(changed("payload", row, {"content": row["content"].replace(b'"', b'" ', 1)}))
    tampering.chain_anew(connection, stream)


async def test_an_untouched_record_agrees_with_its_checkpoints(owner: Store, file: Path) -> None:
    assert await check(owner, KEY.public_key(), file) == []
    newest = last(file)
    assert newest is not None
    assert newest.at == NOW + timedelta(hours=1)
    assert newest.epoch == await owner.epoch()
    assert [seq for _, seq, _ in newest.heads] == [2, 6]
    assert newest.heads == tuple(sorted(newest.heads))


async def test_a_cut_tail_is_found(owner: Store, file: Path) -> None:
    """K6: the chain alone cannot show that there was more."""
    faults = await found(owner, file, lambda c: cut(c, ROWE, 5))
    assert [(f.stream, f.seq) for f in faults] == [(ROWE, 6)]
    assert "is missing" in faults[0].what and "2026-03-19T14:00:00+00:00" in faults[0].what


async def test_a_chain_made_anew_is_found(owner: Store, file: Path) -> None:
    """K7: every hash recomputed, by who owns the database."""
    faults = await found(owner, file, lambda c: rewrite(c, ROWE, 4))
    assert [(f.stream, f.seq) for f in faults] == [(ROWE, 6)]
    assert "is not what was signed" in faults[0].what


async def test_what_came_after_the_last_checkpoint_is_not_covered_yet(owner: Store, file: Path) -> None:
    """Said plainly: between two checkpoints who owns the database can still cut. Hence hourly."""
    assert await found(owner, file, lambda c: rewrite(c, ROWE, 7)) == []


async def test_an_earlier_checkpoint_convicts_a_later_one(owner: Store, file: Path) -> None:
    """The server itself signed what somebody had made anew: the line before still says otherwise."""

    def change(connection: Connection) -> None:
        tampering.unguard(connection)
        rewrite(connection, ROWE, 4)

    await owner.write(change)
    await write(owner, KEY, file, NOW + timedelta(hours=2))
    assert [(f.stream, f.seq) for f in await check(owner, KEY.public_key(), file)] == [(ROWE, 6)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_whatever_reaches_back_before_a_checkpoint_is_found(
    owner: Store, file: Path, data: st.DataObject
) -> None:
    """K6 and K7 by chance: any stream, any depth, cut or made anew."""
    newest = last(file)
    assert newest is not None
    stream, signed, _ = data.draw(st.sampled_from(newest.heads))
    seq = data.draw(st.integers(1, signed))
    how = data.draw(st.sampled_from([rewrite, lambda c, stream, seq: cut(c, stream, seq - 1)]))
    faults = await found(owner, file, lambda c: how(c, stream, seq))
    assert stream in {f.stream for f in faults}
    assert all(f.seq <= signed for f in faults)


def test_the_key_is_its_owners_only_and_made_once(tmp_path: Path) -> None:
    path = tmp_path / "var" / "checkpoint.pem"
    make_key(path)
    first = path.read_bytes()
    make_key(path)
    assert path.read_bytes() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key(path).sign(b"")


def test_another_kind_of_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    pem = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(X25519PrivateKey.generate().private_bytes(*pem))
    with pytest.raises(ValueError, match="no Ed25519 key"):
        read_key(path)


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (lambda one, two: [two], 1, "does not follow"),
        (lambda one, two: [two, one], 1, "does not follow"),
        (lambda one, two: [one.replace(b'"family:rowe",6', b'"family:rowe",5'), two], 1, "signature"),
        (lambda one, two: [one, two[:-1]], 2, "cut off"),
        (lambda one, two: [one, b"\xff\n"], 2, "cannot be read"),
        (lambda one, two: [one, b"{}\n", two], 2, "cannot be read"),
        (lambda one, two: [], 1, "no checkpoint"),
    ],
    ids=["dropped", "swapped", "edited", "cut off", "garbage", "inserted", "emptied"],
)
async def test_a_changed_file_is_found(
    owner: Store, file: Path, change: Callable[[bytes, bytes], list[bytes]], line: int, words: str
) -> None:
    one, two = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(change(one, two)))
    found = {fault.seq: fault.what for fault in await check(owner, KEY.public_key(), file)}
    assert words in found[line]


async def test_another_key_signs_nothing_that_counts(owner: Store, file: Path) -> None:
    """K15: whoever owns the database can sign, but not with this key."""
    other = Ed25519PrivateKey.generate()
    await write(owner, other, file, NOW)
    faults = await check(owner, KEY.public_key(), file)
    assert [(f.stream, f.seq) for f in faults] == [(FILE, 3)]
    assert "signature" in faults[0].what


async def test_a_missing_file_is_a_fault(owner: Store, tmp_path: Path) -> None:
    none = tmp_path / "none"
    assert last(none) is None
    assert await check(owner, KEY.public_key(), none) == [Fault(FILE, 1, "there is no checkpoint")]


async def test_a_line_that_was_cut_off_is_written_again(owner: Store, file: Path) -> None:
    """A crash while it was written: it was never a checkpoint."""
    whole = file.read_bytes()
    file.write_bytes(whole + b'{"signed":{"form')
    assert last(file) == msgspec.json.decode(
        msgspec.json.decode(whole.splitlines()[-1], type=Line).signed, type=Checkpoint
    )
    await write(owner, KEY, file, NOW)
    assert file.read_bytes().startswith(whole)
    assert await check(owner, KEY.public_key(), file) == []


async def test_lines_longer_than_a_block_are_found_again(
    owner: Store, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for size in (1, 7, 400):
        monkeypatch.setattr(checkpoint_file, "READ", size)
        newest = await write(owner, KEY, file, NOW)
        assert last(file) == newest
    assert await check(owner, KEY.public_key(), file) == []


async def test_many_heads_are_looked_up_in_blocks(
    owner: Store, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "BLOCK", 1)
    assert await check(owner, KEY.public_key(), file) == []
