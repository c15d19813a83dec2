"""Each fact about judgements as one plain sentence."""

from __future__ import annotations

from server.families.sentences import Names, Sentence, Told
from server.huddles import judgement_facts as facts
from server.record.facts import Fact


def _revealed(fact: facts.JudgementsRevealed, names: Names) -> Told:
    people = len({judged.person for judged in fact.judged})
    words = f"{names.person(fact.by)} revealed what {people} {'person' if people == 1 else 'people'} judged"
    return Told(f"{words} (turn {fact.turn})", aloud="Own judgements are revealed")


SENTENCES: dict[type[Fact], Sentence] = {
    facts.JudgementMade: lambda f, n: (
        f"{n.who} recorded what {n.person(f.on_behalf_of)} judged (turn {f.turn}). Only the two read it yet"
        if f.on_behalf_of
        else f"You judged for yourself (turn {f.turn}). Nobody else reads it yet"
    ),
    facts.JudgementGiven: lambda f, n: (
        f"{n.person(f.person)} has judged (turn {f.turn})"
        + (f", recorded for them by {n.who}" if f.on_behalf_of else "")
    ),
    facts.JudgementsRevealed: _revealed,
    facts.SpreadDiscussed: lambda f, n: f"Why judgements of {n.member(f.child)} lay apart: {f.words}",
}
