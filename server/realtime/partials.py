"""The rendering of those parts of an open room that a fact changes.

A part is a whole partial with its own id, the same on the page and in a frame, so that applying it twice
changes nothing. What changes more than a few parts (who is in the family or its team, and so whom the
composer can name) brings the whole page anew instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from jinja2 import Environment

from server.actions.state import ActionsState
from server.actions.views import views as action_views
from server.deadlines.state import DeadlinesState
from server.families import lines, picture
from server.families.fragments import Cell
from server.families.request_state import RequestsState
from server.families.request_views import requests_view
from server.families.state import FamilyState
from server.huddles.decision_state import DecisionsState
from server.huddles.decision_views import decision_view
from server.huddles.judgement_state import JudgementsState
from server.huddles.judgement_views import judgements_view
from server.huddles.quorum_views import quorum_view
from server.huddles.sentences import ALL_SENTENCES
from server.huddles.since import since_view
from server.huddles.spoken import SpokenState
from server.huddles.state import HuddlesState
from server.huddles.views import huddle_view
from server.people.state import PartnershipState
from server.realtime.changes import CHANGES, PAGE, Change
from server.record.facts import (
    Entry,
    Ref,
)
from server.record.state import State


class Changed(msgspec.Struct, frozen=True):
    """`parts`: partials to morph or append. `touched`: earlier lines, to morph only where they are open.

    Each is one element of its own: a cell and a list item in one text would not be parsed as both.
    """

    parts: list[str]
    touched: list[str]


PARTIALS = (
    "families/_line",
    "families/_cell",
    "families/_picture",
    "families/_gaps",
    "families/_requests",
    "huddles/_people",
    "huddles/_quorum",
    "huddles/_quorate",
    "huddles/_phases",
    "huddles/_decisions",
    "huddles/_judgements",
    "actions/_actions",
    "huddles/_since",
)


class Renderer:
    """Renders the parts of an open room. Says nothing of who looks and nothing of when."""

    def __init__(self, templates: Environment) -> None:
        self._templates = {n.partition("/_")[2]: templates.get_template(f"{n}.html") for n in PARTIALS}

    def parts(self, state: State, people: State, huddle: str, entries: Sequence[Entry]) -> Changed | None:
        """What `entries` changed of the page of `huddle`, or None for: all of it."""
        changes = [CHANGES.get(type(e.fact), PAGE) for e in entries]
        if any(change.page for change in changes):
            return None
        family, partnership = state[FamilyState], people[PartnershipState]
        parts = [self.line(entry, family, partnership) for entry in entries]
        parts += self._picture(family, partnership, entries, changes)
        parts += self._huddle(state, partnership, huddle, entries, changes)
        if any(change.requests for change in changes):
            asked = requests_view(state[RequestsState].in_order(), partnership)
            parts.append(self._templates["requests"].render(requests=asked, ref=family.reference))
        parts += self._outcomes(state, partnership, huddle, changes)
        return Changed(parts, list(self._touched(family, partnership, entries)))

    def line(self, entry: Entry, family: FamilyState, partnership: PartnershipState) -> str:
        view = lines.line_view(entry, family, partnership, ALL_SENTENCES)
        return self._templates["line"].render(line=view, ref=family.reference)

    def _touched(
        self, family: FamilyState, partnership: PartnershipState, entries: Sequence[Entry]
    ) -> Iterable[str]:
        appended = {entry.ref for entry in entries}
        earlier: dict[Ref, None] = {}
        for entry in entries:
            ref = lines.touched(entry)
            if ref is not None and ref not in appended:
                earlier[ref] = None
        for ref in earlier:
            fragment = family.fragments.get(ref)
            if fragment is not None:
                view = lines.fragment_view(fragment, family, partnership)
                yield self._templates["line"].render(line=view, ref=family.reference)

    def _picture(
        self,
        family: FamilyState,
        partnership: PartnershipState,
        entries: Sequence[Entry],
        changes: Sequence[Change],
    ) -> Iterable[str]:
        if any(change.picture for change in changes):
            view = picture.picture_view(family, partnership)
            yield self._templates["picture"].render(picture=view)
            yield self._templates["gaps"].render(gaps=view.gaps, ref=family.reference)
            return
        known = entries_with(entries, changes, lambda change: change.cells)
        cells: dict[Cell, int] = {}
        for entry in known:
            for cell in picture.touched(family, entry):
                cells[cell] = cells.get(cell, 0) + 1
        gap_may_have_moved = False
        for cell, times in cells.items():
            seen = picture.cell_view(family, partnership, cell)
            expected = picture.is_expected(family, partnership, cell)
            gap_may_have_moved |= expected and seen.count <= times
            yield self._templates["cell"].render(cell=seen)
        if gap_may_have_moved:
            yield self._templates["gaps"].render(
                gaps=picture.gaps_view(family, partnership), ref=family.reference
            )

    def _huddle(
        self,
        state: State,
        partnership: PartnershipState,
        huddle: str,
        entries: Sequence[Entry],
        changes: Sequence[Change],
    ) -> Iterable[str]:
        here = state[HuddlesState].by_id.get(huddle)
        if here is None or not any(c.people or c.phases for c in changes):
            return
        view = huddle_view(here, partnership)
        if any(change.people for change in changes):
            yield self._templates["people"].render(attendance=view.people, huddle=view)
            counted = quorum_view(here, state[FamilyState], partnership)
            yield self._templates["quorum"].render(quorum=counted)
            yield self._templates["quorate"].render(quorum=counted)
        if any(change.phases for change in changes):
            yield self._templates["phases"].render(phases=view.phases, huddle=view)

    def _outcomes(
        self, state: State, partnership: PartnershipState, huddle: str, changes: Sequence[Change]
    ) -> Iterable[str]:
        here, family = state[HuddlesState].by_id.get(huddle), state[FamilyState]
        if here is None:
            return
        if any(change.decisions for change in changes):
            decided = state[DecisionsState].of(huddle)
            shown = [decision_view(decision, family, partnership, state[SpokenState]) for decision in decided]
            yield self._templates["decisions"].render(decisions=shown, huddle_id=huddle)
        if any(change.judgements for change in changes):
            judged = judgements_view(
                here, state[JudgementsState].of(huddle), family, partnership, state[SpokenState]
            )
            yield self._templates["judgements"].render(judgements=judged)
        if any(change.actions for change in changes):
            agreed = action_views(
                state[ActionsState].of(huddle), partnership, family.book, state[DeadlinesState]
            )
            yield self._templates["actions"].render(actions=agreed, ref=family.reference)
            since = since_view(state, here, partnership)
            yield self._templates["since"].render(since=since, ref=family.reference)


def entries_with(
    entries: Sequence[Entry], changes: Sequence[Change], has: Callable[[Change], Any]
) -> list[Entry]:
    return [entry for entry, change in zip(entries, changes, strict=True) if has(change)]
