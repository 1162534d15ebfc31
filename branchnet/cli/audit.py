"""`flask audit`: whether the hash chain of each network is whole."""

import json

import click
from flask.cli import AppGroup

from branchnet.access.audit import broken_at, counts
from branchnet.cli.ledger import chosen

group = AppGroup("audit", help="The audit trail.")


@group.command("check")
@click.option("--network", "slug", help="Only this network.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
@click.pass_context
def check(context: click.Context, slug: str | None, as_json: bool) -> None:
    """Recompute every seal from its record and the one before. The exit code is 0 only where all fit.

    Records that no job has sealed yet are counted, and are no fault.
    """
    found = [
        {"network": network.slug, **counts(network.id), "broken_at": broken_at(network.id)} for network in chosen(slug)
    ]
    ok = all(network["broken_at"] is None for network in found)
    if as_json:
        click.echo(json.dumps({"ok": ok, "networks": found}))
    for network in () if as_json else found:
        broken = "whole" if network["broken_at"] is None else f"BROKEN at seal {network['broken_at']}"
        click.echo(f"{network['network']}: {network['sealed']} sealed, {network['unsealed']} waiting, {broken}")
    context.exit(0 if ok else 1)


commands = (group,)
