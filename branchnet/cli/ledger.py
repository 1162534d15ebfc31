"""`flask ledger`: whether holdings, moves and batches agree."""

import json
from collections.abc import Sequence
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import func, select

from branchnet.batches.checks import violations
from branchnet.extensions import db
from branchnet.models import Move, Network

group = AppGroup("ledger", help="The ledger of copies.")


@group.command("check")
@click.option("--network", "slug", help="Only this network.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
@click.pass_context
def check(context: click.Context, slug: str | None, as_json: bool) -> None:
    """Recompute every holding from the moves, and check all that must always hold. Repairs nothing.

    The exit code is 0 only where nothing was found.
    """
    found: list[dict[str, Any]] = [
        {"network": network.slug, "moves": _moves(network.id), "violations": violations(network.id)}
        for network in chosen(slug)
    ]
    ok = not any(network["violations"] for network in found)
    if as_json:
        click.echo(json.dumps({"ok": ok, "networks": found}))
    for network in () if as_json else found:
        click.echo(f"{network['network']}: {network['moves']} moves, {len(network['violations'])} violations")
        for row in network["violations"]:
            click.echo("  " + ", ".join(f"{name} {value}" for name, value in row.items()))
    context.exit(0 if ok else 1)


def chosen(slug: str | None) -> Sequence[Network]:
    """All networks, or the one of that name. Raises BadParameter where there is none."""
    rows = select(Network).order_by(Network.slug)
    found = db.session.scalars(rows if slug is None else rows.where(Network.slug == slug)).all()
    if slug is not None and not found:
        raise click.BadParameter(f"There is no network {slug!r}.", param_hint="--network")
    return found


def _moves(network_id: int) -> int:
    return db.session.scalar(select(func.count()).select_from(Move).where(Move.network_id == network_id)) or 0


commands = (group,)
