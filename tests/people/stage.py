"""A partnership to play on: two agencies, five people, and hands for whoever acts."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import count

from server.people.facts import (
    AgencyRegistered,
    PartnershipFounded,
    PractitionerRegistered,
    RoleGranted,
)
from server.people.state import PartnershipState, apply
from server.record.books import PARTNERSHIP
from server.record.chain import NOTHING
from server.record.commands import Actor, Command, Hand
from server.record.facts import SYSTEM, Entry, Fact
from server.record.state import Parts, State
from server.record.streams import OpenStream, follow

NOW = datetime(2026, 3, 19, 14, 0, tzinfo=UTC)
PARTS = Parts((PartnershipState, apply))


def person(id: str, name: str, agency: str = "NCS", manager: str = "") -> PractitionerRegistered:
    return PractitionerRegistered(
        person=id,
        name=name,
        email=f"{id}@northmere.example",
        agency=agency,
        job_title="Social worker",
        manager=manager,
    )


CAST: tuple[Fact, ...] = (
    PartnershipFounded(name="Northmere", nation="england", time_zone="Europe/London"),
    AgencyRegistered(code="NCS", name="Northmere Children's Services", sort="childrens_services"),
    AgencyRegistered(code="SAP", name="Saltmarsh Academy Primary", sort="school", short="School"),
    person("admin", "Ada Minton"),
    RoleGranted(person="admin", role="administrator"),
    person("owen", "Owen Blake"),
    RoleGranted(person="owen", role="supervisor", tier=1),
    person("priya", "Priya Nair", manager="owen"),
    RoleGranted(person="priya", role="practitioner"),
    person("farah", "Farah Siddiqui", "SAP"),
    RoleGranted(person="farah", role="practitioner"),
    person("sam", "Sam Whitlock"),
    RoleGranted(person="sam", role="practitioner"),
)


def entries(stream: str, facts: Iterable[Fact], author: str = SYSTEM) -> list[Entry]:
    return [
        Entry(stream, stream, n, n, fact.kind(), author, "", NOW, fact) for n, fact in enumerate(facts, 1)
    ]


def stream(id: str, facts: Iterable[Fact]) -> OpenStream:
    followed = OpenStream(id)
    for entry in entries(id, facts):
        followed = follow(followed, entry, NOTHING)
    return followed


def state(facts: Iterable[Fact]) -> State:
    return PARTS.empty().after(entries(PARTNERSHIP, facts))


def partnership(*more: Fact) -> PartnershipState:
    return state((*CAST, *more))[PartnershipState]


def hand(
    who: str, main: Sequence[Fact] = (), *, people: Sequence[Fact] = CAST, book: str = "family:1"
) -> Hand:
    """What `who` holds who acts on the family, or on the partnership where `book` says so."""
    standing = stream(PARTNERSHIP, people)
    folded = state(people)
    opened = standing if book == PARTNERSHIP else stream(book, main)
    reads = opened.may_read(who, NOW)
    ids = count(1)
    return Hand(
        who=Actor(who),
        now=NOW,
        book=book,
        audience=(book,) if reads else (),
        streams={book: opened} if reads else {},
        state=folded,
        partnership=folded,
        standing=standing,
        new_id=lambda: f"new-{next(ids)}",
        begun=opened.seq > 0,
    )


def what_follows(command: Command, who: str = "admin", people: Sequence[Fact] = CAST) -> list[Fact]:
    """The facts that follow from a command about people."""
    drafts = list(command.follows(hand(who, people=people, book=PARTNERSHIP)))
    assert all(draft.stream == PARTNERSHIP for draft in drafts)
    return [draft.fact for draft in drafts]
