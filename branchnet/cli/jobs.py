"""`flask jobs`: the workers, the sweeper, and what there is to do."""

import json
from datetime import timedelta

import click
from flask.cli import AppGroup
from redis import RedisError

from branchnet import queue
from branchnet.jobs import queries, sweeping, workers

group = AppGroup("jobs", help="Work that goes on behind the pages.")


@group.command("work")
@click.option("--once", is_flag=True, help="Sweep, run what waits, and end.")
@click.option("--poll", default=1.0, show_default=True, help="Seconds between two looks at the rows.")
@click.option("--sweep-every", default=workers.SWEEP_EVERY, show_default=True, help="Seconds between two sweeps.")
def work(once: bool, poll: float, sweep_every: float) -> None:
    """Take waiting jobs and run them, without Redis; ends cleanly on SIGTERM."""
    click.echo(f"{workers.work(poll, sweep_every, once)} jobs run")


@group.command("rq")
@click.option("--burst", is_flag=True, help="End when the queue is empty.")
@click.option("--sweep-every", default=workers.SWEEP_EVERY, show_default=True, help="Seconds between two sweeps.")
def rq(burst: bool, sweep_every: float) -> None:
    """Run RQ's worker on our one queue, and sweep beside it. Needs BRANCHNET_REDIS_URL."""
    if not queue.settings().redis_url:
        raise click.ClickException("Set BRANCHNET_REDIS_URL, or use `flask jobs work`, which needs no Redis.")
    try:
        workers.work_queue(sweep_every, burst)
    except RedisError as error:
        raise click.ClickException(f"The queue does not answer: {error}") from error


@group.command("sweep")
@click.option("--lost-after", default=queue.LOST_AFTER, show_default=True, help="Seconds a job may run at most.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def sweep(lost_after: int, as_json: bool) -> None:
    """Put back what was lost, tell the queue again, ask for what is owed: once."""
    swept = sweeping.sweep(timedelta(seconds=lost_after)).as_dict()
    click.echo(json.dumps(swept) if as_json else ", ".join(f"{name} {number}" for name, number in swept.items()))


@group.command("list")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
@click.pass_context
def list_jobs(context: click.Context, as_json: bool) -> None:
    """What waits, runs or failed. The exit code is 1 where a job failed for good."""
    counts, rows = queries.counts(), queries.unfinished()
    if as_json:
        click.echo(json.dumps({"counts": counts, "jobs": rows}, default=str, ensure_ascii=False))
    else:
        click.echo(", ".join(f"{name} {number}" for name, number in counts.items()))
        for row in rows:
            about = f"{row['kind']} {row['subject']}".strip()
            click.echo(f"{row['id']:>8}  {row['network']}  {about}  {row['state']}  {row['error'] or ''}".rstrip())
    context.exit(1 if counts["trouble"] else 0)


commands = (group,)
