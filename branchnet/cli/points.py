"""`flask points`: what only an operator may do with points, for two networks have a part in it."""

from datetime import datetime

import click
from flask.cli import AppGroup
from sqlalchemy import select

from branchnet.access.acts import Act
from branchnet.access.operations import Outcome, body_hash, perform
from branchnet.batches import commands as batches
from branchnet.batches.commands import Handing
from branchnet.errors import BranchNetError
from branchnet.extensions import db, rehearsal
from branchnet.models import Network
from branchnet.words import say

group = AppGroup("points", help="Service points, where two networks have a part in it.")
DAY = click.DateTime(["%Y-%m-%d"])


@group.command("hand-over")
@click.option("--from", "slug", required=True, help="The network that it leaves.")
@click.option("--point", "code", required=True, help="Its code there.")
@click.option("--to", required=True, help="The network in which it continues.")
@click.option("--new-code", required=True, help="Its code in that network.")
@click.option("--on", "day", type=DAY, required=True, help="The first day on which it is there.")
@click.option("--yes", is_flag=True, help="Do it. Without this it is only said what would happen.")
def hand_over(slug: str, code: str, to: str, new_code: str, day: datetime, yes: bool) -> None:
    """A point closes in its network and continues in another, with all its books. Told twice, it is done once."""
    network_id = db.session.scalar(select(Network.id).where(Network.slug == slug))
    if network_id is None:
        raise click.BadParameter(f"There is no network {slug!r}.", param_hint="--from")
    act, handing = Act(network_id), Handing(code, to, new_code, day.date())
    try:
        _say(_done(act, handing) if yes else _tried(act, handing), yes)
    except BranchNetError as error:
        raise click.ClickException("\n".join(_told(error))) from error


def _done(act: Act, handing: Handing) -> Outcome:
    """The same words make the same key: what was done is not done again."""
    body = _body(handing)
    return perform(act, body_hash("hand_over", body), "hand_over", body, lambda: _effect(act, handing))


def _tried(act: Act, handing: Handing) -> Outcome:
    with rehearsal():
        return _effect(act, handing)


def _effect(act: Act, handing: Handing) -> Outcome:
    done = batches.hand_over(act, handing)
    return {name: getattr(done, name) for name in done.__slots__}


def _body(handing: Handing) -> Outcome:
    return {"code": handing.code, "to": handing.to, "new_code": handing.new_code, "day": handing.day.isoformat()}


def _say(done: Outcome, yes: bool) -> None:
    began = "Handed over" if yes else "It would be handed over"
    click.echo(f"{began}: {done['name']} → {done['network']}, {done['copies']} copies")
    if done["withdrawal"]:
        click.echo(f"withdrawal {done['withdrawal']}, accession {done['accession']}")
    if not yes:
        click.echo("Nothing was done. Add --yes to do it; there is no way back but to hand it over again.")


def _told(error: BranchNetError) -> list[str]:
    """What is wrong, and everything that stands in the way, each with what to do."""
    return [" ".join(say(one)) for one in (error, *error.data.get("each", ()))]


commands = (group,)
