"""What the parts of a huddle are called on screen."""

from __future__ import annotations

from server.huddles.facts import Phase

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
