"""What facts of a period add up to, by point and by what it was then: two statements, whatever the number of points."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Float, String, and_, case, cast, exists, func, or_, select

from branchnet.calendar.rules import bounds, months_before
from branchnet.coverage.rules import Counted, Tally
from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import Batch, PointMonth, ServicePoint

STAYS = "delivery_school"
"""Points of this kind report whole stays, of which the months before the last have no reading of their own."""
LONGEST_STAY = 12
"""So many months back the beginning of a stay is looked for."""

NUMBERS = {
    "school_loans": (PointMonth.in_school_loans,),
    "community_loans": (PointMonth.community_loans,),
    "loans": (PointMonth.in_school_loans, PointMonth.community_loans),
    "school_visits": (PointMonth.in_school_visits,),
    "community_visits": (PointMonth.community_visits,),
    "visits": (PointMonth.in_school_visits, PointMonth.community_visits),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """What a point did in a period while it was of a kind and stood in an area."""

    network_id: int
    point_id: int
    kind: str | None
    area_code: str | None
    tally: Tally


def pieces(networks: Iterable[int], first: str, last: str, began: Mapping[int, str]) -> list[Piece]:
    """By point, kind and area what the months from the first to the last add up to, and how they ended.

    ``began``: by network the month in which its ledger begins; of what stood there before nothing is told.

    A stay belongs whole to the month of its collection: its book-months of earlier months count with it.
    """
    wanted = sorted(networks)
    found = [
        Piece(row.network_id, row.point_id, row.kind, row.area_code, _sums(row))
        for row in db.session.execute(_added(wanted, first, last))
    ]
    return found + [
        Piece(row.network_id, row.point_id, row.kind, row.area_code, _standing(row))
        for row in db.session.execute(
            _ends([one for one in wanted if one in began and began[one] <= last], first, last)
        )
    ]


def lent(networks: Iterable[int], points: Iterable[int], first: str, last: str) -> dict[int, Counted]:
    """By point the loans (册次) of these months with the book-months in which they were counted, as ``pieces`` adds."""
    found: dict[int, Counted] = {}
    for row in db.session.execute(_added(sorted(networks), first, last, sorted(points))):
        found[row.point_id] = found.get(row.point_id, Counted()) + _sums(row).loans
    return found


def _sums(row: Any) -> Tally:
    counted: dict[str, Any] = {
        name: Counted(None if row[at] is None else int(row[at]), float(row[at + 1] or 0))
        for at, name in zip(range(5, 5 + 2 * len(NUMBERS), 2), NUMBERS, strict=True)
    }
    return Tally(book_months=float(row.book_months), **counted)


def _standing(row: Any) -> Tally:
    """How a point ended. How long its books of an opening have stood there is not known before they did for a year."""
    old = None if row.opened_lately else row.old_copies
    return Tally(
        points=1,
        copies=row.copies,
        quality=row.copies_quality,
        old_copies=old,
        dated_copies=0 if old is None else row.copies,
        pupils=row.pupils or None,
        pupils_copies=row.copies if row.pupils else 0,
        last_batch_on=row.last_batch_on,
    )


def _added(networks: Sequence[int], first: str, last: str, points: Sequence[int] | None = None) -> Rows:
    """Of spans that end in the period: a month is one, and so are the months up to the collection of a delivery."""
    spans = _spans(networks, first, last, points)
    of_end = spans.c.month == spans.c.until
    whole = (
        select(
            spans.c.network_id,
            spans.c.point_id,
            func.max(case((of_end, spans.c.kind))).label("kind"),
            func.max(case((of_end, spans.c.area_code))).label("area_code"),
            func.sum(spans.c.book_months).label("book_months"),
            *(func.sum(spans.c[name]).label(name) for name in NUMBERS),
        )
        .where(spans.c.until.between(first, last))
        .group_by(spans.c.network_id, spans.c.point_id, spans.c.until)
        .subquery()
    )
    sums = [
        one
        for name in NUMBERS
        for one in (
            func.sum(whole.c[name]),
            func.sum(case((whole.c[name].is_not(None), whole.c.book_months))),
        )
    ]
    keys = (whole.c.network_id, whole.c.point_id, whole.c.kind, whole.c.area_code)
    return select(*keys, func.sum(whole.c.book_months).label("book_months"), *sums).group_by(*keys)


def _spans(networks: Sequence[int], first: str, last: str, points: Sequence[int] | None) -> Any:
    """Every month with the last one of its span, of these points or of all."""
    some = () if points is None else (PointMonth.point_id.in_(points),)
    before = func.sum(case((PointMonth.batches_in > 0, 1), else_=0)).over(
        partition_by=(PointMonth.network_id, PointMonth.point_id), order_by=PointMonth.month, rows=(None, -1)
    )
    told = (
        select(
            PointMonth.network_id,
            PointMonth.point_id,
            PointMonth.month,
            PointMonth.kind,
            PointMonth.area_code,
            (cast(PointMonth.book_days, Float) / _days_of(PointMonth.month)).label("book_months"),
            *(_together(name) for name in NUMBERS),
            case((PointMonth.kind == STAYS, cast(func.coalesce(before, 0), String)), else_=PointMonth.month).label(
                "span"
            ),
        )
        .where(
            PointMonth.network_id.in_(networks),
            PointMonth.month.between(months_before(first, LONGEST_STAY), last),
            *some,
        )
        .subquery()
    )
    of_span = (told.c.network_id, told.c.point_id, told.c.span)
    return select(told, func.max(told.c.month).over(partition_by=of_span).label("until")).subquery()


def _together(name: str) -> Any:
    """A number of a month, or the sum of two of which one at least was counted."""
    numbers = NUMBERS[name]
    counted = or_(*(number.is_not(None) for number in numbers))
    return case(
        (counted, sum((func.coalesce(number, 0) for number in numbers[1:]), func.coalesce(numbers[0], 0)))
    ).label(name)


def _days_of(month: Any) -> Any:
    """How many days a month has, also one that still runs."""
    number = func.substr(month, 6, 2)
    leap = func.substr(month, 1, 4).in_([f"{year}" for year in range(1904, 2100, 4)])
    return case(
        (number.in_(("04", "06", "09", "11")), 30), (and_(number == "02", leap), 29), (number == "02", 28), else_=31
    )


def _ends(networks: Sequence[int], first: str, last: str) -> Rows:
    """Of every point its last month in the period."""
    ours = (PointMonth.network_id.in_(networks), PointMonth.month.between(first, last))
    newest = (
        select(PointMonth.network_id, PointMonth.point_id, func.max(PointMonth.month).label("month"))
        .where(*ours)
        .group_by(PointMonth.network_id, PointMonth.point_id)
        .subquery()
    )
    opened_lately = exists().where(
        ServicePoint.network_id == PointMonth.network_id,
        ServicePoint.id == PointMonth.point_id,
        Batch.network_id == PointMonth.network_id,
        Batch.to_place_id == ServicePoint.place_id,
        Batch.kind == "opening",
        Batch.state != "cancelled",
        Batch.received_on > bounds(months_before(last, 12))[1],
    )
    return select(PointMonth.__table__, opened_lately.label("opened_lately")).join(
        newest,
        and_(
            PointMonth.network_id == newest.c.network_id,
            PointMonth.point_id == newest.c.point_id,
            PointMonth.month == newest.c.month,
        ),
    )
