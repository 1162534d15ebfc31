"""Loss and damage in their hard cases: reported, closed in every way, disposed of by a list, and found again."""

import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from branchnet import clock
from branchnet.access.operations import perform
from branchnet.batches import commands as batches
from branchnet.batches.checks import violations
from branchnet.batches.losses.finds import finds_of_case
from branchnet.batches.losses.registers import Narrowed, cases_registered, disposals_registered
from branchnet.batches.losses.waiting import waiting
from branchnet.batches.losses.wear import wear
from branchnet.batches.queries.worth import assets_of_network
from branchnet.errors import Conflict, CopiesElsewhere, Invalid, NotFound, TooEarly
from branchnet.extensions import db, transaction
from branchnet.models import Agreement, Compensation, Discrepancy, DisposalLine, Entry, Lot, Move, Repair, StaleFact
from branchnet.points.queries import central_place, points_on
from branchnet.stock.queries import copies_at
from tests.ledger.test_concurrency import at_once
from tests.support.queries import QueryCounter
from tests.support.world import COPIES, COUNTED, World, build_world

ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])
"""What is decided in Python alone: the histories take the same commands through both engines."""


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A network with 100 copies of the counted lot and three barcoded ones at its first point."""
    made = build_world(app)
    with app.app_context():
        with transaction():
            batch = batches.draft(made.act, batches.NewBatch("allocation", on(made, 5), made.place_ids[0]))
            lines = [batches.NewLine(lot_id, 1) for lot_id in made.serial_lot_ids[:3]]
            batches.add_lines(made.act, batch.id, [batches.NewLine(made.counted_lot_id, 100), *lines])
            batches.dispatch(made.act, batch.id, on(made, 5))
            batches.receive(made.act, batch.id, on(made, 6))
        yield made
        assert violations(made.network_id) == []
        db.session.remove()


def on(world: World, days: int) -> date:
    return world.begun_on + timedelta(days=days)


def at(world: World, *kinds: str) -> list[int]:
    """Copies at the first point, and at central places by their kinds."""
    places = [world.place_ids[0], *(central_place(world.network_id, kind) for kind in kinds)]
    found = copies_at(world.network_id, places)
    return [found.get(place, 0) for place in places]


def report(world: World, kind: str, quantity: int, lot_id: int | None = None, days: int = 8) -> int:
    with transaction():
        return batches.report(world.act, world.place_ids[0], kind, quantity, on(world, days), lot_id, "借出没还")


def close(world: World, case_id: int, resolution: str, days: int = 9, lots: dict[int, int] | None = None) -> None:
    with transaction():
        batches.resolve(world.act, case_id, resolution, on(world, days), lots)


def dispose(world: World, number: str = "湛少图〔2026〕7号", days: int = 20) -> int:
    """All that waits, on a list that is approved."""
    with transaction():
        disposal = batches.draft_disposal(world.act, on(world, days))
        batches.approve_disposal(world.act, disposal.id, number, on(world, days))
        return disposal.id


def test_lost_or_damaged(world: World) -> None:
    """It waits until an approved list takes it off the books, with its number and its day."""
    owned = assets_of_network(world.network_id).copies
    lost, broken = report(world, "short", 1, world.serial_lot_ids[0]), report(world, "damaged", 4, world.counted_lot_id)
    case = db.session.get_one(Discrepancy, lost)
    assert (case.batch_id, case.place_id, case.opened_on) == (None, world.place_ids[0], on(world, 8))
    assert at(world, "lost") == [103, 0], "a report moves nothing"
    close(world, lost, "lost")
    close(world, broken, "damaged")
    assert at(world, "lost", "to_be_disposed", "withdrawn") == [98, 1, 4, 0]
    assert assets_of_network(world.network_id).copies == owned, "what waits is still owned"
    with transaction():
        disposal = batches.draft_disposal(world.act, on(world, 20))
    assert disposal.number == f"CZ{on(world, 20).year % 100}-001"
    with pytest.raises(TooEarly), transaction():
        batches.approve_disposal(world.act, disposal.id, "7号", on(world, 19))
    with pytest.raises(Invalid, match="approval_number"), transaction():
        batches.approve_disposal(world.act, disposal.id, " ", on(world, 20))
    with transaction():
        entry_id = batches.approve_disposal(world.act, disposal.id, "湛少图〔2026〕7号", on(world, 20))
    assert at(world, "lost", "to_be_disposed", "withdrawn") == [98, 0, 0, 5]
    assert assets_of_network(world.network_id).copies == owned - 5
    entry = db.session.get_one(Entry, entry_id)
    assert (entry.verb, entry.happened_on) == ("dispose", on(world, 20))
    assert entry.reason == f"{disposal.number} 湛少图〔2026〕7号"
    with pytest.raises(Conflict, match="list_ended"), transaction():
        batches.cancel_disposal(world.act, disposal.id)
    with transaction():
        batches.reverse_disposal(world.act, disposal.id, "批文不是这一份")
    assert (disposal.state, disposal.approval_number) == ("draft", None)
    assert at(world, "lost", "to_be_disposed", "withdrawn") == [98, 1, 4, 0]
    with pytest.raises(Conflict, match="not_approved"), transaction():
        batches.reverse_disposal(world.act, disposal.id, "再来一次")
    with transaction():
        batches.approve_disposal(world.act, disposal.id, "湛少图〔2026〕8号", on(world, 21))


def test_found_after_it_was_written_off(world: World) -> None:
    """A new move to where it was found, tied to what wrote it off; the loss stays one of its day."""
    copy, counted = world.serial_lot_ids[0], world.counted_lot_id
    lost = report(world, "short", 1, copy)
    close(world, lost, "lost")
    close(world, report(world, "short", 6, counted), "lost")
    with transaction():
        found = batches.find_again(world.act, copy, "lost", world.place_ids[1], on(world, 12), note="在别的分馆")
    assert db.session.get_one(Entry, found).reason == f"#{lost} 在别的分馆"
    assert copies_at(world.network_id, [world.place_ids[1]]) == {world.place_ids[1]: 1}
    case = db.session.get_one(Discrepancy, lost)
    assert (case.resolution, case.closed_on) == ("lost", on(world, 9)), "past figures stand"
    assert db.session.scalars(select(Move.reason).where(Move.lot_id == copy, Move.reason == "lost")).all() == ["lost"]
    disposal_id = dispose(world)
    shelf, workroom = (central_place(world.network_id, kind) for kind in ("shelf", "workroom"))
    before = at(world, "shelf")[1]
    with transaction():
        again = batches.find_again(world.act, counted, "withdrawn", shelf, on(world, 25), 2)
        batches.find_again(world.act, counted, "withdrawn", workroom, on(world, 25))
    assert db.session.get_one(Entry, again).reason == f"CZ{on(world, 20).year % 100}-001"
    assert at(world, "shelf", "withdrawn", "workroom") == [96, before + 2, 3, 1]
    with pytest.raises(CopiesElsewhere), transaction():
        batches.find_again(world.act, counted, "withdrawn", shelf, on(world, 26), 4)
    with pytest.raises(Conflict, match="later_moves"), transaction():
        batches.reverse_disposal(world.act, disposal_id, "记错了")
    repair = db.session.scalars(select(Repair)).one()
    with transaction():
        batches.end_repair(world.act, repair.id, "beyond_repair", on(world, 27), 500)
    with pytest.raises(Conflict, match="repair_ended"), transaction():
        batches.reverse_find(world.act, repair.begun_entry_id, "是另一本")
    with transaction():
        batches.reverse_repair(world.act, repair.id, "还能修")
        batches.reverse_find(world.act, repair.begun_entry_id, "是另一本")
        batches.reverse_find(world.act, again, "也是另一本")
    assert at(world, "withdrawn", "workroom") == [96, 6, 0]
    with transaction():
        batches.reverse_disposal(world.act, disposal_id, "记错了")


def test_a_case_ends_in_parts_and_what_is_found_again_is_told_on_its_own_part(world: World) -> None:
    counted, copy = world.counted_lot_id, world.serial_lot_ids[0]
    case = report(world, "short", 5, counted)
    with pytest.raises(Invalid, match="more_than_short"), transaction():
        batches.resolve_some(world.act, case, 6, "lost", on(world, 9))
    with transaction():
        part = batches.resolve_some(world.act, case, 2, "lost", on(world, 9))
        assert batches.resolve_some(world.act, case, None, "worn", on(world, 9)) == case
    with pytest.raises(Conflict, match="closed_already"), transaction():
        batches.resolve_some(world.act, part, 1, "worn", on(world, 9))
    first = report(world, "short", 1, copy)
    close(world, first, "lost")
    dispose(world)
    assert at(world, "lost", "to_be_disposed", "withdrawn") == [97, 0, 0, 6]
    with transaction():
        batches.find_again(world.act, copy, "withdrawn", world.place_ids[0], on(world, 21))
    second = report(world, "short", 1, copy, days=22)
    close(world, second, "lost", days=23)
    with transaction():
        batches.find_again(world.act, copy, "lost", world.place_ids[0], on(world, 24))
    today = world.act.today()

    def told(case_id: int) -> list[date]:
        found = db.session.get_one(Discrepancy, case_id)
        return [find.on for find in finds_of_case(world.network_id, case_id, found.entry_id, today)]

    assert (told(first), told(second)) == ([on(world, 21)], [on(world, 24)])
    assert told(part) == []
    rows, _total = disposals_registered([world.network_id], Narrowed())
    assert [row.found for row in rows] == [1]
    _rows, sums = cases_registered([world.network_id], Narrowed(), today)
    assert {kind: total.copies for kind, total in sums.items()} == {"short": 7}


def test_a_closed_point_wishes_for_nothing(world: World) -> None:
    wished = batches.Wished(age="二年级")
    with transaction():
        said = batches.wish(world.act, world.point_ids[0], wished)
        batches.close_point(world.act, world.point_ids[0], world.act.today(), "撤点")
    with pytest.raises(Conflict, match="point_closed"), transaction():
        batches.wish(world.act, world.point_ids[0], wished)
    with transaction():
        batches.close_wish(world.act, said)


def test_no_more_is_reported_than_stands_there(world: World) -> None:
    copy, counted = world.serial_lot_ids[0], world.counted_lot_id
    report(world, "damaged", 90, counted)
    with pytest.raises(Invalid, match="more_than_there") as refused:
        report(world, "short", 11, counted)
    assert (refused.value.data["there"], refused.value.data["reported"]) == (100, 90)
    with pytest.raises(Invalid, match="more_than_there"):
        report(world, "short", 14)
    report(world, "short", 13)
    with pytest.raises(CopiesElsewhere):
        report(world, "short", 1, world.serial_lot_ids[5])
    with pytest.raises(TooEarly):
        report(world, "damaged", 1, copy, days=5)
    world_full = db.session.query(Discrepancy).count()
    assert world_full == 2
    stale = db.session.scalars(select(StaleFact.place_id)).all()
    assert world.place_ids[0] in stale


@ON_SQLITE
def test_a_copy_is_reported_once(world: World) -> None:
    case_id = report(world, "damaged", 1, world.serial_lot_ids[0])
    with pytest.raises(Conflict, match="reported_already"):
        report(world, "short", 1, world.serial_lot_ids[0])
    close(world, case_id, "found")
    report(world, "short", 1, world.serial_lot_ids[0])
    with pytest.raises(NotFound), transaction():
        batches.report(world.act, central_place(world.network_id, "lost"), "short", 1, on(world, 8))


def test_what_waits_to_be_shelved_comes_back_first_and_then_goes_to_be_mended(world: World) -> None:
    """It stands in the workroom already, where it will be mended: no move goes from a place to itself."""
    point = world.place_ids[0]
    with transaction():
        back = batches.draft(world.act, batches.NewBatch("return", on(world, 10), from_place_id=point))
        batches.add_lines(world.act, back.id, [batches.NewLine(world.counted_lot_id, 6)])
        batches.dispatch(world.act, back.id, on(world, 10))
        batches.scan(world.act, back.id, on(world, 11))
        case_id = batches.report_damaged(world.act, back.id, 2, on(world, 11), world.counted_lot_id)
        batches.resolve(world.act, case_id, "repaired", on(world, 12))
    repair_id = db.session.scalars(select(Repair.id)).one()
    assert at(world, "workroom") == [97, 6]
    with transaction():
        batches.restock(world.act, back.id, on(world, 13))
    assert at(world, "workroom") == [97, 2]
    with transaction():
        batches.end_repair(world.act, repair_id, "repaired", on(world, 14))
    assert at(world, "workroom", "shelf") == [97, 0, COUNTED - 94 + COPIES - 3]


def test_what_is_mended_stands_on_the_shelf_again(world: World) -> None:
    case_id = report(world, "damaged", 5)
    with pytest.raises(Invalid, match="copies_to_name"):
        close(world, case_id, "repaired")
    close(world, case_id, "repaired", lots={world.counted_lot_id: 4, world.serial_lot_ids[0]: 1})
    counted, copy = db.session.scalars(select(Repair).order_by(Repair.serial)).all()
    assert (counted.discrepancy_id, counted.quantity, copy.quantity) == (case_id, 4, 1)
    with transaction():
        batches.end_repair(world.act, copy.id, "repaired", on(world, 15), 800, "换了封面")
    assert at(world, "workroom", "shelf") == [98, 4, COUNTED - 100 + COPIES - 2]
    with pytest.raises(Conflict, match="repair_ended"), transaction():
        batches.end_repair(world.act, copy.id, "beyond_repair", on(world, 15))
    with pytest.raises(Conflict, match="repair_ended"), transaction():
        batches.reverse_closing(world.act, case_id, "没有送修")
    with pytest.raises(TooEarly), transaction():
        batches.end_repair(world.act, counted.id, "beyond_repair", on(world, 8))
    with transaction():
        batches.end_repair(world.act, counted.id, "beyond_repair", on(world, 16))
    assert at(world, "to_be_disposed", "workroom") == [98, 4, 0]
    with transaction():
        for repair in (counted, copy):
            batches.reverse_repair(world.act, repair.id, "记错了")
        batches.reverse_closing(world.act, case_id, "没有送修")
    assert at(world, "workroom") == [103, 0]
    case = db.session.get_one(Discrepancy, case_id)
    assert (case.closed_on, case.entry_id, db.session.query(Repair).count()) == (None, None, 0)
    close(world, case_id, "found")


@ON_SQLITE
def test_a_copy_stands_on_one_draft_list(world: World) -> None:
    copy, counted = world.serial_lot_ids[0], world.counted_lot_id
    lost = central_place(world.network_id, "lost")
    close(world, report(world, "short", 1, copy), "lost")
    close(world, report(world, "short", 3, counted), "lost")
    with transaction():
        first = batches.draft_disposal(world.act, on(world, 10), [(copy, lost)])
    with pytest.raises(Conflict, match="on_other_list") as refused, transaction():
        batches.draft_disposal(world.act, on(world, 10), [(copy, lost), (counted, lost)])
    assert refused.value.data["number"] == first.number
    with pytest.raises(Conflict, match="not_waiting"), transaction():
        batches.draft_disposal(world.act, on(world, 10), [(world.serial_lot_ids[1], lost)])
    assert [row.title for row in waiting(world.network_id)[0]] == ["故事书一批"]
    with transaction():
        assert batches.add_to_disposal(world.act, first.id) == 3
    with pytest.raises(Invalid, match="nothing_waiting"), transaction():
        batches.draft_disposal(world.act, on(world, 10))
    close(world, report(world, "short", 2, counted), "lost")
    with transaction():
        batches.add_to_disposal(world.act, first.id, [(counted, lost)])
    lines = {line.lot_id: line for line in db.session.query(DisposalLine)}
    assert lines[counted].quantity == 5
    with transaction():
        batches.find_again(world.act, counted, "lost", world.place_ids[0], on(world, 12), 4)
        batches.find_again(world.act, copy, "lost", world.place_ids[0], on(world, 12))
    assert [(line.lot_id, line.quantity) for line in db.session.query(DisposalLine)] == [(counted, 1)]
    with transaction():
        batches.remove_from_disposal(world.act, first.id, lines[counted].id)
    with pytest.raises(Invalid, match="disposal_empty"), transaction():
        batches.approve_disposal(world.act, first.id, "7号", on(world, 20))
    with transaction():
        batches.cancel_disposal(world.act, first.id)
    assert waiting(world.network_id)[1:] == (1, 1)


@ON_SQLITE
def test_a_longer_list_is_approved_in_as_many_statements(world: World, query_counter: QueryCounter) -> None:
    counts = []
    for copies in (1, 2):
        for lot_id in world.serial_lot_ids[copies - 1 : copies * 2 - 1]:
            close(world, report(world, "short", 1, lot_id), "lost")
        with transaction():
            disposal = batches.draft_disposal(world.act, on(world, 20))
        query_counter.reset()
        with transaction():
            batches.approve_disposal(world.act, disposal.id, "7号", on(world, 20))
        counts.append(query_counter.count)
    assert at(world, "withdrawn") == [100, 3]
    assert counts[0] == counts[1]


def test_two_at_once_report_and_list_a_copy_once(app: Flask, world: World) -> None:
    """On real connections: of two reports of a copy, and of two lists of it, one is told what the other did."""
    act, copy, day = world.act, world.serial_lot_ids[0], on(world, 8)

    def doing(effect: Callable[[], Any]) -> Callable[[], Any]:
        def done() -> dict[str, Any]:
            effect()
            return {}

        key = uuid.uuid4().hex
        return lambda: perform(act, key, "lose", {"key": key}, done)

    db.session.remove()
    told = at_once(
        app,
        doing(lambda: batches.report(act, world.place_ids[0], "short", 1, day, copy)),
        doing(lambda: batches.report(act, world.place_ids[0], "damaged", 1, day, copy)),
    )
    assert sorted(getattr(one, "reason", "done") for one in told) == ["done", "reported_already"]
    case = db.session.query(Discrepancy).one()
    close(world, case.id, "lost" if case.kind == "short" else "damaged")
    db.session.remove()
    told = at_once(app, *(doing(lambda: batches.draft_disposal(act, day)) for _each in range(2)))
    assert sorted(getattr(one, "reason", "done") for one in told) == ["done", "nothing_waiting"]


@ON_SQLITE
def test_what_is_paid_for_a_loss(world: World) -> None:
    case_id = report(world, "short", 2, world.counted_lot_id)
    close(world, case_id, "lost")
    with pytest.raises(TooEarly), transaction():
        batches.agree_to_pay(world.act, case_id, 5_600, on(world, 7))
    with transaction():
        batches.agree_to_pay(world.act, case_id, 5_600, on(world, 10))
        batches.agree_to_pay(world.act, case_id, 4_200, on(world, 10), note="旧书，打七五折")
    paid = db.session.query(Compensation).one()
    with pytest.raises(TooEarly), transaction():
        batches.receive_payment(world.act, case_id, on(world, 9))
    with transaction():
        batches.receive_payment(world.act, case_id, on(world, 12))
    assert (paid.amount_fen, paid.paid_on) == (4_200, on(world, 12))
    for again in (
        lambda: batches.receive_payment(world.act, case_id, on(world, 12)),
        lambda: batches.drop_payment(world.act, case_id),
        lambda: batches.agree_to_pay(world.act, case_id, 1, on(world, 12)),
    ):
        with pytest.raises(Conflict, match="paid_already"), transaction():
            again()


def agree(world: World, permille: int | None) -> None:
    with transaction():
        db.session.execute(
            insert(Agreement).values(
                network_id=world.network_id,
                point_id=world.point_ids[0],
                number="协1",
                signed_on=on(world, 0),
                valid_from=on(world, 0),
                created_at=clock.now(),
                allowance_permille=permille,
            )
        )


def test_natural_wear_of_a_term(world: World) -> None:
    """Of 103 copies at its start 50‰ are 5: the oldest cases go in, whole; the rest stays open."""
    agree(world, 50)
    counted = world.counted_lot_id
    unnamed = report(world, "short", 1)
    first, large, last = (report(world, "short", copies, counted, days) for copies, days in ((2, 9), (4, 10), (3, 11)))
    report(world, "short", 1, counted, 41)
    today = world.act.today()
    points = points_on([world.network_id], today)
    (found,) = wear(world.network_id, points, on(world, 7), on(world, 40), today)
    assert (found.copies, found.allowed, found.used, found.closes) == (103, 5, 0, 5)
    assert [case.id for case in found.fits] == [first, last]
    assert [case.id for case in found.exceeds] == [large]
    with pytest.raises(Conflict, match="wear_changed"), transaction():
        batches.close_worn(world.act, points, on(world, 7), on(world, 40), on(world, 40), [first])
    with transaction():
        closed = batches.close_worn(world.act, points, on(world, 7), on(world, 40), on(world, 40), [last, first])
    assert (closed, at(world, "to_be_disposed")) == (5, [98, 5])
    assert db.session.get_one(Discrepancy, first).resolution == "worn"
    assert db.session.get_one(Discrepancy, unnamed).resolution is None
    (found,) = wear(world.network_id, points, on(world, 7), on(world, 40), today)
    assert (found.used, found.closes) == (5, 0)
    with pytest.raises(Invalid, match="nothing_worn"), transaction():
        batches.close_worn(world.act, points, on(world, 7), on(world, 40), on(world, 40), [])


@ON_SQLITE
def test_no_wear_without_an_agreement(world: World) -> None:
    report(world, "short", 1, world.counted_lot_id)
    today = world.act.today()
    (found,) = wear(world.network_id, points_on([world.network_id], today), on(world, 7), on(world, 40), today)
    assert (found.permille, found.allowed, len(found.exceeds)) == (None, 0, 1)


@ON_SQLITE
def test_a_closing_of_a_batch_is_taken_back_as_its_step(world: World) -> None:
    with transaction():
        batch = batches.draft(world.act, batches.NewBatch("allocation", on(world, 10), world.place_ids[0]))
        batches.add_lines(world.act, batch.id, [batches.NewLine(world.counted_lot_id, 10)])
        batches.dispatch(world.act, batch.id, on(world, 10))
        batches.receive(world.act, batch.id, on(world, 10))
        case_id = batches.report_damaged(world.act, batch.id, 2, on(world, 11), world.counted_lot_id)
        batches.resolve(world.act, case_id, "repaired", on(world, 12))
    assert db.session.query(Repair).count() == 1
    with transaction():
        batches.reverse_closing(world.act, case_id, "没有送修")
    assert (db.session.query(Repair).count(), batch.state) == (0, "received")
    with pytest.raises(Conflict, match="not_reversible"), transaction():
        batches.reverse_closing(world.act, case_id, "再来一次")
    assert db.session.get_one(Lot, world.counted_lot_id).title == "故事书一批"


def test_many_end_alike(world: World) -> None:
    """All or none, each that stands in the way told with its book; taken back one by one."""
    first, second, third = (report(world, "short", 1, lot_id) for lot_id in world.serial_lot_ids[:3])
    unnamed = report(world, "short", 2, days=10)
    everything = [first, second, third, unnamed]
    close(world, second, "found")
    for _again in range(2):
        with pytest.raises(Conflict, match="not_all_closed") as refused, transaction():
            batches.resolve_alike(world.act, everything, "lost", on(world, 9), "没人见过")
        told = [(case_id, title, error.reason) for case_id, title, _barcode, error in refused.value.data["refused"]]
        title = db.session.get_one(Lot, world.serial_lot_ids[1]).title
        assert told == [(second, title, "closed_already"), (unnamed, None, "too_early")]
        assert at(world, "lost") == [103, 0]
    with pytest.raises(Invalid, match="nothing_ticked"), transaction():
        batches.resolve_alike(world.act, [], "lost", on(world, 9), "没人见过")
    with transaction():
        batches.resolve_alike(world.act, [third, first], "lost", on(world, 9), "没人见过")
    assert at(world, "lost") == [101, 2]
    case = db.session.get_one(Discrepancy, first)
    assert (case.resolution, case.closed_on, case.closing_note) == ("lost", on(world, 9), "没人见过")
    with transaction():
        batches.reverse_closing(world.act, first, "找到了")
    db.session.refresh(case)
    assert (case.closed_on, case.closing_note) == (None, None)
    assert at(world, "lost") == [102, 1]
