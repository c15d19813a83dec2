"""Templates that were compiled once are compiled, and never another text than the one that stands there."""

import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from jinja2.bccache import bc_magic

from server.web.compiled import Compiled


def said(texts: Path, kept: Path, cache: Compiled | None = None) -> str:
    environment = Environment(
        loader=FileSystemLoader(texts), autoescape=True, bytecode_cache=cache or Compiled(kept)
    )
    return environment.get_template("page.html").render()


@pytest.fixture(autouse=True)
def bytecode_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "page.html").write_text("first")
    return folder


def test_the_next_process_takes_what_this_one_compiled(texts: Path, tmp_path: Path) -> None:
    assert said(texts, tmp_path / "kept") == "first"
    [file] = (tmp_path / "kept").iterdir()
    written = file.stat().st_mtime_ns
    assert said(texts, tmp_path / "kept") == "first"
    assert file.stat().st_mtime_ns == written


def test_a_text_that_was_changed_is_compiled_anew(texts: Path, tmp_path: Path) -> None:
    cache = Compiled(tmp_path / "kept")
    assert said(texts, tmp_path, cache) == "first"
    (texts / "page.html").write_text("second")
    assert said(texts, tmp_path, cache) == said(texts, tmp_path / "kept") == "second"


DAMAGES = {
    "cut": lambda whole: whole[:40],
    "zeros": lambda whole: whole[: len(bc_magic)] + b"\x00" * 200,
    "an empty stack": lambda whole: whole[: len(bc_magic)] + b".",
    "a module that is nowhere": lambda whole: whole[: len(bc_magic)] + b"cno.where\nName\n.",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_passed_over(texts: Path, tmp_path: Path, damage: object) -> None:
    said(texts, tmp_path / "kept")
    [file] = (tmp_path / "kept").iterdir()
    file.write_bytes(damage(file.read_bytes()))  # type: ignore[operator]
    assert said(texts, tmp_path / "kept") == "first"


def test_without_a_folder_it_works_all_the_same(texts: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where the folder should be")
    assert said(texts, tmp_path / "kept") == "first"


def test_nothing_is_written_where_python_writes_no_bytecode(
    texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert said(texts, tmp_path / "kept") == "first"
    assert not (tmp_path / "kept").exists()
