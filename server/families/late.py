"""How late something is, in the words of every page: by working days, from when it was first due. Pure."""

from __future__ import annotations

from datetime import datetime, time

from server.deadlines.lateness import lateness
from server.families.when import time_words


def late_words(due: datetime, until: datetime, nation: str, *, settled: bool = False) -> str:
    """ "3 working days late", for the middle of a sentence; empty in time. Both moments are local.

    Before a working day has gone by, "late since 3pm"; of what was settled, "less than a working day late".
    """
    if until < due or (settled and until == due):
        return ""
    days = lateness(due, until, nation).working_days
    if days:
        return f"{days} working {'day' if days == 1 else 'days'} late"
    return "less than a working day late" if settled else f"late since {since(due, until)}"


def since(due: datetime, until: datetime) -> str:
    """ "3pm", "3pm on Friday"; of what is due by the end of a day, "Friday"."""
    if due.time() == time.max:
        return f"{due:%A}"
    return time_words(due) if due.date() == until.date() else f"{time_words(due)} on {due:%A}"
