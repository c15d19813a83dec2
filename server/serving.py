"""How one process listens: uvicorn with our websocket protocol, and limits that are ours."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket

import uvicorn
from starlette.types import ASGIApp

from server.realtime.wire import Protocol
from server.settings import Settings

LARGEST_MESSAGE = 65_536
GRACE = 5


LOOKS_FOR_CYCLES = (50_000, 20, 1000)
"""When Python looks for garbage in cycles by itself. Its own 700 had it walk through all open records again
and again; they are trees of immutable values, which go without. The old generation is looked at hourly."""


async def collect_hourly() -> None:
    """Look for garbage in cycles (closed connections, mostly) once an hour, and seldom in between."""
    gc.set_threshold(*LOOKS_FOR_CYCLES)
    while True:
        await asyncio.sleep(3600)
        gc.collect()


class Server(uvicorn.Server):
    """Before it stops it answers the requests that are held for news: a goodbye need not wait for them."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        live = getattr(getattr(self.config.app, "state", None), "live", None)
        if live is not None:
            live.node.stop()
        await super().shutdown(sockets)


def end() -> None:
    """End this process as whoever looks after it would: sockets are told to come back (1012)."""
    os.kill(os.getpid(), signal.SIGTERM)


class PortTaken(Exception):
    """The address is in use."""


def check_free(host: str, port: int) -> None:
    """Raise `PortTaken` if something listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(f"{host}:{port} cannot be listened on: {error.strerror}") from None


def config(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """Everything explicit that matters: message size, no compression, no server header, a limited goodbye."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        ws=Protocol,
        ws_max_size=LARGEST_MESSAGE,
        ws_per_message_deflate=False,
        ws_ping_interval=25,
        ws_ping_timeout=60,
        server_header=False,
        date_header=True,
        proxy_headers=True,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        timeout_graceful_shutdown=GRACE,
        access_log=False,
        log_config=None,
        lifespan="on",
    )
