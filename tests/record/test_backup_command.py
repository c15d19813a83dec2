"""`huddle backup`, `restore` and `epoch` as somebody types them: plain answers, and one exit status each."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from click.testing import Result
from typer.testing import CliRunner

from server.cli.main import app
from server.record import sqlite

Huddle = Callable[..., Result]
FIRST = (
    *("setup", "--partnership", "Northmere", "--agency-code", "NCS"),
    *("--agency-name", "Northmere Children's Services"),
    *("--administrator", "Nia Parry", "--email", "nia@example.org"),
)


@pytest.fixture
def huddle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Huddle]:
    monkeypatch.setenv("HUDDLE_DATABASE_URL", f"sqlite:///{tmp_path / 'huddle.sqlite3'}")
    monkeypatch.setenv("HUDDLE_SECRET_KEY", "9f3c1a77d0b24e5f8c6e0a1b2d3f4a5c6b7d8e9fa0b1c2d3")
    monkeypatch.setenv("HUDDLE_CHECKPOINT_KEY_FILE", str(tmp_path / "key.pem"))
    monkeypatch.setenv("HUDDLE_CHECKPOINT_FILE", str(tmp_path / "checkpoints"))

    def run(*said: object) -> Result:
        return CliRunner().invoke(app, [str(word) for word in said])

    assert run(*FIRST).exit_code == 0
    yield run
    structlog.reset_defaults()  # the runner's own stderr is closed with it


def test_what_was_recorded_since_is_named_by_restore_and_ever_after(huddle: Huddle, tmp_path: Path) -> None:
    taken = json.loads(huddle("backup", tmp_path / "copy", "--json").stdout)
    assert (taken["entries"], taken["streams"]) == (4, 1)
    added = huddle("people", "add", "Bo Li", "bo@example.org", "NCS", "Worker", "--as", "nia@example.org")
    assert added.exit_code == 0, added.output
    assert huddle("checkpoint").exit_code == 0
    done = huddle("restore", tmp_path / "copy", "--replace", "--json")
    assert done.exit_code == 0, done.output
    value = json.loads(done.stdout)
    assert value["lost"] == [{"stream": "partnership", "first": 5, "last": 6}]
    assert Path(value["aside"]).exists()
    proved = huddle("verify", "--json")
    assert proved.exit_code == 0
    assert json.loads(proved.stdout.strip()) == [{"stream": "partnership", "seq": 5, "lost_to": 6}]
    assert "The record stands." in huddle("verify").stdout


def test_a_loss_that_is_known_hides_no_later_change(huddle: Huddle, tmp_path: Path) -> None:
    huddle("backup", tmp_path / "copy")
    huddle("people", "agency", "SAP", "Saltmarsh Academy", "school", "--as", "nia@example.org")
    huddle("checkpoint")
    huddle("restore", tmp_path / "copy", "--replace")
    huddle("people", "agency", "NPD", "Northmere Police", "police", "--as", "nia@example.org")
    huddle("checkpoint")
    cut = sqlite.connect(tmp_path / "huddle.sqlite3")
    for line in ("DROP TRIGGER chain_refuses_delete", "DELETE FROM chain WHERE seq = 6"):
        cut.execute(line)
    cut.close()
    proved = huddle("verify", "--json")
    assert proved.exit_code == 1
    assert {("partnership", 6)} <= {(f["stream"], f["seq"]) for f in json.loads(proved.stdout) if "what" in f}


def test_a_damaged_backup_changes_nothing_unless_told(huddle: Huddle, tmp_path: Path) -> None:
    huddle("backup", tmp_path / "copy")
    edited = sqlite.connect(tmp_path / "copy")
    edited.execute("DROP TRIGGER chain_refuses_update")
    edited.execute("UPDATE chain SET author = 'somebody' WHERE seq = 3")
    edited.close()
    before = (tmp_path / "huddle.sqlite3").stat().st_ino
    refused = huddle("restore", tmp_path / "copy", "--replace")
    assert refused.exit_code == 1
    assert "partnership number 3" in refused.stdout and "Nothing was changed" in refused.stdout
    assert (tmp_path / "huddle.sqlite3").stat().st_ino == before
    assert huddle("restore", tmp_path / "copy", "--replace", "--damaged").exit_code == 0


def test_wrong_use_is_said_in_one_line(huddle: Huddle, tmp_path: Path) -> None:
    huddle("backup", tmp_path / "copy")
    for words, said in (
        (("backup", tmp_path / "copy"), "is there already"),
        (("backup", tmp_path / "no" / "folder"), "There is no folder"),
        (("restore", tmp_path / "nothing"), "There is no file"),
        (("restore", tmp_path / "huddle.sqlite3"), "is not a backup"),
        (("restore", tmp_path / "copy"), "--replace"),
    ):
        refused = huddle(*words)
        assert refused.exit_code == 2, words
        assert said in refused.stderr and len(refused.stderr.splitlines()) == 1


def test_a_moved_database_gets_another_epoch_and_keeps_everything(huddle: Huddle) -> None:
    first, second = (json.loads(huddle("epoch", "--json").stdout)["epoch"] for _ in range(2))
    assert first != second
    assert huddle("verify").exit_code == 0
    assert huddle("people", "list").stdout.count("Nia Parry") == 1


def test_who_restored_by_other_means_says_to_when(huddle: Huddle) -> None:
    done = huddle("epoch", "--until", "2026-11-25T03:00", "--json")
    assert (done.exit_code, json.loads(done.stdout)["at"]) == (0, "2026-11-25T03:00:00+00:00")
    assert huddle("verify").exit_code == 0
