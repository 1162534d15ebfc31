"""The one way into the ledger: an entry, its moves, and the holdings they change, in a handful of statements."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Select,
    Subquery,
    and_,
    case,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from branchnet import clock, queue
from branchnet.access.acts import Act
from branchnet.calendar.rules import month_of, open_day
from branchnet.database import Day, Key, Moment, Rows
from branchnet.errors import CopiesElsewhere, Invalid, TooEarly
from branchnet.extensions import db
from branchnet.models import Entry, Holding, Move, Network, Place, StaleFact
from branchnet.stock.queries import whereabouts
from branchnet.stock.rules import Posting, Transfer

NAMED_AT_MOST = 200


def post(act: Act, posting: Posting, transfers: Rows | Sequence[Transfer]) -> int:
    """Write an entry with its moves and change the holdings with them. Returns the entry's id.

    A select gives the columns of Transfer. Raises CopiesElsewhere where a place does not hold what is to leave it,
    TooEarly where the day lies before a lot's last day at its from-place, Invalid where there is nothing to move.
    """
    posted_on = open_day(posting.happened_on, locked_through(act.network_id))
    entry_id = write_entry(act, posting, posted_on)
    write_moves(act, posting, entry_id, posted_on, transfers)
    settle(act, entry_id, posted_on)
    return entry_id


def locked_through(network_id: int) -> str | None:
    """The last closed month. FOR SHARE: no month can be locked while something is posted into it."""
    return db.session.execute(
        select(Network.locked_through).where(Network.id == network_id).with_for_update(read=True)
    ).scalar_one()


def write_entry(act: Act, posting: Posting, posted_on: date, reverses_id: int | None = None) -> int:
    """Add the entry's row."""
    return int(
        db.session.execute(
            insert(Entry)
            .values(
                network_id=act.network_id,
                verb=posting.verb,
                batch_id=posting.batch_id,
                happened_on=posting.happened_on,
                posted_on=posted_on,
                recorded_at=clock.now(),
                recorded_by=act.person_id,
                reason=posting.note,
                reverses_id=reverses_id,
            )
            .returning(Entry.id)
        ).scalar_one()
    )


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
            insert(Move).from_select(
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
        insert(Move),
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
    delta = _net(act.network_id, entry_id)
    here = and_(
        Holding.network_id == act.network_id,
        Holding.place_id == delta.c.place_id,
        Holding.lot_id == delta.c.lot_id,
    )
    _lock(delta, here)
    _check(act, delta, here, posted_on)
    last_on = case((Holding.last_on > posted_on, Holding.last_on), else_=literal(posted_on, Day))
    db.session.execute(
        update(Holding)
        .where(here, delta.c.delta <= 0)
        .values(quantity=Holding.quantity + delta.c.delta, last_on=last_on)
        .execution_options(synchronize_session=False)
    )
    _credit(act, delta, posted_on)
    _mark_facts(act, entry_id, posted_on)


def _net(network_id: int, entry_id: int) -> Subquery:
    """By place and lot, what an entry changes in all, and how many copies leave; supply keeps no holding."""
    mine = (Move.network_id == network_id, Move.entry_id == entry_id)
    both = union_all(
        select(
            Move.from_place_id.label("place_id"),
            Move.lot_id,
            Move.serial,
            (-Move.quantity).label("change"),
            Move.quantity.label("leaving"),
        ).where(*mine),
        select(Move.to_place_id, Move.lot_id, Move.serial, Move.quantity, literal(0)).where(*mine),
    ).subquery()
    return (
        select(
            both.c.place_id,
            both.c.lot_id,
            both.c.serial,
            func.sum(both.c.change).label("delta"),
            func.sum(both.c.leaving).label("leaving"),
        )
        .join(Place, (Place.network_id == network_id) & (Place.id == both.c.place_id))
        .where(Place.keeps)
        .group_by(both.c.place_id, both.c.lot_id, both.c.serial)
        .subquery("net")
    )


def _lock(delta: Subquery, here: Any) -> None:
    """Lock what is to change, in the order of its ids. On SQLite the transaction is alone as it is."""
    if db.session.get_bind().dialect.name == "sqlite":
        return
    locked = select(Holding.id).join(delta, here).order_by(Holding.id).with_for_update(of=Holding).subquery()
    db.session.execute(select(func.count()).select_from(locked))


def _check(act: Act, delta: Subquery, here: Any, posted_on: date) -> None:
    """Every place holds what leaves it, and nothing leaves before the last day that touched it there."""
    there = func.coalesce(Holding.quantity, 0)
    missing, early = there + delta.c.delta < 0, and_(delta.c.leaving > 0, Holding.last_on > posted_on)
    rows = db.session.execute(
        select(
            delta.c.lot_id,
            delta.c.place_id,
            (-delta.c.delta).label("asked"),
            there.label("there"),
            Holding.last_on,
            missing.label("missing"),
        )
        .outerjoin(Holding, here)
        .where(or_(missing, early))
        .order_by(delta.c.lot_id)
    ).all()
    if gone := [row for row in rows if row.missing]:
        raise _elsewhere(act, gone[:NAMED_AT_MOST])
    if rows:
        lots = sorted({row.lot_id for row in rows})
        raise TooEarly(earliest=max(row.last_on for row in rows), lots=lots[:NAMED_AT_MOST])


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


def _credit(act: Act, delta: Subquery, posted_on: date) -> None:
    dialect = sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql
    rows = select(
        literal(act.network_id, Key),
        delta.c.place_id,
        literal(True),
        delta.c.lot_id,
        delta.c.serial,
        delta.c.delta,
        literal(posted_on, Day),
    ).where(delta.c.delta > 0)
    statement = dialect.insert(Holding).from_select(
        ["network_id", "place_id", "keeps", "lot_id", "serial", "quantity", "last_on"],
        rows.order_by(delta.c.lot_id),
    )
    newer = case((Holding.last_on > statement.excluded.last_on, Holding.last_on), else_=statement.excluded.last_on)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["network_id", "place_id", "lot_id"],
            set_={"quantity": Holding.quantity + statement.excluded.quantity, "last_on": newer},
        )
    )


def _mark_facts(act: Act, entry_id: int, posted_on: date) -> None:
    """Facts of the points that an entry touched are to be computed again from its month on."""
    touched = union_all(
        select(Move.from_place_id.label("place_id")).where(
            Move.network_id == act.network_id, Move.entry_id == entry_id
        ),
        select(Move.to_place_id).where(Move.network_id == act.network_id, Move.entry_id == entry_id),
    ).subquery()
    points = (
        select(Place.id)
        .where(
            Place.network_id == act.network_id,
            Place.kind == "point",
            Place.id.in_(select(touched.c.place_id)),
        )
        .order_by(Place.id)
    )
    mark_stale(act, list(db.session.scalars(points)), month_of(posted_on))


def mark_stale(act: Act, place_ids: Sequence[int], month: str) -> None:
    """Ask for the facts of these places to be computed again from a month on."""
    if not place_ids:
        return
    dialect = sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql
    rows = [{"network_id": act.network_id, "place_id": place_id, "month": month} for place_id in place_ids]
    statement = dialect.insert(StaleFact).values(rows)
    # Written again even where it stands: a refresh that has read the mark but not yet removed it then waits for us.
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["network_id", "place_id", "month"], set_={"month": statement.excluded.month}
        )
    )
    queue.ask(act.network_id, "facts")
