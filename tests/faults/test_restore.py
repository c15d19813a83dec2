"""After a restore of an earlier state everybody gets a whole page, and what is missing is named (F8)."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from server.cli.restoring import Damaged, Restored, restored, restored_otherwise
from server.realtime.frames import HTML
from server.record import checkpoint as checkpoints
from server.record import epoch, sqlite
from server.record.backup import BackupRefused, take
from server.record.store import Store
from server.record.walk import Fault
from server.settings import Settings
from tests.faults.live import ADDRESS, Client, Node, agree, check, everybody
from tests.faults.test_live_crash import nodes, signed_in
from tests.faults.test_live_outage import client
from tests.lab.services import Redis
from tests.lab.town import NOW, Headers, Listener, Town, running, settings, sign_in_everybody, socket_at

pytestmark = pytest.mark.fault

FARAH, PRIYA = "farah-siddiqui", "priya-nair"
BACKED_UP = NOW + timedelta(minutes=5)
RESTORED = NOW + timedelta(hours=1)


@pytest.fixture
def chosen(town_url: str, tmp_path: Path) -> Settings:
    checkpoints.make_key(tmp_path / "key.pem")
    return settings(
        town_url, checkpoint_key_file=tmp_path / "key.pem", checkpoint_file=tmp_path / "away" / "checkpoints"
    )


async def put_back(chosen: Settings, copy: Path, *, damaged: bool = False) -> Restored:
    return await restored(chosen, copy, RESTORED, replace=True, damaged=damaged)


async def back_up(chosen: Settings, copy: Path) -> None:
    await take(chosen.database_url, SQLModel.metadata.sorted_tables, copy, BACKED_UP)


async def sign(chosen: Settings) -> None:
    store = Store(chosen.database_url)
    key, file = chosen.checkpoint_key_file, chosen.checkpoint_file
    assert key and file
    await checkpoints.write(store, checkpoints.read_key(key), file, NOW + timedelta(minutes=30))
    await store.close()


async def proved(chosen: Settings) -> tuple[list[Fault], list[checkpoints.Loss]]:
    """What the checkpoints find wrong, and what they know to be lost."""
    store = Store(chosen.database_url)
    key, file = chosen.checkpoint_key_file, chosen.checkpoint_file
    assert key and file
    public = checkpoints.read_key(key).public_key()
    try:
        return await checkpoints.check(store, public, file), checkpoints.losses(file, public)
    finally:
        await store.close()


@asynccontextmanager
async def at_work(chosen: Settings, seats: dict[str, Headers]) -> AsyncIterator[Town]:
    async with running(chosen.database_url, base_url=ADDRESS, demo=False, seats=seats) as town:
        yield town


async def come_back(town: Town, seats: dict[str, Headers], *clients: Client) -> None:
    """They sign in again, and their programs go on with the cursor that they had."""
    for each in clients:
        each.ports, each.headers = [town.settings.port], seats[each.person]
        each.may_connect.set()
        before = each.cursor
        await each.until(lambda each=each, before=before: each.open and each.cursor != before)


async def test_f8_connected_people_get_a_whole_page_after_a_restore(chosen: Settings, tmp_path: Path) -> None:
    """What was said after the backup is on no screen any more, its gap is, and it can be said again."""
    seats = await sign_in_everybody(chosen.database_url, ADDRESS)
    async with at_work(chosen, seats) as town:
        farah, priya = client(FARAH, seats, town), client(PRIYA, seats, town)
        async with everybody(farah, priya):
            await farah.told("Kept: Isla came at 10.", "key-kept")
            await back_up(chosen, tmp_path / "copy")
            lost = await farah.told("Lost: Isla was collected by a stranger.", "key-lost")
            await agree(farah, priya)
            for each in (farah, priya):
                each.may_connect.clear()
    await sign(chosen)
    done = await put_back(chosen, tmp_path / "copy")
    assert [(loss.stream, loss.first, loss.last) for loss in done.lost] == [
        (lost["stream"], lost["seq"], lost["seq"])
    ]
    assert farah.cursor, "they had come somewhere, or this means nothing"
    seats = await sign_in_everybody(chosen.database_url, ADDRESS)
    async with at_work(chosen, seats) as town, farah, priya:
        await come_back(town, seats, farah, priya)
        await agree(farah, priya)
        assert farah.knows("Kept: Isla came at 10.")
        assert not farah.knows("Lost: Isla was collected by a stranger.")
        gaps = [fact["body"] for fact in priya.facts.values() if fact["kind"] == "RecordRestored/1"]
        assert [gap["until"] for gap in gaps] == ["2026-03-19T14:25:00Z"]
        del farah.saved["key-lost"]
        again = await farah.told("Lost: Isla was collected by a stranger.", "key-lost")
        assert not again["replayed"]
        await agree(farah, priya)
        page = (await (await town.browser(PRIYA)).get(f"/huddles/{town.huddle}")).text
        assert "This record was restored from a backup" in page
    assert await check(chosen.database_url, farah) == 2
    assert await proved(chosen) == ([], done.lost), "the loss stays named, and nothing else is found"


async def test_f8_an_open_page_is_loaded_whole_after_a_restore(chosen: Settings, tmp_path: Path) -> None:
    """Also where the new record has since grown past the number that the page had reached."""
    seats = await sign_in_everybody(chosen.database_url, ADDRESS)
    await back_up(chosen, tmp_path / "copy")
    async with at_work(chosen, seats) as town, town.socket(FARAH) as listening:
        await listening.caught_up()
        cursor, huddle = listening.cursor, town.huddle
    await put_back(chosen, tmp_path / "copy")
    seats = await sign_in_everybody(chosen.database_url, ADDRESS)
    async with at_work(chosen, seats) as town:
        port = town.settings.port
        async with socket_at(port, ADDRESS, huddle, seats[FARAH], HTML, cursor) as page:
            await Listener(page).next("page")


async def test_f8_nobody_is_signed_in_after_a_restore(chosen: Settings, tmp_path: Path) -> None:
    """Who was signed out since the backup would be signed in again."""
    seats = await sign_in_everybody(chosen.database_url, ADDRESS)
    await back_up(chosen, tmp_path / "copy")
    await put_back(chosen, tmp_path / "copy")
    async with at_work(chosen, seats) as town:
        answer = await (await town.browser(FARAH)).get("/")
        assert answer.status_code in (303, 401) and "Rowe" not in answer.text


async def test_f8_a_backup_that_is_not_what_was_signed_is_refused(chosen: Settings, tmp_path: Path) -> None:
    """Somebody edited it and made its chain anew: it verifies, and the checkpoints say otherwise."""
    await sign(chosen)
    await back_up(chosen, tmp_path / "copy")
    edited = sqlite.connect(tmp_path / "copy")
    edited.execute("DROP TRIGGER chain_refuses_update")
    edited.execute("UPDATE chain SET author = 'somebody-else' WHERE seq = 4")
    edited.close()
    before = (await proved(chosen))[0]
    with pytest.raises(Damaged) as found:
        await put_back(chosen, tmp_path / "copy")
    assert found.value.faults
    assert before == (await proved(chosen))[0] == [], "nothing was changed"
    assert (await put_back(chosen, tmp_path / "copy", damaged=True)).epoch


async def test_f8_a_restore_by_other_means_is_told_by_hand(postgres_town: str) -> None:
    """PostgreSQL was taken back by its own tools: `huddle epoch --until`, while nobody serves."""
    seats = await sign_in_everybody(postgres_town, ADDRESS)
    chosen = settings(postgres_town)
    async with at_work(chosen, seats):
        with pytest.raises(BackupRefused, match="connected"):
            await restored_otherwise(chosen, BACKED_UP, RESTORED)
    before = await epoch_of(chosen)
    done = await restored_otherwise(chosen, BACKED_UP, RESTORED)
    assert done.epoch == await epoch_of(chosen) != before


async def epoch_of(chosen: Settings) -> str:
    store = Store(chosen.database_url)
    try:
        return await store.epoch()
    finally:
        await store.close()


async def test_f8_a_node_ends_when_the_database_under_it_is_another(
    postgres_town: str, redis_server: Redis
) -> None:
    """Its people are told to come back, and whoever looks after it starts it again over what is there."""
    huddle, seats = await signed_in(postgres_town)
    node = Node(postgres_town, redis_server.url)
    async with nodes(node):
        farah = Client(FARAH, seats[FARAH], huddle, [node.port])
        async with everybody(farah):
            before = farah.cursor
            owner = Store(postgres_town, app_role=False)
            await owner.write(epoch.renew)
            await owner.close()
            assert await node.died() == -signal.SIGTERM
            await farah.until(lambda: farah.closes)
            assert farah.closes[0][0] == 1012
            await node.start_again()
            await farah.until(lambda: farah.open and farah.cursor != before)
            await farah.told("It goes on.", "key-after")
