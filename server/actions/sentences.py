"""Each fact about an action as one plain sentence, with what is said of it aloud."""

from __future__ import annotations

from datetime import datetime

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


def _changed_ask(fact: facts.ChangeAsked, names: Names) -> str:
    until = f" (until {by(fact.due, names)})" if fact.due else ""
    return f"{names.person(fact.person)} asks for a change to action {fact.number}{until}: {fact.words}"


def _declined(fact: facts.ActionDeclined, names: Names) -> Told:
    words = f"{names.person(fact.person)} declined action {fact.number}: {fact.words}. It needs another owner"
    return Told(words, aloud=f"Action {fact.number} is declined and needs another owner")


def _extended(fact: facts.ActionExtended, names: Names) -> Told:
    which = "more time" if fact.extension == 1 else "more time, for the second time"
    words = f"{names.who} gave action {fact.number} {which}, until {by(fact.due, names)}: {fact.reason}"
    return Told(words, aloud=f"Action {fact.number} has more time")


def _lost(fact: facts.OwnerLost, names: Names) -> Told:
    who = names.person(fact.person)
    why = f"{who} reads this only until {by(fact.until, names)}" if fact.until else f"{who} has left"
    words = f"Action {fact.number} needs another owner"
    return Told(f"{why}. {words}", aloud=words)


def _claimed(fact: facts.DoneClaimed, names: Names) -> Told:
    words = f"Action {fact.number} is done, waiting to be checked"
    return Told(f"{words}: {fact.words} ({names.who})", aloud=words)


def _verified(fact: facts.ActionVerified, names: Names) -> Told:
    words = f"Action {fact.number} is done and checked"
    return Told(f"{words}: {fact.words} ({names.who})", "decision", words)


def _reopened(fact: facts.ActionReopened, names: Names) -> Told:
    words = f"Action {fact.number} is open again"
    return Told(f"{words}: {fact.words} ({names.who})", "decision", words)


def by(moment: datetime, names: Names) -> str:
    return due_words(moment.astimezone(names.partnership.zone))


SENTENCES: dict[type[Fact], Sentence] = {
    facts.ActionAgreed: _agreed,
    facts.ActionChanged: _changed,
    facts.ActionAccepted: lambda f, n: f"{n.person(f.person)} read back and accepted action {f.number}",
    facts.ActionDeclined: _declined,
    facts.ActionStarted: lambda f, n: f"{n.person(f.person)} has begun with action {f.number}",
    facts.ChangeAsked: _changed_ask,
    facts.ActionExtended: _extended,
    facts.OwnerLost: _lost,
    facts.DoneClaimed: _claimed,
    facts.ActionVerified: _verified,
    facts.ActionReopened: _reopened,
    facts.ActionSettled: _settled,
}
