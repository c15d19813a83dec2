"""`make cluster`: the topology of docker-compose.yml as processes of this machine, with the demonstration.

A PostgreSQL and a Redis of its own, two webs, the worker and the balancer; what ends is started again, as the
composition does it. Runs until Ctrl-C, then ends all that it started and removes what it made.
"""

import asyncio
import secrets
import signal
import sys
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

from server.cli.demo import told
from server.cli.shell import settings
from server.core import opened
from server.record.migrate import migrate
from server.serving import PortTaken, check_free
from tests.deploy.topology import DOT_ENV, WEBS, Stack, haproxy
from tests.lab.machine import LOOPBACK, Missing
from tests.lab.services import Postgres, Redis


def main(port: int) -> None:
    """Everything at `http://127.0.0.1:port`, until told to stop."""
    try:
        check_free(LOOPBACK, port)
        run(port)
    except (PortTaken, Missing) as why:
        sys.exit(str(why))


def run(port: int) -> None:
    stop = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: stop.set())
    address = f"http://{LOOPBACK}:{port}"
    dot_env = DOT_ENV | {"HUDDLE_BASE_URL": address, "HUDDLE_SECRET_KEY": secrets.token_hex(32)}
    print("Starting PostgreSQL and Redis, and telling the demonstration ...", flush=True)
    with Postgres() as postgres, Redis() as redis, tempfile.TemporaryDirectory() as folder:
        database = postgres.create_database()
        huddle = asyncio.run(tell(database, dot_env))
        stack = Stack(Path(folder), database, redis.url, dot_env, port=port, HUDDLE_DEMO="true")
        with stack.up(*WEBS, "worker", "balancer") as processes, ExitStack() as again:
            print(welcome(stack, huddle, {name: p.pid for name, p in processes.items()}), flush=True)
            while not stop.wait(1.0):
                for name, process in processes.items():
                    if process.poll() is not None:
                        processes[name] = process = again.enter_context(stack.process(name))
                        print(f"  {name} ended, and is started again as process {process.pid}", flush=True)
            print("\n  Ending all of it ...", flush=True)


async def tell(database: str, dot_env: dict[str, str]) -> str:
    """Migrate and tell the story; the id of the huddle that is live."""
    await migrate(database)
    chosen = settings(database_url=database, secret_key=dot_env["HUDDLE_SECRET_KEY"], log_format="console")
    async with opened(chosen) as core:
        return await told(core)


def welcome(stack: Stack, huddle: str, pids: dict[str, int]) -> str:
    nodes = "\n".join(
        f"    {name:<9} http://{LOOPBACK}:{stack.ports[name]}/readyz   process {pids[name]}" for name in WEBS
    )
    kind = "HAProxy" if haproxy() else "a stand-in, for this machine has no HAProxy"
    return f"""
  Huddle is at {stack.dot_env["HUDDLE_BASE_URL"]}, through the balancer ({kind}, process {pids["balancer"]})
  The live room is at {stack.dot_env["HUDDLE_BASE_URL"]}/huddles/{huddle}

{nodes}
    worker    process {pids["worker"]}

  Open the room twice, as two of the cast, and kill either node: `kill -9` and its process.
  Everybody and everything in it is invented. Stop with Ctrl+C, and nothing of it stays.
"""


if __name__ == "__main__":
    main(int(sys.argv[1]))
