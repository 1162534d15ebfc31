"""What nobody may do to the tables, tried behind the commands' back: each names the constraint that must refuse it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import delete, insert, select, text, update

from branchnet import clock
from branchnet.access.operations import perform
from branchnet.batches import commands as batches
from branchnet.calendar.rules import month_of
from branchnet.extensions import db, transaction
from branchnet.models import (
    Batch,
    BatchGoods,
    BatchLine,
    Box,
    Entry,
    Holding,
    Lot,
    Move,
    Operation,
    Reading,
    ReadingRevision,
    Stocktake,
)
from branchnet.points.queries import central_place
from branchnet.readings.commands import Sent, submit_month
from branchnet.readings.rules import Report
from tests.support.world import World, build_world


@dataclass(frozen=True, slots=True)
class Scene:
    """Two networks; in the first a batch was received and two months were reported."""

    world: World
    other: World
    batch_id: int
    move: dict[str, Any]
    """A move of the dispatch, as a row."""


def row(table: Any, **where: Any) -> dict[str, Any]:
    """The first row of a table that fits, without its id: to be written again, changed."""
    found = db.session.scalars(select(table).filter_by(**where).order_by(table.id)).first()
    assert found is not None
    values = {column.name: getattr(found, column.name) for column in table.__table__.columns}
    values.pop("id")
    return values


def build_scene(app: Flask) -> Scene:
    """Make the scene by commands."""
    world, other = build_world(app, "first"), build_world(app, "second")
    with app.app_context():
        act = world.act
        day = world.begun_on + timedelta(days=3)

        def send() -> dict[str, Any]:
            batch = batches.draft(act, batches.NewBatch("allocation", day, world.place_ids[0]))
            lines = [batches.NewLine(lot_id) for lot_id in world.serial_lot_ids[:3]]
            batches.add_lines(act, batch.id, [*lines, batches.NewLine(world.counted_lot_id, 50)])
            batches.dispatch(act, batch.id, day)
            batches.receive(act, batch.id, day)
            for months in (0, 31):
                month = month_of(world.begun_on + timedelta(days=months))
                submit_month(act, world.point_ids[0], month, Report(in_school_visits=9), Sent("staff"))
            return {"batch": batch.id}

        made = perform(act, "scene-0001", "scene", {}, send)
        move = row(Move, network_id=act.network_id, reason="dispatch", serial=True)
        db.session.rollback()
    return Scene(world, other, made["batch"], move)


Attempt = Callable[[Scene], Any]
ATTEMPTS: dict[str, tuple[str, Attempt]] = {}


def refused_by(constraint: str, table: str) -> Callable[[Attempt], Attempt]:
    """Register what this constraint of this table must refuse."""

    def register(attempt: Attempt) -> Attempt:
        ATTEMPTS[constraint] = (table, attempt)
        return attempt

    return register


@refused_by("ck_holdings_quantity", "holdings")
def below_zero(scene: Scene) -> Any:
    return (
        update(Holding)
        .where(Holding.network_id == scene.world.network_id, Holding.lot_id == scene.world.counted_lot_id)
        .values(quantity=-1)
    )


@refused_by("uq_holdings_copy_in_one_place", "holdings")
def a_copy_in_two_places(scene: Scene) -> Any:
    held = row(Holding, network_id=scene.world.network_id, lot_id=scene.world.serial_lot_ids[5])
    return insert(Holding).values({**held, "place_id": scene.world.place_ids[1]})


@refused_by("ck_holdings_keeps", "holdings")
def books_held_outside_the_world(scene: Scene) -> Any:
    held = row(Holding, network_id=scene.world.network_id, lot_id=scene.world.counted_lot_id)
    supply = central_place(scene.world.network_id, "supply")
    return insert(Holding).values({**held, "place_id": supply, "keeps": False})


@refused_by("ck_moves_quantity", "moves")
def a_move_of_nothing(scene: Scene) -> Any:
    counted = row(Move, network_id=scene.world.network_id, serial=False)
    return insert(Move).values({**counted, "quantity": 0})


@refused_by("ck_moves_serial_one", "moves")
def one_copy_moved_twice_at_once(scene: Scene) -> Any:
    return insert(Move).values({**scene.move, "quantity": 2})


@refused_by("ck_moves_elsewhere", "moves")
def a_move_to_where_it_is(scene: Scene) -> Any:
    return insert(Move).values({**scene.move, "to_place_id": scene.move["from_place_id"]})


@refused_by("fk_moves_mirror", "moves")
def a_reversal_that_is_no_mirror(scene: Scene) -> Any:
    counted = row(Move, network_id=scene.world.network_id, serial=False, reason="dispatch")
    move_id = db.session.scalar(
        select(Move.id).where(
            Move.network_id == scene.world.network_id, Move.serial.is_(False), Move.reason == "dispatch"
        )
    )
    mirrored = {"from_place_id": counted["to_place_id"], "to_place_id": counted["from_place_id"]}
    return insert(Move).values({**counted, **mirrored, "quantity": 49, "reverses_id": move_id})


@refused_by("uq_moves_network_id_reverses_id", "moves")
def a_move_reversed_twice(scene: Scene) -> Any:
    move_id = db.session.scalar(
        select(Move.id).filter_by(network_id=scene.world.network_id, lot_id=scene.move["lot_id"], reason="dispatch")
    )
    ends = {"from_place_id": scene.move["to_place_id"], "to_place_id": scene.move["from_place_id"]}
    back = {**scene.move, **ends, "reverses_id": move_id}
    return insert(Move).values([back, back])


@refused_by("fk_moves_network_id_lot_id_serial", "moves")
def books_of_another_network(scene: Scene) -> Any:
    return insert(Move).values({**scene.move, "lot_id": scene.other.serial_lot_ids[0]})


@refused_by("fk_moves_network_id_to_place_id", "moves")
def books_to_another_network(scene: Scene) -> Any:
    return insert(Move).values({**scene.move, "to_place_id": scene.other.place_ids[0]})


@refused_by("fk_moves_entry_day", "moves")
def a_move_on_another_day_than_its_entry(scene: Scene) -> Any:
    return insert(Move).values({**scene.move, "occurred_on": scene.move["occurred_on"] - timedelta(days=1)})


@refused_by("trg_moves_no_update", "moves")
def a_move_edited(scene: Scene) -> Any:
    return update(Move).where(Move.network_id == scene.world.network_id).values(reason="other")


@refused_by("trg_moves_no_delete", "moves")
def a_move_deleted(scene: Scene) -> Any:
    return delete(Move).where(Move.network_id == scene.world.network_id, Move.reason == "receive")


@refused_by("trg_reading_revisions_no_update", "reading_revisions")
def a_submission_edited(scene: Scene) -> Any:
    return (
        update(ReadingRevision)
        .where(ReadingRevision.network_id == scene.world.network_id)
        .values(in_school_visits=10_000)
    )


@refused_by("ck_reading_revisions_not_open", "reading_revisions")
def closed_with_visitors(scene: Scene) -> Any:
    sent = row(ReadingRevision, network_id=scene.world.network_id)
    return insert(ReadingRevision).values({**sent, "number": 9, "receipt": "x-1", "not_open": True})


@refused_by("fk_readings_current", "readings")
def the_numbers_of_another_month(scene: Scene) -> Any:
    first, second = db.session.scalars(
        select(Reading).where(Reading.network_id == scene.world.network_id).order_by(Reading.id)
    ).all()
    return update(Reading).where(Reading.id == first.id).values(current_id=second.current_id)


@refused_by("uq_readings_month", "readings")
def a_month_twice(scene: Scene) -> Any:
    return insert(Reading).values({**row(Reading, network_id=scene.world.network_id), "current_id": None})


@refused_by("uq_lots_network_id_barcode", "lots")
def a_barcode_twice(scene: Scene) -> Any:
    return insert(Lot).values(row(Lot, network_id=scene.world.network_id, serial=True))


@refused_by("uq_batch_lines_copy_once", "batch_lines")
def a_copy_twice_in_a_batch(scene: Scene) -> Any:
    line = row(BatchLine, network_id=scene.world.network_id, batch_id=scene.batch_id, serial=True)
    return insert(BatchLine).values({**line, "box_id": None})


@refused_by("uq_operations_network_id_key", "operations")
def an_operation_twice(scene: Scene) -> Any:
    return insert(Operation).values(
        network_id=scene.world.network_id,
        key="scene-0001",
        verb="scene",
        body_hash="other",
        outcome={},
        recorded_at=clock.now(),
    )


@refused_by("ck_batches_dispatched", "batches")
def on_the_road_since_never(scene: Scene) -> Any:
    return (
        update(Batch)
        .where(Batch.network_id == scene.world.network_id, Batch.id == scene.batch_id)
        .values(state="dispatched", dispatched_on=None, received_on=None)
    )


@refused_by("ck_entries_reversal_reason", "entries")
def a_reversal_without_a_reason(scene: Scene) -> Any:
    entry_id = db.session.scalar(
        select(Entry.id).where(Entry.network_id == scene.world.network_id, Entry.verb == "receive")
    )
    entry = row(Entry, network_id=scene.world.network_id, verb="receive")
    return insert(Entry).values({**entry, "reverses_id": entry_id, "reason": ""})


@refused_by("ck_batches_donated", "batches")
def donors_of_what_was_sent(scene: Scene) -> Any:
    return update(Batch).where(Batch.network_id == scene.world.network_id, Batch.id == scene.batch_id).values(donors=3)


@refused_by("ck_boxes_recalled", "boxes")
def a_box_counted_and_recalled(scene: Scene) -> Any:
    return (
        update(Box)
        .where(Box.network_id == scene.world.network_id, Box.counted_on.is_not(None))
        .values(recalled_on=scene.move["occurred_on"])
    )


@refused_by("ck_batch_goods_number", "batch_goods")
def goods_of_which_there_are_none(scene: Scene) -> Any:
    return insert(BatchGoods).values(
        network_id=scene.world.network_id,
        batch_id=scene.batch_id,
        kind="toys",
        name="积木",
        number=0,
        unit="套",
        added_at=clock.now(),
    )


@refused_by("uq_stocktakes_one_at_a_place", "stocktakes")
def two_stocktakes_at_a_place(scene: Scene) -> Any:
    counting = {
        "network_id": scene.world.network_id,
        "place_id": scene.world.place_ids[0],
        "way": "count",
        "state": "counting",
        "begun_on": scene.world.begun_on,
        "begun_at": clock.now(),
    }
    return insert(Stocktake).values([{**counting, "number": number} for number in ("PD-1", "PD-2")])


@refused_by("ck_stocktakes_closed", "stocktakes")
def a_stocktake_closed_at_no_move(scene: Scene) -> Any:
    return insert(Stocktake).values(
        network_id=scene.world.network_id,
        number="PD-3",
        place_id=scene.world.place_ids[0],
        way="count",
        state="closed",
        begun_on=scene.world.begun_on,
        begun_at=clock.now(),
        ended_on=scene.world.begun_on,
    )


def attempt(app: Flask, scene: Scene, name: str) -> None:
    """Make the attempt in a transaction of its own, with the constraints that wait for the commit checked too."""
    with app.app_context(), transaction() as session:
        session.execute(ATTEMPTS[name][1](scene), execution_options={"synchronize_session": False})
        session.execute(text("SELECT 1"))
