"""Each fact about a request for information as one plain sentence."""

from __future__ import annotations

from server.families import request_facts as facts
from server.families.audience import listed
from server.families.sentences import Names, Sentence
from server.families.when import day_words, time_words
from server.record.facts import Fact

BEFORE: dict[facts.Answer, str] = {
    "answered": "answer",
    "declined": "refusal",
    "nil_return": "nil return",
}


def _asked(fact: facts.InformationRequested | facts.QuestionAsked, names: Names) -> str:
    at = fact.due.astimezone(names.partnership.zone)
    whom = listed([names.person(person) for person in fact.asked])
    return f"{names.who} asked {whom}, due {day_words(at.date())}, {time_words(at)}: {fact.question}"


def _answered(fact: facts.InformationReceived | facts.QuestionAnswered, names: Names) -> str:
    who = names.person(fact.person)
    told = {
        "answered": f"{who} answered: {fact.words}",
        "declined": f"{who} declined to answer: {fact.words}",
        "nil_return": f"{who} found nothing. Searched: {fact.searched}",
    }[fact.answer]
    return f"{told} (This corrects an earlier {BEFORE[fact.corrects]})" if fact.corrects else told


SENTENCES: dict[type[Fact], Sentence] = {
    facts.InformationRequested: _asked,
    facts.QuestionAsked: _asked,
    facts.InformationReceived: _answered,
    facts.QuestionAnswered: _answered,
}
