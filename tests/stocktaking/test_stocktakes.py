"""Stocktakes on the ledger: they reconcile and block nobody. Hard cases by the names that they have."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pytest
from flask import Flask

from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.batches.queries.cases import cases_at
from branchnet.batches.stocktaking import commands as stocktaking
from branchnet.batches.stocktaking.queries.figures import Figures, crossings_of, figures_of
from branchnet.coverage import facts
from branchnet.errors import Conflict, CopiesElsewhere, Invalid, NotFound, TooEarly
from branchnet.extensions import db, transaction
from branchnet.models import Batch, Discrepancy, FoundItem, PointMonth, Stocktake
from branchnet.points.queries import central_place
from branchnet.stock.queries import copies_at
from branchnet.stock.rules import NewLot
from tests.support.world import COUNTED, World, build_world

ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    made = build_world(app)
    with app.app_context():
        yield made
        assert violations(made.network_id) == []
        db.session.remove()


def on(world: World, days: int) -> date:
    return world.begun_on + timedelta(days=days)


def send(world: World, copies: int, sent: int, received: int | None, serials: int = 0, point: int = 0) -> int:
    """A batch to a point, of the counted lot and of the first barcoded copies; received on a day, or on the road."""
    with transaction():
        new = batches.NewBatch("allocation", on(world, sent), world.place_ids[point])
        batch = batches.draft(world.act, new)
        lines = [batches.NewLine(lot_id) for lot_id in world.serial_lot_ids[:serials]]
        if copies:
            lines.append(batches.NewLine(world.counted_lot_id, copies))
        batches.add_lines(world.act, batch.id, lines)
        batches.dispatch(world.act, batch.id, on(world, sent))
        batch_id = batch.id
    if received is not None:
        receive(world, batch_id, received)
    return batch_id


def receive(world: World, batch_id: int, days: int) -> list[int]:
    with transaction():
        return batches.receive(world.act, batch_id, on(world, days))


def begin(world: World, days: int, way: str = "count", place_id: int | None = None) -> int:
    with transaction():
        return stocktaking.begin(world.act, place_id or world.place_ids[0], way, on(world, days)).id


def count(world: World, stocktake_id: int, days: int, counts: Mapping[int, int], rest: int | None = None) -> None:
    with transaction():
        stocktaking.count_titles(world.act, stocktake_id, counts, on(world, days), rest)


def scan(world: World, stocktake_id: int, days: int, *barcodes: str) -> stocktaking.ListScanned:
    with transaction():
        return stocktaking.count_list(world.act, stocktake_id, barcodes, on(world, days))


def close(world: World, stocktake_id: int, days: int) -> list[int]:
    with transaction():
        return stocktaking.close(world.act, stocktake_id, on(world, days))


def resolve(world: World, case_id: int, resolution: str, days: int, lots: Mapping[int, int] | None = None) -> None:
    with transaction():
        batches.resolve(world.act, case_id, resolution, on(world, days), lots)


def figures(stocktake_id: int) -> Figures:
    return figures_of(db.session.get_one(Stocktake, stocktake_id))


def opened(stocktake_id: int) -> list[tuple[str, int, int | None]]:
    rows = db.session.query(Discrepancy).filter_by(stocktake_id=stocktake_id, closed_on=None).order_by(Discrepancy.id)
    return [(row.kind, row.quantity, row.lot_id) for row in rows]


def there(world: World, point: int = 0) -> int:
    return copies_at(world.network_id, [world.place_ids[point]]).get(world.place_ids[point], 0)


def test_stocktake_while_boxes_are_on_the_road(world: World) -> None:
    """Counted on the 12th. One box is received while they count, one later, one was written down too late."""
    send(world, 100, 2, 3)
    came_meanwhile, came_after, dated_back = (send(world, copies, 4, None) for copies in (10, 20, 30))
    stocktake = begin(world, 10)
    assert figures(stocktake).variance.untold == 100, "what is on the road is not there"
    receive(world, came_meanwhile, 11)
    count(world, stocktake, 12, {world.counted_lot_id: 138})
    receive(world, came_after, 14)
    receive(world, dated_back, 9)
    assert figures(stocktake).variance.lines[0].expected == 110, "what came after is not expected"
    (asked,) = crossings_of(db.session.get_one(Stocktake, stocktake), figures(stocktake))
    assert (asked.copies, asked.happened_on, asked.answer) == (30, on(world, 9), None)
    with pytest.raises(Conflict, match="crossings_unanswered"):
        close(world, stocktake, 15)
    with transaction():
        stocktaking.answer_crossing(world.act, stocktake, asked.entry_id, "after")
    assert figures(stocktake).variance.lines[0].difference == 28
    with transaction():
        stocktaking.answer_crossing(world.act, stocktake, asked.entry_id, "before")
    (line,) = figures(stocktake).variance.lines
    assert (line.expected, line.counted, line.difference) == (140, 138, -2)
    (case,) = close(world, stocktake, 15)
    assert opened(stocktake) == [("short", 2, world.counted_lot_id)]
    assert there(world) == 160, "a count moves nothing"
    send(world, 40, 16, 17)
    (line,) = figures(stocktake).variance.lines
    assert (line.expected, line.difference) == (140, -2), "closed, it says what it said"
    resolve(world, case, "lost", 18)
    assert there(world) == 198


def test_a_scan_says_of_every_copy_what_it_is(world: World) -> None:
    """Here, elsewhere by the books, nobody's, scanned before; and what was not scanned is missing by name."""
    send(world, 5, 2, 3, serials=4)
    stocktake = begin(world, 10, "scan")
    codes = [*world.barcodes[:3], world.barcodes[0], world.barcodes[9], " 9787-nobody ", ""]
    found = scan(world, stocktake, 10, *codes)
    assert found.codes("here") == list(world.barcodes[:3])
    assert (found.codes("elsewhere"), found.codes("unknown")) == ([world.barcodes[9]], ["9787-nobody"])
    assert (found.repeated, found.refused) == ([world.barcodes[0]], {})
    again = scan(world, stocktake, 11, world.barcodes[0], "9787-nobody", world.barcodes[3])
    assert {code: error.reason for code, error in again.refused.items()} == {
        world.barcodes[0]: "counted_before",
        "9787-nobody": "counted_before",
    }
    with pytest.raises(Conflict, match="counted_before"), transaction():
        stocktaking.count_copy(world.act, stocktake, world.barcodes[1], on(world, 11))
    with transaction():
        stocktaking.name_found(world.act, stocktake, "9787-nobody", "别馆的书")
        stocktaking.uncount(world.act, stocktake, world.serial_lot_ids[2])
    with pytest.raises(NotFound, match="count_gone"), transaction():
        stocktaking.uncount(world.act, stocktake, world.serial_lot_ids[2])
    item = db.session.query(FoundItem).one()
    assert (item.code, item.title, item.place_id) == ("9787-nobody", "别馆的书", world.place_ids[0])
    assert figures(stocktake).variance.untold == 5, "nobody has said anything of what has no barcode"
    close(world, stocktake, 12)
    assert sorted(opened(stocktake)) == [("over", 1, world.serial_lot_ids[9]), ("short", 1, world.serial_lot_ids[2])]


def test_a_copy_scanned_here_is_brought_here_in_the_books_by_one_press(world: World) -> None:
    send(world, 0, 2, 3, serials=3, point=1)
    shelf, stocktake = central_place(world.network_id, "shelf"), begin(world, 10, "scan")
    scan(world, stocktake, 10, *world.barcodes[:2], world.barcodes[8])
    assert len([line for line in figures(stocktake).variance.lines if line.difference]) == 3
    for place, kind in ((world.place_ids[1], "rotation"), (shelf, "allocation")):
        with transaction():
            number = stocktaking.bring_here(world.act, stocktake, place, on(world, 11))
        batch = db.session.query(Batch).filter_by(number=number).one()
        assert (batch.kind, batch.state) == (kind, "closed")
    with pytest.raises(Conflict, match="cannot_bring"), transaction():
        stocktaking.bring_here(world.act, stocktake, shelf, on(world, 11))
    assert (there(world), there(world, 1)) == (3, 1)
    assert close(world, stocktake, 11) == []


def test_one_stocktake_at_a_place(world: World) -> None:
    first, elsewhere = begin(world, 10), begin(world, 10, "scan", central_place(world.network_id, "shelf"))
    numbers = [db.session.get_one(Stocktake, one).number for one in (first, elsewhere)]
    year = f"{on(world, 10).year % 100:02d}"
    assert numbers == [f"PD{year}-001", f"PD{year}-002"]
    with pytest.raises(Conflict, match="stocktake_counting") as error:
        begin(world, 12)
    assert error.value.data == {"number": numbers[0]}
    with pytest.raises(Invalid, match="place"):
        begin(world, 12, place_id=central_place(world.network_id, "lost"))
    with pytest.raises(Invalid, match="in_the_future"):
        begin(world, 900, place_id=world.place_ids[1])
    with pytest.raises(Conflict, match="stocktake_empty"):
        close(world, first, 12)
    with transaction():
        stocktaking.cancel(world.act, first, "改日再盘")
    with pytest.raises(Conflict, match="stocktake_over"):
        count(world, first, 12, {}, 3)
    begin(world, 12)


@ON_SQLITE
def test_counts_are_of_days_between_begin_and_end(world: World) -> None:
    send(world, 5, 2, 3)
    stocktake = begin(world, 10)
    with pytest.raises(TooEarly):
        count(world, stocktake, 9, {world.counted_lot_id: 5})
    with pytest.raises(Invalid, match="nothing_counted"):
        count(world, stocktake, 10, {})
    with pytest.raises(NotFound, match="lot_unknown"):
        count(world, stocktake, 10, {world.serial_lot_ids[0]: 1})
    count(world, stocktake, 12, {world.counted_lot_id: 5})
    with pytest.raises(TooEarly):
        close(world, stocktake, 11)
    assert close(world, stocktake, 12) == []


@ON_SQLITE
def test_counted_again_the_new_number_and_day_stand_for_all_lots_of_the_name(world: World) -> None:
    with transaction():
        lots = [NewLot("绘本", 6), NewLot("绘本", 4)]
        taken = batches.take_in(world.act, "opening", lots, on(world, 1), world.place_ids[0])
    first, second = taken.lot_ids
    stocktake = begin(world, 10)
    count(world, stocktake, 10, {second: 9})
    count(world, stocktake, 12, {first: 8})
    (line,) = figures(stocktake).variance.lines
    assert (line.expected, line.counted, line.counted_on, line.difference) == (10, 8, on(world, 12), -2)
    close(world, stocktake, 12)
    assert opened(stocktake) == [("short", 2, first)]


def test_a_number_for_all_names_no_copy_until_somebody_knows(world: World) -> None:
    send(world, 20, 2, 3, serials=5)
    stocktake = begin(world, 10)
    count(world, stocktake, 10, {}, rest=22)
    (case,) = close(world, stocktake, 11)
    assert opened(stocktake) == [("short", 3, None)]
    with pytest.raises(Invalid, match="copies_to_name"):
        resolve(world, case, "lost", 12)
    resolve(world, case, "lost", 12, {world.counted_lot_id: 2, world.serial_lot_ids[0]: 1})
    assert there(world) == 22


def test_an_estimate_is_set_right_by_the_count(world: World) -> None:
    """What the books had as an estimate is no loss: closed as miscounted, they follow. Over, they follow as surplus."""
    with transaction():
        lots = [NewLot("旧书", 800, quality="estimated"), NewLot("捐书", 50, quality="at_least")]
        taken = batches.take_in(world.act, "opening", lots, on(world, 1), world.place_ids[0])
    old, given = taken.lot_ids
    stocktake = begin(world, 10)
    count(world, stocktake, 10, {old: 780, given: 62})
    short, over = close(world, stocktake, 10)
    resolve(world, short, "miscounted", 11)
    resolve(world, over, "surplus", 11)
    assert there(world) == 780 + 62
    assert violations(world.network_id) == []
    again = begin(world, 20)
    count(world, again, 20, {old: 780, given: 62})
    assert close(world, again, 20) == []


def test_an_open_difference_is_not_found_again(world: World) -> None:
    """The next stocktake, and one after a box that came short, open nothing that is known."""
    batch_id = send(world, 0, 2, None, serials=10)
    with transaction():
        (nameless,) = batches.receive(world.act, batch_id, on(world, 3), {0: 9})
    first = begin(world, 10)
    count(world, first, 10, {}, rest=9)
    assert figures(first).nameless == -1
    assert close(world, first, 10) == []
    second = begin(world, 20)
    count(world, second, 20, {}, rest=8)
    close(world, second, 20)
    assert opened(second) == [("short", 1, None)]
    third = begin(world, 30)
    count(world, third, 30, {}, rest=8)
    assert close(world, third, 30) == []
    resolve(world, nameless, "found", 31)


def test_counted_stock_follows_the_differences_of_a_stocktake(app: Flask, world: World) -> None:
    send(world, 20, 2, 3)
    stocktake = begin(world, 10)
    count(world, stocktake, 10, {world.counted_lot_id: 17})
    (case,) = close(world, stocktake, 10)
    assert [
        (one.stocktake, one.batch, one.quantity) for one in cases_at(world.network_id, world.place_ids[0], on(world, 0))
    ] == [(db.session.get_one(Stocktake, stocktake).number, None, 3)]

    def month() -> PointMonth:
        with transaction():
            facts.catch_up(world.act)
            facts.refresh(world.act)
        query = db.session.query(PointMonth).filter_by(network_id=world.network_id, point_id=world.point_ids[0])
        return query.order_by(PointMonth.month.desc()).first()  # type: ignore[return-value]

    assert (month().copies, month().copies_quality) == (17, "estimated")
    resolve(world, case, "found", 12)
    assert (month().copies, month().copies_quality) == (20, "exact")


def test_a_closed_stocktake_is_taken_back_while_its_differences_moved_nothing(world: World) -> None:
    send(world, 20, 2, 3)
    stocktake = begin(world, 10)
    count(world, stocktake, 10, {world.counted_lot_id: 17})
    close(world, stocktake, 10)
    with pytest.raises(Invalid, match="reason_missing"), transaction():
        stocktaking.reopen(world.act, stocktake, " ")
    with transaction():
        stocktaking.reopen(world.act, stocktake, "漏数了一架")
    assert opened(stocktake) == []
    count(world, stocktake, 11, {world.counted_lot_id: 18})
    (case,) = close(world, stocktake, 11)
    other = begin(world, 12)
    with pytest.raises(Conflict, match="stocktake_counting"), transaction():
        stocktaking.reopen(world.act, stocktake, "再数")
    with transaction():
        stocktaking.cancel(world.act, other, "不用了")
    resolve(world, case, "lost", 13)
    for command in (stocktaking.reopen, stocktaking.cancel):
        with pytest.raises(Conflict, match="stocktake_stands") as error, transaction():
            command(world.act, stocktake, "再数")
        assert error.value.data["cases"] == [case]
    with transaction():
        stocktaking.take_back_ending(world.act, case, "找到了")
    assert (there(world), opened(stocktake)) == (20, [("short", 2, world.counted_lot_id)])
    with transaction():
        stocktaking.cancel(world.act, stocktake, "整个重来")
    assert (there(world), opened(stocktake)) == (20, [])


@ON_SQLITE
def test_what_left_meanwhile_cannot_be_lost(world: World) -> None:
    """A short of what the books moved on since is capped; and a copy is not lost where it does not stand."""
    send(world, 20, 2, 3)
    stocktake = begin(world, 10)
    count(world, stocktake, 10, {world.counted_lot_id: 15})
    with transaction():
        new = batches.NewBatch("return", on(world, 11), from_place_id=world.place_ids[0])
        back = batches.draft(world.act, new).id
        batches.add_lines(world.act, back, [batches.NewLine(world.counted_lot_id, 18)])
        batches.dispatch(world.act, back, on(world, 11))
    (case,) = close(world, stocktake, 11)
    assert opened(stocktake) == [("short", 2, world.counted_lot_id)]
    with transaction():
        batches.receive(world.act, back, on(world, 12))
        more = batches.draft(world.act, batches.NewBatch("return", on(world, 12), from_place_id=world.place_ids[0])).id
        batches.add_lines(world.act, more, [batches.NewLine(world.counted_lot_id, 2)])
        batches.dispatch(world.act, more, on(world, 12))
    with pytest.raises(CopiesElsewhere):
        resolve(world, case, "lost", 12)
    resolve(world, case, "found", 12)


@ON_SQLITE
def test_the_shelf_is_counted_like_a_point(world: World) -> None:
    shelf = central_place(world.network_id, "shelf")
    stocktake = begin(world, 5, "scan", shelf)
    scan(world, stocktake, 5, *world.barcodes[1:])
    count(world, stocktake, 6, {world.counted_lot_id: COUNTED})
    send(world, 30, 7, None, serials=1)
    assert close(world, stocktake, 8) == [], "the copy that was not scanned has left since"
