"""Picking: every scan is a line or a reason, and 3,000 lines cost no more questions than 3."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from branchnet.batches import commands as batches
from branchnet.batches.commands import NewBatch, NewLine
from branchnet.extensions import db, transaction
from branchnet.models import BatchLine
from branchnet.stock.rules import NewLot
from tests.pages.desk import Desk, clerk_of, days_ago, words
from tests.support.queries import QueryCounter
from tests.support.world import COUNTED, World, build_world


@pytest.fixture
def batch(app: Flask, world: World, clerk: Desk) -> str:
    """The address of an empty batch to the branch."""
    return clerk.begin(world.point_codes[1], drafted_on=days_ago(app, world))


def lines(app: Flask) -> int:
    with app.app_context():
        return db.session.execute(select(func.count(BatchLine.id)).where(BatchLine.batch_id > 1)).scalar_one()


def test_a_scan_adds_a_line_and_offers_its_undo(world: World, clerk: Desk, batch: str) -> None:
    answer = clerk.scan(batch, world.barcodes[0])
    assert answer.status_code == 200
    assert f"《小人书 01》{world.barcodes[0]}" in words(answer)
    assert "撤销这一本" in words(answer)
    assert "<html" not in answer.text
    assert "小人书 01" in clerk.text(batch)


def test_without_script_a_scan_comes_back_to_the_page(world: World, clerk: Desk, batch: str) -> None:
    answer = clerk.post(f"{batch}/copies", barcode=world.barcodes[0])
    assert (answer.status_code, answer.location) == (303, batch)
    refused = clerk.post(f"{batch}/copies", barcode="0000")
    assert refused.status_code == 404
    assert "条码 0000 不在账上" in words(refused)
    assert 'value="0000"' in refused.text
    assert "<html" in refused.text


def test_an_unknown_barcode_is_told_as_it_was_scanned(clerk: Desk, batch: str) -> None:
    answer = clerk.scan(batch, "<b>4408</b>")
    assert answer.status_code == 404
    assert "条码 &lt;b&gt;4408&lt;/b&gt; 不在账上" in answer.text


def test_a_copy_scanned_twice_is_there_once(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    clerk.scan(batch, world.barcodes[0])
    answer = clerk.scan(batch, world.barcodes[0])
    assert answer.status_code == 409
    assert f"已经在批次 {batch.rsplit('/', 1)[1]} 里" in words(answer)
    assert lines(app) == 1


def test_a_scan_sent_twice_by_the_line_is_one(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    answers = [clerk.scan(batch, world.barcodes[0], op_id="the-same-scan") for _time in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert lines(app) == 1


def test_a_copy_in_another_draft_is_named_with_it(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    other = clerk.begin(world.point_codes[0], drafted_on=days_ago(app, world))
    clerk.scan(other, world.barcodes[0])
    answer = clerk.scan(batch, world.barcodes[0])
    assert answer.status_code == 409
    assert f"已经在批次 {other.rsplit('/', 1)[1]} 里" in words(answer)


def test_a_copy_elsewhere_says_where_and_since_when(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    with app.app_context(), transaction():
        day = world.act.today() - timedelta(days=9)
        gone = batches.draft(world.act, NewBatch("allocation", day, world.place_ids[0]))
        batches.add_copy(world.act, gone.id, world.barcodes[0])
        batches.dispatch(world.act, gone.id, day)
        batches.receive(world.act, gone.id, day)
        number = gone.number
    answer = clerk.scan(batch, world.barcodes[0])
    assert answer.status_code == 409
    since = days_ago(app, world, 9)
    assert f"不在这里：从 {since} 起在 长岭小学流动服务点（批次 {number}）" in words(answer)


def test_a_lost_copy_is_said_to_be_lost(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    with app.app_context(), transaction():
        day = world.act.today() - timedelta(days=9)
        gone = batches.draft(world.act, NewBatch("allocation", day, world.place_ids[0]))
        for barcode in world.barcodes[:2]:
            batches.add_copy(world.act, gone.id, barcode)
        batches.dispatch(world.act, gone.id, day)
        [difference] = batches.receive(world.act, gone.id, day, {0: 1})
        batches.resolve(world.act, difference, "lost", day, {world.serial_lot_ids[0]: 1})
    answer = clerk.scan(batch, world.barcodes[0])
    assert answer.status_code == 409
    assert "起在 已登记丢失" in words(answer)


def test_a_foreign_copy_is_unknown_here(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    foreign = build_world(app, "bieguan")
    with app.app_context(), transaction():
        batches.take_in(foreign.act, "accession", [NewLot("别馆的书", barcode="99999999")], foreign.act.today())
    answer = clerk.scan(batch, "99999999")
    assert answer.status_code == 404
    assert "别馆的书" not in answer.text


def test_more_of_a_counted_lot_than_there_is_keeps_what_was_typed(world: World, clerk: Desk, batch: str) -> None:
    lot = str(world.counted_lot_id)
    answer = clerk.post(f"{batch}/counted", lot=lot, quantity=str(COUNTED + 1))
    assert answer.status_code == 409
    assert f"要 {COUNTED + 1} 册，这里有 {COUNTED} 册" in words(answer)
    assert f'value="{COUNTED + 1}"' in answer.text
    assert clerk.post(f"{batch}/counted", lot=lot, quantity=str(COUNTED)).status_code == 303
    assert f"图书 {COUNTED} 册" in clerk.text(batch)


@pytest.mark.parametrize("quantity", ["", "0", "-3", "一百", "9780201379624"])
def test_a_number_that_is_none_is_told_beside_its_field(world: World, clerk: Desk, batch: str, quantity: str) -> None:
    answer = clerk.post(f"{batch}/counted", lot=str(world.counted_lot_id), quantity=quantity)
    assert answer.status_code == 422
    assert 'id="f-quantity-error"' in answer.text


def test_copies_go_into_the_box_that_was_opened(world: World, clerk: Desk, batch: str) -> None:
    assert clerk.post(f"{batch}/boxes").location == f"{batch}?box=1"
    assert clerk.post(f"{batch}/boxes").location == f"{batch}?box=2"
    assert '<option value="2" selected>' in clerk.get(f"{batch}?box=2").text
    clerk.scan(batch, world.barcodes[0], box="2")
    clerk.scan(batch, world.barcodes[1])
    assert "小人书 01" in clerk.text(f"{batch}/lines?box=2")
    assert "小人书 02" not in clerk.text(f"{batch}/lines?box=2")
    assert "小人书 02" in clerk.text(f"{batch}/lines?box=0")
    assert clerk.scan(batch, world.barcodes[2], box="7").status_code == 404


def test_a_line_is_taken_out_again(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    clerk.scan(batch, world.barcodes[0])
    with app.app_context():
        line = db.session.execute(select(func.max(BatchLine.id))).scalar_one()
    assert "这本书还在架上" in words(clerk.post(f"{batch}/lines/{line}/remove", htmx=True))
    assert lines(app) == 0
    assert clerk.scan(batch, world.barcodes[0]).status_code == 200


def test_nothing_is_added_once_it_is_packed(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    clerk.scan(batch, world.barcodes[0])
    assert clerk.post(f"{batch}/pack", happened_on=days_ago(app, world)).status_code == 303
    answer = clerk.scan(batch, world.barcodes[1])
    assert answer.status_code == 409
    assert "现在是“已打包”" in words(answer)


def test_two_clerks_see_each_others_lines(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    clerk_of(app, world).scan(batch, world.barcodes[0])
    answer = clerk.scan(batch, world.barcodes[1])
    assert "小人书 01" in answer.text
    assert "2 册" in words(answer)


def test_3000_lines_cost_no_more_questions_than_3(
    app: Flask, world: World, clerk: Desk, batch: str, query_counter: QueryCounter
) -> None:
    pages = (batch, f"{batch}/lines", f"{batch}/lines?page=2")

    def asked() -> list[int]:
        counts = []
        for page in pages:
            query_counter.reset()
            clerk.text(page)
            counts.append(query_counter.count)
        return counts

    def scan(barcode: str) -> int:
        query_counter.reset()
        assert clerk.scan(batch, barcode).status_code == 200
        return query_counter.count

    for barcode in world.barcodes[:3]:
        scan(barcode)
    few = asked(), scan(world.barcodes[3])
    with app.app_context(), transaction():
        fresh = [NewLot(f"绘本 {number}", barcode=f"55{number:06d}") for number in range(3000)]
        lots = batches.take_in(world.act, "accession", fresh, world.begun_on).lot_ids
        batch_id = db.session.execute(
            select(func.max(BatchLine.batch_id)).where(BatchLine.lot_id < lots[0])
        ).scalar_one()
        batches.add_lines(world.act, batch_id, [NewLine(lot) for lot in lots])
    assert (asked(), scan(world.barcodes[4])) == few
    page = clerk.get(batch)
    assert page.text.count("绘本") < 120
    assert "3,005" in page.text
