"""What a library has published of its coverage, and what of it is public."""

from collections.abc import Collection, Iterable, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from branchnet.access.scope import below
from branchnet.calendar.rules import bounds, month_of
from branchnet.coverage.covered import RUNNING
from branchnet.coverage.view import REACHED_KINDS
from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import Community, CoverageStatement, Network
from branchnet.points.queries import points_on
from branchnet.points.registered import IN_REGISTER
from branchnet.readings.owed import kinds_in

SHOWN = 50
PUBLIC = 500
"""Statements on a public page: a year of months of each county and some towns."""


def statements_of(network_id: int) -> Sequence[CoverageStatement]:
    """The newest statements of a network, those that were taken back among them."""
    rows = select(CoverageStatement).where(CoverageStatement.network_id == network_id)
    return db.session.scalars(rows.order_by(CoverageStatement.id.desc()).limit(SHOWN)).all()


def statement_of(network_id: int, statement_id: int) -> CoverageStatement:
    """One of them. Raises NotFound."""
    row = db.session.scalars(
        select(CoverageStatement).where(
            CoverageStatement.network_id == network_id, CoverageStatement.id == statement_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound(statement=statement_id)
    return row


def live_statement(row: CoverageStatement) -> CoverageStatement | None:
    """The same already published and not taken back."""
    same = [
        getattr(CoverageStatement, name).is_not_distinct_from(getattr(row, name))
        for name in ("network_id", "month", "definition", "of_what", "within_km", "area_by", "area", "withdrawn_at")
    ]
    # What was published before the way was kept is the same where the km are.
    way = or_(CoverageStatement.way.is_not_distinct_from(row.way), CoverageStatement.way.is_(None))
    return db.session.scalars(select(CoverageStatement).where(*same, way)).first()


def says_anything(network_id: int) -> bool:
    """Whether a network has a public page: something that it published holds."""
    holds = (CoverageStatement.network_id == network_id) & CoverageStatement.withdrawn_at.is_(None)
    return db.session.scalar(select(CoverageStatement.id).where(holds).limit(1)) is not None


def kinds_reached(networks: Iterable[int]) -> Collection[str]:
    """Kinds of communities in the register: words that count them name no others."""
    kinds = select(Community.kind).where(
        Community.network_id.in_(sorted(networks)), Community.kind.in_(REACHED_KINDS), IN_REGISTER
    )
    return db.session.scalars(kinds.distinct()).all()


def delivery_schools(network: Network, rows: Sequence[CoverageStatement]) -> dict[int, int]:
    """By statement of what is in operation how many points (个) reported by stays, and so are not in it.

    Where it was not kept with the statement: as of that day, the last of its month, or the one of publishing.
    """
    zone = ZoneInfo(network.time_zone)
    operated = [row for row in rows if row.definition == "in_operation"]
    kept = {row.id: row.deliveries for row in operated if row.deliveries is not None}
    days = {
        row.id: min(bounds(row.month)[1], row.published_at.astimezone(zone).date())
        for row in operated
        if row.id not in kept
    }
    if not days:
        return kept
    points = points_on(below(network.id, max(days.values())), max(days.values()))
    was = kinds_in(points)
    return kept | {
        statement: sum(point.stage_on(day) in RUNNING and was(point.id, month_of(day)).by_stay for point in points)
        for statement, day in days.items()
    }


def under_the_whole(rows: Sequence[CoverageStatement]) -> list[CoverageStatement]:
    """Statements of one county or town below the one of the whole network that says the same of all of it."""
    areas = [row for row in rows if row.area is not None]
    said: dict[tuple[object, ...], list[CoverageStatement]] = {}
    for row in [*(row for row in rows if row.area is None), *sorted(areas, key=lambda row: (row.area_by, row.area))]:
        said.setdefault(_about(row), []).append(row)
    return [row for one in said.values() for row in one]


def _about(row: CoverageStatement) -> tuple[object, ...]:
    return row.month, row.definition, row.of_what, row.within_km, row.way


def public_statements(slug: str) -> tuple[Network, Sequence[CoverageStatement]]:
    """What anybody may read of a library: the statements that hold. NotFound where it says nothing."""
    network = db.session.scalars(select(Network).where(Network.slug == slug)).one_or_none()
    holds = (
        CoverageStatement.network_id == (network.id if network else None),
        CoverageStatement.withdrawn_at.is_(None),
    )
    newest = select(CoverageStatement).where(*holds).order_by(CoverageStatement.id.desc())
    rows = db.session.scalars(newest.limit(PUBLIC)).all()
    if network is None or not rows:
        raise NotFound("nothing_public", network=slug)
    return network, under_the_whole(rows)
