"""Whether a sitting is on: asked here and nowhere else.

What needs one (a decision, a phase, a seat at the table) is refused in words where there is none. What
somebody knows, where they stand, what they answer for their own duty and what they refer never needs one.
"""

from __future__ import annotations

from collections.abc import Callable

from server.huddles.state import Course, Huddle
from server.people.state import PartnershipState
from server.record.refusals import Refused


class NotSitting(Refused):
    """This huddle is not on. You can still write what you know and refer on your own."""

    code = "not_sitting"


def is_on(huddle: Huddle) -> bool:
    """Whether the huddle sits: called, and neither adjourned nor ended in any way."""
    return huddle.course == "on"


def is_over(huddle: Huddle) -> bool:
    """Whether it is closed or abandoned. One that is adjourned goes on."""
    return huddle.course in ("closed", "abandoned")


def check_on(huddle: Huddle, people: PartnershipState) -> None:
    """Refuse what needs a sitting where there is none."""
    if not is_on(huddle):
        raise NotSitting(said(huddle, people))


def said(huddle: Huddle, people: PartnershipState) -> str:
    """What is said to whoever asks for something that needs a sitting."""
    return f"{COURSES[huddle.course](huddle, people)} {STILL}" if huddle.course in COURSES else STILL


def adjourned(huddle: Huddle, people: PartnershipState) -> str:
    at = huddle.resumes.astimezone(people.zone) if huddle.resumes else None
    until = f" until {at:%A} {at.day} {at:%B at %H:%M}" if at else ""
    return f"This huddle is adjourned{until}. The chair can go on with it at any time."


COURSES: dict[Course, Callable[[Huddle, PartnershipState], str]] = {
    "adjourned": adjourned,
    "closed": lambda huddle, people: "This huddle is closed. Read its minutes, or call another.",
    "abandoned": lambda huddle, people: "This huddle was abandoned. Call another to decide together.",
}
STILL = "You can still write what you know and refer on your own."
