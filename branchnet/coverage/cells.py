"""More points than one map can draw: how many stand in each H3 cell, and which stand in a small enough box."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, exists, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from branchnet.coverage.edge import Box
from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import Community, PointPosition, ServicePoint
from branchnet.points.cells import COARSEST, ONE_UP, middle_of, resolution_for, shift_to
from branchnet.points.registered import IN_REGISTER

MOST_POINTS = 12_000
"""So many points are drawn one by one at most."""
MOST_COMMUNITIES = 60_000
"""And of so many communities at most it is said on the map which are reached."""
MOST_CELLS = 1_500
"""So many cells are told at most: of more, the cells above them."""


@dataclass(frozen=True, slots=True)
class CellCount:
    """A cell by its middle (WGS-84 degrees), and how many points (个) stand in it."""

    lat: float
    lon: float
    points: int


def too_many(networks: Iterable[int]) -> bool:
    """Whether these networks have more points or communities than are drawn one by one. Two statements."""
    wanted = sorted(networks)
    counted: tuple[tuple[Any, int, tuple[ColumnElement[bool], ...]], ...] = (
        (ServicePoint, MOST_POINTS, ()),
        (Community, MOST_COMMUNITIES, (IN_REGISTER,)),
    )
    return any(
        (db.session.scalar(select(func.count()).select_from(table).where(table.network_id.in_(wanted), *only)) or 0)
        > most
        for table, most, only in counted
    )


def points_in(networks: Iterable[int], day: date, box: Box, most: int = MOST_POINTS) -> list[int] | None:
    """The ids of the points that stand in a box on a day; None where there are more than ``most``."""
    query = _standing(select(ServicePoint.id), networks, day).where(_inside(PointPosition, box))
    found = list(db.session.scalars(query.order_by(ServicePoint.id).limit(most + 1)))
    return None if len(found) > most else found


def communities_in(box: Box) -> ColumnElement[bool]:
    """Whether a community lies in a box."""
    return _inside(Community, box)


def counted(networks: Iterable[int], day: date, zoom: float, box: Box | None = None) -> list[CellCount]:
    """How many points stand in each cell on a day. Cells are as large as a zoom asks for, or larger: never too many."""
    resolution = resolution_for(zoom)
    # Written out: PostgreSQL takes two parameters for two expressions, and would group by neither.
    prefix = PointPosition.cell.bitwise_rshift(literal_column(str(shift_to(resolution)), Integer))
    query = _standing(select(prefix, func.count()), networks, day).where(PointPosition.cell.is_not(None))
    if box is not None:
        query = query.where(_inside(PointPosition, box))
    cells: dict[int, int] = {int(cell): number for cell, number in db.session.execute(query.group_by(prefix))}
    while len(cells) > MOST_CELLS and resolution > COARSEST:
        cells, resolution = _above(cells), resolution - 1
    return [CellCount(*middle_of(cell, resolution), number) for cell, number in sorted(cells.items())]


def _above(cells: dict[int, int]) -> dict[int, int]:
    """The same counts in the cells one resolution coarser."""
    found: Counter[int] = Counter()
    for cell, number in cells.items():
        found[cell >> ONE_UP] += number
    return found


def _standing(query: Rows, networks: Iterable[int], day: date) -> Rows:
    """Points that were opened and not closed on a day, each with the position that it had then, else its first."""
    later: Any = aliased(PointPosition)
    same = and_(later.network_id == PointPosition.network_id, later.point_id == PointPosition.point_id)
    superseded = exists().where(
        same,
        or_(
            and_(later.valid_from > PointPosition.valid_from, later.valid_from <= day),
            and_(PointPosition.valid_from > day, later.valid_from < PointPosition.valid_from),
        ),
    )
    return query.join_from(
        PointPosition,
        ServicePoint,
        and_(ServicePoint.network_id == PointPosition.network_id, ServicePoint.id == PointPosition.point_id),
    ).where(
        PointPosition.network_id.in_(sorted(networks)),
        ServicePoint.opened_on <= day,
        or_(ServicePoint.closed_on.is_(None), ServicePoint.closed_on > day),
        ~superseded,
    )


def _inside(table: Any, box: Box) -> ColumnElement[bool]:
    south, west, north, east = box
    return and_(table.lat.between(south, north), table.lon.between(west, east))
