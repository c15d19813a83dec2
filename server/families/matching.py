"""Whether two records may be about the same people: pure rules over names, births and expected dates (R43).

A name is compared without case, accents, order and punctuation. Nothing here decides that two people are the
same: it says that somebody should ask.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

import msgspec

from server.people.words import visible

Why = Literal["born", "due", "near", "swapped", "name"]
"""What two people have in common. See `WORDS`."""

WORDS: dict[Why, str] = {
    "born": "same date of birth, and a name in both",
    "due": "born or expected within six weeks of each other, and a name in both",
    "near": "same full name, and dates of birth that differ in one part only",
    "swapped": "same full name, and dates of birth with day and month the other way round",
    "name": "same full name, and a date of birth that is not known",
}

SIX_WEEKS = timedelta(weeks=6)
MOST_PAIRS = 12
"""How many pairs of one match are told: past that, nobody reads them."""

# fmt: off
NOBODYS = frozenset(
    {
        "baby", "unborn", "newborn", "infant", "child", "boy", "girl", "twin", "unknown", "unnamed",
        "not", "known", "mr", "mrs", "ms", "miss", "dr", "of", "the", "and", "de", "da", "del", "di",
        "van", "von", "der", "el", "al", "bin",
    }
)
# fmt: on
"""Words that stand in many names and tell nobody from another: none makes two people alike."""

LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})
MARKS = frozenset("'’ʼ`´.")
"""Marks within a word: O’Brien is one word. All others part words."""


class Somebody(msgspec.Struct, frozen=True):
    """One of a family, as far as people are compared."""

    family: str
    member: str
    name: str
    child: bool
    born: date | None = None
    due: date | None = None


class Alike(NamedTuple):
    """What two people have in common, and whether that is much."""

    why: Why
    strong: bool


class Pair(NamedTuple):
    """Somebody of one family, somebody of the other, and what they have in common."""

    one: Somebody
    other: Somebody
    alike: Alike


class Match(NamedTuple):
    """A family that may be the same, and the pairs for which it may be, the strongest first."""

    family: str
    pairs: tuple[Pair, ...]


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name as they are compared, in order of the alphabet."""
    open_up = unicodedata.normalize("NFKD", visible(name).casefold())
    plain = "".join(c for c in open_up if c not in MARKS and not unicodedata.combining(c)).translate(LETTERS)
    return tuple(sorted("".join(c if c.isalnum() else " " for c in plain).split()))


def shared(one: Somebody, other: Somebody) -> frozenset[str]:
    """The words that stand in both names and tell people apart. An initial does not."""
    return telling(one.name) & telling(other.name)


def telling(name: str) -> frozenset[str]:
    return frozenset(word for word in name_words(name) if len(word) > 1 and word not in NOBODYS)


def alike(one: Somebody, other: Somebody) -> Alike | None:
    """What two people of different families have in common, if that is worth asking about."""
    if shared(one, other):
        if one.born and one.born == other.born:
            return Alike("born", strong=True)
        if _expected_together(one, other):
            return Alike("due", strong=True)
        if name_words(one.name) == name_words(other.name):
            return _namesakes(one, other)
    return None


def _expected_together(one: Somebody, other: Somebody) -> bool:
    """Somebody is not born yet, and the other was born or is expected within six weeks of that."""
    if not (one.due or other.due):
        return False
    on, then = one.due or one.born, other.due or other.born
    return bool(on and then and abs(on - then) <= SIX_WEEKS)


def _namesakes(one: Somebody, other: Somebody) -> Alike | None:
    """Of one full name. One word is no full name: that alone is never much."""
    full = len(name_words(one.name)) > 1
    if one.born and other.born:
        if (one.born.day, one.born.month, one.born.year) == (
            other.born.month,
            other.born.day,
            other.born.year,
        ):
            return Alike("swapped", strong=full)
        parts = zip(_parts(one.born), _parts(other.born), strict=True)
        return Alike("near", strong=full) if sum(a != b for a, b in parts) == 1 else None
    return Alike("name", strong=False) if one.child == other.child else None


def _parts(on: date) -> tuple[int, int, int]:
    return on.day, on.month, on.year


def likely(mine: Iterable[Somebody], theirs: Sequence[Somebody]) -> tuple[Pair, ...]:
    """The pairs for which two families may be the same; none if they are too few.

    One strong pair is enough; of weak ones it takes two, of different people on both sides.
    """
    pairs = [Pair(a, b, found) for a in mine for b in theirs if (found := alike(a, b))]
    several = all(len({pair[side].member for pair in pairs}) > 1 for side in (0, 1))  # type: ignore[union-attr]  # the first two are people
    if not (several or any(pair.alike.strong for pair in pairs)):
        return ()
    return tuple(sorted(pairs, key=strength)[:MOST_PAIRS])


def strength(pair: Pair) -> tuple[bool, bool, str, str]:
    """The strong pairs before the weak, and of those the ones of one full name before others."""
    same = name_words(pair.one.name) == name_words(pair.other.name)
    return not pair.alike.strong, not same, pair.one.name, pair.other.name


def matches(mine: Sequence[Somebody], others: Iterable[Somebody]) -> tuple[Match, ...]:
    """Of people of many families, the families that may be the same as ours, the strongest first."""
    families: dict[str, list[Somebody]] = defaultdict(list)
    for somebody in others:
        families[somebody.family].append(somebody)
    found = [Match(family, pairs) for family, theirs in families.items() if (pairs := likely(mine, theirs))]
    return tuple(sorted(found, key=lambda m: (not m.pairs[0].alike.strong, -len(m.pairs), m.family)))


def twins(people: Iterable[Somebody]) -> tuple[tuple[Somebody, ...], ...]:
    """Those of one family who share a date of birth: two people, who are easily taken for one."""
    days: dict[date, list[Somebody]] = defaultdict(list)
    for somebody in people:
        if somebody.born or somebody.due:
            days[somebody.born or somebody.due].append(somebody)  # type: ignore[index]  # one of them is a day
    return tuple(tuple(sorted(same, key=lambda s: s.name)) for same in days.values() if len(same) > 1)
