"""Each fact about a decision as one plain sentence, with what is said of it aloud."""

from __future__ import annotations

from server.families.sentences import Names, Sentence, Told
from server.huddles import decision_facts as facts
from server.huddles.labels import DUTIES, RUNGS
from server.record.facts import Fact


def _recorded(fact: facts.DecisionRecorded, names: Names) -> Told:
    instead = f" It replaces an earlier decision: {fact.why_replaced}" if fact.replaces else ""
    words = f"Decision {fact.number}: {fact.words} ({RUNGS[fact.chosen]}). Reason: {fact.rationale}{instead}"
    return Told(words, "decision", f"Decision {fact.number} recorded: {fact.words}")


def _position(fact: facts.PositionTaken, names: Names) -> Told:
    who = names.person(fact.person)
    verb = {"agree": "agrees with", "dissent": "disagrees with", "abstain": "abstains on"}[fact.position]
    words = f"{who} {verb} decision {fact.number}{written(fact, names)}"
    told = f"{words}: {fact.words}" if fact.words else words
    return Told(told, "dissent", words) if fact.position == "dissent" else Told(told)


def _duty(fact: facts.DutyStated, names: Names) -> str:
    answer = DUTIES[fact.choice]
    who = f"{names.person(fact.person)} on their own duty after decision {fact.number}"
    words = f"{who}: {answer.lower()}{written(fact, names)}"
    return f"{words}. {fact.words}" if fact.words else words


def written(fact: facts.PositionTaken | facts.DutyStated, names: Names) -> str:
    """That somebody else wrote it down for them."""
    return f" (recorded for them by {names.who})" if fact.on_behalf_of else ""


def _final(fact: facts.DecisionFinalised, names: Names) -> Told:
    left = (
        f" without an answer from {names.people(fact.unanswered)}: {fact.reason}" if fact.unanswered else ""
    )
    words = f"Decision {fact.number} is final"
    return Told(f"{words}{left}", aloud=words)


SENTENCES: dict[type[Fact], Sentence] = {
    facts.DecisionRecorded: _recorded,
    facts.PositionTaken: _position,
    facts.DutyStated: _duty,
    facts.DecisionFinalised: _final,
}
