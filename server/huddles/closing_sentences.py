"""Each fact about a huddle's end as one plain sentence."""

from __future__ import annotations

from server.families.sentences import Names, Sentence, Told
from server.families.when import day_words
from server.huddles import closing_facts as facts
from server.record.facts import Fact


def _closed(fact: facts.HuddleClosed, names: Names) -> Told:
    left = f", leaving {len(fact.answers)} open, each with a reason" if fact.answers else ""
    return Told(f"{names.who} closed the huddle{left}", "decision", "The huddle is closed")


def _limited(fact: facts.GuestAccessLimited, names: Names) -> str:
    day = day_words(fact.until.astimezone(names.partnership.zone).date())
    return f"{names.person(fact.person)}, a guest, can read this record until {day}"


SENTENCES: dict[type[Fact], Sentence] = {
    facts.HuddleClosed: _closed,
    facts.GuestAccessLimited: _limited,
    facts.MinutesCorrected: lambda f, n: f"{n.who} corrected the minutes: {f.words}",
}
