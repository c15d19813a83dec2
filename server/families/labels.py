"""What the values of the record are called on screen."""

from __future__ import annotations

from server.families.facts import (
    Basis,
    Bearing,
    Confidence,
    ContactOutcome,
    Domain,
    Level,
    Precision,
    Relevance,
)
from server.families.views import Mark

LEVELS: dict[Level, str] = {
    "universal_plus": "Universal plus",
    "early_help": "Early help",
    "child_in_need": "Child in need",
    "child_protection": "Child protection",
    "looked_after": "Looked after",
}
DOMAINS: dict[Domain, str] = {
    "health": "Health and development",
    "education": "Education",
    "emotional": "Emotional and behaviour",
    "home": "Home and relationships",
    "parenting": "Parenting",
    "substance": "Substance use",
    "housing": "Housing and money",
}
VOICE_LABEL = "Child's voice"
BASES: dict[Basis, str] = {
    "observed_fact": "Observed fact",
    "reported_by_child": "Reported by a child",
    "reported_by_adult": "Reported by an adult",
    "third_party": "Third party",
    "professional_opinion": "Professional opinion",
    "record_extract": "From our records",
}
BEARINGS: dict[Bearing, str] = {
    "serious": "Serious concern",
    "concern": "Concern",
    "no_concern": "No concern",
    "protective": "Strength",
}
CONFIDENCES: dict[Confidence, str] = {
    "confirmed": "Confirmed",
    "probable": "Probable",
    "uncorroborated": "Uncorroborated",
    "disputed": "Disputed",
}
RELEVANCES: dict[Relevance, str] = {
    "raises": "raises risk",
    "lowers": "lowers risk",
    "does_not_change": "does not change risk",
    "unknown": "effect on risk not known",
}
RESULTS: dict[ContactOutcome, str] = {
    "seen": "Seen",
    "seen_alone": "Seen alone",
    "no_access": "Not achieved: no access",
    "cancelled_by_family": "Not achieved: cancelled by the family",
    "cancelled_by_agency": "Not achieved: cancelled by the agency",
    "missed_by_worker": "Not achieved: missed by the worker",
}
PRECISIONS: dict[Precision, str] = {
    "exact": "Exact time",
    "day": "This day",
    "month": "This month",
    "approximate": "About then",
    "unknown": "Not known",
}
QUALITIES: dict[str, str] = {
    "close": "close",
    "conflict": "in conflict",
    "distant": "distant",
    "cut_off": "cut off",
    "unknown": "",
}
MARKS: dict[Mark, tuple[str, str]] = {
    "serious": ("!C", "serious concern"),
    "concern": ("C", "concern"),
    "no_concern": ("N", "no concern"),
    "protective": ("S", "strength"),
    "heard": ("●", "heard"),
    "gap": ("░", "expected, nothing shared"),
    "asked": ("?", "asked, not answered yet"),
    "none": ("–", "not expected"),
}
"""Each mark's letter and its words."""

RESPONSIBILITIES: dict[str | None, str] = {
    "yes": "has parental responsibility",
    "no": "no parental responsibility",
    "unknown": "parental responsibility not known",
    None: "",
}
ROLES: dict[str, str] = {
    "plan_owner": "Plan owner",
    "chair": "Chair",
    "deputy": "Deputy chair",
    "scribe": "Scribe",
    "supervisor": "Supervisors",
    "safeguarding_lead": "Safeguarding leads",
}
