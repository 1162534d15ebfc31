"""The life of a batch in its hard cases, each by the name that it has where it was decided."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import insert

from branchnet import clock
from branchnet.access.operations import perform
from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.batches.commands.receipt import say_counted
from branchnet.batches.incoming import on_the_way
from branchnet.batches.queries import batches_listed, boxes_of
from branchnet.batches.queries.listing import Filters
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db, transaction
from branchnet.models import Agreement, Batch, BatchEvent, BatchGoods, Discrepancy, Entry, Lot, Move, ServicePoint
from branchnet.points.queries import central_place
from branchnet.stock.queries import copies_at
from branchnet.stock.rules import NewLot
from tests.support.world import COPIES, COUNTED, World, build_world

ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])
"""What is decided in Python alone: the histories take the same commands through both engines."""


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    made = build_world(app)
    with app.app_context():
        yield made
        assert violations(made.network_id) == []
        db.session.remove()


def on(world: World, days: int) -> date:
    return world.begun_on + timedelta(days=days)


def draft(world: World, boxes: Sequence[int], new: batches.NewBatch | None = None) -> int:
    """A draft to the first point with so many copies of the counted lot in each box; a copy besides in the last."""
    with transaction():
        batch = batches.draft(world.act, new or batches.NewBatch("allocation", on(world, 5), world.place_ids[0]))
        batches.open_boxes(world.act, batch.id, len(boxes))
        lines = [batches.NewLine(world.counted_lot_id, copies, number) for number, copies in enumerate(boxes, 1)]
        batches.add_lines(world.act, batch.id, [*lines, batches.NewLine(world.serial_lot_ids[0], 1, len(boxes))])
        return batch.id


def sent(world: World, boxes: Sequence[int], new: batches.NewBatch | None = None) -> int:
    batch_id = draft(world, boxes, new)
    with transaction():
        batches.dispatch(world.act, batch_id, on(world, 5))
    return batch_id


def receive(world: World, batch_id: int, counts: dict[int, int] | None = None, days: int = 6) -> list[int]:
    with transaction():
        return batches.receive(world.act, batch_id, on(world, days), counts)


def take_back(world: World, batch_id: int, step: str) -> None:
    with transaction():
        query = db.session.query(BatchEvent).filter_by(batch_id=batch_id, step=step).order_by(BatchEvent.id.desc())
        batches.reverse_step(world.act, batch_id, query.first().id, "记错了")  # type: ignore[union-attr]


def state(batch_id: int) -> str:
    return db.session.get_one(Batch, batch_id).state


def at(world: World, *places: int) -> list[int]:
    places = (central_place(world.network_id, "shelf"), *places)
    found = copies_at(world.network_id, places)
    return [found.get(place, 0) for place in places]


def test_cancel_on_the_road_is_recalling_the_rest(world: World) -> None:
    """One box was received; of the others some came back and two copies did not."""
    batch_id = sent(world, [10, 20, 30])
    with pytest.raises(Conflict, match="nothing_received"), transaction():
        batches.recall(world.act, batch_id, on(world, 7), "路断了")
    receive(world, batch_id, {1: 10})
    with pytest.raises(Conflict, match="received_in_part"), transaction():
        batches.cancel(world.act, batch_id, on(world, 7), "路断了")
    with pytest.raises(Invalid, match="lost"), transaction():
        batches.recall(world.act, batch_id, on(world, 7), "路断了", {world.counted_lot_id: 51})
    lost = central_place(world.network_id, "lost")
    with transaction():
        batches.recall(world.act, batch_id, on(world, 7), "路断了", {world.counted_lot_id: 2})
    assert at(world, world.place_ids[0], lost) == [COUNTED + COPIES - 12, 10, 2]
    assert state(batch_id) == "closed"
    assert [box.recalled_on for box in boxes_of(world.network_id, batch_id)] == [None, on(world, 7), on(world, 7)]
    assert on_the_way(world.network_id, world.place_ids) == []
    assert batches_listed([world.network_id], Filters(state="arrived"), world.act.today())[1] == 0


def test_a_recall_is_taken_back_before_the_count_it_followed(world: World) -> None:
    batch_id = sent(world, [10, 20])
    receive(world, batch_id, {1: 9})
    with transaction():
        batches.recall(world.act, batch_id, on(world, 7), "路断了")
    assert state(batch_id) == "received", "the shortage of the first box is a case of its own"
    with pytest.raises(Conflict, match="later_moves"):
        take_back(world, batch_id, "received")
    take_back(world, batch_id, "recalled")
    assert state(batch_id) == "dispatched"
    assert [part.copies for part in on_the_way(world.network_id, world.place_ids)[0].parts] == [21]
    receive(world, batch_id, {2: 21}, days=7)
    assert at(world, world.place_ids[0]) == [COUNTED + COPIES - 31, 30]


@ON_SQLITE
def test_lost_on_the_road_before_anything_came(world: World) -> None:
    """Nothing was received: it is cancelled, what was lost stays lost, and that can be taken back."""
    batch_id = sent(world, [10])
    with transaction():
        batches.recall(world.act, batch_id, on(world, 7), "翻车", {world.counted_lot_id: 4, world.serial_lot_ids[0]: 1})
    lost = central_place(world.network_id, "lost")
    assert (state(batch_id), at(world, lost)) == ("cancelled", [COUNTED + COPIES - 5, 5])
    assert violations(world.network_id) == []
    take_back(world, batch_id, "recalled")
    assert (state(batch_id), at(world, lost)) == ("dispatched", [COUNTED + COPIES - 11, 0])


def test_damage_told_of_what_never_came_ends_with_its_recall(world: World) -> None:
    """Nobody could settle it: its books are back at the shelf. Taken back, it is open as it was."""
    batch_id = sent(world, [10])
    with transaction():
        batches.report_damaged(world.act, batch_id, 2, on(world, 9), world.counted_lot_id)
        batches.recall(world.act, batch_id, on(world, 7), "翻车", {world.counted_lot_id: 4})
    case = db.session.query(Discrepancy).filter_by(batch_id=batch_id).one()
    assert (state(batch_id), case.resolution, case.closed_on) == ("cancelled", "miscounted", on(world, 9))
    with pytest.raises(Conflict, match="ended_with_step"), transaction():
        batches.reverse_closing(world.act, case.id, "没有破")
    take_back(world, batch_id, "recalled")
    db.session.expire_all()
    assert (state(batch_id), case.closed_on, case.entry_id) == ("dispatched", None, None)
    with transaction():
        batches.cancel(world.act, batch_id, on(world, 10), "不送了")
    assert (state(batch_id), case.resolution) == ("cancelled", "miscounted")
    assert at(world) == [COUNTED + COPIES]


def test_damage_told_of_a_recalled_box_ends_and_another_one_stays(world: World) -> None:
    batch_id = sent(world, [10, 20])
    receive(world, batch_id, {1: 10})
    with transaction():
        stays = batches.report_damaged(world.act, batch_id, 1, on(world, 6), world.counted_lot_id, box=1)
        unnamed = batches.report_damaged(world.act, batch_id, 1, on(world, 6), world.counted_lot_id)
        ends = batches.report_damaged(world.act, batch_id, 1, on(world, 6), world.counted_lot_id, box=2)
        batches.recall(world.act, batch_id, on(world, 7), "路断了")
    assert state(batch_id) == "received"
    cases = {case.id: case.resolution for case in db.session.query(Discrepancy)}
    assert cases == {stays: None, unnamed: None, ends: "miscounted"}
    with transaction():
        batches.resolve(world.act, stays, "damaged", on(world, 8))
        batches.resolve(world.act, unnamed, "found", on(world, 8))
    assert state(batch_id) == "closed"


@ON_SQLITE
def test_a_recalled_return_leaves_the_delivery_to_be_collected(world: World) -> None:
    delivery = sent(world, [10], batches.NewBatch("delivery", on(world, 5), world.place_ids[0]))
    receive(world, delivery)
    with transaction():
        back = batches.collect(world.act, delivery, on(world, 9)).id
        batches.recall(world.act, back, on(world, 9), "车坏了", {world.serial_lot_ids[0]: 1})
    assert db.session.get_one(Batch, delivery).collected_on is None
    assert at(world, world.place_ids[0]) == [COUNTED + COPIES - 11, 10]
    with transaction():
        again = batches.collect(world.act, delivery, on(world, 10)).id
    assert db.session.get_one(Batch, again).settles_id == delivery


def test_what_went_on_from_a_step_is_taken_back_first_though_others_copies_stand_there(world: World) -> None:
    """Of a counted lot the holdings alone do not say whose copies are where."""
    receive(world, sent(world, [100]))
    returns = []
    for copies in (30, 40):
        with transaction():
            new = batches.NewBatch("return", on(world, 8), from_place_id=world.place_ids[0])
            back = batches.draft(world.act, new).id
            batches.add_lines(world.act, back, [batches.NewLine(world.counted_lot_id, copies)])
            batches.dispatch(world.act, back, on(world, 8))
            batches.scan(world.act, back, on(world, 8))
            returns.append(back)
    with transaction():
        batches.restock(world.act, returns[0], on(world, 9))
    with pytest.raises(Conflict, match="later_moves"):
        take_back(world, returns[0], "scanned")
    take_back(world, returns[0], "restocked")
    take_back(world, returns[0], "scanned")
    assert [state(back) for back in returns] == ["dispatched", "received"]


@ON_SQLITE
def test_a_count_stays_while_its_delivery_was_collected(world: World) -> None:
    """Others' copies of the lot stand there: the holdings alone would let it go back on the road, collected."""
    receive(world, sent(world, [100]))
    with transaction():
        new = batches.NewBatch("delivery", on(world, 5), world.place_ids[0])
        delivery = batches.draft(world.act, new).id
        batches.add_lines(world.act, delivery, [batches.NewLine(world.counted_lot_id, 10)])
        batches.dispatch(world.act, delivery, on(world, 5))
        batches.receive(world.act, delivery, on(world, 6))
        back = batches.collect(world.act, delivery, on(world, 9)).id
    with pytest.raises(Conflict, match="later_moves"):
        take_back(world, delivery, "received")
    take_back(world, back, "dispatched")
    take_back(world, delivery, "received")
    assert (state(delivery), db.session.get_one(Batch, delivery).collected_on) == ("dispatched", None)


@ON_SQLITE
def test_a_recall_stays_while_its_delivery_was_collected_again(world: World) -> None:
    delivery = sent(world, [10], batches.NewBatch("delivery", on(world, 5), world.place_ids[0]))
    receive(world, delivery)
    with transaction():
        back = batches.collect(world.act, delivery, on(world, 9)).id
        batches.recall(world.act, back, on(world, 9), "车坏了", {world.serial_lot_ids[0]: 1})
        others = batches.draft(world.act, batches.NewBatch("allocation", on(world, 9), world.place_ids[0])).id
        batches.add_lines(world.act, others, [batches.NewLine(world.counted_lot_id, 100)])
        batches.dispatch(world.act, others, on(world, 9))
        batches.receive(world.act, others, on(world, 9))
        again = batches.collect(world.act, delivery, on(world, 10)).id
    with pytest.raises(Conflict, match="later_moves"):
        take_back(world, back, "recalled")
    take_back(world, again, "dispatched")
    take_back(world, back, "recalled")
    assert state(back) == "dispatched"


def test_a_copy_that_no_book_knows_is_taken_in_where_it_is_picked(world: World) -> None:
    batch_id = draft(world, [5])
    copy = NewLot("小老鼠", barcode=" 44089999 ", price_fen=2_800)
    with transaction():
        lot_id = batches.add_unknown_copy(world.act, batch_id, copy, 1)
        batches.dispatch(world.act, batch_id, on(world, 5))
    accession = db.session.query(Batch).filter_by(kind="accession").order_by(Batch.id.desc()).first()
    assert accession is not None
    assert (accession.received_on, accession.to_place_id) == (on(world, 5), central_place(world.network_id, "shelf"))
    lot = db.session.get_one(Lot, lot_id)
    assert (lot.barcode, lot.price_fen) == ("44089999", 2_800)
    with transaction():
        other = batches.draft(world.act, batches.NewBatch("allocation", on(world, 5), world.place_ids[1])).id
    before = db.session.query(Batch).count()
    with pytest.raises(Conflict, match="barcodes_known"), transaction():
        batches.add_unknown_copy(world.act, other, copy)
    with pytest.raises(NotFound, match="box_unknown"), transaction():
        batches.add_unknown_copy(world.act, other, NewLot("又一本", barcode="44089998"), 7)
    assert db.session.query(Batch).count() == before, "refused, it leaves no accession behind"


@ON_SQLITE
def test_damage_is_said_with_the_count(world: World) -> None:
    batch_id = sent(world, [10, 20])
    with pytest.raises(Invalid, match="damaged"), transaction():
        batches.receive(world.act, batch_id, on(world, 6), {1: 2}, None, {1: 3})
    with pytest.raises(NotFound, match="box_unknown"), transaction():
        batches.receive(world.act, batch_id, on(world, 6), {1: 10}, None, {2: 1})
    with transaction():
        said = say_counted(world.act, batch_id, {1: 9}, "淋了雨", {1: 2})
    assert said == {"copies": 9, "short": 1, "over": 0, "damaged": 2, "left": 1}
    broken = db.session.query(Discrepancy).filter_by(kind="damaged").one()
    assert (broken.quantity, broken.lot_id, broken.note) == (2, world.counted_lot_id, "淋了雨")
    assert broken.box_id is not None
    take_back(world, batch_id, "received")
    assert db.session.query(Discrepancy).filter_by(closed_on=None).count() == 0
    with transaction():
        batches.receive(world.act, batch_id, world.act.today())
    assert state(batch_id) == "closed"


@ON_SQLITE
def test_a_counted_lot_comes_103_instead_of_100(world: World) -> None:
    with transaction():
        batch = batches.draft(world.act, batches.NewBatch("allocation", on(world, 5), world.place_ids[0]))
        batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, 100)])
        batches.dispatch(world.act, batch.id, on(world, 5))
        batch_id = batch.id
    (case,) = receive(world, batch_id, {0: 103})
    assert (at(world, world.place_ids[0]), state(batch_id)) == ([COUNTED + COPIES - 100, 100], "received")
    with transaction():
        batches.resolve(world.act, case, "surplus", on(world, 8))
    assert (at(world, world.place_ids[0]), state(batch_id)) == ([COUNTED + COPIES - 100, 103], "closed")
    surplus = db.session.query(Move).filter_by(reason="surplus").order_by(Move.id).all()
    places = (central_place(world.network_id, "supply"), db.session.get_one(Batch, batch_id).transit_place_id)
    assert [move.from_place_id for move in surplus] == list(places)


def test_a_difference_closed_by_mistake_is_taken_back(world: World) -> None:
    """It is open again, its copies are where they were, and the batch is not settled any more."""
    with transaction():
        batch = batches.draft(world.act, batches.NewBatch("allocation", on(world, 5), world.place_ids[0]))
        batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, 20)])
        batches.dispatch(world.act, batch.id, on(world, 5))
        batch_id = batch.id
    (case,) = receive(world, batch_id, {0: 17})
    with transaction():
        batches.resolve(world.act, case, "lost", on(world, 8))
    assert (at(world, world.place_ids[0])[1], state(batch_id)) == (17, "closed")
    event = db.session.query(BatchEvent).filter_by(batch_id=batch_id, step="resolved").one()
    with transaction():
        batches.reverse_step(world.act, batch_id, event.id, "不是丢了")
    assert state(batch_id) == "received"
    with transaction():
        batches.resolve(world.act, case, "found", on(world, 9))
    assert (at(world, world.place_ids[0])[1], state(batch_id)) == (20, "closed")
    assert violations(world.network_id) == []


@ON_SQLITE
def test_boxes_arrived_nobody_has_time_to_count(world: World) -> None:
    batch_id = sent(world, [10, 20])
    with transaction():
        batches.arrive(world.act, batch_id, on(world, 6))
    assert on_the_way(world.network_id, world.place_ids)[0].arrived
    assert at(world, world.place_ids[0])[1] == 0, "not counted: in no figure of copies on site"
    assert state(batch_id) == "dispatched"


@ON_SQLITE
def test_a_point_closes_with_books_there(world: World) -> None:
    """They stay until they are fetched; nothing is sent there any more, drafted before or not."""
    first, second = world.place_ids
    there = sent(world, [10], batches.NewBatch("allocation", on(world, 5), second))
    receive(world, there)
    with transaction():
        planned = batches.draft(world.act, batches.NewBatch("delivery", on(world, 8), second)).id
        batches.add_lines(world.act, planned, [batches.NewLine(world.counted_lot_id, 5)])
    with transaction() as session:
        session.get_one(ServicePoint, world.point_ids[1]).closed_on = on(world, 10)
    with pytest.raises(Conflict, match="point_closed"), transaction():
        batches.draft(world.act, batches.NewBatch("allocation", on(world, 10), second))
    with pytest.raises(Conflict, match="point_closed"), transaction():
        batches.dispatch(world.act, planned, on(world, 12))
    with transaction():
        moved = batches.draft(world.act, batches.NewBatch("rotation", on(world, 12), first, second))
        batches.add_lines(world.act, moved.id, [batches.NewLine(world.counted_lot_id, 10)])
        batches.dispatch(world.act, moved.id, on(world, 12))
        batches.receive(world.act, moved.id, on(world, 12))
    assert at(world, first, second)[1:] == [10, 1]


@ON_SQLITE
def test_a_kind_has_its_ends_and_its_terms(world: World) -> None:
    first, second = world.place_ids
    day = on(world, 5)
    refused = {
        "allocation": [(batches.NewBatch("allocation", day, second, first), {"from": "start_shelf"})],
        "delivery": [
            (batches.NewBatch("delivery", day), {"to": "end_point"}),
            (batches.NewBatch("delivery", day, first, terms="gift"), {"terms": "gift_comes_back"}),
        ],
        "rotation": [
            (batches.NewBatch("rotation", day, first), {"from": "start_point"}),
            (batches.NewBatch("rotation", day, first, first), {"to": "same_place"}),
        ],
        "return": [
            (batches.NewBatch("return", day, second, first), {"to": "end_shelf"}),
            (batches.NewBatch("return", day, None, first, terms="gift"), {"terms": "gift_comes_back"}),
        ],
    }
    for new, fields in (case for cases in refused.values() for case in cases):
        with pytest.raises(Invalid) as refusal, transaction():
            batches.draft(world.act, new)
        assert refusal.value.data["fields"] == fields
    with transaction():
        assert batches.draft(world.act, batches.NewBatch("rotation", day, first, second, terms="gift")).terms == "gift"


def test_a_delivery_stays_as_the_agreement_in_force_says(world: World) -> None:
    agreed = {"network_id": world.network_id, "point_id": world.point_ids[0], "created_at": clock.now()}
    agreed["signed_on"] = on(world, 0)
    with transaction() as session:
        session.execute(
            insert(Agreement),
            [
                {**agreed, "number": "旧", "valid_from": on(world, 0), "valid_until": on(world, 4), "stay_days": 7},
                {**agreed, "number": "新", "valid_from": on(world, 5), "valid_until": on(world, 5), "stay_days": 60},
                {**agreed, "number": "后", "valid_from": on(world, 6), "valid_until": None, "stay_days": None},
            ],
        )
    due = []
    for days in (5, 6):
        batch_id = draft(world, [5], batches.NewBatch("delivery", on(world, days), world.place_ids[0]))
        with transaction():
            batches.dispatch(world.act, batch_id, on(world, days))
            batches.cancel(world.act, batch_id, on(world, days), "只看日期")
        due.append(db.session.get_one(Batch, batch_id).due_back_on)
    assert due == [on(world, 65), on(world, 6 + world.act.network.stay_days)]


@ON_SQLITE
def test_equipment_never_moves(world: World) -> None:
    """Its number may be unknown; it is listed until the batch leaves, and may go alone."""
    shelves = batches.Goods("equipment", "书架", "批")
    batch_id = draft(world, [5])
    with transaction():
        goods_id = batches.add_goods(world.act, batch_id, shelves)
        batches.add_goods(world.act, batch_id, batches.Goods("clothes", "校服", "件", 12))
        batches.remove_goods(world.act, batch_id, goods_id)
        batches.remove_goods(world.act, batch_id, goods_id)
        batches.dispatch(world.act, batch_id, on(world, 5))
    assert [(row.name, row.number) for row in db.session.query(BatchGoods)] == [("校服", 12)]
    assert at(world)[0] == COUNTED + COPIES - 6
    with pytest.raises(Conflict, match="not_from_here"), transaction():
        batches.add_goods(world.act, batch_id, shelves)
    with transaction():
        alone = batches.draft(world.act, batches.NewBatch("allocation", on(world, 5), world.place_ids[0])).id
        for wrong, field in (("", "name"), ("书架", "number")):
            with pytest.raises(Invalid) as refusal:
                batches.add_goods(world.act, alone, batches.Goods("equipment", wrong, "个", 0 if wrong else 1))
            assert set(refusal.value.data["fields"]) == {field}
        batches.add_goods(world.act, alone, shelves)
        batches.dispatch(world.act, alone, on(world, 5))
        batches.receive(world.act, alone, on(world, 6))
    assert (state(alone), db.session.query(Entry).filter_by(batch_id=alone).count()) == ("closed", 0)


@ON_SQLITE
def test_a_donation_has_donors_without_names_and_may_be_goods_alone(world: World) -> None:
    toys = [batches.Goods("toys", "积木", "套", 20)]
    entries = db.session.query(Entry).count()
    with transaction():
        given = batches.take_in_donation(world.act, batches.Donation(goods=toys, donors=36), on(world, 5))
    assert (given.batch.donors, given.batch.state, given.lot_ids) == (36, "closed", [])
    assert db.session.query(Entry).count() == entries, "no empty entry"
    with transaction():
        books = batches.take_in_donation(world.act, batches.Donation([NewLot("捐书", 40)], toys), on(world, 5))
    assert (books.batch.donors, at(world)[0]) == (None, COUNTED + COPIES + 40)
    for nothing in (batches.Donation(donors=3), batches.Donation(goods=toys, donors=0)):
        with pytest.raises(Invalid), transaction():
            batches.take_in_donation(world.act, nothing, on(world, 5))


@ON_SQLITE
def test_recalled_twice_by_one_press_it_happens_once(world: World) -> None:
    batch_id = sent(world, [10, 20])
    receive(world, batch_id, {1: 10})

    def effect() -> dict[str, str]:
        return {"state": batches.recall(world.act, batch_id, on(world, 7), "路断了").state}

    first = perform(world.act, "recall-0001", "recall", {}, effect)
    assert perform(world.act, "recall-0001", "recall", {}, effect) == first
    assert db.session.query(BatchEvent).filter_by(batch_id=batch_id, step="recalled").count() == 1
