"""Ends a server when the tests that started it are gone, however they went: finished, stopped or killed.

Run as a process of its own beside each server. It reads the server's process number, a line for every start,
and 0 while there is none; when its input ends, so has whoever held the other end.
"""

import shutil
import sys
import time
from contextlib import suppress

import psutil


def main(folder: str) -> None:
    number = 0
    for line in sys.stdin:
        number = int(line)
    if number:
        end(number)
    shutil.rmtree(folder, ignore_errors=True)


def end(number: int) -> None:
    """SIGKILL to the process and to everything below it; returns when they are gone."""
    tree = tree_of(number)
    for member in tree:
        with suppress(psutil.NoSuchProcess):
            member.kill()
    while not all(map(gone, tree)):
        time.sleep(0.01)


def tree_of(number: int) -> list[psutil.Process]:
    """The process and all below it, the parent halted first so that it cannot have one more."""
    with suppress(psutil.NoSuchProcess):
        parent = psutil.Process(number)
        parent.suspend()
        return [parent, *parent.children(recursive=True)]
    return []


def gone(process: psutil.Process) -> bool:
    """A dead process that nobody has buried yet is gone enough."""
    with suppress(psutil.NoSuchProcess):
        return process.status() == psutil.STATUS_ZOMBIE
    return True


if __name__ == "__main__":
    main(sys.argv[1])
