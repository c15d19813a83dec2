"""docs/map.md shows the house as it stands: every fact, every table, and the one module that writes it."""

import importlib
import re

from server.record.facts import kinds
from tests.house.papers import ROOT, paper, quoted, rows, section, tables

MAP = paper("docs/map.md")
TABLES = section(MAP, "## Tables")


def test_every_fact_stands_on_it() -> None:
    for path in sorted((ROOT / "server").rglob("facts.py")):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    facts = {fact.__name__ for fact in kinds().values() if fact.__module__.startswith("server.")}
    assert {q for cells in rows(section(MAP, "## What can happen")) for q in quoted(cells[0])} == facts


def test_every_table_stands_on_it_with_the_module_that_declares_it() -> None:
    declared = {quoted(cells[0])[0]: ROOT / quoted(cells[1])[0] for cells in rows(TABLES)}
    record = set(quoted(TABLES.partition("all declared")[0]))
    assert set(declared) | record == set(tables())
    for table, path in tables().items():
        assert declared.get(table, ROOT / "server/record/tables.py") == path, table


def test_only_the_module_on_it_writes_a_kept_table() -> None:
    for cells in rows(TABLES.partition("**Kept tables**")[2]):
        (table,), (writer,) = quoted(cells[0]), quoted(cells[1])
        writes = re.compile(rf"\b(?:insert|update|delete)\((?:\w+\.)?{table}\)")
        product = (ROOT / "server").rglob("*.py")
        writers = {str(path.relative_to(ROOT)) for path in product if writes.search(path.read_text())}
        assert writers == {writer}


def test_every_room_stands_on_it() -> None:
    rooms = {f"server/{path.parent.name}/" for path in (ROOT / "server").glob("*/__init__.py")}
    assert {quoted(cells[0])[0] for cells in rows(section(MAP, "## The rooms"))} == rooms
