"""A stocktake ends: what did not match becomes differences, which are closed like any other; or it is called off."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, insert, select, update

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.batches.stocktaking import rules
from branchnet.batches.stocktaking.commands.shared import day_of, last_move, stocktake_for
from branchnet.batches.stocktaking.queries.figures import figures_of
from branchnet.calendar.rules import month_of
from branchnet.errors import Conflict, Invalid, NotFound, TooEarly
from branchnet.extensions import db
from branchnet.models import Discrepancy, Place, Stocktake, StocktakeCrossing
from branchnet.models.stocktake import CROSSINGS
from branchnet.stock.commands import reverse
from branchnet.stock.posting import mark_stale


def answer_crossing(act: Act, stocktake_id: int, entry_id: int, answer: str) -> None:
    """Say that an entry lies ``before`` or ``after`` the count; said again, the new answer stands.

    Raises NotFound for an entry that nobody asks about, Invalid for another answer.
    """
    stocktake = stocktake_for(act, stocktake_id)
    if answer not in CROSSINGS:
        raise Invalid("answer", fields={"answer": "kind"})
    if entry_id not in figures_of(stocktake).variance.asked:
        raise NotFound("crossing_gone", number=stocktake.number)
    mine = (
        StocktakeCrossing.network_id == act.network_id,
        StocktakeCrossing.stocktake_id == stocktake.id,
        StocktakeCrossing.entry_id == entry_id,
    )
    db.session.execute(delete(StocktakeCrossing).where(*mine))
    db.session.execute(
        insert(StocktakeCrossing).values(
            network_id=act.network_id,
            stocktake_id=stocktake.id,
            entry_id=entry_id,
            answer=answer,
            answered_at=clock.now(),
            answered_by=act.person_id,
        )
    )


def close(act: Act, stocktake_id: int, ended_on: date, note: str | None = None) -> list[int]:
    """→ closed: every difference opens, by lot where it is known which. Moves nothing. Returns their ids.

    Raises Conflict("stocktake_empty") where nothing was counted, Conflict("crossings_unanswered") with the entries,
    TooEarly before the last day of counting.
    """
    stocktake = stocktake_for(act, stocktake_id, ends=True)
    last_move_id = last_move(act)
    day, found = day_of(act, stocktake, ended_on), figures_of(stocktake)
    if found.last_counted_on is None:
        raise Conflict("stocktake_empty", number=stocktake.number)
    if day < found.last_counted_on:
        raise TooEarly(earliest=found.last_counted_on, fields={"happened_on": "too_early"})
    if found.unanswered:
        raise Conflict("crossings_unanswered", number=stocktake.number, entries=list(found.unanswered))
    cases = _open(act, stocktake, rules.differences(found.variance.lines), day)
    stocktake.state, stocktake.ended_on, stocktake.ended_by = "closed", day, act.person_id
    stocktake.closed_move_id = last_move_id
    stocktake.note = note or stocktake.note
    db.session.flush()
    if cases:
        _count_stock_anew(act, stocktake, day)
    return cases


def _open(act: Act, stocktake: Stocktake, found: Sequence[rules.Found], day: date) -> list[int]:
    rows = [
        {
            "network_id": act.network_id,
            "stocktake_id": stocktake.id,
            "place_id": stocktake.place_id,
            "lot_id": one.lot_id,
            "kind": one.kind,
            "quantity": one.quantity,
            "in_transit": False,
            "opened_on": day,
            "opened_by": act.person_id,
        }
        for one in found
    ]
    return sorted(db.session.scalars(insert(Discrepancy).returning(Discrepancy.id), rows)) if rows else []


def _count_stock_anew(act: Act, stocktake: Stocktake, day: date) -> None:
    """Counted stock follows the open differences; the shelf has no facts."""
    if db.session.get_one(Place, stocktake.place_id).kind == "point":
        mark_stale(act, [stocktake.place_id], month_of(day))


def cancel(act: Act, stocktake_id: int, reason: str) -> None:
    """→ cancelled: as if nobody had counted; one that is closed already only while its differences moved nothing.

    Raises Invalid("reason_missing"), Conflict("stocktake_stands") with the differences in the way.
    """
    stocktake = stocktake_for(act, stocktake_id, "counting", "closed", ends=True)
    _take_back(act, stocktake, reason)
    today = act.today()
    stocktake.state, stocktake.closed_move_id = "cancelled", None
    stocktake.ended_on, stocktake.ended_by = max(today, stocktake.begun_on), act.person_id
    db.session.flush()


def reopen(act: Act, stocktake_id: int, reason: str) -> None:
    """closed → counting again, while its differences moved nothing; those still open end as miscounted.

    Raises Invalid("reason_missing"), Conflict("stocktake_stands"), Conflict("stocktake_counting") where another one
    runs at the place by now.
    """
    stocktake = stocktake_for(act, stocktake_id, "closed", ends=True)
    running = select(Stocktake.number).where(
        Stocktake.network_id == act.network_id,
        Stocktake.place_id == stocktake.place_id,
        Stocktake.state == "counting",
    )
    if (number := db.session.scalar(running)) is not None:
        raise Conflict("stocktake_counting", number=number)
    _take_back(act, stocktake, reason)
    stocktake.state, stocktake.ended_on, stocktake.ended_by = "counting", None, None
    stocktake.closed_move_id = None
    db.session.flush()


def _take_back(act: Act, stocktake: Stocktake, reason: str) -> None:
    if not reason.strip():
        raise Invalid("reason_missing", fields={"reason": "required"})
    mine = (Discrepancy.network_id == act.network_id, Discrepancy.stocktake_id == stocktake.id)
    moved = select(Discrepancy.id).where(*mine, Discrepancy.entry_id.is_not(None)).order_by(Discrepancy.id)
    if standing := list(db.session.scalars(moved)):
        raise Conflict("stocktake_stands", number=stocktake.number, cases=standing)
    today = act.today()
    opened = db.session.scalars(
        update(Discrepancy)
        .where(*mine, Discrepancy.closed_on.is_(None))
        .values(closed_on=today, closed_by=act.person_id, resolution="miscounted")
        .returning(Discrepancy.opened_on)
        .execution_options(synchronize_session=False)
    ).all()
    stocktake.note = reason.strip()
    if opened:
        _count_stock_anew(act, stocktake, min(opened))


def take_back_ending(act: Act, discrepancy_id: int, reason: str) -> int:
    """A difference of a stocktake was closed by mistake: its copies go back, and it is open again. Returns the entry.

    Raises NotFound where nothing moved by it (or it is not a stocktake's), and what ``stock.commands.reverse`` raises.
    """
    case = db.session.scalars(
        select(Discrepancy)
        .where(Discrepancy.network_id == act.network_id, Discrepancy.id == discrepancy_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if case is None or case.stocktake_id is None or case.entry_id is None:
        raise NotFound(discrepancy_id=discrepancy_id)
    stocktake = stocktake_for(act, case.stocktake_id, "closed")
    entry_id = reverse(act, case.entry_id, reason)
    case.closed_on = case.closed_by = case.resolution = case.entry_id = None
    db.session.flush()
    _count_stock_anew(act, stocktake, case.opened_on)
    return entry_id
