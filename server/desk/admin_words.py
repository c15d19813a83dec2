"""What roles and kinds of agency are called on the administrator's pages."""

from __future__ import annotations

from server.people.facts import AgencyKind, Role

ROLES: dict[Role, str] = {
    "practitioner": "Practitioner",
    "supervisor": "Supervisor",
    "safeguarding_lead": "Safeguarding lead",
    "oversight": "Oversight",
    "administrator": "Administrator",
    "steward": "Data steward",
}

ROLE_HINTS: dict[Role, str] = {
    "practitioner": "Works with families, in the teams that they are added to",
    "supervisor": "Answers for the decisions of others, up to a tier",
    "safeguarding_lead": "The person of their agency to whom others turn",
    "oversight": "Looks at how the partnership works. Reads no family",
    "administrator": "Looks after agencies, people and roles. Reads no family",
    "steward": "Asks both plan owners where two records may be about one family. Reads no family",
}

AGENCY_KINDS: dict[AgencyKind, str] = {
    "childrens_services": "Children’s services",
    "police": "Police",
    "community_health": "Community health",
    "primary_care": "Primary care",
    "hospital": "Hospital",
    "mental_health": "Mental health",
    "substance_use": "Substance use",
    "school": "School",
    "early_years": "Early years",
    "housing": "Housing",
    "probation": "Probation",
    "domestic_abuse": "Domestic abuse",
    "voluntary": "Voluntary",
    "other": "Other",
}
