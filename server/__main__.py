"""The command line: `huddle …`, also `python -m server …`. Exit status 0 good, 1 found wrong, 2 misuse."""

from __future__ import annotations

import sys

from server.cli.main import app


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    sys.exit(main())
