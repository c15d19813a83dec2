"""The table of who may do what, read against the cast and against every command that there is."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import ClassVar

import pytest

import server
from server.families.facts import FamilyOpened, PlanOwnerNamed, TeamMemberAdded, TeamMemberRemoved
from server.huddles.facts import ChairAssumed, HuddleConvened
from server.people.addresses import ROUTES, RULES, unguarded
from server.people.facts import PractitionerLeft, PractitionerRegistered
from server.people.permissions import MAY, OPENS, TELLS, NotYours, may
from server.record.books import PARTNERSHIP
from server.record.commands import Command
from server.record.facts import SYSTEM, Fact
from server.record.refusals import NotFound
from tests.people.stage import CAST, NOW, hand

ABOUT_PEOPLE = {
    "register_agency",
    "register_practitioner",
    "name_manager",
    "grant_role",
    "end_role",
    "arrange_cover",
    "record_leaving",
}
HUDDLE = HuddleConvened(
    huddle="h1",
    purpose="Review",
    starts=NOW,
    minutes=20,
    chair="farah",
    deputy="sam",
    invited=("farah", "sam"),
)
FAMILY: tuple[Fact, ...] = (
    FamilyOpened(reference="NMR-0147", name="Rowe", level="child_in_need"),
    *(TeamMemberAdded(person=p) for p in ("priya", "farah", "sam", "owen")),
    PlanOwnerNamed(person="priya"),
    HUDDLE,
)


class Asked(Command):
    may: ClassVar[str] = ""
    huddle: str = "h1"


def asked(name: str, huddle: str = "h1") -> Command:
    kind: type[Asked] = type(f"Asked_{name}", (Asked,), {"may": name, "__annotations__": {}})
    return kind(huddle=huddle)


def allowed(who: str, name: str, main: tuple[Fact, ...] = FAMILY, people: tuple[Fact, ...] = CAST) -> bool:
    book = PARTNERSHIP if name in ABOUT_PEOPLE | {"found_partnership"} else "family:1"
    try:
        may(hand(who, main, people=people, book=book), asked(name))
    except (NotFound, NotYours):
        return False
    return True


def commands() -> Iterator[type[Command]]:
    """Every command of every room, and not what some of them have in common."""
    for module in pkgutil.walk_packages(server.__path__, "server."):
        if module.name.endswith(".commands"):
            importlib.import_module(module.name)
    waiting = [Command]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if kind.__module__.startswith("server.") and not kind.__subclasses__():
                yield kind


def test_every_command_has_a_row() -> None:
    names = {kind.__name__: kind.may for kind in commands()}
    assert names, "there must be commands for this to mean anything"
    assert not {name: row for name, row in names.items() if row not in MAY}


def test_a_command_without_a_row_is_refused_to_everybody() -> None:
    assert not any(allowed(who, "made_up") for who in ("priya", "owen", "admin"))


def test_only_administrators_change_who_works_here() -> None:
    for name in ABOUT_PEOPLE:
        assert allowed("admin", name)
        assert not allowed("priya", name)
        assert not allowed("owen", name)


def test_nobody_but_the_service_itself_founds_a_partnership() -> None:
    assert not allowed("admin", "found_partnership")
    assert allowed(SYSTEM, "found_partnership")


def test_an_administrator_has_nothing_of_a_family_by_that_role() -> None:
    about_families = set(MAY) - ABOUT_PEOPLE - {"found_partnership"}
    assert not {name for name in about_families if allowed("admin", name)}


def test_an_administrator_in_the_team_is_not_plan_owner_by_that_role() -> None:
    team = (*FAMILY, TeamMemberAdded(person="admin"))
    assert allowed("admin", "contribute", team)
    assert not allowed("admin", "remove_from_team", team)


@pytest.mark.parametrize(
    "name", ["name_plan_owner", "remove_from_team", "add_to_team", "set_level", "expect_knowledge"]
)
def test_the_plan_owner_and_a_supervisor_in_the_team_answer_for_the_plan(name: str) -> None:
    assert allowed("priya", name)
    assert allowed("owen", name)
    assert not allowed("farah", name)
    outside = (*FAMILY, TeamMemberRemoved(person="owen", reason="Moved to another team"))
    assert not allowed("owen", name, outside), "a supervisor who does not read it is nobody here"


def test_whoever_reads_main_contributes_and_convenes() -> None:
    for name in ("contribute", "convene", "join", "leave", "record_contact", "signpost"):
        assert allowed("farah", name)


def test_who_may_not_read_it_is_told_that_there_is_no_such_page() -> None:
    people = (*CAST, registered("dawn"))
    for name in set(MAY) - ABOUT_PEOPLE - OPENS - TELLS - {"found_partnership"}:
        with pytest.raises(NotFound) as unreadable:
            may(hand("dawn", FAMILY, people=people), asked(name))
        with pytest.raises(NotFound) as absent:
            may(hand("dawn", (), people=people), asked(name))
        assert unreadable.value.message == absent.value.message


def test_a_refusal_to_a_reader_has_words() -> None:
    with pytest.raises(NotYours, match="Only the plan owner"):
        may(hand("farah", FAMILY), asked("set_level"))


def test_the_chair_acts_in_their_own_huddle_only() -> None:
    assert allowed("farah", "change_phase")
    assert not allowed("sam", "change_phase")
    with pytest.raises(NotYours):
        may(hand("farah", FAMILY), asked("change_phase", huddle="h2"))


def test_a_command_that_names_no_huddle_is_nobodys_to_chair() -> None:
    with pytest.raises(NotYours):
        may(hand("farah", FAMILY), asked("change_phase", huddle=""))


def test_the_named_deputy_assumes_the_chair_and_then_holds_it() -> None:
    assert allowed("sam", "assume_chair")
    assert not allowed("priya", "assume_chair")
    assumed = ChairAssumed(huddle="h1", person="sam", instead_of="farah", reason="Farah lost connection")
    assert allowed("sam", "change_phase", (*FAMILY, assumed))
    assert not allowed("farah", "change_phase", (*FAMILY, assumed))


def test_any_practitioner_opens_a_family_and_an_administrator_does_not() -> None:
    assert allowed("farah", "open_family", ())
    assert allowed("owen", "open_family", ())
    assert not allowed("admin", "open_family", ())


def test_a_record_that_was_begun_is_not_opened_again() -> None:
    assert not allowed("farah", "open_family", FAMILY)
    assert not allowed("sam", "open_family", FAMILY[:1]), "not even by somebody who cannot read it"


def test_who_left_may_nothing() -> None:
    left = (*CAST, *(PractitionerLeft(person=p, reason="Left") for p in ("priya", "owen", "admin")))
    for who in ("priya", "owen", "admin"):
        assert not [name for name in MAY if allowed(who, name, FAMILY, left)]


def test_a_stranger_may_nothing() -> None:
    assert not [name for name in MAY if allowed("nobody-knows", name)]


def test_every_row_that_refuses_says_why() -> None:
    silent = [name for name, rule in MAY.items() if rule.allows.__name__ != "anybody" and not rule.otherwise]
    assert not silent


def test_an_address_without_a_row_is_found() -> None:
    assert unguarded([("GET", "/families/{ref}"), ("POST", "/made-up")]) == [("POST", "/made-up")]
    assert not unguarded(ROUTES)
    assert set(ROUTES.values()) <= set(RULES)


def registered(person: str) -> PractitionerRegistered:
    return PractitionerRegistered(
        person=person, name="Dawn Tully", email=f"{person}@homes.example", agency="NCS", job_title="Scheduler"
    )
