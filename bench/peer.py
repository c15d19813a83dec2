"""The peer: a bare broadcast as Starlette's and FastAPI's papers show it, with one INSERT for each message.

No sign-in, no permissions, no chain, no rendering, no cursor, no resume: what a live room costs at the least
when it is written in the usual way. It keeps what it is told in the same database, as durably.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from typing import Any

import uvicorn
from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text, insert
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from server.record.store import Store
from server.settings import Settings

said = Table(
    "bench_said",
    MetaData(),
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("room", Text),
    Column("seq", BigInteger),
    Column("body", Text),
)


class ConnectionManager:
    """Everybody who is connected to a room."""

    def __init__(self) -> None:
        self.active: defaultdict[str, list[WebSocket]] = defaultdict(list)
        self.seq: defaultdict[str, int] = defaultdict(int)

    async def connect(self, room: str, websocket: WebSocket) -> None:
        await websocket.accept(subprotocol="huddle.json.v1")
        self.active[room].append(websocket)
        await websocket.send_text('{"type":"welcome"}')

    async def broadcast(self, room: str, message: str) -> None:
        for connection in list(self.active[room]):
            await connection.send_text(message)


def build(store: Store) -> Starlette:
    manager = ConnectionManager()

    async def live(websocket: WebSocket) -> None:
        room = websocket.path_params["id"]
        await manager.connect(room, websocket)
        try:
            while True:
                told: dict[str, Any] = json.loads(await websocket.receive_text())
                manager.seq[room] += 1
                seq = manager.seq[room]
                row = {"room": room, "seq": seq, "body": json.dumps(told["body"])}
                await store.write(lambda c, row=row: c.execute(insert(said), row))  # type: ignore[misc]
                news = {"type": "facts", "facts": [{"seq": seq, "body": told["body"]}]}
                await manager.broadcast(room, json.dumps(news, separators=(",", ":")))
        except WebSocketDisconnect:
            manager.active[room].remove(websocket)

    return Starlette(routes=[WebSocketRoute("/huddles/{id}/live", live)])


async def main() -> None:
    settings = Settings()  # type: ignore[call-arg]  # the environment fills it
    owner = Store(settings.database_url, app_role=False)
    await owner.write(lambda c: said.metadata.create_all(c))
    server = uvicorn.Server(
        uvicorn.Config(
            build(owner), host="127.0.0.1", port=settings.port, log_level="warning", access_log=False
        )
    )
    await server.serve()


if __name__ == "__main__":
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
