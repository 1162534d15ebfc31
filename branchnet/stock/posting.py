"""The one way into the ledger: an entry, its moves, and the holdings they change, in a handful of statements."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, literal, null, select, union_all

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.calendar.queries import first_open_day, locked_through
from branchnet.calendar.rules import month_of
from branchnet.calendar.stale import mark_stale
from branchnet.database import Day, Key, Moment, Rows
from branchnet.errors import CopiesElsewhere, Invalid, TooEarly
from branchnet.extensions import db
from branchnet.models import Batch
from branchnet.stock import statements
from branchnet.stock.queries import AT_ONCE, whereabouts
from branchnet.stock.rules import Posting, Transfer, enough_since

__all__ = [
    "NAMED_AT_MOST",
    "locked_through",
    "mark_stale",
    "post",
    "posting_day",
    "settle",
    "write_entry",
    "write_moves",
]

NAMED_AT_MOST = 200


def post(act: Act, posting: Posting, transfers: Rows | Sequence[Transfer]) -> int:
    """Write an entry with its moves and change the holdings with them. Returns the entry's id.

    A select gives the columns of Transfer. Raises CopiesElsewhere where a place does not hold what is to leave it,
    TooEarly where the day lies before a lot's last day at its from-place, Invalid where there is nothing to move.
    """
    posted_on = posting_day(act, posting.happened_on, posting.batch_id, transfers)
    entry_id = write_entry(act, posting, posted_on)
    write_moves(act, posting, entry_id, posted_on, transfers)
    settle(act, entry_id, posted_on)
    return entry_id


def posting_day(act: Act, day: date, batch_id: int | None, transfers: Rows | Sequence[Transfer]) -> date:
    """The day itself where its month is open, or is by exception for the points that are touched; else the first open.

    Touched is where copies leave and where they come to; of a batch both its ends, while they are on its road too.
    """
    return first_open_day(act, day, lambda: _touched(act, batch_id, transfers))


def _touched(act: Act, batch_id: int | None, transfers: Rows | Sequence[Transfer]) -> Any:
    of_batch = (Batch.network_id == act.network_id, Batch.id == batch_id)
    ends = [select(place).where(*of_batch) for place in (Batch.from_place_id, Batch.to_place_id)]
    if isinstance(transfers, Select):
        given = transfers.subquery()
        return union_all(*ends, select(given.c.from_place_id), select(given.c.to_place_id))
    places = {place for one in transfers for place in (one.from_place_id, one.to_place_id)}
    return sorted({*places, *filter(None, db.session.scalars(union_all(*ends)))})


def write_entry(act: Act, posting: Posting, posted_on: date, reverses_id: int | None = None) -> int:
    """Add the entry's row."""
    row = {
        "network_id": act.network_id,
        "verb": posting.verb,
        "batch_id": posting.batch_id,
        "happened_on": posting.happened_on,
        "posted_on": posted_on,
        "recorded_at": clock.now(),
        "recorded_by": act.person_id,
        "reason": posting.note,
        "reverses_id": reverses_id,
    }
    return int(db.session.execute(statements.NEW_ENTRY, row).scalar_one())


def write_moves(
    act: Act,
    posting: Posting,
    entry_id: int,
    posted_on: date,
    transfers: Rows | Sequence[Transfer],
) -> None:
    """Add the moves of an entry. A sixth column of the select, where there is one, is the move it reverses."""
    common = {
        "network_id": literal(act.network_id, Key),
        "entry_id": literal(entry_id, Key),
        "batch_id": literal(posting.batch_id, Key) if posting.batch_id else null(),
        "occurred_on": literal(posted_on, Day),
        "recorded_at": literal(clock.now(), Moment),
        "recorded_by": literal(act.person_id, Key) if act.person_id else null(),
        "reason": literal(posting.reason),
    }
    if isinstance(transfers, Select):
        given = transfers.subquery()
        db.session.execute(
            statements.NEW_MOVES.from_select(
                [*common, *(column.name for column in given.c)],
                select(*common.values(), *given.c).order_by(given.c.lot_id),
            )
        )
        return
    if not transfers:
        raise Invalid("nothing_to_move")
    plain = {
        "network_id": act.network_id,
        "entry_id": entry_id,
        "batch_id": posting.batch_id,
        "occurred_on": posted_on,
        "recorded_at": clock.now(),
        "recorded_by": act.person_id,
        "reason": posting.reason,
    }
    db.session.execute(
        statements.NEW_MOVES,
        [
            {
                **plain,
                "lot_id": transfer.lot_id,
                "serial": transfer.serial,
                "from_place_id": transfer.from_place_id,
                "to_place_id": transfer.to_place_id,
                "quantity": transfer.quantity,
            }
            for transfer in transfers
        ],
    )


def settle(act: Act, entry_id: int, posted_on: date) -> None:
    """Bring the holdings to where the entry's moves leave them: lock, check, debit, credit."""
    mine: dict[str, Any] = {"network": act.network_id, "entry": entry_id}
    dated, engine = {**mine, "day": posted_on}, db.session.get_bind().dialect.name
    # On SQLite the transaction is alone as it is.
    if engine != "sqlite":
        db.session.execute(statements.LOCK, mine)
    _check(act, db.session.execute(statements.CHECK, dated).all(), posted_on)
    db.session.execute(statements.DEBIT, dated)
    db.session.execute(statements.CREDIT[engine], dated)
    # Facts of the points that the entry touched are to be computed again from its month on.
    points = list(db.session.scalars(statements.POINTS_TOUCHED, mine))
    mark_stale(act, points, month_of(posted_on))


def _check(act: Act, rows: Sequence[Any], posted_on: date) -> None:
    """Every place holds what leaves it, and held it from that day on until now.

    A barcoded copy that came later was not there before. Of a counted lot some may have been there all the time.
    """
    if gone := [row for row in rows if row.missing]:
        raise _elsewhere(act, gone[:NAMED_AT_MOST])
    early = {(row.place_id, row.lot_id): row.last_on for row in rows if row.serial}
    early |= _never_enough(act, [row for row in rows if not row.serial], posted_on)
    if early:
        lots = sorted({lot_id for _place, lot_id in early})
        raise TooEarly(earliest=max(early.values()), lots=lots[:NAMED_AT_MOST])


def _never_enough(act: Act, rows: Sequence[Any], posted_on: date) -> dict[tuple[int, int], date]:
    """By place and lot the first day since when there was enough of a counted lot, where that came later."""
    if not rows:
        return {}
    lots, places = sorted({row.lot_id for row in rows}), sorted({row.place_id for row in rows})
    changes: dict[tuple[int, int], list[tuple[date, int]]] = {}
    for start in range(0, len(lots), AT_ONCE):
        asked: dict[str, Any] = {"network": act.network_id, "day": posted_on, "places": places}
        asked["lots"] = lots[start : start + AT_ONCE]
        for place_id, lot_id, day, change in db.session.execute(statements.LATER, asked):
            changes.setdefault((place_id, lot_id), []).append((day, change))
    # The moves of this very posting are written, the holdings not yet: what will be left is where the count begins.
    left = {(row.place_id, row.lot_id): row.there - int(row.asked) for row in rows}
    firsts = {key: enough_since(left[key], changes.get(key, ())) for key in left}
    return {key: first for key, first in firsts.items() if first is not None}


def _elsewhere(act: Act, rows: Sequence[Any]) -> CopiesElsewhere:
    now = whereabouts(act.network_id, [row.lot_id for row in rows])
    return CopiesElsewhere(
        lots=[
            {
                "lot_id": row.lot_id,
                "place_id": row.place_id,
                "asked": int(row.asked),
                "there": row.there,
                "now": now[row.lot_id],
            }
            for row in rows
        ]
    )
