"""The command line: `huddle …`, also `python -m server …`. Exit status 0 good, 1 found wrong, 2 misuse."""

from __future__ import annotations

import gc

gc.disable()  # what is imported lasts: to look through it for garbage again and again is a fifth of the start

from server.cli.main import app  # noqa: E402 - only now

gc.freeze()
gc.enable()

if __name__ == "__main__":
    app()
