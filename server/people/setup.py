"""The beginning: a partnership, its first agency and its first administrator, who gets a one-time link."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from server.people.commands import AlreadyFounded, FoundPartnership, RegisterAgency, RegisterPractitioner
from server.people.facts import Nation
from server.people.links import Links
from server.people.partnership import partnership
from server.people.rules import refuse
from server.people.words import code_from, email_from, name_from
from server.record.books import PARTNERSHIP
from server.record.commands import THE_SYSTEM
from server.record.ledger import Ledger
from server.record.refusals import Incomplete, KeyReused
from server.record.store import Store


class FirstAgency(NamedTuple):
    """The agency that begins, and who looks after its people. `code` is short, like NCS."""

    code: str
    name: str
    administrator: str
    email: str


async def found(
    store: Store, ledger: Ledger, name: str, nation: str, time_zone: str, first: FirstAgency
) -> str:
    """Found the partnership, and answer with the path of its administrator's link.

    Said again in the same words it goes on where it was interrupted and hands out a new link.
    """
    check(first)
    founding = FoundPartnership(name=name, nation=nation_from(nation), time_zone=time_zone)
    agency = RegisterAgency(code=first.code, name=first.name, sort="other")
    administrator = RegisterPractitioner(
        name=first.administrator,
        email=first.email,
        agency=code_from(first.code).upper(),
        job_title="Huddle administrator",
        role="administrator",
    )
    try:
        for command in (founding, agency, administrator):
            await ledger.record(PARTNERSHIP, command, THE_SYSTEM, key=f"setup {command.verb()}")
    except KeyReused as other:
        raise AlreadyFounded from other
    who = (await partnership(ledger.books)).by_email(first.email)
    assert who is not None  # noqa: S101  # registered three lines above
    return f"/welcome/{await Links(store).make(who.person, ledger.clock())}"


def check(first: FirstAgency) -> None:
    """Refuse before anything is recorded: a founding is not left half done."""
    refuse(
        code=not code_from(first.code) and "Enter a short code for the agency, like NCS",
        agency=not name_from(first.name) and "Enter the name of the agency",
        administrator=not name_from(first.administrator) and "Enter the name of the administrator",
        email=not email_from(first.email)
        and "Enter an email address in the correct format, like name@example.com",
    )


def nation_from(typed: str) -> Nation:
    try:
        nation: Nation = msgspec.convert(typed.strip().lower().replace(" ", "-"), Nation)
    except msgspec.ValidationError as error:
        raise Incomplete(nation="Choose england, wales, scotland or northern-ireland") from error
    return nation
