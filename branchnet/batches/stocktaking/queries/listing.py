"""The register of stocktakes: filtered, newest first, with what was counted and what is open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, cast, func, or_, select

from branchnet.access.scope import within
from branchnet.batches.queries.listing import End, ends_of
from branchnet.extensions import db
from branchnet.models import Discrepancy, Network, Place, PointName, ServicePoint, Stocktake, StocktakeCount

PAGE = 50
"""Stocktakes on one page."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the register is narrowed to; empty means all. ``state``: a state, or ``differences`` (open ones)."""

    state: str = ""
    text: str = ""
    """Part of a number or of a point's name, the name's pinyin initials, or a point's code."""

    @property
    def any(self) -> bool:
        """Whether the list is narrowed at all."""
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Row:
    """A stocktake as one line: copies (册) counted, short and over in all, and how many differences are open."""

    number: str
    network_id: int
    network: str
    place: End
    way: str
    state: str
    begun_on: date
    ended_on: date | None
    counted: int
    short: int
    over: int
    open: int


def stocktakes_listed(
    networks: Iterable[int], filters: Filters, today: date, page: int = 1, size: int = PAGE
) -> tuple[list[Row], int]:
    """A page of stocktakes, and how many there are in all. Three statements."""
    wanted = sorted(networks)
    conditions = _conditions(filters)
    total = within(select(func.count(Stocktake.id)), Stocktake, wanted).where(*conditions)
    rows = db.session.execute(
        within(_columns(), Stocktake, wanted)
        .where(*conditions)
        .order_by(Stocktake.id.desc())
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    ).all()
    ends = ends_of({row.place_id for row in rows}, wanted, today)
    return [_row(row, ends) for row in rows], int(db.session.execute(total).scalar_one())


def _row(row: Any, ends: dict[int, End]) -> Row:
    return Row(
        number=row.number,
        network_id=row.network_id,
        network=row.slug,
        place=ends.get(row.place_id) or End(row.place_id, row.kind),
        way=row.way,
        state=row.state,
        begun_on=row.begun_on,
        ended_on=row.ended_on,
        counted=row.counted,
        short=row.short,
        over=row.over,
        open=row.open,
    )


def _columns() -> Any:
    counts = (StocktakeCount.network_id == Stocktake.network_id, StocktakeCount.stocktake_id == Stocktake.id)
    cases = (Discrepancy.network_id == Stocktake.network_id, Discrepancy.stocktake_id == Stocktake.id)
    # Taken back with its stocktake, a difference was none.
    found = (*cases, Stocktake.state == "closed")

    def sum_of(value: Any, *where: Any) -> Any:
        return cast(
            select(func.coalesce(func.sum(value), 0)).where(*where).correlate(Stocktake).scalar_subquery(), Integer
        )

    short, over = (
        sum_of(case((Discrepancy.kind == kind, Discrepancy.quantity), else_=0), *found) for kind in ("short", "over")
    )
    return (
        select(
            Stocktake.number,
            Stocktake.network_id,
            Network.slug,
            Stocktake.place_id,
            Place.kind,
            Stocktake.way,
            Stocktake.state,
            Stocktake.begun_on,
            Stocktake.ended_on,
            sum_of(StocktakeCount.quantity, *counts).label("counted"),
            short.label("short"),
            over.label("over"),
            sum_of(case((Discrepancy.closed_on.is_(None), 1), else_=0), *cases).label("open"),
        )
        .join(Network, Network.id == Stocktake.network_id)
        .join(Place, and_(Place.network_id == Stocktake.network_id, Place.id == Stocktake.place_id))
    )


def _conditions(filters: Filters) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.state == "differences":
        found.append(
            select(Discrepancy.id)
            .where(
                Discrepancy.network_id == Stocktake.network_id,
                Discrepancy.stocktake_id == Stocktake.id,
                Discrepancy.closed_on.is_(None),
            )
            .exists()
        )
    elif filters.state:
        found.append(Stocktake.state == filters.state)
    if filters.text:
        named = (
            select(ServicePoint.id)
            .join(
                PointName, and_(PointName.network_id == ServicePoint.network_id, PointName.point_id == ServicePoint.id)
            )
            .where(
                ServicePoint.network_id == Stocktake.network_id,
                ServicePoint.place_id == Stocktake.place_id,
                or_(
                    PointName.name.contains(filters.text, autoescape=True),
                    PointName.initials.contains(filters.text.lower(), autoescape=True),
                    ServicePoint.code == filters.text,
                ),
            )
        )
        found.append(or_(Stocktake.number.contains(filters.text, autoescape=True), named.exists()))
    return found
