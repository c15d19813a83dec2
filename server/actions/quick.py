"""One line becomes an action: `Share attendance @farah.siddiqui by fri 3pm #education`.

    line  := text (token)*
    token := "@" person | "by" when | "in" n ("days" | "working days" | "weeks") | "#" domain
           | "!today" | "!24h" | "!critical" | "for:" audience

What is recognised is a chip; what is not stays text, word for word. Quotation marks stop the reading.
A moment is resolved once and never read again. Every step looks at a bounded number of words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple, get_args

import msgspec

from server.actions.dues import Due, due_words, said_by, said_in
from server.families.facts import Domain
from server.families.labels import DOMAINS
from server.people.practitioners import TITLES

Kind = Literal["owner", "due", "domain", "critical", "audience"]

LOOK = 5
"""How many words after "by" or "in" can belong to it."""

_word = re.compile(r"\S+")
_quoted = re.compile(r'"[^"]*"|“[^”]*”')
_edges = ".,;:)]"


class Known(NamedTuple):
    """Somebody who may be named: an id, a name, and the agency as its column is called."""

    person: str
    name: str
    agency: str


class Chip(msgspec.Struct, frozen=True):
    """What was recognised: as it was typed, as it is understood, and what is wrong with it."""

    kind: Kind
    typed: str
    words: str
    problem: str = ""


class Quick(msgspec.Struct, frozen=True):
    """One line, read. `due` is local; `named` is an audience as a fragment names it ("agency:NPC")."""

    words: str
    owner: str = ""
    due: datetime | None = None
    domain: str = ""
    critical: bool = False
    named: tuple[str, ...] = ()
    chips: tuple[Chip, ...] = ()

    def problem(self, kind: Kind) -> str:
        return next((chip.problem for chip in self.chips if chip.kind == kind and chip.problem), "")


class Setting(NamedTuple):
    """What a line is read against: the local moment, the nation, who may be named, and audiences by word."""

    now: datetime
    nation: str
    people: Sequence[Known]
    audiences: dict[str, tuple[str, str]]
    """From a lower-case word to the name of an audience and how it is read aloud."""


class Token(NamedTuple):
    """A recognised token: how many words it took, its chip, and the value, empty where it has none."""

    length: int
    chip: Chip
    value: str | datetime


def read(line: str, setting: Setting) -> Quick:
    """The line as an action."""
    kept, tokens = taken_apart(line, setting)

    def given(kind: Kind) -> list[str]:
        return [token.value for token in tokens if token.chip.kind == kind and isinstance(token.value, str)]

    dues = [token.value for token in tokens if isinstance(token.value, datetime)]
    return Quick(
        words=" ".join(kept),
        owner=next(iter(given("owner")), ""),
        due=next(iter(dues), None),
        domain=next(iter(given("domain")), ""),
        critical=bool(given("critical")),
        named=tuple(dict.fromkeys(filter(None, given("audience")))),
        chips=tuple(token.chip for token in one_owner(tokens)),
    )


def taken_apart(line: str, setting: Setting) -> tuple[list[str], list[Token]]:
    """The words that stay text, and the tokens. A second moment stays text."""
    found = list(_word.finditer(line))
    words = [match.group().lower().rstrip(_edges) for match in found]
    shut = quoted(line, found)
    kept: list[str] = []
    tokens: list[Token] = []
    at = 0
    while at < len(found):
        token = None if shut[at] else token_at(words[at : at + 1 + LOOK], setting)
        if token is None or (token.chip.kind == "due" and any(t.chip.kind == "due" for t in tokens)):
            kept.append(found[at].group())
            at += 1
            continue
        typed = line[found[at].start() : found[at + token.length - 1].end()].rstrip(_edges)
        tokens.append(token._replace(chip=msgspec.structs.replace(token.chip, typed=typed)))
        at += token.length
    return kept, tokens


def quoted(line: str, words: Sequence[re.Match[str]]) -> list[bool]:
    """For each word, whether it touches something between quotation marks."""
    inside = bytearray(len(line) + 1)
    for match in _quoted.finditer(line):
        inside[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    return [any(inside[word.start() : word.end()]) for word in words]


def one_owner(tokens: Sequence[Token]) -> list[Token]:
    """The tokens, with what is wrong where more than one owner is named."""
    first = next((token for token in tokens if token.chip.kind == "owner"), None)
    problem = "Choose who will do this. It must be one person"
    return [
        token._replace(chip=msgspec.structs.replace(token.chip, problem=problem))
        if token.chip.kind == "owner" and token is not first
        else token
        for token in tokens
    ]


def token_at(words: Sequence[str], setting: Setting) -> Token | None:
    """The token with which these words begin."""
    first = words[0]
    if first.startswith("@") and len(first) > 1:
        return owner(first[1:], setting.people)
    if first.startswith("#"):
        return domain(first[1:])
    if first.startswith("!"):
        return marked(first[1:], setting.now)
    if first.startswith("for:"):
        return audience(first[4:], setting)
    reading: Callable[[Sequence[str], datetime, str], Due | None] | None
    reading = {"by": said_by, "in": said_in}.get(first)
    due = reading(words[1:], setting.now, setting.nation) if reading else None
    return due_token(due.at, due.length + 1, setting.now) if due else None


def owner(typed: str, people: Sequence[Known]) -> Token:
    """Who is meant. Of two who may be meant, neither."""
    meant = [person for person in people if typed in keys(person)]
    if len(meant) == 1:
        one = meant[0]
        return Token(1, Chip("owner", "", f"{one.name}, {one.agency}"), one.person)
    if not meant:
        words = f"Nobody called {typed} reads this. Choose somebody in the team"
    else:
        names = ", ".join(f"@{dotted(person)} ({person.agency})" for person in meant)
        words = f"Which {typed}? Write one of: {names}"
    return Token(1, Chip("owner", "", typed, words), "")


def keys(known: Known) -> frozenset[str]:
    """What somebody may be called after "@": pike, hannah.pike, h.pike, hannah-pike."""
    names = plain(known.name)
    first, last = names[0], names[-1]
    return frozenset({*names, f"{first}.{last}", f"{first[0]}.{last}", "-".join(names), known.person})


def dotted(known: Known) -> str:
    names = plain(known.name)
    return f"{names[0]}.{names[-1]}"


def plain(name: str) -> list[str]:
    words = name.lower().replace("’", "").replace("'", "").split()
    return [word for word in words if word.rstrip(".") not in TITLES] or words


def domain(typed: str) -> Token | None:
    found = next((code for code in get_args(Domain) if len(typed) > 2 and code.startswith(typed)), None)
    return Token(1, Chip("domain", "", DOMAINS[found]), found) if found else None


def marked(typed: str, now: datetime) -> Token | None:
    if typed == "critical":
        return Token(1, Chip("critical", "", "A child’s safety rests on it"), typed)
    if typed == "24h":
        later = (now.astimezone(UTC) + timedelta(hours=24)).astimezone(now.tzinfo)
        return due_token(later.replace(second=0, microsecond=0), 1, now)
    today = said_by(["today"], now, "") if typed == "today" else None
    return due_token(today.at, 1, now) if today else None


def due_token(at: datetime, length: int, now: datetime) -> Token:
    problem = "" if at > now else "Due date must be today or later"
    return Token(length, Chip("due", "", due_words(at), problem), at)


def audience(typed: str, setting: Setting) -> Token:
    meant = setting.audiences.get(typed)
    if meant is None:
        words = f"Nobody is meant by for:{typed}. Choose who will see this below"
        return Token(1, Chip("audience", "", typed, words), "")
    return Token(1, Chip("audience", "", f"Only {meant[1]}"), meant[0])
