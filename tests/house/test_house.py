"""What the linters cannot see: how long files are, what rooms and facts are called, what pages hold."""

import ast
import importlib
import re
from pathlib import Path

import pytest

from server.record.facts import DestroyedFact, Fact, UnknownFact, kinds

ROOT = Path(__file__).resolve().parents[2]
PYTHON = [
    path
    for folder in ("server", "tests", "migrations", "scripts", "bench", "deploy")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
PRODUCT = [path for path in PYTHON if path.is_relative_to(ROOT / "server")]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
OWN = [
    path
    for folder in (
        "server",
        "tests",
        "migrations",
        "scripts",
        "bench",
        "deploy",
        "templates",
        "static",
        "docs",
    )
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in {".py", ".html", ".js", ".css", ".md", ""}
    and path.is_file()
    and "vendor" not in path.parts
] + [ROOT / name for name in ("README.md", "CHANGELOG.md", "Makefile", "Dockerfile", "docker-compose.yml")]

LONGEST_FILE = 250
NO_ROOM = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "managers",
    "service",
    "services",
    "base",
}
STAND_INS = {UnknownFact, DestroyedFact}
"""What a reader sees in place of a fact. Nobody records one."""

HAPPENED = {
    *("Set", "Left", "Lost", "Withdrawn", "Sent", "Held"),
    *("Met", "Kept", "Taken", "Given", "Made", "Begun", "Chosen", "Withheld"),
}
"""Past tenses that do not end in -ed."""


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_a_file_fits_in_the_head(path: Path) -> None:
    lines = len(path.read_text().splitlines())
    assert lines <= LONGEST_FILE, f"{lines} lines: split it by noun"


def test_no_room_is_called_by_a_word_that_says_nothing() -> None:
    words = {part.removesuffix(".py") for path in PRODUCT for part in path.relative_to(ROOT).parts}
    assert words & NO_ROOM == set()


@pytest.mark.parametrize("path", [p for p in PYTHON if p.read_text().strip()], ids=name)
def test_a_module_opens_with_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


def every_fact() -> list[type[Fact]]:
    for path in sorted((ROOT / "server").rglob("facts.py")):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return [fact for fact in kinds().values() if fact.__module__.startswith("server.")]


@pytest.mark.parametrize("fact", every_fact(), ids=lambda fact: fact.__name__)
def test_a_fact_has_a_sentence_of_its_own(fact: type[Fact]) -> None:
    sentence = (vars(fact).get("__doc__") or "").partition("\n")[0]
    assert re.match(r"[A-Z].*\w.*\.", sentence), f"{fact.__name__} says {sentence!r}"


@pytest.mark.parametrize(
    "fact", sorted(set(every_fact()) - STAND_INS, key=str), ids=lambda fact: fact.__name__
)
def test_a_fact_is_named_in_the_past_tense(fact: type[Fact]) -> None:
    last = re.findall(r"[A-Z][a-z]+", fact.__name__)[-1]
    assert last.endswith("ed") or last in HAPPENED


def test_nothing_is_left_for_later() -> None:
    later = re.compile("|".join(["TO" + "DO", "FIX" + "ME", "X" * 3]))
    assert [name(path) for path in OWN if path.exists() and later.search(path.read_text())] == []


def test_an_ignored_complaint_names_its_code_and_its_reason() -> None:
    complaint = re.compile(r"# (?:type: ignore|noqa|pragma)(?P<code>\S*)(?P<reason>.*)")
    for path in PRODUCT:
        for found in complaint.finditer(path.read_text()):
            assert found["code"] and len(found["reason"].strip(" -#")) >= 8, f"{name(path)}: {found[0]}"


TAG = re.compile(r"<[a-zA-Z][^<>]*>")
QUOTED = re.compile(r'"[^"]*"' + r"|'[^']*'")
NOT_SHOWN = re.compile(r"\{#.*?#\}|\{%.*?%\}", re.S)
SHOWN = re.compile(r"\{\{.*?\}\}", re.S)
WRITES_ATTRIBUTES = re.compile(r"\{\{-?\s*[a-z_.]+\(.*\)\s*-?\}\}", re.S)
"""A macro, which answers with whole attributes."""


def tags(text: str) -> list[str]:
    """The opening tags of a template as a browser would see them, quoted values left out.

    What Jinja puts in stands as ◆, and as nothing where a macro writes whole attributes.
    """
    text = NOT_SHOWN.sub(" ", text)
    text = SHOWN.sub(lambda m: "◇" if WRITES_ATTRIBUTES.fullmatch(m[0]) else "◆", text)
    return [re.sub(r"(?<=[\s\"])◇", "", QUOTED.sub('""', tag)) for tag in TAG.findall(text)]


def own_code(text: str) -> list[str]:
    """Styles, scripts and handlers that stand in a page itself."""
    text = NOT_SHOWN.sub("", text)
    written = re.findall(r"<style\b|<script[^>]*>\s*[^<\s]", text)
    return written + [tag for tag in tags(text) if re.search(r"\s(?:style|on\w+|hx-on\S*)\s*=", tag)]


def unquoted(text: str) -> list[str]:
    """Tags into which something is put outside of quotes."""
    return [tag for tag in tags(text) if "◆" in tag.partition(" ")[2] or "◇" in tag.partition(" ")[2]]


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_page_holds_no_style_and_no_script_of_its_own(path: Path) -> None:
    assert own_code(path.read_text()) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_what_is_put_into_an_attribute_stands_in_quotes(path: Path) -> None:
    assert unquoted(path.read_text()) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_nothing_is_shown_as_it_was_typed(path: Path) -> None:
    assert not re.search(r"\|\s*safe\b|autoescape\s+false", path.read_text())


def test_the_checks_of_pages_find_what_they_are_for() -> None:
    for bad in (
        "<style>p{}</style>",
        "<script>go()</script>",
        '<a onclick="go()">',
        '<p class="a" style="b">',
    ):
        assert own_code(bad), bad
    for bad in ("<p title={{ x }}>", "<p title=a{{ x }}>", "<p {{ x }}>", "<p title={{ x() }}>"):
        assert unquoted(bad), bad
    for good in ('<script type="module" src="a.js"></script>', '<p title="{{ x[">"] }}" {{ said("y") }}>'):
        assert not own_code(good) + unquoted(good), good
