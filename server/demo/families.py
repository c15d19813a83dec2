"""The families of the demonstration, each with what is told of it before the huddle."""

from __future__ import annotations

from typing import NamedTuple

from server.demo import fenn, harker, moran, rowe, story
from server.demo.scene import Act


class Family(NamedTuple):
    """A family's reference, and its acts."""

    reference: str
    acts: tuple[Act, ...]


ROWE = Family(rowe.REFERENCE, (*rowe.the_family(), *rowe.the_plan(), *story.TOLD, rowe.CALL))

FAMILIES = (
    ROWE,
    Family(fenn.REFERENCE, fenn.TOLD),
    Family(harker.REFERENCE, harker.TOLD),
    Family(moran.REFERENCE, moran.TOLD),
)
"""Different teams: a list is a list, and not everybody reads everything."""
