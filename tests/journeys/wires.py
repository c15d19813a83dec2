"""A browser whose every connection goes through a wire that a test can cut, strip or hold up."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator

from playwright.sync_api import Browser

from tests.journeys.conftest import ARGUMENTS
from tests.journeys.demo import Demo
from tests.lab.proxy import Proxy


class Wires:
    """The proxy, which lives in a thread of its own: synchronous Playwright holds this one's event loop."""

    def __init__(self, demo: Demo) -> None:
        self.loop = asyncio.new_event_loop()
        self.proxy = Proxy(demo.port)

    def do(self, act: Callable[[], None]) -> None:
        """Something that touches what is connected, done where it lives."""
        done = threading.Event()
        self.loop.call_soon_threadsafe(lambda: (act(), done.set()))
        assert done.wait(5)


@contextlib.contextmanager
def through_wires(browser: Browser, chromium: str, demo: Demo) -> Iterator[tuple[Browser, Wires]]:
    """Another browser, which finds the demonstration only through the proxy."""
    wires = Wires(demo)
    thread = threading.Thread(target=wires.loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(wires.proxy.__aenter__(), wires.loop).result(5)
    rule = f"--host-resolver-rules=MAP 127.0.0.1:{demo.port} 127.0.0.1:{wires.proxy.port}"
    other = browser.browser_type.launch(executable_path=chromium, args=[*ARGUMENTS, rule])
    try:
        yield other, wires
    finally:
        other.close()
        asyncio.run_coroutine_threadsafe(wires.proxy.__aexit__(), wires.loop).result(5)
        wires.loop.call_soon_threadsafe(wires.loop.stop)
        thread.join(5)
        wires.loop.close()
