"""Everything that was recorded on somebody's behalf, and what they said of it since."""

from __future__ import annotations

from datetime import datetime

import immutables
import msgspec

from server.families.behalf_facts import WordsConfirmed, WordsDisputed
from server.families.facts import FragmentContributed
from server.huddles.decision_facts import DutyStated, PositionTaken
from server.huddles.judgement_facts import JudgementGiven
from server.record.facts import Entry

Said = FragmentContributed | PositionTaken | DutyStated | JudgementGiven
change = msgspec.structs.replace


class Spoken(msgspec.Struct, frozen=True):
    """One entry of main whose author wrote it down for `person`: open until they confirm or dispute it."""

    seq: int
    huddle: str
    person: str
    recorded_by: str
    at: datetime
    said: Said
    confirmed: datetime | None = None
    disputed: str = ""

    @property
    def open(self) -> bool:
        return self.confirmed is None and not self.disputed


class SpokenState(msgspec.Struct, frozen=True):
    """All of them, by their number in main."""

    by_seq: immutables.Map[int, Spoken] = immutables.Map()

    def of(self, huddle: str, person: str = "") -> tuple[Spoken, ...]:
        """Those of one huddle (and one person), in order."""
        found = (s for s in self.by_seq.values() if s.huddle == huddle and person in ("", s.person))
        return tuple(sorted(found, key=lambda s: s.seq))

    def unconfirmed(self, huddle: str, person: str = "") -> tuple[Spoken, ...]:
        return tuple(s for s in self.of(huddle, person) if s.open)

    def behind(self, said: Said) -> Spoken | None:
        """What stands in the record behind a position or an answer that holds."""
        found = (s for s in self.by_seq.values() if s.said == said)
        return max(found, key=lambda s: s.seq, default=None)

    def judged(self, huddle: str, turn: int, person: str) -> Spoken | None:
        """The newest judgement of one turn that was recorded for somebody."""
        found = (
            s for s in self.of(huddle, person) if isinstance(s.said, JudgementGiven) and s.said.turn == turn
        )
        return max(found, key=lambda s: s.seq, default=None)


def apply(state: SpokenState, entry: Entry) -> SpokenState:
    """The same after one more fact."""
    fact = entry.fact
    if isinstance(fact, Said) and fact.on_behalf_of and entry.stream == entry.book:
        spoken = Spoken(entry.seq, fact.huddle, fact.on_behalf_of, entry.author, entry.at, fact)
        return SpokenState(state.by_seq.set(entry.seq, spoken))
    if isinstance(fact, WordsConfirmed | WordsDisputed):
        known = state.by_seq.get(fact.seq)
        return state if known is None else SpokenState(state.by_seq.set(fact.seq, answered(known, entry)))
    return state


def answered(spoken: Spoken, entry: Entry) -> Spoken:
    """What somebody said of words that were recorded for them: the newest holds."""
    if isinstance(entry.fact, WordsDisputed):
        return change(spoken, disputed=entry.fact.words, confirmed=None)
    return change(spoken, confirmed=entry.at, disputed="")
