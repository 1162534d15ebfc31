"""Proposing a correction to a point, and deciding it. Accepting changes nothing of the point by itself."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from branchnet import clock
from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.errors import Conflict, NotFound
from branchnet.extensions import db
from branchnet.models import PointProposal

OPEN_AT_MOST = 10
"""So many open ones of a point say all there is to say."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What has changed (see ``models.asking.PROPOSALS``), in words; from which day, and until which."""

    kind: str
    words: str
    from_on: date | None = None
    until_on: date | None = None


def propose(act: Act, point_id: int, proposed: Proposed) -> int:
    """Tell the library that something about a point has changed. Returns the proposal's id.

    Raises Conflict("too_many_proposals").
    """
    waiting = db.session.scalars(
        select(PointProposal.id).where(
            PointProposal.network_id == act.network_id,
            PointProposal.point_id == point_id,
            PointProposal.decided_at.is_(None),
        )
    ).all()
    if len(waiting) >= OPEN_AT_MOST:
        raise Conflict("too_many_proposals")
    row = PointProposal(
        network_id=act.network_id,
        point_id=point_id,
        kind=proposed.kind,
        words=proposed.words,
        from_on=proposed.from_on,
        until_on=proposed.until_on,
        said_at=clock.now(),
        said_by=act.person_id,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def decide(act: Act, point_id: int, proposal_id: int, accepted: bool, reply: str | None = None) -> None:
    """It is done, or will not be; with a word that the teacher sees.

    Raises NotFound, Conflict("proposal_decided").
    """
    row = db.session.scalars(
        select(PointProposal)
        .where(
            PointProposal.network_id == act.network_id,
            PointProposal.point_id == point_id,
            PointProposal.id == proposal_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound(proposal_id=proposal_id)
    if row.decided_at is not None:
        raise Conflict("proposal_decided")
    row.decided_at, row.decided_by, row.accepted, row.reply = clock.now(), act.person_id, accepted, reply
    db.session.flush()
    audit.record(act, "proposal.decided", "point", point_id, proposal_id=proposal_id, accepted=accepted)
