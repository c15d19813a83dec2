"""Who is here and who is writing: told under random names, gone by itself."""

from __future__ import annotations

import msgspec

from server.realtime.presence import HERE_FOR, WRITING_FOR, Presence

SECRET = b"p" * 32
TEAM = ("farah-siddiqui", "grace-lindqvist", "priya-nair")


def test_somebody_who_signs_is_here_on_every_node() -> None:
    one, other = Presence(SECRET), Presence(SECRET)
    assert other.hear(one.sign("h1", "farah-siddiqui"), now=0)
    assert other.here("h1", TEAM) == ["farah-siddiqui"]
    assert other.here("h2", TEAM) == []


def test_what_travels_names_no_person_and_no_family() -> None:
    seat = msgspec.json.encode(Presence(SECRET).sign("huddle-of-the-rowes", "farah-siddiqui", writing=True))
    assert b"farah" not in seat
    assert b"rowe" not in seat


def test_a_seat_is_another_in_every_huddle() -> None:
    presence = Presence(SECRET)
    assert presence.seat("h1", "farah-siddiqui") != presence.seat("h2", "farah-siddiqui")


def test_presence_ends_by_itself() -> None:
    presence = Presence(SECRET)
    presence.hear(presence.sign("h1", "farah-siddiqui"), now=0)
    assert presence.expire(HERE_FOR + 1) == {presence.room("h1")}
    assert presence.here("h1", TEAM) == []


def test_writing_ends_five_seconds_after_the_last_key() -> None:
    presence = Presence(SECRET)
    presence.hear(presence.sign("h1", "farah-siddiqui", writing=True), now=0)
    assert presence.writing("h1", TEAM) == ["farah-siddiqui"]
    presence.expire(WRITING_FOR + 0.1)
    assert presence.writing("h1", TEAM) == []
    assert presence.here("h1", TEAM) == ["farah-siddiqui"]


def test_who_goes_is_gone_at_once() -> None:
    presence = Presence(SECRET)
    presence.hear(presence.sign("h1", "farah-siddiqui", writing=True), now=0)
    assert presence.hear(presence.sign("h1", "farah-siddiqui", gone=True), now=1)
    assert presence.here("h1", TEAM) == presence.writing("h1", TEAM) == []


def test_a_renewed_seat_changes_nothing_on_screen() -> None:
    presence = Presence(SECRET)
    presence.hear(presence.sign("h1", "farah-siddiqui"), now=0)
    assert not presence.hear(presence.sign("h1", "farah-siddiqui"), now=20)


def test_nothing_is_kept_for_empty_rooms() -> None:
    presence = Presence(SECRET)
    for number in range(100):
        presence.hear(presence.sign(f"h{number}", "farah-siddiqui"), now=0)
    presence.expire(HERE_FOR + 1)
    assert presence._here == presence._writing == {}
