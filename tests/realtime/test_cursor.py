"""A cursor says how far a screen has come, and nothing about who looks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.realtime.cursor import Cursors

SECRET = b"s" * 32
cursors = Cursors("epoch-one", SECRET)
vectors = st.lists(
    st.tuples(st.text("0123456789abcdef:", min_size=1, max_size=40), st.integers(0, 2**53)), max_size=5
).map(lambda pairs: tuple(sorted(dict(pairs).items())))


@given(vectors)
def test_what_is_written_is_read(vector: tuple[tuple[str, int], ...]) -> None:
    assert cursors.read(cursors.write(vector)) == vector


@given(vectors)
def test_every_reader_of_an_audience_gets_the_same_bytes(vector: tuple[tuple[str, int], ...]) -> None:
    assert Cursors("epoch-one", SECRET).write(vector) == cursors.write(vector)


@given(vectors, st.data())
def test_a_changed_cursor_is_nothing(vector: tuple[tuple[str, int], ...], data: st.DataObject) -> None:
    text = cursors.write(vector)
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("ABCxyz019-_").filter(lambda c: c != text[at]))
    read = cursors.read(text[:at] + other + text[at + 1 :])
    assert read is None or read == vector, "only the spare bits of the last character may differ"


@pytest.mark.parametrize("text", ["", "x", "é", "=" * 9, "A" * 5000, "%00", "🙂"])
def test_nonsense_is_nothing(text: str) -> None:
    assert cursors.read(text) is None


def test_another_database_has_another_epoch() -> None:
    assert Cursors("epoch-two", SECRET).read(cursors.write((("family:1", 3),))) is None


def test_another_installation_has_another_key() -> None:
    assert Cursors("epoch-one", b"t" * 32).read(cursors.write((("family:1", 3),))) is None
