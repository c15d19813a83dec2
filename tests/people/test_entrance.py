"""Coming in: the right password, slow guessing, and nothing learnt about who has an account."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from server.people.credentials import Credentials, credential, password_problem
from server.people.entrance import NO_MATCH, Entrance
from server.people.facts import PractitionerLeft
from server.people.links import LinkEnded, Links, one_time_link
from server.people.session import Session
from server.people.sessions import Sessions
from server.people.throttle import Slower, Throttle, throttle
from server.record.refusals import Incomplete, NotFound, Reauth
from server.record.store import Store
from tests.people.clock import Clock
from tests.people.stage import NOW, partnership

HERE = partnership()
PASSWORD = "three random words"
ADDRESS = "10.0.0.7"


class Door:
    """The whole entrance over one store, and priya with a password."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.clock = clock
        self.store = store
        self.links = Links(store)
        self.sessions = Sessions(store, clock)
        self.credentials = Credentials(store)
        self.throttle = Throttle(store)
        self.entrance = Entrance(store, self.throttle, self.credentials, self.links, self.sessions)

    async def sign_in(self, email: str, password: str = PASSWORD, address: str = ADDRESS) -> Session:
        return await self.entrance.sign_in(HERE, email, password, address, self.clock.now)

    async def words(self, email: str, password: str = PASSWORD, address: str = ADDRESS) -> str:
        try:
            await self.sign_in(email, password, address)
        except (Incomplete, Slower) as refused:
            return refused.message
        return "in"


@pytest.fixture
async def door(store: Store, clock: Clock) -> Door:
    door = Door(store, clock)
    token = await door.links.make("priya", clock.now)
    await door.entrance.choose_password(HERE, token, PASSWORD, clock.now)
    return door


async def test_the_right_password_lets_in_however_the_address_is_typed(door: Door) -> None:
    session = await door.sign_in(" PRIYA@northmere.example ")
    assert session.person == "priya"


async def test_wrong_password_unknown_address_no_password_and_left_sound_alike(door: Door) -> None:
    gone = partnership(PractitionerLeft(person="priya", reason="Moved"))
    with pytest.raises(Incomplete, match=NO_MATCH):
        await door.entrance.sign_in(gone, "priya@northmere.example", PASSWORD, "10.0.0.1", NOW)
    assert await door.words("priya@northmere.example", "wrong password") == NO_MATCH
    assert await door.words("nobody@northmere.example") == NO_MATCH
    assert await door.words("farah@northmere.example") == NO_MATCH, "she has not chosen a password yet"


async def test_they_cost_the_same_work_too(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """A known person, an unknown one and one without a password: one hash each, of equal cost."""
    worked: list[str] = []
    hasher = door.credentials._hasher
    verify = hasher.verify_and_update

    def counted(password: str, hash: str) -> tuple[bool, str | None]:
        worked.append(hash.rpartition("$")[0].rpartition("$")[0])
        return verify(password, hash)

    monkeypatch.setattr(hasher, "verify_and_update", counted)
    for person in ("priya", None, "farah"):
        assert not await door.credentials.check(person, "wrong password", NOW)
    assert len(worked) == 3
    assert len(set(worked)) == 1, "the same function with the same memory, passes and lanes"


async def test_empty_fields_are_asked_for_and_cost_no_attempt(door: Door) -> None:
    with pytest.raises(Incomplete) as refused:
        await door.sign_in(" ", "")
    assert set(refused.value.problems) == {"email", "password"}
    assert await rows(door.store, throttle) == 0


async def test_guessing_becomes_slow_and_never_stops_the_owner(door: Door) -> None:
    for _ in range(5):
        assert await door.words("priya@northmere.example", "wrong password") == NO_MATCH
    assert await door.words("priya@northmere.example") == "Wait 30 seconds, then try again"
    assert await door.words("priya@northmere.example", address="10.0.0.8") == "in", "from elsewhere"
    door.clock.pass_by(seconds=30)
    assert await door.words("priya@northmere.example") == "in"


async def test_a_thousand_tries_later_the_owner_still_comes_in(door: Door) -> None:
    for _ in range(1000):
        try:
            await door.throttle.attempt("priya@northmere.example", ADDRESS, door.clock.now)
        except Slower:
            door.clock.pass_by(seconds=30)
    door.clock.pass_by(seconds=30)
    assert await door.words("priya@northmere.example") == "in"


async def test_guesses_at_the_same_moment_are_counted_one_by_one(door: Door) -> None:
    async def attempt() -> bool:
        try:
            await door.throttle.attempt("priya@northmere.example", "10.0.0.9", NOW)
        except Slower:
            return False
        return True

    assert sum(await asyncio.gather(*(attempt() for _ in range(50)))) == 5


async def test_unknown_addresses_are_slowed_down_alike(door: Door) -> None:
    for _ in range(5):
        await door.words("nobody@northmere.example")
    assert await door.words("nobody@northmere.example") == "Wait 30 seconds, then try again"


async def test_one_address_that_tries_many_accounts_is_slowed_down_too(door: Door) -> None:
    for n in range(100):
        await door.throttle.attempt(f"p{n}@northmere.example", ADDRESS, NOW)
    with pytest.raises(Slower):
        await door.throttle.attempt("another@northmere.example", ADDRESS, NOW)


async def test_old_attempts_are_forgotten(door: Door) -> None:
    await door.words("nobody@northmere.example")
    assert await rows(door.store, throttle) == 2
    assert await door.throttle.forget(NOW + timedelta(minutes=59)) == 0
    assert await door.throttle.forget(NOW + timedelta(hours=1)) == 2


async def test_nobodys_address_stands_in_the_throttle(door: Door) -> None:
    await door.words("nobody@northmere.example")
    stored = await door.store.read(lambda c: str(c.execute(select(throttle)).all()))
    assert "nobody" not in stored and ADDRESS not in stored


async def test_a_password_is_stored_as_argon2id_and_nothing_else(door: Door) -> None:
    [kept] = await door.store.read(lambda c: c.execute(select(credential.c.hash)).scalars().all())
    assert kept.startswith("$argon2id$") and PASSWORD not in kept


async def test_a_link_works_once_even_if_fifty_use_it_at_the_same_moment(door: Door) -> None:
    token = await door.links.make("farah", NOW)

    async def use(n: int) -> bool:
        try:
            await door.entrance.choose_password(HERE, token, f"password number {n}", NOW)
        except LinkEnded:
            return False
        return True

    assert sum(await asyncio.gather(*(use(n) for n in range(8)))) == 1


async def test_a_link_holds_72_hours_and_a_newer_one_ends_it(door: Door) -> None:
    older = await door.links.make("farah", NOW)
    assert await door.links.look(older, NOW + timedelta(hours=72) - timedelta(seconds=1)) == "farah"
    with pytest.raises(LinkEnded):
        await door.links.look(older, NOW + timedelta(hours=72))
    newer = await door.links.make("farah", NOW)
    with pytest.raises(LinkEnded):
        await door.links.look(older, NOW)
    assert await door.links.look(newer, NOW) == "farah"


async def test_only_the_digest_of_a_link_is_stored(door: Door) -> None:
    token = await door.links.make("farah", NOW)
    stored = await door.store.read(lambda c: str(c.execute(select(one_time_link)).all()))
    assert token not in stored


async def test_a_new_password_signs_its_owner_out_everywhere_else(door: Door) -> None:
    before = await door.sign_in("priya@northmere.example")
    token = await door.links.make("priya", NOW)
    after = await door.entrance.choose_password(HERE, token, "another three words", NOW)
    with pytest.raises(Reauth):
        await door.sessions.look(before.sid, NOW)
    assert (await door.sessions.look(after.sid, NOW)).person == "priya"
    assert await door.words("priya@northmere.example") == NO_MATCH
    assert await door.words("priya@northmere.example", "another three words") == "in"


async def test_a_weak_password_is_refused_and_the_link_still_works(door: Door) -> None:
    token = await door.links.make("farah", NOW)
    for weak in ("elevenchars", "aaaaaaaaaaaaaaaa", "x" * 201):
        with pytest.raises(Incomplete):
            await door.entrance.choose_password(HERE, token, weak, NOW)
    assert await door.links.look(token, NOW) == "farah"


async def test_the_link_of_somebody_who_left_opens_nothing(door: Door) -> None:
    token = await door.links.make("priya", NOW)
    gone = partnership(PractitionerLeft(person="priya", reason="Moved"))
    with pytest.raises(NotFound):
        await door.entrance.choose_password(gone, token, "another three words", NOW)


async def test_again_asks_the_same_person_for_the_same_password(door: Door) -> None:
    priya = HERE.practitioners["priya"]
    session = await door.entrance.again(priya, PASSWORD, ADDRESS, NOW)
    assert session.person == "priya"
    with pytest.raises(Incomplete):
        await door.entrance.again(priya, "wrong password", ADDRESS, NOW)
    with pytest.raises(Incomplete):
        await door.entrance.again(priya, "", ADDRESS, NOW)


def test_a_password_is_the_same_however_it_was_composed() -> None:
    assert not password_problem("caf\u00e9 au lait noir")
    assert password_problem("short")


async def test_composed_and_decomposed_letters_are_one_password(door: Door) -> None:
    token = await door.links.make("farah", NOW)
    await door.entrance.choose_password(HERE, token, "caf\u00e9 au lait noir", NOW)
    assert await door.words("farah@northmere.example", "cafe\u0301 au lait noir") == "in"


async def rows(store: Store, table: object) -> int:
    counted = select(func.count()).select_from(table)  # type: ignore[arg-type]  # any of our tables
    return int(await store.read(lambda c: c.execute(counted).scalar_one()))
