"""Where a process spends its processor time: the stack, looked at every two milliseconds of it.

A timer of processor time raises SIGPROF; its handler runs between bytecodes of the main thread, so time in
a C function counts for the line that called it. What other threads spend counts for wherever the main thread
stands meanwhile, mostly in its selector.
"""

from __future__ import annotations

import signal
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

EVERY = 0.002
TOP = 25


class Sampler:
    """Counts the functions that were running (`own`) and those that had called them (`below`)."""

    def __init__(self) -> None:
        self._own: Counter[str] = Counter()
        self._below: Counter[str] = Counter()
        self._samples = 0

    def start(self) -> None:
        self._own.clear()
        self._below.clear()
        self._samples = 0
        signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)

    def stop(self) -> dict[str, Any]:
        """The functions with the largest shares, in per cent of all samples."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        return {
            "samples": self._samples,
            "own": self._shares(self._own),
            "below": self._shares(self._below),
        }

    def _shares(self, counted: Counter[str]) -> list[tuple[str, float]]:
        return [(name, 100 * n / max(self._samples, 1)) for name, n in counted.most_common(TOP)]

    def _look(self, _: int, frame: FrameType | None) -> None:
        self._samples += 1
        self._count(frame)

    def _count(self, frame: FrameType | None) -> None:
        if frame is None:
            return
        self._own[named(frame)] += 1
        seen = set()
        while frame is not None:
            seen.add(named(frame))
            frame = frame.f_back
        self._below.update(seen)


def named(frame: FrameType) -> str:
    """A function by its file and name, without the place of either on this machine."""
    path = Path(frame.f_code.co_filename)
    return f"{'/'.join(path.parts[-2:])} {frame.f_code.co_qualname}"
