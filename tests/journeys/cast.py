"""Somebody of the cast who acts by a real socket and by forms, without a browser."""

from __future__ import annotations

import json
import re
import secrets
import time
from typing import Any

import httpx2
from websockets.sync.client import connect

from tests.journeys.demo import Demo


class Voice:
    """One person. `do` goes up the socket and waits for the answer; `send` posts a form.

    Before each act `pace` seconds pass.
    """

    def __init__(self, demo: Demo, person: str, pace: float = 0) -> None:
        self.demo = demo
        self._pace = pace
        self._web = httpx2.Client(base_url=demo.address, headers={"origin": demo.address}, timeout=20)
        self._web.post(f"/sign-in/as/{person}")
        self._cookie = "; ".join(f"{name}={value}" for name, value in self._web.cookies.items())

    def get(self, path: str) -> str:
        return str(self._web.get(path).text)

    def send(self, path: str, **form: Any) -> int:
        time.sleep(self._pace)
        return int(self._web.post(path, data=form).status_code)

    def do(self, verb: str, **body: Any) -> dict[str, Any]:
        """What the server said of one act: saved or refused."""
        time.sleep(self._pace)
        key = secrets.token_hex(16)
        where: dict[str, Any] = {
            "origin": self.demo.address,
            "additional_headers": {"cookie": self._cookie},
            "subprotocols": ["huddle.json.v1"],
        }
        with connect(self.demo.room.replace("http", "ws", 1) + "/live", **where) as line:
            line.send(json.dumps({"do": verb, "key": key, "body": body}))
            while True:
                said: dict[str, Any] = json.loads(line.recv(timeout=20))
                if said.get("key") == key:
                    return said

    def children(self) -> list[str]:
        """The ids of the children, as the form of judging names them."""
        path = self.demo.room.removeprefix(self.demo.address) + "/judge"
        return list(dict.fromkeys(re.findall(r'name="child-(\w+)-words"', self.get(path))))

    def leave(self) -> None:
        self._web.close()
