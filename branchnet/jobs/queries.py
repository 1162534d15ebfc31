"""What there is to do, what is being done, and what failed for good."""

from typing import Any

from sqlalchemy import and_, func, or_, select

from branchnet.extensions import db
from branchnet.jobs.sweeping import ATTEMPTS, superseded
from branchnet.models import Job, Network


def counts() -> dict[str, int]:
    """How many jobs stand in each state; ``trouble``: failed for good, with none after it of its kind and subject."""
    by_state = dict(db.session.execute(select(Job.state, func.count()).group_by(Job.state)).all())
    trouble = select(func.count()).select_from(Job).where(_given_up())
    return {
        **{state: by_state.get(state, 0) for state in ("waiting", "running", "done", "failed")},
        "trouble": db.session.scalar(trouble) or 0,
    }


def unfinished(at_most: int = 100) -> list[dict[str, Any]]:
    """Jobs that wait or run, and those that failed for good, oldest first."""
    rows = db.session.execute(
        select(
            Job.id,
            Network.slug.label("network"),
            Job.kind,
            Job.subject,
            Job.state,
            Job.attempts,
            Job.done_units,
            Job.all_units,
            Job.error,
            Job.created_at,
            Job.started_at,
        )
        .join(Network, Network.id == Job.network_id)
        .where(or_(Job.state.in_(("waiting", "running")), and_(Job.state == "failed", ~superseded())))
        .order_by(Job.id)
        .limit(at_most)
    ).mappings()
    return [dict(row) for row in rows]


def _given_up() -> Any:
    return and_(Job.state == "failed", Job.attempts >= ATTEMPTS, ~superseded())
