"""`flask networks`: which networks there are, and how much is in each."""

import json
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select

from branchnet import clock
from branchnet.access.scope import parents_on
from branchnet.extensions import db
from branchnet.models import Batch, Network, ServicePoint


@click.command("networks")
@click.option("--json", "as_json", is_flag=True, help="Say it as one line of JSON.")
@with_appcontext
def networks(as_json: bool) -> None:
    """All networks: slug, name, points, batches, and the network each stands under today."""
    found = _networks()
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        under = f"  under {one['parent']}" if one["parent"] else ""
        click.echo(f"{one['slug']:<16} {one['name']}  {one['points']} points  {one['batches']} batches{under}")
    if not found:
        click.echo("There is no network yet: `flask demo load` loads three.")


def _networks() -> list[dict[str, Any]]:
    known = db.session.scalars(select(Network).order_by(Network.slug)).all()
    slugs = {network.id: network.slug for network in known}
    points, batches = _counted(ServicePoint), _counted(Batch)
    zones = {network.time_zone for network in known}
    parents = {zone: parents_on(clock.today(zone)) for zone in zones}
    return [
        {
            "slug": network.slug,
            "name": network.name,
            "points": points.get(network.id, 0),
            "batches": batches.get(network.id, 0),
            "parent": slugs.get(parents[network.time_zone].get(network.id) or 0),
        }
        for network in known
    ]


def _counted(table: type[ServicePoint] | type[Batch]) -> dict[int, int]:
    rows = db.session.execute(select(table.network_id, func.count()).group_by(table.network_id))
    return dict(rows.all())


commands = (networks,)
