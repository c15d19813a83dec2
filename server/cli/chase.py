"""`huddle chase`: what would be chased now, and the proof; `huddle bounce`: takes in mail that came back."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from server.chasing import bouncing
from server.chasing.bounces import LARGEST
from server.chasing.commands import Chase
from server.chasing.due import due
from server.chasing.proof import Proof
from server.chasing.proving import Proving
from server.cli.record import Json
from server.cli.shell import FOUND_WRONG, answer, fail, run, settings
from server.core import Core, opened
from server.deadlines.facts import OwnerChased
from server.record.commands import THE_SYSTEM

MOST_SHOWN = 1000


def chase(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be chased now.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Prove that everybody was told.")] = False,
    as_json: Json = False,
) -> None:
    """Show what would be chased at this moment, and who would be told; or prove that everybody was told."""
    if dry_run == verify:
        fail("Choose one: --dry-run shows what would be chased now, --verify proves what was.")
    chosen = settings()

    async def work() -> Any:
        async with opened(chosen) as core:
            return await (would_chase(core) if dry_run else proved(core))

    found = run(work())
    if isinstance(found, Proof):
        say_proof(found, as_json)
    else:
        words = [f"{row['due']} {row['kind']} {row['deadline']}: {told(row)}" for row in found]
        answer(found, "\n".join(words or ["Nothing is due to be chased."]), as_json=as_json)


async def would_chase(core: Core) -> list[dict[str, Any]]:
    """What one look of the sweep would record now. Nothing is recorded and nobody is told."""
    rows = []
    for each in await core.store.read(lambda c: due(c, core.ledger.clock(), MOST_SHOWN)):
        command = Chase(stream=each.stream, deadlines=(each.deadline,))
        for entry in await core.ledger.try_out(each.book, command, THE_SYSTEM):
            fact = entry.fact
            if isinstance(fact, OwnerChased):
                rows.append(
                    {
                        "deadline": fact.deadline,
                        "kind": fact.kind_owed,
                        "due": fact.due.isoformat(),
                        "step": fact.step,
                        "planned": fact.planned.isoformat(),
                        "told": [{"person": t.person, "part": t.part} for t in fact.told],
                        "queued": fact.queued,
                    }
                )
    return rows


def told(row: dict[str, Any]) -> str:
    who = ", ".join(f"{each['person']} ({each['part']})" for each in row["told"])
    return " and ".join(filter(None, (who, "the queue" if row["queued"] else ""))) or "nobody"


async def proved(core: Core) -> Proof:
    """The proof as it stands now, said where every process reads it."""
    return await Proving(core.store, core.books, core.ledger.clock).look()


def say_proof(proof: Proof, as_json: bool) -> None:
    found = {
        "at": proof.at.isoformat(),
        "expected": proof.expected,
        "climbed": proof.climbed,
        "missing": [
            {"deadline": s.deadline, "ladder": s.version, "step": s.step, "due": s.due.isoformat()}
            for s in proof.missing
        ],
        "notices": proof.told,
        "waiting_too_long": proof.stuck,
        "canary": proof.canary,
        "proved": not proof.trouble,
    }
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(proof.told.items())) or "none"
    words = f"{proof.climbed} of {proof.expected} steps that were due were climbed. Notices: {told}. "
    answer(found, words + (proof.trouble or "Chasing is proved") + ".", as_json=as_json)
    if proof.trouble:
        raise typer.Exit(FOUND_WRONG)


def bounce() -> None:
    """Take in a mail that came back, from the standard input. Whatever is no failure report is left alone."""
    raw = sys.stdin.buffer.read(LARGEST + 1)
    chosen = settings()

    async def work() -> bool:
        async with opened(chosen) as core:
            return await bouncing.take_in(core.store, core.ledger, raw)

    answer(None, "The failure is recorded." if run(work()) else "This is no failure of ours.", as_json=False)
