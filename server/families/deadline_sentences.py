"""Each fact about what is owed as one plain sentence. No number of those who were told: names, or nothing."""

from __future__ import annotations

from server.deadlines import facts
from server.families.audience import listed
from server.families.sentences import Names, Sentence, Told
from server.families.when import day_words, time_words
from server.record.facts import Fact

OWED: dict[str, str] = {
    "action": "action",
    "critical_action": "action",
    "request": "a request for information",
    "acceptance": "reading back action",
    "new_owner": "a new owner for action",
    "check": "checking action",
}
HOW: dict[facts.Failure, str] = {
    "bounced": "came back",
    "refused": "was refused",
    "gave_up": "could not be delivered",
}


def owed(kind: str, label: str) -> str:
    """ "action 5", "a request for information"."""
    return f"{OWED.get(kind, 'something owed')} {label}".strip()


def people(told: tuple[facts.Told, ...], names: Names) -> str:
    found = [names.person(each.person) for each in told]
    return f"{', '.join(found[:-1])} and {found[-1]}" if len(found) > 1 else "".join(found)


def _begun(fact: facts.ChaseBegun, names: Names) -> Told:
    first = fact.first()
    if first is None:
        return Told(f"{capital(owed(fact.kind_owed, fact.label))} is no longer chased")
    whom = listed([names.person(person) for person in first.owners])
    return Told(f"{capital(owed(first.kind, fact.label))} is chased from here on. Owed by {whom}")


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _chased(fact: facts.OwnerChased, names: Names) -> Told:
    due = fact.due.astimezone(names.partnership.zone)
    what = f"{owed(fact.kind_owed, fact.label)}, due {day_words(due.date())}, {time_words(due)}"
    if fact.queued:
        told = f". {people(fact.told, names)} was told" if fact.told else ""
        return Told(f"Nobody has settled {what}. A named person must decide what becomes of it{told}")
    if not fact.told:
        return Told(f"There is nobody to be reminded of {what}")
    return Told(
        f"Reminded {people(fact.told, names)} of {what}", aloud=f"Chased: {owed(fact.kind_owed, fact.label)}"
    )


def _failed(fact: facts.NoticeFailed, names: Names) -> Told:
    instead = f". {people(fact.instead, names)} was told instead" if fact.instead else ""
    what = owed(fact.kind_owed, fact.label)
    return Told(f"A reminder of {what} to {names.person(fact.person)} {HOW[fact.how]}{instead}")


def _settled(fact: facts.QueueSettled, names: Names) -> Told:
    found = {
        "still_required": "is still required",
        "taken_elsewhere": "is done elsewhere",
    }[fact.disposition]
    also = listed([owed(each.kind_owed, fact.label) for each in fact.ended])
    ended = f". No longer chased with it: {also}" if also else ""
    return Told(f"{names.who} settled that what nobody had settled {found}: {fact.words}{ended}", "decision")


SENTENCES: dict[type[Fact], Sentence] = {
    facts.ChaseBegun: _begun,
    facts.OwnerChased: _chased,
    facts.NoticeFailed: _failed,
    facts.QueueSettled: _settled,
}
