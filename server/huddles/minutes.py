"""A huddle as it reads afterwards: how things stood when it was closed, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from server.actions.action import Action
from server.actions.state import ActionsState
from server.actions.views import ActionView, views
from server.deadlines.state import DeadlinesState
from server.duty.facts import ReferralDisclosed
from server.families.facts import FragmentContributed
from server.families.lines import line_view
from server.families.picture import picture_view
from server.families.request_state import Request, RequestsState
from server.families.request_views import RequestView, requests_view
from server.families.state import FamilyState
from server.families.views import LineView, PersonView, PictureView, person_view
from server.huddles.closing import until
from server.huddles.decision_facts import Answer
from server.huddles.decision_state import DecisionsState
from server.huddles.decision_views import DecisionView, decision_view
from server.huddles.judgement_state import JudgementsState
from server.huddles.judgement_views import JudgementsView, judgements_view
from server.huddles.participants import Participant
from server.huddles.sentences import ALL_SENTENCES
from server.huddles.spoken import SpokenState
from server.huddles.state import Huddle, HuddlesState
from server.people.state import PartnershipState
from server.record.facts import Entry
from server.record.state import State

LATE_ENTRY = timedelta(minutes=2)
"""What was on its way when the huddle was closed stands in the minutes, as a late entry (E10)."""


class CorrectionView(msgspec.Struct, frozen=True):
    """What somebody added after the huddle was closed."""

    person: PersonView
    at: datetime
    words: str


class MinutesView(msgspec.Struct, frozen=True):
    """Everything that the minutes say, as one audience reads it."""

    came: tuple[tuple[PersonView, str], ...]
    """Who took part, and how ("by phone")."""
    invited: tuple[tuple[PersonView, str], ...]
    """Who was invited and never came, and the apologies that they sent."""
    chair: PersonView
    closed: datetime | None
    corrections_until: datetime | None
    voices: tuple[LineView, ...]
    picture: PictureView
    before: tuple[LineView, ...]
    """What was sent between the call and the first person at the table."""
    lines: tuple[LineView, ...]
    late: tuple[LineView, ...]
    judgements: JudgementsView
    decisions: tuple[DecisionView, ...]
    actions: tuple[ActionView, ...]
    """As they stand now: what was promised and what became of it."""
    requests: tuple[RequestView, ...]
    referrals: tuple[LineView, ...]
    left_open: tuple[Answer, ...]
    corrections: tuple[CorrectionView, ...]
    as_at: int
    """The number in main of the last entry that they rest on."""


def minutes_view(
    id: str, then: State, now: State, entries: Sequence[Entry], people: PartnershipState
) -> MinutesView:
    """`then` is the state when it was closed, `now` as it stands; `entries` begin where the huddle began."""
    huddle, family = now[HuddlesState].by_id[id], then[FamilyState]
    during = [e for e in entries if not huddle.closing or e.position <= huddle.closing]
    said = [e for e in during if isinstance(e.fact, FragmentContributed)]
    lines = tuple(line_view(e, told_as(e, then, now), people, ALL_SENTENCES) for e in said)
    after = [e for e in entries if e not in during and isinstance(e.fact, FragmentContributed)]
    late = [e for e in after if huddle.closed and e.at - huddle.closed <= LATE_ENTRY]
    told = [e for e in during if isinstance(e.fact, ReferralDisclosed)]
    joined, spoken = then[HuddlesState].by_id[id], now[SpokenState]
    began = min([joined.starts, *(seat.joined for seat in joined.participants.values())])
    return MinutesView(
        came=tuple((person_view(people, p.person), HOW[p.mode]) for p in seats(joined)),
        invited=tuple(
            (person_view(people, p), joined.answers.apologies.get(p, ""))
            for p in joined.invited
            if p not in joined.participants
        ),
        chair=person_view(people, joined.chair),
        closed=huddle.closed,
        corrections_until=until(huddle.closed, people) if huddle.closed else None,
        voices=tuple(line for line in lines if line.voice_of),
        picture=picture_view(family, people),
        before=tuple(line for line in lines if line.at < began),
        lines=tuple(line for line in lines if line.at >= began),
        late=tuple(line_view(e, now[FamilyState], people, ALL_SENTENCES) for e in late),
        judgements=judgements_view(joined, then[JudgementsState].of(id), family, people, spoken),
        decisions=tuple(decision_view(d, family, people, spoken) for d in then[DecisionsState].of(id)),
        actions=views(agreed_in(now[ActionsState], huddle), people, family.book, now[DeadlinesState]),
        requests=requests_view(asked_by_then(then[RequestsState], huddle), people),
        referrals=tuple(line_view(e, family, people, ALL_SENTENCES) for e in told),
        left_open=huddle.left_open,
        corrections=tuple(
            CorrectionView(person_view(people, who), at, w) for who, at, w in huddle.corrections
        ),
        as_at=max((e.seq for e in during if e.stream == family.book), default=huddle.began),
    )


def told_as(entry: Entry, then: State, now: State) -> FamilyState:
    """As it stood; but what was recorded for somebody says whether they have confirmed it since."""
    return (now if getattr(entry.fact, "on_behalf_of", "") else then)[FamilyState]


HOW = {"live": "", "phone": "by phone", "report_only": "sent a report"}


def agreed_in(actions: ActionsState, huddle: Huddle) -> list[Action]:
    """What was agreed before it was closed."""
    return [a for a in actions.of(huddle.id) if huddle.closed is None or a.at <= huddle.closed]


def seats(huddle: Huddle) -> list[Participant]:
    return sorted(huddle.participants.values(), key=lambda p: (p.person != huddle.chair, p.joined))


def asked_by_then(requests: RequestsState, huddle: Huddle) -> list[Request]:
    """What was asked in it, what nobody had answered, and what came late or was corrected in it."""
    return [
        r
        for r in requests.in_order()
        if r.huddle == huddle.id or not r.answers or r.answers[-1].at >= huddle.starts
    ]
