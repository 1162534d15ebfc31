"""From dispatch to return: each step once, each refusal with its reason, each difference until it is closed."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from branchnet.batches import commands as batches
from branchnet.batches.commands import NewBatch, NewLine
from branchnet.extensions import db, transaction
from branchnet.models import Batch, Discrepancy, Entry, OperationConflict
from branchnet.points.queries import central_place
from branchnet.stock.queries import copies_at, differences
from tests.pages.desk import Desk, days_ago, words
from tests.support.world import COUNTED, World


@pytest.fixture
def delivery(app: Flask, world: World, clerk: Desk) -> str:
    """The address of a delivery picked for the first point: two scanned copies, and 30 in box 1."""
    batch = clerk.begin(world.point_codes[0], "delivery", drafted_on=days_ago(app, world))
    for barcode in world.barcodes[:2]:
        clerk.scan(batch, barcode)
    clerk.post(f"{batch}/boxes")
    clerk.post(f"{batch}/counted", what="故事书一批", quantity="30", box="1")
    return batch


def entries(app: Flask, verb: str) -> int:
    with app.app_context():
        return db.session.execute(select(func.count(Entry.id)).where(Entry.verb == verb)).scalar_one()


def take(app: Flask, world: World, clerk: Desk, batch: str, step: str, **sent: str) -> str:
    """Do a step today; returns where it led."""
    answer = clerk.post(f"{batch}/{step}", happened_on=days_ago(app, world), **sent)
    assert answer.status_code == 303, words(answer)
    return str(answer.location)


def there(app: Flask, world: World, point: int = 0) -> int:
    with app.app_context():
        place = world.place_ids[point]
        assert differences(world.network_id) == []
        return copies_at(world.network_id, [place]).get(place, 0)


def test_dispatched_twice_with_the_same_id_is_one(app: Flask, world: World, clerk: Desk, delivery: str) -> None:
    for _time in range(2):
        take(app, world, clerk, delivery, "dispatch", op_id="pressed-twice")
    assert entries(app, "dispatch") == 1
    assert "在路上" in clerk.text("/work/batches?state=dispatched")


def test_the_same_id_with_another_day_is_kept_and_told(app: Flask, world: World, clerk: Desk, delivery: str) -> None:
    take(app, world, clerk, delivery, "dispatch", op_id="pressed-twice")
    answer = clerk.post(f"{delivery}/dispatch", happened_on=days_ago(app, world, 1), op_id="pressed-twice")
    assert answer.status_code == 409
    assert "同一次提交的内容前后不一样" in words(answer)
    with app.app_context():
        assert db.session.execute(select(func.count(OperationConflict.id))).scalar_one() == 1


def test_an_empty_batch_is_not_sent(app: Flask, world: World, clerk: Desk) -> None:
    batch = clerk.begin(world.point_codes[0], drafted_on=days_ago(app, world))
    answer = clerk.post(f"{batch}/dispatch", happened_on=days_ago(app, world))
    assert answer.status_code == 422
    assert "这一批里还没有书" in words(answer)


def test_a_day_ahead_or_none_is_told_beside_its_field(app: Flask, world: World, clerk: Desk, delivery: str) -> None:
    for day in (days_ago(app, world, -1), "", "明天"):
        answer = clerk.post(f"{delivery}/dispatch", happened_on=day)
        assert answer.status_code == 422
        assert 'id="f-dispatch-on-error"' in answer.text
        assert f'value="{day}"' in answer.text


def test_copies_another_clerk_sent_are_named_and_the_other_lines_stay(
    app: Flask, world: World, clerk: Desk, delivery: str
) -> None:
    with app.app_context(), transaction():
        day = world.act.today()
        # Written before the copies were listed: the draft of the other clerk held them first.
        other = batches.draft(world.act, NewBatch("allocation", day, world.place_ids[1]))
        batches.add_lines(world.act, other.id, [NewLine(world.serial_lot_ids[0])])
        batches.dispatch(world.act, other.id, day)
        number = other.number
    answer = clerk.post(f"{delivery}/dispatch", happened_on=days_ago(app, world))
    assert answer.status_code == 409
    said = words(answer)
    assert f"《小人书 01》{world.barcodes[0]} 在路上：{days_ago(app, world)} 随批次 {number} 发往 雷州分馆" in said
    assert "小人书 02" in said
    assert "图书 32 册" in said


def test_received_as_sent_it_closes(app: Flask, world: World, clerk: Desk, delivery: str) -> None:
    take(app, world, clerk, delivery, "pack")
    take(app, world, clerk, delivery, "dispatch")
    take(app, world, clerk, delivery, "receive", how="all", note="清点过")
    assert there(app, world) == 32
    said = clerk.text(delivery)
    for step in ("新建", "打包", "发出", "签收", "结清"):
        assert f"{step} {days_ago(app, world)}" in said
    assert "林管理员" in said
    assert "清点过" in said


def test_counted_by_box_one_short_stays_open_until_it_is_named(
    app: Flask, world: World, clerk: Desk, delivery: str
) -> None:
    take(app, world, clerk, delivery, "dispatch")
    take(app, world, clerk, delivery, "receive", how="counted", **{"count-0": "1", "count-1": ""})
    said = clerk.text(delivery)
    assert "少了 1 册" in said
    assert "还不知道是哪几册" in said
    assert "第 1 箱（发出 30 册）" in said, "the box that was not counted is still on the road"
    take(app, world, clerk, delivery, "receive", how="counted", **{"count-1": "30"})
    day = days_ago(app, world)
    nameless = clerk.post(f"{delivery}/differences/1/resolve", happened_on=day, resolution="lost")
    assert nameless.status_code == 422
    assert 'id="f-resolve-1-codes-error"' in nameless.text
    take(app, world, clerk, delivery, "differences/1/resolve", resolution="lost", barcodes=world.barcodes[0])
    assert there(app, world) == 31
    assert "差异结案" in clerk.text(delivery)
    assert "未结的差异" not in clerk.text(delivery)


def test_the_rest_of_a_difference_may_be_a_counted_lot(app: Flask, world: World, clerk: Desk) -> None:
    batch = clerk.begin(world.point_codes[0], drafted_on=days_ago(app, world))
    clerk.scan(batch, world.barcodes[0])
    clerk.post(f"{batch}/counted", what="故事书一批", quantity="30")
    take(app, world, clerk, batch, "dispatch")
    take(app, world, clerk, batch, "receive", how="counted", **{"count-0": "28"})
    lot = str(world.counted_lot_id)
    take(app, world, clerk, batch, "differences/1/resolve", resolution="lost", barcodes=world.barcodes[0], lot=lot)
    assert there(app, world) == 28


@pytest.mark.parametrize("count", ["-1", "三十", "9780201379624"])
def test_a_count_that_is_none_is_told_and_nothing_received(
    app: Flask, world: World, clerk: Desk, delivery: str, count: str
) -> None:
    take(app, world, clerk, delivery, "dispatch")
    answer = clerk.post(f"{delivery}/receive", happened_on=days_ago(app, world), how="counted", **{"count-1": count})
    assert answer.status_code == 422
    assert f'value="{count}"' in answer.text
    assert there(app, world) == 0


def test_cancelled_only_with_a_reason_and_all_goes_back(app: Flask, world: World, clerk: Desk, delivery: str) -> None:
    take(app, world, clerk, delivery, "dispatch")
    silent = clerk.post(f"{delivery}/cancel", happened_on=days_ago(app, world))
    assert silent.status_code == 422
    assert 'id="f-cancel-note-error"' in silent.text
    take(app, world, clerk, delivery, "cancel", note="学校停课")
    assert "学校停课" in clerk.text(delivery)
    with app.app_context():
        shelf = central_place(world.network_id, "shelf")
        assert copies_at(world.network_id, [shelf])[shelf] == COUNTED + len(world.barcodes)


def test_a_step_that_somebody_did_already_says_so(app: Flask, world: World, clerk: Desk, delivery: str) -> None:
    take(app, world, clerk, delivery, "dispatch")
    answer = clerk.post(f"{delivery}/dispatch", happened_on=days_ago(app, world))
    assert answer.status_code == 409
    assert "现在是“在路上”" in words(answer)


def test_a_delivery_comes_back_by_three_steps(app: Flask, world: World, clerk: Desk, delivery: str) -> None:
    take(app, world, clerk, delivery, "dispatch")
    take(app, world, clerk, delivery, "receive", how="all")
    back = take(app, world, clerk, delivery, "collect")
    assert back != delivery
    assert "归还" in clerk.text(back)
    sent = 32
    take(app, world, clerk, back, "count-in", copies=str(sent - 5))
    off = f"点到 {sent - 5} 册，账上是 {sent} 册，差 5 册"
    assert f"{off}：请查清后再办。" in clerk.text(back)
    take(app, world, clerk, back, "scan")
    scanned = clerk.text(back)
    assert "少了 5 册" in scanned
    assert "没清点" not in scanned
    assert "还没有清点" not in scanned
    with app.app_context():
        case = db.session.scalars(select(Discrepancy.id)).one()
        db.session.remove()
    take(app, world, clerk, back, f"differences/{case}/resolve", resolution="found")
    take(app, world, clerk, back, "restock")
    said = clerk.text(back)
    assert f"{off}。" in said
    assert "没清点" not in said
    for step in ("归还点数", "过电脑", "清点入库", "结清"):
        assert f"{step} {days_ago(app, world)}" in said
    assert there(app, world) == 0
    with app.app_context():
        shelf = central_place(world.network_id, "shelf")
        assert copies_at(world.network_id, [shelf])[shelf] == COUNTED + len(world.barcodes)


def test_a_delivery_is_not_over_while_its_books_are_at_the_school(
    app: Flask, world: World, clerk: Desk, delivery: str
) -> None:
    take(app, world, clerk, delivery, "dispatch")
    take(app, world, clerk, delivery, "receive", how="all")
    number = delivery.rsplit("/", 1)[1]
    listed = clerk.text("/work/batches")
    assert "还在服务点，应还" in listed
    assert "还在服务点，应还" in clerk.text(delivery)
    for state, told in (("there", True), ("closed", False), ("collected", False)):
        assert (number in clerk.text(f"/work/batches?state={state}")) is told, state
    with app.app_context(), transaction():
        late = world.act.today() - timedelta(days=3)
        db.session.execute(update(Batch).where(Batch.number == number).values(due_back_on=late))
    assert f"逾期，应还 {late}" in clerk.text("/work/batches?state=there")
    assert f"逾期，应还 {late}" in clerk.text(delivery)
    take(app, world, clerk, delivery, "collect")
    assert "已收回" in clerk.text("/work/batches?state=collected")
    assert number in clerk.text("/work/batches?state=collected")
    assert number not in clerk.text("/work/batches?state=there")
    assert "已收回" in clerk.text(delivery)
