"""Writing to one screen: bytes that are encoded once and shared, with a limit on how long a write may wait.

A browser that stops reading blocks an ASGI `send` and even `close` for good, so a write that waits past the
limit aborts the transport; the client resumes from its cursor. uvicorn's protocol object is reached through
an extension of the scope; without it (a test client) the ordinary `send` is used.
"""

from __future__ import annotations

import asyncio
from functools import cached_property
from typing import Any

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode

EXTENSION = "huddle.wire"
SEND_LIMIT = 10.0
"""Seconds that one write may wait for a slow screen."""


class Protocol(WebSocketsSansIOProtocol):
    """uvicorn's websocket protocol, which hands itself to the application."""

    async def run_asgi(self) -> None:
        extensions: dict[str, Any] = self.scope.setdefault("extensions", {})
        extensions[EXTENSION] = self
        await super().run_asgi()


class Packet:
    """One message, encoded once for any number of screens."""

    def __init__(self, message: Any) -> None:
        self.payload = message if isinstance(message, bytes) else msgspec.json.encode(message)

    @cached_property
    def framed(self) -> bytes:
        return bytes(Frame(Opcode.TEXT, self.payload).serialize(mask=False))


class Gone(Exception):
    """The screen is not there any more."""


class Wire:
    """The way to one screen."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        extensions = websocket.scope.get("extensions") or {}
        self._protocol: WebSocketsSansIOProtocol | None = extensions.get(EXTENSION)

    async def send(self, packet: Packet) -> None:
        """Write one message, or raise `Gone`. Past the limit the transport is aborted."""
        if self._websocket.application_state is not WebSocketState.CONNECTED:
            raise Gone
        try:
            if self._protocol is None:
                await self._websocket.send_text(packet.payload.decode())
                return
            if not self._protocol.writable.is_set():
                async with asyncio.timeout(SEND_LIMIT):
                    await self._protocol.writable.wait()
        except TimeoutError:
            self.abort()
            raise Gone from None
        except (WebSocketDisconnect, RuntimeError):
            raise Gone from None
        if self._protocol.disconnected or self._protocol.close_sent:
            raise Gone
        self._protocol.transport.write(packet.framed)

    def send_at_once(self, packet: Packet) -> bool:
        """Write one message if that takes no waiting. False, and nothing written, otherwise."""
        protocol = self._protocol
        if (
            protocol is None
            or self._websocket.application_state is not WebSocketState.CONNECTED
            or not protocol.writable.is_set()
            or protocol.disconnected
            or protocol.close_sent
        ):
            return False
        protocol.transport.write(packet.framed)
        return True

    async def close(self, code: int, reason: str = "") -> None:
        """Say goodbye; whoever does not take it in time is cut off."""
        try:
            async with asyncio.timeout(SEND_LIMIT / 10):
                await self._websocket.close(code, reason)
        except TimeoutError:
            self.abort()
        except (WebSocketDisconnect, RuntimeError):
            return

    def abort(self) -> None:
        if self._protocol is not None:
            self._protocol.transport.abort()
