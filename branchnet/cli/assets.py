"""`flask assets`: the files that pages load, collected from the installed wheels."""

import click
from flask.cli import AppGroup

from branchnet import assets

group = AppGroup("assets", help="Style sheets and scripts that pages load.")
commands = (group,)


@group.command("collect")
def collect() -> None:
    """Copy them out of the wheels and compress everything static; quick when nothing changed."""
    try:
        written = assets.collect()
    except assets.MissingAsset as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{written} files written under {assets.STATIC}" if written else "assets are up to date")


commands = (group,)
