"""The table of addresses against the addresses that there are, asked by somebody who never signed in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from httpx2 import ASGITransport, AsyncClient
from pydantic import SecretStr

from server.app import build, routes
from server.people.addresses import ROUTES, unguarded
from server.record import migrate
from server.settings import Settings
from server.web.gates import addresses
from tests.web.conftest import HERE, SAME


def chosen(file: Path, demo: bool = False) -> Settings:
    return Settings(
        secret_key=SecretStr("0123456789abcdef0123456789abcdef"),
        database_url=f"sqlite:///{file}",
        base_url=HERE,
        demo=demo,
    )


@pytest.mark.parametrize("demo", [True, False])
def test_every_address_has_a_row(tmp_path: Path, demo: bool) -> None:
    found = list(addresses(routes(chosen(tmp_path / "x.sqlite3", demo))))
    assert found, "there must be addresses for this to mean anything"
    assert not unguarded(found)


def test_every_row_has_an_address(tmp_path: Path) -> None:
    assert set(ROUTES) == set(addresses(routes(chosen(tmp_path / "x.sqlite3", demo=True))))


@pytest.fixture
async def stranger(tmp_path: Path) -> AsyncIterator[AsyncClient]:
    settings = chosen(tmp_path / "huddle.sqlite3")
    await migrate.migrate(settings.database_url)
    app = build(settings)
    transport = ASGITransport(app=app, raise_app_exceptions=False, client=("203.0.113.9", 1))
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=transport, base_url=HERE) as browser,
    ):
        yield browser


async def test_a_stranger_is_sent_to_sign_in_wherever_they_knock(stranger: AsyncClient) -> None:
    asked = [route for route, rule in ROUTES.items() if rule != "everyone" and route[0] != "WEBSOCKET"]
    assert len(asked) > 10
    for method, pattern in asked:
        path = pattern.replace("{", "").replace("}", "")
        answer = await stranger.request(method, path, headers=SAME)
        assert answer.status_code in (303, 401, 404), (method, pattern)
        if answer.status_code == 303:
            assert answer.headers["location"].startswith("/sign-in?next="), (method, pattern)


async def test_a_stranger_sees_the_doors_that_are_for_everyone(stranger: AsyncClient) -> None:
    assert (await stranger.get("/sign-in")).status_code == 200
    assert (await stranger.get("/healthz")).status_code == 200
    assert (await stranger.get("/metrics")).status_code == 404, "not from this machine"
