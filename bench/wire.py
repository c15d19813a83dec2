"""A websocket client of a few lines: it can be 1,500 screens in one process and not be the limit."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Callable
from typing import cast

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10

Told = Callable[[bytes, float], None]
"""(text of a message, when it was read)"""


class Socket(asyncio.Protocol):
    """One websocket from the client's end. `told` is called for each text message."""

    def __init__(self, path: str, host: str, cookie: str, protocol: str, told: Told) -> None:
        loop = asyncio.get_running_loop()
        self.opened: asyncio.Future[None] = loop.create_future()
        self.greeted: asyncio.Future[None] = loop.create_future()
        """The first message came: this screen follows its room."""
        self.closed: asyncio.Future[int] = loop.create_future()
        self.received = 0
        self._now = loop.time
        self._told = told
        self._rest = b""
        self._code = 1006
        key = base64.b64encode(os.urandom(16)).decode()
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Protocol: {protocol}\r\nCookie: {cookie}\r\n\r\n"
        ).encode()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(self._request)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(error or ConnectionError("closed before it was open"))
        if not self.greeted.done():
            self.greeted.set_exception(ConnectionError(f"closed with {self._code}"))
        if not self.closed.done():
            self.closed.set_result(self._code)

    def data_received(self, data: bytes) -> None:
        now = self._now()
        self.received += len(data)
        if self._rest:
            data = self._rest + data
        self._rest = self._frames(data if self.opened.done() else self._answer(data), now)

    def _answer(self, data: bytes) -> bytes:
        """Take the answer to the handshake; what follows it is frames."""
        head, found, rest = data.partition(b"\r\n\r\n")
        if not found:
            return data
        if not head.startswith(b"HTTP/1.1 101"):
            self.opened.set_exception(ConnectionError(head.partition(b"\r\n")[0].decode()))
            self.transport.close()
            return b""
        self.opened.set_result(None)
        return rest

    def _frames(self, data: bytes, now: float) -> bytes:
        if not self.opened.done():
            return data
        at, size = 0, len(data)
        while size - at >= 2:
            length, head = data[at + 1] & 127, 2
            if length == 126:
                length, head = int.from_bytes(data[at + 2 : at + 4], "big"), 4
            elif length == 127:
                length, head = int.from_bytes(data[at + 2 : at + 10], "big"), 10
            end = at + head + length
            if end > size or at + head > size:
                break
            self._frame(data[at] & 15, data[at + head : end], now)
            at = end
        return data[at:]

    def _frame(self, kind: int, payload: bytes, now: float) -> None:
        if kind == TEXT:
            if not self.greeted.done():
                self.greeted.set_result(None)
            self._told(payload, now)
        elif kind == PING:
            self._write(PONG, payload)
        elif kind == CLOSE:
            self._code = int.from_bytes(payload[:2], "big") if payload else 1005
            self.transport.close()

    def say(self, text: bytes) -> None:
        self._write(TEXT, text)

    def _write(self, kind: int, payload: bytes) -> None:
        size, mask = len(payload), os.urandom(4)
        head = bytes([128 | kind])
        head += bytes([128 | size]) if size < 126 else bytes([128 | 126]) + size.to_bytes(2, "big")
        key = (mask * (size // 4 + 1))[:size]
        hidden = int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")
        self.transport.write(head + mask + hidden.to_bytes(size, "big"))
