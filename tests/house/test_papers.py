"""What the papers say is so: settings, commands, names, codes, tables, links."""

import re
from pathlib import Path

import pytest
import typer
from pydantic_core import PydanticUndefined

from server.settings import Settings
from tests.deploy import compose
from tests.house import papers
from tests.house.papers import CODE, PAPERS, ROOT, paper, quoted, rows, section


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


# Settings and commands


def settings_in_the_readme() -> dict[str, str]:
    table = rows(section(paper("README.md"), "## Settings"))
    return {quoted(cells[0])[0]: cells[1].strip("`") for cells in table}


def test_every_setting_stands_in_the_readme_and_every_other_way_round() -> None:
    assert set(settings_in_the_readme()) == {f"HUDDLE_{field.upper()}" for field in Settings.model_fields}


def test_the_readme_knows_each_default() -> None:
    for field, info in Settings.model_fields.items():
        default = info.get_default()
        words = {PydanticUndefined: "none, must be set", None: "not set", False: "false"}.get(
            default, str(default)
        )
        assert settings_in_the_readme()[f"HUDDLE_{field.upper()}"] == words


def test_everything_that_the_composition_asks_for_stands_in_the_readme() -> None:
    table = rows(section(paper("README.md"), "## In production"))
    assert {quoted(cells[0])[0] for cells in table} == set(compose.variables())


def test_no_paper_names_a_setting_that_there_is_not() -> None:
    known = set(settings_in_the_readme())
    for path in PAPERS:
        assert set(re.findall(r"HUDDLE_[A-Z_]+[A-Z]", path.read_text())) <= known, name(path)


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", paper("Makefile"), re.M))


def said(path: Path, program: str) -> set[str]:
    """The words that follow a program's name in backticks and in blocks."""
    text = path.read_text()
    code = "\n".join([*quoted(text), *re.findall(r"^```\w*\n(.*?)^```", text, re.S | re.M)])
    return set(re.findall(rf"(?:^|\s){program} ([a-z][a-z-]*)", code, re.M))


def test_every_make_target_in_the_papers_exists() -> None:
    for path in PAPERS:
        assert said(path, "make") <= make_targets(), name(path)


def test_every_command_in_the_papers_exists() -> None:
    from server.cli.main import app

    group = typer.main.get_command(app)
    known = set(getattr(group, "commands", {}))
    assert "serve" in known
    for path in PAPERS:
        assert said(path, "huddle") <= known, name(path)


def test_every_option_in_the_papers_exists() -> None:
    from server.cli.main import app

    commands = getattr(typer.main.get_command(app), "commands", {})
    for path in PAPERS:
        for command, option in re.findall(r"huddle ([a-z]+)[^`\n]*? (--[a-z-]+)", path.read_text()):
            assert option in {o for p in commands[command].params for o in p.opts}, f"{name(path)}: {option}"


# Links and names


@pytest.mark.parametrize("path", PAPERS, ids=name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text()):
        if not re.match(r"[a-z]+:", target):
            assert (path.parent / target.partition("#")[0]).exists(), target


@pytest.mark.parametrize("path", PAPERS, ids=name)
def test_every_file_that_a_paper_names_is_there(path: Path) -> None:
    named = [
        q
        for q in quoted(path.read_text())
        if re.fullmatch(r"(?:server|static|templates|docs|deploy|tests|migrations|scripts)/[\w./-]*", q)
    ]
    assert [file for file in named if not (ROOT / file).exists()] == []


@pytest.mark.parametrize("path", PAPERS, ids=name)
def test_every_name_stands_in_the_file_that_is_said(path: Path) -> None:
    """`server/record/ledger.py` `Ledger.record`: that file defines that."""
    for file, defined in re.findall(r"`([\w/.-]+\.(?:py|js))`[\s(]+`([A-Za-z_.]+)`", path.read_text()):
        assert defined in papers.defined_in(ROOT / file), f"{file} defines no {defined}"


def test_every_name_of_the_glossary_stands_in_the_code() -> None:
    scripts = {script.name for script in (ROOT / "static").glob("*.js")}
    names = {q for cells in rows(paper("docs/glossary.md")) if len(cells) > 2 for q in quoted(cells[-1])}
    assert len(names) > 100, "a glossary without names means nothing"
    assert names - papers.words_of_the_product() - scripts == set()


def test_no_word_stands_twice_in_the_glossary() -> None:
    words = [cells[0] for cells in rows(paper("docs/glossary.md"))]
    assert sorted(words) == sorted(set(words))


# Codes


def codes_in(text: str) -> set[str]:
    """R40, S8, A1 … as they stand in a comment, a docstring or the name of a test."""
    spoken = re.findall(r"(?<![\w#&/\"'.-])([A-DF-MRSX][1-9]\d?)(?![\w\"'-])", text)
    return set(spoken) | {code.upper() for code in re.findall(r"def test_([a-m]\d{1,2})_", text)}


def test_every_code_that_the_code_mentions_is_explained() -> None:
    explained = {cells[0] for paper_ in ("docs/rules.md", "docs/faults.md") for cells in rows(paper(paper_))}
    for path in CODE:
        assert codes_in(path.read_text()) <= explained, name(path)


def test_no_code_has_two_meanings() -> None:
    codes = [cells[0] for paper_ in ("docs/rules.md", "docs/faults.md") for cells in rows(paper(paper_))]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize("path", CODE, ids=name)
def test_code_refers_to_papers_that_are_here(path: Path) -> None:
    """Not to a page that the reader does not have."""
    elsewhere = re.compile(r"\b(?:DESIGN|DOMAIN|FAULTS|REALTIME|STACK|STYLE|UX)(?: section)? [A-Z]?\d")
    assert elsewhere.findall(path.read_text()) == []
    for target in re.findall(r"\bdocs/[\w./-]+\w", path.read_text()):
        assert (ROOT / target).exists(), target


# Dependencies, decisions, plain papers


def test_every_dependency_has_its_reason_and_every_reason_its_dependency() -> None:
    import tomllib

    project = tomllib.loads(paper("pyproject.toml"))["project"]
    wanted = [
        *project["dependencies"],
        *(d for group in project["optional-dependencies"].values() for d in group),
    ]
    told = [q for cells in rows(paper("docs/dependencies.md")) for q in quoted(cells[0])]
    assert sorted(told) == sorted(re.match(r"[\w-]+", each)[0] for each in wanted)  # type: ignore[index]


@pytest.mark.parametrize("path", PAPERS, ids=name)
def test_a_paper_names_no_place_of_its_writer(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"(?:^|[\s`(])/(?:home|root|work|tmp|Users)/", text)
    assert set(re.findall(r"https?://([\w.-]+)", text)) <= {"127.0.0.1"}


def test_decisions_are_numbered_in_order() -> None:
    found = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in found] == list(range(1, len(found) + 1))
    for path in found:
        assert re.match(rf"# {int(path.name[:4])}\. ", path.read_text())
        assert re.findall(r"^\*\*(\w+)\.\*\*", path.read_text(), re.M) == [
            "Context",
            "Decision",
            "Consequences",
        ]


def test_the_operators_paper_knows_every_metric_and_no_other() -> None:
    table = rows(section(paper("docs/operating.md"), "## Health, readiness, metrics"))
    told = {q for cells in table for q in quoted(cells[0]) if q.startswith("huddle_")}
    assert told == set(re.findall(r'"(huddle_\w+)"', paper("server/desk/health.py")))


def test_every_event_in_the_operators_paper_is_logged() -> None:
    table = rows(section(paper("docs/operating.md"), "## Health, readiness, metrics"))
    told = {q for cells in table for q in quoted(cells[0]) if re.fullmatch(r"[a-z]+\.[a-z_]+", q)}
    code = "".join(path.read_text() for path in sorted((ROOT / "server").rglob("*.py")))
    assert told, "a table without events means nothing"
    assert [event for event in told if f'"{event}"' not in code] == []


def test_every_service_in_the_papers_is_in_the_composition() -> None:
    known = set(compose.services())
    for path in PAPERS:
        for line in re.findall(r"docker compose (?:exec|run --rm)(?: -T)? ([\w-]+)", path.read_text()):
            assert line in known, name(path)
