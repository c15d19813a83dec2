"""Who is alike, and which families may be the same (R43): pure, and without a database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from server.families.match_views import pair_view, twins_among
from server.families.matching import Alike, Somebody, alike, likely, matches, name_words, twins

BORN = date(2026, 1, 3)


def remi(name: str = "Remi Rowe", family: str = "a", **more: object) -> Somebody:
    filled = {"born": BORN, "child": True} | more
    return Somebody(family, f"{family}-{name}", name, **filled)  # type: ignore[arg-type]  # the fields are those of Somebody


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Remi Rowe", "ROWE, Remi"),
        ("José Nuñez", "jose nunez"),
        ("O’Brien", "Obrien"),
        ("Rowe-Smith, Remi", "remi smith rowe"),
        ("Łucja Sørensen", "Lucja Sorensen"),
        ("Re\u200bmi  Rowe", "Remi Rowe"),
    ],
)
def test_a_name_is_compared_without_case_accents_order_and_punctuation(one: str, other: str) -> None:
    assert name_words(one) == name_words(other)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (remi("R. Rowe"), Alike("born", strong=True)),
        (remi("Baby Rowe"), Alike("born", strong=True)),
        (remi("Rowe Remi", born=date(2026, 3, 1)), Alike("swapped", strong=True)),
        (remi("Rowe Remi", born=date(2026, 1, 13)), Alike("near", strong=True)),
        (remi("Rowe Remi", born=date(2026, 2, 3)), Alike("near", strong=True)),
        (remi("Rowe Remi", born=date(2025, 1, 3)), Alike("near", strong=True)),
        (remi("Unborn Rowe", born=None, due=BORN + timedelta(weeks=6)), Alike("due", strong=True)),
        (remi("Unborn Rowe", born=None, due=BORN - timedelta(weeks=6)), Alike("due", strong=True)),
        (remi(born=None), Alike("name", strong=False)),
        (remi("Rosa Rowe", born=None), None),
        (remi("Remi Ash", born=date(2026, 3, 1)), None),
        (remi("Rowe Remi", born=date(2025, 2, 3)), None),
        (remi("Unborn Rowe", born=None, due=BORN + timedelta(weeks=6, days=1)), None),
        (remi("Remi Rowe", born=None, child=False), None),
        (remi("Isla Ash"), None),
        (remi("R Ash"), None),
    ],
)
def test_two_people_are_alike_by_what_they_have_in_common(other: Somebody, expected: Alike | None) -> None:
    assert alike(remi(), other) == expected
    assert alike(other, remi()) == expected, "whoever is looked at first"


def test_words_that_tell_nobody_from_another_make_nobody_alike() -> None:
    assert alike(remi("Baby Rowe"), remi("Baby Ash")) is None
    assert alike(remi("Baby"), remi("Baby")) is None
    assert alike(remi("Baby de Souza"), remi("Boy de Vries")) is None


def test_two_who_are_expected_at_one_time_are_alike_too() -> None:
    one, other = remi(born=None, due=BORN), remi(born=None, due=BORN + timedelta(weeks=2))
    assert alike(one, other) == Alike("due", strong=True)


def test_a_first_name_alone_is_no_full_name() -> None:
    assert alike(remi("Remi"), remi("Remi", born=date(2026, 1, 13))) == Alike("near", strong=False)


def family(name: str, *names: str, born: date | None = None) -> list[Somebody]:
    return [remi(each, name, born=born) for each in names]


def test_one_strong_pair_is_enough() -> None:
    (pair,) = likely([remi()], [remi("Rowe, R", "b")])
    assert pair.alike.strong


def test_of_weak_pairs_it_takes_two_of_different_people_on_both_sides() -> None:
    mine = family("a", "Isla Rowe", "Remi Rowe")
    assert likely(mine, family("b", "Isla Rowe")) == ()
    assert likely(mine[:1], family("b", "Isla Rowe", "Rowe Isla")) == (), "one person is not two"
    assert len(likely(mine, family("b", "Remi Rowe", "Isla Rowe"))) == 2


def test_the_strongest_family_comes_first_and_others_not_at_all() -> None:
    mine = [remi(), *family("a", "Isla Rowe", "Tam Rowe")]
    others = [*family("weak", "Isla Rowe", "Tam Rowe"), remi("Ash", "none"), remi("Remi Rowe", "strong")]
    assert [match.family for match in matches(mine, others)] == ["strong", "weak"]


def test_why_is_said_in_words() -> None:
    (pair,) = likely([remi("Baby Rowe")], [remi("Remi Rowe", "b")])
    view = pair_view(pair)
    assert (view.one, view.other) == ("Baby Rowe, born 3 January 2026", "Remi Rowe, born 3 January 2026")
    assert view.why == "same date of birth, and the name Rowe in both"


def test_a_twin_is_said_to_be_somebody_else() -> None:
    people = [remi("Remi Rowe", "b"), remi("Rosa Rowe", "b"), remi("Isla Rowe", "b", born=date(2016, 5, 2))]
    assert twins(people) == ((people[0], people[1]),)
    pairs = likely([remi()], people)
    assert len(pairs) == 2
    (words,) = twins_among(people, pairs)
    assert words.startswith("Remi Rowe and Rosa Rowe have the same date of birth")
    assert "two people and not one" in words
    assert twins_among(people[1:], pairs) == ()
