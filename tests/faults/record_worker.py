"""A process that records a few things and is stopped by its own hook: `url hook signal count`.

Prints `ready`, then the key of each command once its author has been told. The hook strikes at the third
thing that is said; `never` strikes nowhere.
"""

import os
import signal

from server.record.committer import Hooks
from server.record.store import Store
from tests.record.world import Gather, Node

STRIKES_AT = 3


def hooks(where: str, with_signal: int) -> Hooks:
    made = Hooks()
    left = STRIKES_AT + 1  # the team is gathered first

    def strike() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), with_signal)

    if where != "never":
        setattr(made, where, strike)
    return made


async def main(url: str, where: str, with_signal: str, count: str) -> None:
    store = Store(url)
    async with Node(store, hooks=hooks(where, signal.Signals[with_signal])) as node:
        await node.do(Gather(people=("priya",)), key="k0")
        print("ready", flush=True)
        for n in range(1, int(count) + 1):
            receipt = await node.say(f"Line {n}", key=f"k{n}")
            print(f"k{n} {receipt.seq} {receipt.replayed}", flush=True)
    await store.close()
