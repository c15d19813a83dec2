"""The papers and the code, as the tests compare them."""

import ast
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAPERS = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "SECURITY.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
CODE = [
    path
    for folder in ("server", "tests", "migrations", "scripts", "deploy", "bench")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if path.parent != Path(__file__).parent
]


def paper(name: str) -> str:
    return (ROOT / name).read_text()


def rows(text: str) -> list[list[str]]:
    """The rows of every table, cell by cell, without heads and rules."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    heads = {above for above, rule in pairwise(lines) if is_rule(rule)}
    return [
        [cell.strip() for cell in row.strip("|").split("|")]
        for row in lines
        if not is_rule(row) and row not in heads
    ]


def is_rule(row: str) -> bool:
    return set(row) <= set("|-: ")


def quoted(text: str) -> list[str]:
    """What stands in backticks."""
    return re.findall(r"`([^`\n]+)`", text)


def section(text: str, heading: str) -> str:
    """The part under one heading, up to the next of the same depth."""
    depth = heading.split()[0]
    _, _, after = text.partition(f"\n{heading}\n")
    assert after, f"there is no heading {heading!r}"
    return re.split(rf"\n{depth} ", after)[0]


@cache
def defined_in(path: Path) -> frozenset[str]:
    """Every name that a Python file defines: `name`, `Class`, `Class.method`; the words of any other file."""
    text = path.read_text()
    if path.suffix != ".py":
        return frozenset(re.findall(r"[\w-]+", text))
    names: set[str] = set()
    for node in ast.parse(text).body:
        names |= names_of(node)
    return frozenset(names)


def names_of(node: ast.stmt) -> set[str]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return {node.name}
    if isinstance(node, ast.ClassDef):
        inside = set().union(*(names_of(each) for each in node.body))
        return {node.name} | {f"{node.name}.{name}" for name in inside}
    if isinstance(node, ast.AnnAssign):
        return {node.target.id} if isinstance(node.target, ast.Name) else set()
    if isinstance(node, ast.Assign):
        return {target.id for target in node.targets if isinstance(target, ast.Name)}
    return set()


@cache
def words_of_the_product() -> frozenset[str]:
    """Every word of the product's code."""
    return frozenset(
        word
        for path in sorted((ROOT / "server").rglob("*.py"))
        for word in re.findall(r"[A-Za-z_]\w*", path.read_text())
    )


def tables() -> dict[str, Path]:
    """Every database table and the file that declares it."""
    found = {}
    for path in sorted((ROOT / "server").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and any(k.arg == "table" for k in node.keywords):
                found[table_name(node)] = path
    return found


def table_name(node: ast.ClassDef) -> str:
    for line in node.body:
        if isinstance(line, ast.Assign) and getattr(line.targets[0], "id", "") == "__tablename__":
            return str(ast.literal_eval(line.value))
    return node.name.lower()


def refusal_codes() -> dict[str, int]:
    """Every code by which something is refused, and its status over HTTP."""
    found: dict[str, int] = {}
    for path in sorted((ROOT / "server").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and "code" in (said := constants(node)):
                found[str(said["code"])] = int(str(said.get("status", 409)))
    return found


def constants(node: ast.ClassDef) -> dict[str, object]:
    """The plain values that a class gives to its names."""
    found: dict[str, object] = {}
    for line in node.body:
        target = line.targets[0] if isinstance(line, ast.Assign) else getattr(line, "target", None)
        value = getattr(line, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant):
            found[target.id] = value.value
    return found
