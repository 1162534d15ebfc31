"""Log it afterwards: one press writes every step with its day, and a refusal keeps all that was typed."""

import re
from typing import Any

import pytest
from flask import Flask

from branchnet.batches.checks import violations
from branchnet.extensions import transaction
from branchnet.points.commands import NewPoint, open_point
from branchnet.points.queries import central_place
from branchnet.stock.queries import copies_at
from tests.pages.desk import Desk, days_ago, words
from tests.support.world import COUNTED, World


def log(clerk: Desk, **sent: Any) -> str:
    """Log a batch; returns the page that says what was written."""
    answer = clerk.post("/work/log", **{"kind": "delivery", **sent})
    assert answer.status_code == 303, words(answer)
    return str(answer.location)


def standing(app: Flask, world: World, point: int = 0) -> tuple[int, int]:
    """Copies at a point and on the shelf, in books without a fault."""
    with app.app_context():
        assert violations(world.network_id) == []
        shelf = central_place(world.network_id, "shelf")
        there = copies_at(world.network_id, [world.place_ids[point], shelf])
        return there.get(world.place_ids[point], 0), there.get(shelf, 0)


def test_logged_afterwards(app: Flask, world: World, clerk: Desk) -> None:
    """420 copies, collected the same day: five fields, and every step stands with its day."""
    day = days_ago(app, world, 3)
    said = clerk.text(log(clerk, to="clxx", sent_on=day, copies="420", same_day="1", note="三班读了两节课"))
    for step in (f"发出 {day} 420", f"签收 {day} 420", f"清点上架 {day} 420", f"结清 {day}"):
        assert step in said
    assert standing(app, world) == (0, COUNTED + len(world.barcodes))
    assert "再补一批，同一天同一个点" in said


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_next_one_keeps_school_kind_and_day(app: Flask, world: World, clerk: Desk) -> None:
    day = days_ago(app, world, 3)
    page = clerk.get(log(clerk, to="雷州分馆", sent_on=day, kind="allocation", copies="10")).text
    again = page.split('class="btn btn-primary" href="')[1].split('"')[0].replace("&amp;", "&")
    form = clerk.get(again).text
    assert 'value="雷州分馆 LZ-01"' in form
    assert f'value="{day}"' in form
    assert '<option value="allocation" selected>' in form
    assert 'id="f-copies" name="copies" type="text" value=""' in form


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_every_day_of_the_notebook_is_kept(app: Flask, world: World, clerk: Desk) -> None:
    days = {name: days_ago(app, world, ago) for name, ago in DAYS.items()}
    said = clerk.text(log(clerk, to="CL-01", copies="100", received="98", counted_in="97", boxes="2", **days))
    for step in ("发出", "签收", "归还点数", "过电脑", "清点入库"):
        assert step in said
    for day in days.values():
        assert day in said
    assert "未结的差异 少了 2 册" in said


DAYS = {"sent_on": 60, "received_on": 59, "collected_on": 29, "counted_in_on": 28, "scanned_on": 27, "restocked_on": 26}


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_is_on_the_road_stays_there(app: Flask, world: World, clerk: Desk) -> None:
    said = clerk.text(
        log(clerk, to="雷州", kind="allocation", sent_on=days_ago(app, world, 1), copies="5", on_the_road="1")
    )
    assert "在路上" in said
    assert "签收" not in said


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_books_that_were_never_taken_in(app: Flask, world: World, clerk: Desk) -> None:
    """They come in as an opening, and the shelf's own books stay."""
    day = days_ago(app, world, 3)
    said = clerk.text(
        log(clerk, to="lzfg", kind="allocation", sent_on=day, copies="4900", from_before="1", books="接收以前的书")
    )
    assert "期初" in said
    assert standing(app, world, 1) == (4900, COUNTED + len(world.barcodes))


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_pasted_barcodes_and_the_rest_of_a_counted_lot(app: Flask, world: World, clerk: Desk) -> None:
    sent = {"to": "lzfg", "kind": "allocation", "sent_on": days_ago(app, world, 3)}
    log(clerk, **sent, copies="12", barcodes="\n".join(world.barcodes[:2]), books="gss")
    log(clerk, **sent, barcodes=f"{world.barcodes[2]}，{world.barcodes[3]}")
    assert standing(app, world, 1) == (14, COUNTED + len(world.barcodes) - 14)


def test_from_point_to_point_and_back_to_the_shelf(app: Flask, world: World, clerk: Desk) -> None:
    log(clerk, to="clxx", kind="allocation", sent_on=days_ago(app, world, 9), copies="30")
    log(clerk, to="lzfg", kind="rotation", sent_on=days_ago(app, world, 5), copies="20", **{"from": "clxx"})
    log(clerk, to="lzfg", kind="return", sent_on=days_ago(app, world, 2), copies="12")
    assert (standing(app, world), standing(app, world, 1)[0]) == ((10, COUNTED + 12 - 18), 8)


REFUSED = [
    ({"to": "九天小学"}, "to", "没有叫“九天小学”的"),
    ({"to": ""}, "to", "请填写这一项"),
    ({"sent_on": "前天"}, "sent_on", "请填日期"),
    ({"copies": ""}, "copies", "请填写这一项"),
    ({"copies": "三百"}, "copies", "请填整数"),
    ({"kind": "rotation"}, "from", "请填写这一项"),
    ({"books": "绘本"}, "books", "有的是：故事书一批"),
    ({"barcodes": "999"}, "barcodes", "条码 999 不在账上"),
    ({"terms": "gift"}, "terms", "只有"),
    ({"collected_on": "2020-01-01"}, "collected_on", "最早可以填"),
    ({"received_on": "2020-01-01"}, "received_on", "最早可以填"),
]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_refusal_names_the_field_and_keeps_the_rest(app: Flask, world: World, clerk: Desk) -> None:
    typed = {"to": "clxx", "kind": "delivery", "sent_on": days_ago(app, world, 3), "copies": "42", "note": "放在门卫室"}
    for wrong, field, why in REFUSED:
        answer = clerk.post("/work/log", **{**typed, "boxes": "3", **wrong})
        assert answer.status_code in (404, 409, 422), wrong
        assert f'id="f-{field}-error"' in answer.text, wrong
        assert why in words(answer), wrong
        assert all(kept in answer.text for kept in {**typed, **wrong}.values()), wrong
    assert standing(app, world) == (0, COUNTED + len(world.barcodes))


ALL_WRONG = [
    (
        {"to": "九天小学", "sent_on": "前天", "copies": "三百", "due_back_on": "月底", "received_on": "2020-13-01"},
        {"to", "sent_on", "copies", "due_back_on", "received_on"},
    ),
    # Words of its own beside each: which points there are, the earliest day, which lots.
    (
        {"to": "九天小学", "received_on": "2020-01-01", "collected_on": "2020-01-02", "copies": "0", "boxes": "900"},
        {"to", "received_on", "collected_on", "copies", "boxes"},
    ),
    ({"books": "绘本", "terms": "gift", "counted_in": "3"}, {"books", "terms", "collected_on"}),
    # What follows from a kind or a day that is wrong is not told of as well.
    ({"kind": "x", "collected_on": "2020-01-01", "counted_in": "3"}, {"kind", "collected_on"}),
    ({"sent_on": "2999-01-01", "same_day": "1"}, {"sent_on"}),
    ({"sent_on": "", "received_on": "2999-01-01"}, {"sent_on", "received_on"}),
]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_all_that_is_wrong_is_told_at_once(app: Flask, world: World, clerk: Desk) -> None:
    typed = {"to": "clxx", "kind": "delivery", "sent_on": days_ago(app, world, 3), "copies": "42"}
    for wrong, fields in ALL_WRONG:
        answer = clerk.post("/work/log", **{**typed, **wrong})
        assert answer.status_code == 422, wrong
        assert set(re.findall(r'id="f-(\w+)-error"', answer.text)) == fields, wrong
        kept = [value for name, value in wrong.items() if value and name not in ("kind", "terms", "same_day")]
        assert all(f'value="{value}"' in answer.text for value in kept), wrong
    said = words(clerk.post("/work/log", **{**typed, **ALL_WRONG[1][0]}))
    assert "没有叫“九天小学”的。有的是" in said
    assert f"最早可以填 {typed['sent_on']}" in said
    assert standing(app, world) == (0, COUNTED + len(world.barcodes))


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_more_than_the_shelf_holds_says_how_many_are_there(app: Flask, world: World, clerk: Desk) -> None:
    day = days_ago(app, world, 9)
    log(clerk, to="lzfg", kind="allocation", sent_on=day, copies="300")
    answer = clerk.post("/work/log", to="clxx", kind="delivery", sent_on=days_ago(app, world, 5), copies="420")
    assert answer.status_code == 409
    assert "要 420 册，这里只有 200 册" in words(answer)
    assert 'value="420"' in answer.text


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_two_points_that_sound_alike_are_named(app: Flask, world: World, clerk: Desk) -> None:
    with app.app_context(), transaction():
        open_point(world.act, NewPoint("LZ-02", "雷州分馆", "branch", world.begun_on, opened_on=world.begun_on))
    sent = {"kind": "allocation", "sent_on": days_ago(app, world, 3), "copies": "5"}
    answer = clerk.post("/work/log", to="lz", **sent)
    assert answer.status_code == 422
    assert "“lz”有好几个：雷州分馆 LZ-01、雷州分馆 LZ-02" in words(answer)
    # 长岭 is read either way: the dictionary's reading does not win over another point's.
    with app.app_context(), transaction():
        open_point(
            world.act, NewPoint("CD-01", "词林小学流动服务点", "branch", world.begun_on, opened_on=world.begun_on)
        )
    answer = clerk.post("/work/log", to="clxxldfwd", **sent)
    assert "“clxxldfwd”有好几个：词林小学流动服务点、长岭小学流动服务点" in words(answer)
    log(clerk, to="LZ-02", **sent)
    log(clerk, to="雷州分馆 LZ-01", **sent)
    assert standing(app, world, 1)[0] == 5


def test_pressed_twice_it_is_written_once(app: Flask, world: World, clerk: Desk) -> None:
    sent = {"to": "clxx", "sent_on": days_ago(app, world, 3), "copies": "42", "op_id": "pressed-once"}
    assert log(clerk, **sent) == log(clerk, **sent)
    assert standing(app, world)[0] == 42
