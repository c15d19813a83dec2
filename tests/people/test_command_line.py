"""`huddle people …`: the same rights as on a page, plain answers, and one exit status each."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import create_engine, insert
from sqlmodel import SQLModel
from typer.testing import CliRunner

from server.cli.people import people
from server.cli.shell import settings
from server.core import new_id, opened
from server.people.setup import FirstAgency, found
from server.record import tables

Huddle = Callable[..., Any]


@pytest.fixture
async def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "huddle.sqlite3"
    monkeypatch.setenv("HUDDLE_DATABASE_URL", f"sqlite:///{file}")
    monkeypatch.setenv("HUDDLE_SECRET_KEY", "0123456789abcdef0123456789abcdef")
    monkeypatch.setenv("HUDDLE_BASE_URL", "https://huddle.example")
    engine = create_engine(f"sqlite:///{file}")
    SQLModel.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(tables.epoch).values(id=1, value=new_id()))
    engine.dispose()
    first = FirstAgency("NCS", "Northmere Children's Services", "Ada Minton", "ada@northmere.example")
    async with opened(settings()) as core:
        await found(core.store, core.ledger, "Northmere", "england", "Europe/London", first)


@pytest.fixture
def huddle(database: None) -> Iterator[Huddle]:
    yield lambda *said: CliRunner().invoke(people, said)
    structlog.reset_defaults()  # the runner's own stderr is closed with it


NEW = ("add", "Priya Nair", "priya@northmere.example", "NCS", "Social worker")
ADA = ("--as", "ada@northmere.example")


def test_an_administrator_adds_somebody_and_gets_their_link(huddle: Huddle) -> None:
    added = json.loads(huddle(*NEW, *ADA, "--json").stdout)
    assert added["link"].startswith("https://huddle.example/welcome/")
    listed = json.loads(huddle("list", "--json").stdout)
    assert [p["name"] for p in listed] == ["Ada Minton", "Priya Nair"]
    assert listed[1]["person"] == added["person"]


def test_who_is_no_administrator_changes_nothing(huddle: Huddle) -> None:
    assert huddle(*NEW, *ADA).exit_code == 0
    priya = ("--as", "priya@northmere.example")
    for said in (
        ("role", "priya@northmere.example", "administrator", *priya),
        ("link", "ada@northmere.example", *priya),
        ("sign-out", "ada@northmere.example", *priya),
        ("leave", "ada@northmere.example", "--reason", "x", *priya),
    ):
        refused = huddle(*said)
        assert refused.exit_code == 2, said
        assert "Only an administrator" in refused.stderr


def test_roles_managers_cover_and_leaving(huddle: Huddle) -> None:
    priya, ada = "priya@northmere.example", "ada@northmere.example"
    for said in (
        NEW,
        ("role", priya, "supervisor", "--tier", "2"),
        ("manager", priya, ada),
        ("cover", priya, ada, "2099-01-01", "2099-01-31"),
        ("agency", "SAP", "Saltmarsh Academy", "school", "--short", "School"),
        ("role", priya, "practitioner", "--end"),
    ):
        done = huddle(*said, *ADA)
        assert done.exit_code == 0, done.output
    listed = json.loads(huddle("list", "--json").stdout)
    assert (listed[1]["roles"], listed[1]["tier"]) == (["supervisor"], 2)
    assert listed[1]["manager"] == listed[0]["person"]
    assert huddle("leave", priya, "--reason", "Moved", *ADA).exit_code == 0
    assert len(json.loads(huddle("list", "--json").stdout)) == 1


def test_what_is_wrong_is_said_in_one_line(huddle: Huddle) -> None:
    assert "Nobody works here who is called 'zed'" in huddle("link", "zed", *ADA).stderr
    assert "Enter an email address" in huddle("add", "X", "not one", "NCS", "Worker", *ADA).stderr
    assert huddle("role", "ada@northmere.example", "pope", *ADA).exit_code == 2
