"""What a decision must hold, and what somebody who was not there would miss. Pure: a table of predicates.

An absent reader with no prior knowledge must understand the issue, the decision, the reasons and all
viewpoints (MAPPA guidance 13b.1; docs/rules.md, R13 to R16).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from server.families.facts import MemberAdded
from server.families.fragments import Fragment
from server.huddles.decision_facts import AboutChild, Answer, Option
from server.people.words import visible

MEANINGFUL = 40
"""Letters and digits that a rationale must have at the least (R13)."""
ESCALATES = frozenset({"E3", "E4", "E5"})
"""Rungs that take a concern beyond the huddle (R14)."""
ALIKE = 0.9


class Draft(msgspec.Struct, frozen=True):
    """Everything that the check looks at."""

    rationale: str
    options: tuple[Option, ...]
    evidence: tuple[Fragment, ...]
    about: tuple[AboutChild, ...]
    children: tuple[MemberAdded, ...]
    missing_agencies: tuple[str, ...]
    lacking: str = ""
    """What the huddle lacks to be quorate, in words."""
    apart: tuple[str, ...] = ()
    """The children of whom judgements lie far apart, and nobody has said why."""
    unconfirmed: tuple[str, ...] = ()
    """The people for whom something was recorded that it rests on, and who have not confirmed it."""
    earlier: tuple[str, ...] = ()
    """The author's earlier rationales in this family."""


def meaningful(text: str) -> int:
    """How many different words' worth of letters there are: a character repeated says nothing."""
    words = dict.fromkeys("".join(c for c in w if c.isalnum()) for w in visible(text).casefold().split())
    return sum(len(word) for word in words if len(set(word)) > 1 or len(word) == 1)


def problems(draft: Draft) -> dict[str, str]:
    """What must be put right before anything is recorded, by field."""
    found = {
        "rationale": problem_with_rationale(draft),
        "options": problem_with_options(draft.options),
        "rests_on": "" if draft.evidence else "Choose at least one line that this rests on",
        **{f"child-{child.member}": problem_with_child(child, draft.about) for child in draft.children},
    }
    return {field: words for field, words in found.items() if words}


def problem_with_rationale(draft: Draft) -> str:
    if not visible(draft.rationale).strip():
        return "Enter the reason for this decision"
    if meaningful(draft.rationale) < MEANINGFUL:
        return "Write the reason so that somebody who was not here understands it: 40 letters or more"
    if any(alike(draft.rationale, before) >= ALIKE for before in draft.earlier):
        return "This is the reason that was given before. Write what is different this time"
    return ""


def problem_with_options(options: tuple[Option, ...]) -> str:
    if len(options) < 2:
        return "Enter at least two options that were considered"
    if not any(option.rung in ESCALATES for option in options):
        return "One of the options must be to escalate (E3, E4 or E5), even if it was not chosen"
    return ""


def problem_with_child(child: MemberAdded, about: tuple[AboutChild, ...]) -> str:
    said = next((a for a in about if a.child == child.member), None)
    if said is None or not said.statement.strip():
        return f"Enter what this decision means for {child.name}"
    if not said.voice.strip() and not said.no_voice.strip():
        return f"Enter what {child.name} said or showed, or why that is not known"
    return ""


def alike(one: str, other: str) -> float:
    """How much two texts share, from 0 to 1, by their words."""
    a, b = (set(visible(text).casefold().split()) for text in (one, other))
    return len(a & b) / len(a | b) if a | b else 1.0


def who_took_no_part(draft: Draft) -> str:
    """The agencies that were invited and are not here; and whether the huddle is quorate without them."""
    absent = f"{' and '.join(draft.missing_agencies)} took no part" if draft.missing_agencies else ""
    lacking = f"The huddle is not quorate: {draft.lacking}" if draft.lacking else ""
    return ". ".join(words for words in (absent, lacking) if words)


class Item(msgspec.Struct, frozen=True):
    """Something that an absent reader would miss: settle it, or say why it is not there."""

    code: str
    words: str


CHECKS: tuple[tuple[str, Callable[[Draft], str]], ...] = (
    ("agencies", lambda d: who_took_no_part(d)),
    (
        "protective",
        lambda d: "" if any(f.said.bearing == "protective" for f in d.evidence) else "No strength is weighed",
    ),
    (
        "agencies_cited",
        lambda d: "" if len({f.agency for f in d.evidence}) > 1 else "It rests on what one agency said",
    ),
    (
        "apart",
        lambda d: (
            f"Judgements of {' and '.join(d.apart)} lie far apart, and nothing says why" if d.apart else ""
        ),
    ),
    (
        "unconfirmed",
        lambda d: (
            f"{' and '.join(d.unconfirmed)} has not confirmed what was recorded for them"
            if d.unconfirmed
            else ""
        ),
    ),
    (
        "against",
        lambda d: "" if any(o.contra.strip() for o in d.options) else "Nothing is said against any option",
    ),
    (
        "opinion",
        lambda d: (
            "It rests on opinions alone"
            if d.evidence and all(f.said.basis == "professional_opinion" for f in d.evidence)
            else ""
        ),
    ),
)
"""(code, what is missing or nothing): in the order in which they are shown."""


def missed(draft: Draft) -> tuple[Item, ...]:
    """What somebody who was not there would miss."""
    found = ((code, check(draft)) for code, check in CHECKS)
    return tuple(Item(code, words) for code, words in found if words)


def answered(draft: Draft, answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """The answers to what is really missing, each with what that is."""
    given = {answer.item: answer.words for answer in answers if answer.words.strip()}
    return tuple(
        Answer(item.code, given[item.code], item.words) for item in missed(draft) if item.code in given
    )


def unanswered(draft: Draft, answers: Iterable[Answer]) -> dict[str, str]:
    """The items of the check that are neither settled nor answered, by field."""
    given = {answer.item for answer in answered(draft, answers)}
    return {
        f"answer-{item.code}": f"{item.words}. Settle this, or say why it is so"
        for item in missed(draft)
        if item.code not in given
    }
