"""What is stored is what was said, byte for byte, and can be read for ever."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from server.families.facts import CompartmentOpened, TeamMemberAdded
from server.record import chain, facts
from server.record.chain import micros, moment
from server.record.facts import DestroyedFact, Fact, PayloadDestroyed, Ref, UnknownFact, decode, encode
from server.record.store import Store
from server.record.verify import verify
from tests.record.world import ROWE, Node, fragment, stored


@pytest.fixture
def other_release(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test declares is known to that test only."""
    for table in ("_kinds", "_upcasts", "_decoders"):
        monkeypatch.setattr(facts, table, dict(getattr(facts, table)))


@pytest.mark.parametrize(
    "words",
    ["", "é", "e\u0301", "👧🏽 says no", "\u2028", "a\x00b", '"\\', "\u202egnorw", "<script>"],
    ids=ascii,
)
async def test_words_come_back_as_they_were_written(store: Store, words: str) -> None:
    """K13: composed and decomposed, beyond the first plane, unprintable; the same from both databases."""
    async with Node(store) as node:
        await node.gather()
        await node.say(words)
    assert (await stored(store))[-1].fact == fragment(words)
    assert await verify(store) == []


def test_a_link_is_hashed_as_it_always_was() -> None:
    """K13: were this to change, no chain of an earlier release would hold."""
    committed = chain.commitment(b"0123456789abcdef", '{"fact":{"text":"é e\u0301 👧🏽 \\" \\\\"}}'.encode())
    assert committed == "c83d741ee03ddaee42919926445e54fd1094a3661c8e5c492f41d2e073e12972"
    said = ("family:1", 7, "FragmentContributed/1", "priya", "NCS", 1773928800000001)
    assert (
        chain.link(*said, chain.NOTHING, committed)
        == "ebdf06cc1cab8d5b1ef9fa98920019f25dd84ceed70626c5ebeba65f0355b25e"
    )


@given(
    text=st.text(max_size=50),
    key=st.text(max_size=9),
    cause=st.builds(Ref, st.text(max_size=9), st.integers(1)),
)
def test_what_is_encoded_is_decoded_the_same(text: str, key: str, cause: Ref) -> None:
    fact, payload = decode("FragmentContributed/1", encode(fragment(text), key, "digest", cause))
    assert (fact, payload.key, payload.digest, payload.cause) == (fragment(text), key, "digest", cause)


@given(st.datetimes(timezones=st.timezones()))
def test_a_moment_is_kept_to_the_microsecond(at: datetime) -> None:
    assert moment(micros(at)) == at.astimezone(UTC)


def test_a_moment_of_another_zone_is_kept_in_utc() -> None:
    at = datetime(2026, 7, 1, 9, 0, tzinfo=timezone(timedelta(hours=1)))
    assert moment(micros(at)).tzinfo is UTC


@pytest.mark.usefixtures("other_release")
async def test_what_a_newer_release_recorded_is_kept_and_shown(store: Store) -> None:
    """M9: written by one release, read by the one before, and whole again in the newer."""

    class NewsRecorded(Fact):
        """Something that this release does not know happened."""

        words: str

    async with Node(store) as node:
        await node.gather()
        stream, fact = (await node.books.open(ROWE)).main, NewsRecorded(words="from the future")
        decode(fact.kind(), encode(fact))
        del facts._kinds[fact.kind()], facts._decoders[fact.kind()]
        shown, _ = decode(fact.kind(), encode(fact))
    assert stream.seq == 3
    assert shown == UnknownFact(was="NewsRecorded/1", body={"words": "from the future"})
    assert shown.standing() == () and shown.names() == ()


@pytest.mark.usefixtures("other_release")
def test_an_older_version_is_read_as_the_newer() -> None:
    class PlanReviewed(Fact):
        """The plan was looked at again."""

        version = 2
        by: tuple[str, ...]

    @facts.upcast("PlanReviewed/1", PlanReviewed)
    def several(old: dict[str, Any]) -> dict[str, Any]:
        return {"by": [old["by"]]}

    old = msgspec.json.encode({"fact": {"by": "priya"}})
    assert decode("PlanReviewed/1", old)[0] == PlanReviewed(by=("priya",))
    assert decode("PlanReviewed/2", encode(PlanReviewed(by=("a", "b"))))[0] == PlanReviewed(by=("a", "b"))


def test_a_field_added_later_has_its_default_in_what_was_written_before() -> None:
    old = msgspec.json.encode({"fact": {"person": "priya"}})
    assert decode("TeamMemberAdded/1", old)[0] == TeamMemberAdded(person="priya", reason="")


async def test_a_destroyed_content_leaves_the_rest_readable(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    async with Node(store) as node:
        await node.gather()
        await node.say("To be destroyed")
        await node.say("To stay")
    await destroy(store, ROWE, 4)
    async with Node(store) as node:
        assert (await node.heard()).words[3:] == ["DestroyedFact", "To stay"]
        assert (await node.say("Still going on")).seq == 6
    entry = (await stored(store))[3]
    assert (entry.fact, entry.key, entry.author) == (DestroyedFact(), "", "priya")
    await store.close()


async def destroy(store: Store, stream: str, seq: int) -> None:
    """As the disposal of a later release will, past the guard that SQLite has instead of a role."""

    def work(connection: Any) -> None:
        connection.execute(text("DROP TRIGGER payload_refuses_delete"))
        connection.execute(
            text("DELETE FROM payload WHERE stream = :s AND seq = :n"), {"s": stream, "n": seq}
        )

    await store.write(work)


def test_a_destruction_is_a_fact_of_its_stream() -> None:
    assert PayloadDestroyed(seq=4, rule="R7").standing() == ()
    assert CompartmentOpened(people=("a",), named=("a",)).standing(), "somebody reads a compartment from 1"
