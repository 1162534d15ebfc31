"""What came in: bought or given, books and what is no book, on one form."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from branchnet.extensions import db
from branchnet.models import Lot
from tests.pages.desk import Desk, days_ago, words
from tests.support.world import World

PAGE = "/work/accessions/new"


def form(app: Flask, world: World, **sent: str) -> dict[str, Any]:
    """The form as a browser sends it: what is chosen from the start, too."""
    chosen = {f"goods-kind-{row}": "equipment" for row in (1, 2)} | {f"goods-unit-{row}": "件" for row in (1, 2)}
    start = {
        "happened_on": days_ago(app, world),
        "source": "bought",
        "owner": "central",
        "rows": "5",
        "goods_rows": "2",
    }
    return {**start, **chosen, **{name.replace("_at_", "-"): value for name, value in sent.items()}}


def test_what_was_bought_and_given_comes_in(app: Flask, world: World, clerk: Desk) -> None:
    sent = form(app, world, title_at_1="科普读物", quantity_at_1="30", price_at_1="25.8", title_at_4="昆虫记")
    sent |= {"barcode-4": "44089999", "price-4": "￥1,039元", "property_number-4": "CZ-7", "call_number-4": "Q96/12"}
    sent |= {"year-4": "2019", "fund": "少儿专项", "source": "donated", "donors": "12", "owner": "gift"}
    sent |= {
        "goods-name-1": "一批台和书架",
        "goods-unit-1": "批",
        "goods-name-2": "水彩笔",
        "goods-kind-2": "stationery",
    }
    answer = clerk.post(PAGE, **sent, **{"goods-number-2": "40"}, op_id="pressed-once")
    assert answer.status_code == 303, words(answer)
    assert clerk.post(PAGE, **sent, **{"goods-number-2": "40"}, op_id="pressed-once").location == answer.location
    said = clerk.text(answer.location)
    for told in (
        "入藏",
        "图书 31 册",
        "12 人捐的",
        "科普读物",
        "昆虫记 44089999",
        "一批台和书架 设备家具 数量未知",
        "水彩笔 文具 40 件",
    ):
        assert told in said
    with app.app_context():
        lot = db.session.scalars(select(Lot).where(Lot.barcode == "44089999")).one()
        known = (lot.price_fen, lot.property_number, lot.call_number, lot.year, lot.fund, lot.owner)
        assert known == (103900, "CZ-7", "Q96/12", 2019, "少儿专项", "gift")


def test_goods_may_come_alone_and_a_barcode_is_told_that_is_known(app: Flask, world: World, clerk: Desk) -> None:
    alone = clerk.post(PAGE, **form(app, world, **{"goods-name-1": "棉衣", "goods-kind-1": "clothes"}))
    assert "棉衣 衣物 数量未知" in clerk.text(alone.location)
    known = clerk.post(PAGE, **form(app, world, title_at_2="小人书", barcode_at_2=world.barcodes[3]))
    assert known.status_code == 409
    assert f"这些条码已经在账上：{world.barcodes[3]}" in words(known)
    assert 'value="小人书"' in known.text


WRONG = [
    ({"title-2": "绘本"}, "quantity-2"),
    ({"quantity-3": "5"}, "title-3"),
    ({"title-1": "绘本", "quantity-1": "2", "barcode-1": "4408"}, "quantity-1"),
    ({"title-1": "绘本", "quantity-1": "2", "price-1": "二十"}, "price-1"),
    ({"title-1": "绘本", "quantity-1": "2", "price-1": "0"}, "price-1"),
    ({"title-1": "绘本", "quantity-1": "2", "year-1": "19"}, "year-1"),
    ({"title-1": "绘本", "quantity-1": "2", "donors": "几个"}, "donors"),
    ({"goods-name-2": "衣服", "goods-number-2": "0"}, "goods-number-2"),
    ({}, "title-1"),
]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_row_that_cannot_be_is_told_beside_its_field(app: Flask, world: World, clerk: Desk) -> None:
    for typed, field in WRONG:
        answer = clerk.post(PAGE, **{**form(app, world), "note": "下午送来", **typed})
        assert answer.status_code == 422, typed
        assert f'id="f-{field}-error"' in answer.text, typed
        assert all(f'value="{value}"' in answer.text for value in ("下午送来", *typed.values())), typed
    more = clerk.post(PAGE, **{**form(app, world), "title-5": "绘本", "more": "5"})
    assert more.status_code == 200
    assert 'id="f-title-10"' in more.text
    assert 'value="绘本"' in more.text


def test_an_accession_shows_the_one_step_it_has(app: Flask, world: World, clerk: Desk) -> None:
    answer = clerk.post(PAGE, **form(app, world, title_at_1="科普读物", quantity_at_1="30"), op_id="one-step-only")
    page = clerk.get(answer.location).text
    assert page.count('<li class="step') == 1
    assert re.search(r'step-now" aria-current="step">.*?入账', page)
    assert f'<time datetime="{days_ago(app, world)}">' in page


def test_no_kind_of_goods_is_chosen_beforehand(app: Flask, world: World, clerk: Desk) -> None:
    batch = clerk.begin(world.point_codes[0], drafted_on=days_ago(app, world))
    for page, name in ((PAGE, "goods-kind-1"), (batch, "kind")):
        field = re.search(rf'<select[^>]* name="{name}".*?</select>', clerk.get(page).text, re.DOTALL)
        assert field
        assert '<option value="">' in field[0]
        assert "selected" not in field[0]
    sent = {"name": "书架", "number": "2", "unit": "个", "kind": ""}
    assert clerk.post(f"{batch}/goods", **sent).status_code == 422
