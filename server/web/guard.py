"""The outermost wall: our own host only, no act from another site, and headers that hold a page together.

An unsafe request must come from a page of ours (`Sec-Fetch-Site`, else `Origin`); a socket's `Origin` is
checked before it is accepted, which no cookie policy does. No inline script or style runs anywhere.
"""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Frame-Options": "DENY",
}
HSTS = "max-age=63072000"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
SAFE = ("GET", "HEAD", "OPTIONS")
PROBES = ("/healthz", "/readyz", "/metrics")
"""Asked by balancers and monitors, which name the machine as they like."""
KEEPING = ("/static/", "/calendar/")
"""What stands there says itself for how long it may be kept. Everything else is kept nowhere."""

Fault = Literal["host", "origin"]


class Guard:
    """Pure ASGI middleware. `base_url` is the address at which people open the service."""

    def __init__(self, app: ASGIApp, base_url: str) -> None:
        self._app = app
        self._origins = origins_of(base_url)
        self._hosts = frozenset(urlsplit(origin).netloc for origin in self._origins)
        self._https = base_url.startswith("https://")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, self._with_headers(scope["path"], send))
        elif scope["type"] == "websocket" and self._fault(scope):
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self._fault(scope)
        if fault == "host":
            await PlainTextResponse("This service is not at that address.", 421)(scope, receive, send)
        elif fault == "origin":
            words = "This was not sent from a page of this service, so nothing was done."
            await PlainTextResponse(words, 403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _fault(self, scope: Scope) -> Fault | None:
        headers = Headers(scope=scope)
        if scope["path"] not in PROBES and not self._is_ours(headers):
            return "host"
        if scope["type"] == "websocket":
            return None if self._from_us(headers.getlist("origin")) else "origin"
        if scope["method"] in SAFE or self._sent_by_our_page(headers):
            return None
        return "origin"

    def _is_ours(self, headers: Headers) -> bool:
        hosts = headers.getlist("host")
        return len(hosts) == 1 and hosts[0].lower() in self._hosts

    def _sent_by_our_page(self, headers: Headers) -> bool:
        site, origin = headers.getlist("sec-fetch-site"), headers.getlist("origin")
        if site:
            return site == ["same-origin"] and (not origin or self._from_us(origin))
        return self._from_us(origin)

    def _from_us(self, origin: list[str]) -> bool:
        return len(origin) == 1 and origin[0] in self._origins

    def _with_headers(self, path: str, send: Send) -> Send:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if not (path.startswith(KEEPING) and message["status"] < 400):
                    headers["Cache-Control"] = "no-store"
                if self._https:
                    headers["Strict-Transport-Security"] = HSTS
            await send(message)

        return send_with_headers


def origins_of(base_url: str) -> frozenset[str]:
    """The origins that are ours. On one's own machine, over http, its names are all the same."""
    parts = urlsplit(base_url)
    origin = f"{parts.scheme}://{parts.netloc}".lower()
    names = {"127.0.0.1", "localhost", "::1"}
    if parts.scheme != "http" or parts.hostname not in names:
        return frozenset({origin})
    port = f":{parts.port}" if parts.port and parts.port != 80 else ""
    return frozenset(f"http://{name}{port}" for name in LOOPBACK)
