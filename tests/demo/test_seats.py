"""The cast keeps its places, so that nobody who has no screen counts as gone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from server.app import build
from server.core import Core
from server.demo.cast import BY_ID
from server.demo.seats import Seats
from server.demo.seed import ensure_live_huddle
from server.realtime.node import Node
from server.settings import Settings
from tests.demo.conftest import NOW
from tests.demo.looking import live_huddle


@pytest.fixture
async def node(demo: Core, path: Path) -> AsyncIterator[Node]:
    settings = Settings(database_url=f"sqlite:///{path}", secret_key=SecretStr("0123456789abcdef" * 4))
    app = build(settings, clock=lambda: NOW)
    async with app.router.lifespan_context(app):
        yield app.state.live.node


async def test_everybody_who_joined_is_here(demo: Core, node: Node) -> None:
    id = await ensure_live_huddle(demo.ledger, demo.books, NOW)
    assert node.presence.here(id, BY_ID) == []
    await Seats(node, demo.books, lambda: NOW).take()
    assert set(node.presence.here(id, BY_ID)) == (await live_huddle(demo, id)).present()


async def test_who_has_not_joined_is_not_here(demo: Core, node: Node) -> None:
    id = await ensure_live_huddle(demo.ledger, demo.books, NOW)
    await Seats(node, demo.books, lambda: NOW).take()
    assert "hannah-pike" not in node.presence.here(id, BY_ID)


async def test_they_are_seen_writing(demo: Core, node: Node) -> None:
    id = await ensure_live_huddle(demo.ledger, demo.books, NOW)
    await Seats(node, demo.books, lambda: NOW).writing(id, "leo-marsh")
    assert node.presence.writing(id, BY_ID) == ["leo-marsh"]
