"""Receiving for a point by scan: what was scanned has come, what was not is missing by name."""

import pytest
from flask import Flask
from sqlalchemy import select

from branchnet.batches.checks import violations
from branchnet.extensions import db
from branchnet.models import Batch, Discrepancy
from branchnet.stock.queries import copies_at
from tests.pages.desk import Desk, days_ago, words
from tests.support.world import World


@pytest.fixture
def batch(app: Flask, world: World, clerk: Desk) -> str:
    """The address of a batch on the road: three copies in box 1, two copies and 30 uncoded in box 2."""
    batch = clerk.begin(world.point_codes[0], drafted_on=days_ago(app, world))
    clerk.post(f"{batch}/boxes")
    clerk.post(f"{batch}/boxes")
    for number, barcode in enumerate(world.barcodes[:5]):
        clerk.scan(batch, barcode, box="1" if number < 3 else "2")
    clerk.post(f"{batch}/counted", what="故事书一批", quantity="30", box="2")
    assert clerk.post(f"{batch}/dispatch", happened_on=days_ago(app, world)).status_code == 303
    return batch


def _scan(app: Flask, world: World, clerk: Desk, batch: str, *codes: str, **sent: str) -> str:
    answer = clerk.post(f"{batch}/receive-scanned", happened_on=days_ago(app, world), codes="\n".join(codes), **sent)
    return clerk.text(str(answer.location)) if answer.status_code == 303 else words(answer)


def _there(app: Flask, world: World) -> int:
    with app.app_context():
        assert violations(world.network_id) == []
        return copies_at(world.network_id, [world.place_ids[0]]).get(world.place_ids[0], 0)


def test_what_was_not_scanned_is_missing_by_name_and_stays_on_the_road(
    app: Flask, world: World, clerk: Desk, batch: str
) -> None:
    asked = _scan(app, world, clerk, batch, world.barcodes[0], world.barcodes[2])
    assert "第 1 箱扫到 2 册，发来 3 册。" in asked
    assert f"{world.barcodes[0]} {world.barcodes[2]}" in asked
    assert _there(app, world) == 0
    said = _scan(app, world, clerk, batch, world.barcodes[0], world.barcodes[2], complete="1")
    assert "签收了 2 册。记下差异 1 条。" in said
    assert f"第 1 箱，《小人书 {world.barcodes[1][-2:]}》 {world.barcodes[1]}" in said
    phone = app.test_client()
    phone.get(f"/t/{world.token}")
    assert world.barcodes[1] in words(phone.get(f"/my/{world.point_codes[0]}"))
    assert _there(app, world) == 2
    with app.app_context():
        case = db.session.scalars(select(Discrepancy)).one()
        assert (case.kind, case.quantity, case.lot_id, case.in_transit) == ("short", 1, world.serial_lot_ids[1], True)
        # Nobody scanned anything of box 2: it is on the road as before.
        assert db.session.scalars(select(Batch.state).order_by(Batch.id.desc())).first() == "dispatched"
    said = _scan(app, world, clerk, batch, f"{batch.rsplit('/', 1)[1]}-2")
    assert "签收了 32 册。" in said
    assert _there(app, world) == 34


def test_a_copy_that_is_not_of_this_batch_is_told_and_never_taken(
    app: Flask, world: World, clerk: Desk, batch: str
) -> None:
    said = _scan(app, world, clerk, batch, *world.barcodes[:3], world.barcodes[7], "NO-SUCH-CODE")
    assert f"有 2 个码不是这一批的，没有收：《小人书 08》{world.barcodes[7]}：从" in said
    assert "起在 总馆书架" in said
    assert "NO-SUCH-CODE 不在账上" in said
    assert _there(app, world) == 3
    refused = _scan(app, world, clerk, batch, world.barcodes[0], "NO-SUCH-CODE")
    assert "扫的码没有一个在批次" in refused
    assert f"《小人书 01》{world.barcodes[0]}：从 {days_ago(app, world)} 起在 长岭小学流动服务点" in refused
    assert f"{world.barcodes[0]} NO-SUCH-CODE" in refused
    assert _there(app, world) == 3


def test_the_label_of_another_box_is_told_with_its_batch_and_where_it_is_meant_to_go(
    app: Flask, world: World, clerk: Desk, batch: str
) -> None:
    other = clerk.begin(world.point_codes[1], drafted_on=days_ago(app, world))
    clerk.post(f"{other}/boxes")
    clerk.post(f"{other}/counted", what="故事书一批", quantity="10", box="1")
    clerk.post(f"{other}/dispatch", happened_on=days_ago(app, world))
    mine, number = batch.rsplit("/", 1)[1], other.rsplit("/", 1)[1]
    refused = _scan(app, world, clerk, batch, f"{number}-1")
    assert f"{number}-1 是批次 {number}（第 1 箱）的箱签，要送到 雷州分馆" in refused
    assert "不在账上" not in refused
    said = _scan(app, world, clerk, batch, f"{mine}-1", f"{number}-1")
    assert "签收了 3 册。" in said
    assert f"有 1 个码不是这一批的，没有收：{number}-1 是批次 {number}" in said
    assert f"{mine}-1 是批次 {mine}（第 1 箱）的箱签，已经清点过了" in _scan(app, world, clerk, batch, f"{mine}-1")
    clerk.post(f"{other}/cancel", happened_on=days_ago(app, world), note="不送了")
    assert "（第 1 箱）的箱签，那一批已经取消" in _scan(app, world, clerk, batch, f"{number}-1")
    assert _there(app, world) == 3


def test_a_box_with_uncoded_copies_asks_how_many_of_them_came(
    app: Flask, world: World, clerk: Desk, batch: str
) -> None:
    asked = clerk.post(
        f"{batch}/receive-scanned", happened_on=days_ago(app, world), codes=world.barcodes[3], note="雨天"
    )
    assert asked.status_code == 422
    assert 'id="f-uncoded-2-error"' in asked.text
    assert world.barcodes[3] in asked.text
    assert 'value="雨天"' in asked.text
    assert _there(app, world) == 0
    said = _scan(app, world, clerk, batch, *world.barcodes[3:5], **{"uncoded-2": "28"})
    assert "签收了 30 册。记下差异 1 条。" in said
    assert _there(app, world) == 30


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_scanned_twice_with_the_same_id_is_one(app: Flask, world: World, clerk: Desk, batch: str) -> None:
    for _time in range(2):
        assert "签收了 3 册。" in _scan(app, world, clerk, batch, *world.barcodes[:3], op_id="pressed-twice")
    assert _there(app, world) == 3
