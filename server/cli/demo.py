"""`huddle demo`: the whole product with its fictional partnership, on this machine alone."""

from __future__ import annotations

import asyncio
import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from server import serving
from server.app import build
from server.cli.shell import run, settings
from server.core import Core, opened
from server.demo.cast import SIGN_IN
from server.demo.play import play as act_out
from server.demo.seed import ensure_live_huddle, seed
from server.record import lockfile
from server.record import migrate as migrations
from server.record.checkpoint import make_key
from server.settings import Settings

VAR = Path("var")


def demo(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8000,
    play: Annotated[bool, typer.Option("--play", help="Let the rest of the cast act their parts.")] = False,
) -> None:
    """Start the product with the fictional demo partnership; or, with --play, let its cast act."""
    chosen = demo_settings(port)
    if play:
        run(play_out(chosen))
    else:
        run(serve_demo(chosen))


def demo_settings(port: int) -> Settings:
    """What the demo needs, made once into var/ and readable by its owner only. The environment still wins."""
    VAR.mkdir(mode=0o700, exist_ok=True)
    secret = VAR / "secret_key"
    if not secret.exists():
        descriptor = os.open(secret, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    key = VAR / "checkpoint_key.pem"
    if not key.exists():
        make_key(key)
    ours = {
        "HUDDLE_SECRET_KEY": secret.read_text(),
        "HUDDLE_CHECKPOINT_KEY_FILE": str(key),
        "HUDDLE_CHECKPOINT_FILE": str(VAR / "checkpoints.jsonl"),
        "HUDDLE_LOG_FORMAT": "console",
    }
    for name, value in ours.items():
        os.environ.setdefault(name, value)
    return settings(demo=True, host="127.0.0.1", port=port, base_url=f"http://127.0.0.1:{port}")


async def serve_demo(chosen: Settings) -> None:
    """Migrate, tell the story as far as it has happened, say where to look, and serve."""
    with lockfile.held(chosen.database_url, "serve"):
        serving.check_free(chosen.host, chosen.port)
        await migrations.migrate(chosen.database_url)
        async with opened(chosen) as core:
            huddle = await told(core)
        typer.echo(welcome(chosen, huddle))
        server = serving.Server(serving.config(build(chosen), chosen))
        await server.serve()


async def told(core: Core) -> str:
    """The partnership and the families as they stand now, and the id of the huddle that is live."""
    now = core.ledger.clock()
    await seed(core.ledger, now)
    return await ensure_live_huddle(core.ledger, core.books, now)


async def play_out(chosen: Settings) -> None:
    async with opened(chosen) as core:
        await told(core)
        await act_out(core.ledger, core.ledger.clock, sleep=asyncio.sleep)


def welcome(chosen: Settings, huddle: str) -> str:
    people = "\n".join(f"    {name:<18} {words}" for name, words in SIGN_IN)
    return (
        f"\n  Huddle is at {chosen.base_url}\n"
        f"  The live room is at {chosen.base_url}/huddles/{huddle}\n\n"
        f"  Sign in with one click as any of the cast, for example\n{people}\n\n"
        "  Everybody and everything in it is invented. Stop with Ctrl+C; `make fresh` starts over.\n"
    )
