"""One thing that is owed: how it was chased, who was told, and what becomes of it once it is in the queue."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.actions.state import ActionsState
from server.chasing.commands import NotInTheQueue, SettleQueue
from server.chasing.queries import outcomes
from server.deadlines.facts import OwnerChased, Part
from server.deadlines.state import Deadline, DeadlinesState, Settlement
from server.families.deadline_sentences import OWED
from server.families.late import late_words
from server.families.pages import at_the_family
from server.families.request_state import RequestsState
from server.families.state import FamilyState
from server.families.views import PersonView, person_view
from server.people.state import PartnershipState
from server.record.commands import Hand
from server.record.refusals import Incomplete, NotFound
from server.web.answers import page, see
from server.web.forms import read_form
from server.web.house import house

PARTS: dict[Part, str] = {
    "owner": "owes it",
    "cover": "covers for who owes it",
    "line_manager": "line manager",
    "safeguarding_lead": "safeguarding lead",
    "chair": "chair",
    "deputy": "deputy chair",
    "plan_owner": "plan owner",
    "reader": "reads this",
}
OUTCOMES = {
    "waiting": "not sent yet",
    "sent": "sent by mail",
    "shown": "shown here",
    "failed": "did not arrive",
    "withheld": "not sent: it was settled before",
}
NO_WORDS = "Enter why, and what happens now"
DISPOSITIONS = (
    ("still_required", "Still required", "It comes back to the queue at the time that you enter"),
    ("taken_elsewhere", "Done elsewhere", "It is no longer chased here"),
)


class ToldView(msgspec.Struct, frozen=True):
    """Somebody who was told, as what, and whether it reached them."""

    person: PersonView
    part: str
    outcome: str


class StepView(msgspec.Struct, frozen=True):
    """One step that was climbed."""

    at: datetime
    told: tuple[ToldView, ...]
    queued: bool


class SettledView(msgspec.Struct, frozen=True):
    """What somebody decided about it, once it was in the queue. `again`: when it comes back."""

    by: PersonView
    at: datetime
    what: str
    words: str
    again: datetime | None


class OwedView(msgspec.Struct, frozen=True):
    """Something owed, as its readers see it."""

    deadline: str
    what: str
    words: str
    owner: PersonView
    due: datetime
    late: str
    """How late it is, in words; nothing once it is settled."""
    steps: tuple[StepView, ...]
    next_at: datetime | None
    queued_at: datetime | None
    over: bool
    settled: tuple[SettledView, ...]
    about: str
    """The address of what it belongs to."""


async def owed(request: Request) -> Response:
    """GET /families/{ref}/owed/{deadline}. See `owed_page`."""
    hand = await at_the_family(request)
    return await owed_page(request, hand, {}, {})


async def settle(request: Request) -> Response:
    """POST /families/{ref}/owed/{deadline}: a named person says what becomes of it."""
    hand = await at_the_family(request)
    known = find(request, hand)
    form = await read_form(request, SettleQueue, deadline=known.owed.deadline)
    if form.command is None:
        unsaid = {} if str(form.typed.get("words", "")).strip() else {"words": NO_WORDS}
        return await owed_page(request, hand, form.typed, form.problems | unsaid, form.key)
    try:
        await house(request).ledger.record(hand.book, form.command, hand.who, key=form.key)
    except (Incomplete, NotInTheQueue) as refused:
        problems = refused.problems if isinstance(refused, Incomplete) else {"": refused.message}
        hand = await at_the_family(request)
        return await owed_page(request, hand, form.typed, problems, form.key)
    return see(request, request.url.path)


def find(request: Request, hand: Hand) -> Deadline:
    known = hand.state[DeadlinesState].by_id.get(request.path_params["deadline"])
    if known is None:
        raise NotFound
    return known


async def owed_page(
    request: Request, hand: Hand, typed: dict[str, Any], problems: dict[str, str], key: str = ""
) -> Response:
    """desk/owed.html: owed (OwedView), family_name, ref, may_settle, dispositions, form, problems, key."""
    known, family = find(request, hand), hand.state[FamilyState]
    found = await outcomes(house(request).store, known.owed.deadline)
    return page(
        request,
        "desk/owed.html",
        status=422 if problems else 200,
        owed=owed_view(known, hand, found),
        family_name=family.name,
        ref=family.reference,
        may_settle=known.queued_at is not None and hand.who.person not in known.owed.owners,
        dispositions=DISPOSITIONS,
        form=typed,
        problems=problems,
        key=key or house(request).new_id(),
    )


def owed_view(known: Deadline, hand: Hand, found: dict[tuple[int, str, str], str]) -> OwedView:
    partnership = hand.partnership[PartnershipState]
    owed = known.owed
    what, words, about = subject(known, hand)
    following = known.again or (known.next.at if known.next and not known.over else None)
    return OwedView(
        deadline=owed.deadline,
        what=what,
        words=words,
        owner=person_view(partnership, owed.owners[0]),
        due=owed.due,
        late=lateness(known, hand),
        steps=tuple(step_view(fact, partnership, found) for fact in known.chased),
        next_at=following,
        queued_at=known.queued_at,
        over=known.over,
        settled=tuple(settled_view(each, partnership) for each in known.settled),
        about=about,
    )


def lateness(known: Deadline, hand: Hand) -> str:
    partnership = hand.partnership[PartnershipState]
    first, now = (at.astimezone(partnership.zone) for at in (known.owed.first_due, hand.now))
    is_late = known.owed.due <= hand.now and not known.over
    return late_words(first, now, partnership.nation) if is_late else ""


def subject(known: Deadline, hand: Hand) -> tuple[str, str, str]:
    """What is owed: what kind of thing, in which words, and where it stands."""
    family = hand.state[FamilyState].reference
    owed = known.owed
    action = hand.state[ActionsState].by_id.get(owed.about or owed.deadline)
    if action is not None:
        return OWED[owed.kind], action.terms.words, f"/families/{family}/actions/{action.id}"
    asked = hand.state[RequestsState].team.get(owed.deadline)
    words = asked.question if asked else ""
    return OWED.get(owed.kind, "something owed"), words, f"/families/{family}/requests/{owed.deadline}"


def settled_view(each: Settlement, partnership: PartnershipState) -> SettledView:
    what = next(label for code, label, _ in DISPOSITIONS if code == each.said.disposition)
    by = person_view(partnership, each.by)
    return SettledView(by, each.at, what, each.said.words, each.said.again)


def step_view(
    fact: OwnerChased, partnership: PartnershipState, found: dict[tuple[int, str, str], str]
) -> StepView:
    told = tuple(
        ToldView(
            person_view(partnership, each.person),
            PARTS[each.part],
            OUTCOMES[found.get((fact.ladder, str(fact.step), each.person), "waiting")],
        )
        for each in fact.told
    )
    return StepView(fact.planned, told, fact.queued)


routes: list[BaseRoute] = [
    Route("/families/{ref}/owed/{deadline}", owed),
    Route("/families/{ref}/owed/{deadline}", settle, methods=["POST"]),
]
