"""Each fact about an action as one plain sentence, with what is said of it aloud."""

from __future__ import annotations

from server.actions import facts
from server.actions.dues import due_words
from server.families.sentences import Names, Sentence, Told
from server.record.facts import Fact

OUTCOMES: dict[facts.Outcome, str] = {
    "done": "done",
    "not_done": "not done",
    "not_needed": "no longer needed",
}


def of_terms(terms: facts.Terms, names: Names) -> str:
    """ "Weigh Remi. Grace Lindqvist, by Monday 23 March 2026, 5pm"."""
    owner = names.person(terms.owner) if terms.owner else "No owner yet"
    due = f", by {due_words(terms.due.astimezone(names.partnership.zone))}" if terms.due else ""
    return f"{terms.words.rstrip('.')}. {owner}{due}"


def _agreed(fact: facts.ActionAgreed, names: Names) -> Told:
    aloud = f"Action {fact.number}: {fact.terms.words}"
    return Told(f"Action {fact.number}: {of_terms(fact.terms, names)}", "decision", aloud)


def _changed(fact: facts.ActionChanged, names: Names) -> Told:
    why = f". Why: {fact.reason}" if fact.reason else ""
    words = f"{names.who} changed action {fact.number}: {of_terms(fact.terms, names)}{why}"
    return Told(words, aloud=f"Action {fact.number} changed")


def _settled(fact: facts.ActionSettled, names: Names) -> Told:
    words = f"Action {fact.number} is {OUTCOMES[fact.outcome]}"
    return Told(f"{words}: {fact.words} ({names.who})", "decision", words)


SENTENCES: dict[type[Fact], Sentence] = {
    facts.ActionAgreed: _agreed,
    facts.ActionChanged: _changed,
    facts.ActionAccepted: lambda f, n: f"{n.person(f.person)} read back and accepted action {f.number}",
    facts.ChangeAsked: lambda f, n: f"{n.person(f.person)} asks for a change to action {f.number}: {f.words}",
    facts.ActionSettled: _settled,
}
