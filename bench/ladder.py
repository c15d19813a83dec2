"""Rates one above the other until it breaks: p99 above 250 ms, or deliveries missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from bench.standing import Standing

LATE = 0.25
DELIVERED = 0.999
TRIES = 3
DISTURBED = 0.3
"""Cores taken by everything else on the machine."""
RATES = (50, 100, 200, 500, 750, 1000, 1500, 2000, 3000, 4000, 6000, 8000)
QUICK_RATES = (100, 500)


class Step(NamedTuple):
    """One rung. Times in seconds, processor time in cores, memory in megabytes."""

    rate: int
    told: dict[str, Any]
    cores: dict[str, float]
    rss: float
    seconds: float

    @property
    def holds(self) -> bool:
        enough = self.told["delivered"] >= DELIVERED * self.told["expected"]
        return enough and self.told["p99"] <= LATE

    @property
    def delivered_a_second(self) -> float:
        return float(self.told["delivered"] / self.seconds)


def climb(standing: Standing, rates: Sequence[int], seconds: float) -> Iterator[Step]:
    """Rung by rung; one that does not hold, or at which others took much of the machine, is tried again."""
    for rate in rates:
        step = rung(standing, rate, seconds)
        for _ in range(TRIES - 1):
            if step.holds and step.cores["others"] < DISTURBED:
                break
            step = better(step, rung(standing, rate, seconds))
        yield step
        if not step.holds:
            return


def better(one: Step, other: Step) -> Step:
    """The step that was disturbed less, if both hold or neither does."""
    if one.holds != other.holds:
        return one if one.holds else other
    return min(one, other, key=lambda step: step.cores["others"])


def rung(standing: Standing, rate: int, seconds: float) -> Step:
    weights = standing.weigh()
    told = standing.crowd.do("load", rate=rate, warm=1.0, seconds=seconds)
    return Step(rate, told, weights.shares(), standing.rss, seconds)
