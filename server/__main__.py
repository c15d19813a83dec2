"""The command line: `huddle …`, also `python -m server …`. Exit status 0 good, 1 found wrong, 2 misuse."""

from __future__ import annotations

from server.cli.main import app

if __name__ == "__main__":
    app()
