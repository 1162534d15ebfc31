"""`flask coverage`: both definitions of a month, what is in operation, and the gaps."""

import json
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from branchnet.access.acts import Act
from branchnet.access.scope import below
from branchnet.calendar.rules import month_of
from branchnet.coverage.covered import coverage_at
from branchnet.coverage.queries import last_day
from branchnet.coverage.told import told
from branchnet.coverage.ways import threshold_of
from branchnet.errors import Invalid
from branchnet.extensions import db
from branchnet.models import Network


@click.command("coverage")
@click.option("--network", "slug", required=True, help="Of this network and those below it.")
@click.option("--month", help="As of the end of this month, YYYY-MM; else of the running one.")
@click.option("--within", type=click.FloatRange(0, 100, min_open=True), help="Km; else what the network chose on foot.")
@click.option("--gaps", type=click.IntRange(0, 10_000), default=20, help="How many gaps, the widest first.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON, with the names of all others.")
@with_appcontext
def coverage(slug: str, month: str | None, within: float | None, gaps: int, as_json: bool) -> None:
    """Say how many of what is known are covered, under each definition, and which communities are out of reach."""
    network = db.session.scalar(select(Network).where(Network.slug == slug))
    if network is None:
        raise click.BadParameter(f"There is no network {slug!r}.", param_hint="--network")
    today = Act(network.id).today()
    month = month or month_of(today)
    try:
        day = last_day(month, today)
        found = coverage_at(below(network.id, day), month, day, threshold_of(network, within_km=within), today)
    except Invalid as error:
        raise click.BadParameter(_month_refused(error, month), param_hint="--month") from error
    answer = {"network": network.slug, **told(found, gaps)}
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        _say(answer)


def _month_refused(error: Invalid, month: str) -> str:
    if error.reason != "no_records_yet":
        return f"{month!r} is no month that has begun."
    begin = error.data["begin"]
    return f"No books were on record in {month}: " + (f"the records begin in {begin}." if begin else "there are none.")


def _say(answer: dict[str, Any]) -> None:
    reach = answer["reach"]
    click.echo(f"{answer['network']}, as of {answer['as_of']}")
    for kind, one in answer["administrative"].items():
        click.echo(f"administrative, {kind}: {_n_of_m(one)}")
    click.echo(f"reach, within {reach['within_km']:g} km at {reach['detour_percent']} %: {_n_of_m(reach)}")
    click.echo(f"in operation, points: {_n_of_m(answer['in_operation'])}")
    for one in answer["in_operation"]["others"]:
        click.echo(f"not in operation: {one['name']}{_why(one)}")
    click.echo(f"apart from these: {len(answer['in_operation']['not_due_yet'])} of which no month was due yet")
    click.echo(f"apart from these: {answer['in_operation']['delivery_schools']} delivery schools")
    for gap in answer["gaps"]:
        children = "children unknown" if gap["children"] is None else f"{gap['children']} children"
        click.echo(f"gap: {gap['town']} {gap['name']}, {children}, would reach {gap['would_reach']}")


def _why(one: dict[str, Any]) -> str:
    reasons = ["paused"] if one["paused"] else []
    reasons += [f"not reported: {month}" for month in one["missing"]]
    reasons += [f"reported as not open: {month}" for month in one["not_open"]]
    return "".join(f"; {reason}" for reason in reasons)


def _n_of_m(one: dict[str, Any]) -> str:
    return f"{one['covered']} of {one['known']}, {one['not_covered']} not, {one['cannot_tell']} cannot be told"


commands = (coverage,)
