"""Runs `main` of a module as a process, started as the product is: `-m tests.lab.start module argument…`."""

import gc

gc.disable()  # what is imported lasts

import asyncio  # noqa: E402 - only now
import sys  # noqa: E402
from importlib import import_module  # noqa: E402

if __name__ == "__main__":
    main = import_module(sys.argv[1]).main
    gc.freeze()
    gc.enable()
    asyncio.run(main(*sys.argv[2:]))
