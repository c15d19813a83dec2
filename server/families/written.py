"""What people write: kept exactly as it was written, or refused in words. Nothing is silently changed."""

from __future__ import annotations

from collections.abc import Mapping

from server.people.words import code_from, visible
from server.record.refusals import Incomplete

LONGEST = 4000
LONGEST_REASON = 1000
LONGEST_NAME = 200


def problem_with(text: str, empty: str, longest: int = LONGEST) -> str:
    """What is wrong with `text`, or nothing. `empty` is what is said when there is none."""
    if not visible(text).strip():
        return empty
    if len(text) > longest:
        return (
            f"Summarise what matters in {longest:,} characters or fewer. "
            f"There are {len(text):,} here. You can record the rest as another entry"
        )
    if not can_be_stored(text):
        return "Take out the character that cannot be stored. It may have come in with pasted text"
    return ""


def can_be_stored(text: str) -> bool:
    """PostgreSQL stores no NUL, and half a surrogate pair is no text at all."""
    return "\x00" not in text and (text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text))


def reference_from(typed: str) -> str:
    """A reference as it is kept and stands in addresses: capitals, no spaces; empty if it is none."""
    return code_from(typed).upper()


def refuse(problems: Mapping[str, str]) -> None:
    """Raise the problems that there are, field by field."""
    found = {field: words for field, words in problems.items() if words}
    if found:
        raise Incomplete(**found)
