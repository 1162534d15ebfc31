"""The facts of a network's points once more, slowly: every day and every copy walked through, from the rows alone."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import select

from branchnet.calendar.rules import bounds, month_of, months
from branchnet.extensions import db
from branchnet.models import (
    Batch,
    BatchLine,
    Discrepancy,
    HandOver,
    Lot,
    Move,
    PointEnrolment,
    PointKind,
    PointMonth,
    PointPause,
    PointPosition,
    Reading,
    ReadingRevision,
    ServicePoint,
)

Told = dict[str, Any]
Rows = Callable[[Any], list[Any]]
"""All rows of a table, read once."""
NUMBERS = ("in_school_visits", "in_school_loans", "community_visits", "community_loans")
BROUGHT = ("allocation", "delivery", "rotation", "accession")


def as_kept(network_id: int) -> dict[tuple[int, str], Told]:
    """The facts as they stand in the table, by point and month."""
    names = [column.key for column in PointMonth.__table__.c if column.key not in ("id", "computed_at", "network_id")]
    rows = db.session.execute(
        select(*(getattr(PointMonth, name) for name in names)).where(PointMonth.network_id == network_id)
    ).mappings()
    return {(row["point_id"], row["month"]): dict(row) for row in rows}


def walked(network_id: int, today: date) -> dict[tuple[int, str], Told]:
    """The same, walked day by day."""
    rows = cache(lambda table: _rows(table, network_id))
    return {(point.id, told["month"]): told for point in rows(ServicePoint) for told in _point(rows, point, today)}


def _rows(table: Any, network_id: int) -> list[Any]:
    """All rows of the network; of what was handed over those that it took."""
    whose = HandOver.to_network_id if table is HandOver else table.network_id
    query = select(table).where(whose == network_id).order_by(table.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _point(rows: Rows, point: ServicePoint, today: date) -> Iterator[Told]:
    moves = [one for one in rows(Move) if point.place_id in (one.from_place_id, one.to_place_id)]
    cases = list(_cases(rows, point))
    reported, brought = _reported(rows, point), _brought(rows, point)
    days = [one.occurred_on for one in moves] + [one.opened_on for one in cases]
    days += [point.opened_on] if point.opened_on else []
    begun = min([month_of(day) for day in days] + list(reported) + list(brought), default=None)
    for month in months(begun, month_of(today)) if begun else ():
        first, last = bounds(month)
        last = min(last, today)
        copies, quality = _standing(rows, point, moves, cases, last)
        over = point.closed_on is not None and point.closed_on <= first
        stood = copies or _standing(rows, point, moves, cases, first - timedelta(days=1))[0]
        if over and not stood and month not in reported and month not in brought:
            continue
        walk = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        yield {
            "point_id": point.id,
            "month": month,
            "book_days": sum(_there(point, moves, cases, day) for day in walk if _open(rows, point, day)),
            "days": len(walk),
            "copies": copies,
            "copies_quality": quality,
            "batches_in": brought.get(month, 0),
            **reported.get(month, dict.fromkeys(NUMBERS)),
            **_was(rows, point, last),
            "last_batch_on": _last_batch(rows, point, moves, last),
            "old_copies": min(copies, _old(point, moves, last)),
        }


def _cases(rows: Rows, point: ServicePoint) -> Iterator[Discrepancy]:
    to = {batch.id: batch.to_place_id for batch in rows(Batch)}
    for case in rows(Discrepancy):
        place = case.place_id if case.batch_id is None else to[case.batch_id]
        if place == point.place_id and not case.in_transit and case.kind in ("short", "over"):
            yield case


def _there(point: ServicePoint, moves: list[Move], cases: list[Discrepancy], day: date) -> int:
    """Copies there at any time of a day: what came that day is, what left that day still is."""
    before = day - timedelta(days=1)
    there = 0
    for move in moves:
        sign = 1 if move.to_place_id == point.place_id else -1
        # What undoes an arrival undoes its whole day; what undoes a departure was there all the time.
        by = day if (sign > 0) == (move.reverses_id is None) else before
        there += sign * move.quantity if move.occurred_on <= by else 0
    for case in cases:
        if case.kind == "over":
            there += case.quantity * ((case.opened_on <= day) - (case.closed_on is not None and case.closed_on <= day))
        else:
            there -= case.quantity * (
                (case.opened_on <= day) - (case.closed_on is not None and case.closed_on <= before)
            )
    return there


def _standing(
    rows: Rows, point: ServicePoint, moves: list[Move], cases: list[Discrepancy], day: date
) -> tuple[int, str]:
    quality = {lot.id: lot.quality for lot in rows(Lot)}
    known: dict[str, int] = defaultdict(int)
    for move in moves:
        if move.occurred_on <= day:
            known[quality[move.lot_id]] += move.quantity * (1 if move.to_place_id == point.place_id else -1)
    for case in cases:
        if case.opened_on <= day and (case.closed_on is None or case.closed_on > day):
            known["estimated"] += case.quantity * (1 if case.kind == "over" else -1)
    words = [word for word in ("estimated", "at_least") if known[word]]
    return sum(known.values()), words[0] if words else "exact"


def _standing_moves(moves: list[Move], day: date) -> list[Move]:
    """What happened up to a day, without what was reversed by then."""
    so_far = [move for move in moves if move.occurred_on <= day]
    undone = {move.reverses_id for move in so_far}
    return [move for move in so_far if move.reverses_id is None and move.id not in undone]


def _old(point: ServicePoint, moves: list[Move], day: date) -> int:
    """Copy by copy: each stands in a queue of its lot with the day it came."""
    queues: dict[int, deque[date]] = defaultdict(deque)
    of_lot: dict[int, list[Move]] = defaultdict(list)
    for move in _standing_moves(moves, day):
        of_lot[move.lot_id].append(move)
    for lot_id, those in of_lot.items():
        for move in sorted(those, key=lambda one: (one.occurred_on, one.to_place_id != point.place_id)):
            for _copy in range(move.quantity):
                if move.to_place_id == point.place_id:
                    queues[lot_id].append(move.occurred_on)
                else:
                    queues[lot_id].popleft()
    leap = (day.month, day.day) == (2, 29)
    since = date(day.year - 1, 2, 28) if leap else day.replace(year=day.year - 1)
    return sum(came <= since for queue in queues.values() for came in queue)


def _last_batch(rows: Rows, point: ServicePoint, moves: list[Move], day: date) -> date | None:
    ours = _bringing(rows, point)
    came = [
        move.occurred_on
        for move in _standing_moves(moves, day)
        if move.batch_id in ours and move.to_place_id == point.place_id and move.reason in ("receive", "accession")
    ]
    return max(came, default=None)


def _bringing(rows: Rows, point: ServicePoint) -> dict[int, Batch]:
    """Batches that bring books here; not what another network handed over."""
    taken = {one.to_batch_id for one in rows(HandOver)}
    found = rows(Batch)
    return {
        one.id: one
        for one in found
        if one.to_place_id == point.place_id and one.kind in BROUGHT and one.id not in taken
    }


def _brought(rows: Rows, point: ServicePoint) -> dict[str, int]:
    lines = {one.batch_id for one in rows(BatchLine)}
    found: dict[str, int] = defaultdict(int)
    for batch in _bringing(rows, point).values():
        day = batch.collected_on if batch.kind == "delivery" else batch.received_on
        if batch.received_on and day and batch.state != "cancelled" and batch.id in lines:
            found[month_of(day)] += 1
    return found


def _reported(rows: Rows, point: ServicePoint) -> dict[str, Told]:
    found: dict[str, Told] = {}
    for reading in rows(Reading):
        if reading.point_id != point.id or reading.month is None or reading.current_id is None:
            continue
        holds = next(one for one in rows(ReadingRevision) if one.id == reading.current_id)
        told = found.setdefault(reading.month, dict.fromkeys(NUMBERS))
        for name in NUMBERS:
            if (number := getattr(holds, name)) is not None:
                told[name] = (told[name] or 0) + number
    return found


def _was(rows: Rows, point: ServicePoint, day: date) -> Told:
    told: Told = {}
    for table, names in ((PointKind, ("kind", "host")), (PointPosition, ("area_code",)), (PointEnrolment, ("pupils",))):
        mine = sorted((one for one in rows(table) if one.point_id == point.id), key=lambda x: x.valid_from)
        held = [one for one in mine if one.valid_from <= day] or mine[:1]
        told |= {name: getattr(held[-1], name) if held else None for name in names}
    return told


def _open(rows: Rows, point: ServicePoint, day: date) -> bool:
    if point.opened_on is None or day < point.opened_on or (point.closed_on is not None and day >= point.closed_on):
        return False
    pauses = [one for one in rows(PointPause) if one.point_id == point.id]
    return not any(one.begins_on <= day and (one.ends_on is None or day < one.ends_on) for one in pauses)
