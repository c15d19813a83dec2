"""`huddle`: set up, serve, look after and prove the record."""

from __future__ import annotations

import typer

from server.cli import backup, chase, demo, record, serve
from server.cli.people import people

app = typer.Typer(
    name="huddle",
    help="The record and the live room for the people around a family.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command("setup")(serve.setup)
app.command("serve")(serve.serve)
app.command("work")(serve.work)
app.command("chase")(chase.chase)
app.command("bounce")(chase.bounce)
app.command("migrate")(record.migrate)
app.command("verify")(record.verify)
app.command("checkpoint")(record.checkpoint)
app.command("reindex")(record.reindex)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("epoch")(backup.epoch)
app.command("demo")(demo.demo)
app.add_typer(people, name="people")
