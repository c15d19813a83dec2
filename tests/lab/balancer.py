"""A stand-in for the balancer where a machine has none: connections go to the webs in turn, past a dead one.

Run as a process with the balancer's own variables: LISTEN, WEB_1, WEB_2. It looks into nothing it passes on.
"""

import asyncio
import itertools
import os
import signal
from contextlib import suppress

CONNECT = 2.0
Address = tuple[str, int]


def address(text: str) -> Address:
    host, _, port = text.rpartition(":")
    return host, int(port)


class Balancer:
    """Each connection goes to the next web that takes it."""

    def __init__(self, webs: list[Address]) -> None:
        self._webs = webs
        self._turn = itertools.count()

    async def serve(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError):
            far, forth = await self._connect()
            await asyncio.gather(pass_on(near, forth), pass_on(far, back))
        back.transport.abort()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        first = next(self._turn)
        for n in range(len(self._webs)):
            host, port = self._webs[(first + n) % len(self._webs)]
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(CONNECT):
                    return await asyncio.open_connection(host, port)
        raise OSError("no web takes a connection")


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Everything from one end to the other; the end of one is the end of the other."""
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


async def main() -> None:
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    balancer = Balancer([address(os.environ[name]) for name in ("WEB_1", "WEB_2")])
    await asyncio.start_server(balancer.serve, *address(os.environ["LISTEN"]))
    await stop.wait()


if __name__ == "__main__":
    asyncio.run(main())
