"""The page on which somebody writes what their agency knows, with the step that lists who will see it."""

from __future__ import annotations

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from server.families.audience import AudienceGrew, readers
from server.families.composer import composer_view, who_reads
from server.families.drafting import NOTHING, Begun, begun, place_of, sent
from server.families.knowledge import Contribute
from server.families.overview import family_view
from server.families.state import FamilyState
from server.families.views import PersonView
from server.families.written import problem_with
from server.people.state import PartnershipState
from server.record.commands import Hand
from server.record.refusals import Incomplete
from server.web.answers import page, see
from server.web.forms import Form, Typed, fields, read_form
from server.web.house import house

HUDDLE = re.compile(r"[A-Za-z0-9_-]{1,64}")


async def contribute(request: Request, hand: Hand) -> Response:
    """Write, check who will see it where that is not everybody, send; then back to where one came from."""
    if request.method == "GET":
        box = await begun(request, hand, huddle(request))
        return contribute_page(request, hand, box.typed, {}, house(request).new_id(), box=box)
    form, audience = await read_contribution(request)
    typed = form.typed | {"audience": audience}
    if form.command is None:
        words = {"text": problem_with(str(form.typed.get("text", "")), "Enter what your agency knows")}
        problems = {k: v for k, v in (words | form.problems).items() if v}
        return contribute_page(request, hand, typed, problems, form.key)
    if audience == "named" and not form.command.names():
        return contribute_page(request, hand, typed, {"named": "Choose who will see this"}, form.key)
    return await send(request, hand, form, form.command, typed)


async def send(
    request: Request, hand: Hand, form: Form[Contribute], command: Contribute, typed: Typed
) -> Response:
    """Record it; or show what is wrong, or who would see it, with everything that was typed."""
    try:
        if command.names() and not command.expected_readers:
            list(command.follows(hand))
            return contribute_page(request, hand, typed, {}, form.key, check=seen_by(command, hand))
        await house(request).ledger.record(hand.book, command, hand.who, key=form.key)
        await sent(house(request).store, place_of(hand, huddle(request)), command.text)
    except Incomplete as refused:
        return contribute_page(request, hand, typed, refused.problems, form.key)
    except AudienceGrew as grew:
        problems = {"named": grew.message}
        return contribute_page(request, hand, typed, problems, form.key, check=seen_by(command, hand))
    return see(request, back(request, hand))


async def read_contribution(request: Request) -> tuple[Form[Contribute], str]:
    """The form as a command, and "named" or "everyone": to choose everybody takes every name away."""
    sent = await fields(request)
    audience = sent.pop("audience", ["everyone"])[-1]
    if audience != "named":
        for name in ("named", "only_for", "expected_readers"):
            sent.pop(name, None)
    if any(f"happened-{part}" in sent for part in ("day", "month", "year", "time")):
        sent["happened"] = [happened(sent)]
    return await read_form(request, Contribute), audience


def happened(sent: dict[str, list[str]]) -> str:
    """The boxes of a day and a time as somebody would write them: "12/3/2026 8:50am", "3/2026"."""
    day, month, year, time = (
        sent.get(f"happened-{part}", [""])[-1].strip() for part in ("day", "month", "year", "time")
    )
    return " ".join(part for part in ("/".join(p for p in (day, month, year) if p), time) if part)


def seen_by(command: Contribute, hand: Hand) -> tuple[PersonView, ...]:
    """Who would read it beside its author, at this moment."""
    return who_reads(readers(command.names(), hand) - {hand.who.person}, hand)


def contribute_page(
    request: Request,
    hand: Hand,
    typed: dict[str, Any],
    problems: dict[str, str],
    key: str,
    check: tuple[PersonView, ...] = (),
    box: Begun = NOTHING,
) -> Response:
    """families/contribute.html: family, composer (ComposerView), form, problems, key, check, back, begun.

    `check` (PersonView) is not empty where the author must be shown who will see it before it is sent: the
    page then repeats the form hidden, with `expected_readers` once for each of them.
    """
    family = hand.state[FamilyState]
    return page(
        request,
        "families/contribute.html",
        status=422 if problems else 200,
        family=family_view(family, hand.partnership[PartnershipState]),
        composer=composer_view(hand, str(request.url.path) + query(request), key, huddle(request)),
        form=typed,
        problems=problems,
        key=key,
        check=check,
        begun=box,
        back=back(request, hand),
    )


def huddle(request: Request) -> str:
    """The huddle that somebody writes from (`?huddle=`), if any."""
    given = request.query_params.get("huddle", "")
    return given if HUDDLE.fullmatch(given) else ""


def query(request: Request) -> str:
    return f"?huddle={huddle(request)}" if huddle(request) else ""


def back(request: Request, hand: Hand) -> str:
    """Where one came from: the room of the huddle, or the family."""
    if huddle(request):
        return f"/huddles/{huddle(request)}"
    return f"/families/{hand.state[FamilyState].reference}"
