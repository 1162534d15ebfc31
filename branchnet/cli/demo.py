"""`flask demo`: load the world of three annual reports, and say who can come in."""

import json
import time

import click
from flask.cli import AppGroup

from branchnet.demo import load as demo
from branchnet.demo.who import who as who_comes_in
from branchnet.errors import BranchNetError
from branchnet.jobs.runner import work_all

group = AppGroup("demo", help="The demo: three networks as their annual reports tell of them.")


@group.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing where there is a network already.")
@click.option("--json", "as_json", is_flag=True, help="Say it as one line of JSON.")
def load(if_empty: bool, as_json: bool) -> None:
    """Load the demo, or the rest of it; loading it again changes nothing."""
    started = time.monotonic()
    if if_empty and not demo.wanted_where_empty():
        _say({"networks": [], "day": None, "seconds": 0.0}, "there are networks already: nothing loaded", as_json)
        return
    try:
        done = demo.load()
        # The facts that its moves and readings asked for: pages for managers read nothing else.
        work_all()
    except (BranchNetError, ValueError) as error:
        raise click.ClickException(f"The demo cannot be loaded: {error}") from error
    seconds = round(time.monotonic() - started, 1)
    words = f"loaded {', '.join(done.networks)} in {seconds} s" if done.networks else "the demo is loaded already"
    _say({"networks": list(done.networks), "day": done.day.isoformat(), "seconds": seconds}, words, as_json)


@group.command("who")
@click.option("--json", "as_json", is_flag=True, help="Say it as one line of JSON.")
def who(as_json: bool) -> None:
    """Logins and passwords of a demo network's staff, and one teacher's link."""
    try:
        known = who_comes_in()
    except BranchNetError as error:
        raise click.ClickException("There is no demo here: load it with `flask demo load`.") from error
    _say(known, "\n".join(f"{role:<8} {'  '.join(one.values())}" for role, one in known.items()), as_json)


def _say(found: object, words: str, as_json: bool) -> None:
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else words)


commands = (group,)
