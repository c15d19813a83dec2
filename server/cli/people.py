"""`huddle people …`: who works here. Whatever changes something is done as an administrator (`--as`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any

import typer

from server.cli.record import Json
from server.cli.shell import answer, fail, logging_to_stderr, run, settings
from server.core import Core, new_id, opened
from server.people.commands import (
    ArrangeCover,
    MakeSignInLink,
    NameManager,
    RegisterAgency,
    RegisterPractitioner,
)
from server.people.facts import AgencyKind, Role
from server.people.links import Links
from server.people.partnership import partnership
from server.people.permissions import PEOPLE, NotYours
from server.people.practitioners import Practitioner
from server.people.roles import EndRole, GrantRole, RecordLeaving
from server.people.sessions import Sessions
from server.people.state import PartnershipState
from server.record.books import PARTNERSHIP
from server.record.commands import Actor, Command

people = typer.Typer(help="The people who work here, their agencies and their roles.", no_args_is_help=True)

As = Annotated[str, typer.Option("--as", help="Who does this: an administrator's id or email address.")]
Person = Annotated[str, typer.Argument(help="Somebody's id or email address.")]
Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"])]


@people.command("list")
def list_people(as_json: Json = False) -> None:
    """Everybody who works here, with agency and roles."""

    async def work(core: Core) -> PartnershipState:
        return await partnership(core.books)

    state = at_the_record(work)
    here = state.everyone_here()
    words = "\n".join(f"{p.person:<34} {p.name:<24} {p.agency:<6} {roles(p)}" for p in here)
    answer([said(p) for p in here], words or "Nobody works here yet.", as_json=as_json)


@people.command()
def agency(
    code: Annotated[str, typer.Argument(help="A short code, like NCS.")],
    name: Annotated[str, typer.Argument()],
    sort: Annotated[AgencyKind, typer.Argument()],
    who: As,
    short: Annotated[str, typer.Option(help="What its column in the picture is called.")] = "",
    out_of_hours: Annotated[str, typer.Option(help="The number to ring out of hours.")] = "",
    as_json: Json = False,
) -> None:
    """An agency joins the partnership."""
    command = RegisterAgency(code=code, name=name, sort=sort, short=short, out_of_hours=out_of_hours)
    at_the_record(lambda core: record(core, who, lambda _: command))
    answer({"code": code}, f"{name} has joined.", as_json=as_json)


@people.command()
def add(
    name: Annotated[str, typer.Argument()],
    email: Annotated[str, typer.Argument()],
    agency: Annotated[str, typer.Argument(help="The code of their agency.")],
    job_title: Annotated[str, typer.Argument()],
    who: As,
    manager: Annotated[str, typer.Option(help="Their line manager's id or email address.")] = "",
    role: Annotated[Role, typer.Option()] = "practitioner",
    tier: Annotated[int, typer.Option(help="A supervisor's tier, from 1 to 3.")] = 0,
    as_json: Json = False,
) -> None:
    """Somebody begins to work here; answers with the link by which they choose their password."""

    def command(state: PartnershipState) -> Command:
        above = somebody(state, manager).person if manager else ""
        return RegisterPractitioner(
            name=name, email=email, agency=agency, job_title=job_title, manager=above, role=role, tier=tier
        )

    async def work(core: Core) -> tuple[str, str]:
        await record(core, who, command)
        person = somebody(await partnership(core.books), email).person
        return person, await link_for(core, person)

    person, link = at_the_record(work)
    words = f"{name} works here. Give them this link; it works once, for 72 hours:\n{link}"
    answer({"person": person, "link": link}, words, as_json=as_json)


@people.command()
def link(person: Person, who: As, as_json: Json = False) -> None:
    """A new one-time link by which somebody chooses a new password. It ends any earlier one."""

    async def work(core: Core) -> str:
        known = somebody(await partnership(core.books), person).person
        await record(core, who, lambda _: MakeSignInLink(person=known))
        return await link_for(core, known)

    made = at_the_record(work)
    answer({"link": made}, f"This link works once, for 72 hours:\n{made}", as_json=as_json)


@people.command("sign-out")
def sign_out(person: Person, who: As, as_json: Json = False) -> None:
    """Sign somebody out everywhere, at once."""

    async def work(core: Core) -> str:
        state = await partnership(core.books)
        administrator(state, who)
        known = somebody(state, person)
        await Sessions(core.store, core.ledger.clock).end_all(known.person, core.ledger.clock())
        return known.name

    name = at_the_record(work)
    answer({"person": person}, f"{name} is signed out everywhere.", as_json=as_json)


@people.command()
def role(
    person: Person,
    role: Annotated[Role, typer.Argument()],
    who: As,
    tier: Annotated[int, typer.Option(help="A supervisor's tier, from 1 to 3.")] = 0,
    end: Annotated[bool, typer.Option("--end", help="End the role instead.")] = False,
    as_json: Json = False,
) -> None:
    """Give somebody a role, or end it."""

    def command(state: PartnershipState) -> Command:
        known = somebody(state, person).person
        return EndRole(person=known, role=role) if end else GrantRole(person=known, role=role, tier=tier)

    changed(who, command, person, as_json=as_json)


@people.command()
def manager(
    person: Person,
    who: As,
    manager: Annotated[str, typer.Argument(help="Their id or email address; leave out for none.")] = "",
    as_json: Json = False,
) -> None:
    """Name somebody's line manager."""

    def command(state: PartnershipState) -> Command:
        above = somebody(state, manager).person if manager else ""
        return NameManager(person=somebody(state, person).person, manager=above)

    changed(who, command, person, as_json=as_json)


@people.command()
def cover(
    person: Person, covered_by: Person, first_day: Day, last_day: Day, who: As, as_json: Json = False
) -> None:
    """Somebody's work is covered by a colleague, first and last day included."""

    def command(state: PartnershipState) -> Command:
        return ArrangeCover(
            person=somebody(state, person).person,
            covered_by=somebody(state, covered_by).person,
            first_day=first_day.date(),
            last_day=last_day.date(),
        )

    changed(who, command, person, as_json=as_json)


@people.command()
def leave(
    person: Person,
    who: As,
    reason: Annotated[str, typer.Option(prompt="Reason")],
    as_json: Json = False,
) -> None:
    """Somebody stops working here: they are signed out and hold no role."""

    def command(state: PartnershipState) -> Command:
        return RecordLeaving(person=somebody(state, person).person, reason=reason)

    changed(who, command, person, as_json=as_json)


def at_the_record(work: Callable[[Core], Awaitable[Any]]) -> Any:
    """Open the record, do the work, close it."""

    chosen = settings()
    logging_to_stderr(chosen)

    async def opening() -> Any:
        async with opened(chosen) as core:
            return await work(core)

    return run(opening())


def changed(who: str, command: Callable[[PartnershipState], Command], person: str, *, as_json: bool) -> None:
    at_the_record(lambda core: record(core, who, command))
    answer({"person": person}, "Recorded.", as_json=as_json)


async def record(core: Core, who: str, command: Callable[[PartnershipState], Command]) -> None:
    """Do it as `who`, with exactly the rights that they have."""
    state = await partnership(core.books)
    actor = somebody(state, who)
    await core.ledger.record(PARTNERSHIP, command(state), Actor(actor.person, actor.agency), key=new_id())


async def link_for(core: Core, person: str) -> str:
    token = await Links(core.store).make(person, core.ledger.clock())
    return f"{core.settings.base_url.rstrip('/')}/welcome/{token}"


def somebody(state: PartnershipState, named: str) -> Practitioner:
    """Who works here by that id or address; else one line that says so."""
    known = state.here(named) or state.by_email(named)
    if known is None:
        fail(f"Nobody works here who is called {named!r}. See `huddle people list`.")
    return known


def administrator(state: PartnershipState, who: str) -> None:
    if "administrator" not in somebody(state, who).roles:
        raise NotYours(PEOPLE)


def roles(who: Practitioner) -> str:
    tiers = {"supervisor": f"supervisor (tier {who.tier})"}
    return ", ".join(tiers.get(role, role) for role in sorted(who.roles))


def said(who: Practitioner) -> dict[str, Any]:
    kept = ("person", "name", "email", "agency", "job_title", "manager", "tier")
    return {name: getattr(who, name) for name in kept} | {"roles": sorted(who.roles)}
