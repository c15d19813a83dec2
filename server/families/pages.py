"""The pages of the families: find one, open one, look at one, and one form for every act."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.families import opening
from server.families.closure_state import ClosureState
from server.families.contributing import contribute, huddle
from server.families.drafting import keep
from server.families.family_views import FoundView
from server.families.forms import ACTS, Act
from server.families.labels import DOMAINS, VOICE_LABEL
from server.families.lines import fragment_view, line_view
from server.families.looking import noted
from server.families.overview import family_view
from server.families.queries import book_read_by, families_of, search
from server.families.request_state import RequestsState
from server.families.request_views import requests_view
from server.families.sentences import SENTENCES, Sentence
from server.families.state import FamilyState
from server.families.views import LineView, agency_view
from server.people.facts import PRACTISING
from server.people.permissions import MAY, NotYours
from server.people.state import PartnershipState
from server.record.commands import Command, Hand
from server.record.facts import Fact
from server.record.refusals import Incomplete, NotFound, Reauth, Refused, Unavailable
from server.web.answers import page, see
from server.web.forms import Form, fields, read_form
from server.web.house import House, house
from server.web.viewer import viewer

LINES = 100
MOST_LINES = 5000


async def families(request: Request) -> Response:
    """families/list.html: families (FoundView), words (what was searched for), `may_open`.

    Searched by POST: a child's name does not belong in an address, a history or a log.
    """
    who, home = await viewer(request), house(request)
    sent = await fields(request) if request.method == "POST" else {}
    words = sent.get("words", [""])[-1].strip()
    opens = bool(who.roles & PRACTISING)
    found = await found_by(home, who.person, words) if opens else []
    return page(request, "families/list.html", families=found, words=words, may_open=opens)


async def found_by(home: House, person: str, words: str) -> list[FoundView]:
    """Every family that somebody reads, or those that the words are about."""
    if words:
        return await search(home.store, person, words, home.clock())
    return await families_of(home.store, person, home.clock())


async def family(request: Request) -> Response:
    """families/family.html: family (FamilyView), ref, picture, lines, requests, only, earlier, may, sittings.

    `only` is what the lines are narrowed to (`?agency=SAP&domain=education`), in words, or empty. `earlier`
    is the address of a page with a hundred lines more, or empty. `may` holds the names of the acts that the
    viewer may do ("add_to_team", …). `closure` says since when the work is ended. `sittings` are its huddles
    as the room above tells them, newest first.
    """
    hand = await at_the_family(request)
    known, partnership = hand.state[FamilyState], hand.partnership[PartnershipState]
    only = narrowed(request, partnership)
    lines, before = told(request, hand) if only else await newest(request, hand)
    view = family_view(known, partnership, lines, before)
    return page(
        request,
        "families/family.html",
        family=view,
        ref=view.ref,
        picture=view.picture,
        lines=view.lines,
        requests=requests_view(hand.state[RequestsState].in_order(), partnership),
        only=only,
        earlier=f"?lines={len(lines) + LINES}" if before and len(lines) < MOST_LINES else "",
        may=may(hand),
        closure=hand.state[ClosureState],
        sittings=getattr(request.app.state, "sittings", lambda hand: ())(hand),
    )


def narrowed(request: Request, partnership: PartnershipState) -> str:
    """The cell that the lines are narrowed to, in words: "School, Education"."""
    agency, domain = request.query_params.get("agency", ""), request.query_params.get("domain", "")
    label = {**{str(d): words for d, words in DOMAINS.items()}, "voice": VOICE_LABEL}.get(domain)
    return f"{agency_view(partnership, agency).short}, {label}" if agency and label else ""


def told(request: Request, hand: Hand) -> tuple[tuple[LineView, ...], int]:
    """All that stands in one cell."""
    known, partnership = hand.state[FamilyState], hand.partnership[PartnershipState]
    cell = (request.query_params["agency"], request.query_params["domain"])
    return tuple(fragment_view(f, known, partnership) for f in known.fragments.told(cell)), 0


async def newest(request: Request, hand: Hand) -> tuple[tuple[LineView, ...], int]:
    """The newest lines (`?lines=`, a hundred unless said), and how many are earlier."""
    asked = request.query_params.get("lines", "")
    most = min(int(asked), MOST_LINES) if asked.isascii() and asked.isdigit() and len(asked) < 9 else LINES
    heads = tuple(sorted((stream.id, stream.seq) for stream in hand.streams.values()))
    books = house(request).books
    entries = await books.before(await books.open(hand.book), heads, max(most, LINES))
    known, partnership = hand.state[FamilyState], hand.partnership[PartnershipState]
    sentences: Mapping[type[Fact], Sentence] = getattr(request.app.state, "sentences", SENTENCES)
    lines = tuple(line_view(entry, known, partnership, sentences) for entry in entries)
    return lines, sum(seq for _, seq in heads) - len(lines)


async def answer(request: Request, act: Act) -> Response:
    """families/<act>.html: family (FamilyView), form, problems, key, may; and what `forms` says of it."""
    hand = await at_the_family(request)
    if act.kind.may not in may(hand):
        raise NotYours(MAY[act.kind.may].otherwise)
    choices = act.choices(hand, request.path_params)
    if request.method == "GET":
        return form_page(request, hand, act, {"form": {}} | choices, {}, house(request).new_id())
    form: Form[Command] = await read_form(request, act.kind, **act.given(request.path_params))
    refused = await attempt(request, hand, form)
    if refused is None:
        return see(request, act.then or address(hand))
    context = choices | {"form": form.typed}
    return form_page(request, hand, act, context, problems_of(refused), form.key, refused.status)


async def attempt(request: Request, hand: Hand, form: Form[Command]) -> Refused | None:
    """Do it, or say why not. What can't be put right on the form goes on to the page that explains."""
    try:
        if form.command is None:
            return Incomplete(**form.problems)
        await house(request).ledger.record(hand.book, form.command, hand.who, key=form.key)
    except (NotFound, NotYours, Reauth, Unavailable):
        raise
    except Refused as refused:
        return refused
    return None


def problems_of(refused: Refused) -> dict[str, str]:
    return refused.problems if isinstance(refused, Incomplete) else {"": refused.message}


def form_page(
    request: Request,
    hand: Hand,
    act: Act,
    context: dict[str, Any],
    problems: dict[str, str],
    key: str,
    status: int = 200,
) -> Response:
    return page(
        request,
        f"families/{act.template}.html",
        status=status,
        family=family_view(hand.state[FamilyState], hand.partnership[PartnershipState]),
        problems=problems,
        key=key,
        may=may(hand),
        **context,
    )


async def contribution(request: Request) -> Response:
    """families/contribute.html: see `contributing.contribute_page`."""
    return await contribute(request, await at_the_family(request))


async def draft(request: Request) -> Response:
    """What stands in the box, kept for its author alone (`?huddle=` where it is written in one)."""
    return await keep(request, await at_the_family(request), huddle(request))


async def at_the_family(request: Request) -> Hand:
    """The family of the address, as the viewer reads it; for everybody else there is no such page."""
    who, home = await viewer(request), house(request)
    book = await book_read_by(home.store, who.person, request.path_params["ref"], home.clock())
    if book is None:
        raise NotFound
    hand = await home.ledger.look(book, who.actor)
    await noted(request, hand, "family")
    return hand


def may(hand: Hand) -> frozenset[str]:
    """The names of the acts that the viewer may do here."""
    return frozenset(name for name, rule in MAY.items() if rule.allows(hand, Command()))


def address(hand: Hand) -> str:
    return f"/families/{hand.state[FamilyState].reference}"


routes: list[BaseRoute] = [
    Route("/families", families, methods=["GET", "POST"]),
    *opening.routes,
    Route("/families/{ref}", family, methods=["GET"]),
    Route("/families/{ref}/contribute", contribution, methods=["GET", "POST"]),
    Route("/families/{ref}/draft", draft, methods=["POST"]),
    *(Route(f"/families/{{ref}}/{a.path}", partial(answer, act=a), methods=["GET", "POST"]) for a in ACTS),
]
