"""What the parts of a huddle are called on screen."""

from __future__ import annotations

from server.huddles.decision_facts import Chosen, OwnDuty, Position
from server.huddles.facts import Phase
from server.huddles.state import Course

RUNGS: dict[Chosen, str] = {
    "E1": "E1 Consult a supervisor",
    "E2": "E2 Huddle within five working days",
    "E3": "E3 Referral to children's services or MARAC",
    "E4": "E4 Strategy discussion today",
    "E5": "E5 Emergency now",
    "none_yet": "No rung yet",
}
POSITIONS: dict[Position, str] = {"agree": "Agrees", "dissent": "Disagrees", "abstain": "Abstains"}
DUTIES: dict[OwnDuty, str] = {
    "relies_on_plan": "Relies on this plan",
    "referring_separately": "Is referring separately",
    "disagrees": "Disagrees, and will escalate",
}
OWN_POSITIONS: dict[Position, str] = {
    "agree": "I agree",
    "dissent": "I disagree",
    "abstain": "I abstain",
}
OWN_DUTIES: dict[OwnDuty, str] = {
    "relies_on_plan": "I rely on this plan",
    "referring_separately": "I am referring separately",
    "disagrees": "I disagree",
}

COURSES: dict[Course, str] = {
    "on": "",
    "adjourned": "Adjourned",
    "abandoned": "Abandoned",
    "closed": "Closed",
}

PHASES: tuple[tuple[Phase, str], ...] = (
    ("check_in", "Check in"),
    ("previous_actions", "Previous actions"),
    ("fragments", "What we know"),
    ("gaps_and_requests", "Gaps"),
    ("blind_judgement", "Own judgement"),
    ("discussion", "Discuss"),
    ("decision", "Decide"),
    ("positions_and_duty", "Positions and duty"),
    ("actions", "Actions"),
    ("close", "Close"),
)
"""Phases in their usual order, with what they are called on screen."""
