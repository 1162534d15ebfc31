"""What teachers said of their points, open and decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select

from branchnet import clock
from branchnet.access.scope import within
from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import Person, PointProposal

TOLD_DAYS = 90
"""So long after it was decided a teacher still sees what became of it."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One of them: what, in words, with its days; by whom and when; and how it was decided."""

    id: int
    network_id: int
    point_id: int
    kind: str
    words: str
    from_on: date | None
    until_on: date | None
    said_at: datetime
    person: str | None
    accepted: bool | None
    """None: nobody has decided."""
    reply: str | None


def of_point(network_id: int, point_id: int) -> list[Proposal]:
    """The open ones of a point and those decided lately, the newest first."""
    lately = clock.now() - timedelta(days=TOLD_DAYS)
    return _read(
        _proposals([network_id])
        .where(
            PointProposal.point_id == point_id,
            or_(PointProposal.decided_at.is_(None), PointProposal.decided_at >= lately),
        )
        .order_by(PointProposal.id.desc())
    )


def open_ones(networks: Iterable[int], point_id: int | None = None) -> list[Proposal]:
    """Those that wait for a decision, of all points or of one, the first first."""
    query = _proposals(networks).where(PointProposal.decided_at.is_(None))
    if point_id is not None:
        query = query.where(PointProposal.point_id == point_id)
    return _read(query.order_by(PointProposal.id))


def _read(query: Rows) -> list[Proposal]:
    return [Proposal(*row) for row in db.session.execute(query)]


def _proposals(networks: Iterable[int]) -> Rows:
    query: Rows = select(
        PointProposal.id,
        PointProposal.network_id,
        PointProposal.point_id,
        PointProposal.kind,
        PointProposal.words,
        PointProposal.from_on,
        PointProposal.until_on,
        PointProposal.said_at,
        Person.display_name,
        PointProposal.accepted,
        PointProposal.reply,
    ).outerjoin(Person, and_(Person.network_id == PointProposal.network_id, Person.id == PointProposal.said_by))
    return within(query, PointProposal, networks)
