"""Each fact of this room that stands in a family's record, as one plain sentence."""

from __future__ import annotations

from server.duty import facts
from server.families.sentences import Names, Sentence
from server.record.facts import Fact


def _shown(fact: facts.ReferralDisclosed, names: Names) -> str:
    return f"{names.who} is referring this separately, to {fact.to}: {fact.words}"


SENTENCES: dict[type[Fact], Sentence] = {facts.ReferralDisclosed: _shown}
