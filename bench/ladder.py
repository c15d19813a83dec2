"""Rates one above the other until it breaks: p99 above 250 ms, or deliveries missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from bench.standing import Standing

LATE = 0.25
DELIVERED = 0.999
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
    """Rung by rung; a rung that does not hold is tried once more, for others may have been at work."""
    for rate in rates:
        step = rung(standing, rate, seconds)
        if not step.holds:
            step = rung(standing, rate, seconds)
        yield step
        if not step.holds:
            return


def rung(standing: Standing, rate: int, seconds: float) -> Step:
    weights = standing.weigh()
    told = standing.crowd.do("load", rate=rate, warm=1.0, seconds=seconds)
    return Step(rate, told, weights.shares(), standing.rss, seconds)
