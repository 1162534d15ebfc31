"""A batch after the fact: steps taken back with a reason, the rest recalled, damage and goods."""

import re

import pytest
from flask import Flask

from branchnet.batches.checks import violations
from branchnet.extensions import db, transaction
from branchnet.models import Entry
from branchnet.points.queries import central_place
from branchnet.stock.posting import post
from branchnet.stock.queries import copies_at
from branchnet.stock.rules import Posting, Transfer
from tests.pages.desk import Desk, days_ago, words
from tests.pages.test_staff import sent_out
from tests.support.world import COUNTED, World


def standing(app: Flask, world: World, point: int = 0) -> tuple[int, int]:
    """Copies at a point and on the shelf, in books without a fault."""
    with app.app_context():
        assert violations(world.network_id) == []
        shelf = central_place(world.network_id, "shelf")
        there = copies_at(world.network_id, [world.place_ids[point], shelf])
        return there.get(world.place_ids[point], 0), there[shelf] - len(world.barcodes)


def way_back(clerk: Desk, number: str, step: str) -> str:
    """Where a batch's page offers to take a step back."""
    page = clerk.get(f"/work/batches/{number}").text
    found = re.findall(rf'href="([^"]+/reverse)" aria-label="撤回“{step}”"', page)
    return str(found[-1]) if found else ""


def test_a_step_is_taken_back_with_a_reason(app: Flask, world: World, clerk: Desk) -> None:
    number = sent_out(app, world, "allocation", 5)
    batch = f"/work/batches/{number}"
    clerk.post(f"{batch}/receive", happened_on=days_ago(app, world, 4), how="counted", **{"count-0": "8"})
    page = way_back(clerk, number, "签收")
    said = clerk.text(page)
    assert "8 册又算没清点，书箱还在 长岭小学流动服务点" in said
    assert "差异按“点错了”结案：少了 2 册 ，散放，《故事书一批》" in " ".join(said.split())
    assert f"就记在 {days_ago(app, world, 4)}，和原来那一步同一天" in said
    silent = clerk.post(page, reason=" ")
    assert (silent.status_code, 'id="f-reason-error"' in silent.text) == (422, True)
    assert standing(app, world) == (8, COUNTED - 10)
    assert clerk.post(page, reason="数错了箱").status_code == 303
    assert standing(app, world) == (0, COUNTED - 10)
    said = clerk.text(batch)
    assert "数错了箱" in said
    assert "未结的差异" not in said
    assert way_back(clerk, number, "签收") == ""
    assert clerk.get(page).status_code == 404
    assert clerk.post(way_back(clerk, number, "发出"), reason="记成了别的学校").status_code == 303
    assert standing(app, world) == (0, COUNTED)
    assert "还在配书" in clerk.text("/work/batches?state=draft")


def test_reversal_of_a_receipt_after_a_later_rotation(app: Flask, world: World, clerk: Desk) -> None:
    number = sent_out(app, world, "allocation", 9, received=True)
    on = {"to": "lzfg", "from": "clxx", "kind": "rotation", "sent_on": days_ago(app, world, 3), "copies": "10"}
    later = str(clerk.post("/work/log", **on).location).split("/")[-1].split("?")[0]
    for page in (way_back(clerk, number, "签收"), way_back(clerk, number, "发出")):
        assert "请从最近的一步开始" in clerk.text(page)
    page = way_back(clerk, number, "签收")
    day = days_ago(app, world, 3)
    assert f"{later} 签收 {day} 10 先撤回这一步 {later} 发出 {day} 10 撤回" in clerk.text(page), "the whole way back"
    refused = clerk.post(page, reason="弄错了")
    assert refused.status_code == 409
    assert f"{later} 发出" in words(refused)
    assert standing(app, world, 1) == (10, COUNTED - 10)
    steps = re.findall(r'href="([^"]+/reverse)">(先撤回这一步|撤回)<', clerk.get(way_back(clerk, number, "发出")).text)
    assert [said for _href, said in steps] == ["先撤回这一步", *["撤回"] * (len(steps) - 1)]
    assert len(steps) > 1, "the rotation, and the receipt that it carried on"
    while way_back(clerk, number, "发出"):
        page = clerk.get(way_back(clerk, number, "发出")).text
        first = re.search(r'href="([^"]+/reverse)">先撤回这一步<', page)
        assert clerk.post(first[1] if first else way_back(clerk, number, "发出"), reason="弄错了").status_code == 303
    assert standing(app, world, 1) == (0, COUNTED)


def test_that_was_not_box_3(app: Flask, world: World, clerk: Desk) -> None:
    """From the batch's page the count of one box is taken back; what happens is said before."""
    day = days_ago(app, world, 2)
    batch = clerk.begin(world.point_codes[0], drafted_on=days_ago(app, world, 3))
    for quantity in ("20", "30", "5"):
        box = str(clerk.post(f"{batch}/boxes").location).split("box=")[1]
        clerk.post(f"{batch}/counted", what="故事书一批", quantity=quantity, box=box)
    clerk.post(f"{batch}/dispatch", happened_on=days_ago(app, world, 3))
    counts = {"count-1": "20", "count-2": "30", "count-3": "4"}
    clerk.post(f"{batch}/receive", happened_on=day, how="counted", **counts)
    assert "撤回第 3 箱的清点" in clerk.get(batch).text
    assert "没有清点" not in clerk.text(batch)
    page = f"{batch}/boxes/3/uncount"
    said = " ".join(clerk.text(page).split())
    assert "4 册又算没清点，书箱还在 长岭小学流动服务点" in said
    assert "要重新清点：第 3 箱" in said
    assert "少了 1 册" in said
    assert clerk.post(page, reason="").status_code == 422
    assert clerk.post(page, reason="那是别批的第 3 箱").status_code == 303
    assert "还有 1 箱没有清点" in clerk.text(batch)
    assert standing(app, world) == (50, COUNTED - 55)
    assert clerk.get(page).status_code == 404
    assert "没清点" in clerk.text(batch)
    clerk.post(f"{batch}/receive", happened_on=day, how="counted", **{"count-3": "5"})
    assert standing(app, world) == (55, COUNTED - 55)


def test_what_is_no_step_of_a_batch_is_taken_back_by_itself(app: Flask, world: World, clerk: Desk) -> None:
    with app.app_context():
        with transaction():
            shelf, lost = (central_place(world.network_id, kind) for kind in ("shelf", "lost"))
            moved = Transfer(world.counted_lot_id, False, shelf, lost, 7)
            entry = post(world.act, Posting("found_again", world.act.today(), "lost"), [moved])
        db.session.remove()
    assert f'href="/work/entries/{entry}/undo"' in clerk.get(f"/work/copies/{world.counted_lot_id}").text
    page = f"/work/entries/{entry}/undo"
    assert "7 册从 已登记丢失 记回 总馆书架" in clerk.text(page)
    assert clerk.post(page, reason=" ").status_code == 422
    assert clerk.post(page, reason="记错了").status_code == 303
    assert standing(app, world) == (0, COUNTED)
    again = clerk.get(page)
    assert (again.status_code, "已经撤回过了" in again.text) == (200, True)
    assert clerk.get("/work/entries/999999/undo").status_code == 404
    sent_out(app, world, "allocation", 2)
    with app.app_context():
        newest = db.session.query(Entry.id).order_by(Entry.id.desc()).first()
    assert clerk.get(f"/work/entries/{newest[0] if newest else 0}/undo").location.endswith("/reverse")


def test_what_came_into_the_books_by_mistake_goes_out_again(app: Flask, world: World, clerk: Desk) -> None:
    sent = {"happened_on": days_ago(app, world), "source": "bought", "title-1": "科普读物", "quantity-1": "30"}
    number = str(clerk.post("/work/accessions/new", **sent).location).split("/")[-1]
    page = way_back(clerk, number, "签收")
    assert "30 册从 总馆书架 记回 馆外" in clerk.text(page)
    clerk.post(page, reason="记了两次")
    assert standing(app, world) == (0, COUNTED)
    assert "已取消" in clerk.text(f"/work/batches/{number}")


def test_the_rest_is_recalled_and_what_is_lost_named(app: Flask, world: World, clerk: Desk) -> None:
    day, lot = days_ago(app, world, 2), str(world.counted_lot_id)
    batch = clerk.begin(world.point_codes[0], drafted_on=days_ago(app, world, 3))
    for quantity in ("20", "30"):
        box = str(clerk.post(f"{batch}/boxes").location).split("box=")[1]
        clerk.post(f"{batch}/counted", what="故事书一批", quantity=quantity, box=box)
    clerk.post(f"{batch}/dispatch", happened_on=days_ago(app, world, 3))
    assert "追回其余的书" not in clerk.text(batch), "nothing came yet: there is no rest"
    clerk.post(f"{batch}/receive", happened_on=day, how="counted", **{"count-1": "20"})
    assert "取消这批书" not in clerk.text(batch)
    silent = clerk.post(f"{batch}/recall", happened_on=day, lot=lot, lost="4")
    assert (silent.status_code, 'value="4"' in silent.text) == (422, True)
    assert clerk.post(f"{batch}/recall", happened_on=day, note="学校停课", lot=lot, lost="4").status_code == 303
    assert standing(app, world) == (20, COUNTED - 24)
    assert "追回其余" in clerk.text(batch)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_lost_on_the_road_before_anything_came(app: Flask, world: World, clerk: Desk) -> None:
    batch = f"/work/batches/{sent_out(app, world, 'allocation', 5)}"
    sent = {"happened_on": days_ago(app, world), "note": "淋湿了", "lot": str(world.counted_lot_id), "lost": "3"}
    too_many = clerk.post(f"{batch}/recall", **{**sent, "lost": "11"})
    assert (too_many.status_code, 'id="f-recall-lost-error"' in too_many.text) == (422, True)
    assert clerk.post(f"{batch}/recall", **sent).status_code == 303
    assert standing(app, world) == (0, COUNTED - 3)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_damage_goods_and_terms_stand_on_the_batch(app: Flask, world: World, clerk: Desk) -> None:
    day = days_ago(app, world)
    batch = clerk.begin(world.point_codes[0], drafted_on=day, terms="gift")
    assert "赠送，书归对方" in clerk.text(batch)
    clerk.post(f"{batch}/goods", kind="equipment", name="一批台和书架", unit="批")
    assert "一批台和书架 设备家具 数量未知" in clerk.text(batch)
    wrong = clerk.post(f"{batch}/goods", kind="stationery", name="水彩笔", number="四十", unit="盒")
    assert (wrong.status_code, 'id="f-goods-number-error"' in wrong.text, 'value="水彩笔"' in wrong.text) == (
        422,
        True,
        True,
    )
    removal = re.findall(r'action="([^"]+/goods/\d+/remove)"', clerk.get(batch).text)
    clerk.post(removal[0])
    assert "一批台和书架 设备家具" not in clerk.text(batch)
    clerk.scan(batch, world.barcodes[0])
    clerk.post(f"{batch}/dispatch", happened_on=day)
    assert clerk.post(f"{batch}/damaged", happened_on=day, damaged="").status_code == 422
    assert clerk.post(f"{batch}/damaged", happened_on=day, damaged="1", note="封面掉了").status_code == 303
    said = clerk.text(batch)
    assert "破损 1 册" in said
    assert "封面掉了" in said


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_rotation_begins_at_a_point(app: Flask, world: World, clerk: Desk) -> None:
    day = days_ago(app, world)
    sent = {"to": world.point_codes[1], "kind": "rotation", "drafted_on": day}
    nowhere = clerk.post("/work/batches/new", **sent)
    assert (nowhere.status_code, 'id="f-from-error"' in nowhere.text) == (422, True)
    batch = str(clerk.post("/work/batches/new", **sent, **{"from": world.point_codes[0]}).location)
    assert "轮换 · 长岭小学流动服务点 → 雷州分馆" in clerk.text(batch)
    given = clerk.post("/work/batches/new", to=world.point_codes[0], kind="delivery", drafted_on=day, terms="gift")
    assert (given.status_code, 'id="f-terms-error"' in given.text) == (422, True)
