"""How much longer something may take while others use this machine: a promise in seconds means one's own."""

from __future__ import annotations

import os


def within(seconds: float) -> float:
    """`seconds` where each runnable process has a core, and in proportion more where several share one."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
