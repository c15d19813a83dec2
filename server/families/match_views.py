"""A likely match of two records in plain values: who is alike, in which words, and who may be twins."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from server.families.matching import WORDS, Match, Pair, Somebody, name_words, shared, telling, twins
from server.families.state import FamilyState
from server.web.templates import day_words

PERHAPS = "perhaps twins, two people and not one"


class PairView(msgspec.Struct, frozen=True):
    """Somebody of one record, somebody of the other ("Remi Rowe, born 3 January 2026"), and why."""

    one: str
    other: str
    why: str


class LikelyView(msgspec.Struct, frozen=True):
    """A family that may be the same: its reference and name, its people who are alike, words about twins."""

    reference: str
    name: str
    pairs: tuple[PairView, ...]
    twins: tuple[str, ...]


def likely_view(family: FamilyState, match: Match, people: Iterable[Somebody]) -> LikelyView:
    """`match` is of somebody's own words with `family`, in which `people` stand."""
    pairs = tuple(pair_view(pair) for pair in match.pairs)
    return LikelyView(family.reference, family.name, pairs, twins_among(people, match.pairs))


def pair_view(pair: Pair) -> PairView:
    return PairView(in_words(pair.one), in_words(pair.other), why(pair))


def why(pair: Pair) -> str:
    """The words of what two people have in common, with the name that they share."""
    words = WORDS[pair.alike.why]
    if name_words(pair.one.name) == name_words(pair.other.name):
        return words.replace("a name in both", "the same full name")
    both = shared(pair.one, pair.other)
    names = [word.strip(",;.") for word in pair.other.name.split() if telling(word) & both]
    return words.replace("a name in both", f"the name {' '.join(names)} in both")


def in_words(somebody: Somebody) -> str:
    if somebody.born:
        return f"{somebody.name}, born {day_words(somebody.born)}"
    if somebody.due:
        return f"{somebody.name}, expected {day_words(somebody.due)}"
    return f"{somebody.name}, date of birth not known"


def twins_among(people: Iterable[Somebody], pairs: Iterable[Pair]) -> tuple[str, ...]:
    """Of one record: those of the same date of birth, where one of them is alike to somebody."""
    known = {pair.other.member for pair in pairs} | {pair.one.member for pair in pairs}
    return tuple(
        f"{together([s.name for s in same])} have the same date of birth: {PERHAPS}"
        for same in twins(people)
        if known & {s.member for s in same}
    )


def together(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
